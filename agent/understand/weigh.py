"""Facts that patterns read, weighed against what the learned reader heard: vetoed, doubted, or more of them.

Patterns are exact where they fit and blind beyond; the learned reader knows other words and whom they are
about. Numbers and names stay with the patterns; of them the reader only judges whether they are said at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import replace

from agent.types import ConversationState, Intent, SaidFact
from agent.understand.columns import ANY, Value, column_of, subjectless
from agent.understand.facts import FactsSaid, corrects
from agent.understand.kin import Family, Subject
from agent.understand.learned import Heard
from agent.understand.lexicon import Lexicon
from agent.understand.said import (
    BY_WORDS_ONLY,
    GRANTED,
    NOT_OURS,
    OF_ANYBODY,
    parents_named,
    settled_by_words,
)

Listen = Callable[[str], Mapping[tuple[str, Value], float]]
"""Probabilities of each value in a clause by itself."""
VETO = 0.05
"""Below this probability what a pattern read is not what the words say."""
HEARD_ALONE = 0.5
"""From this probability on, in its own clause, it is said after all: the reader may lose one fact of five."""
DOUBT = 0.1
"""Below this it is believed with doubt."""
ADD = 0.95
"""From this on a value is said although no pattern reads it, where a word of its subject stands there too."""
MEANT = 0.9
"""From this on another value than the one that a pattern read stands in its place."""
SURE = 0.97
"""From this on without doubt, and in a question too."""
BY_OFFICE = ("deported", "declared_missing", "guardianship_revoked")
"""States that only an office decides: 跑回越南 is no deportation."""
_NEVER_BY_LIKENESS = frozenset(
    {("child_hiv", True), ("child_hiv", False)}
    | {("household_category", "minimum_living_allowance"), ("household_category", "extreme_hardship")}
    | {("household_category", "minimum_living_allowance_edge"), ("household_category", "rigid_expenditure")}
)
"""Too much hangs on it: what is paid to a household shuts out, or opens, much else."""
_ONLY_SPOKEN_OF = re.compile(
    r"想|打算|希望|准备|盼|如果|要是|假如|万一|听说|据说|人家|别人|邻居|隔壁|能不能|可不可以|可以|该不该|符合|够不够|条件|要不要|等[^，。]{0,4}(?:批|办|认定|下来)"
)
"""Of what an office grants these words tell what may be, or what others have."""
_TOLD_ANYHOW = frozenset({"parent_state", "carer"})
"""What families tell in words that no list holds (骨灰领回来了): a sure reader needs no word for it."""
_EXACT = ("_disability_kind", "_disability_level", "district", "urgent_need")
"""Of these the patterns err less than the reader does, or a missed one costs more than a false one."""
OF_LEARNED = 0.7
"""How much the learned reader counts for the wishes, beside the head on the sentence vector."""


def shares(head: Mapping[Intent, float], heard: Heard) -> dict[Intent, float]:
    """The share of each intent by both: two wishes of one message share what there is."""
    total = max(1.0, sum(heard.wishes.values()))
    return {
        intent: (1 - OF_LEARNED) * share
        + OF_LEARNED * (heard.lead[intent] + heard.wishes[intent] / total) / 2
        for intent, share in head.items()
    }


UNLIKELY = 0.05
"""Below this probability a wish is not meant, whatever word stands there: 电话也换了 asks for no number."""
CLEAR = 0.8
"""From this share on a wish leads where no other is left."""
_NEVER_DROPPED = frozenset(
    {
        Intent.HUMAN, Intent.FORGET_ME, Intent.OTHER_PLACE, Intent.CORRECT, Intent.STATUS_OF_MY_CASE,
        Intent.APPEAL,
    }
)  # fmt: skip
"""Each was found by what weighs more than words alone, or costs the family too much when it is missed."""
_NEVER_ALONE = _NEVER_DROPPED | {Intent.URGENT_NEED}
"""Nor is one of these believed on a likeness alone: 杭州低保线 is no question about another place."""


def likely(intents: tuple[Intent, ...], heard: Heard, said: FactsSaid) -> tuple[Intent, ...]:
    """The wishes without those that the learned reader finds very unlikely."""
    urgent = any(fact.name == "urgent_need" and fact.value != "none" for fact in said.facts)
    kept = tuple(
        one
        for one in intents
        if max(heard.wishes[one], heard.lead[one]) >= UNLIKELY
        or one in _NEVER_DROPPED
        or (one is Intent.URGENT_NEED and urgent)
    )
    best = max(heard.lead, key=lambda one: heard.lead[one])
    return kept or ((best,) if heard.lead[best] >= CLEAR and best not in _NEVER_ALONE else intents)


def weigh(
    said: FactsSaid,
    heard: Mapping[tuple[str, Value], float],
    text: str,
    state: ConversationState,
    *,
    whole: bool,
    listen: Listen | None = None,
    plainly: Callable[[SaidFact], bool] = lambda fact: False,
) -> FactsSaid:
    """What of the patterns' reading holds.

    Args:
        said: what patterns read.
        heard: the probability of each value.
        text: the message in plain words.
        state: what is remembered; what answers or mends it is left to the patterns.
        whole: whether the reader read the whole message; if not nothing falls.
        listen: reads a clause by itself, before what it says falls.
        plainly: whether the words of a fact leave nothing to judge.
    """
    if not whole or said.retracted or (state.facts and corrects(text)):
        return said
    kept = [
        fact
        if plainly(fact)
        else _judged(fact, heard, text, state, listen) or _meant(fact, said, heard, text)
        for fact in said.facts
    ]
    return replace(said, facts=tuple(fact for fact in kept if fact is not None))


def _meant(
    fact: SaidFact, said: FactsSaid, heard: Mapping[tuple[str, Value], float], text: str
) -> SaidFact | None:
    """The other value of a fact that fell, where the words clearly say it: 在戒毒所当保安 is able."""
    name, _ = column_of(fact.name, fact.value)
    value, chance = max(((v, p) for (n, v), p in heard.items() if n == name), key=lambda one: one[1])
    others = {column_of(f.name, f.value)[1] for f in said.facts if column_of(f.name, f.value)[0] == name}
    if chance < MEANT or value in (ANY, *BY_OFFICE, *others) or (name, value) in _NEVER_BY_LIKENESS:
        return None
    if fact.value == "out_of_contact" and value == "able":
        return replace(fact, certain=False)  # who takes a missing parent for a present one shuts the door
    if (name in BY_WORDS_ONLY and chance < SURE) or (value is False and not _DENIES.search(text)):
        return None
    return replace(fact, value=value, certain=False)


def _judged(
    fact: SaidFact,
    heard: Mapping[tuple[str, Value], float],
    text: str,
    state: ConversationState,
    listen: Listen | None,
) -> SaidFact | None:
    """The fact, the fact with doubt, or None where the words do not say it."""
    name, value = column_of(fact.name, fact.value)
    chance = heard.get((subjectless(name), value))
    if name == "carer" and "我" in fact.span:
        # Which value 跟着我过 has, the talk tells; the message alone tells only that somebody cares.
        chance = max((p for (one, _), p in heard.items() if one == name), default=chance)
    if chance is None or fact.name.endswith(_EXACT) or _answers(fact.name, state):
        return fact
    if chance < VETO and listen is not None and fact.span and not _settled_otherwise(name, value, heard):
        alone = listen(_clause(text, fact.span)).get((subjectless(name), value), 0.0)
        chance = 1.0 if alone >= HEARD_ALONE else chance
    if chance < VETO:
        return None
    return replace(fact, certain=False) if chance < DOUBT else fact


def _settled_otherwise(name: str, value: Value, heard: Mapping[tuple[str, Value], float]) -> bool:
    """Whether the whole message clearly says another value, whatever its first clause says by itself.

    抱养来的，没去登记. Of two parents each may have another state, two may share the care, and a
    household may have had what it has no longer.
    """
    others = (p for (one, v), p in heard.items() if one == subjectless(name) and v not in (value, ANY))
    return (
        not name.startswith(("parent_", "somebody_", "carer", "household_"))
        and max(others, default=0.0) >= SURE
    )


def _clause(text: str, span: str) -> str:
    """The clause that a reading stands in: 四个月 alone says nothing of whose term it is."""
    return next((clause for clause in _CLAUSES.split(text) if span in clause), span)


_DENIES = re.compile(r"没|不|无|未|勿|非|别|停|断|退|取消|丢|漏|忘|过期|拒|驳|阴")
"""Without one of these nothing is denied: 老公家暴我好几年."""
_CLAUSES = re.compile(r"[，,。；;！!？?\s]+")


def _answers(name: str, state: ConversationState) -> bool:
    """Whether a fact may be said in few words because the talk is about it already."""
    pending = state.pending_question or state.unanswered
    if pending is not None and (name == pending or _about(name) == _about(pending)):
        return True
    return name.endswith("_months") and f"{_about(name)}_state" in state.values


def _about(name: str) -> str:
    return name.partition("_")[0]


def more(
    said: FactsSaid,
    heard: Mapping[tuple[str, Value], float],
    text: str,
    state: ConversationState,
    lexicon: Lexicon,
    family: Family,
    *,
    asks: bool = False,
    listen: Listen | None = None,
) -> Iterator[SaidFact]:
    """Values that a message says in words that no pattern knows, of whom its words name.

    As with the head on the sentence vector (`said.py`), a word of the subject stands there (of what families
    tell in any words the reader must be sure instead), and what is affirmed or denied agrees. What an office
    granted is never believed by likeness.

    Args:
        said: what was read so far.
        heard: the probability of each value.
        text: the message in plain words.
        state: what is remembered.
        lexicon: words of the house.
        family: who is who.
        asks: whether the message asks for something; then the reader must be sure.
        listen: reads a clause by itself, to tell what is said of which parent.
    """
    if NOT_OURS.search(text) or lexicon.hypothetical.search(text):
        return
    taken = {fact.name for fact in said.facts} | {name for name, _ in said.ambiguous} | state.values.keys()
    parents = parents_named(text, lexicon, family)
    best: dict[str, tuple[Value, float]] = {}
    for (name, value), chance in heard.items():
        if chance > best.get(name, (ANY, 0.0))[1]:
            best[name] = (value, chance)
    for name, (value, chance) in best.items():
        about = lexicon.data.about.get(name)
        named = about is not None and re.search(about, text) is not None
        least = ADD if named and not asks else SURE
        if chance < least or not _by_likeness(name, value, chance, text, lexicon, asks=asks):
            continue
        if not (named or name in _TOLD_ANYHOW):
            continue
        if name == "parent_state" and listen is not None and _of_several(parents, text, family):
            both = value == "able" and chance >= SURE and _both_away(said)
            yield from (
                _of_both(value, text, parents, taken)
                if both
                else _of_each_parent(text, listen, taken, lexicon, family)
            )
            continue
        names = [name.replace("parent", one) for one in parents] if name.startswith("parent_") else [name]
        if len(names) != 1 or (name.startswith("child_") and parents and name not in OF_ANYBODY):
            continue
        if isinstance(value, bool):
            scores = [(name, value, chance), (name, not value, heard.get((name, not value), 0.0))]
            settled = settled_by_words(name, value, scores, text, lexicon)
            if settled is None:
                continue
            value = settled
        if names[0] not in taken:
            sure = chance >= SURE and not lexicon.doubt.search(text) and name not in GRANTED
            yield SaidFact(names[0], value, text, certain=sure)


def _of_several(parents: Mapping[str, None], text: str, family: Family) -> bool:
    """Whether the words are of more people than one: 我爸爸去世了，孩子爸爸在家."""
    return len(parents) > 1 or (family.speaker is not Subject.CHILD and bool(_MY_PARENT.search(text)))


_MY_PARENT = re.compile(r"我的?(?:爸|妈|爹|娘|父亲|母亲)")


def _both_away(said: FactsSaid) -> bool:
    """爸妈常年在外，过年才回来: what is said of both together, no clause says of one."""
    return any(fact.name == "parents_working_away" and fact.value == "both" for fact in said.facts)


def _of_both(value: Value, text: str, parents: Mapping[str, None], taken: Set[str]) -> Iterator[SaidFact]:
    return (SaidFact(f"{one}_state", value, text) for one in parents if f"{one}_state" not in taken)


def _by_likeness(name: str, value: Value, chance: float, text: str, lexicon: Lexicon, *, asks: bool) -> bool:
    """Whether likeness is a ground for a value: not where an office decides, or words rule it out.

    What an office granted (孤儿 recognised, an allowance paid) a sure reader may say with doubt, where a word
    of it stands there and nothing is only wished, heard or asked.
    """
    if value in (ANY, *BY_OFFICE) or not lexicon.may_be_like(name, value, text):
        return False
    if name not in BY_WORDS_ONLY:
        return True
    told = chance >= SURE and not asks and not _ONLY_SPOKEN_OF.search(text)
    return told and (name, value) not in _NEVER_BY_LIKENESS


def _of_each_parent(
    text: str, listen: Listen, taken: Set[str], lexicon: Lexicon, family: Family
) -> Iterator[SaidFact]:
    """What is said of father and of mother, each in a clause that names only one of them."""
    for clause in _CLAUSES.split(text):
        parents = list(parents_named(clause, lexicon, family))
        if len(parents) != 1 or f"{parents[0]}_state" in taken:
            continue
        states = {value: chance for (name, value), chance in listen(clause).items() if name == "parent_state"}
        value, chance = max(states.items(), key=lambda one: one[1])
        if chance >= SURE and value not in BY_OFFICE:
            certain = not lexicon.doubt.search(clause)
            yield SaidFact(f"{parents[0]}_state", value, clause, certain=certain)
            taken = {*taken, f"{parents[0]}_state"}
