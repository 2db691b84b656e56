"""Lay words, dialect and typos to the terms that documents use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.errors import TermsError
from knowledge.sources import CORPUS

TERMS = CORPUS / "terms.yaml"


class Term(BaseModel):
    """One official term and how people say it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    official: str = Field(min_length=2)
    lay: tuple[str, ...] = Field(min_length=1)
    source: str | None = None
    """Clause that prints the official term, where the texts that ship do not."""


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    terms: tuple[Term, ...]
    not_meant: tuple[str, ...] = ()
    """Everyday phrases in which a lay word means something else; they are passed over."""
    programmes: tuple[str, ...] = ()
    """Names of programmes; read by the guardrails, so that none is taken for a person."""


class Terms:
    """Finds lay words in a question and names the official terms they stand for."""

    def __init__(self, terms: Iterable[Term], not_meant: Iterable[str] = ()) -> None:
        self._official: dict[str, list[str]] = {}
        for term in terms:
            for lay in term.lay:
                self._official.setdefault(fold(lay), []).append(term.official)
        for phrase in not_meant:
            self._official[fold(phrase)] = []
        longest_first = sorted(self._official, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    @classmethod
    def load(cls, path: Path = TERMS) -> Terms:
        """Read `terms.yaml`.

        Raises:
            TermsError: naming the entry and the mend.
        """
        try:
            rows = yaml.safe_load(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise TermsError(f"{path.name} cannot be read: {error}") from None
        try:
            file = _File.model_validate(rows)
        except ValidationError as error:
            first = error.errors()[0]
            raise TermsError(f"{path.name}: entry {first['loc']}: {first['msg']}") from None
        names = [term.official for term in file.terms]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise TermsError(f"{path.name}: {sorted(repeated)[0]} has two entries; join them")
        return cls(file.terms, file.not_meant)

    def expand(self, question: str) -> tuple[str, ...]:
        """Official terms of the lay words in `question`, in order, without those it already uses.

        A term may itself be everyday speech for another: 低宝 → 低保 → 最低生活保障.
        """
        plain = fold(question)
        found = dict.fromkeys(self._named(plain))
        for name in tuple(found):
            found.update(dict.fromkeys(self._named(fold(name))))
        return tuple(name for name in found if fold(name) not in plain)

    def _named(self, plain: str) -> Iterator[str]:
        for match in self._pattern.finditer(plain):
            yield from self._official[match[0]]

    @property
    def pairs(self) -> int:
        """How many lay words lead to a term."""
        return sum(len(names) for names in self._official.values())


def fold(text: str) -> str:
    """Full-width to half-width, lower case, no blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
