"""What to bring, where to go, what happens then: one benefit for one family."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from knowledge.types import Citation, Confidence
from tools.benefit import Benefit, Material, TimeLimit
from tools.catalogue import Catalogue
from tools.engine import FALSE, truth_table
from tools.types import Facts, Verdict
from tools.workdays import Due, WorkCalendar


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence with its clause; for a material also what to do without it."""

    text: str
    source: Citation
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit, with the day it ends if the day of application is known."""

    text: str
    amount: int
    unit: str
    counts_from: str
    source: Citation
    due: Due | None


@dataclass(frozen=True, slots=True)
class Checklist:
    """All that a family takes to the counter. Holds nothing personal."""

    benefit: str
    name: str
    summary: str
    automatic: bool
    where: Item
    channel: tuple[Item, ...]
    materials: tuple[Item, ...]
    steps: tuple[Item, ...]
    limits: tuple[Limit, ...]
    notice: Item | None
    """Whether names are put up in public."""
    beware: tuple[Item, ...]
    gives: tuple[Item, ...]
    """`otherwise` says who knows an amount that is not published."""
    department: Item
    notes: tuple[str, ...]
    reported: bool
    """Some of it is only reported: 据公开报道，以当地为准."""
    as_of: dt.date


def checklist(
    catalogue: Catalogue,
    entry: str,
    facts: Facts,
    *,
    as_of: dt.date,
    applied: dt.datetime | None = None,
    calendar: WorkCalendar | None = None,
    verdict: Verdict | None = None,
) -> Checklist:
    """The checklist of a benefit.

    Args:
        catalogue: the rules.
        entry: entry id such as `B02`.
        facts: leave out materials that do not concern this family; what is unknown stays in.
        as_of: the day the policy is read on.
        applied: when the papers were or will be handed in; None: no due days.
        calendar: working days; None: weekends only, and days are marked as not exact.
        verdict: its notes are taken over.

    Raises:
        UnknownBenefitError: there is no rule for that entry.
    """
    benefit = catalogue.benefit(entry)
    apply, cite = benefit.apply, catalogue.cite
    items = [*apply.materials, *apply.steps, *apply.channel, *benefit.gives, apply.place]
    return Checklist(
        benefit=entry,
        name=benefit.name,
        summary=benefit.summary,
        automatic=apply.automatic,
        where=Item(apply.place.say, cite(apply.place.source)),
        channel=tuple(Item(one.say, cite(one.source)) for one in apply.channel),
        materials=tuple(
            Item(one.say, cite(one.source), one.if_missing)
            for one in apply.materials
            if _concerns(one, facts, catalogue)
        ),
        steps=tuple(Item(one.say, cite(one.source)) for one in apply.steps),
        limits=_limits(benefit, catalogue, applied, calendar or WorkCalendar()),
        notice=Item(apply.public_notice.say, cite(apply.public_notice.source))
        if apply.public_notice
        else None,
        beware=tuple(Item(one.say, cite(one.source)) for one in apply.beware),
        gives=tuple(
            Item(
                one.say,
                cite(one.source),
                catalogue.phrases.not_published.format(ask=one.ask) if one.not_published else "",
            )
            for one in benefit.gives
        ),
        department=Item(benefit.department.say, cite(benefit.department.source)),
        notes=verdict.notes if verdict else (),
        reported=any(cite(one.source).confidence is Confidence.REPORTED for one in items),
        as_of=as_of,
    )


def _concerns(material: Material, facts: Facts, catalogue: Catalogue) -> bool:
    if material.when is None or material.when.fact not in facts:
        return True
    table = truth_table(material.when, catalogue.facts[material.when.fact], {})
    return table.get(facts[material.when.fact]) != FALSE


def _limits(
    benefit: Benefit, catalogue: Catalogue, applied: dt.datetime | None, calendar: WorkCalendar
) -> tuple[Limit, ...]:
    ends: dict[str, Due] = {}
    found = []
    for limit in benefit.apply.time_limits:
        due = _due(limit, applied, ends, calendar)
        if due is not None:
            ends[limit.say] = due
        citation = catalogue.cite(limit.source)
        found.append(Limit(limit.say, limit.amount, limit.unit.value, limit.counts_from, citation, due))
    return tuple(found)


def _due(
    limit: TimeLimit, applied: dt.datetime | None, ends: dict[str, Due], calendar: WorkCalendar
) -> Due | None:
    if applied is None:
        return None
    before = ends.get(limit.after)
    due = calendar.add(before.on if before else applied, limit.amount, limit.unit)
    return Due(due.on, due.exact and (before is None or before.exact))
