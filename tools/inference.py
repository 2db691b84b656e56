"""What follows from the facts of a family: finer numbers give coarser ones, implications leave one value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tools.implications import Implication
from tools.types import Facts, FactValue

if TYPE_CHECKING:
    from tools.facts import Fact

PASSES = 3
"""How often implications are gone through: what follows may make another one hold."""


class Inference:
    """Facts in, facts with what follows from them out."""

    def __init__(self, facts: Sequence[Fact], implications: Sequence[Implication]) -> None:
        self._whole_parts = tuple(
            (fact.name, fact.whole_part_of, fact.max or 0) for fact in facts if fact.whole_part_of
        )
        self._dependent = tuple(
            (fact.name, fact.asked_when.fact, frozenset(fact.asked_when.values))
            for fact in facts
            if fact.asked_when
        )
        # Of implications that leave one value: premise, conclusion, and itself where it has more premises.
        self._follows = tuple(
            (*one.premises[0], one.fact, one.value, one if len(one.premises) > 1 else None)
            for one in implications
            if one.value is not None
        )
        premises = {name for one in implications for name, _ in one.premises}
        finer = {part.fact for _, part, _ in self._whole_parts}
        self._telling = frozenset(premises | finer | {name for pair in self._dependent for name in pair[:2]})
        """The facts that say something about others, or mean something beside others only."""

    def infer_more(self, known: Facts, more: Facts) -> Facts:
        """The same for facts that come to those from which everything was inferred."""
        whole = {**known, **more}
        return whole if self._telling.isdisjoint(more) else self.infer(whole)

    def infer(self, facts: Facts) -> Facts:
        """The facts with what follows from them, and without those that mean nothing beside the others.

        The term of a parent who is at home is nobody's business, and no verdict looks at it.
        """
        found = dict(facts)
        for name, part, most in self._whole_parts:
            if name not in found and isinstance(finer := found.get(part.fact), int):
                found[name] = min(finer // part.divided_by, most)
        get = found.get
        for _ in range(PASSES):
            new: dict[str, FactValue] = {}
            for first, values, name, value, whole in self._follows:
                if get(first) in values and name not in found and (whole is None or whole.holds(found)):
                    new.setdefault(name, value)
            if not new:
                break
            found |= new
        for name, on, values in self._dependent:
            if name in found and on in found and found[on] not in values:
                del found[name]
        return found
