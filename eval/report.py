"""A run as a table for the terminal and as JUnit for machines; `page.py` shows it to people."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from rich.table import Table

from eval.types import STATES, RunResult


def table(result: RunResult) -> Table:
    """One row a suite, and one a failed case."""
    shown = Table(
        title=f"{result.passed} of {len(result.cases)} conversations passed in {result.seconds:.1f} s"
    )
    for name in ("suite", "cases", *STATES):
        shown.add_column(name, justify="left" if name == "suite" else "right")
    for suite in dict.fromkeys(case.suite for case in result.cases):
        states = [case.state for case in result.cases if case.suite == suite]
        shown.add_row(suite, str(len(states)), *(str(states.count(state) or "") for state in STATES))
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
            failures=str(sum(c.failed for c in cases)),
            skipped=str(sum(c.state in ("pending", "skipped") for c in cases)),
        )
        for case in cases:
            item = ET.SubElement(
                node, "testcase", classname=suite, name=case.case, time=f"{case.seconds:.3f}"
            )
            if case.state in ("pending", "skipped"):
                ET.SubElement(item, "skipped", message=case.pending or case.skipped)
            elif case.failed:
                failure = ET.SubElement(item, "failure", message=case.failures[0])
                failure.text = "\n".join(case.failures)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
