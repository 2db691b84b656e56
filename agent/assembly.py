"""Opening what lies below the agent, once, for whoever needs one: server, terminal, evaluators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from agent.compose import make_composer
from agent.turn import Agent
from guardrails.output import OutputCheck
from guardrails.output.crossing import Crossing
from guardrails.screen import Screener
from guardrails.templates import TemplateBank
from knowledge.encoder import load_encoder
from knowledge.engines import open_library
from knowledge.library import Library
from settings import Settings
from storage.store import Store
from tools.catalogue import Catalogue
from tools.directory import Directory


@dataclass(frozen=True, slots=True)
class Parts:
    """What is read from files and never changes while the process runs."""

    library: Library
    catalogue: Catalogue
    directory: Directory
    screener: Screener


def load_parts(settings: Settings) -> Parts:
    """Read models, documents and rules. Takes a second or two; call it outside the event loop."""
    bundled = load_encoder()
    with ThreadPoolExecutor(1) as pool:  # the screener's models load while the index is opened
        screener = pool.submit(Screener, bundled, timeout_seconds=settings.detector_seconds)
        library = open_library(settings, bundled)
        catalogue = Catalogue.load(library.cite)
        return Parts(library, catalogue, Directory.load(), screener.result())


def make_agent(
    parts: Parts,
    settings: Settings,
    store: Store | None,
    clock: Callable[[], dt.datetime],
    *,
    model: bool | None = None,
) -> Agent:
    """The agent over these parts; without a store it can think, but not receive.

    `model`: whether a language model will word answers, if the settings do not say so themselves; its
    sentences are read beside their evidence.
    """
    reads = settings.model_configured if model is None else model
    return Agent(
        parts.library,
        parts.catalogue,
        parts.directory,
        parts.screener,
        TemplateBank.load(parts.directory),
        OutputCheck(parts.directory.numbers, Crossing() if reads else None),
        store,
        make_composer(settings, parts.library, parts.catalogue, parts.directory),
        clock=clock,
        evaluation=settings.evaluation,
    )
