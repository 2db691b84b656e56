"""A whole register checked, part by part: memory is bounded, and a broken run goes on where it stopped."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from tools.catalogue import Catalogue
from tools.errors import ToolsError
from tools.table.expressions import dtype, inferred, outcomes
from tools.table.frames import polars
from tools.table.mapping import Mapping, reading, received
from tools.types import Outcome

ROWS_PER_PART = 50_000
UTF8 = ("utf-8", "utf8")


class RegisterError(ToolsError):
    """Shown to the operator: the file cannot be read or written, and what to do."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    rows: int
    rejected: int
    parts: int
    resumed: int
    """Parts that an earlier run had finished."""


def check_partition(frame: Any, mapping: Mapping, catalogue: Catalogue, as_of: dt.date) -> tuple[Any, Any]:
    """Check one frame of text columns; pure, so that it runs on any worker of Dask or Ray.

    Args:
        frame: a Polars frame as read from the register, all columns text.
        mapping: which column says which fact.
        catalogue: the rules.
        as_of: the day the policy is read on.

    Returns:
        The result (row key, an outcome per entry, `likely`, and `missed` where received benefits are mapped),
        and the rejected rows (row number, key, reason). A rejected row is not in the result. Nothing else of
        the register is in either.
    """
    pl = polars()
    readings = [
        reading(name, column, catalogue.facts[column.fact]) for name, column in mapping.columns.items()
    ]
    read = frame.select(
        "row",
        pl.col(mapping.key).str.strip_chars().replace("", None).alias("key"),
        _reasons(mapping, catalogue),
        *readings,
        *(received(name).alias(f"r:{entry}") for name, entry in mapping.received.items()),
    )
    rejects = read.filter(pl.col("reason") != "").select("row", "key", "reason")
    good = read.filter(pl.col("reason") == "")
    columns = [column.fact for column in mapping.columns.values()]
    following = {one.fact for one in catalogue.facts.implications if one.value is not None}
    derived = [
        fact.name
        for fact in catalogue.facts
        if (fact.name in following or fact.whole_part_of) and fact.name not in columns
    ]
    good = good.with_columns(pl.lit(None, dtype=dtype(catalogue.facts[name])).alias(name) for name in derived)
    columns += derived
    rules = catalogue.rules(as_of, "")
    truths, found = outcomes(catalogue, rules, columns)
    for follows in inferred(catalogue.facts, columns):
        good = good.with_columns(*follows)
    result = good.with_columns(*truths).with_columns(*found)
    entries = list(catalogue.benefits)
    return result.select("key", *entries, *_lists(entries, mapping)), rejects


def _lists(entries: list[str], mapping: Mapping) -> list[Any]:
    """Entries that are likely, and of these the ones that are not received yet, as `B02 B13`."""
    pl = polars()
    positive = [Outcome.LIKELY.value, Outcome.CHOICE.value]

    def joined(name: str, only: list[str], unless: dict[str, str]) -> Any:
        parts = []
        for entry in only:
            holds = pl.col(entry).is_in(positive)
            if entry in unless:
                holds = holds & ~pl.col(unless[entry])
            parts.append(pl.when(holds).then(pl.lit(entry)).otherwise(None))
        return pl.concat_str(parts, separator=" ", ignore_nulls=True).alias(name)

    found = [joined("likely", entries, {})]
    if mapping.received:
        had = {entry: f"r:{entry}" for entry in mapping.received.values()}
        found.append(joined("missed", list(had), had))
    return found


def _reasons(mapping: Mapping, catalogue: Catalogue) -> Any:
    """What is wrong with a row, without repeating what stands in it."""
    pl = polars()
    key = pl.col(mapping.key).str.strip_chars()
    parts = [pl.when(key.fill_null("") == "").then(pl.lit(f"「{mapping.key}」是空的")).otherwise(None)]
    for name, column in mapping.columns.items():
        fact = catalogue.facts[column.fact]
        told = pl.col(name).str.strip_chars().fill_null("") != ""
        unread = told & reading(name, column, fact).is_null()
        limits = (
            f"{fact.min}到{fact.max}的整数"
            if fact.unit
            else "、".join(label for _, label in fact.choices[:4])
        )
        parts.append(pl.when(unread).then(pl.lit(f"「{name}」读不懂，应当是{limits}等")).otherwise(None))
    return pl.concat_str(parts, separator="；", ignore_nulls=True).alias("reason")


def check_register(
    source: Path,
    result: Path,
    rejects: Path,
    *,
    mapping: Mapping,
    catalogue: Catalogue,
    as_of: dt.date,
    encoding: str = "utf-8",
    rows_per_part: int = ROWS_PER_PART,
    on_progress: Callable[[Progress], None] | None = None,
) -> Progress:
    """Check a register file part by part.

    Finished parts lie in a folder beside the result; if a run breaks off, the next one with the same inputs
    goes on after them. The folder is removed at the end.

    Raises:
        RegisterError: the file cannot be read, or the result's name ends in neither .csv nor .parquet.
        CatalogueError: a mapped column is not in the file.
    """
    if result.suffix not in (".csv", ".parquet"):
        raise RegisterError(f"{result.name}: the result is written as .csv or .parquet")
    parts = _parts_folder(source, result, mapping, as_of, rows_per_part)
    readable = source if encoding.lower() in UTF8 else _as_utf8(source, parts, encoding)
    done = resumed = rejected = rows = 0
    for number, frame in enumerate(_batches(readable, mapping, rows_per_part)):
        good, bad = parts / f"{number:06}.parquet", parts / f"{number:06}.rejects.parquet"
        if bad.exists():  # written last: a part with its rejects is whole
            resumed += 1
            rejected += polars().read_parquet(bad).height
        else:
            checked, refused = check_partition(frame, mapping, catalogue, as_of)
            checked.write_parquet(good)
            _write_whole(refused, bad)
            rejected += refused.height
        rows += frame.height
        done += 1
        if on_progress is not None:
            on_progress(Progress(rows, rejected, done, resumed))
    if not done:
        raise RegisterError(f"{source.name} holds no rows below its header")
    _gather(parts, result, rejects)
    return Progress(rows, rejected, done, resumed)


def rows_of(source: Path) -> int | None:
    """How many rows a register in UTF-8 has, read once without keeping them; None where it cannot be read."""
    pl = polars()
    try:
        found = pl.scan_csv(source, infer_schema=False, truncate_ragged_lines=True).select(pl.len())
        return int(found.collect(engine="streaming").item())
    except (OSError, pl.exceptions.PolarsError):
        return None  # the check itself says what is wrong


def _batches(source: Path, mapping: Mapping, rows_per_part: int) -> Iterator[Any]:
    pl = polars()
    try:
        table = pl.scan_csv(source, infer_schema=False, truncate_ragged_lines=True)
        mapping.check_header(table.collect_schema().names(), source.name)
        wanted = list(dict.fromkeys((mapping.key, *mapping.columns, *mapping.received)))
        yield from (
            table.with_row_index("row", offset=2)
            .select("row", *wanted)
            .collect_batches(chunk_size=rows_per_part, maintain_order=True)
        )
    except (OSError, pl.exceptions.PolarsError) as error:
        raise RegisterError(f"{source.name} cannot be read as a CSV table: {error}") from None


def _parts_folder(source: Path, result: Path, mapping: Mapping, as_of: dt.date, rows_per_part: int) -> Path:
    """The folder of this very run: another file, mapping or day starts anew."""
    try:
        stat = source.stat()
    except OSError as error:
        raise RegisterError(f"{source.name} cannot be read: {error.strerror}") from None
    inputs = [str(source.resolve()), stat.st_size, stat.st_mtime_ns, as_of.isoformat(), rows_per_part]
    text = json.dumps([*inputs, mapping.model_dump_json()])
    folder = result.with_name(f"{result.name}.{sha256(text.encode()).hexdigest()[:12]}.parts")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _as_utf8(source: Path, parts: Path, encoding: str) -> Path:
    """The register in UTF-8, rewritten piece by piece: bureaus often write GB18030."""
    readable = parts / "utf8.csv"
    if not readable.exists():
        unfinished = parts / "utf8.unfinished"
        try:
            with (
                source.open(encoding=encoding, newline="") as text,
                unfinished.open("w", encoding="utf-8", newline="") as copy,
            ):
                while piece := text.read(1 << 20):
                    copy.write(piece)
        except (UnicodeDecodeError, LookupError) as error:
            raise RegisterError(f"{source.name} is not written in {encoding}: {error}") from None
        unfinished.rename(readable)
    return readable


def _write_whole(frame: Any, path: Path) -> None:
    unfinished = path.with_suffix(".unfinished")
    frame.write_parquet(unfinished)
    unfinished.rename(path)


def _gather(parts: Path, result: Path, rejects: Path) -> None:
    """Join the parts, streaming, and take the folder away."""
    pl = polars()
    good = sorted(path for path in parts.glob("*.parquet") if ".rejects" not in path.name)
    table = pl.scan_parquet(good)
    if result.suffix == ".csv":
        table.sink_csv(result)
    else:
        table.sink_parquet(result)
    pl.scan_parquet(sorted(parts.glob("*.rejects.parquet"))).sink_csv(rejects)
    for path in parts.iterdir():
        path.unlink()
    parts.rmdir()
