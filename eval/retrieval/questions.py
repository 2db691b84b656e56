"""The questions of the retrieval benchmark, as data, and which clauses answer them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from knowledge.sources import Registry
from knowledge.types import Clause

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


def resolved(question: RetrievalQuestion, registry: Registry) -> frozenset[str]:
    """The wanted clauses as `document_id#clause`; a document alone has no `#`."""
    found = [registry.cite(reference) for reference in question.want]
    return frozenset(f"{c.document_id}#{c.clause}" if c.clause else c.document_id for c in found)


def fits(clause: Clause, wanted: Collection[str]) -> bool:
    """Whether a clause is one of the wanted, restates one, or is a part of one or the whole of it."""
    names = [f"{c.document_id}#{c.clause}" for c in (clause.citation, *clause.also)]
    return any(_one_fits(name, want) for name in names for want in wanted)


def _one_fits(found: str, want: str) -> bool:
    if "#" not in want:
        return found.partition("#")[0] == want
    # A paragraph of an article answers for the article, and the article holds its paragraphs.
    return found.startswith(want) or want.startswith(f"{found}第")
