"""`words.yaml`, read once and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

_HERE = Path(__file__).resolve().parent
_AREA_CODE = "0571"
_TERMS = _HERE.parents[1] / "knowledge" / "corpus" / "terms.yaml"


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    surnames: str
    compound_surnames: tuple[str, ...]
    everyday_surnames: str
    titles: tuple[str, ...]
    kin: tuple[str, ...]
    never: frozenset[str]
    misread: re.Pattern[str]
    dialect_pronouns: tuple[str, ...]
    dialect_kin: tuple[str, ...]
    not_called: frozenset[str]
    spelling: str
    places: frozenset[str]
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordLists:
    """What the name, address and telephone recognisers look words up in."""

    surnames: frozenset[str]
    compound_surnames: tuple[str, ...]
    everyday_surnames: frozenset[str]
    titles: tuple[str, ...]
    kin: tuple[str, ...]
    never: frozenset[str]
    misread: re.Pattern[str]
    """How a stretch begins that is taken for a name and is none: a measure word, a word of ours."""
    of_theirs: re.Pattern[str]
    """How a stretch begins that says in dialect whose relative it is: 伊拉爷, 俺儿."""
    not_called: frozenset[str]
    spelling: frozenset[str]
    places: frozenset[str]
    programmes: tuple[str, ...]
    official: tuple[str, ...]
    """Names of groups and benefits."""
    public_numbers: frozenset[str]


def _vocabulary() -> dict[str, Any]:
    """The policy vocabulary, where that file has been written."""
    try:
        terms = yaml.safe_load(_TERMS.read_text("utf-8"))
    except OSError:
        return {}
    return terms if isinstance(terms, dict) else {}


def _listed_numbers() -> frozenset[str]:
    """Numbers that the directory tells everybody, digits only, with and without Hangzhou's area code."""
    from tools.directory import Directory

    digits = {re.sub(r"\D", "", number) for number in Directory.load().numbers}
    return frozenset(digits | {number.removeprefix(_AREA_CODE) for number in digits})


@lru_cache(maxsize=1)
def word_lists() -> WordLists:
    """The lists. Data that ships with the program, so a fault in it is a fault of ours and raises."""
    file = _File.model_validate(yaml.safe_load((_HERE / "words.yaml").read_text("utf-8")))
    vocabulary = _vocabulary()
    return WordLists(
        surnames=frozenset(file.surnames) - {" ", "\n"},
        compound_surnames=file.compound_surnames,
        everyday_surnames=frozenset(file.everyday_surnames),
        titles=tuple(sorted(set(file.titles), key=len, reverse=True)),
        kin=tuple(sorted(set(file.kin), key=len, reverse=True)),
        never=file.never,
        misread=file.misread,
        of_theirs=re.compile(f"(?:{'|'.join(file.dialect_pronouns)})(?:{'|'.join(file.dialect_kin)})"),
        not_called=file.not_called,
        spelling=frozenset(file.spelling),
        places=file.places,
        programmes=tuple(
            sorted({*file.programmes, *vocabulary.get("programmes", ())}, key=len, reverse=True)
        ),
        official=tuple(term["official"] for term in vocabulary.get("terms", ())),
        public_numbers=_listed_numbers(),
    )
