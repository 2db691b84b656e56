"""`minxing doctor`: what is set up, what is missing, and what to do about it."""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from settings import Settings


class State(StrEnum):
    """How one finding stands."""

    OK = "ok"
    NOTE = "note"
    """Works without it; says what it would add."""
    MISSING = "missing"
    """Minxing does not work, or not safely, until it is mended."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table."""

    what: str
    state: State
    detail: str


def examine(settings: Settings, out: Console) -> bool:
    """Print the findings.

    Returns:
        Whether nothing that is needed is missing.
    """
    findings = [finding for look in _LOOKS for finding in _safely(look, settings)]
    table = Table("what", "state", "detail")
    colours = {State.OK: "green", State.NOTE: "yellow", State.MISSING: "red"}
    for finding in findings:
        table.add_row(finding.what, f"[{colours[finding.state]}]{finding.state}[/]", finding.detail)
    out.print(table)
    return all(finding.state is not State.MISSING for finding in findings)


def _safely(look: Callable[[Settings], Iterator[Finding]], settings: Settings) -> Iterator[Finding]:
    try:
        yield from look(settings)
    except Exception as error:  # the doctor goes on to the next organ
        yield Finding(look.__name__.strip("_").replace("_", " "), State.MISSING, f"{error}")


def _python(_: Settings) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(
        "Python", State.OK if sys.version_info >= (3, 11) else State.MISSING, f"{version}, needs 3.11"
    )


def _data_folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    if not folder.exists():
        yield Finding("data folder", State.NOTE, f"{folder} is made at the first start")
    elif os.access(folder, os.W_OK):
        yield Finding("data folder", State.OK, str(folder))
    else:
        yield Finding("data folder", State.MISSING, f"{folder} cannot be written; set MINXING_DATA_DIR")
    key = settings.resolved_key_file
    if key.exists():
        private = key.stat().st_mode & 0o077 == 0
        detail = str(key) if private else f"{key} can be read by others: chmod 600"
        yield Finding("message key", State.OK if private else State.MISSING, detail)
    else:
        yield Finding("message key", State.NOTE, "is made at the first start, mode 0600; back it up apart")


def _documents(settings: Settings) -> Iterator[Finding]:
    from knowledge.engines import rebuild_needed, search_encoder, search_reranker
    from knowledge.library import Library

    encoder = search_encoder(settings)
    yield Finding("encoder", State.OK, f"{settings.encoder_engine}: {encoder.fingerprint}")
    if settings.reranker_model:
        search_reranker(settings)
        yield Finding("reranker", State.OK, settings.reranker_model)
    if why := rebuild_needed(settings, encoder):
        yield Finding("documents", State.MISSING, why)
        return
    library = Library.open(settings.snapshots_dir, encoder)
    documents = len(library.view.manifest.documents) - len(library.guides)
    yield Finding("documents", State.OK, f"{len(library.guides)} guides and {documents} texts, with vectors")


def _rules(settings: Settings) -> Iterator[Finding]:
    from knowledge.sources import Registry
    from tools.catalogue import Catalogue

    catalogue = Catalogue.load(Registry.load().cite)
    yield Finding("benefit rules", State.OK, f"{len(catalogue.benefits)} benefits, every source resolves")


def _directory(_: Settings) -> Iterator[Finding]:
    from tools.directory import Age, Directory, stale

    today = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
    contacts = Directory.load().contacts()
    old = stale(contacts, today)
    if not old:
        yield Finding("directory", State.OK, f"{len(contacts)} contacts, all checked within 90 days")
    for line in old:
        state = State.MISSING if line.age is Age.FAIL else State.NOTE
        yield Finding("directory", state, f"{line.contact} was last checked {line.days} days ago")
    unsure = [c.id for c in contacts if c.open_now is None and not c.emergency]
    yield Finding("hours", State.NOTE, f"not confirmed for {', '.join(unsure)}: have a person call each")


def _screening(_: Settings) -> Iterator[Finding]:
    from guardrails.screen import Screener
    from knowledge.encoder import load_encoder

    screener = Screener(load_encoder())
    screener.screen("你好")
    health = screener.health()
    state = State.OK if health.green else State.MISSING
    yield Finding("screening", state, "; ".join(health.problems) or "rules, classifier and redaction work")


def _reader(settings: Settings) -> Iterator[Finding]:
    if not settings.model_configured:
        return
    from guardrails.output.crossing import Crossing

    reader = Crossing()
    reader.logit("孩子可以申请。", ["孩子可以申请。"])
    detail = reader.problem or "compares what the language model words with its evidence"
    yield Finding("reader of evidence", State.NOTE if reader.problem else State.OK, detail)


def _database(settings: Settings) -> Iterator[Finding]:
    kind = "PostgreSQL" if "postgresql" in settings.resolved_database_url else "SQLite"
    if kind == "SQLite" and not settings.data_dir.exists():
        yield Finding("database", State.NOTE, "SQLite, made at the first start")
        return
    accounts = asyncio.run(_accounts(settings))
    yield Finding("database", State.OK, kind)
    if accounts:
        yield Finding("staff", State.OK, f"{accounts} accounts")
    else:
        yield Finding("staff", State.NOTE, "nobody can answer yet: minxing staff add NAME --role 值班员")


async def _accounts(settings: Settings) -> int:
    from storage.store import Store

    store = await Store.open(settings)
    try:
        return len(await store.staff.all())
    finally:
        await store.close()


def _extras(settings: Settings) -> Iterator[Finding]:
    if settings.model_configured:
        yield Finding(
            "language model", State.OK, f"{settings.llm_model} words answers; verdicts stay with code"
        )
    else:
        yield Finding(
            "language model", State.NOTE, "none: the offline composer answers (this is the default)"
        )
    browser = shutil.which("chromium")
    yield Finding(
        "chromium", State.OK if browser else State.NOTE, browser or "only for tests: apt install chromium"
    )
    have = importlib.util.find_spec("pytest") is not None
    yield Finding(
        "test tools", State.OK if have else State.NOTE, "installed" if have else "make test installs them"
    )
    if settings.evaluation:
        yield Finding("evaluation", State.NOTE, "MINXING_EVALUATION is on: turn it off in service")


_LOOKS = (_python, _data_folder, _documents, _rules, _directory, _screening, _reader, _database, _extras)
