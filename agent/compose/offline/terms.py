"""A policy term is explained where it is first used in a talk: once, briefly, from the glossary (AX-8)."""

from __future__ import annotations

from agent.compose.offline.draft import Writer
from agent.types import Role, Sentence
from guardrails.output.plain import Rule, Term, findings, glossary
from guardrails.types import Author

MOST = 1
"""Terms that one answer explains: the first that is not yet known in this talk."""
_EXPLAINED = (Role.ANSWER, Role.WHY, Role.ITEM, Role.NOTE)


def explain(writer: Writer) -> None:
    """Put the explanation of a term behind the sentence that uses it first."""
    brief = writer.brief
    heard = "".join(line.text for line in brief.window if line.author is Author.ASSISTANT)
    said = [s for s in writer.sentences if s.role in _EXPLAINED]
    text = "。".join(s.text.rstrip("。") for s in said)
    unexplained = {f.found for f in findings(text) if f.rule is Rule.UNEXPLAINED_TERM}
    left = MOST
    for sentence in said:
        for term in glossary():
            new = term.term in unexplained and term.term not in heard and term.term not in brief.text
            if left and new and term.term in sentence.text:
                _explain(writer, term, sentence)
                unexplained.discard(term.term)
                left -= 1


def _explain(writer: Writer, term: Term, after: Sentence) -> None:
    text = writer.say("term.meaning", term=term.term, meaning=term.meaning)
    citation = writer.brief.rooms.library.cite(term.source)
    evidence = writer.ledger.said("glossary", term.term, text, citation)
    writer.after(after.text, Sentence(text, (evidence,), Role.NOTE))
