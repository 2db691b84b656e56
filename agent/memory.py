"""What a conversation remembers: facts with their message and time, corrected by later ones."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from agent.types import ChildAside, ConversationState, RememberedFact, Understanding
from agent.understand.roles import known_to
from tools.types import FactValue

_CHILD_FACTS = frozenset(
    {"needs_long_term_care", "insured", "full_time_student", "limb_surgery_indicated", "registered_residence"}
)
"""Besides those named for the child: what may differ between brothers and sisters."""
_DEPENDENT = {
    "state": ("term_months", "absent_months", "search_reported", "disability_kind", "disability_level"),
    "kind": ("level", "certificate"),
}
"""What was said of a state falls with it: no prison term of a parent who turns out to be ill."""


def remember(
    state: ConversationState, understanding: Understanding, *, message_id: str, now: dt.datetime
) -> ConversationState:
    """The state with this message's facts; later beats earlier, certain beats uncertain."""
    if understanding.child is not None and understanding.child != state.child:
        state = _turn_to(state, understanding.child)
    kept = {fact.name: fact for fact in state.facts}
    for name in understanding.retracted:
        kept.pop(name, None)
    for said in understanding.facts:
        old = kept.get(said.name)
        if old is not None and old.value == said.value and old.certain and not said.certain:
            continue
        if old is not None and old.value != said.value:
            if old.certain and not said.certain and not said.correction:
                continue
            _drop_dependent(kept, said.name)
        kept[said.name] = RememberedFact(said.name, said.value, message_id, now, "family", said.certain)
    level = kept.get("child_disability_level")
    if level is not None and level.value != 0 and "child_disability_certificate" not in kept:
        # A level is given with the certificate; believed with doubt until the family says otherwise.
        kept["child_disability_certificate"] = replace(
            level, name="child_disability_certificate", value=True, certain=False
        )
    pending = state.pending_question or state.unanswered
    answered = pending is not None and pending in kept
    declined = state.declined
    if understanding.declined and pending is not None and not answered:
        declined = tuple(dict.fromkeys((*declined, pending)))
    district = str(kept["district"].value) if "district" in kept else state.district
    asked = tuple(dict.fromkeys((*state.asked, *known_to(understanding.role))))
    return replace(
        state,
        facts=tuple(kept.values()),
        declined=declined,
        district=district,
        asked=asked,
        role=understanding.role,
    )


def _turn_to(state: ConversationState, child: str) -> ConversationState:
    """The state with another child in front; parents and household stay, the first child is kept aside."""
    differs = _of_child_and_parents if has_own_parents(state.child, child) else of_child
    own = tuple(f for f in state.facts if differs(f.name))
    away = ChildAside(state.child, own, tuple(name for name in state.asked if differs(name)))
    back = next((one for one in state.aside if one.child == child), ChildAside(child, (), ()))
    return replace(
        state,
        facts=(*(f for f in state.facts if not differs(f.name)), *back.facts),
        asked=(*(name for name in state.asked if not differs(name)), *back.asked),
        child=child,
        aside=(
            *(one for one in state.aside if one.child != child),
            *((away,) if away.facts or away.child else ()),
        ),
        pending_question=None,
        listed=(),
    )


def of_child(name: str) -> bool:
    """Whether a fact may differ between brothers and sisters."""
    return name.startswith(("child_", "school_", "recognised_", "receives_")) or name in _CHILD_FACTS


_OF_A_SIBLING = re.compile(r"侄|外甥")
"""A child with parents of its own."""


def has_own_parents(before: str, child: str) -> bool:
    """Whether the child turned to, or the one turned from, has other parents: 侄女."""
    return bool(_OF_A_SIBLING.search(f"{before} {child}"))


def _of_child_and_parents(name: str) -> bool:
    return of_child(name) or name.startswith(("father_", "mother_"))


def _drop_dependent(kept: dict[str, RememberedFact], name: str) -> None:
    stem, _, last = name.rpartition("_")
    for part in _DEPENDENT.get(last, ()):
        kept.pop(f"{stem}_{part}", None)


def set_fact(
    state: ConversationState, name: str, value: FactValue | None, *, now: dt.datetime
) -> ConversationState:
    """A correction by form, from the widget or the desk; None removes the fact."""
    kept = {fact.name: fact for fact in state.facts}
    old = kept.pop(name, None)
    if old is not None and old.value != value:
        _drop_dependent(kept, name)
    if value is not None:
        kept[name] = RememberedFact(name, value, "form", now, "form")
    district = str(value or "") if name == "district" else state.district
    return replace(state, facts=tuple(kept.values()), district=district)


def with_facts(facts: Iterable[tuple[str, FactValue]], *, now: dt.datetime) -> tuple[RememberedFact, ...]:
    """Facts that came with a request rather than with a message."""
    return tuple(RememberedFact(name, value, "form", now, "form") for name, value in facts)


def to_json(state: ConversationState) -> str:
    """For the store, which encrypts it."""

    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, dt.datetime) else value

    return json.dumps(asdict(state), ensure_ascii=False, default=plain)


def from_json(text: str | None) -> ConversationState:
    """The stored state; a state of an older release lacks fields and gets their defaults."""
    if not text:
        return ConversationState()
    loaded: dict[str, Any] = json.loads(text)
    facts = _facts(loaded.pop("facts", ()))
    aside = tuple(
        ChildAside(one["child"], _facts(one["facts"]), tuple(one["asked"])) for one in loaded.pop("aside", ())
    )
    known = {name: value for name, value in loaded.items() if name in ConversationState.__dataclass_fields__}
    for name in ("asked", "declined", "listed", "more", "suggested"):
        known[name] = tuple(known.get(name, ()))
    return ConversationState(facts=facts, aside=aside, **known)


def _facts(items: Iterable[dict[str, Any]]) -> tuple[RememberedFact, ...]:
    return tuple(
        RememberedFact(**{**fact, "said_at": dt.datetime.fromisoformat(fact["said_at"])}) for fact in items
    )
