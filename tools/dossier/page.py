"""A checklist as one printable page: large type, boxes to tick, clauses; personal only what was chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from functools import cache
from html import escape
from pathlib import Path

import yaml

from knowledge.types import Citation
from tools.checklist import Checklist, Item, Limit
from tools.facts import FactBook
from tools.types import Facts

HERE = Path(__file__).parent


@cache
def words() -> dict[str, str]:
    """The fixed words of the page."""
    found: dict[str, str] = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
    return found


@cache
def css() -> str:
    """The style of the page, for screen and paper."""
    return (HERE / "print.css").read_text(encoding="utf-8")


def page(
    checklist: Checklist,
    *,
    applied: dt.date | None = None,
    facts: Facts | None = None,
    print_facts: Collection[str] = (),
    book: FactBook | None = None,
    style_href: str = "",
) -> str:
    """The page as HTML.

    Args:
        checklist: what to print.
        applied: the day the papers are handed in, if due days are to be shown.
        facts: what the family told.
        print_facts: names of the facts the family chose to have printed; none by default.
        book: needed with `print_facts`.
        style_href: address of `print.css` where a page may hold no style of its own; empty: it is inside.
    """
    say = words()
    style = (
        f'<link rel="stylesheet" href="{escape(style_href)}">' if style_href else f"<style>{css()}</style>"
    )
    parts = [
        f"<h1>{escape(checklist.name)}</h1>",
        f"<p>{escape(checklist.summary)}</p>",
        f'<p class="frame">{escape(say["check"])}</p>',
        f'<p class="frame">{escape(say["automatic"])}</p>' if checklist.automatic else "",
        _told(facts or {}, print_facts, book),
        _section(say["where"], [checklist.where]),
        _section(say["channel"], checklist.channel),
        f"<p>{escape(say['every_case'])}</p>" if facts is None and checklist.materials else "",
        _section(say["materials"], checklist.materials, "tick"),
        _section(say["steps"], checklist.steps, ordered=True),
        _limits(checklist.limits, applied),
        _section(say["notice"], [checklist.notice] if checklist.notice else []),
        _section(say["gives"], checklist.gives),
        _section(say["beware"], checklist.beware),
        _section(say["department"], [checklist.department]),
        _basis(checklist),
        f"<p>{escape(say['reported'])}</p>" if checklist.reported else "",
        f"<p>{escape(say['help'])}</p>",
        f'<p class="source">{escape(say["as_of"].format(day=day(checklist.as_of)))}</p>',
    ]
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(say['title'])}：{escape(checklist.name)}</title>{style}</head>"
        f"<body>{''.join(parts)}</body></html>"
    )


def day(date: dt.date) -> str:
    """A date as people write it."""
    return f"{date.year}年{date.month}月{date.day}日"


def reference(citation: Citation) -> str:
    """A clause as a family may read it out at the counter: by number where there is one, else by title."""
    name = citation.number if citation.number and "〔" in citation.number else title(citation)
    return f"{name} {citation.clause}".strip()


def title(citation: Citation) -> str:
    """The title of the document, in title marks."""
    return f"《{citation.document.strip('《》')}》"


def _section(title: str, items: Iterable[Item], style: str = "", *, ordered: bool = False) -> str:
    lines = []
    for item in items:
        otherwise = item.otherwise
        if otherwise and style == "tick":
            otherwise = words()["otherwise"] + otherwise
        extra = f'<span class="otherwise">{escape(otherwise)}</span>' if otherwise else ""
        source = f'<span class="source">{escape(reference(item.source))}</span>'
        lines.append(f"<li>{escape(item.text)}{extra} {source}</li>")
    if not lines:
        return ""
    tag = "ol" if ordered else "ul"
    kind = f' class="{style}"' if style else ""
    return f"<h2>{escape(title)}</h2><{tag}{kind}>{''.join(lines)}</{tag}>"


def _limits(limits: Iterable[Limit], applied: dt.date | None) -> str:
    say = words()
    lines = []
    for limit in limits:
        span = say["within"].format(counts_from=limit.counts_from, amount=limit.amount, unit=say[limit.unit])
        due = ""
        if limit.due is not None:
            phrase = say["due"] if limit.due.exact else say["due_about"]
            due = f'<strong class="due">{escape(phrase.format(day=day(limit.due.on.date())))}</strong>'
        lines.append(
            f"<li>{escape(limit.text)}：{escape(span)}{due} "
            f'<span class="source">{escape(reference(limit.source))}</span></li>'
        )
    if not lines:
        return ""
    when = f"<p>{escape(say['applied'].format(day=day(applied)))}</p>" if applied else ""
    return f"<h2>{escape(say['limits'])}</h2>{when}<ul>{''.join(lines)}</ul>"


def _basis(checklist: Checklist) -> str:
    """The documents that the short references stand for."""
    items = (
        checklist.where,
        *checklist.channel,
        *checklist.materials,
        *checklist.steps,
        *checklist.gives,
        *checklist.beware,
        checklist.department,
    )
    cited = {item.source.document_id: item.source for item in items}
    names = (
        f"{title(one)}（{one.number}）" if one.number and "〔" in one.number else title(one)
        for one in cited.values()
    )
    listed = escape("、".join(names))
    return f'<h2>{escape(words()["basis"])}</h2><p class="source">{listed}</p>'


def _told(facts: Facts, chosen: Collection[str], book: FactBook | None) -> str:
    if book is None:
        return ""
    lines = [
        f"<li>{escape(book[name].label)}：{escape(book[name].say(facts[name]))}</li>"
        for name in chosen
        if name in facts
    ]
    return f"<h2>{escape(words()['told'])}</h2><ul>{''.join(lines)}</ul>" if lines else ""
