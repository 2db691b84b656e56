"""The family's own words back in an answer: the client sent them itself, and nothing is stored."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from agent.hidden import PLACEHOLDERS, kind_of
from api.completions.texts import door_texts
from api.services import Services
from guardrails.pii import RedactionError, Vault
from storage.types import Event


class OwnWords:
    """Puts what a request told in place of its placeholders; the rest is named by its kind (PR-3)."""

    def __init__(self, rooms: Services, conversation_id: str, said: tuple[str, ...]) -> None:
        """`said` is what the family wrote in this request."""
        self._rooms = rooms
        self._conversation_id = conversation_id
        self._said = "\n".join(said)
        self._told: dict[str, str] | None = None

    async def of(self, event: Event) -> Event:
        """The event as this client may read it."""
        if not PLACEHOLDERS.search(event.json):
            return event
        if self._told is None:
            self._told = await self._values()
        return replace(event, json=json.dumps(self._in(event.data), ensure_ascii=False))

    async def _values(self) -> dict[str, str]:
        """By placeholder, what it stands for and this request says."""
        conversation = await self._rooms.store.conversations.get(self._conversation_id)
        if conversation is None or conversation.vault_json is None:
            return {}
        try:
            hidden = Vault.from_json(conversation.vault_json).hidden
        except RedactionError:
            return {}
        return {placeholder: value for placeholder, value in hidden.items() if value in self._said}

    def _in(self, data: Any) -> Any:
        if isinstance(data, str):
            return PLACEHOLDERS.sub(lambda found: self._word(found.group()), data)
        if isinstance(data, list):
            return [self._in(each) for each in data]
        if isinstance(data, dict):
            return {key: self._in(value) for key, value in data.items()}
        return data

    def _word(self, placeholder: str) -> str:
        told = self._told or {}
        return told.get(placeholder) or door_texts().hidden.format(what=kind_of(placeholder))
