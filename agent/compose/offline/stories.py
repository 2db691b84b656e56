"""What a told story comes to (`stories.yaml`): said back, what decides, where to look when nothing fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from agent.compose.offline import choice, guides, verdicts
from agent.compose.offline.choice_words import load_choice
from agent.compose.offline.draft import Writer
from agent.types import Intent, Role
from knowledge.types import Clause, Guide
from tools.types import FactValue, Outcome, Verdict

STORIES_FILE = Path(__file__).with_name("stories.yaml")
UNTOLD, DOUBTED = "untold", "doubted"
_PARENTS = (("father", "mother"), ("mother", "father"))
_SAID_BACK = 3
"""Things that one sentence says back."""
_DECIDES = 2
"""Paragraphs about what decides."""


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: str
    one: tuple[str, ...]
    other: tuple[str, ...] = ()
    """Any, where none is given."""
    lacks: str = ""
    """A fact about the one that was not told yet."""
    begins: tuple[str, ...]
    """How the paragraphs of the entry's guide begin."""


class _Service(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: str
    told: dict[str, tuple[FactValue, ...]]
    unless: dict[str, tuple[FactValue, ...]] = {}
    says: str = ""
    """What this message speaks of; anything, where nothing is given."""
    begins: tuple[str, ...]
    asked: tuple[str, ...] = ()
    """The same for who asks what there is at all (有啥补贴)."""


class _Support(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: str
    child: tuple[str, ...]
    grown_up: tuple[str, ...]


class _Condition(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: str
    said: re.Pattern[str]
    """Words of the family that tell of it."""
    but_not: re.Pattern[str]
    """Words of a clause that tells of somebody else."""
    lacks: str
    """The fact that these words leave open."""
    begins: tuple[str, ...]
    """How the paragraphs of the entry's guide begin."""


class Stories(BaseModel):
    """`stories.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decides: tuple[_Told, ...]
    """What decides a benefit that is still open."""
    conditions: tuple[_Condition, ...]
    """What a word for an illness leads to, which fixes no fact: 脑瘫, 唐氏."""
    points: tuple[_Told, ...]
    """Where to look when no benefit has to do with what was told."""
    support: _Support
    """Who listens."""
    services: tuple[_Service, ...]
    """Where a place of registration, or a permit, leads."""


@cache
def load_stories() -> Stories:
    """Read once a process."""
    return Stories.model_validate(yaml.safe_load(STORIES_FILE.read_text(encoding="utf-8")))


def say_back(writer: Writer) -> bool:
    """In one plain sentence what this message told: a grandmother hears that she was understood."""
    told = list(spoken(writer))[:_SAID_BACK]
    if not told or writer.brief.child_speaks or writer.staff:
        return False
    ids = [id_ for id_, _ in told]
    return writer.phrase("question.understood", *ids, told="，".join(words for _, words in told))


def spoken(writer: Writer) -> Iterator[tuple[str, str]]:
    """Facts of this message in everyday words, with their evidence; what is sensitive is left out."""
    book = writer.brief.rooms.catalogue.facts
    own, reason = writer.say.groups["told"], writer.say.groups["reason"]
    waits = writer.brief.before.pending_question or writer.brief.before.unanswered
    for fact in writer.brief.understanding.facts:
        if fact.name not in book or book[fact.name].sensitive or not fact.certain:
            continue
        parent, _, rest = fact.name.partition("_")
        value = str(fact.value).lower()
        if rest == "state" and (f"parent_{value}" in own or value in reason):
            if value == "able" and (fact.name != waits or verdicts.speaks(writer) == parent):
                continue  # what nobody asked: 妈妈还在 to the mother
            key = f"told.parent_{value}" if f"parent_{value}" in own else f"reason.{value}"
            words = writer.say(key, parent=writer.say(f"parent.{parent}"))
        elif f"{fact.name}_{value}" in own:
            words = writer.say(f"told.{fact.name}_{value}")
        else:
            continue
        known = book[fact.name]
        yield writer.ledger.fact(fact.name, known.label, known.say(fact.value)), words


def say_what_decides(writer: Writer, verdict: Verdict) -> bool:
    """The paragraphs that an open benefit hangs on in this story: 改嫁不算, 失联满6个月算."""
    holding = _holding(writer, load_stories().decides, verdict.benefit)
    found = [c for told in holding for c in _named(writer, told.entry, told.begins)]
    news = [c for c in dict.fromkeys(found) if not _was_said(writer, c)]
    return bool(sum(writer.clause(clause) for clause in news[:_DECIDES]))


def condition(writer: Writer) -> _Condition | None:
    """The condition that this talk told of in a word that leaves its fact open."""
    clauses = [
        c for text in (*writer.told_before, writer.text) for c in re.split(r"[，。；！？,;!?\s]", text)
    ]
    told = writer.brief.state.values
    for one in load_stories().conditions:
        own = (clause for clause in clauses if not one.but_not.search(clause))
        if one.lacks not in told and any(one.said.search(clause) for clause in own):
            return one
    return None


def say_of_condition(writer: Writer) -> bool:
    """Where a condition is settled, once in a talk: 孙子脑瘫 is not answered with 还不能判断."""
    told = condition(writer)
    guide = guides.guide_of(writer, told.entry) if told is not None else None
    if told is None or guide is None or writer.brief.child_speaks:
        return False
    paragraphs = _beginning(guide, told.begins)
    news = [c for c in paragraphs if not any(c.text in text for text in writer.ours)]
    return bool(sum(writer.clause(c, Role.ITEM if i else Role.ANSWER) for i, c in enumerate(news)))


def say_where_to_look(writer: Writer, weighed: Iterable[Verdict]) -> bool:
    """The benefit that a story points to although nothing of it was told: the means of who is left."""
    asks = Intent.AM_I_ELIGIBLE in writer.brief.understanding.intents
    open_ = {v.benefit: v for v in weighed if v.outcome is Outcome.UNKNOWN}
    for told in _holding(writer, load_stories().points):
        paragraphs = _named(writer, told.entry, told.begins)
        if told.entry not in open_ or not paragraphs:
            continue
        look = writer.words("lead.look", name=open_[told.entry].name)
        if not asks and any(look in text for text in writer.ours):
            continue
        say_back(writer)
        id_ = writer.ledger.clause(paragraphs[0])
        writer.phrase("lead.look", id_, name=open_[told.entry].name)
        for clause in paragraphs:
            writer.clause(clause, Role.ITEM)
        writer.listed.append(told.entry)
        writer.topic = writer.topic or told.entry
        return True
    return _say_service(writer)


def only_heavy(writer: Writer) -> bool:
    """Whether new distress leads nowhere but to who listens."""
    return writer.brief.distress and choice.best_guide(writer) == load_stories().support.entry


def say_who_listens(writer: Writer) -> bool:
    """To somebody who says how heavy it is and asks nothing: no income is asked now."""
    if not writer.brief.distress or writer.staff:
        return False
    support = load_stories().support
    begins = support.child if writer.brief.child_speaks else support.grown_up
    paragraphs = [c for c in _named(writer, support.entry, begins) if not _was_said(writer, c)]
    writer.serves = bool(sum(writer.clause(clause) for clause in paragraphs))
    return writer.serves


def _was_said(writer: Writer, clause: Clause) -> bool:
    return any(clause.text in said for said in writer.ours)


def _say_service(writer: Writer) -> bool:
    """What this message opens to a family from elsewhere or apart, and what it still hangs on."""
    for service in load_stories().services:
        guide, news = guides.guide_of(writer, service.entry), _unsaid(writer, service)
        if guide is None or not news:
            continue
        say_back(writer)
        look = writer.words("lead.look", name=guide.name)
        if not any(look in text for text in writer.ours):
            writer.phrase("lead.look", writer.ledger.clause(news[0]), name=guide.name)
        for clause in news:
            writer.clause(clause, Role.ITEM)
        writer.topic = writer.topic or service.entry
        verdicts_ = writer.brief.work.precheck.verdicts if writer.brief.work.precheck else ()
        writer.open = next((v for v in verdicts_ if v.benefit == service.entry), None)
        writer.serves = True
        return True
    return False


def _unsaid(writer: Writer, service: _Service) -> list[Clause]:
    """The paragraphs that a service has for this message and that this talk did not read yet."""
    told, text = writer.brief.state.values, writer.brief.text
    if any(told.get(name) not in values for name, values in service.told.items()):
        return []
    if any(told.get(name) in values for name, values in service.unless.items()):
        return []
    fresh = any(fact.name in service.told for fact in writer.brief.understanding.facts)
    speaks = re.search(service.says, text) if service.says else fresh
    anything = service.asked and load_choice().general.search(text)
    if not (speaks or anything):
        return []
    paragraphs = _named(writer, service.entry, service.asked if anything else service.begins)
    return [clause for clause in paragraphs if not _was_said(writer, clause)]


def _holding(writer: Writer, stories: Iterable[_Told], entry: str | None = None) -> Iterator[_Told]:
    told = writer.brief.state.values
    for story in stories:
        for one, other in _PARENTS:
            if (
                entry in (None, story.entry)
                and _state(writer, one) in story.one
                and (not story.other or _state(writer, other) in story.other)
                and not (story.lacks and f"{one}_{story.lacks}" in told)
            ):
                yield story
                break


def _state(writer: Writer, parent: str) -> str:
    state, name = writer.brief.state, f"{parent}_state"
    if name not in state.values:
        return "able" if verdicts.raising(writer) == parent else UNTOLD
    return str(state.weighed.get(name, DOUBTED))


def _named(writer: Writer, entry: str, begins: Sequence[str]) -> list[Clause]:
    guide = guides.guide_of(writer, entry)
    return _beginning(guide, begins) if guide is not None else []


def _beginning(guide: Guide, begins: Sequence[str]) -> list[Clause]:
    paragraphs = [clause for _, clauses in guide.sections for clause in clauses]
    return [c for begin in begins for c in paragraphs if c.text.startswith(begin)][: len(begins)]
