"""The redactor as a whole: stable, idempotent, reversible, and quiet when it fails (PR-1 to PR-5)."""

from __future__ import annotations

import re
import traceback

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrails.pii import EntityType, RedactionError, Redactor, Vault
from guardrails.pii.kinds import PLACEHOLDER

STORY = (
    "我叫陈秀英，外孙女王小丽2016年11月5日出生，身份证330108201611053616，住西湖区文三路508号12幢601室，"
    "在学军小学三年级二班。我手机139 5711 2233，他爸爸刘建国判了六年。"
)
PIECES = st.sampled_from(
    [
        "外孙女叫",
        "王小丽",
        "，",
        "。",
        "身份证",
        "330108201611053616",
        "电话",
        "139-5711-2233",
        "一三九五七一一二二三三",
        "住在",
        "文三路508号",
        "12幢601室",
        "学军小学三年级二班",
        "<姓名1>",
        "<电话2>",
        "12356",
        "〔2025〕70号",
        "微信wxl_2015",
        "\0",
        "\ud800",
        "\u200b",
        "😀",
        "3",
        "一",
        "阿依古丽·买买提",
        "老李头",
        "低保",
        "1100元",
        "a@b.cn",
        " ",
        "\n",
    ]
)
MESSAGES = st.lists(PIECES, max_size=14).map("".join)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_story(redactor: Redactor) -> None:
    vault = Vault()
    redacted, entities = redactor.redact(STORY, vault)
    assert redacted == (
        "我叫<姓名1>，外孙女<姓名2><出生日期1>出生，身份证<身份证号1>，住西湖区<住址1>，"
        "在<学校班级1>。我手机<电话1>，他爸爸<姓名3>判了六年。"
    )
    assert [STORY[e.start : e.end] for e in entities][:2] == ["陈秀英", "王小丽"]
    assert vault.restore(redacted) == STORY


@FEW
@given(MESSAGES)
def test_redacting_twice_changes_nothing(redactor: Redactor, text: str) -> None:
    vault = Vault()
    redacted, _ = redactor.redact(text, vault)
    again, entities = redactor.redact(redacted, vault)
    assert (again, entities) == (redacted, ())


@FEW
@given(MESSAGES)
def test_offsets_are_those_of_the_original(redactor: Redactor, text: str) -> None:
    vault = Vault()
    redacted, entities = redactor.redact(text, vault)
    rebuilt, position = "", 0
    for entity in entities:
        assert position <= entity.start < entity.end <= len(text)
        kind = EntityType(entity.type)
        rebuilt += text[position : entity.start] + vault.placeholder(kind, text[entity.start : entity.end])
        position = entity.end
    rebuilt += text[position:]
    assert re.sub("[\0\ud800]", "\ufffd", rebuilt) == redacted


@FEW
@given(st.text(max_size=60))
def test_any_text_comes_out_storable(redactor: Redactor, text: str) -> None:
    redacted, _ = redactor.redact(text, Vault())
    redacted.encode("utf-8")
    assert "\0" not in redacted


@FEW
@given(MESSAGES)
def test_no_long_number_survives(redactor: Redactor, text: str) -> None:
    """style.md section 8: no run of 15 digits and more that is shaped like an identity survives."""
    redacted, _ = redactor.redact("身份证" + text + " 身份证330108201611053616", Vault())
    assert not re.search(r"(?<!\d)\d{18}(?!\d)", re.sub(PLACEHOLDER, "", redacted))


def test_twenty_thousand_characters_are_read_to_the_end(redactor: Redactor) -> None:
    text = "今天街道的人来过了，说材料要再补。" * 1170 + "我电话13957112233"
    redacted, entities = redactor.redact(text[-20_000:], Vault())
    assert len(entities) == 1
    assert redacted.endswith("<电话1>")


ODD = ["", " ", "\0" * 500, "\ud800", "😀" * 300, "1 " * 3000, "叫" * 1000, "<姓名1>" * 300]


@pytest.mark.parametrize("text", ODD)
def test_odd_input(redactor: Redactor, text: str) -> None:
    redacted, entities = redactor.redact(text, Vault())
    assert entities == ()
    assert len(redacted) == len(text)


def test_placeholders_stay_within_a_conversation(redactor: Redactor) -> None:
    """PR-3: the same value has the same placeholder, however it is written; a new talk starts anew."""
    vault = Vault()
    first, _ = redactor.redact("我电话13957112233，孙女叫王小丽", vault)
    second, _ = redactor.redact("刚才说的是+86 139-5711-2233，一三九五七一一二二三三，王小丽的事", vault)
    assert first == "我电话<电话1>，孙女叫<姓名1>"
    assert second == "刚才说的是<电话1>，<电话1>，<姓名1>的事"
    other, _ = redactor.redact("电话15857112233", Vault())
    assert other == "电话<电话1>"


def test_a_name_once_told_is_hidden_later(redactor: Redactor) -> None:
    vault = Vault()
    redactor.redact("小名叫圆子", vault)
    assert redactor.redact("圆子昨天又发烧了", vault)[0] == "<姓名1>昨天又发烧了"


def test_failure_shows_nothing_of_the_text(redactor: Redactor, monkeypatch: pytest.MonkeyPatch) -> None:
    """PR-5, R-48: the error holds neither the text nor a cause that does."""

    def broken(_: object) -> object:
        raise ValueError(STORY)

    monkeypatch.setattr(redactor._analyzer, "find", broken)
    with pytest.raises(RedactionError) as caught:
        redactor.redact(STORY, Vault())
    shown = "".join(traceback.format_exception(caught.value))
    assert "王小丽" not in shown
    assert "330108" not in shown
