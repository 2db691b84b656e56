"""The learned reader: made of the present material, one pass a turn, and harmless when it is missing."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from agent.turn import KEPT_READ, Agent
from agent.types import ConversationState, Intent, RememberedFact, SaidFact, Understanding
from agent.understand import Understander, material
from agent.understand.columns import ANY, Value, column_of, columns
from agent.understand.facts import FactsSaid
from agent.understand.kin import family_of, with_parents_named
from agent.understand.learned import MODEL, Heard, LearnedReader
from agent.understand.lexicon import load_lexicon
from agent.understand.weigh import ADD, DOUBT, MEANT, SURE, VETO, Listen, more, weigh
from guardrails.signals.shared import SharedPass
from knowledge.encoder.inner import Pass
from tools.facts import FactBook

TODAY = dt.date(2026, 11, 21)
BOOK = FactBook.load()
LEXICON = load_lexicon()
NOW = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def shared() -> SharedPass:
    return SharedPass()


@pytest.fixture(scope="module")
def reader() -> Understander:
    found = Understander.load(BOOK, {})
    assert found.learned is not None
    return found


def read(reader: Understander, text: str, done: Pass | None) -> Understanding:
    return reader.read(text, None, ConversationState(), today=TODAY, done=done)


def test_the_model_is_of_the_present_material() -> None:
    """`python -m agent.understand.training` was run after the last change of the examples."""
    facts = json.loads((MODEL / "model.json").read_text(encoding="utf-8"))
    named = columns(BOOK)
    assert facts["material"] == material.digest(whole=True)
    assert facts["columns"] == {
        "intents": [i.value for i in named.intents],
        "facts": named.named,
        "guides": list(named.guides),
    }
    assert facts["sha256"] in (MODEL / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_it_hears_what_no_pattern_reads(reader: Understander, shared: SharedPass) -> None:
    text = "娃他爸早就躺在坟里头"
    assert reader.learned is not None
    facts = reader.learned.read(shared.run([text])).facts
    assert facts["parent_state", "dead"] > 0.5 > facts["parent_state", "imprisoned"]


def test_it_knows_which_guide_answers_words_that_name_none(reader: Understander, shared: SharedPass) -> None:
    """docs/adr/0015."""
    assert reader.learned is not None
    guides = reader.learned.read(
        shared.run(["我跟老公都在外省打工，女儿十四岁一个人住家里上学行不行"])
    ).guides
    assert max(guides, key=lambda entry: guides[entry]) == "B25"
    assert sum(guides.values()) == pytest.approx(1, abs=1e-3)


def test_a_reading_about_somebody_else_falls(reader: Understander, shared: SharedPass) -> None:
    text = "我老伴去年得肺癌走的"
    alone = read(reader, text, None)
    assert "child_serious_illness" not in {f.name for f in read(reader, text, shared.run([text])).facts}
    assert len(alone.facts) >= len(read(reader, text, shared.run([text])).facts)


@pytest.mark.parametrize("damage", ["missing", "other", "broken"])
def test_without_the_model_patterns_read_alone(
    damage: str, tmp_path: Path, reader: Understander, shared: SharedPass
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(MODEL, folder)
    if damage == "missing":
        (folder / "tail.onnx").unlink()
    elif damage == "other":
        (folder / "tail.onnx").write_bytes(b"something else")
    else:
        (folder / "model.json").write_text("{", encoding="utf-8")
    assert LearnedReader.load(folder) is None
    alone, text = replace(reader, learned=None), "他爸判了三年，他妈在家带他"
    assert read(alone, text, shared.run([text])) == read(alone, text, None) == read(reader, text, None)


# --- what becomes of both


def said(*facts: SaidFact, ambiguous: tuple[tuple[str, str], ...] = ()) -> FactsSaid:
    return FactsSaid(facts, (), ambiguous)


DEAD = said(SaidFact("father_state", "dead", "他爸没了"))
NOTHING, NOBODY = said(), ConversationState()
Chances = dict[tuple[str, Value], float]


def kept(
    heard: Chances,
    what: FactsSaid = DEAD,
    state: ConversationState = NOBODY,
    text: str = "他爸没了",
    *,
    whole: bool = True,
) -> dict[str, tuple[object, bool]]:
    return {f.name: (f.value, f.certain) for f in weigh(what, heard, text, state, whole=whole).facts}


def added(
    heard: Chances,
    text: str,
    what: FactsSaid = NOTHING,
    state: ConversationState = NOBODY,
    *,
    asks: bool = False,
    listen: Listen | None = None,
) -> dict[str, object]:
    found = more(what, heard, text, state, LEXICON, family_of(text, LEXICON), asks=asks, listen=listen)
    return {fact.name: fact.value for fact in found}


def test_an_unlikely_reading_falls_and_a_doubtful_one_is_doubted() -> None:
    assert kept({("parent_state", "dead"): VETO / 2}) == {}
    assert kept({("parent_state", "dead"): (VETO + DOUBT) / 2}) == {"father_state": ("dead", False)}
    assert VETO < DOUBT
    assert kept({("parent_state", "dead"): 0.9}) == {"father_state": ("dead", True)}


def test_where_one_value_falls_the_one_that_is_clearly_said_stands() -> None:
    """他爸在戒毒所当保安: a pattern reads detox, the words say that he works."""
    guard = said(SaidFact("father_state", "compulsory_detox", "他爸在戒毒所当保安"))
    heard: Chances = {("parent_state", "compulsory_detox"): 0.0, ("parent_state", "able"): (1 + MEANT) / 2}
    assert kept(heard, guard) == {"father_state": ("able", False)}
    both = said(*guard.facts, SaidFact("mother_state", "able", "他妈上班"))
    assert kept({**heard, ("parent_state", "able"): 1.0}, both) == {"mother_state": ("able", True)}
    granted = said(SaidFact("recognised_orphan", False, "孤儿"))
    likely: Chances = {("recognised_orphan", False): 0.0, ("recognised_orphan", True): (MEANT + SURE) / 2}
    assert kept(likely, granted) == {}
    assert kept({**likely, ("recognised_orphan", True): 1.0}, granted) == {"recognised_orphan": (True, False)}


def test_of_a_message_that_was_not_read_to_its_end_nothing_falls() -> None:
    assert kept({("parent_state", "dead"): 0.0}, whole=False) == {"father_state": ("dead", True)}


def test_what_is_said_plainly_falls_for_no_unlikeness() -> None:
    jailed = said(SaidFact("father_state", "imprisoned", "爸妈都在服刑"))
    heard: Chances = {("parent_state", "imprisoned"): 0.0}
    assert weigh(jailed, heard, "爸妈都在服刑", NOBODY, whole=True).facts == ()
    plainly = weigh(jailed, heard, "爸妈都在服刑", NOBODY, whole=True, plainly=LEXICON.says_plainly)
    assert plainly.facts == jailed.facts


def test_the_reader_hears_the_mother_where_an_uncle_says_his_sister() -> None:
    """The reader knows no talk: whom 我妹妹 means is told it."""
    family = family_of("我妹妹精神病，外甥跟我", LEXICON)
    assert with_parents_named("我妹妹精神病", family) == "孩子妈妈精神病"
    assert with_parents_named("他妈精神病", family_of("他妈精神病", LEXICON)) == "他妈精神病"


@pytest.mark.parametrize(
    ("name", "value", "text", "open_"),
    [
        ("urgent_need", "no_food", "今天没带钱", False),
        ("urgent_need", "no_food", "两天没吃东西了", True),
        ("carer", "grandparent", "孩子三岁前是外婆带的", False),
        ("carer", "grandparent", "小时候外婆带，现在也是外婆带", True),
        ("parents_working_away", "both", "我妈残疾，我爸打工", False),
        ("parent_state", "imprisoned", "他爸会不会判刑", False),
        ("parent_state", "imprisoned", "她爸可能坐牢了", True),
        ("parent_state", "able", "他妈妈是越南的，前年回去了", False),
        ("parent_state", "able", "他爸在家种田，农忙才回来", True),
        ("school_stage", "primary", "过完年就要上小学了", False),
        ("school_stage", "primary", "女儿上小学，成绩还行", True),
    ],
)
def test_likeness_needs_words_that_leave_it_open(name: str, value: str, text: str, *, open_: bool) -> None:
    assert LEXICON.may_be_like(name, value, text) is open_


def test_a_sure_reader_may_say_where_a_household_is_registered() -> None:
    heard: Chances = {("registered_residence", "other_province"): 0.99}
    assert added(heard, "孩子户口随我，在江苏") == {"registered_residence": "other_province"}
    assert added(heard, "孩子户口随我，在江苏", asks=True) == {}
    assert added({("household_category", "minimum_living_allowance"): 0.99}, "低保的事") == {}


def test_urgent_need_never_falls() -> None:
    """A family without food is not left without the urgent lane because a model doubts it."""
    need = said(SaidFact("urgent_need", "no_food", "没米了"))
    assert kept({("urgent_need", "no_food"): 0.0}, need, text="没米了") == {"urgent_need": ("no_food", True)}


def test_what_answers_our_question_is_not_vetoed() -> None:
    """`replies.py` reads a bare 两年: its words alone say nothing."""
    term = said(SaidFact("father_term_months", 24, "两年"))
    asked = ConversationState(pending_question="father_state")
    found = kept({("parent_term_months", ANY): 0.0}, term, asked, "两年")
    assert found == {"father_term_months": (24, True)}


def test_a_correction_is_left_to_the_patterns() -> None:
    held = RememberedFact("father_state", "imprisoned", "m", NOW)
    state = ConversationState(facts=(held,))
    assert kept({("parent_state", "dead"): 0.0}, DEAD, state, "不对，是他爸没了") == {
        "father_state": ("dead", True)
    }


def test_a_likely_value_is_believed_of_whom_the_words_name() -> None:
    heard: Chances = {("parent_state", "dead"): (1 + ADD) / 2}
    assert added(heard, "他爸早就埋到后山去了，人不在") == {"father_state": "dead"}
    assert added(heard, "他爸早就埋到后山去了，人不在", said(ambiguous=(("father_state", "走了"),))) == {}
    assert added(heard, "早就埋到后山去了，人不在") == {}
    assert added(heard, "听邻居家说他爸埋到后山去了，人不在") == {}
    assert added({("parent_state", "dead"): ADD - 0.1}, "他爸早就埋到后山去了，人不在") == {}


def test_in_a_question_the_reader_must_be_sure() -> None:
    text = "他爸早就埋到后山去了，人不在，能领什么"
    assert added({("parent_state", "dead"): (ADD + SURE) / 2}, text, asks=True) == {}
    assert added({("parent_state", "dead"): 1.0}, text, asks=True) == {"father_state": "dead"}


def test_of_two_parents_each_is_read_in_the_clause_that_names_it() -> None:
    clauses: dict[str, Chances] = {
        "爸爸在押": {("parent_state", "imprisoned"): 1.0},
        "妈妈在家抱着": {("parent_state", "able"): 1.0},
        "两人都没话说": {("parent_state", "dead"): 1.0},
    }
    text = "，".join(clauses)
    heard: Chances = {("parent_state", "imprisoned"): 1.0}
    found = added(heard, text, listen=lambda clause: clauses[clause])
    assert found == {"father_state": "imprisoned", "mother_state": "able"}
    known = said(SaidFact("father_state", "imprisoned", "爸爸在押"))
    assert added(heard, text, known, listen=lambda clause: clauses[clause]) == {"mother_state": "able"}
    assert added(heard, text) == {}


@pytest.mark.parametrize(
    "text", ["想给孩子办孤儿证", "听说孤儿证发了", "等批了孤儿证就发了", "孩子符合孤儿条件"]
)
def test_what_an_office_granted_is_not_believed_where_it_is_only_spoken_of(text: str) -> None:
    assert added({("recognised_orphan", True): 1.0}, text) == {}
    assert added({("child_hiv", True): 1.0}, "孩子查出来艾滋，阳性") == {}


def test_what_an_office_granted_a_sure_reader_says_with_doubt() -> None:
    assert added({("recognised_orphan", True): (ADD + SURE) / 2}, "孩子是孤儿，证发了") == {}
    assert added({("recognised_orphan", True): 1.0}, "孩子是孤儿，证发了") == {"recognised_orphan": True}


def test_who_writes_of_an_own_parent_says_nothing_of_the_child_s() -> None:
    """他爸的爸爸去世了; 我爸爸去世了，孩子爸爸在家: a grandfather."""
    heard: Chances = {("parent_state", "dead"): 1.0}

    def silent(clause: str) -> Chances:
        return {("parent_state", "able"): 0.0}

    assert added(heard, "他爸的爸爸去世了", listen=silent) == {}
    assert added(heard, "我爸爸去世了，孩子爸爸在家", listen=silent) == {}


def test_numbers_are_never_guessed() -> None:
    assert added({("child_age", ANY): 1.0}, "孩子读书好几年了") == {}


@pytest.mark.parametrize(
    ("name", "value", "column"),
    [
        ("child_age", 7, ("child_age", ANY)),
        ("mother_absent_months", 7, ("parent_absent_months", ANY)),
        ("child_disability_level", 2, ("somebody_disability_level", 2)),
        ("father_disability_level", 0, ("somebody_disability_level", ANY)),
        ("district", "西湖区", ("district", ANY)),
        ("insured", False, ("insured", False)),
        ("carer", "parent", ("carer", "parent")),
    ],
)
def test_columns(name: str, value: Value, column: tuple[str, Value]) -> None:
    assert column_of(name, value) == column


def test_of_few_waiting_messages_the_states_are_kept(agent: Agent, shared: SharedPass) -> None:
    """A hundred messages that wait cost no memory to speak of; patterns read those that waited longest."""
    screening = replace(agent.screen_alone("怎么申请"), read=shared.run(["怎么申请"]))
    names = [f"waiting {number}" for number in range(KEPT_READ + 3)]
    for name in names:
        agent.keep_screening(name, screening)
    kept = [agent.screening_of(name) for name in names]
    read = [one.screening is not None and one.screening.read is not None for one in kept]
    assert read == [False] * 3 + [True] * KEPT_READ


def test_a_wish_that_a_word_only_looks_like_is_none(shared: SharedPass, reader: Understander) -> None:
    text = "媳妇前年提个包走了，电话也换了"
    assert Intent.CONTACT not in read(reader, text, shared.run([text])).intents


def test_every_intent_has_a_probability(shared: SharedPass) -> None:
    learned = LearnedReader.load()
    assert learned is not None
    heard: Heard = learned.read(shared.run(["去哪里办，要带什么"]))
    assert set(heard.lead) == set(heard.wishes) == set(Intent)
    assert sum(heard.lead.values()) == pytest.approx(1, abs=1e-4)
    assert heard.wishes[Intent.WHERE] > 0.5 < heard.wishes[Intent.MATERIALS]
