"""What a conversation remembers: later beats earlier, children apart, nothing lost in the store."""

from __future__ import annotations

import datetime as dt

from agent.memory import from_json, remember, set_fact, to_json
from agent.types import ConversationState, Intent, SaidFact, Understanding
from tests.agent.conftest import NOW


def heard(*facts: SaidFact, **more: object) -> Understanding:
    values: dict[str, object] = {"intents": (Intent.TELL_FACTS,), "question": "", "topic": None, **more}
    return Understanding(facts=facts, **values)  # type: ignore[arg-type]


def after(state: ConversationState, *facts: SaidFact, **more: object) -> ConversationState:
    return remember(state, heard(*facts, **more), message_id="m", now=NOW)


def test_a_later_word_beats_an_earlier_one() -> None:
    state = after(ConversationState(), SaidFact("child_age", 7, "七岁"))
    assert after(state, SaidFact("child_age", 8, "八岁")).values == {"child_age": 8}


def test_hearsay_does_not_beat_what_is_certain() -> None:
    state = after(ConversationState(), SaidFact("father_state", "dead", "去世了"))
    assert after(state, SaidFact("father_state", "imprisoned", "听说", certain=False)).values == {
        "father_state": "dead"
    }


def test_a_correction_beats_everything_and_takes_its_details_along() -> None:
    state = after(
        ConversationState(),
        SaidFact("father_state", "imprisoned", "坐牢"),
        SaidFact("father_term_months", 72, "六年"),
    )
    mended = after(state, SaidFact("father_state", "seriously_ill", "是生病", certain=False, correction=True))
    assert mended.values == {"father_state": "seriously_ill"}


def test_what_is_taken_back_is_gone() -> None:
    state = after(ConversationState(), SaidFact("father_state", "imprisoned", "坐牢"))
    moved = after(state, SaidFact("mother_state", "imprisoned", "是他妈妈"), retracted=("father_state",))
    assert moved.values == {"mother_state": "imprisoned"}


def test_brothers_and_sisters_are_kept_apart() -> None:
    state = after(
        ConversationState(),
        SaidFact("child_age", 11, "11岁"),
        SaidFact("child_disability_level", 1, "一级"),
        SaidFact("father_state", "dead", "爸爸没了"),
    )
    brother = after(state, child="弟弟")
    assert brother.values == {"father_state": "dead"}, "parents are shared, the child's own facts are not"
    told = after(brother, SaidFact("child_age", 5, "5岁"))
    assert told.values == {"father_state": "dead", "child_age": 5}
    back = after(told, child="")
    assert back.values == {
        "father_state": "dead",
        "child_age": 11,
        "child_disability_level": 1,
        "child_disability_certificate": True,
    }
    assert after(back, child="弟弟").values["child_age"] == 5


def test_a_level_speaks_for_a_certificate_until_the_family_says_otherwise() -> None:
    state = after(ConversationState(), SaidFact("child_disability_level", 2, "二级"))
    implied = next(f for f in state.facts if f.name == "child_disability_certificate")
    assert implied.value is True and not implied.certain
    told = after(state, SaidFact("child_disability_certificate", False, "还没证"))
    assert told.values["child_disability_certificate"] is False
    assert (
        "child_disability_certificate"
        not in after(ConversationState(), SaidFact("child_disability_level", 0, "没评级")).values
    )


def test_what_was_declined_is_remembered() -> None:
    state = ConversationState(pending_question="child_hiv")
    assert after(state, declined=True).declined == ("child_hiv",)


def test_a_form_can_take_a_fact_away() -> None:
    state = after(ConversationState(), SaidFact("father_state", "dead", "没了"))
    assert set_fact(state, "father_state", None, now=NOW).values == {}
    changed = set_fact(state, "father_state", "able", now=NOW)
    assert changed.facts[0].declared_by == "form"


def test_the_state_outlives_storage_whole() -> None:
    state = after(
        ConversationState(topic="B02", asked=("child_age",), listed=("B02", "B16"), misses=1),
        SaidFact("child_age", 11, "11岁"),
        SaidFact("district", "西湖区", "西湖区"),
    )
    state = after(state, child="弟弟")
    assert from_json(to_json(state)) == state
    assert from_json(None) == ConversationState()
    assert from_json('{"topic": "B02", "of_a_later_release": 1}').topic == "B02"
    assert isinstance(from_json(to_json(state)).aside[0].facts[0].said_at, dt.datetime)


def test_a_niece_brings_parents_of_her_own() -> None:
    """What is told of her father says nothing of the first child's (critic_b C2)."""
    state = after(
        ConversationState(), SaidFact("child_age", 5, "5岁"), SaidFact("father_state", "dead", "没了")
    )
    niece = after(state, SaidFact("father_state", "able", "离婚了"), child="侄女")
    assert niece.values == {"father_state": "able"}
    assert after(niece, child="").values == {"child_age": 5, "father_state": "dead"}
