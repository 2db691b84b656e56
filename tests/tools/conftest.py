"""The rules with their references resolved by the registry of documents: no index, no encoder needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.sources import Registry
from knowledge.types import Citation
from tools.catalogue import Catalogue

PROJECT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 11, 21)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright keeps an event loop running, and no async test can start beside it."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


def registry_cite() -> Callable[[str], Citation]:
    """Resolves documents by name; of a clause it checks the form, as test_official_texts its existence."""
    registry = Registry.load()
    return lambda reference: registry.citation(registry.resolve(reference))


@pytest.fixture(scope="session")
def cite() -> Callable[[str], Citation]:
    return registry_cite()


@pytest.fixture(scope="session")
def catalogue(cite: Callable[[str], Citation]) -> Catalogue:
    return Catalogue.load(cite)
