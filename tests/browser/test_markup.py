"""Whatever is said stays text (SE-5): an XSS corpus through every kind of event, split over every chunk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from storage.types import NewEvent
from tests.browser.widget import Widget
from tests.conftest import Running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

CORPUS = [
    "<script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "<svg onload=window.hacked=1>",
    "[点这里](javascript:window.hacked=1)",
    "![图](https://evil.example/x.png)",
    '"><iframe srcdoc="<script>parent.hacked=1</script>">',
    "<a href='javascript:window.hacked=1'>110</a>",
    "</p></article><style>*{display:none}</style>",
    "{{constructor.constructor('window.hacked=1')()}}",
]


def events(text: str, turn: str) -> list[NewEvent]:
    cited: dict[str, Any] = {
        "clause_id": text,
        "document": text,
        "number": text,
        "clause": text,
        "standing": "official",
        "confidence": "confirmed",
    }
    verdict = {
        "benefit": text,
        "name": text,
        "outcome": "unlikely",
        "failed": [text],
        "missing": [],
        "sources": [cited],
    }
    card = {
        "id": text,
        "route": "human_offer",
        "title": text,
        "blocks": [
            {"kind": "text", "text": text},
            {"kind": "call", "number": text, "label": text, "name": text, "hours": text},
            {"kind": "buttons", "items": [{"label": text, "text": text}]},
        ],
        "version": "1",
    }
    roles = ("answer", "why", "item", "note", "care", "question", "referral", text)
    return [
        *[NewEvent("text", {"turn": turn, "text": text, "role": role, "citations": [0]}) for role in roles],
        NewEvent("citations", {"turn": turn, "items": [cited]}),
        NewEvent("verdicts", {"turn": turn, "items": [verdict]}),
        NewEvent("suggestions", {"turn": turn, "items": [text]}),
        NewEvent("card", card),
        NewEvent("status", {"state": "person_joined", "text": text}),
        NewEvent("done", {"turn": turn, "message_id": turn}),
    ]


def test_markup_in_any_event_is_shown_as_text(page: Page, site: Running) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    widget = Widget(page, site.url).open()
    conversation = page.evaluate("JSON.parse(sessionStorage.getItem('minxing.conversation')).id")
    store = site.app.state.services.store
    everything = [event for index, text in enumerate(CORPUS) for event in events(text, f"t{index}")]
    site.run(store.publish(conversation, None, everything))
    for text in CORPUS:
        widget.say(text)
    widget.log.locator(".card").nth(len(CORPUS) - 1).wait_for()
    widget.log.locator(".bubble.mine").nth(len(CORPUS) - 1).wait_for()
    assert page.evaluate("window.hacked") is None
    found = page.evaluate(
        """() => {
          const root = document.querySelector('minxing-chat').shadowRoot;
          const log = root.querySelector('.log');
          return {
            tags: [...new Set([...log.querySelectorAll('*')].map(node => node.localName))].sort(),
            links: [...log.querySelectorAll('[href], [src]')].map(node => node.href || node.src),
            shown: log.textContent,
          };
        }"""
    )
    harmless = {
        "a",
        "article",
        "b",
        "button",
        "details",
        "div",
        "h3",
        "li",
        "ol",
        "p",
        "path",
        "section",
        "small",
        "span",
        "summary",
        "svg",
        "ul",
    }
    assert set(found["tags"]) <= harmless
    assert all(link.startswith("tel:") for link in found["links"])
    assert all(text in found["shown"] for text in CORPUS)
    assert [url for url in asked if not url.startswith(site.url)] == []


def test_an_event_split_at_every_byte_arrives_whole(page: Page, site: Running) -> None:
    """The parser of the stream: characters of three bytes, and line ends, cut anywhere."""
    page.goto(site.url)
    wrong = page.evaluate(
        """async () => {
          const { EventParser } = await import('/widget/stream.js');
          const text = 'retry: 2000\\n\\nid: 1\\nevent: text\\ndata: {"text":"孩子<img src=x>"}\\n\\n'
            + ': still here\\n\\nid: 2\\nevent: done\\ndata: {"turn":"t"}\\n\\n';
          const bytes = new TextEncoder().encode(text);
          const whole = [
            { seq: 1, event: 'text', data: { text: '孩子<img src=x>' } },
            { seq: 2, event: 'done', data: { turn: 't' } },
          ];
          const wrong = [];
          for (let cut = 0; cut <= bytes.length; cut += 1) {
            const got = [];
            const parser = new EventParser(event => got.push(event));
            parser.push(bytes.slice(0, cut));
            parser.push(bytes.slice(cut));
            if (JSON.stringify(got) !== JSON.stringify(whole)) wrong.push(cut);
          }
          return wrong;
        }"""
    )
    assert wrong == []
