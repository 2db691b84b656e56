"""Two or three things to ask next, none that was just asked or answered."""

from __future__ import annotations

from agent import asking
from agent.compose.offline.choice_words import load_choice
from agent.compose.offline.draft import Writer
from agent.compose.offline.verdicts import CLOSE, relevance
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
_NEEDS_TOPIC = frozenset({"where", "materials", "how_long", "amount", "refused"})
_ASKED_BY = {
    "where": Intent.WHERE,
    "materials": Intent.MATERIALS,
    "how_long": Intent.HOW_LONG,
    "amount": Intent.AMOUNT,
    "contact": Intent.CONTACT,
}
"""Suggestions that the family may have asked in its own words."""
_GRAPH = {Relation.STACKS_WITH: "with", Relation.CHOOSE_ONE: "choose", Relation.OPENS: "opens"}
_BEFORE = 3
"""So many messages before this one count as just asked."""
_OWN = 2
"""Suggestions about the topic itself, beside one that leads on."""


def suggest(writer: Writer) -> None:
    """Fill the suggestions of an answer: what was left out, then the topic, then what it leads on to."""
    topic = writer.topic or writer.brief.state.topic
    keys = _AFTER[writer.brief.understanding.intent]
    if writer.missed:
        keys = ("human", "contact", "eligible")
    if writer.more:
        writer.suggest("more")
    told = _just_asked(writer)
    for key in keys:
        if key in told or (topic is None and key in _NEEDS_TOPIC):
            continue
        writer.suggest(key)
    if topic is not None and (onward := _onward(writer, topic)):
        writer.suggestions = [*writer.suggestions[:_OWN], onward]
    if not writer.suggestions and keys:
        writer.suggest("eligible", "human")


def _just_asked(writer: Writer) -> set[str]:
    """What the family asked a moment ago, or took up from our suggestions: it is not suggested again."""
    lines = writer.told_before
    said = [*lines[-_BEFORE:], writer.brief.text]
    told = {key for key, intent in _ASKED_BY.items() if any(asking.ruled(intent, text) for text in said)}
    every = writer.say.groups["suggest"]
    return told | {key for key, text in every.items() if any(_same(text, one) for one in (*lines, said[-1]))}


def _same(one: str, other: str) -> bool:
    return one.rstrip("？?。") == other.strip().rstrip("？?。")


def _onward(writer: Writer, topic: str) -> str | None:
    """A neighbour of the topic: first by what the pre-check knows, then by the guides' own graph."""
    benefits = writer.brief.rooms.catalogue.benefits
    checked = writer.brief.work.precheck
    verdicts = checked.verdicts if checked is not None and writer.brief.state.facts else ()
    out = {v.benefit for v in verdicts if v.outcome is Outcome.UNLIKELY}
    if topic in out:
        return None
    spoken = {topic, *writer.listed, *out, *load_choice().unsuggested}
    for link in writer.brief.rooms.catalogue.links if verdicts else ():
        if link.mine != topic or link.kind not in _GRAPH or link.other in spoken:
            continue
        if any(v.benefit == link.other and relevance(writer, v) >= CLOSE for v in verdicts):
            text = writer.say(f"suggest.{_GRAPH[link.kind]}", name=benefits[link.other].name)
            if not _offered(writer, text):
                return text
    for entry in writer.brief.rooms.library.neighbours(topic):
        guide = writer.brief.rooms.library.guide(entry)
        if entry in spoken or guide is None:
            continue
        text = writer.say("suggest.opens", name=guide.name)
        if not _offered(writer, text) and not _mentioned(writer, guide.name):
            return text
    return None


def _offered(writer: Writer, text: str) -> bool:
    """Whether this was suggested before in this talk: who passed it over is not asked again."""
    return text in writer.brief.state.suggested


def _mentioned(writer: Writer, name: str) -> bool:
    """Whether the talk came to this entry already."""
    return any(name in line.text for line in (*writer.brief.window,)) or name in writer.brief.text
