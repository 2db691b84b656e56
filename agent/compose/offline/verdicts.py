"""Which verdicts matter: how much each has to do with what was told, and what may be said or asked of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from agent.compose.offline import choice
from agent.compose.offline.choice_words import load_choice
from agent.compose.offline.draft import Writer
from agent.compose.offline.verdict_words import OF_THE_TOPIC, load_words, points_back
from agent.types import Intent
from agent.understand.kin import family_of
from agent.understand.lexicon import load_lexicon
from agent.understand.questions import load_topics, only_qualifies
from tools.asking import points
from tools.benefit import Standing
from tools.fitting import unfitting
from tools.types import FactValue, Outcome, Truth, Verdict

SURE = (Outcome.LIKELY, Outcome.CHOICE)
OPEN = (Outcome.UNKNOWN, Outcome.DEPENDS_ON_DISTRICT)
QUESTIONS_MOST = 9
"""So many questions of ours are enough for one child; a person at the window asks the rest."""
CLOSE = 2
"""From this relevance on a verdict has to do with what was told."""
_PARENTS = ("father", "mother")
_NOT_PARENTS = ("grandparent", "relative", "other")
_EVERYBODYS = frozenset({"school_stage"})
"""What every family tells: by itself it opens no verdict, least of all where a pupil is in trouble."""
_AGES = frozenset({"child_age", "child_age_months"})
_EARNS = ("below_average", "above_average")
_GROWN_UP = 18
"""From this age on (民法典 第十七条) no child's allowance is offered."""
_FIRST = 3
"""Best paragraphs that may say no."""


def relevance(writer: Writer, verdict: Verdict) -> int:
    """How much a verdict has to do with what was told: named, then hallmarks told, then entitlements."""
    if verdict.benefit not in writer.relevant:
        writer.relevant[verdict.benefit] = _relevance(writer, verdict)
    return writer.relevant[verdict.benefit]


def _relevance(writer: Writer, verdict: Verdict) -> int:
    brief = writer.brief
    benefit = brief.rooms.catalogue.benefits[verdict.benefit]
    topics = brief.understanding.topics
    # Who asks what there is at all (有没有补贴) does not go on about the running topic.
    anything = not topics and load_choice().general.search(brief.text)
    named = verdict.benefit in topics or (verdict.benefit == brief.understanding.topic and not anything)
    named = named and verdict.benefit not in choice.denied(writer) and not _only_whose(writer, verdict)
    told = brief.state.values
    hallmarks = [h for h in benefit.hallmarks if verdict.outcome in SURE or h not in _EVERYBODYS]
    hallmarks = [h for h in hallmarks if h not in _AGES or not _more_told(told)]
    hits = sum(points(told.get(name)) for name in hallmarks)
    if told.get("carer") in _NOT_PARENTS:
        hits += sum(f"{parent}_state" in hallmarks for parent in doubted(writer))
    new = sum(fact.name in hallmarks and points(fact.value) for fact in brief.understanding.facts)
    led = bool(hits) and verdict.benefit == choice.best_guide(writer)
    return 10 * named + 5 * led + 2 * hits + new


def _more_told(told: Mapping[str, FactValue]) -> bool:
    """Whether more was told of the child than its age: 一岁半，听不见 asks for a hearing aid first."""
    return any(
        points(value) for name, value in told.items() if name.startswith("child_") and name not in _AGES
    )


def _only_whose(writer: Writer, verdict: Verdict) -> bool:
    """Whether the name of what a family has already only says who asks: 低保人家的孩子上幼儿园."""
    return verdict.benefit in load_topics().held and only_qualifies(verdict.benefit, writer.text)


def ranked(writer: Writer) -> tuple[Verdict, ...]:
    """Verdicts, the most to the point first; the order of the entries decides between equals.

    A service (收养, 监护 …) is no benefit that one "meets", and what the family has already is no news;
    nor is what no document says enough about, unless it was asked for.
    """
    if writer.ranked is None:
        writer.ranked = tuple(_ranked(writer))
    return writer.ranked


def _ranked(writer: Writer) -> list[Verdict]:
    precheck = writer.brief.work.precheck
    if precheck is None:
        return []
    benefits = writer.brief.rooms.catalogue.benefits
    told, held = writer.brief.state.values, load_topics().held
    named = {*writer.brief.understanding.topics, writer.brief.understanding.topic}
    kept = [
        v
        for v in precheck.verdicts
        if benefits[v.benefit].standing is not Standing.SERVICE
        and (v.outcome is not Outcome.UNKNOWN or v.missing or v.benefit in named)
        and not any(told.get(name) == value for name, value in held.get(v.benefit, {}).items())
        and (v.benefit in named or not _taken(v.benefit, told))
        and not (v.outcome in OPEN and (v.benefit in farfetched(writer) or _denied(v.benefit, told)))
    ]
    background = {v.benefit for v in kept if not _beside_school(benefits[v.benefit].hallmarks, told)}
    dead_only, led = _only_if_dead(writer), choice.led_to(writer)
    return sorted(
        kept,
        key=lambda v: (
            -relevance(writer, v),
            v.outcome not in SURE,
            v.benefit not in led,
            v.benefit in background,
            v.benefit in dead_only,
            len(v.missing),
        ),
    )


def _only_if_dead(writer: Writer) -> set[str]:
    """What hangs on the death of the parent nobody spoke of: who lost a father most likely has a mother."""
    catalogue, told = writer.brief.rooms.catalogue, writer.brief.state.weighed
    untold = [f"{parent}_state" for parent in _PARENTS if f"{parent}_state" not in told]
    if len(untold) != 1:
        return set()
    alive = {**told, untold[0]: "out_of_contact"}
    found = catalogue.verdicts(alive, writer.brief.as_of, writer.brief.state.district)
    return {v.benefit for v in found if v.outcome is Outcome.UNLIKELY}


def _beside_school(hallmarks: Collection[str], told: Mapping[str, FactValue]) -> bool:
    """Whether more was told of a benefit than that the child goes to school, as all children do."""
    return any(points(told.get(name)) for name in hallmarks if name not in _EVERYBODYS)


def _denied(benefit: str, told: Mapping[str, FactValue]) -> bool:
    """Whether the family says that the child is none of those: 孩子不是孤儿."""
    held = load_topics().held.get(benefit, {})
    parents = any(points(told.get(f"{parent}_state")) for parent in _PARENTS)
    return not parents and any(value is True and told.get(name) is False for name, value in held.items())


def _taken(benefit: str, told: Mapping[str, FactValue]) -> bool:
    """Whether something that the family has already stands in the place of a benefit."""
    return any(told.get(name) in values for name, values in load_choice().taken.get(benefit, {}).items())


def farfetched(writer: Writer) -> dict[str, Verdict]:
    """Benefits that hang only on what nothing told has to do with: no 单人户 for the illness nobody spoke of.

    They would be unlikely if all that a talk does not ask this family (`tools/fitting.py`) were as it usually
    is, and the parent who raises the child were able to. What the message names is weighed all the same.
    """
    if writer.farfetched is None:
        writer.farfetched = _farfetched(writer)
    return writer.farfetched


def _farfetched(writer: Writer) -> dict[str, Verdict]:
    brief = writer.brief
    catalogue, told = brief.rooms.catalogue, brief.state.weighed
    named = {*brief.understanding.topics} - choice.denied(writer)
    unasked = unfitting(catalogue.facts, told, ())
    supposed = {name: usual for name in unasked if (usual := catalogue.facts[name].usual) is not None}
    if told.get("income_level") in _EARNS:
        supposed["household_category"] = "ordinary"  # who earns enough has no 低保 that nobody spoke of
    parent = raising(writer)
    if parent is not None and f"{parent}_state" not in told:
        supposed[f"{parent}_state"] = "able"
    if told.get("carer") not in _NOT_PARENTS and not any(
        f"{p}_state" in brief.state.values for p in _PARENTS
    ):
        # Who speaks of no parent raises the child: 店关了, 没收入 is no matter of 特困.
        supposed |= {f"{parent}_state": "able" for parent in _PARENTS}
    for parent in doubted(writer):
        # Whoever remarried lives: what asks for a death or a search is not for this child.
        supposed |= {f"{parent}_state": "out_of_contact", f"{parent}_absent_months": 600}
        supposed[f"{parent}_search_reported"] = True
    found = catalogue.verdicts({**supposed, **told}, brief.as_of, brief.state.district)
    return {v.benefit: v for v in found if v.outcome is Outcome.UNLIKELY and v.benefit not in named}


def doubted(writer: Writer) -> list[str]:
    """The parents who are only supposed to be able to raise the child: 她妈改嫁了."""
    state = writer.brief.state
    return [p for p in _PARENTS if f"{p}_state" in state.values and f"{p}_state" not in state.weighed]


def by_raising(writer: Writer) -> list[Verdict]:
    """What the parent who raises the child stands against, where the other cannot: weighed as supposed."""
    parent = raising(writer)
    if parent is None or f"{parent}_state" in writer.brief.state.values:
        return []
    benefits = writer.brief.rooms.catalogue.benefits
    leaning = [v for id_, v in farfetched(writer).items() if f"{parent}_state" in benefits[id_].hallmarks]
    return [v for v in leaning if relevance(writer, v) >= CLOSE and v.benefit == "B02"]


def raising(writer: Writer) -> str | None:
    """The parent who raises the child: who writes, or the one of whom nothing is told where a parent does."""
    speaking = speaks(writer)
    if speaking is not None:
        return speaking
    told = writer.brief.state.values
    if told.get("carer") != "parent":
        return None
    untold = [parent for parent in _PARENTS if f"{parent}_state" not in told]
    return untold[0] if len(untold) == 1 else None


def speaks(writer: Writer) -> str | None:
    """`father` or `mother` where one of them writes: nobody asks a mother 孩子的妈妈现在是什么情况."""
    if writer.brief.child_speaks or writer.staff:
        return None
    told = writer.told_before
    talk = "\n".join((*told, writer.text))
    family = family_of(writer.text, load_lexicon(), earlier="\n".join(told))
    carers = {family.carer, writer.brief.state.values.get("carer")}
    if carers & {*_NOT_PARENTS, "institution"}:
        return None
    if family.speaker.parents:
        return family.speaker.parents[0]
    return next((parent for parent, says in load_words().speaks.items() if says.search(talk)), None)


def only_age(writer: Writer, verdict: Verdict) -> bool:
    """Whether a verdict fails by the child's age, and nothing but the age has to do with it.

    Who tells of a child of eight has not asked what there is for babies.
    """
    told = writer.brief.state.values
    hallmarks = writer.brief.rooms.catalogue.benefits[verdict.benefit].hallmarks
    failing = [{name for name, _ in s.facts} for s in verdict.trace if s.truth is Truth.FALSE]
    read = [names for names in failing if names]
    aged = bool(read) and all(names <= _AGES for names in read)
    return aged and not any(points(told.get(name)) for name in hallmarks if name not in _AGES)


def too_old(writer: Writer, verdict: Verdict) -> bool:
    """Whether a no by age helps nobody who did not ask for it: by age alone, or of who is grown up.

    孤儿今年二十岁 is answered by what there is after eighteen.
    """
    grown = int(writer.brief.state.values.get("child_age") or 0) >= _GROWN_UP
    by_age = any(s.truth is Truth.FALSE and {n for n, _ in s.facts} & _AGES for s in verdict.trace)
    return only_age(writer, verdict) or (grown and by_age)


def stands(writer: Writer, verdict: Verdict) -> bool:
    """Whether the last thing that this talk said of a benefit is this verdict."""
    ways = load_words().said
    for text in reversed(writer.ours):
        said = [o for o, p in ways.items() if re.search(p.format(name=re.escape(verdict.name)), text)]
        if said:
            return verdict.outcome in said
    return False


def spoken_of(writer: Writer, verdict: Verdict) -> bool:
    """Whether the talk came to a benefit, or asks what there is: who only tells hears no unasked no."""
    understood = writer.brief.understanding
    asks = Intent.AM_I_ELIGIBLE in understood.intents or verdict.benefit == understood.topic
    return asks or mentioned(writer, verdict)


def mentioned(writer: Writer, verdict: Verdict) -> bool:
    """Whether an earlier answer of this talk named the benefit."""
    return any(f"「{verdict.name}」" in text for text in writer.ours)


def something_stands(writer: Writer) -> bool:
    """Whether what has to do with what was told was said before, and did not change."""
    close = [v for v in ranked(writer) if relevance(writer, v) >= CLOSE and not only_age(writer, v)]
    return any(stands(writer, v) for v in close if v.outcome not in OPEN)


def fresh(writer: Writer, verdict: Verdict) -> bool:
    """Whether this message brought up an open benefit that no answer named yet: both parents died."""
    hallmarks = writer.brief.rooms.catalogue.benefits[verdict.benefit].hallmarks
    told = any(fact.name in hallmarks and points(fact.value) for fact in writer.brief.understanding.facts)
    new = told and verdict.outcome in OPEN and relevance(writer, verdict) >= CLOSE
    return new and not _judged(writer, verdict)


def _judged(writer: Writer, verdict: Verdict) -> bool:
    """Whether an earlier answer said how a benefit stands; to have named it beside others says nothing."""
    ways = [re.compile(way.format(name=re.escape(verdict.name))) for way in load_words().said.values()]
    return any(way.search(text) for way in ways for text in writer.ours)


def asked(writer: Writer, verdict: Verdict) -> bool:
    """Whether the message asks for this verdict; a wish for whatever there is asks for no denial."""
    understood = writer.brief.understanding
    if verdict.benefit in understood.topics:
        return True
    if Intent.AM_I_ELIGIBLE not in understood.intents:
        return False
    if load_words().otherwise.search(writer.brief.text):
        return False
    anything = load_choice().general.search(writer.brief.text) and not points_back(writer.brief.text)
    if anything or understood.topic is None or len(writer.brief.text) > OF_THE_TOPIC:
        return verdict.outcome is not Outcome.UNLIKELY
    return verdict.benefit == understood.topic


def denied(writer: Writer, entry: str) -> bool:
    """Whether the rules say no to this entry, as far as was told."""
    return any(v.benefit == entry and v.outcome is Outcome.UNLIKELY for v in ranked(writer))


def refuted(writer: Writer) -> set[str]:
    """Benefits of which a paragraph that answers best says no: 三级肢体不在这一条里 leaves nothing to offer.

    What the rules do not know yet may still be open; beside that paragraph it reads as a contradiction.
    """
    if writer.refuted is None:
        found = choice.scores(writer, frozenset())
        first = sorted(found.values(), key=lambda one: -one[0])[:_FIRST]
        says_no = load_choice().refutes
        writer.refuted = {clause.guide for _, clause in first if clause.guide and says_no.search(clause.text)}
    return writer.refuted


def guessed(writer: Writer, verdict: Verdict) -> str | None:
    """A fact that a verdict rests on and that the family only seems to have said."""
    unsure = {fact.name for fact in writer.brief.state.facts if not fact.certain}
    met = (step for step in verdict.trace if step.truth is Truth.TRUE)
    return next((name for step in met for name, _ in step.facts if name in unsure), None)


def elsewhere(writer: Writer) -> tuple[str, ...]:
    """What else may be looked at: what fits or is open, then what the entries spoken of lead on to."""
    checked = writer.brief.work.precheck
    if checked is None:
        return ()
    rooms = writer.brief.rooms
    said = [v.benefit for v in checked.verdicts if stands(writer, v)]
    open_ = [v.benefit for v in ranked(writer) if relevance(writer, v) >= CLOSE]
    beside = [entry for one in said for entry in rooms.library.neighbours(one)]
    linked = [link.other for link in rooms.catalogue.links if link.mine in said]
    order = dict.fromkeys((*open_, *load_topics().when_nothing_fits, *beside, *linked))
    fits = {v.benefit for v in checked.verdicts if _may_be_looked_at(writer, v)}
    return tuple(entry for entry in order if entry in fits)


def _may_be_looked_at(writer: Writer, verdict: Verdict) -> bool:
    """Whether a benefit is news, open, and hangs on nothing that this family is not asked for."""
    words, entry, told = load_choice(), verdict.benefit, writer.brief.state.values
    shut_ = {*farfetched(writer), *refuted(writer), *choice.denied(writer), writer.brief.before.topic}
    if entry in {*shut_, *words.unsuggested, *words.unspoken} or verdict.outcome is Outcome.UNLIKELY:
        return False
    named = relevance(writer, verdict) < CLOSE and mentioned(writer, verdict)
    if _is_service(writer, entry) or _taken(entry, told) or named or _judged(writer, verdict):
        return False
    has = load_topics().held.get(entry, {})
    if any(told.get(name) == value for name, value in has.items()):
        return False
    only_held = bool(verdict.missing) and {*has} >= {*verdict.missing}
    book = writer.brief.rooms.catalogue.facts
    unasked = {name for name in unfitting(book, told, ()) if book[name].usual is None}
    unasked |= {f"{parent}_state" for parent in _PARENTS}  # nothing for who never spoke of them
    return not only_held and unasked.isdisjoint(verdict.missing)


def shut(writer: Writer, verdict: Verdict) -> bool:
    """Whether a paragraph that answers best says no to what the rules do not know yet."""
    return verdict.outcome in OPEN and verdict.benefit in refuted(writer)


def lead(writer: Writer) -> Verdict | None:
    """The benefit that fits best what was told, if any does."""
    denied = choice.denied(writer)
    found = [v for v in ranked(writer) if relevance(writer, v) >= CLOSE and v.benefit not in denied]
    return next((v for v in found if v.outcome not in (Outcome.UNLIKELY,)), None)


def settled(writer: Writer) -> bool:
    """Whether the verdict of a benefit that the message names stands either way."""
    named = set(writer.brief.understanding.topics) - choice.denied(writer)
    return any(v.benefit in named and v.outcome in (*SURE, Outcome.UNLIKELY) for v in ranked(writer))


def leading(writer: Writer) -> tuple[str, ...]:
    """The entry of that benefit, if there is one."""
    first = lead(writer)
    return (first.benefit,) if first is not None else ()


def asks_on(writer: Writer) -> bool:
    """Whether the pre-check has a question left that may still be asked."""
    precheck, state = writer.brief.work.precheck, writer.brief.state
    if not state.facts and _is_service(writer, writer.brief.understanding.topic):
        return False  # who would adopt has told of no child that could be asked about
    if precheck is None or precheck.next_question is None or len(state.asked) >= QUESTIONS_MOST:
        return False
    return precheck.next_question.fact not in {*state.weighed, *state.asked, *state.declined}


def _is_service(writer: Writer, entry: str | None) -> bool:
    benefit = writer.brief.rooms.catalogue.benefits.get(entry or "")
    return benefit is not None and benefit.standing is Standing.SERVICE
