"""The facts we may ask for: what they are called, how they are asked, which values they take."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tools.errors import CatalogueError, FactError
from tools.implications import IMPLICATIONS_FILE, Implication, Narrowing, load_implications, narrowings
from tools.inference import Inference
from tools.numerals import answered
from tools.types import Facts, FactValue
from tools.yaml_source import LOADER

FACTS_FILE = Path(__file__).with_name("facts.yaml")

_PARENTS = (("father", "爸爸"), ("mother", "妈妈"))


def _quoted(value: object) -> str:
    """A wrong value, unless it might say who somebody is (PR-1)."""
    text = str(value)
    return f"是 {text!r}" if re.fullmatch(r"-?\d{1,4}(?:\.\d)?|[A-Za-z_]{1,30}", text) else "不对"


class FactType(StrEnum):
    """How a fact is declared."""

    BOOL = "bool"
    INT = "int"
    ENUM = "enum"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FactChoice(_Data):
    """One value of a fact, and how people say it."""

    label: str
    said_as: tuple[str, ...] = ()


class AskedWhen(_Data):
    """A fact is worth asking only when another one has one of these values."""

    fact: str
    values: tuple[FactValue, ...] = Field(alias="in")


class Beside(_Data):
    """What has to be spoken of before a talk asks for a fact: one of these facts, or one of these entries."""

    told: tuple[AskedWhen, ...] = ()
    entries: tuple[str, ...] = ()


class WholePart(_Data):
    """A number that follows from a finer one: years from months."""

    fact: str
    divided_by: int = Field(ge=2)


class Fact(_Data):
    """One thing a family may tell us."""

    name: str
    label: str
    type: FactType
    question: str
    """In plain Chinese, one sentence."""
    why: str
    """Why we ask; shown with the question."""
    sensitive: bool = False
    """Asked last, can always be skipped, never repeated back in a list (facts.md trap 16)."""
    no_affirms: bool = False
    """The question asks after the bad case: 没有 to 有没有说过超标 makes the fact true."""
    unit: str = ""
    min: int | None = None
    max: int | None = None
    """Bounds of an int, inclusive: a typing slip is caught, not judged."""
    values: dict[str, FactChoice] = Field(default_factory=dict)
    if_true: FactChoice | None = None
    if_false: FactChoice | None = None
    said_as: tuple[str, ...] = ()
    """Everyday phrases for a number."""
    usual: FactValue | None = None
    """The answer we expect most: only the order of questions leans on it, never a verdict."""
    asked_when: AskedWhen | None = None
    asked_beside: Beside | None = None
    """A talk asks for it only beside these (`tools/fitting.py`); a form asks everybody."""
    settled_by: AskedWhen | None = None
    """With these values of another fact a talk needs not ask: an office looked into it."""
    asked_first_when: tuple[AskedWhen, ...] = ()
    """With one of these values of other facts a talk asks for this one first."""
    spoken: str = ""
    """The question as a talk asks it, where the other is worded for a form."""
    of_self: str = ""
    """The question to the parent whom it is about."""
    doubted: str = ""
    """The question where an answer was only supposed: she remarried, and may look after the child or not."""
    whole_part_of: WholePart | None = None

    @model_validator(mode="after")
    def _shape(self) -> Self:
        match self.type:
            case FactType.BOOL if not (self.if_true and self.if_false):
                raise ValueError(f"{self.name}: a bool needs if_true and if_false")
            case FactType.INT if self.min is None or self.max is None or not self.unit:
                raise ValueError(f"{self.name}: an int needs min, max and unit")
            case FactType.ENUM if len(self.values) < 2:
                raise ValueError(f"{self.name}: an enum needs at least two values")
        return self

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """(value, label) pairs as a form shows them; empty for a number."""
        if self.type is FactType.BOOL and self.if_true and self.if_false:
            return (("true", self.if_true.label), ("false", self.if_false.label))
        return tuple((value, choice.label) for value, choice in self.values.items())

    @property
    def leaning_on(self) -> Iterator[tuple[str, str]]:
        """Other facts that decide whether this one is asked for, with the key that names each."""
        for key in ("asked_when", "settled_by"):
            if (one := getattr(self, key)) is not None:
                yield key, one.fact
        yield from (("asked_first_when", one.fact) for one in self.asked_first_when)
        yield from (
            ("asked_beside", one.fact) for one in (self.asked_beside.told if self.asked_beside else ())
        )

    def domain(self) -> tuple[FactValue, ...]:
        """Every value the fact can take, in order."""
        if self.type is FactType.BOOL:
            return (True, False)
        if self.type is FactType.INT:
            return tuple(range(self.min or 0, (self.max or 0) + 1))
        return tuple(self.values)

    def check(self, value: object) -> FactValue:
        """Take a declared value.

        Raises:
            FactError: it is of another type or outside the domain; says what would be accepted.
        """
        if self.type is FactType.BOOL and isinstance(value, bool):
            return value
        if self.type is FactType.INT:
            number = int(value) if isinstance(value, float) and value.is_integer() else value
            if isinstance(number, int) and not isinstance(number, bool):
                if self.min is not None and self.max is not None and self.min <= number <= self.max:
                    return number
                raise FactError(
                    self.name,
                    f"「{self.label}」要在 {self.min} 到 {self.max} {self.unit}之间，现在是 {number}。",
                )
        if self.type is FactType.ENUM and isinstance(value, str) and value in self.values:
            return value
        raise FactError(self.name, f"「{self.label}」填的{_quoted(value)}，应当是{self._accepted()}。")

    def parse(self, text: str) -> FactValue:
        """Take a value written as text: a choice's value or label, or a number.

        Raises:
            FactError: it is none of them.
        """
        text = text.strip()
        for value, label in self.choices:
            if text in (value, label):
                return value == "true" if self.type is FactType.BOOL else value
        if self.type is FactType.INT:
            number = answered(text[:40], self.unit)
            if number is not None and number < 10**5:
                return self.check(number)
        labels = "、".join(label for _, label in self.choices) or self._accepted().strip()
        raise FactError(self.name, f"没有看懂「{text[:40]}」。「{self.label}」可以答：{labels}。")

    def say(self, value: FactValue) -> str:
        """The value as a family reads it."""
        if self.type is FactType.BOOL and self.if_true and self.if_false:
            return self.if_true.label if value else self.if_false.label
        if self.type is FactType.INT:
            return f"{value}{self.unit}"
        choice = self.values.get(str(value))
        return choice.label if choice else str(value)

    def _accepted(self) -> str:
        if self.type is FactType.INT:
            return f" {self.min} 到 {self.max} 的整数（{self.unit}）"
        return "下面之一：" + "、".join(f"{value}（{label}）" for value, label in self.choices)


class FactBook:
    """All facts by name, in the order of the file."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = dict(facts)
        self.implications: tuple[Implication, ...] = ()

    @classmethod
    def load(cls, path: Path = FACTS_FILE, implications: Path = IMPLICATIONS_FILE) -> Self:
        """Read and validate `facts.yaml` and `implications.yaml`.

        Raises:
            CatalogueError: names the fact and what is wrong with it.
        """
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
        facts: dict[str, Fact] = {}
        for name, body in _expanded(raw):
            try:
                facts[name] = Fact.model_validate({"name": name, **body})
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(str(part) for part in first["loc"])
                raise CatalogueError(path.name, f"{name}.{field}: {first['msg']}") from None
        for fact in facts.values():
            for key, named in fact.leaning_on:
                if named not in facts:
                    raise CatalogueError(path.name, f"{fact.name}: {key} names {named}, not a fact")
        book = cls(facts)
        book.implications = load_implications(book, implications)
        return book

    def __getitem__(self, name: str) -> Fact:
        try:
            return self._facts[name]
        except KeyError:
            near = difflib.get_close_matches(name, self._facts, n=1)
            hint = f"，是不是 {near[0]}？" if near else "。"
            called = f"叫 {name!r} " if re.fullmatch(r"[A-Za-z_]{1,60}", name) else "这样"
            raise FactError(name, f"没有{called}的事实{hint}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._facts

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())

    def __len__(self) -> int:
        return len(self._facts)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names in the order of the file."""
        return tuple(self._facts)

    @cached_property
    def rank(self) -> dict[str, int]:
        """Position in the file: the order of asking among equals."""
        return {name: index for index, name in enumerate(self._facts)}

    @cached_property
    def order(self) -> dict[str, tuple[bool, int]]:
        """The order of naming what is missing: sensitive facts last, otherwise as in the file."""
        return {name: (fact.sensitive, index) for index, (name, fact) in enumerate(self._facts.items())}

    def check(self, facts: Mapping[str, object]) -> Facts:
        """Take declared facts.

        Raises:
            FactError: a name or value that is not ours; the first one, in the order given.
        """
        return {name: self[name].check(value) for name, value in facts.items()}

    @cached_property
    def _saying(self) -> Mapping[str, tuple[Implication, ...]]:
        return {name: tuple(one for one in self.implications if one.fact == name) for name in self._facts}

    def saying(self, name: str) -> tuple[Implication, ...]:
        """The implications that say something about a fact."""
        return self._saying[name]

    @cached_property
    def _narrowed(self) -> dict[str, tuple[Narrowing, ...]]:
        return {name: narrowings(self.implications, name) for name in self._facts}

    def narrowings(self, name: str) -> tuple[Narrowing, ...]:
        """The facts that rule out values of this one."""
        return self._narrowed[name]

    @cached_property
    def _blank(self) -> Mapping[str, None]:
        return dict.fromkeys(self._facts)

    def row(self, facts: Facts) -> Mapping[str, FactValue | None]:
        """Every fact of the book with its value, None where it is unknown: what the rules read."""
        return {**self._blank, **facts}

    @cached_property
    def _inference(self) -> Inference:
        return Inference(list(self), self.implications)

    def infer(self, facts: Facts) -> Facts:
        """The facts with what follows from them, and without those that mean nothing beside the others."""
        return self._inference.infer(facts)

    def infer_more(self, known: Facts, more: Facts) -> Facts:
        """The same for facts that come to those from which everything was inferred."""
        return self._inference.infer_more(known, more)


def _expanded(raw: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every fact of the file; one that holds `{parent}` comes out once for each parent."""
    for name, body in raw.items():
        if "{parent}" not in name:
            yield name, body
            continue
        text = json.dumps({"name": name, "body": body}, ensure_ascii=False)
        for parent, word in _PARENTS:
            one = json.loads(text.replace("{parent}", parent).replace("{爸妈}", word))
            yield one["name"], one["body"]
