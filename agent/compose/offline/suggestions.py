"""Two or three things to ask next, none that was just asked or answered."""

from __future__ import annotations

from agent.compose.offline.draft import Writer
from agent.types import Intent

_AFTER = {
    Intent.AMOUNT: ("where", "materials", "how_long"),
    Intent.WHERE: ("materials", "how_long", "contact"),
    Intent.MATERIALS: ("where", "how_long", "refused"),
    Intent.HOW_LONG: ("materials", "where", "refused"),
    Intent.HOW_TO_APPLY: ("materials", "how_long", "contact"),
    Intent.CONTACT: ("where", "materials", "human"),
    Intent.APPEAL: ("contact", "human", "eligible"),
    Intent.AM_I_ELIGIBLE: ("where", "materials", "amount", "refused", "together"),
    Intent.TELL_FACTS: ("where", "materials", "amount", "refused", "together"),
    Intent.CORRECT: ("where", "materials", "amount", "refused"),
    Intent.URGENT_NEED: ("human", "contact", "eligible"),
    Intent.COMPLAINT: ("human", "refused"),
    Intent.STATUS_OF_MY_CASE: ("contact", "refused", "human"),
    Intent.OTHER_PLACE: ("eligible", "contact"),
    Intent.OUT_OF_SCOPE: ("eligible", "human"),
    Intent.HUMAN: ("eligible",),
    Intent.THANKS: ("eligible",),
    Intent.GREETING: ("eligible", "temporary", "school"),
    Intent.ARE_YOU_HUMAN: ("eligible", "human"),
    Intent.FORGET_ME: (),
    Intent.COMPARE: ("eligible", "contact"),
    Intent.ASK_POLICY: ("where", "materials", "eligible"),
}
_NEEDS_TOPIC = frozenset({"where", "materials", "how_long", "amount"})


def suggest(writer: Writer) -> None:
    """Fill the suggestions of an answer."""
    topic = writer.topic or writer.brief.state.topic
    keys = _AFTER[writer.brief.understanding.intent]
    if writer.missed:
        keys = ("human", "contact", "eligible")
    for key in keys:
        if topic is None and key in _NEEDS_TOPIC:
            continue
        writer.suggest(key)
    if not writer.suggestions and keys:
        writer.suggest("eligible", "human")
