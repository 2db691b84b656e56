"""Which clauses are used by what, and which by nothing: as rows, and as a page."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.library import Library
from knowledge.references import clause_id
from knowledge.types import Source
from knowledge.usage import Usage, Users


@dataclass(frozen=True, slots=True)
class Row:
    """One clause with its users."""

    document_id: str
    document: str
    number: str | None
    clause: str
    held: bool
    """Whether its text is present."""
    text: str
    checked_on: dt.date
    users: Users

    @property
    def used(self) -> bool:
        """Whether anything rests on it."""
        return bool(self.users)


def coverage(library: Library, usage: Usage | None = None) -> list[Row]:
    """A row for each searched clause of the texts that are held, and each clause that anything rests on."""
    registry = library.view.registry
    who = usage or Usage.collect(registry, library.guides)
    rows = {row.document_id + "#" + row.clause: row for row in _held(library, who)}
    for target, users in who.clauses.items():
        document_id, _, label = target.partition("#")
        source = registry.get(document_id)
        if source is not None and document_id not in library.view.held:
            rows[target] = _row(source, label, "", False, users)
    return sorted(rows.values(), key=lambda row: (not row.held, row.document_id))


def _held(library: Library, usage: Usage) -> list[Row]:
    view = library.view
    rows = []
    for unit in range(view.size):
        clause = view.entry(unit).clause
        if clause.guide is not None:
            continue
        citation = clause.citation
        source = view.registry.sources[citation.document_id]
        users = usage.of(citation.document_id, citation.clause)
        rows.append(_row(source, citation.clause, clause.text, True, users))
    return rows


def _row(source: Source, label: str, text: str, held: bool, users: Users) -> Row:
    return Row(source.id, source.title, source.number, label, held, text, source.checked_on, users)


def unused(rows: Sequence[Row], document_id: str = "hz_kunjing_2025_70") -> list[Row]:
    """Clauses of a document that nothing rests on; by default of the Hangzhou text."""
    return [row for row in rows if row.document_id == document_id and row.held and not row.used]


def write_page(rows: Sequence[Row], path: Path) -> None:
    """Write the coverage as an HTML page that needs nothing else."""
    body = "\n".join(_html(row) for row in rows)
    held = sum(row.held for row in rows)
    used = sum(row.held and row.used for row in rows)
    path.write_text(_PAGE.format(rows=body, held=held, used=used, all=len(rows)), "utf-8")


def _html(row: Row) -> str:
    cells = (
        row.number or row.document,
        row.clause,
        row.text[:60],
        "、".join(row.users.guides),
        "、".join(row.users.benefits),
        "、".join(row.users.cases),
        row.checked_on.isoformat(),
    )
    kind = "used" if row.used else "unused"
    identity = html.escape(clause_id(row.document_id, row.clause), quote=True)
    return (
        f'<tr class="{kind}" id="{identity}">'
        + "".join(f"<td>{html.escape(c)}</td>" for c in cells)
        + "</tr>"
    )


_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>条款覆盖</title>
<style>
body {{ font-family: sans-serif; margin: 2rem; }}
table {{ border-collapse: collapse; }}
td, th {{ border: 1px solid #ccc; padding: .3rem .5rem; vertical-align: top; text-align: left; }}
tr.unused td {{ background: #fff3d6; }}
</style></head><body>
<h1>条款覆盖</h1>
<p>收有原文的条款 {held} 条，其中 {used} 条有指南、待遇或用例引用。表中共 {all} 条。没有引用的条款有底色。</p>
<table><thead><tr><th>文件</th><th>条款</th><th>原文</th><th>指南</th><th>待遇</th><th>用例</th><th>核对日期</th></tr></thead>
<tbody>
{rows}
</tbody></table></body></html>
"""
