from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.numerals import from_chinese, to_chinese


@given(st.integers(1, 9999))
def test_every_numeral_reads_back(number: int) -> None:
    assert from_chinese(to_chinese(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百一十", 110),
        ("一千零九十三", 1093),
        ("二〇二六", 2026),
        ("18", 18),
    ],
)
def test_as_statutes_print_them(text: str, number: int) -> None:
    assert from_chinese(text) == number


@pytest.mark.parametrize("text", ["", "第三", "三分之一", "a", "٣"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="numeral"):
        from_chinese(text)
