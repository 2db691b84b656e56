"""The word lists of `lexicon.yaml`, compiled once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from agent.types import SaidFact

LEXICON_FILE = Path(__file__).with_name("lexicon.yaml")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StatePattern(_Data):
    """One way a parent's state is said."""

    state: str
    rank: int
    pattern: str
    unless: str = ""
    doubtful: bool = False
    """Believed with doubt: what is said leaves something open that the state hangs on."""


class ValuePattern(_Data):
    """One value of a fact and how it is said."""

    value: str
    pattern: str


class Idiom(_Data):
    """A set phrase that declares several facts at once."""

    pattern: str
    facts: dict[str, str]
    certain: bool = True
    unsure: tuple[str, ...] = ()
    """Of these facts, which are believed with doubt although the others are not."""


class YesNo(_Data):
    """How a bool fact is affirmed and denied."""

    affirmed: str
    denied: str


class Ground(_Data):
    """What a text must have, or must not, before a value is believed by likeness alone."""

    fact: str
    value: str = "*"
    needs: str = ""
    unless: str = ""

    def allows(self, text: str) -> bool:
        """Whether a text meets this."""
        return bool(re.search(self.needs, text)) and not (self.unless and re.search(self.unless, text))


class _File(_Data):
    persons: dict[str, tuple[str, ...]]
    doubt: tuple[str, ...]
    hypothetical: tuple[str, ...]
    question_marks: tuple[str, ...]
    negation: tuple[str, ...]
    parent_states: tuple[StatePattern, ...]
    parent_ambiguous: str
    ambiguous_unless: str
    left_beside: str
    ambiguous_means_left: str
    past: str
    released: str
    idioms: tuple[Idiom, ...]
    disability_kinds: dict[str, tuple[str, ...]]
    graded_kinds: dict[str, tuple[str, ...]]
    loose_kinds: tuple[str, ...]
    no_disability: str
    not_assessed: str
    certificate_yes: str
    certificate_no: str
    autism: tuple[str, ...]
    rare_disease: tuple[str, ...]
    serious_illness: tuple[str, ...]
    hiv: tuple[str, ...]
    illness_negation: str
    household_categories: tuple[ValuePattern, ...]
    ordinary: str
    owned: str
    applying: str
    category_ours: str
    category_general: str
    places: dict[str, tuple[str, ...]]
    district_names: dict[str, str]
    other_residence: str
    local_residence: str
    reluctant: str
    left_school: str
    school_stages: tuple[ValuePattern, ...]
    urgent: tuple[ValuePattern, ...]
    simple: dict[str, YesNo]
    care_verbs: str
    other_child: str
    another_child: str
    first_child: str
    several_children: str
    object_before: str
    answers: dict[str, str]
    when_asked: dict[str, dict[str, str]]
    about: dict[str, str]
    polarity: dict[str, YesNo]
    denies: str
    no_denial: str
    unmistakable: dict[str, tuple[ValuePattern, ...]]
    likeness: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class State:
    """A compiled state pattern."""

    state: str
    rank: int
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    doubtful: bool = False


class Lexicon:
    """Compiled patterns. Immutable after loading; safe to share between threads."""

    def __init__(self, file: _File) -> None:
        self.data = file
        self.doubt = _any(file.doubt)
        self.hypothetical = _any(file.hypothetical)
        self.asks = _any(file.question_marks)
        self.negation = re.compile(
            f"(?:{'|'.join(file.negation)})(?:有|是|去|被|得|在|患|感染|传染|染上?|属于|查出|算|发现|什么|啥|任何|过){{0,3}}$"
        )
        self.states = tuple(
            State(
                s.state, s.rank, re.compile(s.pattern), re.compile(s.unless) if s.unless else None, s.doubtful
            )
            for s in file.parent_states
        )
        self.person = re.compile(
            "|".join(f"(?P<{name}>{'|'.join(_longest(words))})" for name, words in file.persons.items())
        )
        self.kinds = {kind: _any(words) for kind, words in file.disability_kinds.items()}
        self.graded_kinds = {kind: _any(words) for kind, words in file.graded_kinds.items()}
        self.loose_kinds = _any(file.loose_kinds)
        self.autism = _any(file.autism)
        self.rare_disease = _any(file.rare_disease)
        self.serious_illness = _any(file.serious_illness)
        self.hiv = _any(file.hiv)
        self.places = {name: _any(words) for name, words in file.places.items()}

    def says_plainly(self, fact: SaidFact) -> bool:
        """Whether the words of a fact leave nothing to judge: 爸妈都在服刑 falls for no unlikeness."""
        name = re.sub("^(?:father|mother)_", "parent_", fact.name)
        value = _written(fact.value)
        return any(
            said.value in (value, "*") and re.search(said.pattern, fact.span)
            for said in self.data.unmistakable.get(name, ())
        )

    def may_be_like(self, name: str, value: object, text: str) -> bool:
        """Whether the words of a text leave a value open: 今天没带钱 names nothing to eat."""
        said = [one for one in self.data.likeness if one.fact == name and one.value in ("*", _written(value))]
        return all(one.allows(text) for one in said)

    def asking(self, text: str) -> bool:
        """Whether the wording asks; 没花多少钱 and 没什么病 ask nothing."""
        return bool(self.asks.search(_NEGATED.sub("无", text)))

    def __getattr__(self, name: str) -> re.Pattern[str]:
        """A single pattern of the file by its name, compiled at first use."""
        value = getattr(self.data, name)
        if not isinstance(value, str):
            raise AttributeError(name)
        compiled = re.compile(value)
        setattr(self, name, compiled)
        return compiled


_NEGATED = re.compile(
    r"(?<![有是要能会])(?:没|不|未|冇)(?:有|花|拿|领|过|得|是|用|到|查出|生|交|要|出|遇到|遇上|发生|收到|享受){0,3}"
    r"(?:什么|啥|多少|几(?=个|分|块))(?!办|用|时候|意思|叫)"
)


def _written(value: object) -> str:
    """A value as the data files write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _longest(words: tuple[str, ...]) -> list[str]:
    return sorted(words, key=lambda word: -len(re.sub(r"\(\?.*?\)", "", word)))


def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_longest(words)))


@cache
def load_lexicon() -> Lexicon:
    """Read and compile `lexicon.yaml` once a process."""
    return Lexicon(_File.model_validate(yaml.safe_load(LEXICON_FILE.read_text(encoding="utf-8"))))
