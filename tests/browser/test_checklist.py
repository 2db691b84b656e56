"""The checklist in a real browser, over HTTP, as a family opens and prints it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import Running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
ROOM = Path(__file__).parents[2]
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


def test_on_a_phone_the_filters_of_a_report_do_not_cover_its_talks(page: Page) -> None:
    """Five filters below each other take half of a small screen: there they scroll away with the page."""
    style = (ROOM / "eval" / "assets" / "report.css").read_text(encoding="utf-8")
    page.set_content(f'<style>{style}</style><div class="filters"></div>')
    placed = "getComputedStyle(document.querySelector('.filters')).position"
    assert page.evaluate(placed) == "static"
    page.set_viewport_size({"width": 1200, "height": 800})
    assert page.evaluate(placed) == "sticky"
