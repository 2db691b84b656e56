"""The page on paper: a real browser prints it, with Chinese letters in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.tools.conftest import TODAY
from tools.catalogue import Catalogue
from tools.checklist import checklist
from tools.dossier.page import page as dossier

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHINESE_FONTS = re.compile(
    rb"/BaseFont\s*/[A-Z+]*(WenQuanYi|NotoSansCJK|NotoSerifCJK|SourceHan|[A-Za-z]*Hei)"
)


@pytest.mark.browser
def test_the_printed_page_has_chinese_letters(browser: Browser, catalogue: Catalogue) -> None:
    opened = browser.new_page()
    opened.set_content(dossier(checklist(catalogue, "B02", {}, as_of=TODAY)))
    pdf = opened.pdf(prefer_css_page_size=True)
    wide = opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    opened.close()
    assert pdf.startswith(b"%PDF")
    assert CHINESE_FONTS.search(pdf)
    assert wide
