"""What likely benefits do to each other: choices, top-ups, exclusions (facts.md traps 4-7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.types import Citation
from tools.benefit import Benefit, Conflict, Relation
from tools.types import Facts, Outcome, Verdict

HAVING = {
    "receives_basic_living_allowance": ("B01", "B02", "B03", "B04"),
    "receives_disability_living_allowance": ("B12",),
}
"""Facts that say one of these benefits is paid already: interaction is then worth saying."""


@dataclass(frozen=True, slots=True)
class Link:
    """One relation between two benefits, as the file of the first one writes it."""

    mine: str
    other: str
    kind: Relation
    say: str
    consequence: str
    source: Citation


def links_of(benefit: Benefit, cited: dict[str, Citation]) -> Iterator[Link]:
    """The relations that a benefit's file writes."""
    for conflict in benefit.conflicts:
        for other in conflict.others:
            yield _link(benefit.id, other, conflict, cited)


def _link(mine: str, other: str, conflict: Conflict, cited: dict[str, Citation]) -> Link:
    return Link(mine, other, conflict.kind, conflict.say, conflict.consequence, cited[conflict.source])


def settle(verdicts: Sequence[Verdict], links: Sequence[Link], facts: Facts) -> tuple[Verdict, ...]:
    """Turn likely benefits between which the family may choose into choices, and note what touches what."""
    likely = {verdict.benefit for verdict in verdicts if verdict.outcome is Outcome.LIKELY}
    had = {benefit for fact, benefits in HAVING.items() if facts.get(fact) is True for benefit in benefits}
    chosen: set[str] = set()
    notes: dict[str, list[Link]] = {}
    for link in links:
        if link.mine not in likely:
            continue
        if link.other in likely and link.kind is Relation.CHOOSE_ONE:
            chosen |= {link.mine, link.other}
            notes.setdefault(link.other, []).append(link)
        if link.other in likely or (link.other in had and link.kind is not Relation.STACKS_WITH):
            notes.setdefault(link.mine, []).append(link)
    return tuple(
        replace(
            verdict,
            outcome=Outcome.CHOICE if verdict.benefit in chosen else verdict.outcome,
            notes=tuple(dict.fromkeys((*verdict.notes, *(link.say for link in notes[verdict.benefit])))),
            sources=tuple(
                dict.fromkeys((*verdict.sources, *(link.source for link in notes[verdict.benefit])))
            ),
        )
        if verdict.benefit in notes
        else verdict
        for verdict in verdicts
    )
