"""One answer against one question: what is missing, what may not stand there, what is not cited."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.answers.questions import AnswerQuestion, ForbiddenClaim
from eval.answers.text import figures, normal
from knowledge.sources import Registry

_MONEY = re.compile(r"(?<![\d.])\d+(?:\.\d+)?万?元")
_PUBLISHED = {"10000元", "2400元", "3600元", "300元"}
"""The only sums that a document or report prints (facts.md section 4 no. 20, B36)."""
_REFUSAL = re.compile(
    r"目前看不符合|您?家?不符合(?!低保条件)|不能领|不可以领|没有资格|不能申请|领不了|申请不了"
)
_NEXT_STEP = re.compile(
    r"问|打\d{5}|可以(?:再|先|去|向|申请|请|找|看)|再看|看看|接着看|另有|申请|先去|找(?:村|社区|学校|班主任)"
)
_LINES = re.compile(r"110|120|12356|12338|12355")
_PLACES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州"
    "|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆|南昌|楚雄|全椒|罗庄"
)
_OTHER_PLACE = re.compile(f"(?:{_PLACES})(?:省|市)?(?:的?(?:规定|标准|政策|办法)|每月|是每)")


@dataclass(frozen=True, slots=True)
class Said:
    """One released sentence and the clauses under it, as `document_id#clause`."""

    text: str
    citations: tuple[str, ...] = ()
    fixed: bool = False
    """A question, a telephone line or the family's own words: no claim of policy."""


@dataclass(frozen=True, slots=True)
class Answer:
    """All that the family got after its last message."""

    sentences: tuple[Said, ...]
    card: str = ""
    """Words of the card, when danger was seen: it is the whole answer and cites nothing."""
    verdicts: Mapping[str, str] | None = None
    error: str = ""

    @property
    def text(self) -> str:
        """Card and sentences."""
        return "\n".join([*([self.card] if self.card else []), *(said.text for said in self.sentences)])

    @property
    def citations(self) -> frozenset[str]:
        """All that is cited."""
        return frozenset(one for said in self.sentences for one in said.citations)


@dataclass(frozen=True, slots=True)
class Judged:
    """What is wrong with one answer; all empty: it passes whole."""

    question: AnswerQuestion
    answer: Answer
    missing: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    uncited: tuple[str, ...] = ()
    """Clause groups of which none is cited."""
    bare_figures: tuple[str, ...] = ()
    """Sentences with a figure and no clause."""
    wrong_verdicts: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether it passes whole."""
        return not (
            self.answer.error
            or self.missing
            or self.forbidden
            or self.uncited
            or self.bare_figures
            or self.wrong_verdicts
        )


def judge(
    question: AnswerQuestion, answer: Answer, claims: Sequence[ForbiddenClaim], registry: Registry
) -> Judged:
    """Judge the answer to the last message of the talk."""
    if answer.error:
        return Judged(question, answer)
    text, told = normal(answer.text), normal("".join(question.talk))
    forbidden = tuple(_forbidden(question, claims, text, told))
    if answer.card and not answer.sentences:
        right = question.card == "may" and _LINES.search(text)
        return Judged(question, answer, () if right else ("an answer: a danger card came",), forbidden)
    return Judged(
        question,
        answer,
        missing=tuple(one.pattern for one in question.must if not one.search(text)),
        forbidden=forbidden,
        uncited=_uncited(question, answer, registry),
        bare_figures=tuple(
            said.text for said in answer.sentences if not (said.citations or said.fixed) and _new(said, told)
        ),
        wrong_verdicts=_wrong_verdicts(question, answer),
    )


def _forbidden(question: AnswerQuestion, claims: Sequence[ForbiddenClaim], text: str, told: str) -> list[str]:
    found = [hit.group() for one in question.must_not if (hit := one.search(text))]
    for claim in claims:
        hit = claim.pattern.search(text)
        if hit and not (claim.unless and claim.unless.search(told + text)):
            found.append(f"{claim.name}: {hit.group()}")
    sums = {one for one in _MONEY.findall(text) if one not in _PUBLISHED and one not in told}
    found += [f"a sum that is not published: {one}" for one in sorted(sums)]
    if _REFUSAL.search(text) and not _NEXT_STEP.search(text):
        found.append("a flat no")
    if (hit := _OTHER_PLACE.search(text)) and hit.group()[:2] not in told:
        found.append(f"another place's rule: {hit.group()}")
    return found


def _new(said: Said, told: str) -> bool:
    return any(figure not in told for figure in figures(said.text))


def _uncited(question: AnswerQuestion, answer: Answer, registry: Registry) -> tuple[str, ...]:
    return tuple(
        "|".join(group)
        for group in question.cites
        if not any(cited(one, answer.citations, registry) for one in group)
    )


def cited(reference: str, found: frozenset[str], registry: Registry) -> bool:
    """Whether a clause, a part of it, or the whole that it is part of, is among those found."""
    return any(_fits(have, want) for want in wanted(reference, registry) for have in found)


@functools.lru_cache(maxsize=4096)
def wanted(reference: str, registry: Registry) -> tuple[str, ...]:
    """`document_id#clause`; a shared beginning of several titles, such as 育儿补贴, stands for all."""
    if registry.lookup(reference) is not None:
        citation = registry.cite(reference)
        return (f"{citation.document_id}#{citation.clause}" if citation.clause else citation.document_id,)
    named = [s.id for s in registry.sources.values() if (s.short or s.title).startswith(reference)]
    if not named:
        registry.cite(reference)
    return tuple(named)


def _fits(found: str, want: str) -> bool:
    if "#" not in want:
        return found.partition("#")[0] == want
    return found.startswith(want) or want.startswith(f"{found}第") or want.startswith(f"{found}(")


def _wrong_verdicts(question: AnswerQuestion, answer: Answer) -> tuple[str, ...]:
    shown = answer.verdicts or {}
    return tuple(
        f"{entry} is {shown.get(entry, 'not shown')}, expected {' or '.join(outcomes)}"
        for entry, outcomes in question.verdict.items()
        if shown.get(entry) not in outcomes
    )
