"""A run as one page to look at: figures, charts, filters, and every talk with its evidence."""

from __future__ import annotations

import html
import itertools
from collections.abc import Sequence
from pathlib import Path

from eval.record import redacted
from eval.types import STATES, CaseResult, Observation, RunResult, TurnResult
from guardrails.pii import Redactor

_ASSETS = Path(__file__).parent / "assets"
_BINS = (50, 100, 150, 300, 600, 1_000, 3_000)
"""Upper edges of the bars for how long a turn took, in milliseconds."""


def page(result: RunResult, path: Path) -> None:
    """One self-contained page; failures come first and stand open. Personal values are masked (PR-1)."""
    redactor = Redactor()
    cases = sorted((redacted(case, redactor) for case in result.cases), key=_worst_first)
    style, script = ((_ASSETS / f"report.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    sums = [
        f"{len(result.attempts())} conversations",
        *(f"{result.count(state)} {state}" for state in STATES if result.count(state) or state != "skipped"),
        f"{len(result.flips)} flip",
        f"{result.seconds:.1f} s",
        result.target,
        result.meta.get("started", "")[:16].replace("T", " "),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "<!doctype html><html lang='zh-CN'><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>Minxing evaluation</title><style>{style}</style><h1>Minxing: scripted conversations</h1>"
        f"<div class='sum'>{''.join(f'<div>{html.escape(one)}</div>' for one in sums if one)}</div>"
        f"<div class='charts'>{_suites(cases)}{_times(cases)}</div>{_filters(cases)}"
        f"<main>{''.join(map(_case, cases))}</main><p id='none' hidden>Nothing fits these filters.</p>"
        f"<script>{script}</script></html>",
        encoding="utf-8",
    )


def _worst_first(case: CaseResult) -> int:
    return ("failed", "pending", "skipped", "passed").index(case.state)


def _bars(title: str, rows: Sequence[tuple[str, float, str, str]]) -> str:
    """Horizontal bars: label, share of the width from 0 to 1, text behind the bar, class."""
    lines = "".join(
        f"<tr><th>{html.escape(label)}</th><td><span class='bar {kind}' "
        f"style='width:calc({share:.3f} * min(12rem, 30vw))'></span> {html.escape(text)}</td></tr>"
        for label, share, text, kind in rows
    )
    return f"<figure><figcaption>{html.escape(title)}</figcaption><table>{lines}</table></figure>"


def _suites(cases: Sequence[CaseResult]) -> str:
    rows = []
    for suite in sorted({case.suite for case in cases}):
        own = [case for case in cases if case.suite == suite]
        passed = sum(case.passed for case in own)
        kind = "bad" if any(case.failed for case in own) else "good"
        rows.append((suite, passed / len(own), f"{passed} of {len(own)}", kind))
    return _bars("Passed, by suite", rows)


def _times(cases: Sequence[CaseResult]) -> str:
    taken = [
        turn.observation.seconds * 1000
        for case in cases
        for turn in case.turns
        if turn.observation is not None
    ]
    edges = [0.0, *_BINS, float("inf")]
    counts = [sum(low <= one < high for one in taken) for low, high in itertools.pairwise(edges)]
    labels = [f"under {edge} ms" for edge in _BINS] + [f"over {_BINS[-1]} ms"]
    most = max(counts, default=0) or 1
    rows = [(label, count / most, str(count), "plain") for label, count in zip(labels, counts, strict=True)]
    return _bars("Turns, by how long they took", rows)


def _filters(cases: Sequence[CaseResult]) -> str:
    def choice(name: str, label: str, values: Sequence[str]) -> str:
        options = "".join(f"<option>{html.escape(value)}</option>" for value in values)
        return f"<label>{label} <select id='{name}'><option value=''>all</option>{options}</select></label>"

    routes = sorted({turn.observation.route for case in cases for turn in case.turns if turn.observation})
    requirements = sorted({number for case in cases for number in case.requirements})
    return (
        "<form class='filters'>"
        + choice("state", "Outcome", STATES)
        + choice("suite", "Suite", sorted({case.suite for case in cases}))
        + choice("route", "Route", routes)
        + choice("requirement", "Requirement", requirements)
        + "<label>Text <input id='text' type='search'></label><output id='shown'></output></form>"
    )


def _seen(seen: Observation) -> str:
    facts = ", ".join(f"{name}={value}" for name, value in seen.facts.items())
    verdicts = ", ".join(f"{entry} {outcome}" for entry, outcome in seen.verdicts.items())
    cited = "; ".join(f"{c.get('number') or c.get('document')} {c.get('clause')}" for c in seen.citations)
    rows = {
        "route": f"{seen.route}, {seen.severity}" + (f", {seen.category}" if seen.category else ""),
        "intents": ", ".join(seen.intents),
        "facts": facts,
        "verdicts": verdicts,
        "cites": cited,
        "asks": seen.asked or "",
        "ticket": str(seen.ticket) if seen.ticket else "",
        "took": f"{seen.seconds * 1000:.0f} ms",
    }
    lines = "".join(f"<dt>{key}</dt><dd>{html.escape(value)}</dd>" for key, value in rows.items() if value)
    card = f'<div class="reply"><b>{html.escape(seen.card)}</b></div>' if seen.card else ""
    return f'{card}<div class="reply">{html.escape(seen.reply)}</div><dl>{lines}</dl>'


def _turn(turn: TurnResult) -> str:
    said = f'<div class="say">{html.escape(turn.say[:600])}</div>'
    wrong = "".join(f'<div class="wrong">{html.escape(failure)}</div>' for failure in turn.failures)
    return said + (_seen(turn.observation) if turn.observation else "") + wrong


def _case(case: CaseResult) -> str:
    state = case.state
    routes = {turn.observation.route for turn in case.turns if turn.observation}
    data = {
        "state": state,
        "suite": case.suite,
        "route": " ".join(sorted(routes)),
        "requirement": " ".join(case.requirements),
    }
    attributes = " ".join(f'data-{key}="{html.escape(value)}"' for key, value in data.items())
    again = f" (attempt {case.attempt})" if case.attempt > 1 else ""
    head = f"{state.upper()} · {case.suite} / {case.case}{again} · {case.about}"
    error = f'<div class="wrong">{html.escape(case.error)}</div>' if case.error else ""
    why = case.pending or case.skipped
    mark = f'<div class="wrong">{state}: {html.escape(why)}</div>' if why else ""
    opened = " open" if case.failed else ""
    return (
        f'<details class="{state}" {attributes}{opened}><summary>{html.escape(head)}</summary>'
        f"{mark}{''.join(map(_turn, case.turns))}{error}</details>"
    )
