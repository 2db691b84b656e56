"""Where, what to bring, how long, how, how much, whom to ask: from the guides and the benefit's data."""

from __future__ import annotations

import re

from agent.compose.offline.audiences import for_others
from agent.compose.offline.draft import Writer
from agent.types import Intent, Role
from knowledge.types import Clause, Guide, GuideKind
from tools.benefit import Material
from tools.engine import bound
from tools.types import Facts

_LABEL = re.compile(
    r"^(在哪办|在哪报|带什么|送养人带|收养人带|几天|谁能申请|谁能提|谁能报|谁能打|谁能代办|谁能帮你|先做一件事|少跑路)："
)
_PAPER = re.compile(r"[一-鿿]{2,6}(?:证明|证|书|表|簿|本|记录|回执|病历)")
_TIME = re.compile(r"\d+\s*个?(工作日|天|日|小时|个月|月)|下个月|次月|几天|多久|当月")
_AT_ONCE = re.compile(r"再补材料|不看户口")
_MONEY = re.compile(r"多少钱|标准|元|倍|比例|全额|差额|公布|补差")
_UNPUBLISHED = re.compile(r"没有(公布|写|列出|印)")


def guide_of(writer: Writer, entry: str | None) -> Guide | None:
    """The guide of an entry, if there is one."""
    return writer.brief.rooms.library.guide(entry) if entry else None


def section(writer: Writer, guide: Guide, name: str) -> list[Clause]:
    """Paragraphs of a section, without those that are for other children."""
    return [clause for clause in guide.section(name) if not for_others(writer, clause)]


def labelled(guide: Guide, *labels: str) -> list[Clause]:
    """Paragraphs of 怎么办理 that begin with one of these labels, each with those that go on from it."""
    out: list[Clause] = []
    taking = False
    for clause in guide.section("怎么办理"):
        if found := _LABEL.match(clause.text):
            taking = found.group(1) in labels
        if taking:
            out.append(clause)
    return out


def begins_part(clause: Clause) -> bool:
    """Whether a paragraph is the one that a list begins with: 在哪办, 带什么, 几天."""
    found = _LABEL.match(clause.text)
    return found is not None and not found.group(1).startswith("谁能")


def where(writer: Writer, guide: Guide, most: int = 2) -> None:
    """在哪办."""
    found = labelled(guide, "在哪办", "在哪报") or list(guide.section("怎么办理"))[:1]
    for clause in found[:most]:
        writer.clause(clause)


def how_long(writer: Writer, guide: Guide, most: int = 3) -> None:
    """几天, and what else is counted in days."""
    found = [c for c in labelled(guide, "几天") if _TIME.search(c.text) or _LABEL.match(c.text)]
    found = found or [c for c in guide.section("怎么办理") if _TIME.search(c.text)]
    for clause in found[:most]:
        writer.clause(clause)


def materials(writer: Writer, guide: Guide, most: int = 5) -> None:
    """带什么: the guide's paragraph, then what this family's own case needs."""
    said = 0
    for clause in labelled(guide, "带什么", "送养人带", "收养人带")[:2]:
        said += writer.clause(clause)
    benefit = writer.brief.rooms.catalogue.benefits.get(guide.entry)
    for index, material in enumerate(benefit.apply.materials if benefit else ()):
        if said < most and material.when is not None and _holds(material, writer.brief.state.values):
            said += writer.said(guide.entry, f"materials.{index}", material.say, material.source)


def without_paper(writer: Writer, guide: Guide) -> bool:
    """没有死亡证明怎么办: what the benefit's file says to do without a paper that the question names."""
    benefit = writer.brief.rooms.catalogue.benefits.get(guide.entry)
    for index, material in enumerate(benefit.apply.materials if benefit else ()):
        words = _PAPER.findall(material.say)
        if material.if_missing and any(word[-4:] in writer.brief.text for word in words):
            return writer.said(
                guide.entry, f"missing.{index}", material.if_missing, material.source, Role.ANSWER
            )
    return False


def _holds(material: Material, facts: Facts) -> bool:
    when = material.when
    if when is None or when.fact not in facts:
        return when is None
    value = facts[when.fact]
    wanted = when.equals
    if wanted is not None:
        return value in (wanted if isinstance(wanted, tuple) else (wanted,))
    low, high = bound(when.at_least, {}), bound(when.below, {})
    return isinstance(value, int | float) and (low is None or value >= low) and (high is None or value < high)


def steps(writer: Writer, guide: Guide, most: int = 6) -> None:
    """怎么办: 在哪, 带什么, 谁能去, 几天, in the guide's order."""
    for clause in section(writer, guide, "怎么办理")[:most]:
        writer.clause(clause)


def amount(writer: Writer, guide: Guide) -> None:
    """How much, only as the documents print it; what they do not print is said to be missing."""
    gives = section(writer, guide, "给什么")
    if guide.kind is not GuideKind.BENEFIT and not any(_MONEY.search(c.text) for c in gives):
        for clause in gives[:2]:
            writer.clause(clause, Role.ANSWER)
        ask_whom(writer, guide, most=1)
        return
    unpublished = [c for c in gives if _UNPUBLISHED.search(c.text)]
    money = [c for c in gives if _MONEY.search(c.text) and c not in unpublished]
    for clause in unpublished[:1]:
        writer.clause(clause, Role.ANSWER)
    if not unpublished:
        unsaid = writer.brief.rooms.catalogue.benefits.get(guide.entry)
        if (unsaid and any(gift.not_published for gift in unsaid.gives)) or not money:
            writer.phrase("unknown.no_amount_topic", role=Role.ANSWER, name=guide.name)
            writer.phrase("unknown.no_amount_ask", role=Role.REFERRAL)
    for clause in money[:2]:
        writer.clause(clause, Role.NOTE if unpublished else Role.ANSWER)


def first_then_papers(guide: Guide) -> list[Clause]:
    """Where help is had at once, wherever one is registered, and before the papers are complete."""
    return [clause for clause in guide.section("怎么办理") if _AT_ONCE.search(clause.text)][:2]


def ask_whom(writer: Writer, guide: Guide, most: int = 2) -> None:
    """问谁."""
    for clause in guide.section("问谁")[:most]:
        writer.clause(clause, Role.REFERRAL)


def about(writer: Writer, guide: Guide, *, most: int = 4) -> None:
    """What it is: who may have it and what it gives."""
    whom, what = section(writer, guide, "谁可以"), section(writer, guide, "给什么")
    found = [*whom[:2], *what[:2]] or [clauses[0] for _, clauses in guide.sections]
    writer.clause(found[0], Role.ANSWER)
    for clause in found[1:most]:
        writer.clause(clause)


PARTS = {
    Intent.WHERE: (where, "lead.where"),
    Intent.MATERIALS: (materials, "lead.materials"),
    Intent.HOW_LONG: (how_long, "lead.how_long"),
    Intent.HOW_TO_APPLY: (steps, "lead.how_to_apply"),
}
"""What answers a question about how a benefit is had, and the words it begins with."""
