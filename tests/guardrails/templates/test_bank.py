"""The bank of cards: complete, ordered (CR-12), free of the phrases of CR-14, in plain language (AX-8)."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from guardrails.templates import Buttons, Call, Card, TemplateBank, Text
from guardrails.templates.bank import BANK, CARDED, BankError
from guardrails.types import Category, Route, Speaker
from tools.directory import Directory

NOW = dt.datetime(2026, 11, 21, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
DIRECTORY = Directory.load()
BANKED = TemplateBank.load(DIRECTORY)
FORBIDDEN = yaml.safe_load(BANK.with_name("forbidden.yaml").read_text(encoding="utf-8"))["phrases"]
ALL = list(itertools.product(CARDED, [None, *Category], Speaker))


def cards() -> list[tuple[Route, Speaker, Card]]:
    return [
        (route, speaker, BANKED.card(route, category, speaker, now=NOW, ticket_stored=stored))
        for (route, category, speaker), stored in itertools.product(ALL, (True, False))
    ]


def words(card: Card) -> list[str]:
    found = [card.title, card.follow_up]
    for block in card.blocks:
        if isinstance(block, Text):
            found.append(block.text)
        elif isinstance(block, Call):
            found.append(block.label)
        else:
            found += [item.label for item in block.items]
    return [text for text in found if text]


def sentences(card: Card) -> list[str]:
    spoken = [card.title, card.follow_up, *(b.text for b in card.blocks if isinstance(b, Text))]
    return [s for text in spoken for s in re.split(r"[。？！]", text) if s]


def test_every_case_has_a_card() -> None:
    """CR-10: route x category x speaker."""
    assert all(card.title and card.version and card.reviewer for _, _, card in cards())


def test_crisis_order() -> None:
    """CR-12: one human sentence, 120 or 110 within 60 characters, then who was told."""
    for route, _, card in cards():
        if route is not Route.CRISIS_NOW:
            continue
        first = next(i for i, block in enumerate(card.blocks) if isinstance(block, Call))
        before = card.title + "".join(b.text for b in card.blocks[:first] if isinstance(b, Text))
        call = card.blocks[first]
        assert isinstance(call, Call)
        assert len(before) + len(call.label) <= 60, card.id
        assert call.number in ("110", "120"), card.id


def test_first_number_fits_the_danger() -> None:
    """CR-12: 120 for the body, 110 for violence and missing children."""

    def first(category: Category) -> str:
        card = BANKED.card(Route.CRISIS_NOW, category, Speaker.ADULT, now=NOW, ticket_stored=True)
        return next(block.number for block in card.blocks if isinstance(block, Call))

    assert first(Category.MEDICAL_EMERGENCY) == "120"
    assert first(Category.SUICIDE_SELF) == "120"
    for category in (Category.ABUSE_PHYSICAL, Category.SEXUAL_ABUSE, Category.MISSING_RUNAWAY_TRAFFICKING):
        assert first(category) == "110"


@pytest.mark.parametrize("stored", [True, False])
def test_staff_told_only_with_a_ticket(stored: bool) -> None:
    """CR-12, CR-22."""
    for route, category, speaker in ALL:
        card = BANKED.card(route, category, speaker, now=NOW, ticket_stored=stored)
        said = "已经通知值班人员" in "".join(words(card))
        assert said == (stored and route.interrupts), card.id


def test_numbers_come_from_the_directory() -> None:
    """CR-13: no digit of a number in the words; lines without confirmed hours say so."""
    raw = BANK.read_text(encoding="utf-8")
    spoken = re.findall(r"(?:text|title|label|say|follow_up): ([^,}\n]+)", raw)
    assert not [text for text in spoken if re.search(r"\d", text)]
    for _, _, card in cards():
        for block in card.blocks:
            if isinstance(block, Call):
                assert block.number in DIRECTORY.numbers
                assert block.open_now is not False
                assert block.open_now or "服务时间以当地为准" in block.hours


def test_forbidden_phrases() -> None:
    """CR-14, CR-19: none of them in any card."""
    found = [
        (card.id, entry["pattern"], text)
        for _, _, card in cards()
        for text in words(card)
        for entry in FORBIDDEN
        if re.search(entry["pattern"], text)
    ]
    assert not found


def test_forbidden_list_bites() -> None:
    """The lint would notice."""
    bad = (
        "想想孩子",
        "一切都会好的",
        "我理解你的感受",
        "你能详细说说他怎么摸的吗",
        "我会替你保密",
        "自杀未遂",
    )
    assert all(any(re.search(entry["pattern"], text) for entry in FORBIDDEN) for text in bad)


def test_plain_language() -> None:
    """AX-8: 20 characters on average, 40 at most; a child reads at most 15 (CR-19)."""
    for _, speaker, card in cards():
        lengths = [len(s) for s in sentences(card)]
        assert max(lengths) <= 40, card.id
        assert sum(lengths) / len(lengths) <= 20, card.id
        if speaker is Speaker.CHILD:
            assert max(lengths) <= 15, (card.id, max(sentences(card), key=len))


def test_one_safety_question_with_three_answers() -> None:
    """CR-15: the fixed question and nothing that probes."""
    for _, _, card in cards():
        asked = [b.text for b in card.blocks if isinstance(b, Text) and b.text.endswith("？")]
        assert len(asked) <= 1, card.id
        if asked and asked[0] != "孩子现在在哪里？":
            assert asked == ["你现在安全吗？"]
            last = card.blocks[-1]
            assert isinstance(last, Buttons)
            assert [item.label for item in last.items] == ["安全", "不安全", "说不清"]


def test_offer_has_acknowledgement_choice_and_follow_up() -> None:
    """CR-16: a person, a number, or the answer first; asked again at the end."""
    for route, _, card in cards():
        if route is Route.HUMAN_OFFER:
            items = [i for b in card.blocks if isinstance(b, Buttons) for i in b.items]
            assert [item.text for item in items] == ["转人工", "先回答我的问题"], card.id
            assert any(isinstance(block, Call) for block in card.blocks)
            assert card.follow_up


def test_third_party_caregiver_and_child() -> None:
    """CR-17, CR-18, CR-19."""
    third = BANKED.card(
        Route.CRISIS_NOW, Category.ABUSE_PHYSICAL, Speaker.THIRD_PARTY, now=NOW, ticket_stored=True
    )
    assert any("是谁，在哪里，是不是现在" in text for text in words(third))
    carer = BANKED.card(
        Route.CRISIS_NOW, Category.CAREGIVER_HARM_RISK, Speaker.CAREGIVER_AT_RISK, now=NOW, ticket_stored=True
    )
    assert any("叫一位大人" in text for text in words(carer))
    assert any("孩子现在在哪里" in text for text in words(carer))
    for route in (Route.CRISIS_NOW, Route.HUMAN_URGENT):
        child = BANKED.card(route, Category.SEXUAL_ABUSE, Speaker.CHILD, now=NOW, ticket_stored=True)
        assert any("你说出来是对的。这不是你的错。" in text for text in words(child))


def test_abuse_cards_are_quiet_and_honest_about_history() -> None:
    """CR-20: no notice, and quick exit does not hide browser history."""
    for category in (Category.DOMESTIC_VIOLENCE, Category.SEXUAL_ABUSE, Category.ABUSE_PHYSICAL):
        for speaker in (Speaker.ADULT, Speaker.CHILD):
            card = BANKED.card(Route.CRISIS_NOW, category, speaker, now=NOW, ticket_stored=True)
            assert card.quiet, card.id
            assert any("快速离开" in text and "记录" in text for text in words(card)), card.id


def test_json_is_what_the_widget_reads() -> None:
    """docs/architecture.md: `{id, title, blocks: [{kind: …}], version}`."""
    data = BANKED.card(
        Route.CRISIS_NOW, Category.SUICIDE_SELF, Speaker.ADULT, now=NOW, ticket_stored=True
    ).to_json()
    assert [block["kind"] for block in data["blocks"]][:2] == ["call", "call"]
    assert data["blocks"][-1]["items"][0] == {"label": "安全", "text": "安全"}


def test_unknown_contact_is_named(tmp_path: Path) -> None:
    """A number that left the directory fails at start, not in a crisis."""
    broken = tmp_path / "bank.yaml"
    broken.write_text(BANK.read_text(encoding="utf-8").replace('call: "12356"', 'call: "99999"'), "utf-8")
    with pytest.raises(BankError, match="99999"):
        TemplateBank.load(DIRECTORY, broken)
