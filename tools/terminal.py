"""What `minxing precheck --table` shows in a terminal. What operators read is English."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from knowledge.sources import Registry
from tools.catalogue import Catalogue
from tools.table.mapping import Mapping
from tools.table.register import UTF8, Progress, check_register, rows_of


def check_table(
    table: Path, mapping: Path, result: Path, out: Console, *, as_of: dt.date, encoding: str
) -> None:
    """Check a register and say where the result and the rejects lie.

    Raises:
        ToolsError: the register, the mapping or the result's name is not usable.
    """
    catalogue = Catalogue.load(Registry.load().cite)
    rejects = result.with_suffix(".rejects.csv")
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=out) as bar:
        task = bar.add_task("counting rows", total=None)
        bar.update(task, total=rows_of(table) if encoding.lower() in UTF8 else None)

        def advance(now: Progress) -> None:
            said = f"{now.rows:,} rows checked, {now.rejected:,} rejected"
            bar.update(task, completed=now.rows, description=said)

        done = check_register(
            table,
            result,
            rejects,
            mapping=Mapping.load(mapping, catalogue),
            catalogue=catalogue,
            as_of=as_of,
            encoding=encoding,
            on_progress=advance,
        )
    out.print(f"{done.rows:,} rows checked: {result}", markup=False)
    out.print(f"{done.rejected:,} rows could not be read: {rejects}", markup=False)
