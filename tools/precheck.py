"""A pre-check: facts in; verdicts, and the one next question, out. Pure, so safe to run anywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tools.asking import next_question
from tools.catalogue import Catalogue
from tools.provenance import declarations
from tools.types import Declaration, Outcome, Precheck


def precheck(
    catalogue: Catalogue,
    facts: Mapping[str, object],
    *,
    as_of: dt.date,
    district: str = "",
    asked: Collection[str] = (),
    declined: Collection[str] = (),
    focus: Collection[str] = (),
    compound: bool = False,
    declared: Mapping[str, Declaration] | None = None,
) -> Precheck:
    """Check a family against every benefit.

    Args:
        catalogue: the rules.
        facts: what the family told, by name of `facts.yaml`. What is absent is unknown.
        as_of: the day the policy is read on.
        district: one of Hangzhou's thirteen; empty: the one among the facts, if any.
        asked: facts already asked for; never asked twice.
        declined: facts the family would rather not tell.
        focus: entry ids the talk is about, such as `("B02",)`.
        compound: whether the next question may be about several facts (`Question.several`).
        declared: who told each fact, where that was kept; else it counts as told by the family.

    Raises:
        FactError: a name or a value that is not ours; says what would be accepted.
    """
    told = catalogue.facts.check(facts)
    place = district or str(told.get("district", ""))
    rules = catalogue.rules(as_of, place)
    known = catalogue.facts.infer(told)
    verdicts = catalogue.verdicts_of(told, known, as_of, place)
    question = next_question(
        rules,
        verdicts,
        known,
        catalogue.facts,
        told=told,
        asked=asked,
        declined=declined,
        focus=focus,
        compounds=catalogue.compounds if compound else (),
    )
    who = declarations(catalogue.facts, told, known, declared or {})
    return Precheck(verdicts, question, as_of, place, who)


@dataclass(frozen=True, slots=True)
class Change:
    """A benefit that came out differently after a correction."""

    benefit: str
    name: str
    before: Outcome
    after: Outcome
    because: tuple[str, ...]
    """Conditions that fail now, or facts that are missing now."""


def changes(before: Precheck, after: Precheck) -> tuple[Change, ...]:
    """What a correction changed, in order of the entries."""
    old = {verdict.benefit: verdict.outcome for verdict in before.verdicts}
    return tuple(
        Change(
            verdict.benefit,
            verdict.name,
            old[verdict.benefit],
            verdict.outcome,
            verdict.failed or verdict.missing,
        )
        for verdict in after.verdicts
        if verdict.benefit in old and old[verdict.benefit] is not verdict.outcome
    )
