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

    composer: Composer = OfflineComposer()
    if settings.model_configured:
        from agent.compose.model import ModelComposer

        composer = ModelComposer.from_settings(settings, OfflineComposer())
    if settings.partner_url:
        from agent.partner.client import A2APartner
        from agent.partner.composer import PartnerComposer

        composer = PartnerComposer(composer, A2APartner.from_settings(settings))
    return composer
