"""A labelled utterance: what it wants, which facts it declares. One format for learning and measuring."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from agent.types import Intent

Value = bool | int | str


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


class Line(BaseModel):
    """One family message. Only what its words say is labelled; what one may conclude is in `may`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1)
    earlier: tuple[str, ...] = ()
    """What the family said before, oldest first."""
    asked: str | None = None
    """The fact that our last question was about: what a bare 有 answers."""
    intents: tuple[tuple[Intent, ...], ...] = Field(min_length=1)
    """Each wish, the leading one first; a wish that fair people name differently has several names."""
    may_intents: tuple[Intent, ...] = ()
    """Further intents that are no mistake: the politeness around a question."""
    facts: dict[str, tuple[Value, ...]] = Field(default_factory=dict)
    """Fact and the values of which any is right: 快一年 is 11 or 12 months."""
    uncertain: tuple[str, ...] = ()
    """Facts that are said with 好像, 听说, 大概."""
    ambiguous: tuple[str, ...] = ()
    """Facts whose words can mean two things, such as 走了: to be asked, not believed."""
    may: tuple[str, ...] = ()
    """Facts that are neither demanded nor counted as a mistake."""
    by: str
    """Whose voice."""

    @field_validator("intents", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        return [_listed(item) for item in value] if isinstance(value, list) else value

    @field_validator("facts", mode="before")
    @classmethod
    def _values(cls, value: Any) -> Any:
        return {name: _listed(one) for name, one in value.items()} if isinstance(value, dict) else value
