"""Compare what a turn showed with what its suite expects. One small function per kind of assertion."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from eval.suite import Expectation, SeverityRange, TicketExpectation
from eval.types import Observation

Check = Callable[[Expectation, Observation], Iterator[str]]
_CHECKS: list[Check] = []

_BRACKETS = str.maketrans("（）[]【】", "()〔〕〔〕")


def check(function: Check) -> Check:
    """Register one kind of assertion."""
    _CHECKS.append(function)
    return function


def failures(expectation: Expectation, seen: Observation) -> tuple[str, ...]:
    """Everything that is wrong with this turn, in plain sentences; empty when it passes."""
    return tuple(message for one in _CHECKS for message in one(expectation, seen))


def _normal(reference: str) -> str:
    return re.sub(r"\s+", "", reference.translate(_BRACKETS))


@check
def _route(expect: Expectation, seen: Observation) -> Iterator[str]:
    if expect.route is not None and seen.route not in expect.route:
        yield f"route is {seen.route}, expected {' or '.join(expect.route)}"


@check
def _severity(expect: Expectation, seen: Observation) -> Iterator[str]:
    wanted = expect.severity
    if isinstance(wanted, SeverityRange):
        if not wanted.at_least <= seen.severity <= wanted.at_most:
            yield f"severity is {seen.severity}, expected {wanted.at_least} to {wanted.at_most}"
    elif wanted is not None and seen.severity != wanted:
        yield f"severity is {seen.severity}, expected {wanted}"


@check
def _category(expect: Expectation, seen: Observation) -> Iterator[str]:
    if expect.category is not None and seen.category not in expect.category:
        yield f"category is {seen.category}, expected {' or '.join(expect.category)}"


@check
def _intent(expect: Expectation, seen: Observation) -> Iterator[str]:
    if expect.intent is not None and not set(expect.intent) & set(seen.intents):
        yield f"intents are {', '.join(seen.intents) or 'none'}, expected {' or '.join(expect.intent)}"


@check
def _tools(expect: Expectation, seen: Observation) -> Iterator[str]:
    for tool in expect.tools or ():
        if tool not in seen.tools:
            yield f"tool {tool} was not called (called: {', '.join(seen.tools) or 'none'})"


@check
def _facts(expect: Expectation, seen: Observation) -> Iterator[str]:
    for name, value in (expect.facts or {}).items():
        if value is None and name in seen.facts:
            yield f"fact {name} is held as {seen.facts[name]!r}, expected to be unknown"
        elif value is not None and seen.facts.get(name) != value:
            yield f"fact {name} is {seen.facts.get(name)!r}, expected {value!r}"


@check
def _verdicts(expect: Expectation, seen: Observation) -> Iterator[str]:
    for benefit, wanted in (expect.verdicts or {}).items():
        allowed = wanted if isinstance(wanted, tuple) else (wanted,)
        if seen.verdicts.get(benefit) not in allowed:
            yield f"verdict on {benefit} is {seen.verdicts.get(benefit)}, expected {' or '.join(allowed)}"


def _cited(reference: str, citations: tuple[dict[str, Any], ...]) -> bool:
    wanted = _normal(reference)
    for item in citations:
        for name in (item.get("number"), item.get("document"), item.get("document_id")):
            if name and _normal(f"{name}{item.get('clause', '')}").startswith(wanted):
                return True
    return False


@check
def _cites(expect: Expectation, seen: Observation) -> Iterator[str]:
    for reference in expect.cites or ():
        if not any(_cited(one, seen.citations) for one in reference.split("|")):
            have = "; ".join(
                f"{c.get('number') or c.get('document')} {c.get('clause')}" for c in seen.citations
            )
            yield f"{reference} is not cited (cited: {have or 'nothing'})"


@check
def _says(expect: Expectation, seen: Observation) -> Iterator[str]:
    shown = f"{seen.card}\n{seen.reply}"
    for text in expect.says or ():
        if not any(one in shown for one in text.split("|")):
            yield f"does not say 「{text}」"


@check
def _never(expect: Expectation, seen: Observation) -> Iterator[str]:
    shown = f"{seen.card}\n{seen.reply}"
    for text in expect.never or ():
        found = re.search(text[3:], shown) if text.startswith("re:") else (text in shown)
        if found:
            yield f"says the forbidden 「{found.group() if isinstance(found, re.Match) else text}」"


@check
def _redacts(expect: Expectation, seen: Observation) -> Iterator[str]:
    for value in expect.redacts or ():
        if value in seen.wire:
            yield f"a personal value ({len(value)} characters, {value[:2]}…) came back over the wire"


@check
def _card(expect: Expectation, seen: Observation) -> Iterator[str]:
    if expect.card is not None and bool(seen.card) != expect.card:
        yield "no card was shown" if expect.card else "a card was shown where none belongs"


@check
def _ticket(expect: Expectation, seen: Observation) -> Iterator[str]:
    wanted, have = expect.ticket, seen.ticket
    if isinstance(wanted, bool):
        if wanted != (have is not None):
            yield "no ticket was opened" if wanted else f"a ticket was opened: {have}"
    elif isinstance(wanted, TicketExpectation):
        if have is None:
            yield "no ticket was opened"
            return
        for name in ("severity", "category"):
            value = getattr(wanted, name)
            if value is not None and have.get(name) != value:
                yield f"ticket {name} is {have.get(name)}, expected {value}"


@check
def _asks(expect: Expectation, seen: Observation) -> Iterator[str]:
    if expect.asks is not None and seen.asked != expect.asks:
        yield f"asks about {seen.asked}, expected {expect.asks}"


@check
def _silent(expect: Expectation, seen: Observation) -> Iterator[str]:
    if expect.silent and seen.reply:
        yield f"the bot spoke although a person owns the talk: {seen.reply[:40]}"
