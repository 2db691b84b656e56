"""Events of a turn as docs/architecture.md lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agent.types import ConversationState, Sentence, Understanding, Work
from guardrails.templates import Buttons, Call, Card, Text
from guardrails.types import Screening
from knowledge.types import Citation
from storage.types import NewEvent
from tools.benefit import Benefit, Standing
from tools.types import Outcome, Precheck, Verdict

if TYPE_CHECKING:
    from agent.compose.protocol import Draft
    from agent.context import Context
    from tools.facts import FactBook

_SHOWN = (Outcome.LIKELY, Outcome.CHOICE)


def text(sentence: Sentence, turn: str, citations: Sequence[Citation], cited: Sequence[Citation]) -> NewEvent:
    """One released sentence; `citations` are the turn's so far, `cited` those of this sentence."""
    data: dict[str, Any] = {
        "turn": turn,
        "text": sentence.text,
        "role": sentence.role.value,
        "citations": [citations.index(citation) for citation in cited],
    }
    if sentence.source:
        data["source"] = sentence.source
    return NewEvent("text", data)


def citations(turn: str, items: Sequence[Citation]) -> NewEvent:
    """The clauses that the turn's sentences point to, by index."""
    return NewEvent("citations", {"turn": turn, "items": [citation(item) for item in items]})


def citation(item: Citation) -> dict[str, Any]:
    """A clause as the widget opens it."""
    return {
        "clause_id": item.clause_id,
        "document": item.document,
        "number": item.number,
        "clause": item.clause,
        "standing": item.standing.value,
        "confidence": item.confidence.value,
    }


def facts(state: ConversationState, book: FactBook) -> NewEvent:
    """What Minxing believes of the family, for the family to see and mend."""
    items = [
        {
            "name": fact.name,
            "label": book[fact.name].label,
            "value": fact.value,
            "value_label": book[fact.name].say(fact.value),
            "certain": fact.certain,
        }
        for fact in state.facts
        if fact.name in book
    ]
    return NewEvent("facts", {"items": items})


def verdicts(
    turn: str, precheck: Precheck, listed: Sequence[str], benefits: Mapping[str, Benefit]
) -> NewEvent:
    """The verdicts that were talked about, and whatever else of entitlements is likely.

    A service (监护, 收养, 委托照护 …) is shown only when it was talked about: nobody is told unasked
    that their child may be adopted.
    """
    shown = [
        v
        for v in precheck.verdicts
        if v.benefit in listed
        or (v.outcome in _SHOWN and benefits[v.benefit].standing is not Standing.SERVICE)
    ]
    shown.sort(key=lambda v: listed.index(v.benefit) if v.benefit in listed else len(listed))
    return NewEvent("verdicts", {"turn": turn, "items": [verdict(v) for v in shown]})


def verdict(item: Verdict) -> dict[str, Any]:
    """One verdict for the widget."""
    return {
        "benefit": item.benefit,
        "name": item.name,
        "outcome": item.outcome.value,
        "failed": list(item.failed),
        "missing": list(item.missing),
        "sources": [citation(source) for source in item.sources],
    }


def status(state: str, words: str, *, unless_owned: bool = False) -> NewEvent:
    """Where the talk stands, in words."""
    return NewEvent("status", {"state": state, "text": words}, unless_owned=unless_owned)


def card(item: Card, route: str) -> NewEvent:
    """A card of the template bank, as approved."""
    return NewEvent("card", {"route": route, **item.to_json()})


def card_text(item: Card) -> str:
    """What a family reads on a card, line by line: title, words, when to call which number, choices."""
    lines = [item.title]
    for block in item.blocks:
        match block:
            case Text():
                lines.append(block.text)
            case Call():
                lines.append(block.label)
            case Buttons():
                lines.append(" / ".join(button.label for button in block.items))
    return "\n".join(line for line in lines if line)


def trace(context: Context, ticket: dict[str, Any] | None) -> NewEvent:
    """What evaluators assert on; only with MINXING_EVALUATION."""
    result = context.result
    return trace_of(
        context.message_id,
        result.screening,
        ticket=ticket,
        understanding=result.understanding,
        work=result.work,
        state=result.state,
        draft=context.draft,
    )


def trace_of(
    message_id: str,
    screening: Screening,
    *,
    ticket: dict[str, Any] | None,
    understanding: Understanding | None = None,
    work: Work | None = None,
    state: ConversationState | None = None,
    draft: Draft | None = None,
) -> NewEvent:
    """The trace of a turn, or of a message that got a card instead."""
    precheck = work.precheck if work else None
    spent = draft.spent if draft else None
    return NewEvent(
        "trace",
        {
            "message_id": message_id,
            "route": screening.route.value,
            "severity": screening.severity.name,
            "category": screening.category.value if screening.category else None,
            "intents": [i.value for i in understanding.intents] if understanding else [],
            "tools": list(work.tools_called) if work else [],
            "facts": dict(state.values) if state else {},
            "verdicts": {v.benefit: v.outcome.value for v in precheck.verdicts} if precheck else {},
            "asked": state.pending_question if state else None,
            "ticket": ticket,
            "composer": draft.composer if draft else "template",
            "model": spent.shown() if spent else None,
        },
    )
