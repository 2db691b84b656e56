"""Two or three things to ask next, none that was just asked or answered."""

from __future__ import annotations

from agent.compose.offline.draft import Writer
from agent.compose.offline.eligibility import CLOSE, relevance
from agent.types import Intent
from tools.benefit import Relation
from tools.types import Outcome

_AFTER = {
    Intent.AMOUNT: ("where", "materials", "how_long"),
    Intent.WHERE: ("materials", "how_long", "contact"),
    Intent.MATERIALS: ("where", "how_long", "refused"),
    Intent.HOW_LONG: ("materials", "where", "refused"),
    Intent.HOW_TO_APPLY: ("materials", "how_long", "contact"),
    Intent.CONTACT: ("where", "materials", "human"),
    Intent.APPEAL: ("contact", "human", "eligible"),
    Intent.AM_I_ELIGIBLE: ("where", "materials", "amount", "refused"),
    Intent.TELL_FACTS: ("where", "materials", "amount", "refused"),
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
_FOLLOWED = (Intent.AM_I_ELIGIBLE, Intent.TELL_FACTS, Intent.ASK_POLICY, Intent.AMOUNT)
_NEEDS_TOPIC = frozenset({"where", "materials", "how_long", "amount", "refused"})
_GRAPH = {Relation.STACKS_WITH: "with", Relation.CHOOSE_ONE: "choose", Relation.OPENS: "opens"}


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
    if topic is not None and writer.brief.understanding.intent in _FOLLOWED:
        _from_graph(writer, topic)
    if not writer.suggestions and keys:
        writer.suggest("eligible", "human")


def _from_graph(writer: Writer, topic: str) -> None:
    """Let the last suggestion be a neighbour of the topic: what it stacks with, opens, is chosen against."""
    benefits = writer.brief.rooms.catalogue.benefits
    precheck = writer.brief.work.precheck
    if precheck is None or not writer.brief.state.facts:
        return
    verdicts = precheck.verdicts
    out = {v.benefit for v in verdicts if v.outcome is Outcome.UNLIKELY or relevance(writer, v) < CLOSE}
    if any(v.benefit == topic and v.outcome is Outcome.UNLIKELY for v in verdicts):
        return
    for link in writer.brief.rooms.catalogue.links:
        if link.mine == topic and link.kind in _GRAPH and link.other not in {*writer.listed, *out}:
            text = writer.say(f"suggest.{_GRAPH[link.kind]}", name=benefits[link.other].name)
            writer.suggestions = [*writer.suggestions[:2], text]
            return
