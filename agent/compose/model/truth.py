"""Same truth: a model says the verdicts, figures and citations of the offline answer, no more and no fewer.

The offline answer decides what is said. A model words it: it may cite what the offline answer cites, and name
figures that the offline answer names from the same evidence. What of them it leaves out is said in our words.
Only where the offline composer found nothing may a model bring evidence of its own, through the tools.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from agent.compose.model.guard import verdict_words
from agent.compose.protocol import Brief, Draft
from agent.types import EvidenceKind, Role, Sentence
from guardrails.output import references
from guardrails.output.figures import figures
from guardrails.output.references import Mention

Figure = tuple[str, str]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
REPORTED = "据公开报道"
_LEADS = ("：", ":")


def figure_set(text: str) -> frozenset[Figure]:
    """Every amount, duration, age, date, document number, clause and telephone number of a text.

    Examples:
        >>> sorted(figure_set("二十个工作日内办好")) == sorted(figure_set("20个工作日"))
        True
    """
    plain = references.half_width(text)
    phones = references.phones(plain)
    found = figures(references.without(plain, phones))
    counted = {(quantity.unit, str(quantity.value)) for quantity in found.quantities}
    read = [*phones, *found.dates, *found.documents, *found.clauses]
    read += [Mention("", quantity.start, quantity.end, quantity.text) for quantity in found.quantities]
    bare = {("number", number) for number in _NUMBER.findall(references.without(plain, tuple(read)))}
    named = {("date", str(mention.value)) for mention in found.dates}
    named |= {("document", str(mention.value)) for mention in found.documents}
    named |= {("clause", str(mention.value)) for mention in found.clauses}
    return frozenset(counted | bare | named | {("phone", phone.value) for phone in phones})


class Truth:
    """The offline answer to one message, as the measure of what a model says."""

    def __init__(self, plain: Draft, brief: Brief) -> None:
        self._brief = brief
        self._plain = plain.sentences
        self._open = plain.missed
        self.evidence = frozenset(id_ for s in plain.sentences for id_ in s.evidence)
        self._figures = {id(s): figure_set(s.text) for s in plain.sentences}

    def cites_more(self, ids: Iterable[str]) -> bool:
        """Whether a sentence rests on what the offline answer does not rest on."""
        return not self._open and not set(ids) <= self.evidence

    def counts_more(self, text: str, ids: Iterable[str]) -> bool:
        """Whether it names a figure that the offline answer does not name from this evidence."""
        if self._open:
            return False
        wanted = set(ids)
        known = _union(self._figures[id(s)] for s in self._plain if wanted & set(s.evidence))
        return not figure_set(text) <= known

    def misplaces(self, text: str, ids: Iterable[str]) -> bool:
        """Whether it rests a sentence of ours on something else: the clause shown would be wrong."""
        named = set(ids)
        ours = [s for s in self._plain if s.text == text]
        return bool(ours) and not any(set(s.evidence) <= named for s in ours)

    def hides_the_source(self, text: str, ids: Iterable[str]) -> bool:
        """Whether it drops 据公开报道 from something that is only reported."""
        wanted = set(ids)
        reported = [s for s in self._plain if wanted & set(s.evidence) and REPORTED in s.text]
        return bool(reported) and REPORTED not in text

    def due(self, said: Iterable[Sentence]) -> tuple[Sentence, ...]:
        """Sentences of the offline answer that the model left unsaid, wholly or in a verdict or figure."""
        told = tuple(said)
        if not told:
            return self._plain
        covered = {id_ for sentence in told for id_ in sentence.evidence}
        left: list[Sentence] = []
        for sentence in reversed(self._plain):
            if sentence.text.endswith(_LEADS):  # the head of a list is said with what is left of its list
                wanted = bool(left) and left[-1] is self._after(sentence)
            else:
                wanted = self._is_due(sentence, covered, told)
            if wanted:
                left.append(sentence)
        return tuple(reversed(left))

    def _after(self, sentence: Sentence) -> Sentence | None:
        index = next(i for i, other in enumerate(self._plain) if other is sentence) + 1
        return self._plain[index] if index < len(self._plain) else None

    def _is_due(self, sentence: Sentence, covered: set[str], told: tuple[Sentence, ...]) -> bool:
        solid = self._solid(sentence)
        if any(one.text == sentence.text for one in told):
            return False
        if sentence.role in (Role.QUESTION, Role.CARE) or not solid <= covered or not solid:
            return True
        same = [s for s in told if solid & set(s.evidence)]
        if not self._figures[id(sentence)] <= _union(figure_set(s.text) for s in same):
            return True
        claims = verdict_words(sentence.text, self._brief)
        return bool(claims) and not any(claims <= verdict_words(s.text, self._brief) for s in same)

    def _solid(self, sentence: Sentence) -> set[str]:
        """Its evidence besides our own fixed phrases."""
        known = self._brief.ledger.evidence
        return {
            id_ for id_ in sentence.evidence if id_ in known and known[id_].kind is not EvidenceKind.PHRASE
        }


def _union(sets: Iterable[frozenset[Figure]]) -> frozenset[Figure]:
    return frozenset(figure for each in sets for figure in each)
