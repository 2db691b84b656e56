"""The coverage as one HTML page that needs nothing else: documents first, their clauses below."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from knowledge.references import clause_id

if TYPE_CHECKING:
    from knowledge.coverage import Row

HANGZHOU = "hz_kunjing_2025_70"
"""The text that every family of Hangzhou is under: its clauses are shown at once."""
_TEXT = 80
"""Characters of a clause that are shown; the whole stands in its title."""


def page(rows: Sequence[Row]) -> str:
    """The page."""
    held = [row for row in rows if row.held]
    used = sum(row.used for row in held)
    documents = [(name, list(mine)) for name, mine in groupby(rows, key=lambda row: row.document_id)]
    return _PAGE.format(
        held=len(held),
        used=used,
        cited=len(rows) - len(held),
        overview="\n".join(_line(mine) for _, mine in documents),
        documents="\n".join(_document(name, mine) for name, mine in documents),
    )


def _line(rows: Sequence[Row]) -> str:
    first, used = rows[0], sum(row.used for row in rows)
    share = round(100 * used / len(rows))
    bar = f'<meter min="0" max="100" value="{share}">{share}%</meter>' if first.held else ""
    name = f'<a href="#{_quoted(first.document_id)}">{_escaped(first.document)}</a>'
    counts = (str(len(rows)), str(used), bar) if first.held else ("没有原文", str(used), "")
    cells = (name, _escaped(first.number or ""), *counts, first.checked_on.isoformat())
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _document(name: str, rows: Sequence[Row]) -> str:
    first = rows[0]
    title = f"{_escaped(first.document)} <small>{_escaped(first.number or '')}</small>"
    body = "\n".join(_clause(row) for row in rows)
    used = sum(row.used for row in rows)
    state = " open" if name == HANGZHOU else ""
    return (
        f'<details id="{_quoted(name)}"{state}>'
        f"<summary>{title} <small>{used} / {len(rows)}</small></summary>\n"
        f"<table><thead>{_HEAD}</thead><tbody>\n{body}\n</tbody></table></details>"
    )


def _clause(row: Row) -> str:
    words = " ".join(row.text.split())
    cells = (
        _escaped(row.clause or "全文"),
        f'<span title="{_quoted(words)}">{_escaped(words[:_TEXT])}{"…" if len(words) > _TEXT else ""}</span>',
        _names(name.removeprefix("guide:").replace("#", " ") for name in row.users.guides),
        _names(row.users.benefits),
        _names(row.users.cases),
    )
    kind = "used" if row.used else "unused"
    identity = _quoted(clause_id(row.document_id, row.clause))
    return f'<tr class="{kind}" id="{identity}">' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _names(names: Iterable[str]) -> str:
    return " ".join(f"<code>{_escaped(name)}</code>" for name in names)


def _escaped(text: str) -> str:
    return html.escape(text)


def _quoted(text: str) -> str:
    return html.escape(text, quote=True)


_HEAD = "<tr><th>条款</th><th>原文</th><th>指南</th><th>待遇</th><th>用例</th></tr>"
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>条款覆盖</title>
<style>
body {{ font: 15px/1.6 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem;
  padding: 0 1rem; color: #222; }}
table {{ border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }}
td, th {{ border-bottom: 1px solid #ddd; padding: .35rem .6rem; vertical-align: top; text-align: left; }}
th {{ background: #f4f4f1; }}
details td:first-child {{ white-space: nowrap; }}
details td:nth-child(2) {{ min-width: 18rem; }}
summary {{ cursor: pointer; padding: .4rem 0; border-bottom: 1px solid #ddd; font-weight: 600; }}
small {{ font-weight: 400; color: #666; margin-left: .4rem; }}
code {{ font: inherit; font-size: .85em; background: #eef3f0; border-radius: .2rem; padding: 0 .3rem;
  display: inline-block; margin: 0 .15rem .15rem 0; }}
tr.unused td {{ background: #fff6e0; }}
body:has(#only:checked) tr.used {{ display: none; }}
meter {{ width: 6rem; }}
</style></head><body>
<h1>条款覆盖</h1>
<p>收有原文的条款 {held} 条，其中 {used} 条有指南、待遇或用例引用；另有 {cited} 处引用的文件没有收原文。
家庭问法（asks）不算引用。没有引用的条款有底色。</p>
<table><thead><tr><th>文件</th><th>文号</th><th>条款</th><th>有引用</th><th></th><th>核对日期</th></tr></thead>
<tbody>
{overview}
</tbody></table>
<p><label><input type="checkbox" id="only"> 只看没有引用的条款</label></p>
{documents}
</body></html>
"""
