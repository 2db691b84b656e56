"""What likely benefits do to each other: choices, top-ups, exclusions (facts.md traps 4-7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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


class Links:
    """All relations, by the benefit whose file writes them."""

    def __init__(self, links: Iterable[Link]) -> None:
        self.all = tuple(links)
        self._of: dict[str, list[Link]] = {}
        for link in self.all:
            self._of.setdefault(link.mine, []).append(link)

    def settle(self, verdicts: Sequence[Verdict], facts: Facts) -> tuple[Verdict, ...]:
        """Turn likely benefits between which the family may choose into choices; note what touches what."""
        likely = [verdict.benefit for verdict in verdicts if verdict.outcome is Outcome.LIKELY]
        if not likely:
            return tuple(verdicts)
        had = {
            benefit for fact, benefits in HAVING.items() if facts.get(fact) is True for benefit in benefits
        }
        chosen: set[str] = set()
        notes: dict[str, list[Link]] = {}
        for benefit in likely:
            for link in self._of.get(benefit, ()):
                if link.other in likely and link.kind is Relation.CHOOSE_ONE:
                    chosen |= {link.mine, link.other}
                    notes.setdefault(link.other, []).append(link)
                if link.other in likely or (link.other in had and link.kind is not Relation.STACKS_WITH):
                    notes.setdefault(link.mine, []).append(link)
        if not notes:
            return tuple(verdicts)
        return tuple(
            _noted(verdict, notes[verdict.benefit], choice=verdict.benefit in chosen)
            if verdict.benefit in notes
            else verdict
            for verdict in verdicts
        )


def _noted(verdict: Verdict, links: Sequence[Link], *, choice: bool) -> Verdict:
    return Verdict(
        verdict.benefit,
        verdict.name,
        Outcome.CHOICE if choice else verdict.outcome,
        verdict.failed,
        verdict.missing,
        tuple(dict.fromkeys([*verdict.sources, *[link.source for link in links]])),
        verdict.trace,
        tuple(dict.fromkeys([*verdict.notes, *[link.say for link in links]])),
    )
