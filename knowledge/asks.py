"""How families ask for a clause: `corpus/asks/*.yaml`, searched beside the clause's own words."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from knowledge.errors import AsksError, LabelError
from knowledge.guides import is_entry
from knowledge.parsing.clauses import Entry
from knowledge.references import canonical_label
from knowledge.sources import CORPUS, Registry
from knowledge.types import Guide
from knowledge.yaml_files import load_yaml

_Model = TypeVar("_Model", bound=BaseModel)

FOLDER = CORPUS / "asks"
OUTSIDE = CORPUS / "outside.yaml"


class AskedClause(BaseModel):
    """One clause, and what a family may say when it is the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clause: str = Field(min_length=1)
    """Label of the clause, or section and number of a guide's paragraph: `谁可以/3`."""
    begins: str = ""
    """First characters of a guide's paragraph: an edit that shifts the numbers is noticed."""
    questions: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _usable(self) -> AskedClause:
        for question, count in Counter(self.questions).items():
            if count > 1:
                raise ValueError(f"{self.clause}: “{question}” stands there {count} times; keep one")
            if not 2 <= len(question.strip()) <= 80:
                raise ValueError(f"{self.clause}: “{question}” should have 2 to 80 characters")
        return self


class AskedDocument(BaseModel):
    """One file: the asks of one guide or document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    """Entry of a guide (`B02`) or id of `sources.yaml`."""
    asks: tuple[AskedClause, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> AskedDocument:
        for clause, count in Counter(asked.clause for asked in self.asks).items():
            if count > 1:
                raise ValueError(f"{clause} is listed {count} times; join its questions")
        return self

    def clause_id(self, asked: AskedClause) -> str:
        """The id under which the index knows the clause."""
        return (
            f"guide:{self.document}#{asked.clause}"
            if is_entry(self.document)
            else f"{self.document}#{asked.clause}"
        )


class Asks:
    """All questions, by clause id."""

    def __init__(
        self, documents: Iterable[AskedDocument] = (), digest: str = "", outside: Sequence[str] = ()
    ) -> None:
        self.documents = tuple(documents)
        self.outside = tuple(outside)
        """What people ask that no document of ours answers."""
        self.digest = digest
        """Changes with the files; part of the name of a snapshot."""
        self.by_clause: Mapping[str, tuple[str, ...]] = {
            document.clause_id(asked): asked.questions
            for document in self.documents
            for asked in document.asks
        }

    def __len__(self) -> int:
        return sum(map(len, self.by_clause.values()))

    def lines(self, entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
        """(place of the searched entry, question); a part that is not searched asks for its whole.

        Args:
            entries: of any documents, in order of their texts, the searched and the others.
        """
        if not self.by_clause:
            return
        searched = -1
        whole: dict[str, int] = {}
        for entry in entries:
            citation = entry.clause.citation
            document = "" if entry.clause.guide else citation.document_id
            if entry.search_text:
                searched += 1
                whole[entry.clause.id] = searched
            names = (entry.clause.id, *(f"{document}#{alias}" for alias in entry.aliases))
            place = searched if entry.search_text else self._whole(entry.clause.id, whole)
            if place is None:
                continue
            for question in dict.fromkeys(q for name in names for q in self.by_clause.get(name, ())):
                yield place, question

    @staticmethod
    def _whole(clause_id: str, searched: Mapping[str, int]) -> int | None:
        """The searched entry with the longest id that this one begins with."""
        return next(
            (searched[clause_id[:n]] for n in range(len(clause_id), 0, -1) if clause_id[:n] in searched), None
        )

    def check(self, registry: Registry, guides: Mapping[str, Guide]) -> None:
        """Every key leads to a paragraph of a guide, or has the form of a label of a registered document.

        Raises:
            AsksError: naming the first that does not.
        """
        for document in self.documents:
            for asked in document.asks:
                if is_entry(document.document):
                    _check_paragraph(document.document, asked, guides)
                else:
                    _check_label(document.document, asked, registry)


def _check_paragraph(entry: str, asked: AskedClause, guides: Mapping[str, Guide]) -> None:
    guide = guides.get(entry)
    if guide is None:
        raise AsksError(f"asks of {entry}: there is no such guide")
    section, _, number = asked.clause.partition("/")
    paragraphs = guide.section(section)
    if not number.isdigit() or not 1 <= int(number) <= len(paragraphs):
        raise AsksError(f"asks of {entry}: {asked.clause} is no paragraph; {section} has {len(paragraphs)}")
    if not paragraphs[int(number) - 1].text.startswith(asked.begins):
        raise AsksError(
            f"asks of {entry}: {asked.clause} does not begin with “{asked.begins}”; renumber after the edit"
        )


def _check_label(document_id: str, asked: AskedClause, registry: Registry) -> None:
    if registry.get(document_id) is None:
        raise AsksError(f"asks of {document_id}: not registered in sources.yaml")
    try:
        label = canonical_label(asked.clause)
    except LabelError as error:
        raise AsksError(f"asks of {document_id}: {error}") from None
    if label != asked.clause:
        raise AsksError(f"asks of {document_id}: write {asked.clause} as {label}")


class _Outside(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    questions: tuple[str, ...] = Field(min_length=20)


def digest(folder: Path = FOLDER, outside: Path = OUTSIDE) -> str:
    """Changes with any file, without reading what it says: a start has no time for that."""
    whole = hashlib.sha256()
    for path in (*sorted(folder.glob("*.yaml")), outside):
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def load_asks(folder: Path = FOLDER) -> Asks:
    """All files of `folder`, validated.

    Raises:
        AsksError: one sentence for the editor that names the file and the mend.
    """
    named = digest(folder)
    documents: dict[str, AskedDocument] = {}
    for path in sorted(folder.glob("*.yaml")):
        document = _read(path, AskedDocument)
        if document.document in documents:
            raise AsksError(f"{path.name}: {document.document} has its asks in another file; join the two")
        documents[document.document] = document
    return Asks(documents.values(), named, _read(OUTSIDE, _Outside).questions)


def _read(path: Path, model: type[_Model]) -> _Model:
    try:
        return model.model_validate(load_yaml(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise AsksError(f"{path.name} could not be read: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise AsksError(f"{path.name} {where}: {first['msg'].removeprefix('Value error, ')}") from None
