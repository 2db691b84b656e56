"""Minxing's A2A card: what it does, where its door is, what opens it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from a2a.types import AgentCard

PATH = "/a2a"
VERSION = "0.1.0"


class Skill(BaseModel):
    """One skill of the card."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    description: str
    tags: tuple[str, ...]
    examples: tuple[str, ...]


class CardTexts(BaseModel):
    """`card.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    description: str
    skills: tuple[Skill, ...]


@cache
def card_texts() -> CardTexts:
    """Read once a process."""
    raw = Path(__file__).with_name("card.yaml").read_text(encoding="utf-8")
    return CardTexts.model_validate(yaml.safe_load(raw))


def card(base_url: str) -> AgentCard:
    """The card of a Minxing at this address."""
    from a2a.types import (
        AgentCapabilities,
        AgentCard,
        AgentInterface,
        AgentSkill,
        HTTPAuthSecurityScheme,
        SecurityRequirement,
        SecurityScheme,
        StringList,
    )

    texts = card_texts()
    bearer = HTTPAuthSecurityScheme(scheme="bearer", description="A key with the scope `chat`.")
    return AgentCard(
        name=texts.name,
        description=texts.description,
        version=VERSION,
        supported_interfaces=[
            AgentInterface(url=f"{base_url}{PATH}", protocol_binding="JSONRPC", protocol_version="1.0")
        ],
        capabilities=AgentCapabilities(streaming=False),
        default_input_modes=["text/plain"],
        default_output_modes=["text/plain", "application/json"],
        skills=[AgentSkill(**skill.model_dump()) for skill in texts.skills],
        security_schemes={"key": SecurityScheme(http_auth_security_scheme=bearer)},
        security_requirements=[SecurityRequirement(schemes={"key": StringList(list=[])})],
    )
