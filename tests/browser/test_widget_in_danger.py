"""The widget when there is danger: the card, and leaving the page quickly (CR-12, CR-20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.types import NewEvent
from tests.browser.widget import Widget
from tests.conftest import Running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_the_crisis_card(widget: Widget, page: Page) -> None:
    """AX-2: an alert whose heading has the focus; Esc does not take it away; CR-25: numbers stay on top."""
    title = page.title()
    widget.say("我撑不下去了，不想活了")
    card = widget.log.locator(".card.urgent")
    card.wait_for()
    assert card.get_attribute("role") == "alert"
    widget.until("document.querySelector('minxing-chat').shadowRoot.activeElement?.tagName === 'H3'")
    assert [link.get_attribute("href") for link in card.locator("a").all()] == ["tel:120", "tel:12356"]
    for link in card.locator("a.call, .choice").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 60
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert card.is_visible()
    assert widget.panel.is_visible()
    assert [a.get_attribute("href") for a in page.locator("minxing-chat .pinned a").all()] == [
        "tel:120",
        "tel:12356",
    ]
    assert page.title() == title  # CR-20


def test_the_card_is_there_again_after_a_reload_without_stealing_the_focus(
    widget: Widget, page: Page
) -> None:
    """I-2."""
    widget.say("我不想活了")
    widget.log.locator(".card.urgent").wait_for()
    page.reload()
    widget.launcher.click()
    widget.log.locator(".card.urgent").wait_for()
    page.locator("minxing-chat .pinned a").first.wait_for()
    assert widget.focused == "TEXTAREA.input"


def test_leaving_quickly_by_three_shifts(page: Page, site: Running) -> None:
    """CR-20: replaces the history entry and clears the session; Esc and typing capitals do nothing."""
    page.route("https://www.weather.com.cn/**", lambda route: route.fulfill(body="<h1>weather</h1>"))
    page.goto(f"{site.url}/site.svg")
    widget = Widget(page, site.url).open()
    widget.say("孩子有补助吗")
    widget.answer()
    widget.input.press("Shift+A")
    widget.input.press("Shift+B")
    widget.input.press("Shift+C")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.url.startswith(site.url)
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("https://www.weather.com.cn/**")
    page.go_back()
    assert page.url.endswith("/site.svg")
    page.goto(site.url)
    assert page.evaluate("sessionStorage.getItem('minxing.conversation')") is None


def test_leaving_quickly_by_the_button_and_by_keyboard(widget: Widget, page: Page) -> None:
    page.route("https://www.weather.com.cn/**", lambda route: route.fulfill(body="<h1>weather</h1>"))
    widget.button("快速离开").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("https://www.weather.com.cn/**")


def test_it_says_that_leaving_does_not_clear_the_history(widget: Widget) -> None:
    assert "历史记录不会删除" in str(widget.button("快速离开").get_attribute("title"))


def test_closing_after_a_card_asks_once_whether_a_person_should_come(widget: Widget) -> None:
    """CR-16: at the end of the session, and never twice."""
    widget.say("我不想活了")
    widget.log.locator(".card.urgent").wait_for()
    widget.button("收起").first.click()
    assert widget.panel.is_visible()
    widget.log.get_by_text("走之前再问一句？").wait_for()
    widget.button("收起").first.click()
    assert not widget.panel.is_visible()


def test_who_came_and_who_left_is_seen_and_the_numbers_come_back(
    widget: Widget, page: Page, site: Running
) -> None:
    """CR-25: a person who joined takes the numbers' place; one who left again gives them back."""
    from playwright.sync_api import expect as playwright_expect

    widget.say("我不想活了")
    widget.log.locator(".card.urgent").wait_for()
    pinned = page.locator("minxing-chat .pinned")
    pinned.wait_for()
    store = site.app.state.services.store
    conversation = page.evaluate("JSON.parse(sessionStorage.getItem('minxing.conversation')).id")
    for state, text in (("person_joined", "值班员来了。"), ("person_left", "值班员先离开一下。")):
        site.run(store.publish(conversation, None, [NewEvent("status", {"state": state, "text": text})]))
        line = widget.log.get_by_text(text)
        playwright_expect(line).to_be_in_viewport(ratio=1)  # the log scrolls to it a moment later
        assert pinned.is_visible() == (state == "person_left")
