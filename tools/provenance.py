"""Who says so: for every fact a verdict rests on, the family, staff, a document, or another fact."""

from __future__ import annotations

from collections.abc import Mapping

from tools.facts import FactBook
from tools.rule import PLACE
from tools.types import Declaration, Declarer, Facts


def declarations(
    book: FactBook, told: Facts, known: Facts, declared: Mapping[str, Declaration]
) -> dict[str, Declaration]:
    """The declaration of every fact that is known.

    Args:
        book: the facts.
        told: what was told.
        known: the same with what follows from it.
        declared: who told it, when and in which message, as far as that was kept; else the family.
    """
    found = {name: declared.get(name, Declaration(Declarer.FAMILY)) for name in told}
    for name in known:
        if name not in found:
            found[name] = _followed(book, name, known)
    if PLACE not in found:
        found[PLACE] = Declaration(Declarer.PRESUMED)
    return found


def _followed(book: FactBook, name: str, known: Facts) -> Declaration:
    for one in book.saying(name):
        if one.value == known[name] and one.holds(known):
            return Declaration(Declarer.IMPLIED, because=one.because, source=one.source)
    return Declaration(Declarer.IMPLIED)
