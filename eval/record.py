"""A run written down while it goes: one JSON line a conversation, so that a killed run can go on.

What is written is redacted and without what went over the wire: a record is kept and passed on (PR-1).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from eval.suite import Case
from eval.types import CaseResult, Observation, RunResult, TurnResult
from guardrails.pii import Redactor, Vault

_CASE = TypeAdapter(CaseResult)


class RecordError(Exception):
    """Shown to the evaluator: a record cannot be used; names the file and the mend."""


class Header(BaseModel):
    """First line of a record."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    minxing_run: int = 1
    """Format of the file."""
    target: str
    started: dt.datetime
    version: str = ""
    repeat: int = 1


def digest(case: Case) -> str:
    """What a case says and expects, in twelve hexadecimal digits; a mark put on or off is no other test."""
    return hashlib.sha256(case.model_dump_json(exclude={"pending"}).encode()).hexdigest()[:12]


class Record:
    """An open record. Each result is on disk before the next conversation ends."""

    def __init__(self, path: Path, header: Header, *, resume: bool) -> None:
        """Begin a record, or go on with the one that is there.

        Raises:
            RecordError: there is something else at that place.
        """
        self.done: tuple[CaseResult, ...] = ()
        self._redactor = Redactor()
        path.parent.mkdir(parents=True, exist_ok=True)
        if resume and path.exists():
            self.done = load(path).cases
        lines = [header.model_dump_json(), *(_line(case) for case in self.done)]
        whole = path.with_suffix(".part")
        whole.write_text("\n".join(lines) + "\n", encoding="utf-8")
        whole.replace(path)  # also drops half a line that a killed run left behind
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def add(self, case: CaseResult) -> CaseResult:
        """Write one result; returns it as it was written, without personal data."""
        clean = redacted(case, self._redactor)
        self._file.write(_line(clean) + "\n")
        return clean

    def close(self) -> None:
        """Done writing."""
        self._file.close()


def redacted(case: CaseResult, redactor: Redactor) -> CaseResult:
    """The result without personal values and without the wire."""
    vault = Vault()

    def text(value: str) -> str:
        return redactor.redact(value, vault)[0] if value else value

    def observation(seen: Observation) -> Observation:
        return replace(seen, reply=text(seen.reply), card=text(seen.card), wire="")

    turns = tuple(
        TurnResult(
            text(turn.say),
            observation(turn.observation) if turn.observation else None,
            tuple(map(text, turn.failures)),
        )
        for turn in case.turns
    )
    return replace(case, turns=turns, error=text(case.error))


def load(path: Path) -> RunResult:
    """Read a record; half a last line, as a killed run leaves it, is passed over.

    Raises:
        RecordError: the file cannot be read or is no record.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise RecordError(
            f"{path}: cannot be read ({error.strerror}). Give the eval.jsonl of a run."
        ) from None
    try:
        header = Header.model_validate_json(lines[0])
    except (IndexError, ValidationError):
        raise RecordError(
            f"{path}: is no record of a run. Give the eval.jsonl that `minxing eval run` wrote."
        ) from None
    cases = []
    for number, line in enumerate(lines[1:], 2):
        try:
            cases.append(_CASE.validate_json(line))
        except ValueError:
            if number == len(lines):
                break
            raise RecordError(f"{path}, line {number}: is damaged. Remove that line, or run again.") from None
    meta = {"started": header.started.isoformat(), "version": header.version, "repeat": str(header.repeat)}
    return RunResult(header.target, tuple(cases), sum(case.seconds for case in cases), meta)


def _line(case: CaseResult) -> str:
    return _CASE.dump_json(case).decode()
