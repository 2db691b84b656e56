"""What the family may be entitled to: verdicts in words, the reason, the lists, the one next question."""

from __future__ import annotations

from agent.compose.offline import guides
from agent.compose.offline.draft import Writer
from agent.types import Role
from tools.benefit import Standing
from tools.types import Outcome, TraceStep, Truth, Verdict

_SAYABLE = 22
"""Longest condition, in characters, that fits into 「对得上的地方」."""


def relevance(writer: Writer, verdict: Verdict) -> int:
    """How much a verdict has to do with what was told: named, then hallmarks told, then entitlements."""
    brief = writer.brief
    benefit = brief.rooms.catalogue.benefits[verdict.benefit]
    named = verdict.benefit in brief.understanding.topics or verdict.benefit == brief.understanding.topic
    told = brief.state.values
    hits = sum(1 for name in benefit.hallmarks if name in told)
    urgent = 5 if benefit.urgent and brief.understanding.intent.value == "urgent_need" else 0
    return 10 * named + urgent + 2 * hits + (benefit.standing is Standing.ENTITLEMENT)


def ranked(writer: Writer) -> list[Verdict]:
    """Verdicts, the most to the point first; the order of the entries decides between equals.

    A service (收养, 监护 …) is no benefit that one "meets": it is spoken of when the family names it.
    """
    precheck = writer.brief.work.precheck
    if precheck is None:
        return []
    benefits = writer.brief.rooms.catalogue.benefits
    named = writer.brief.understanding.topics
    kept = [
        v
        for v in precheck.verdicts
        if benefits[v.benefit].standing is not Standing.SERVICE or v.benefit in named
    ]
    return sorted(kept, key=lambda v: relevance(writer, v), reverse=True)


def answer(writer: Writer, *, lists: bool = True) -> bool:
    """Say the verdicts that matter. False when no verdict has anything to do with what was told."""
    verdicts = ranked(writer)
    close = [v for v in verdicts if relevance(writer, v) >= 2]
    sure = [v for v in verdicts if v.outcome in (Outcome.LIKELY, Outcome.CHOICE)]
    sure.sort(key=lambda v: v not in close)
    if sure:
        _likely(writer, sure, lists=lists)
    open_ = [v for v in close if v.outcome in (Outcome.UNKNOWN, Outcome.DEPENDS_ON_DISTRICT)]
    named = set(writer.brief.understanding.topics)
    said_no = False
    for verdict in [v for v in close if v.outcome is Outcome.UNLIKELY]:
        if verdict.benefit in named or not (sure or open_ or said_no):
            _unlikely(writer, verdict)
            said_no = True
    if not sure or any(v.benefit in named for v in open_):
        for verdict in open_[: 1 if sure else 2]:
            _open(writer, verdict, first=not sure and not said_no)
            if not sure and lists and verdict is open_[0] and verdict.outcome is Outcome.UNKNOWN:
                _lists(writer, verdict.benefit)
    if sure or open_ or said_no:
        writer.phrase("verdict.decides", role=Role.NOTE)
    return bool(sure or open_ or said_no)


def _likely(writer: Writer, sure: list[Verdict], *, lists: bool) -> None:
    first, rest = sure[0], sure[1:]
    _one_likely(writer, first, rest)
    if reasons := _reasons(writer, first):
        writer.phrase("verdict.because", _id(writer, first), role=Role.WHY, conditions="，".join(reasons))
    _guesses(writer, first)
    for note in first.notes[:2]:
        writer.add(note, _id(writer, first), role=Role.NOTE)
    if lists:
        _lists(writer, first.benefit)
    others = [v for v in rest if not (first.outcome is Outcome.CHOICE and v.outcome is Outcome.CHOICE)]
    if others:
        names = "、".join(f"「{v.name}」" for v in others[:3])
        writer.phrase("verdict.also_likely", *(_id(writer, v) for v in others[:3]), names=names)
    writer.listed += [v.benefit for v in sure]
    writer.topic = first.benefit


def _one_likely(writer: Writer, first: Verdict, rest: list[Verdict]) -> None:
    others = [v for v in rest if v.outcome is Outcome.CHOICE]
    if first.outcome is Outcome.CHOICE and others:
        ids = (_id(writer, first), _id(writer, others[0]))
        writer.phrase("verdict.choice_pair", *ids, first=first.name, second=others[0].name)
    else:
        writer.phrase("verdict.likely", _id(writer, first), name=first.name)


def _open(writer: Writer, verdict: Verdict, *, first: bool) -> None:
    id_ = _id(writer, verdict)
    if verdict.outcome is Outcome.DEPENDS_ON_DISTRICT:
        writer.phrase("verdict.depends", id_, name=verdict.name)
    elif verdict.missing:
        label = writer.brief.rooms.catalogue.facts[verdict.missing[0]].label
        key = "verdict.unknown_offer" if first and len(verdict.missing) == 1 else "verdict.unknown"
        writer.phrase(key, id_, name=verdict.name, missing=label)
    else:
        writer.phrase("verdict.depends", id_, name=verdict.name)
        for note in verdict.notes[:1]:
            writer.add(note, id_, role=Role.NOTE)
    writer.listed.append(verdict.benefit)
    writer.topic = writer.topic or verdict.benefit


def _unlikely(writer: Writer, verdict: Verdict) -> None:
    id_ = _id(writer, verdict)
    if verdict.failed:
        writer.phrase("verdict.unlikely", id_, name=verdict.name, failed=verdict.failed[0])
    else:
        writer.phrase("verdict.unlikely_bare", id_, name=verdict.name)
    if not any(writer.add(note, id_, role=Role.NOTE) for note in verdict.notes[:2]):
        writer.phrase("verdict.unlikely_next", role=Role.NOTE)
    writer.topic = writer.topic or verdict.benefit


def _lists(writer: Writer, entry: str) -> None:
    """带什么, 在哪, 几天 for the leading benefit: one line each."""
    guide = guides.guide_of(writer, entry)
    if guide is not None:
        guides.where(writer, guide, most=1)
        guides.materials(writer, guide, most=3)
        guides.how_long(writer, guide, most=1)
        writer.told |= {"where", "materials", "how_long"}


def _id(writer: Writer, verdict: Verdict) -> str:
    return writer.ledger.verdict(verdict, writer.say(f"outcome.{verdict.outcome.value}"))


def _reasons(writer: Writer, verdict: Verdict) -> list[str]:
    """What was told and counts; sensitive facts are never repeated back (facts.md trap 16)."""
    book = writer.brief.rooms.catalogue.facts
    told = writer.brief.state.values
    out: dict[str, None] = {}
    for step in verdict.trace:
        if step.truth is not Truth.TRUE or len(step.facts) != 1:
            continue
        name, value = step.facts[0]
        if (
            told.get(name) != value
            or name not in book
            or (book[name].sensitive and not name.endswith("_term_months"))
        ):
            continue
        if words := _reason(writer, step, name, str(value)):
            out[words] = None
    return list(out)[:4]


def _reason(writer: Writer, step: TraceStep, name: str, value: str) -> str | None:
    parent, _, rest = name.partition("_")
    if parent in ("father", "mother"):
        if rest != "state" or value not in writer.say.groups["reason"]:
            return None
        return writer.say(f"reason.{value}", parent=writer.say(f"parent.{parent}"))
    return step.condition if len(step.condition) <= _SAYABLE else None


def _guesses(writer: Writer, verdict: Verdict) -> None:
    """Say once where a verdict hangs on something the family was not sure of."""
    unsure = {fact.name for fact in writer.brief.state.facts if not fact.certain}
    for step in verdict.trace:
        for name, _ in step.facts:
            if name in unsure and step.truth is Truth.TRUE:
                label = writer.brief.rooms.catalogue.facts[name].label
                writer.phrase("verdict.guess", role=Role.NOTE, label=label)
                return


def next_question(writer: Writer) -> None:
    """End with the one next question, if there is one and none was asked yet in this answer."""
    precheck = writer.brief.work.precheck
    if writer.asked is not None or precheck is None or precheck.next_question is None:
        return
    question = precheck.next_question
    known = {*writer.brief.state.values, *writer.brief.state.asked, *writer.brief.state.declined}
    if question.fact not in known:
        writer.add(question.text, writer.ledger.question(question), role=Role.QUESTION)
        writer.asked = question.fact
