"""How people say it and how the documents say it: lay words, dialect, typos, old names, programme names."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from knowledge.errors import TermsError
from knowledge.sources import CORPUS
from knowledge.yaml_files import load_yaml

_MEANINGS_MAX = 3
"""A word that may mean more than three things tells a search nothing; the file is wrong then."""
_SPACES = re.compile(r"\s+")


class Term(BaseModel):
    """One official term and the words under which families look for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    official: str = Field(min_length=2)
    lay: tuple[str, ...] = Field(min_length=1)
    source: str = ""
    """Reference of a clause that prints the term, where neither guides nor shipped texts do."""

    @model_validator(mode="after")
    def _usable(self) -> Term:
        for word, count in Counter(self.lay).items():
            if count > 1:
                raise ValueError(f"{self.official}: {word} is listed {count} times; keep one")
            if len(word) < 2:
                raise ValueError(
                    f"{self.official}: {word} is too short to be told apart; write a longer phrase"
                )
            if word != normalise(word):
                raise ValueError(f"{self.official}: write {word} as {normalise(word)}")
            if word == self.official:
                raise ValueError(f"{self.official}: lists itself; remove it")
        return self


class Terms(BaseModel):
    """All of `corpus/terms.yaml`, ready to widen a question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    terms: tuple[Term, ...]
    not_meant: tuple[str, ...] = ()
    """Phrases in which a lay word means something else (`跑了好几趟`): passed over."""
    programmes: tuple[str, ...] = ()
    """Names of programmes and assistants that are never the name of a person."""

    @model_validator(mode="after")
    def _consistent(self) -> Terms:
        for what, words in (
            ("official term", [term.official for term in self.terms]),
            ("not_meant phrase", self.not_meant),
            ("programme", self.programmes),
        ):
            if twice := [word for word, count in Counter(words).items() if count > 1]:
                raise ValueError(f"{what} {twice[0]} appears twice; join the two")
        for word, meanings in self._by_word().items():
            if len(meanings) > _MEANINGS_MAX:
                raise ValueError(f"{word} stands under {len(meanings)} official terms; keep the likeliest")
        return self

    def _by_word(self) -> dict[str, tuple[str, ...]]:
        meanings: dict[str, tuple[str, ...]] = {}
        for term in self.terms:
            for word in term.lay:
                meanings[word] = (*meanings.get(word, ()), term.official)
        return meanings

    @functools.cached_property
    def meanings(self) -> Mapping[str, tuple[str, ...]]:
        """Lay word → the official terms it may stand for, in the order of the file."""
        return self._by_word()

    @functools.cached_property
    def _starts(self) -> Mapping[str, tuple[str, ...]]:
        """First character → the words to look for there, longest first.

        Official terms and programmes are looked for too, so that 低保边缘 is not read as 低保.
        """
        words = {*self.meanings, *self.not_meant, *self.programmes, *(term.official for term in self.terms)}
        words = {normalise(word) for word in words}
        starts: dict[str, list[str]] = {}
        for word in sorted(words, key=lambda word: (-len(word), word)):
            starts.setdefault(word[0], []).append(word)
        return {character: tuple(found) for character, found in starts.items()}

    def expand(self, text: str) -> tuple[str, ...]:
        """Official terms that the words of `text` may stand for, in order, without those it already says.

        >>> load_terms().expand("低宝怎么办")
        ('低保', '最低生活保障')
        """
        plain = normalise(text)
        found: list[str] = []
        pending = list(reversed(list(self._words(plain))))
        while pending:
            word = pending.pop()
            for official in self.meanings.get(word, ()):
                if official not in found:
                    found.append(official)
                    pending.append(official)
        return tuple(official for official in found if normalise(official) not in plain)

    def _words(self, plain: str) -> Iterator[str]:
        """The longest known word at each place, left to right, without overlaps."""
        position = 0
        while position < len(plain):
            known = self._starts.get(plain[position], ())
            word = next((word for word in known if plain.startswith(word, position)), None)
            if word is not None and word not in self.not_meant:
                yield word
            position += len(word) if word else 1


def normalise(text: str) -> str:
    """The form in which words are compared: NFKC, small letters, no spaces."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).lower()


def read_terms(path: Path) -> Terms:
    """Read and validate a terms file.

    Raises:
        TermsError: one sentence for the editor that names the entry and the mend.
    """
    try:
        return Terms.model_validate(load_yaml(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise TermsError(f"{path.name} could not be read: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise TermsError(f"{path.name} {where}: {message}") from None


@functools.lru_cache(maxsize=1)
def load_terms() -> Terms:
    """The shipped terms, read once."""
    return read_terms(CORPUS / "terms.yaml")


def expand(text: str) -> tuple[str, ...]:
    """`Terms.expand` over the shipped terms."""
    return load_terms().expand(text)
