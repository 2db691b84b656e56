"""One agent over the real documents, rules and screening for all tests of this room."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

from agent.compose import Composer
from agent.compose.offline import OfflineComposer
from agent.turn import Agent
from agent.types import ConversationState, TurnInput, TurnResult
from guardrails.output import OutputCheck
from guardrails.pii import Vault
from guardrails.screen import Screener
from guardrails.signals.classifier import Found
from guardrails.templates import TemplateBank
from guardrails.types import Author, Severity, Utterance
from knowledge.encoder import Embedder, load_encoder
from knowledge.library import Library
from settings import Settings
from storage.store import Store
from tools.catalogue import Catalogue
from tools.directory import Directory

T = TypeVar("T")
CHINA = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=CHINA)


class RulesAlone:
    """A classifier that hears nothing: what the rules find is what counts here, and vectors are real.

    How well danger is heard is measured where it is learned (tests/guardrails), not through answers.
    """

    def __init__(self, encoder: Embedder) -> None:
        self._encoder = encoder

    def find(self, redacted: str, window: Sequence[Utterance]) -> Found:
        return Found((), self._encoder.encode([redacted])[0], 0.0)


@dataclass(frozen=True)
class Parts:
    """What is read from files, once a session."""

    library: Library
    catalogue: Catalogue
    directory: Directory
    screener: Screener
    templates: TemplateBank
    check: OutputCheck

    def agent(self, composer: Composer | None = None, store: Store | None = None, **more: Any) -> Agent:
        """An agent over these parts."""
        return Agent(
            self.library,
            self.catalogue,
            self.directory,
            self.screener,
            self.templates,
            self.check,
            store,
            composer or OfflineComposer(),
            **{"clock": lambda: NOW, **more},
        )


@pytest.fixture(scope="session")
def encoder() -> Embedder:
    return load_encoder()


@pytest.fixture(autouse=True)
def patient_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy test machine is no reason to drop a sentence (R-42 is about a check that hangs)."""
    monkeypatch.setattr("agent.release.TIMEOUT_SECONDS", 10.0)


@pytest.fixture(scope="session")
def parts(encoder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Parts:
    library = Library.open(tmp_path_factory.mktemp("snapshots"), encoder)
    directory = Directory.load()
    return Parts(
        library,
        Catalogue.load(library.cite),
        directory,
        Screener(encoder, classifier=RulesAlone(encoder)),
        TemplateBank.load(directory),
        OutputCheck(directory.numbers),
    )


@pytest.fixture(scope="session")
def agent(parts: Parts) -> Agent:
    return parts.agent()


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    """A store of this test's own."""
    opened = await Store.open(settings)
    try:
        yield opened
    finally:
        await opened.close()


@pytest.fixture(scope="session")
def reading_agent(parts: Parts, encoder: Embedder) -> Agent:
    """The same with the layers that read: danger, and what a message is about."""
    return replace(parts, screener=Screener(encoder, timeout_seconds=30)).agent()


async def talk(
    agent: Agent,
    lines: Sequence[str],
    state: ConversationState | None = None,
    now: dt.datetime = NOW,
    window: tuple[Utterance, ...] = (),
) -> list[TurnResult]:
    """Say these lines one after the other, with memory, window and vault as in a conversation."""
    state = state or ConversationState()
    vault, sticky = Vault(), Severity.S0
    results: list[TurnResult] = []
    for line in lines:
        result = await agent.think(TurnInput(line, window, state, now.date(), now, vault, sticky))
        window = (*window, Utterance(Author.FAMILY, result.screening.redacted))
        if result.reply:
            window = (*window, Utterance(Author.ASSISTANT, said(result)))
        state, sticky = result.state, result.screening.severity
        results.append(result)
    return results


def said(result: TurnResult) -> str:
    """The reply as one text."""
    return "".join(s.text for s in result.reply.sentences) if result.reply else ""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Outside of async tests."""
    return asyncio.run(work)
