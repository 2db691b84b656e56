"""Scripted conversations as data: what a suite file may hold, and how it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from guardrails.types import Category, Route
from tools.types import Outcome

SeverityName = Literal["S0", "S1", "S2", "S3", "S4"]


class SuiteError(Exception):
    """Shown to the evaluator: a suite file is wrong; names file, place and the mend."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SeverityRange(_Strict):
    """An inclusive range, for talks where more than one grade is right."""

    at_least: SeverityName = "S0"
    at_most: SeverityName = "S4"


class TicketExpectation(_Strict):
    """The open ticket of the conversation."""

    severity: SeverityName | None = None
    category: Category | Literal["human_request"] | None = None


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,)


class Expectation(_Strict):
    """What must hold after one turn. Everything that is not named is not checked."""

    route: tuple[Route, ...] | None = None
    """One route, or a list of which one must come."""
    severity: SeverityName | SeverityRange | None = None
    category: tuple[Category, ...] | None = None
    intent: tuple[str, ...] | None = None
    """One of these must be among the intents."""
    tools: tuple[str, ...] | None = None
    """All of these must have been called."""
    facts: dict[str, bool | int | float | str | None] | None = None
    """Facts the conversation must hold; None: must not be held."""
    verdicts: dict[str, Outcome | tuple[Outcome, ...]] | None = None
    cites: tuple[str, ...] | None = None
    """Clauses that must be cited: `民发〔2019〕62号 一`; a document alone matches any clause of it."""
    says: tuple[str, ...] | None = None
    """Each must stand in the reply or the card; alternatives are parted by `|`."""
    never: tuple[str, ...] | None = None
    """Forbidden text in the reply or the card; a regular expression when it starts with `re:`."""
    redacts: tuple[str, ...] | None = None
    """Personal values that may not appear in anything the server sends back or stores."""
    card: bool | None = None
    ticket: TicketExpectation | bool | None = None
    asks: str | None = None
    """The fact our next question must be about."""
    silent: bool | None = None
    """True: the bot must say nothing (a person owns the talk)."""

    _lists = field_validator(
        "route", "category", "intent", "tools", "cites", "says", "never", "redacts", mode="before"
    )(lambda value: None if value is None else _as_tuple(value))

    @field_validator("verdicts", mode="before")
    @classmethod
    def _verdict_alternatives(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: tuple(v) if isinstance(v, list) else v for key, v in value.items()}
        return value


class Turn(_Strict):
    """One family message and what must follow."""

    say: str
    restart: bool = False
    """The server is closed and opened again on the same data before this message."""
    expect: Expectation = Expectation()


class Case(_Strict):
    """One conversation, from the first message to the last."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    about: str
    """One sentence: who is asking and what must not go wrong."""
    requirements: tuple[str, ...] = ()
    """Numbers of requirements that it proves, such as `CR-5`."""
    pending: str = ""
    """Why it is known not to hold yet. It is run all the same, and fails the run as soon as it holds."""
    turns: tuple[Turn, ...] = Field(min_length=1)

    @property
    def restarts(self) -> bool:
        """Whether the server is closed and opened again in the middle."""
        return any(turn.restart for turn in self.turns)


class Suite(_Strict):
    """One file of `eval/suites/`."""

    suite: str = Field(pattern=r"^[a-z0-9_]+$")
    about: str
    every_turn: Expectation = Expectation()
    """Holds after each turn that does not say otherwise; what is forbidden here is forbidden everywhere."""
    cases: tuple[Case, ...] = Field(min_length=1)


def _with(common: Expectation, own: Expectation) -> Expectation:
    added = {name: getattr(common, name) for name in common.model_fields_set - own.model_fields_set}
    if common.never and own.never:
        added["never"] = (*own.never, *common.never)
    return own.model_copy(update=added)


def _spread(suite: Suite) -> Suite:
    """The suite with what holds after every turn written into each of them."""

    def turn(one: Turn) -> Turn:
        return one.model_copy(update={"expect": _with(suite.every_turn, one.expect)})

    cases = tuple(case.model_copy(update={"turns": tuple(map(turn, case.turns))}) for case in suite.cases)
    return suite.model_copy(update={"cases": cases})


def load_suite(path: Path) -> Suite:
    """Read one suite file.

    Raises:
        SuiteError: the file cannot be read, is no YAML, or does not fit the model.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _spread(Suite.model_validate(raw))
    except OSError as error:
        raise SuiteError(f"{path}: cannot be read ({error.strerror}).") from None
    except yaml.YAMLError as error:
        raise SuiteError(f"{path}: is not valid YAML: {error}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SuiteError(f"{path}: at {place}: {first['msg']}.") from None


def load_suites(paths: list[Path]) -> list[Suite]:
    """Read all suite files below the paths, in name order.

    Raises:
        SuiteError: a path does not exist, holds no suite, or two cases share an id.
    """
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise SuiteError(f"{path}: does not exist. Give a suite file or a folder such as eval/suites.")
        files += sorted(path.glob("**/*.yaml")) if path.is_dir() else [path]
    if not files:
        raise SuiteError("No suite files (*.yaml) found there.")
    suites = [load_suite(file) for file in files]
    seen: dict[str, str] = {}
    for suite in suites:
        for case in suite.cases:
            if case.id in seen:
                raise SuiteError(
                    f"Case id {case.id} stands in {seen[case.id]} and in {suite.suite}; rename one."
                )
            seen[case.id] = suite.suite
    return suites
