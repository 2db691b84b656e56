"""Our events as text for a plain chat client, and as the extension field that a better one reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from api.completions.cards import card_text
from api.completions.texts import door_texts
from storage.types import Event

_EXTENDED = ("verdicts", "facts", "suggestions")
"""Events whose items go into the extension field as they are."""
_SILENT = frozenset({"searching"})
"""States that only a page with a spinner needs."""


@dataclass
class Told:
    """What one request was told so far."""

    content: str = ""
    sentences: list[dict[str, Any]] = field(default_factory=list)
    citations: list[dict[str, Any]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    status: dict[str, Any] | None = None
    more: dict[str, list[Any]] = field(default_factory=dict)
    _greeted: bool = False

    def feed(self, event: Event) -> str:
        """The piece of text that an event adds; empty for most."""
        data = event.data
        if event.name == "text":
            return self._sentence(data)
        if event.name == "card":
            self.cards.append(data)
            return self._add(card_text(data))
        if event.name == "status":
            return self._status(data)
        if event.name == "message" and data.get("author") == "staff":
            return self._add(door_texts().person.format(name=data.get("staff") or "") + str(data["text"]))
        if event.name == "citations":
            return self._sources(data["items"])
        if event.name in _EXTENDED:
            self.more[event.name] = list(data["items"])
        return ""

    def say(self, text: str) -> str:
        """A sentence of the door itself."""
        return self._add(text)

    def _sentence(self, data: dict[str, Any]) -> str:
        if data["turn"] == "greeting":
            if self._greeted:
                return ""
            self._greeted = (
                True  # its first sentence says that a machine speaks (LG-1); the rest is for pages
            )
        offset = len(self.citations)
        marks = [int(index) + offset for index in data.get("citations", ())]
        self.sentences.append({**data, "citations": marks})
        item = door_texts().item if data["role"] == "item" else ""
        return self._add(item + str(data["text"]) + "".join(f"[{mark + 1}]" for mark in marks))

    def _status(self, data: dict[str, Any]) -> str:
        if data["state"] in _SILENT:
            return ""
        self.status = data
        return self._add(str(data["text"]))

    def _sources(self, items: list[dict[str, Any]]) -> str:
        first = len(self.citations)
        self.citations += items
        if not items:
            return ""
        words = door_texts()
        marks: dict[str, str] = {}  # paragraphs of a guide may rest on the same clause: one line for it
        for number, item in enumerate(items, start=first + 1):
            source = _source(item) + (words.restated if item["standing"] == "restated" else "")
            marks[source] = marks.get(source, "") + f"[{number}]"
        lines = [f"{mark} {source}" for source, mark in marks.items()]
        return self._add("\n".join(["", words.sources, *lines]))

    def _add(self, text: str) -> str:
        piece = f"\n{text}" if self.content else text.lstrip("\n")
        self.content += piece
        return piece

    def extension(self, conversation_id: str, message_id: str, route: str) -> dict[str, Any]:
        """The `minxing` field (docs/chat-completions.md)."""
        return {
            "conversation_id": conversation_id,
            "message_id": message_id,
            "route": route,
            "card": self.cards[-1] if self.cards else None,
            "status": self.status,
            "sentences": [
                {key: value for key, value in each.items() if key != "turn"} for each in self.sentences
            ],
            "citations": self.citations,
            **{name: self.more.get(name, []) for name in _EXTENDED},
            "usage_unit": "characters",
        }


def _source(item: dict[str, Any]) -> str:
    number = f" {item['number']}" if item.get("number") else ""
    return f"《{item['document']}》{number} {item['clause']}".rstrip()
