"""Facts that patterns read, weighed against what the learned reader heard: vetoed, doubted, or more of them.

Patterns are exact where they fit and blind beyond; the learned reader knows other words and whom they are
about. Numbers and names stay with the patterns; of them the reader only judges whether they are said at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from agent.types import ConversationState, Intent, SaidFact
from agent.understand.columns import ANY, Value, column_of
from agent.understand.facts import FactsSaid, corrects
from agent.understand.learned import Heard
from agent.understand.lexicon import Lexicon

VETO = 0.05
"""Below this probability what a pattern read is not what the words say."""
DOUBT = 0.2
"""Below this it is believed with doubt."""
ADD = 0.6
"""From this on a value is said although no pattern reads it."""
SURE = 0.85
"""From this on without doubt."""
GRANTED = 0.9
"""As much it takes for what an office has granted and for what is nobody's guess."""
_GRANTED = frozenset(
    {
        "household_category",
        "recognised_orphan",
        "recognised_de_facto_unsupported",
        "child_adopted",
        "child_hiv",
    }
    | {"receives_basic_living_allowance", "receives_disability_living_allowance"}
)


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


UNLIKELY = 0.02
"""Below this probability a wish is not meant, whatever word stands there: 电话也换了 asks for no number."""
CLEAR = 0.8
"""From this share on a wish leads where no other is left."""
_NEVER_DROPPED = frozenset({Intent.HUMAN, Intent.FORGET_ME, Intent.OTHER_PLACE, Intent.CORRECT})
"""Each was found by what weighs more than words alone, or costs the family too much when it is missed."""


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
    return kept or ((best,) if heard.lead[best] >= CLEAR else intents)


def weigh(
    said: FactsSaid,
    heard: Mapping[tuple[str, Value], float],
    text: str,
    state: ConversationState,
    lexicon: Lexicon,
    *,
    whole: bool,
) -> FactsSaid:
    """What holds of both.

    Args:
        said: what patterns read.
        heard: the probability of each value.
        text: the message in plain words.
        state: what is remembered; what answers or mends it is left to the patterns.
        lexicon: word lists.
        whole: whether the reader read the whole message; if not it only adds.
    """
    if said.retracted or (state.facts and corrects(text)):
        return said
    kept = [_judged(fact, heard, state) if whole else fact for fact in said.facts]
    facts = [fact for fact in kept if fact is not None]
    taken = {fact.name for fact in facts} | {name for name, _ in said.ambiguous}
    doubtful = bool(lexicon.doubt.search(text))
    more = [
        SaidFact(name, value, text, certain=chance >= SURE and not doubtful, correction=_changes(name, state))
        for name, value, chance in _likely(heard, state)
        if name not in taken
    ]
    return replace(said, facts=(*facts, *more))


def _judged(
    fact: SaidFact, heard: Mapping[tuple[str, Value], float], state: ConversationState
) -> SaidFact | None:
    """The fact, the fact with doubt, or None where the words do not say it."""
    chance = heard.get(column_of(fact.name, fact.value))
    if chance is None or _answers(fact.name, state):
        return fact
    if chance < VETO:
        return None
    return replace(fact, certain=False) if chance < DOUBT else fact


def _answers(name: str, state: ConversationState) -> bool:
    """Whether a fact may be said in few words because the talk is about it already."""
    pending = state.pending_question or state.unanswered
    if pending is not None and (name == pending or _about(name) == _about(pending)):
        return True
    return name.endswith("_months") and f"{_about(name)}_state" in state.values


def _about(name: str) -> str:
    return name.partition("_")[0]


def _likely(
    heard: Mapping[tuple[str, Value], float], state: ConversationState
) -> Iterator[tuple[str, Value, float]]:
    """Of each fact the likeliest value, where it is likely enough."""
    best: dict[str, tuple[Value, float]] = {}
    for (name, value), chance in heard.items():
        if value != ANY and chance > best.get(name, (ANY, 0.0))[1]:
            best[name] = (value, chance)
    for name, (value, chance) in best.items():
        if chance >= (GRANTED if name in _GRANTED else ADD):
            yield name, value, chance


def _changes(name: str, state: ConversationState) -> bool:
    return name in state.values
