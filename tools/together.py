"""What a family would have in sum: what goes together, what is a choice, what is topped up. Never in yuan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tools.benefit import Relation, Standing
from tools.catalogue import Catalogue
from tools.interaction import Link
from tools.types import Outcome, Verdict

POSITIVE = frozenset({Outcome.LIKELY, Outcome.CHOICE})
_APART = frozenset({Relation.CHOOSE_ONE, Relation.EXCLUDES})


@dataclass(frozen=True, slots=True)
class Way:
    """One way of taking what there is, where the family may choose."""

    entries: tuple[str, ...]
    """What it takes of the benefits that are a choice."""
    gives_up: tuple[str, ...]
    consequences: tuple[tuple[str, str], ...]
    """(entry, what taking it means), side by side with those of the other ways."""


@dataclass(frozen=True, slots=True)
class Together:
    """All likely benefits as sets."""

    always: tuple[str, ...]
    """Had in every way: nothing has to be given up for them."""
    ways: tuple[Way, ...]
    """Empty where nothing is a choice, otherwise at least two."""
    highest_only: tuple[tuple[str, ...], ...]
    """Groups of which the higher one is paid."""
    top_ups: tuple[Link, ...]
    """`mine` pays the difference above `other`."""
    stacks: tuple[Link, ...]
    opens: tuple[Link, ...]
    """`mine` opens `other`, whether or not that one is likely already."""


def together(catalogue: Catalogue, verdicts: Sequence[Verdict]) -> Together:
    """Lay out the likely benefits of a pre-check as sets.

    Services stand beside everything and are left out here.
    """
    likely = [
        verdict.benefit
        for verdict in verdicts
        if verdict.outcome in POSITIVE
        and catalogue.benefits[verdict.benefit].standing is not Standing.SERVICE
    ]
    links = [link for link in catalogue.links if link.mine in likely]
    inner = [link for link in links if link.other in likely]
    apart = {frozenset((link.mine, link.other)) for link in inner if link.kind in _APART}
    torn = [entry for entry in likely if any(entry in pair for pair in apart)]
    return Together(
        always=tuple(entry for entry in likely if entry not in torn),
        ways=_ways(torn, apart, inner),
        highest_only=_groups(likely, inner),
        top_ups=tuple(link for link in inner if link.kind is Relation.TOP_UP),
        stacks=tuple(link for link in inner if link.kind is Relation.STACKS_WITH),
        opens=tuple(link for link in links if link.kind is Relation.OPENS),
    )


def _ways(torn: Sequence[str], apart: Iterable[frozenset[str]], links: Sequence[Link]) -> tuple[Way, ...]:
    """The largest sets without two that exclude each other. `torn` holds a handful at most."""
    pairs = tuple(apart)
    consequence: Mapping[str, str] = {link.mine: link.consequence for link in links if link.consequence}
    found: list[frozenset[str]] = []
    for size in range(len(torn), 0, -1):
        for chosen in combinations(torn, size):
            entries = frozenset(chosen)
            if any(pair <= entries for pair in pairs) or any(entries <= larger for larger in found):
                continue
            found.append(entries)
    ways = [
        Way(
            entries=tuple(entry for entry in torn if entry in entries),
            gives_up=tuple(entry for entry in torn if entry not in entries),
            consequences=tuple(
                (entry, consequence[entry]) for entry in torn if entry in entries & set(consequence)
            ),
        )
        for entries in found
    ]
    return tuple(sorted(ways, key=lambda way: way.entries))


def _groups(likely: Sequence[str], links: Sequence[Link]) -> tuple[tuple[str, ...], ...]:
    """Benefits joined by 就高不重复, as connected groups."""
    groups: list[set[str]] = []
    for link in links:
        if link.kind is not Relation.HIGHEST_ONLY:
            continue
        touching = [group for group in groups if {link.mine, link.other} & group]
        merged = {link.mine, link.other}.union(*touching)
        groups = [group for group in groups if group not in touching] + [merged]
    return tuple(tuple(entry for entry in likely if entry in group) for group in groups)
