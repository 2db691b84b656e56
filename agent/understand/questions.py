"""What the talk is about, and the question as it would stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from agent.types import ConversationState, Intent, SaidFact
from guardrails.types import Category, Screening, Speaker
from knowledge.search.features import names_nothing
from tools.types import FactValue

TOPICS_FILE = Path(__file__).with_name("topics.yaml")

_NUMBERS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "1": 0, "2": 1, "3": 2, "4": 3, "5": 4}
FOLLOWS = frozenset(
    {
        Intent.HOW_TO_APPLY, Intent.MATERIALS, Intent.HOW_LONG, Intent.AMOUNT, Intent.WHERE, Intent.CONTACT,
        Intent.APPEAL, Intent.STATUS_OF_MY_CASE,
    }
)  # fmt: skip
"""Intents that ask about the running topic when no other is named."""


SURELY_OTHER = 0.7
"""From this probability on the learned reader's guide is what a message asks about, not the running topic."""
ALSO_CHARS = 20
"""Characters up to which a message may ask the running question again for somebody else."""


class TopicFile(BaseModel):
    """`topics.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: dict[str, str]
    matter_in: str
    matters: dict[str, str]
    elsewhere: str
    elliptic: str
    ordinal: str
    qualifier_before: str
    qualifier_after: str
    measured_by: str
    contacts: dict[str, tuple[str, ...]]
    money: str
    still_paid: str
    applied: str
    no_allowance: tuple[str, ...]
    held: dict[str, dict[str, str | bool]]
    told_by: dict[str, tuple[str, ...]]
    wished: str
    whom: tuple[str, ...]
    groups: tuple[str, ...]
    also: str
    same: str
    anything: str
    shared: dict[str, dict[str, dict[str, str | bool]]]
    only_naming: str
    asking_words: str
    rewrites: dict[str, str]
    when_nothing_fits: tuple[str, ...]
    protects: dict[Category, str]
    seen_by_others: dict[Category, str]


@cache
def load_topics() -> TopicFile:
    """Read once a process."""
    return TopicFile.model_validate(yaml.safe_load(TOPICS_FILE.read_text(encoding="utf-8")))


def topics_named(text: str, facts: Iterable[SaidFact] = ()) -> tuple[str, ...]:
    """Entries that a text names, in order of mention; a name inside a longer one is not counted twice.

    Of 不是低保，怎么办 nothing is named: 低保 only says what the household is.
    """
    told = {entry for fact in facts for entry in load_topics().told_by.get(fact.name, ())}
    told -= {entry for entry in told if applied_for(text, entry)}
    return _named(text, frozenset(told))


def applied_for(text: str, entry: str) -> bool:
    """Whether the entry was only applied for: 在街道报了刚性支出困难家庭 asks about that from then on."""
    found = _name_in(text, entry)
    return found is not None and bool(re.search(load_topics().applied, text[: found.start()]))


@lru_cache(maxsize=512)
def _named(text: str, told: frozenset[str]) -> tuple[str, ...]:
    """Kept: an answer asks this of its message for every paragraph that may be said."""
    found: list[tuple[int, int, str]] = []
    for entry, pattern in load_topics().entries.items():
        if entry in told:
            continue
        for match in re.finditer(pattern, text):
            if not re.match(load_topics().measured_by, text[match.end() :]):
                found.append((match.start(), match.end(), entry))
                break
    kept = [
        item
        for item in found
        if not any(
            o is not item and o[0] <= item[0] and item[1] <= o[1] and o[1] - o[0] > item[1] - item[0]
            for o in found
        )
    ]
    if not kept and (turned := matter_of(text)) is not None:
        return (turned,)
    ordered = sorted(kept, key=lambda item: (_qualifies(text, item[0], item[1]), item[0]))
    return tuple(dict.fromkeys(entry for _, _, entry in ordered))


@lru_cache(maxsize=512)
def matter_of(text: str) -> str | None:
    """The entry that a few words turn to without naming it.

    Examples:
        >>> matter_of("那孩子看病呢"), matter_of("住的地方怎么办"), matter_of("那他弟弟呢")
        ('B17', 'B23', None)
    """
    file = load_topics()
    return next(
        (entry for entry, words in file.matters.items() if re.match(_matter_in(file, words), text)), None
    )


def _matter_in(file: TopicFile, words: str) -> str:
    return file.matter_in.replace("{matter}", words)


def _qualifies(text: str, begin: int, end: int) -> bool:
    file = load_topics()
    return bool(re.search(file.qualifier_before, text[:begin]) or re.match(file.qualifier_after, text[end:]))


def only_qualifies(entry: str, text: str) -> bool:
    """Whether the name of an entry only says who is asked for: 事实无人抚养长大了的租房补贴."""
    found = _name_in(text, entry)
    return found is not None and _qualifies(text, found.start(), found.end())


def _name_in(text: str, entry: str) -> re.Match[str] | None:
    """Where a text names an entry, if it does."""
    return re.search(load_topics().entries.get(entry, r"$^"), text)


def content_of(text: str) -> str:
    """What a short question is about once its asking words are taken away: 重残 of 重残是几级."""
    return re.sub(load_topics().asking_words, "", text)


def only_names(text: str) -> bool:
    """Whether a message names a topic and says nothing else about it."""
    if matter_of(text) is not None:
        return True
    rest = text
    for pattern in load_topics().entries.values():
        rest = re.sub(pattern, "", rest)
    return bool(re.match(load_topics().only_naming, rest))


def topic_of(text: str, named: tuple[str, ...], state: ConversationState) -> str | None:
    """The entry that this message is about: named, picked by its place in our list, or the running one."""
    if (picked := _picked(text, state)) is not None:
        return picked
    if named and not (len(named) == 1 and only_qualifies(named[0], text)):
        return named[0]
    if re.search(load_topics().elsewhere, text):
        return None
    return state.topic


def topic_after(named: tuple[str, ...], screening: Screening, state: ConversationState) -> str | None:
    """What the talk is about after a message that got a card: named in it, or what protects the child."""
    if named:
        return named[0]
    file = load_topics()
    seen = file.seen_by_others if screening.speaker is Speaker.THIRD_PARTY else file.protects
    return seen.get(screening.category, state.topic) if screening.category else state.topic


def whose_name(named: tuple[str, ...], told: Mapping[str, FactValue]) -> tuple[str, ...]:
    """The entries named; of a name that two share (圆梦助学) the one that is for such a family."""
    shared = load_topics().shared
    return tuple(
        next(
            (
                other
                for other, facts in shared.get(entry, {}).items()
                if any(told.get(name) == value for name, value in facts.items())
            ),
            entry,
        )
        for entry in named
    )


def turns_away(text: str, guides: Mapping[str, float], state: ConversationState) -> bool:
    """Whether a message that names no entry asks about another one than the talk so far, or for any there is.

    Args:
        text: the message.
        guides: how likely the learned reader finds that each guide answers it, read by itself.
        state: what the talk was about.
    """
    file = load_topics()
    if state.topic is None or names_nothing(text) or re.search(f"{file.ordinal}|{file.same}", text):
        return False
    if re.search(file.anything, text):
        return True
    surest = max(guides, key=lambda entry: guides[entry], default="")
    return surest not in ("", state.topic) and guides[surest] >= SURELY_OTHER


def goes_back_to_money(text: str, state: ConversationState) -> bool:
    """Whether a question about money every month is asked where what was spoken of since brings none."""
    file = load_topics()
    return state.topic in {*file.contacts, *file.no_allowance} and bool(re.search(file.money, text))


def held_of(text: str, state: ConversationState) -> str | None:
    """What the family holds, where a question about money names nothing: 特困供养的 / 考上大学以后还有吗."""
    file = load_topics()
    if state.topic is not None or not (re.search(file.money, text) or re.search(file.still_paid, text)):
        return None
    told = state.values
    held = (e for e, facts in file.held.items() if any(told.get(name) == v for name, v in facts.items()))
    return next(held, None)


def money_of(state: ConversationState) -> str | None:
    """The benefit that such a question goes back to; None where the pre-check has to say it."""
    none = {*load_topics().contacts, *load_topics().no_allowance}
    return next((entry for entry in state.listed if entry not in none), None)


def without_whom(text: str, named: tuple[str, ...], state: ConversationState) -> tuple[str, ...]:
    """The entries named without those that only say whom the running question is asked for.

    After a question about the health insurance 那低边的小孩呢 asks about that for other children: what a
    child or a household is (孤儿, 低保 …) turns to itself only where the talk is about such an entry.
    """
    file = load_topics()
    groups = set(file.groups)
    whom = groups if state.topic in file.whom else {*groups, *file.whom}
    if not named or not whom.issuperset(named) or state.topic in (None, *groups):
        return named
    also = len(text) <= ALSO_CHARS and re.search(file.also, text)
    return () if also and not any(_wished(text, entry) for entry in named) else named


def _wished(text: str, entry: str) -> bool:
    """Whether the entry itself is what the family would have: 那能不能领那个事实孤儿的."""
    found = _name_in(text, entry)
    return found is not None and bool(re.search(load_topics().wished, text[: found.start()]))


def _picked(text: str, state: ConversationState) -> str | None:
    found = re.search(load_topics().ordinal, text)
    if found is None or not state.listed:
        return None
    index = _NUMBERS[found.group(1)]
    return state.listed[index] if index < len(state.listed) else None


def standalone(
    text: str,
    intents: tuple[Intent, ...],
    named: tuple[str, ...],
    state: ConversationState,
    names: Mapping[str, str],
) -> str:
    """The question with the running topic put in front where it leans on the talk."""
    bare = text.strip()[:400]
    for pattern, better in load_topics().rewrites.items():
        if re.search(pattern, bare):
            return better
    topic = topic_of(text, named, state)
    if topic is None or (named and _picked(text, state) is None):
        return bare
    follows = any(intent in FOLLOWS for intent in intents)
    leans = len(bare) <= 30 and re.search(load_topics().elliptic, bare)
    if (follows and len(bare) <= 40) or leans:
        return f"{names.get(topic, '')} {bare}".strip()
    return bare
