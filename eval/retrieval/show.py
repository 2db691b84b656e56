"""Retrieval scores as a table and as a page with bars."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from eval.retrieval.score import Judged, Score

KINDS = ("plain", "follow_up", "dialect", "old_date")


def table(scores: Sequence[Score]) -> Table:
    """One row a search."""
    asked = len(scores[0].judged)
    shown = Table(title=f"{asked} questions, same clauses, one run")
    for name in ("search", "R@1", "R@5", "MRR@10", "answerable-F1", "ms", *(f"R@5 {kind}" for kind in KINDS)):
        shown.add_column(name, justify="left" if name == "search" else "right")
    for score in scores:
        f1 = score.answerable_f1
        kinds = (score.of_kind(kind) for kind in KINDS)
        shown.add_row(
            score.name,
            f"{score.recall(1):.3f}",
            f"{score.recall(5):.3f}",
            f"{score.reciprocal_rank:.3f}",
            "" if f1 is None else f"{f1:.3f}",
            f"{score.milliseconds:.1f}",
            *(f"{found}/{all_}" for found, all_ in kinds),
        )
    return shown


def _bar(score: Score) -> str:
    five, one = score.recall(5) * 100, score.recall(1) * 100
    return (
        f"<tr><td>{html.escape(score.name)}</td><td><div class='bar'>"
        f"<div class='five' style='width:{five:.1f}%'></div><div class='one' style='width:{one:.1f}%'></div>"
        f"</div></td><td>{score.recall(1):.3f}</td><td>{score.recall(5):.3f}</td>"
        f"<td>{score.milliseconds:.1f} ms</td></tr>"
    )


def _named(one: Judged) -> str:
    question = one.question
    return question.id if question.reported else f"{question.id}: {question.text}"


def page(scores: Sequence[Score], path: Path) -> None:
    """A page with a bar for each search, and the questions that ours missed.

    Of the reported half only their ids: whoever works on the ranking may look at the page.
    """
    missed = [
        one for one in scores[0].judged if one.question.answerable and (one.rank is None or one.rank > 5)
    ]
    items = "".join(f"<li>{html.escape(_named(one))}</li>" for one in missed)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>Retrieval</title><style>"
        "body{font:15px/1.6 system-ui,sans-serif;margin:2rem auto;max-width:60rem}td{padding:.2rem .6rem}"
        ".bar{position:relative;width:22rem;height:1.1rem;background:#eef1f4}"
        ".bar div{position:absolute;left:0;top:0;height:100%}"
        ".five{background:#9cc5b0}.one{background:#1f6f54}"
        "</style><h1>Retrieval: R@1 (dark) and R@5 (light)</h1><table>"
        + "".join(map(_bar, scores))
        + f"</table><h2>Not among the first five: {len(missed)}</h2><ul>{items}</ul></html>",
        encoding="utf-8",
    )
