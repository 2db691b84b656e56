"""What `minxing precheck --table` shows in a terminal. What operators read is English."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from knowledge.sources import Registry
from tools.catalogue import Catalogue
from tools.table.mapping import Mapping
from tools.table.register import Progress, check_register


def check_table(
    table: Path, mapping: Path, result: Path, out: Console, *, as_of: dt.date, encoding: str
) -> None:
    """Check a register and say where the result and the rejects lie.

    Raises:
        ToolsError: the register, the mapping or the result's name is not usable.
    """
    catalogue = Catalogue.load(Registry.load().cite)
    rejects = result.with_suffix(".rejects.csv")
    with Bar(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=out) as bar:
        task = bar.add_task("reading", total=None)

        def advance(now: Progress) -> None:
            bar.update(task, description=f"{now.rows:,} rows checked, {now.rejected:,} rejected")

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
