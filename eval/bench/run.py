"""`minxing bench`: every figure of the design beside its peers, in one run, as one table."""

from __future__ import annotations

import importlib.util
import platform
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.table import Table

from eval.bench.timing import Row
from settings import Settings


def _parts() -> dict[str, Callable[[], Iterator[Row]]]:
    from eval.bench.parts import measure_screening, measure_search, measure_widget
    from eval.bench.server import measure_server
    from eval.bench.tools import measure_tools

    return {
        "server": measure_server,
        "screen": measure_screening,
        "tools": measure_tools,
        "search": measure_search,
        "widget": measure_widget,
    }


def run_bench(settings: Settings, out: Console, *, only: str = "") -> None:
    """Measure and print. The figures are those of this machine, in this run."""
    if importlib.util.find_spec("rank_bm25") is None:
        out.print("The peers are not installed; run `make bench`, which installs them.", style="red")
        return
    parts = _parts()
    if only and only not in parts:
        out.print(f"There is no part {only!r}; parts are {', '.join(parts)}.", style="red", markup=False)
        return
    table = Table("part", "what", "measured", "figure", "holds", title=_machine())
    for name, measure in parts.items():
        if only in ("", name):
            with out.status(f"measuring {name} ..."):
                for row in measure():
                    holds = "" if row.holds is None else ("yes" if row.holds else "[red]no[/]")
                    table.add_row(row.part, row.what, row.value, row.figure, holds)
    out.print(table)


def _machine() -> str:
    import os

    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
