"""Evidence by id: whatever is said must be written down here first."""

from __future__ import annotations

from collections.abc import Iterable

from agent.types import Evidence, EvidenceKind
from knowledge.types import Citation, Clause
from tools.types import Contact, Question, Verdict


class Ledger:
    """Collects the evidence of one turn. Adding the same thing twice gives the same id."""

    def __init__(self) -> None:
        self.evidence: dict[str, Evidence] = {}

    def _add(self, id_: str, kind: EvidenceKind, text: str, citations: Iterable[Citation] = ()) -> str:
        if id_ not in self.evidence:
            self.evidence[id_] = Evidence(id_, kind, text, tuple(citations))
        return id_

    def clause(self, clause: Clause) -> str:
        """A clause of a document or a paragraph of a guide."""
        id_ = f"c:{clause.id.removeprefix('guide:')}"
        return self._add(id_, EvidenceKind.CLAUSE, clause.text, (clause.citation, *clause.also))

    def said(self, benefit: str, part: str, text: str, citation: Citation) -> str:
        """A sentence of a benefit's file, such as `a:B02.materials.3`."""
        return self._add(f"a:{benefit}.{part}", EvidenceKind.PARAMETER, text, (citation,))

    def verdict(self, verdict: Verdict, outcome: str) -> str:
        """A verdict with its whole trace, in words."""
        steps = "；".join(step.condition for step in verdict.trace)
        text = (
            f"「{verdict.name}」{outcome}。{'；'.join(verdict.failed)}。{steps}。{'。'.join(verdict.notes)}"
        )
        return self._add(f"v:{verdict.benefit}", EvidenceKind.VERDICT, text, verdict.sources)

    def contact(self, contact: Contact) -> str:
        """A line of the directory."""
        text = f"{contact.number} {contact.name}：{contact.purpose} {contact.scope} {contact.hours}"
        return self._add(f"k:{contact.id}", EvidenceKind.CONTACT, text)

    def question(self, question: Question) -> str:
        """The next question."""
        labels = "、".join(label for _, label in question.choices)
        return self._add(
            f"q:{question.fact}", EvidenceKind.QUESTION, f"{question.text}{question.why}{labels}"
        )

    def fact(self, name: str, label: str, value: str) -> str:
        """Something the family told, in the words of the fact sheet."""
        return self._add(f"f:{name}", EvidenceKind.FACT, f"{label}：{value}")

    def partner(self, words: str) -> str:
        """A sentence that a partner said."""
        return self._add(f"x:{len(self.evidence)}", EvidenceKind.PARTNER, words)

    def phrase(self, key: str, text: str) -> str:
        """A fixed sentence of our own; said again with other words in its slots it gets an id of its own."""
        id_, count = f"p:{key}", 1
        while id_ in self.evidence and self.evidence[id_].text != text:
            count += 1
            id_ = f"p:{key}.{count}"
        return self._add(id_, EvidenceKind.PHRASE, text)

    def texts(self, ids: Iterable[str]) -> tuple[str, ...]:
        """What these ids say; unknown ids say nothing."""
        return tuple(self.evidence[id_].text for id_ in ids if id_ in self.evidence)

    def citations(self, ids: Iterable[str]) -> tuple[Citation, ...]:
        """Citations of these ids, in order, without repeats."""
        found = (citation for id_ in ids if id_ in self.evidence for citation in self.evidence[id_].citations)
        return tuple(dict.fromkeys(found))
