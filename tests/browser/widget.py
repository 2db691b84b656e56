"""What a person does with the widget, as one object."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


class Widget:
    """The window on one page. Playwright's selectors look into open shadow roots by themselves."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        self.before = 0
        self.launcher = page.locator("minxing-chat .launcher")
        self.panel = page.locator("minxing-chat .panel")
        self.log = page.locator("minxing-chat .log")
        self.input = page.locator("minxing-chat textarea")
        self.status = page.locator("minxing-chat [role=status]")

    def open(self) -> Widget:
        self.launcher.click()
        self.log.locator(".turn .choice").first.wait_for()
        return self

    def say(self, text: str) -> None:
        self.before = self.log.locator(".turn").count()
        self.input.fill(text)
        self.input.press("Enter")

    def answer(self) -> Locator:
        """The answer to what was said last, once its question stands."""
        turn = self.log.locator(".turn").nth(self.before)
        turn.locator(".role-question").wait_for()
        return turn

    def until(self, expression: str, argument: object = None) -> None:
        """Wait until an expression holds; Playwright's own waiting needs eval, which our pages forbid."""
        end = time.monotonic() + 10
        while not self.page.evaluate(expression, argument):
            assert time.monotonic() < end, expression
            self.page.wait_for_timeout(20)

    @property
    def focused(self) -> str:
        """What has the focus inside the widget: tag and class."""
        found = self.page.evaluate(
            "(({ tagName, className }) => `${tagName}.${className}`)"
            "(document.querySelector('minxing-chat').shadowRoot.activeElement || {})"
        )
        return str(found)

    def button(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=name)
