"""The checklist in a real browser, over HTTP, as a family opens and prints it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.conftest import Running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
CHINESE_FONTS = re.compile(
    rb"/BaseFont\s*/[A-Z+]*(WenQuanYi|NotoSansCJK|NotoSerifCJK|SourceHan|[A-Za-z]*Hei)"
)


@pytest.mark.parametrize("entry", ["B02", "B11"])
def test_the_page_prints(page: Page, minxing: Running, entry: str) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Policy" in message.text else None)
    page.goto(f"{minxing.url}/checklist/{entry}?applied=2026-11-23")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") == "26.6667px"  # 20 pt
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert CHINESE_FONTS.search(pdf)
    assert not refused  # the policy of the server lets the style in
    assert page.locator("script").count() == 0
