"""A card as a family sees it: typed blocks in their order."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Text:
    """Words of the bank."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Call:
    """A number to call; a `tel:` link in the widget."""

    number: str
    label: str
    """When to call, then the number: 「受伤或吃了药，打 120」."""
    name: str
    purpose: str
    hours: str
    """As far as known: `24小时`, or that hours are local."""
    open_now: bool | None
    contact: str
    """Id in the directory."""
    kind: Literal["call"] = "call"


@dataclass(frozen=True, slots=True)
class Button:
    """A choice, and what it says on the family's side."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Buttons:
    """Choices beside each other."""

    items: tuple[Button, ...]
    kind: Literal["buttons"] = "buttons"


Block = Text | Call | Buttons


@dataclass(frozen=True, slots=True)
class Card:
    """One rendered card."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    version: str
    reviewer: str
    quiet: bool = False
    """Somebody who must not know may read along: no notice, no sound, no change of the page title (CR-20)."""
    follow_up: str = ""
    """Asked once at the end of the session (CR-16)."""

    def to_json(self) -> dict[str, Any]:
        """The data of a `card` event."""
        return {
            "id": self.id,
            "title": self.title,
            "blocks": [asdict(block) for block in self.blocks],
            "version": self.version,
            "reviewer": self.reviewer,
            "quiet": self.quiet,
            "follow_up": self.follow_up,
        }
