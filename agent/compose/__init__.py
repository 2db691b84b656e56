"""Step 7 of a turn: wording. `offline` is the default, `model` an upgrade behind the same protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.compose.protocol import Brief, Composer, Draft, Release, Rooms

if TYPE_CHECKING:
    from knowledge.library import Library
    from settings import Settings
    from tools.catalogue import Catalogue
    from tools.directory import Directory

__all__ = ["Brief", "Composer", "Draft", "Release", "Rooms", "make_composer"]


def make_composer(
    settings: Settings, library: Library, catalogue: Catalogue, directory: Directory
) -> Composer:
    """The composer that the settings ask for; LangChain is imported only for a model."""
    from agent.compose.offline import OfflineComposer

    offline = OfflineComposer()
    if not settings.model_configured:
        return offline
    from agent.compose.model import ModelComposer

    return ModelComposer.from_settings(settings, offline)
