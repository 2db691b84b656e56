"""A policy term is explained where it is first used in a talk: once, briefly, from the glossary (AX-8).

In brackets behind the word where the sentence stays short: 监护人（依法照管孩子的人）. Else in a sentence of
its own behind it. A term that an earlier answer used and did not explain is explained when it comes again.
"""

from __future__ import annotations

import re
from dataclasses import replace

from agent.compose.offline.draft import ANSWER_CHARS, Writer
from agent.types import Role, Sentence
from guardrails.output.plain import LONGEST, Rule, Term, explains, findings, glossary, length
from guardrails.types import Author

_EXPLAINED = (Role.ANSWER, Role.WHY, Role.ITEM, Role.NOTE)
_PART = re.compile(r"[^。！？!?；;\n]+")
_HELD = (("《", "》"), ("（", "）"))
"""Names and asides: nothing is put into them."""
_GOES_ON = r"(?=$|[，。；、！？：])|(?=[的和或与及是要可不由在到就有能应会还也向从对])"
"""A word ends here: whatever else follows makes a longer word with it."""


def explain(writer: Writer) -> None:
    """Explain each term that this answer uses first, unless the family used it or heard what it means."""
    said = [s.text.rstrip("。") for s in writer.sentences if s.role in _EXPLAINED]
    unexplained = {f.found for f in findings("。".join(said)) if f.rule is Rule.UNEXPLAINED_TERM}
    for term in glossary():
        if term.term in unexplained and not _known(writer, term):
            _explain(writer, term)


def _known(writer: Writer, term: Term) -> bool:
    lines = writer.brief.window
    family = [line.text for line in lines if line.author is Author.FAMILY]
    ours = [line.text for line in lines if line.author is Author.ASSISTANT]
    spoken = "，".join((*family, writer.brief.text))
    return any(name in spoken for name in (term.term, *term.known_as)) or any(
        explains(text, term) for text in ours
    )


def _explain(writer: Writer, term: Term) -> None:
    said = [(i, s) for i, s in enumerate(writer.sentences) if s.role in _EXPLAINED and term.term in s.text]
    if not said:  # only inside a longer term
        return
    place, sentence = said[0]
    inside = None if sentence.source else _inside(sentence, term)
    if inside is not None:
        ids = (*sentence.evidence, _evidence(writer, term, term.bracketed))
        writer.sentences[place] = replace(sentence, text=inside, evidence=ids)
        return
    text = writer.say("term.meaning", term=term.term, meaning=term.meaning)
    writer.after(sentence.text, Sentence(text, (_evidence(writer, term, text),), Role.NOTE))


def _inside(sentence: Sentence, term: Term) -> str | None:
    """The sentence with the explanation in it, unless it would grow too long or be torn apart."""
    text = sentence.text
    tails = "|".join((*term.tails, ""))
    found = re.search(f"{term.term}(?:{tails})[”」]?(?:{_GOES_ON})", text)
    if found is None or found.start() != text.index(term.term) or _held(text, found.start()):
        return None
    out = f"{text[: found.end()]}（{term.meaning}）{text[found.end() :]}"
    grown = next((p for p in _PART.findall(out) if term.meaning in p), "")
    fits = length(grown) <= LONGEST and (sentence.role is not Role.ANSWER or len(out) <= ANSWER_CHARS)
    return out if fits else None


def _held(text: str, place: int) -> bool:
    """Whether a place lies in a name or in an aside."""
    return any(text[:place].count(opens) > text[:place].count(closes) for opens, closes in _HELD)


def _evidence(writer: Writer, term: Term, text: str) -> str:
    return writer.ledger.said("glossary", term.term, text, writer.brief.rooms.library.cite(term.source))
