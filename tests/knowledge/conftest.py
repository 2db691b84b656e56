"""The built-in corpus opened once, and the official texts beside the project where they are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.encoder import Embedder, load_encoder
from knowledge.library import Library
from knowledge.sources import Registry
from tests.conftest import missing
from tests.knowledge.endpoint import Endpoint

OFFICIAL = Path(__file__).resolve().parents[3] / "shared" / "policy" / "official"


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture(scope="session")
def encoder() -> Embedder:
    return load_encoder()


@pytest.fixture(scope="session")
def library(encoder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The built-in corpus, opened as a first start does."""
    return Library.open(tmp_path_factory.mktemp("snapshots"), encoder)


@pytest.fixture(scope="session")
def official() -> Path:
    """The folder of official texts, or a skip (a failure with CI=true)."""
    if not OFFICIAL.is_dir():
        missing("shared/policy/official beside the project")
    return OFFICIAL


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
