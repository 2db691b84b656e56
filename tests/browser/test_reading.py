"""Whether it can be read: contrast, target sizes, zoom, keyboard (AX-1, AX-3, AX-4, AX-5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.widget import Widget
from tests.conftest import Running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

FAINT = """() => {
  const channel = value => value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const numbers = colour => colour.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parent = node => node.parentElement || (node.getRootNode().host ?? null);
  const ground = node => {
    for (let at = node; at; at = parent(at)) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const widget = document.querySelector('minxing-chat').shadowRoot;
  const faint = [];
  for (const node of [...document.querySelectorAll('body *'), ...widget.querySelectorAll('*')]) {
    const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
    const box = node.getBoundingClientRect();
    if (!own || !box.width || !box.height || node.closest('.unseen, noscript, style, script')) continue;
    const pair = [light(numbers(getComputedStyle(node).color)), light(ground(node))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < 4.5) faint.push(`${node.className} ${ratio.toFixed(2)} ${node.textContent.slice(0, 12)}`);
  }
  return faint;
}"""

SMALL = """smallest => {
  const widget = document.querySelector('minxing-chat').shadowRoot;
  return [...widget.querySelectorAll('button, a, textarea, summary')]
    .filter(node => !node.closest('[hidden]') && node.getBoundingClientRect().height)
    .filter(node => !(node.localName === 'a' && node.classList.contains('tel')))
    .map(node => [node.className || node.localName, node.getBoundingClientRect()])
    .filter(([, box]) => Math.min(box.width, box.height) < smallest - 0.5)
    .map(([name, box]) => `${name} ${box.width.toFixed()}x${box.height.toFixed()}`);
}"""


@pytest.fixture
def widget(page: Page, site: Running) -> Widget:
    return Widget(page, site.url).open()


def everything(widget: Widget) -> None:
    """A page with all that the widget can show in its log."""
    widget.say("孩子有补助吗")
    widget.answer()
    widget.log.locator("summary").first.click()
    widget.say("我不想活了")
    widget.log.locator(".card.urgent").wait_for()


def test_all_text_stands_out_and_targets_are_large_enough(widget: Widget) -> None:
    """4.5:1 for every text of page and widget; WCAG 2.5.8: 24 pixels for the smallest mark of a citation."""
    everything(widget)
    assert widget.page.evaluate(FAINT) == []
    assert widget.page.evaluate(SMALL, 24) == []
    widget.button("大字").click()
    assert widget.page.evaluate(FAINT) == []
    widget.panel.locator(".tool").nth(1).click()
    widget.panel.locator(".sheet .path").first.wait_for()
    assert widget.page.evaluate(FAINT) == []


def test_everything_can_be_reached_with_the_keyboard(widget: Widget, page: Page) -> None:
    """AX-3: no trap; every control of the window comes by in its order, and the focus can be seen."""
    everything(widget)
    page.locator("minxing-chat .leave").focus()
    seen: list[str] = []
    for _ in range(60):
        seen.append(widget.focused)
        page.keyboard.press("Tab")
        if widget.focused.startswith("undefined"):
            break
    names = " ".join(seen)
    for control in (
        "leave",
        "close",
        "tool",
        "pin",
        "log",
        "mark",
        "source",
        "call",
        "choice",
        "person",
        "input",
        "send",
    ):
        assert f".{control}" in names, (control, seen)
    assert widget.focused.startswith("undefined"), "the focus must be able to leave the window"


def test_zoomed_to_400_percent_or_turned_the_talk_stays_usable(widget: Widget, page: Page) -> None:
    """AX-4: 1280×1024 at 400 % is 320×256; a phone on its side is 740×360."""
    everything(widget)
    for width, height in ((320, 256), (740, 360)):
        page.set_viewport_size({"width": width, "height": height})
        for control in (widget.input, widget.panel.locator(".send"), widget.panel.locator(".leave")):
            control.scroll_into_view_if_needed()
            box: Any = control.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width + 1
        log: Any = widget.log.bounding_box()
        assert log["height"] >= 60


def test_with_wider_text_spacing_nothing_is_lost(widget: Widget, page: Page) -> None:
    """WCAG 1.4.12."""
    everything(widget)
    lost = page.evaluate(
        """() => {
          const root = document.querySelector('minxing-chat').shadowRoot;
          for (const node of root.querySelectorAll('*')) {
            Object.assign(node.style, { lineHeight: '1.5', letterSpacing: '0.12em', wordSpacing: '0.16em' });
          }
          return [...root.querySelectorAll('.panel *')]
            .filter(node => node.scrollWidth > node.clientWidth + 2 && !node.closest('.unseen'))
            .filter(node => getComputedStyle(node).overflowX === 'hidden')
            .map(node => node.className);
        }"""
    )
    assert lost == []
