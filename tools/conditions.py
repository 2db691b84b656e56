"""Condition trees as an editor writes them: who may have a benefit, and the clause of each condition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from tools.types import FactValue


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ParameterReference(_Data):
    """A number that changes with the date: the name of a dated parameter of the benefit."""

    parameter: str


class _Condition(_Data):
    say: str = ""
    """The condition in plain Chinese, as a policy officer would say it."""
    source: str = ""
    """Reference such as `民发〔2019〕62号 一`; empty: that of the group around it."""
    note: str = ""
    """Said with the verdict when this condition holds, such as that a local list decides."""


class Comparison(_Condition):
    """One fact against values or bounds. All that are given must hold."""

    say: str = Field(min_length=1)
    fact: str
    equals: FactValue | tuple[FactValue, ...] | None = Field(default=None, alias="is")
    """A value, or several of which one must hold."""
    at_least: int | ParameterReference | None = None
    below: int | ParameterReference | None = None
    proof: bool = False
    """Telling it is enough, such as 已认定为孤儿; not telling says nothing, and it is never asked for here.
    Only for what cannot be true unless the conditions beside it hold."""

    @model_validator(mode="after")
    def _compares(self) -> Self:
        if self.equals is None and self.at_least is None and self.below is None:
            raise ValueError("a comparison needs one of: is, at_least, below")
        return self


class AllOf(_Condition):
    """Every condition must hold."""

    all: tuple[Condition, ...] = Field(min_length=1)


class AnyOf(_Condition):
    """One condition is enough. `say` names the group when none holds."""

    any: tuple[Condition, ...] = Field(min_length=1)
    say: str = Field(min_length=1)


class NotOf(_Condition):
    """The condition must not hold."""

    not_: Condition = Field(alias="not")
    say: str = Field(min_length=1)


class CountOf(_Condition):
    """At least so many of the conditions must hold."""

    at_least: int = Field(ge=1)
    of: tuple[Condition, ...] = Field(min_length=1)
    say: str = Field(min_length=1)


class Use(_Condition):
    """A named condition of `definitions.yaml`, for one of the parents where it is about a parent."""

    use: str
    of_parent: str = Field(default="", alias="with", pattern="^(father|mother|)$")


class Unpublished(_Condition):
    """A condition that exists, whose text we could not read: always unknown, no fact settles it."""

    say: str = Field(min_length=1)
    unpublished: bool


def _kind(value: Any) -> str | None:
    keys = set(value) if isinstance(value, dict) else {type(value).__name__}
    for key in ("fact", "all", "any", "not", "of", "use", "unpublished"):
        if key in keys:
            return key
    names = {
        "Comparison": "fact",
        "AllOf": "all",
        "AnyOf": "any",
        "NotOf": "not",
        "CountOf": "of",
        "Use": "use",
    }
    return names.get(type(value).__name__, "unpublished" if "Unpublished" in keys else None)


Condition = Annotated[
    Annotated[Comparison, Tag("fact")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[NotOf, Tag("not")]
    | Annotated[CountOf, Tag("of")]
    | Annotated[Use, Tag("use")]
    | Annotated[Unpublished, Tag("unpublished")],
    Discriminator(
        _kind,
        custom_error_type="condition",
        custom_error_message="a condition holds one of: fact, all, any, not, at_least+of, use, unpublished",
    ),
]

for _model in (AllOf, AnyOf, NotOf, CountOf):
    _model.model_rebuild()


def children(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside."""
    match condition:
        case AllOf():
            return condition.all
        case AnyOf():
            return condition.any
        case CountOf():
            return condition.of
        case NotOf():
            return (condition.not_,)
        case _:
            return ()


def walk(
    condition: Condition, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[Condition, tuple[str | int, ...]]]:
    """Every condition of a tree with its path in the file, outermost first."""
    yield condition, path
    match condition:
        case AllOf():
            key = "all"
        case AnyOf():
            key = "any"
        case CountOf():
            key = "of"
        case NotOf():
            yield from walk(condition.not_, (*path, "not"))
            return
        case _:
            return
    for index, child in enumerate(children(condition)):
        yield from walk(child, (*path, key, index))


def parameters_used(condition: Condition) -> frozenset[str]:
    """Names of the dated parameters that a tree compares with."""
    return frozenset(
        limit.parameter
        for part, _ in walk(condition)
        if isinstance(part, Comparison)
        for limit in (part.at_least, part.below)
        if isinstance(limit, ParameterReference)
    )
