"""The widget in a real browser: talking, resuming, reading (CR-25, AX-2 to AX-6, PR-10)."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.widget import Widget
from tests.conftest import Running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
WIDGET = Path(__file__).resolve().parents[2] / "web" / "widget"


def test_an_answer_is_laid_out_by_role(widget: Widget) -> None:
    widget.say("孩子有补助吗")
    turn = widget.answer()
    assert turn.locator(".role-answer").first.inner_text().startswith("按您说的")
    assert turn.locator("ul .role-item").count() == 2
    assert turn.locator(".chip").all_inner_texts()[:2] == ["很可能符合", "还不能判断"]
    assert turn.locator(".question + .choices .choice").all_inner_texts() == [
        "7岁",
        "不想说",
        "要带什么材料？",
    ]
    assert turn.locator("a.tel").all_inner_texts() == ["12345"]  # 120元 is a figure, not a number to call
    marks = turn.locator(".mark")
    assert marks.first.get_attribute("aria-label") == "依据 1：某发〔2019〕1号 二(一)（转述）"


def test_a_choice_is_said_by_one_tap(widget: Widget) -> None:
    widget.say("孩子有补助吗")
    widget.answer().get_by_role("button", name="7岁").click()
    widget.log.locator(".bubble.mine", has_text="7岁").wait_for()
    assert widget.log.locator(".choice", has_text="不想说").count() == 0


def test_enter_sends_but_not_while_an_input_method_composes(widget: Widget) -> None:
    widget.input.fill("bu zhu")
    for composing in ({"isComposing": True}, {"keyCode": 229}):
        widget.input.evaluate(
            "(node, how) => node.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', ...how}))",
            composing,
        )
    widget.input.press("Shift+Enter")
    assert widget.log.locator(".bubble").count() == 0
    widget.input.press("Enter")
    widget.log.locator(".bubble.mine").wait_for()


def test_a_reload_resumes_the_same_talk(widget: Widget, page: Page) -> None:
    """R-50, R-52: from the events alone."""
    widget.say("孩子有补助吗")
    widget.answer()
    widget.say("要多久")
    widget.answer()
    before = widget.log.locator(".bubble, .body, .question, .sources").all_inner_texts()
    page.reload()
    widget.launcher.click()
    widget.log.locator(".turn").nth(2).locator(".role-question").wait_for()
    assert widget.log.locator(".bubble, .body, .question, .sources").all_inner_texts() == before


def test_only_the_session_of_this_tab_keeps_anything(widget: Widget, page: Page) -> None:
    """PR-10: no text on the device, nothing in localStorage, one tap clears."""
    widget.say("孩子有补助吗")
    widget.answer()
    assert page.evaluate("localStorage.length") == 0
    assert page.context.cookies() == []
    assert "补助" not in page.evaluate("JSON.stringify({...sessionStorage})")
    assert widget.input.get_attribute("autocomplete") == "off"
    first = page.evaluate("sessionStorage.getItem('minxing.conversation')")
    widget.button("清除本机记录").click()
    page.locator("minxing-chat .log .bubble").wait_for(state="detached")
    widget.until("old => (sessionStorage.getItem('minxing.conversation') || old) !== old", first)


def test_large_type(widget: Widget, page: Page) -> None:
    """AX-5: 18 pt, targets of 60, kept over a reload; the switch is on the first screen."""
    widget.say("孩子有补助吗")
    widget.answer()
    widget.button("大字").click()
    size = widget.log.locator(".role-answer").first.evaluate(
        "node => parseFloat(getComputedStyle(node).fontSize)"
    )
    assert size >= 24
    for target in widget.panel.locator(
        ".send, .person, .leave, .close, .question + .choices .choice, .source"
    ).all():
        box = target.bounding_box()
        assert box is None or not box["height"] or box["height"] >= 60  # 0: folded away
    page.reload()
    widget.launcher.click()
    assert page.locator("minxing-chat").get_attribute("large") is not None


def test_nothing_is_cut_off_on_narrow_screens(widget: Widget, page: Page) -> None:
    """AX-4: 320 pixels without sideways scrolling, also in large type."""
    widget.say("孩子有补助吗")
    widget.answer()
    for large in (False, True):
        if large:
            widget.button("大字").click()
        for width in (320, 360):
            page.set_viewport_size({"width": width, "height": 640})
            wide = page.evaluate(
                """() => {
                  const root = document.querySelector('minxing-chat').shadowRoot;
                  return [...root.querySelectorAll('.panel, .panel *')]
                    .filter(node => node.getBoundingClientRect().right > innerWidth + 1)
                    .filter(node => !node.closest('.unseen'))
                    .map(node => node.className);
                }"""
            )
            assert wide == [], (width, large)


def test_the_window_closes_and_the_focus_returns(widget: Widget, page: Page) -> None:
    """AX-3."""
    widget.button("收起").click()
    assert not widget.panel.is_visible()
    assert widget.focused == "BUTTON.launcher"


def test_roles_and_names(widget: Widget) -> None:
    """AX-2: a polite log, a separate status, a named window."""
    snapshot = widget.panel.aria_snapshot()
    for line in (
        'dialog "杭民星"',
        'log "对话"',
        "- status",
        'textbox "写下您想问的事"',
        'button "发送"',
        'button "转人工"',
    ):
        assert line in snapshot, snapshot


def test_a_question_of_the_page_opens_the_window(page: Page, site: Running) -> None:
    widget = Widget(page, site.url)
    page.locator("[data-minxing-ask]", has_text="孩子有残疾").click()
    widget.panel.wait_for()
    widget.until("document.querySelector('minxing-chat').shadowRoot.querySelector('textarea').value !== ''")
    assert "残疾" in widget.input.input_value()


def test_it_works_on_a_page_of_another_origin(page: Page, site: Running, host_page: tuple[str, Path]) -> None:
    origin, folder = host_page
    (folder / "index.html").write_text(
        f'<!doctype html><meta charset="utf-8"><title>host</title>'
        f'<script type="module" src="{site.url}/widget/minxing.js"></script><p>页面</p>',
        encoding="utf-8",
    )
    widget = Widget(page, origin).open()
    widget.say("孩子有补助吗")
    widget.answer()


def test_it_breaks_no_content_security_policy(page: Page, site: Running) -> None:
    """SE-14: nothing inline, nothing from elsewhere."""
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    widget = Widget(page, site.url).open()
    widget.say("孩子有补助吗")
    widget.answer()
    widget.say("我不想活了")
    widget.log.locator(".card").wait_for()
    assert not [text for text in said if "Content Security Policy" in text or "Refused" in text]
    assert [url for url in asked if not url.startswith(site.url)] == []


def test_the_first_view_is_small() -> None:
    """60 KB compressed, all files together."""
    size = sum(
        len(gzip.compress(path.read_bytes())) for path in WIDGET.iterdir() if path.suffix in (".js", ".css")
    )
    assert size <= 60_000


def test_no_markup_from_strings_and_no_messages_between_windows() -> None:
    """SE-5, SE-15."""
    forbidden = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "postMessage",
        "localStorage",
    )
    for path in WIDGET.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in forbidden if word in text], path.name
