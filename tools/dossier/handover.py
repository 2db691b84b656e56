"""The same as a note for the desk: outcome, reasons, what is missing, what was already said to the family."""

from __future__ import annotations

from collections.abc import Mapping

from tools.checklist import Checklist
from tools.dossier.page import day, reference, words
from tools.facts import FactBook
from tools.types import Declaration, Facts, Truth, Verdict

_TRUTH = {Truth.TRUE: "true", Truth.FALSE: "false", Truth.UNKNOWN: "unknown_truth"}


def handover_note(
    checklist: Checklist,
    verdict: Verdict,
    facts: Facts,
    book: FactBook,
    declared: Mapping[str, Declaration] | None = None,
) -> str:
    """Plain text for staff. Sensitive facts are named, their values are not repeated (facts.md trap 16)."""
    say = words()
    lines = [
        f"{say['handover']}：{verdict.benefit} {verdict.name}",
        f"{say['outcome']}：{say[verdict.outcome.value]}",
    ]
    if verdict.failed:
        lines.append(f"{say['failed']}：{'；'.join(verdict.failed)}")
    if verdict.missing:
        lines.append(f"{say['missing']}：{'；'.join(book[name].label for name in verdict.missing)}")
    lines += [f"- {note}" for note in verdict.notes]
    lines.append(f"{say['told']}：")
    for name, value in facts.items():
        fact = book[name]
        told = say["sensitive"] if fact.sensitive else fact.say(value)
        lines.append(f"- {fact.label}：{told}{_by(name, declared or {})}")
    lines.append(f"{say['trace']}：")
    lines += [
        f"{'  ' * step.depth}- {step.condition}：{say[_TRUTH[step.truth]]}（{reference(step.source)}）"
        for step in verdict.trace
    ]
    lines.append(f"{say['where']}：{checklist.where.text}")
    lines.append(f"{say['materials']}：")
    lines += [f"- {item.text}" for item in checklist.materials]
    lines.append(say["as_of"].format(day=day(checklist.as_of)))
    return "\n".join(lines)


def _by(name: str, declared: Mapping[str, Declaration]) -> str:
    """Who declared it and when, in brackets, as far as it is known."""
    who = declared.get(name)
    if who is None:
        return ""
    at = f"，{who.at:%Y-%m-%d %H:%M}" if who.at else ""
    return f"（{words()[f'by_{who.by.value}']}{at}）"
