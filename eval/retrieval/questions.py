"""The questions of the retrieval benchmark, as data, and which clauses answer them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from knowledge.references import document_key
from knowledge.types import Citation, Clause

FOLDER = Path(__file__).parent / "questions"

Kind = Literal["plain", "unanswerable", "follow_up", "dialect", "other_place", "old_date"]
Half = Literal["tune", "report"]


class RetrievalQuestion(BaseModel):
    """One question, and what a good search does with it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    text: str
    kind: Kind = "plain"
    half: Half
    """Half to tune on, half to report; fixed in the file."""
    earlier: tuple[str, ...] = ()
    """What the family said before, for follow-ups."""
    want: tuple[str, ...] = ()
    """References of which any answers it; empty when it is unanswerable."""
    reason: Literal["nothing_found", "no_amount", "other_place", "out_of_date"] | None = None
    as_of: str | None = None
    by: str

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it."""
        return self.reason is None

    @property
    def reported(self) -> bool:
        """Whether it counts in reported figures."""
        return self.half == "report"


def load_questions(folder: Path = FOLDER) -> list[RetrievalQuestion]:
    """All questions, in file order.

    Raises:
        pydantic.ValidationError: a line that does not fit; the file is the evaluators' to mend.
    """
    found: list[RetrievalQuestion] = []
    for path in sorted(folder.glob("*.yaml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [RetrievalQuestion.model_validate({"by": path.stem, **item}) for item in raw["questions"]]
    return found


def _keys(citation: Citation) -> set[str]:
    names = (citation.number, citation.document, citation.document_id)
    return {document_key(f"{name}{citation.clause}") for name in names if name}


def fits(clause: Clause, references: Sequence[str]) -> bool:
    """Whether a clause is, or restates, one of the references or a part of one."""
    keys = set().union(*(_keys(citation) for citation in (clause.citation, *clause.also)))
    wanted = [document_key(reference) for reference in references]
    return any(
        key.startswith(want) or (want.startswith(key) and len(key) > len(want) - 6)
        for key in keys
        for want in wanted
    )


def answers_of(question: RetrievalQuestion, clauses: Sequence[Clause]) -> set[int]:
    """Positions of the clauses that answer a question."""
    return {place for place, clause in enumerate(clauses) if fits(clause, question.want)}
