"""The widget when network, stream or conversation is missing. Nothing that was written is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.widget import Widget
from tests.conftest import Running

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser


def test_a_message_that_did_not_go_out_is_sent_once_by_a_second_tap(widget: Widget, page: Page) -> None:
    """R-04: the answer to the first attempt is lost on the way; the key stays the same."""
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(str(route.request.headers["idempotency-key"]))
        if len(keys) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/messages", lose)
    widget.say("孩子有补助吗")
    widget.answer()
    again = widget.log.locator(".again")
    if again.count():
        again.click()
    assert widget.log.locator(".bubble.mine").count() == 1
    assert len(set(keys)) == 1


def test_without_a_stream_it_polls(page: Page, site: Running) -> None:
    """R-55."""
    page.route(re.compile(r"/events\?after="), lambda route: route.abort())
    widget = Widget(page, site.url).open()
    widget.say("孩子有补助吗")
    widget.answer()


def test_without_a_server_it_shows_numbers_to_call(page: Page, site: Running) -> None:
    """AX-10."""
    page.route("**/api/**", lambda route: route.abort())
    widget = Widget(page, site.url)
    widget.launcher.click()
    page.locator("minxing-chat .notice a.call").first.wait_for()
    numbers = [link.get_attribute("href") for link in page.locator("minxing-chat .notice a.call").all()]
    assert numbers == ["tel:110", "tel:120", "tel:12356", "tel:12345"]


def test_a_conversation_that_has_ended_begins_anew_and_loses_nothing(widget: Widget, page: Page) -> None:
    """Erased elsewhere or expired: what was just written is said in the new one."""
    held = page.evaluate("JSON.parse(sessionStorage.getItem('minxing.conversation'))")
    talk = held["id"]
    erased = page.request.post(
        f"{page.url}api/conversations/{talk}/erase", headers={"Authorization": f"Bearer {held['token']}"}
    )
    assert erased.status == 204
    page.reload()
    widget.launcher.click()
    widget.say("孩子有补助吗")
    widget.log.locator(".bubble.mine", has_text="孩子有补助吗").wait_for()
    widget.log.locator(".turn .role-question").first.wait_for()
    assert page.evaluate("JSON.parse(sessionStorage.getItem('minxing.conversation')).id") != talk


def test_writing_before_the_conversation_is_open_loses_nothing(page: Page, site: Running) -> None:
    widget = Widget(page, site.url)
    widget.launcher.click()
    widget.say("孩子有补助吗")
    widget.log.locator(".turn .role-question").wait_for()
    assert widget.log.locator(".bubble.mine").count() == 1
