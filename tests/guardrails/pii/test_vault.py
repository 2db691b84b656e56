"""Placeholders of a conversation: stable, stored, restored (PR-3)."""

from __future__ import annotations

import pytest

from guardrails.pii import EntityType, RedactionError, Vault


def test_same_value_same_placeholder() -> None:
    vault = Vault()
    one = vault.placeholder(EntityType.CN_RESIDENT_ID, "33010620150312009X")
    assert vault.placeholder(EntityType.CN_RESIDENT_ID, "３３０１０６ 20150312 009x") == one
    assert vault.placeholder(EntityType.CN_RESIDENT_ID, "33010620150312009×") == one
    assert vault.placeholder(EntityType.CN_RESIDENT_ID, "330108201611053616") != one


def test_mobile_and_landline_share_a_label_and_stay_apart() -> None:
    vault = Vault()
    assert vault.placeholder(EntityType.CN_MOBILE, "13957112233") == "<电话1>"
    assert vault.placeholder(EntityType.CN_LANDLINE, "0571-87654321") == "<电话2>"


def test_restored_from_json() -> None:
    vault = Vault()
    vault.placeholder(EntityType.PERSON, "王小丽")
    vault.placeholder(EntityType.ADDRESS, "文三路508号")
    loaded = Vault.from_json(vault.to_json())
    assert loaded.restore("<姓名1>住<住址1>，<姓名9>不知道") == "王小丽住文三路508号，<姓名9>不知道"
    assert loaded.placeholder(EntityType.PERSON, "王 小丽") == "<姓名1>"
    assert loaded.placeholder(EntityType.PERSON, "李雷") == "<姓名2>"
    assert loaded.names == ("王小丽", "李雷")


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "null", '{"format": 2}', '{"format": 1, "entries": [["姓", "a", "b"]]}']
)
def test_broken_json_is_refused_without_showing_it(content: str) -> None:
    with pytest.raises(RedactionError) as caught:
        Vault.from_json(content)
    assert not content or content not in str(caught.value) or len(content) < 3
