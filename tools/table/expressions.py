"""Rules as column expressions. Polars' booleans follow Kleene, so null stays unknown all the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tools.benefit import Relation, Standing
from tools.catalogue import Catalogue
from tools.conditions import AllOf, AnyOf, Comparison, CountOf, NotOf, Unpublished
from tools.engine import FALSE, TRUE, Node, truth_table
from tools.facts import Fact, FactBook, FactType
from tools.inference import PASSES
from tools.interaction import Link
from tools.rule import Rule
from tools.table.frames import polars
from tools.types import Outcome

OUTCOMES = [outcome.value for outcome in Outcome]


def dtype(fact: Fact) -> Any:
    """The column type of a fact."""
    pl = polars()
    if fact.type is FactType.BOOL:
        return pl.Boolean
    return pl.Int32 if fact.type is FactType.INT else pl.Enum([str(value) for value in fact.domain()])


def inferred(book: FactBook, columns: Sequence[str]) -> Iterator[list[Any]]:
    """Columns of facts that follow from others, where they are not told: what `FactBook.infer` does, step by
    step. Each list is for one `with_columns`; it reads what the one before made.
    """
    pl = polars()
    years = []
    for fact in book:
        part = fact.whole_part_of
        if part and part.fact in columns and fact.name in columns:
            whole = (pl.col(part.fact) // part.divided_by).clip(fact.min, fact.max)
            years.append(pl.col(fact.name).fill_null(whole))
    yield years
    following: dict[str, list[Any]] = {}
    for one in book.implications:
        if (
            one.value is None
            or one.fact not in columns
            or any(name not in columns for name, _ in one.premises)
        ):
            continue
        held = [pl.col(name).is_in(list(values)).fill_null(False) for name, values in one.premises]
        value = pl.lit(one.value, dtype=dtype(book[one.fact]))
        following.setdefault(one.fact, []).append(
            pl.when(pl.all_horizontal(held)).then(value).otherwise(None)
        )
    for _ in range(PASSES):
        yield [pl.coalesce(pl.col(name), *values).alias(name) for name, values in following.items()]


def truth(rule: Rule, book: FactBook, columns: Sequence[str]) -> Any:
    """A rule as one expression: true, false, or null for unknown."""
    pl = polars()
    if rule.begins is not None:
        return pl.lit(False)
    who = _expression(rule.who, rule, book, columns)
    if rule.residence is None:
        return who
    place = _expression(rule.residence, rule, book, columns, placed=True)
    return place & who


def _expression(
    node: Node, rule: Rule, book: FactBook, columns: Sequence[str], *, placed: bool = False
) -> Any:
    pl = polars()
    inner = [_expression(child, rule, book, columns, placed=placed) for child in node.children]
    match node.condition:
        case Comparison() as condition:
            return _hinted(_comparison(condition, rule, book, columns, placed), node, book, columns)
        case Unpublished():
            return pl.lit(None, dtype=pl.Boolean)
        case AllOf():
            return pl.all_horizontal(inner)
        case AnyOf():
            return pl.any_horizontal(inner)
        case NotOf():
            return ~inner[0]
        case CountOf(at_least=needed):
            sure = pl.sum_horizontal([one.fill_null(False).cast(pl.Int32) for one in inner])
            maybe = pl.sum_horizontal([one.fill_null(True).cast(pl.Int32) for one in inner])
            return pl.when(sure >= needed).then(True).when(maybe < needed).then(False).otherwise(None)
        case other:
            raise TypeError(f"{type(other).__name__} was not expanded")


def _comparison(
    condition: Comparison, rule: Rule, book: FactBook, columns: Sequence[str], placed: bool
) -> Any:
    pl = polars()
    fact = book[condition.fact]
    column = pl.col(fact.name) if fact.name in columns else pl.lit(None, dtype=dtype(fact))
    if placed and fact.name == "registered_residence":
        column = column.fill_null(pl.lit("hangzhou", dtype=dtype(fact)))
    table = truth_table(condition, fact, rule.parameters)
    holding = [value for value, truth_value in table.items() if truth_value == TRUE]
    if fact.type is FactType.BOOL:
        found = column if holding == [True] else ~column
    elif fact.type is FactType.INT and holding == list(range(len(holding))):
        found = column < len(holding)
    else:
        found = column.is_in(holding)
    return found.fill_null(False) if condition.proof else found


def _hinted(found: Any, node: Node, book: FactBook, columns: Sequence[str]) -> Any:
    """The comparison, where its own fact is unknown, as other facts leave no doubt about it."""
    pl = polars()
    for other, table in node.hints:
        if other not in columns:
            continue
        for truth_value in (TRUE, FALSE):
            values = [value for value, one in table.items() if one == truth_value]
            if values:
                said = pl.when(pl.col(other).is_in(values)).then(pl.lit(truth_value == TRUE)).otherwise(None)
                found = found.fill_null(said)
    return found


def outcomes(
    catalogue: Catalogue, rules: Sequence[Rule], columns: Sequence[str]
) -> tuple[list[Any], list[Any]]:
    """Expressions in two rounds: truths as `t:B02`, then outcomes as `B02`, choices among them."""
    pl = polars()
    kind = pl.Enum(OUTCOMES)
    truths = [truth(rule, catalogue.facts, columns).alias(f"t:{rule.benefit.id}") for rule in rules]
    found = []
    for rule in rules:
        entry = rule.benefit.id
        yes = Outcome.DEPENDS_ON_DISTRICT if rule.benefit.standing is Standing.ENCOURAGED else Outcome.LIKELY
        mine = pl.col(f"t:{entry}")
        positive = pl.lit(yes.value, dtype=kind)
        others = _choices(entry, catalogue.links)
        if others and yes is Outcome.LIKELY:
            torn = mine & pl.any_horizontal([pl.col(f"t:{other}").fill_null(False) for other in others])
            positive = pl.when(torn).then(pl.lit(Outcome.CHOICE.value, dtype=kind)).otherwise(positive)
        found.append(
            pl.when(mine.is_null())
            .then(pl.lit(Outcome.UNKNOWN.value, dtype=kind))
            .when(mine)
            .then(positive)
            .otherwise(pl.lit(Outcome.UNLIKELY.value, dtype=kind))
            .alias(entry)
        )
    return truths, found


def _choices(entry: str, links: Sequence[Link]) -> list[str]:
    """Entries between which and this one the family may choose, whoever of the two files says so."""
    found = {link.other for link in links if link.kind is Relation.CHOOSE_ONE and link.mine == entry}
    found |= {link.mine for link in links if link.kind is Relation.CHOOSE_ONE and link.other == entry}
    return sorted(found)
