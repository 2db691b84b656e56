"""An answer while it is being put together: nothing twice, every sentence with its evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from agent.asking import for_staff, standard
from agent.compose.protocol import Brief, Draft
from agent.types import Role, Sentence
from agent.understand.roles import sends_to_oneself
from guardrails.types import Author
from knowledge.types import Clause
from tools.types import Verdict

CLAUSES_MOST = 2
"""Clauses that stand before an answer to staff; the others stand at their sentences."""
ANSWER_CHARS = 120
"""What the answer itself takes at most (issue 6, item 4): a phone shows it without scrolling."""
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]?[”」）]?")
_TAIL = "据公开报道"
_OF_ENTRY = re.compile(r"c:(B\d\d)#")


class Writer:
    """Adds sentences in the order they are to be read."""

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self.text = standard(brief.text)
        """The message in words that our patterns know."""
        self.ledger = brief.ledger
        self.say = brief.rooms.phrases
        told = [line.text for line in brief.window if line.author is Author.FAMILY]
        family = "".join(told)
        self.told_before = tuple(told)
        """What the family wrote before this message, oldest first."""
        self.ours = tuple(line.text for line in brief.window if line.author is Author.ASSISTANT)
        """What this talk answered before, oldest first."""
        self.before = standard(told[-1]) if told else ""
        """The message before this one, in the same words."""
        self.staff = bool(brief.state.role) or for_staff(family + brief.text)
        """Whether somebody reads who works with families: clauses come first, kind words are left out."""
        self.sentences: list[Sentence] = []
        self.listed: list[str] = []
        self.suggestions: list[str] = []
        self.asked: str | None = None
        self.topic: str | None = None
        self.about: str | None = None
        """Entry of the guide that the answer's first paragraph is from: who can help is looked for there."""
        self.told: set[str] = set()
        """What the lists of this answer said already, as suggestion keys."""
        self.checked = False
        """Whether a verdict was said: then the next question belongs to the answer."""
        self.missed = False
        self.heard = False
        """Whether nothing was read in a message and it was only heard: then nobody is sent anywhere."""
        self.named: set[str] = set()
        """Benefits that a heading of this answer named."""
        self.stories: list[str] | None = None
        """Guides that words of the story lead to, once they are known."""
        self.scored: dict[frozenset[str], dict[str, tuple[float, Clause]]] = {}
        """How well paragraphs answer, by the entries that the pre-check puts first."""
        self.judged: Mapping[str, float] | None = None
        """How surely each paragraph answers, the likeliest first, once they were judged."""
        self.relevant: dict[str, int] = {}
        """How much verdicts have to do with what was told, by entry, as far as that was reckoned."""
        self.ranked: tuple[Verdict, ...] | None = None
        """Verdicts, the most to the point first, once they are ordered."""
        self.refuted: set[str] | None = None
        """Benefits of which a paragraph that answers best says no, once they were looked for."""
        self.farfetched: dict[str, Verdict] | None = None
        """Benefits that hang only on what was not spoken of, once they were looked for."""
        self.open: Verdict | None = None
        """The open benefit that this message brought up: the next question is about it."""
        self.serves = False
        """Whether a service was shown that no verdict opens: only what it hangs on is asked."""
        self.points = 0
        """Paragraphs said so far."""
        self.more: list[str] = []
        """Clauses that were found and left for 「还有哪些」, best first."""
        self._texts: set[str] = set()

    def add(self, text: str, *evidence: str, role: Role = Role.ANSWER) -> bool:
        """Say a sentence once. False when it was said already."""
        text = text.strip()
        if not text or text in self._texts:
            return False
        self._texts.add(text)
        text = self._of_others(text)
        if not text:
            return False
        self.sentences.append(Sentence(text, tuple(dict.fromkeys(evidence)), role))
        return True

    def _of_others(self, text: str) -> str:
        """Without sentences that send who works with families to themselves."""
        role = self.brief.state.role
        if not role or not sends_to_oneself(text, role):
            return text
        return "".join(part for part in split(text) if not sends_to_oneself(part, role))

    def says(self, text: str) -> bool:
        """Whether this answer says a paragraph already, whole or sentence by sentence."""
        return text in self._texts or all(part.strip() in self._texts for part in split(text))

    def after(self, text: str, sentence: Sentence) -> None:
        """Put a sentence behind the one with this text."""
        place = next(i for i, said in enumerate(self.sentences) if said.text == text)
        self.sentences.insert(place + 1, sentence)
        self._texts.add(sentence.text)

    def headed(self, place: int, key: str, **slots: str) -> None:
        """Put a fixed sentence before those from `place` on, resting on what the first of them rests on.

        A name may hold a figure (学前一年免保育教育费), which needs its clause like any other.
        """
        if place < len(self.sentences):
            text = self.say(key, **slots)
            ids = (self.ledger.phrase(key, text), *self.sentences[place].evidence)
            self.sentences.insert(place, Sentence(text, ids, Role.ANSWER))
            self._texts.add(text)

    def lead_with_clauses(self) -> None:
        """Put the clauses that the answer itself rests on before it."""
        place = next((i for i, s in enumerate(self.sentences) if s.role is Role.ANSWER), None)
        if place is None:
            return
        said = self.ledger.citations(
            id_ for s in self.sentences if s.role in (Role.ANSWER, Role.ITEM) for id_ in s.evidence
        )
        named = {f"{c.number or f'《{c.document}》'} {c.clause}".strip(): c for c in said}
        for number, (name, citation) in enumerate(list(named.items())[:CLAUSES_MOST]):
            text = self.say("lead.basis", clause=name)
            id_ = self.ledger.said("basis", f"{place}.{number}", text, citation)
            self.sentences.insert(place + number, Sentence(text, (id_,), Role.ANSWER))

    def phrase(self, key: str, *evidence: str, role: Role = Role.ANSWER, **slots: str) -> bool:
        """Say one of our fixed sentences; `evidence` adds what its slots rest on."""
        text = self.words(key, **slots)
        return self.add(text, self.ledger.phrase(key, text), *evidence, role=role)

    def words(self, key: str, **slots: str) -> str:
        """A fixed sentence for its reader: a child reads shorter, warmer ones (`phrases.yaml`, child)."""
        own = f"child.{key.replace('.', '_')}"
        child = self.brief.child_speaks and own.partition(".")[2] in self.say.groups["child"]
        return self.say(own if child else key, **slots)

    def clause(self, clause: Clause, role: Role = Role.ITEM) -> bool:
        """Say a paragraph of a guide: whole in a list, sentence by sentence otherwise."""
        if self.says(clause.text):
            return False
        id_ = self.ledger.clause(clause)
        texts = [clause.text] if role is Role.ITEM else split(clause.text)
        said = bool(sum(self.add(part, id_, role=role) for part in texts))
        self.points += said
        return said

    def said(self, entry: str, part: str, text: str, reference: str, role: Role = Role.ITEM) -> bool:
        """Say a sentence of a benefit's file."""
        citation = self.brief.rooms.catalogue.cite(reference)
        return self.add(_ended(text), self.ledger.said(entry, part, text, citation), role=role)

    def suggest(self, *keys: str) -> None:
        """Offer what to ask next; at most three, none that was just asked."""
        for key in keys:
            text = self.say(f"suggest.{key}")
            if key not in self.told and text not in self.suggestions and len(self.suggestions) < 3:
                self.suggestions.append(text)

    def _entry(self) -> str | None:
        """What the talk is about from now on.

        A guide to a life or a group is none of that: who goes on (这样行吗) means the entry that
        most of its answer was from.
        """
        if self.topic and self.topic.startswith("B"):
            return self.topic
        if self.topic is None:
            return None
        first = (_OF_ENTRY.match(id_) for s in self.sentences for id_ in s.evidence[:1])
        counted = Counter(found.group(1) for found in first if found)
        return counted.most_common(1)[0][0] if counted else None

    def draft(self) -> Draft:
        """The finished answer."""
        return Draft(
            sentences=tuple(_answer_first(self.sentences)),
            suggestions=tuple(self.suggestions),
            asked=self.asked,
            listed=tuple(self.listed),
            topic=self._entry(),
            missed=self.missed,
            more=tuple(self.more),
        )


def _answer_first(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """The answer in at most so many characters; what goes beyond says why, or goes on, after it."""
    left = ANSWER_CHARS
    for sentence in sentences:
        if sentence.role is Role.ANSWER:
            left -= len(sentence.text)
        beyond = sentence.role is Role.ANSWER and left < 0
        yield replace(sentence, role=Role.WHY) if beyond else sentence


def split(text: str) -> list[str]:
    """Sentences of a paragraph; 「据公开报道，以当地为准」 stays with what it is about.

    Examples:
        >>> split("先去街道。据公开报道，以当地为准。")
        ['先去街道。据公开报道，以当地为准。']
        >>> split("不批的，要书面说明理由。可以再问。")
        ['不批的，要书面说明理由。', '可以再问。']
    """
    out: list[str] = []
    for part in _SENTENCE.findall(text):
        if out and part.startswith(_TAIL):
            out[-1] += part
        else:
            out.append(part)
    return out


def _ended(text: str) -> str:
    return text if re.search(r"[。！？!?）」》]$", text) else f"{text}。"
