"""Write a run down: a table for the terminal, JUnit for machines, HTML for people."""

from __future__ import annotations

import html
from pathlib import Path
from xml.etree import ElementTree as ET

from rich.table import Table

from eval.types import CaseResult, RunResult, TurnResult
from guardrails.pii import Redactor, Vault

_STYLE = """
body{font:15px/1.6 system-ui,"Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif;
margin:2rem auto;max-width:64rem;padding:0 1rem;color:#1c2733;background:#fafbfc}
h1{font-size:1.4rem} .sum{display:flex;gap:1rem;margin:1rem 0}
.sum div{background:#fff;border:1px solid #d8dee4;border-radius:8px;padding:.6rem 1rem}
details{background:#fff;border:1px solid #d8dee4;border-left:6px solid #2c7a4b;border-radius:6px;
margin:.5rem 0;padding:.4rem .8rem} details.bad{border-left-color:#b42318} summary{cursor:pointer}
.say{background:#eaf2fb;border-radius:8px;padding:.4rem .7rem;margin:.5rem 0 .2rem}
.reply{white-space:pre-wrap;border-left:3px solid #d8dee4;padding-left:.7rem}
.meta{color:#56636f;font-size:.86rem} .wrong{color:#b42318;font-weight:600}
"""


def table(result: RunResult) -> Table:
    """One row a suite, and one a failed case."""
    shown = Table(
        title=f"{result.passed} of {len(result.cases)} conversations passed in {result.seconds:.1f} s"
    )
    for name in ("suite", "cases", "passed", "failed"):
        shown.add_column(name, justify="left" if name == "suite" else "right")
    for suite in dict.fromkeys(case.suite for case in result.cases):
        cases = [case for case in result.cases if case.suite == suite]
        passed = sum(case.passed for case in cases)
        shown.add_row(suite, str(len(cases)), str(passed), str(len(cases) - passed))
    return shown


def junit(result: RunResult, path: Path) -> None:
    """JUnit XML, one test case a conversation."""
    root = ET.Element("testsuites", name="minxing", tests=str(len(result.cases)))
    for suite in dict.fromkeys(case.suite for case in result.cases):
        cases = [case for case in result.cases if case.suite == suite]
        node = ET.SubElement(
            root,
            "testsuite",
            name=suite,
            tests=str(len(cases)),
            failures=str(sum(not c.passed for c in cases)),
        )
        for case in cases:
            item = ET.SubElement(
                node, "testcase", classname=suite, name=case.case, time=f"{case.seconds:.3f}"
            )
            if not case.passed:
                failure = ET.SubElement(item, "failure", message=case.failures[0])
                failure.text = "\n".join(case.failures)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _redacted(text: str) -> str:
    """Suites may hold real-looking identifiers; a report is passed on (PR-1)."""
    return Redactor().redact(text, Vault())[0]


def _turn(turn: TurnResult) -> str:
    parts = [f'<div class="say">{html.escape(_redacted(turn.say)[:600])}</div>']
    seen = turn.observation
    if seen:
        ticket = f", ticket {seen.ticket}" if seen.ticket else ""
        meta = (
            f"{seen.route}, {seen.severity}, {', '.join(seen.intents)}{ticket}, {seen.seconds * 1000:.0f} ms"
        )
        parts.append(f'<div class="meta">{html.escape(meta)}</div>')
        if seen.card:
            parts.append(f'<div class="reply"><b>{html.escape(seen.card)}</b></div>')
        parts.append(f'<div class="reply">{html.escape(seen.reply)}</div>')
        cited = "; ".join(f"{c.get('number') or c.get('document')} {c.get('clause')}" for c in seen.citations)
        parts.append(f'<div class="meta">{html.escape(cited)}</div>')
    parts += [f'<div class="wrong">{html.escape(failure)}</div>' for failure in turn.failures]
    return "".join(parts)


def _case(case: CaseResult) -> str:
    state = "" if case.passed else ' class="bad" open'
    label = "passed" if case.passed else "FAILED"
    head = f"{label} · {case.suite} / {case.case} · {case.about}"
    error = f'<div class="wrong">{html.escape(case.error)}</div>' if case.error else ""
    turns = "".join(map(_turn, case.turns))
    return f"<details{state}><summary>{html.escape(head)}</summary>{turns}{error}</details>"


def page(result: RunResult, path: Path) -> None:
    """One self-contained HTML page with every transcript, failures open."""
    ordered = sorted(result.cases, key=lambda case: case.passed)
    failed = len(result.cases) - result.passed
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>Minxing evaluation</title>"
        f"<style>{_STYLE}</style><h1>Minxing: scripted conversations</h1>"
        f"<div class='sum'><div>{len(result.cases)} conversations</div><div>{result.passed} passed</div>"
        f"<div>{failed} failed</div><div>{result.seconds:.1f} s</div>"
        f"<div>{html.escape(result.target)}</div></div>" + "".join(map(_case, ordered)) + "</html>",
        encoding="utf-8",
    )
