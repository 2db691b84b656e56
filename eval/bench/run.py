"""`minxing bench`: every figure of the design beside its peers, in one run, as one table."""

from __future__ import annotations

import importlib.util
import platform
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.table import Table

from eval.bench.timing import Row
from settings import Settings

_WHEN_NAMED = ("index", "large")
"""Parts that take long: they run when they are asked for by name."""


def _parts(
    settings: Settings, clauses: int, say: Callable[[str], None]
) -> dict[str, Callable[[], Iterator[Row]]]:
    from eval.bench.large import measure_index, measure_large_search
    from eval.bench.parts import measure_screening, measure_search, measure_widget
    from eval.bench.server import measure_server
    from eval.bench.tools import measure_tools

    return {
        "server": measure_server,
        "screen": measure_screening,
        "tools": measure_tools,
        "search": measure_search,
        "widget": measure_widget,
        "index": lambda: measure_index(
            settings.snapshots_dir, settings.data_dir / "bench-index", clauses, say
        ),
        "large": lambda: measure_large_search(
            settings.snapshots_dir, settings.data_dir / "bench-large", clauses, say
        ),
    }


def run_bench(settings: Settings, out: Console, *, only: str = "", clauses: int = 60_000) -> None:
    """Measure and print. The figures are those of this machine, in this run.

    Args:
        settings: whose index is the model of the parts `index` and `large`.
        out: where the table goes.
        only: one part; the long ones run only so.
        clauses: size of the index in `index` and `large`.
    """
    if importlib.util.find_spec("rank_bm25") is None:
        out.print("The peers are not installed; run `make bench`, which installs them.", style="red")
        return
    status = out.status("measuring ...")
    parts = _parts(settings, clauses, status.update if out.is_terminal else out.print)
    if only and only not in parts:
        out.print(f"There is no part {only!r}; parts are {', '.join(parts)}.", style="red", markup=False)
        return
    table = Table("part", "what", "measured", "figure", "holds", title=_machine())
    for name, measure in parts.items():
        if only == name or (not only and name not in _WHEN_NAMED):
            status.update(f"measuring {name} ...")
            with status:
                for row in measure():
                    holds = "" if row.holds is None else ("yes" if row.holds else "[red]no[/]")
                    table.add_row(row.part, row.what, row.value, row.figure, holds)
    out.print(table)


def _machine() -> str:
    import os

    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
