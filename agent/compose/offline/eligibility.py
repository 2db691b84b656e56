"""What the family may be entitled to, in words: verdicts, the reason, the lists, the one next question."""

from __future__ import annotations

from collections.abc import Sequence

from agent.compose.offline import choice, guides, stories, verdicts
from agent.compose.offline.choice_words import load_choice
from agent.compose.offline.draft import Writer
from agent.compose.offline.verdict_words import load_words, points_back
from agent.types import Role
from tools.benefit import Standing
from tools.types import Outcome, TraceStep, Truth, Verdict

_SERVICE_FACTS = frozenset(
    {"school_bullying", "guardian_dispute", "family_violence", "legal_matter", "child_unattended"}
    | {"parents_working_away", "harmed_by_guardian"}
)
_AGE = {"child_age", "child_age_months"}
"""Where nothing but these marks a benefit, any child of that age has it."""
_ELSEWHERE = 4
"""Names that one line of what else there is may hold."""
_SAYABLE = 22
"""Longest condition, in characters, that fits into 「对得上的地方」."""


def answer(writer: Writer, *, lists: bool = True, beside: bool = False) -> bool:
    """Say the verdicts that matter. False when no verdict has anything to do with what was told.

    Args:
        writer: of the answer.
        lists: where to go, what to bring and how long it takes are said too.
        beside: something else was answered: what does not fit is said only where it was named.
    """
    weighed = [v for v in verdicts.ranked(writer) if not verdicts.shut(writer, v)]
    close = [v for v in weighed if verdicts.relevance(writer, v) >= verdicts.CLOSE]
    named = set(writer.brief.understanding.topics) - choice.denied(writer)
    sure = [v for v in weighed if v.outcome in verdicts.SURE and (v in close or v.outcome is Outcome.LIKELY)]
    believed = [*named] if beside else [*named, *(v.benefit for v in close)]
    sure = [v for v in sure if v.benefit in believed or verdicts.guessed(writer, v) is None]
    open_ = [v for v in close if v.outcome in verdicts.OPEN]
    lead = next((v for v in weighed if v in sure or v in open_), None)
    nearer = lead is None or (lead.benefit not in named and _by_age_alone(writer, lead))
    looks = nearer and not beside and stories.say_where_to_look(writer, () if named else weighed)
    if looks and lead is not None and writer.listed:
        _lists(writer, writer.listed[-1], whole=False)
    failed = _denied(writer, close, lead, named, beside=beside)
    if failed and lead is None and not (looks or named or beside or writer.brief.before.listed):
        asking = writer.brief.work.precheck and writer.brief.work.precheck.next_question
        writer.phrase("verdict.nearest" if asking else "verdict.nothing_left")
    for verdict in failed:
        _unlikely(writer, verdict)
    if lead is not None:
        _lead(writer, lead, sure=lead in sure, lists=lists)
    again = set(writer.brief.before.listed) if named else set()
    _others(writer, [v for v in sure if v is not lead and v.benefit not in again and _is_due(writer, v)])
    for verdict in open_:
        if verdict is not lead and verdict.benefit in named:
            _open(writer, verdict)
    _brought_up(writer, open_)
    if lead is not None and not (beside or named) and load_choice().general.search(writer.brief.text):
        _also_open(writer, open_)
    news = lead is not None and lead.benefit not in writer.brief.before.listed
    if writer.checked and (news or (failed and not writer.brief.before.listed)):
        writer.phrase("verdict.decides", role=Role.NOTE)
    return bool(looks or (writer.checked and (lead or failed)))


def _by_age_alone(writer: Writer, verdict: Verdict) -> bool:
    """Whether any child of this age has it: what a family told of its trouble is looked at first."""
    benefit = writer.brief.rooms.catalogue.benefits[verdict.benefit]
    return set(benefit.hallmarks) <= _AGE


def _brought_up(writer: Writer, open_: Sequence[Verdict]) -> None:
    """The open benefit that this message brought up, behind one that stands since before."""
    news = next((v for v in open_ if v.benefit not in writer.listed and verdicts.fresh(writer, v)), None)
    if news is not None and not writer.checked:
        stories.say_back(writer)
        _open(writer, news)
        stories.say_what_decides(writer, news)
        _lists(writer, news.benefit, whole=False)
        writer.open = news


def _also_open(writer: Writer, open_: Sequence[Verdict]) -> None:
    """What else has to do with what was told, for who asks what there is."""
    rest = [v for v in open_ if v.benefit not in writer.listed and v.missing][:3]
    if rest:
        names = "、".join(f"「{v.name}」" for v in rest)
        writer.phrase("verdict.elsewhere", *(_id(writer, v) for v in rest), names=names)
        writer.listed += [v.benefit for v in rest]


def _denied(
    writer: Writer, close: list[Verdict], lead: Verdict | None, named: set[str], *, beside: bool
) -> list[Verdict]:
    """What does not fit and is said: what was named; else, where nothing fits, what comes nearest to it."""
    failed = [v for v in close if v.outcome is Outcome.UNLIKELY]
    unasked = verdicts.by_raising(writer) or [v for v in failed if not verdicts.too_old(writer, v)]
    nearest = max(unasked, key=lambda v: sum(s.truth is Truth.TRUE for s in v.trace), default=None)
    alone = lead is None and not (named or beside)
    said = [v for v in failed if v.benefit in named]
    if alone and nearest is not None and _worth_saying(writer, nearest):
        said.append(nearest)
    return [v for v in said if _is_due(writer, v)]


def _worth_saying(writer: Writer, nearest: Verdict) -> bool:
    """Whether an unasked no helps: the talk came to it, or a term that was told falls short (失联满6个月)."""
    return verdicts.spoken_of(writer, nearest) or _threshold_missed(writer, nearest) is not None


def _is_due(writer: Writer, verdict: Verdict) -> bool:
    """Whether a verdict is news, or asked for: the same block is not said again."""
    return verdicts.asked(writer, verdict) or not verdicts.stands(writer, verdict)


def _lead(writer: Writer, lead: Verdict, *, sure: bool, lists: bool) -> None:
    """The verdict that fits best; one that was said and stands is only kept in mind."""
    if not _is_due(writer, lead):
        writer.listed.append(lead.benefit)
        writer.topic = lead.benefit if sure else writer.topic or lead.benefit
        return
    if sure:
        _likely(writer, lead)
    else:
        stories.say_back(writer)
        _open(writer, lead)
        stories.say_what_decides(writer, lead)
    if lists:
        _lists(writer, lead.benefit, whole=sure)


def one(writer: Writer, entry: str) -> None:
    """The verdict of one entry, as an opening: 那护理补贴呢."""
    for verdict in verdicts.ranked(writer):
        if verdict.benefit != entry or verdicts.shut(writer, verdict):
            continue
        if verdict.outcome in verdicts.SURE:
            writer.phrase("verdict.likely", _id(writer, verdict), name=verdict.name)
        elif verdict.outcome is Outcome.UNLIKELY:
            _unlikely(writer, verdict)
        else:
            _open(writer, verdict)


def _likely(writer: Writer, verdict: Verdict) -> None:
    writer.listed.append(verdict.benefit)
    writer.topic = verdict.benefit
    other = next(
        (v for v in verdicts.ranked(writer) if v.outcome is Outcome.CHOICE and v is not verdict), None
    )
    if verdict.outcome is Outcome.CHOICE and other is not None:
        ids = (_id(writer, verdict), _id(writer, other))
        writer.phrase("verdict.choice_pair", *ids, first=verdict.name, second=other.name)
        writer.listed.append(other.benefit)
    else:
        writer.phrase("verdict.likely", _id(writer, verdict), name=verdict.name)
    if (reasons := _reasons(writer, verdict)) and not writer.brief.child_speaks:
        writer.phrase("verdict.because", _id(writer, verdict), role=Role.WHY, conditions="，".join(reasons))
    _guesses(writer, verdict)
    for note in verdict.notes[:2]:
        writer.add(note, _id(writer, verdict), role=Role.NOTE)


def _others(writer: Writer, sure: list[Verdict]) -> None:
    """What else is likely, in one line."""
    rest = [v for v in sure if v.benefit not in writer.listed][:3]
    if rest:
        names = "、".join(f"「{v.name}」" for v in rest)
        writer.phrase("verdict.also_likely", *(_id(writer, v) for v in rest), names=names)
        writer.listed += [v.benefit for v in rest]
        writer.topic = writer.topic or rest[0].benefit


def _open(writer: Writer, verdict: Verdict) -> None:
    """Not settled: the one missing fact, or that a few are missing; never a yes where districts only may."""
    id_ = _id(writer, verdict)
    if verdict.outcome is Outcome.DEPENDS_ON_DISTRICT or not verdict.missing:
        depends = verdict.outcome is Outcome.DEPENDS_ON_DISTRICT
        writer.phrase("verdict.depends" if depends else "verdict.unknown_office", id_, name=verdict.name)
        for note in verdict.notes[:1]:
            writer.add(note, id_, role=Role.NOTE)
    elif len(verdict.missing) == 1:
        label = writer.brief.rooms.catalogue.facts[verdict.missing[0]].label
        writer.phrase("verdict.unknown_offer", id_, name=verdict.name, missing=label)
    else:
        writer.phrase("verdict.unknown_more", id_, name=verdict.name)
    writer.listed.append(verdict.benefit)
    writer.topic = writer.topic or verdict.benefit


def _unlikely(writer: Writer, verdict: Verdict) -> None:
    id_ = _id(writer, verdict)
    if verdict.failed:
        failed = _threshold_missed(writer, verdict) or verdict.failed[0]
        writer.phrase("verdict.unlikely", id_, name=verdict.name, failed=failed)
    else:
        writer.phrase("verdict.unlikely_bare", id_, name=verdict.name)
    raising = verdicts.raising(writer)
    if raising is not None and verdict in verdicts.by_raising(writer):
        label = writer.brief.rooms.catalogue.facts[f"{raising}_state"].label
        writer.phrase("verdict.guess", role=Role.NOTE, label=label)
    for note in verdict.notes[:2]:
        if not _said(writer, note) and _is_theirs(writer, note):
            writer.add(note, id_, role=Role.NOTE)
    writer.phrase("verdict.unlikely_next", role=Role.NOTE)  # each time: no is never flat
    if verdict.benefit in writer.brief.understanding.topics:
        writer.topic = writer.topic or verdict.benefit
    writer.told |= {"where", "materials", "how_long", "amount"}


def _said(writer: Writer, text: str) -> bool:
    """Whether an earlier answer of this talk said this."""
    return any(text in one for one in writer.ours)


def _is_theirs(writer: Writer, note: str) -> bool:
    """Whether a note has to do with this family: 可以要抚养费 hurts where the mother raises the child."""
    words = load_words()
    if words.certificate_notes.search(note):
        return _may_lack_certificate(writer)
    if words.ungraded_notes.search(note):
        told = writer.brief.state.values
        return any(told.get(f"{one}_disability_level") == 0 for one in ("father", "mother"))
    if not words.left_notes.search(note):
        return True
    talk = "\n".join((*writer.told_before, writer.text))
    return bool(words.left.search(talk)) and not words.pays.search(talk)


def _may_lack_certificate(writer: Writer) -> bool:
    """Whether the child may have a disability without a certificate: 血友病 needs none, and 三级 has one."""
    told = writer.brief.state.values
    disabled = told.get("child_disability_kind") not in (None, "none")
    return disabled and not told.get("child_disability_certificate")


def _threshold_missed(writer: Writer, verdict: Verdict) -> str | None:
    """The figure that decided, such as 满6个月, where the family told one that falls short."""
    told = writer.brief.state.values
    for step in verdict.trace:
        if step.truth is not Truth.FALSE or len(step.facts) != 1:
            continue
        name, value = step.facts[0]
        if name.endswith(("_months", "_age", "_level")) and told.get(name) == value:
            return step.condition
    return None


def _lists(writer: Writer, entry: str, *, whole: bool) -> None:
    """带什么, 在哪, 几天 for the leading benefit: one line each; only 在哪 while it is still open."""
    guide = guides.guide_of(writer, entry)
    if guide is not None:
        guides.where(writer, guide, most=1)
    if guide is not None and whole and writer.staff:
        guides.materials(writer, guide, most=3)
        guides.how_long(writer, guide, most=1)
        writer.told |= {"materials", "how_long"}
    if guide is not None and whole:
        writer.told.add("where")


def services(writer: Writer) -> bool:
    """What helps with something just told that no benefit pays for: bullying, a quarrel over the child."""
    told = writer.brief.understanding.facts
    new = {f.name for f in told if f.certain and f.value not in (False, "none", "one")}
    precheck = writer.brief.work.precheck
    benefits = writer.brief.rooms.catalogue.benefits
    fitting = [
        (
            len(new & set(benefits[v.benefit].hallmarks) & _SERVICE_FACTS)
            / len(benefits[v.benefit].hallmarks),
            v,
        )
        for v in (precheck.verdicts if precheck else ())
        if benefits[v.benefit].standing is Standing.SERVICE
        and v.outcome is not Outcome.UNLIKELY
        and new & set(benefits[v.benefit].hallmarks) & _SERVICE_FACTS
    ]
    for _, verdict in sorted(fitting, key=lambda pair: -pair[0]):
        guide = guides.guide_of(writer, verdict.benefit)
        if guide is not None:
            first, *rest = [*guide.section("给什么")[:2], *guide.section("怎么办理")[:2]]
            writer.clause(first, Role.ANSWER)
            for clause in rest:
                writer.clause(clause)
            guides.ask_whom(writer, guide, most=1)
            writer.told |= {"where", "materials", "how_long", "amount", "refused"}
            return True
    return False


def _id(writer: Writer, verdict: Verdict) -> str:
    writer.checked = True
    return writer.ledger.verdict(verdict, writer.say(f"outcome.{verdict.outcome.value}"))


def _reasons(writer: Writer, verdict: Verdict) -> list[str]:
    """What was told and counts; sensitive facts are never repeated back (facts.md trap 16)."""
    book = writer.brief.rooms.catalogue.facts
    told = writer.brief.state.values
    out: dict[str, None] = {}
    used: set[str] = set()
    for step in verdict.trace:
        if step.truth is not Truth.TRUE or len(step.facts) != 1 or step.facts[0][0] in used:
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
            used.add(name)
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
    name = verdicts.guessed(writer, verdict)
    if name is not None:
        label = writer.brief.rooms.catalogue.facts[name].label
        writer.phrase("verdict.guess", role=Role.NOTE, label=label)


def otherwise(writer: Writer) -> bool:
    """What else may be looked at, where a verdict was said and the family asks on: names, in one line."""
    brief = writer.brief
    if brief.work.precheck is None or brief.understanding.topics or points_back(brief.text):
        return False
    anything = load_choice().general.search(brief.text) or load_words().otherwise.search(brief.text)
    found = {v.benefit: v for v in brief.work.precheck.verdicts}
    said = [v for v in found.values() if verdicts.stands(writer, v)]
    more = load_words().otherwise.search(brief.text) or any(v.outcome is Outcome.UNLIKELY for v in said)
    if not (anything and said and more):
        return False
    news = [v for v in verdicts.ranked(writer) if v.outcome in verdicts.SURE]
    if any(not verdicts.stands(writer, v) for v in news):
        return False
    names = [found[entry] for entry in verdicts.elsewhere(writer) if entry in found][:_ELSEWHERE]
    if not names:
        return False
    besides = load_words().besides.search(brief.text)
    if not besides and not stories.say_where_to_look(writer, verdicts.ranked(writer)):
        _still_open(writer)
    listed = "、".join(f"「{v.name}」" for v in names)
    writer.phrase("verdict.elsewhere", *(_id(writer, v) for v in names), names=listed)
    writer.phrase("verdict.elsewhere_next", role=Role.NOTE)
    writer.listed += [v.benefit for v in names]
    writer.topic = brief.before.topic
    return True


def _still_open(writer: Writer) -> None:
    """Before what else there is the benefit that the talk is about, and what it hangs on."""
    lead = verdicts.lead(writer)
    if lead is not None and lead.outcome in verdicts.OPEN and lead.missing and verdicts.stands(writer, lead):
        missing = next((name for name in lead.missing if name.endswith("_state")), lead.missing[0])
        label = writer.brief.rooms.catalogue.facts[missing].label
        writer.phrase("verdict.still_open", _id(writer, lead), name=lead.name, missing=label)
