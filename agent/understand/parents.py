"""What a message says of each parent: state, term, absence, disability."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from agent.types import SaidFact
from agent.understand.disability import read_disability
from agent.understand.kin import Subject
from agent.understand.lexicon import Lexicon, State
from agent.understand.talk import Segment
from tools import numerals

_BY_AUTHORITY = {"guardianship_revoked", "declared_missing", "unknown_person"}
"""The parent may stand in the middle: 法院撤销了她爸爸的监护权, 不知道孩子爸爸是谁."""
_WHO = re.compile(r"谁|哪|不详|未知|不明|不清")
"""她妈到死没讲孩子爹是谁: it is the father who is unknown."""
_PLANNED = re.compile(
    r"(?:去|到|找|请|向|要|能|可以|申请|怎么|想|等|再)[^，。]{0,6}宣告|宣告[^，。]{0,4}失踪[^，。]{0,8}(?:吗|吧|呢|多久|要|怎么|没用|有用|才)"
)
"""去法院宣告失踪要多久: what may be done, or is asked about, has not happened."""
_VISIT = re.compile(
    r"(?:去|到|进)[^，。]{0,8}(?:看|见|探)(?:看|望|一?下|一面|个面)?(?:他|她|孩子|娃|我)?的?(?:爸|妈|爹|娘|父|母)|探监|探视|探望"
)
"""能带他去牢里看他爸不 says where his father is of nobody else."""
_SENTENCED = re.compile(r"判|刑期|徒刑|戒毒|强戒")
_ON_PROBATION = re.compile(r"缓刑|(?<!死刑)(?<!死)缓期")
_FOREVER = re.compile(r"无期|死缓")
_TERM = {"imprisoned", "compulsory_detox", "restricted_freedom"}
_DOUBTFUL_STATE = re.compile(r"被抓|抓走|抓了|抓进去|是死是活|中风|脑梗|脑出血|脑溢血|痴呆|疯|傻|跑回")
_UNTOLD = re.compile(r"(?:不|没)(?:知道?|晓得|清楚|定|判|说)[^，。]{0,5}几")
"""还不知道判几年 tells no term."""
_REMAINING = re.compile(r"还(?:有|剩|要|差)")
_SINCE = ((re.compile("大前年"), 24), (re.compile("前年"), 12), (re.compile("去年"), 0))


@dataclass(frozen=True, slots=True)
class _Reading:
    state: str
    rank: int
    segment: Segment
    order: int
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class ParentsSaid:
    """Facts of both parents, and the parents whose state was said in words that can mean death or leaving."""

    facts: tuple[SaidFact, ...]
    ambiguous: tuple[tuple[str, str], ...]
    """(fact name, the words)."""


def read_parents(
    segments: Sequence[Segment], lexicon: Lexicon, *, month: int, speaker: Subject = Subject.SPEAKER
) -> ParentsSaid:
    """Facts of father and mother, in that order.

    `month` is the current month, for 去年; of the parent who is the `speaker` nobody doubts that one hears.
    """
    facts: list[SaidFact] = []
    ambiguous: list[tuple[str, str]] = []
    for parent in ("father", "mother"):
        about = [s for s in segments if parent in s.subject.parents and not s.hypothetical]
        others = any(s.subject.parents and parent not in s.subject.parents for s in segments)
        readings = [r for i, s in enumerate(about) for r in _states(s, i, lexicon)]
        chosen = _choose(readings, about, lexicon)
        if (gone := _gone(about, lexicon)) and (chosen is None or chosen.state in _CAUSES):
            chosen = gone
        if chosen is None or chosen.doubtful:
            chosen = _left(about, lexicon) or chosen
        if chosen is None:
            if words := _ambiguous(about, lexicon):
                ambiguous.append((f"{parent}_state", words))
            elif release := next((s for s in about if lexicon.released.search(s.text)), None):
                facts.append(SaidFact(f"{parent}_state", "able", release.text, certain=False))
        else:
            certain = not chosen.segment.doubtful and not _DOUBTFUL_STATE.search(chosen.segment.text)
            near = parent == speaker.value or any(_LIVES_WITH[parent].search(s.clause) for s in segments)
            certain = certain and (near or not chosen.doubtful)
            facts.append(SaidFact(f"{parent}_state", chosen.state, chosen.segment.text, certain=certain))
            facts += _stretch(parent, chosen, about, month) or _unseen(parent, chosen, segments)
        facts += _disability(parent, about, lexicon, chosen)
        facts += _search(parent, _seeking(parent, about, segments, alone=not others), lexicon)
    return ParentsSaid(_of_the_sought(facts), tuple(ambiguous))


def _of_the_sought(facts: Sequence[SaidFact]) -> tuple[SaidFact, ...]:
    """Without a search for the one whose whereabouts are known: 他爸坐牢四年他妈失联三年报过警."""
    states = {fact.name.partition("_")[0]: fact.value for fact in facts if fact.name.endswith("_state")}
    sought = "out_of_contact" in states.values()
    return tuple(
        fact
        for fact in facts
        if not (
            sought
            and fact.name.endswith("_search_reported")
            and states.get(fact.name.partition("_")[0], "out_of_contact") != "out_of_contact"
        )
    )


def _states(segment: Segment, order: int, lexicon: Lexicon) -> list[_Reading]:
    if lexicon.past.search(segment.text) and not re.search(r"现在|至今|还", segment.text):
        return []
    if _VISIT.search(segment.clause):
        return []
    out = [
        _Reading(state.state, state.rank, segment, order, state.doubtful)
        for state in lexicon.states
        if _says(state, segment.clause if state.state in _BY_AUTHORITY else segment.text, lexicon)
        and not (state.state == "declared_missing" and _PLANNED.search(segment.clause))
        and (state.state != "unknown_person" or _WHO.search(segment.text))
    ]
    if lexicon.ambiguous_means_left.search(segment.text):
        out.append(_Reading("out_of_contact", 60, segment, order))
    return out


def _says(state: State, text: str, lexicon: Lexicon) -> bool:
    found = state.pattern.search(text)
    if found is None or (state.unless and state.unless.search(text)):
        return False
    return state.state == "able" or not lexicon.negation.search(text[: found.start()])


def _choose(readings: list[_Reading], about: list[Segment], lexicon: Lexicon) -> _Reading | None:
    if not readings:
        return None
    best = max(readings, key=lambda r: (r.rank, r.order))
    over = [r for r in readings if r.state == "able" and r.order >= best.order]
    if best.state == "imprisoned" and over and _ON_PROBATION.search(over[-1].segment.text):
        return over[-1]  # 被判了，缓刑: who is on probation is at home
    if best.state != "dead" and over and lexicon.released.search(over[-1].segment.text):
        return over[-1]
    return best


_LIVES_WITH = {
    "father": re.compile(
        r"(?:跟着?|随|由)(?:他|她|我|孩子)?的?(?:爸|父|爹)(?!妈)(?!母)(?!娘)(?![^，。]{0,3}(?:离|吵))"
    ),
    "mother": re.compile(r"(?:跟着?|随|由)(?:他|她|我|孩子)?的?(?:妈|母|娘)(?![^，。]{0,3}(?:离|吵))"),
}
"""爸妈离婚了，我跟我妈: of her one hears."""
_CAUSES = frozenset({"seriously_ill", "able"})
_CAUSE = re.compile(
    r"癌|瘤|[肝肺肾心血]病|心脏病|生病走|病死|急病|白血|尿毒|肝硬化|心梗|脑梗|脑溢血|脑出血|大出血|难产|车祸|工伤|事故|淹|溺|触电|煤气|抢救|上坟|坟|清明|忌日|骨灰|头七|下葬|火化|抚恤|(?:保险|工地|厂里|对方|矿上)[^，]{0,3}赔|赔偿[款金]"
)
"""Beside 走了 it tells of a death: 去年走的，肝癌."""


def _gone(about: list[Segment], lexicon: Lexicon) -> _Reading | None:
    if not _CAUSE.search("，".join(s.clause for s in about)):
        return None
    for order, segment in enumerate(about):
        if re.search(r"走[了的掉咯啦]|去了(?=$|，)|不在了", segment.text) and not (
            lexicon.ambiguous_unless.search(segment.text)
            or re.search(r"走路|走不|走了之|带走|跑", segment.text)
        ):
            return _Reading("dead", 90, segment, order)
    return None


def _left(about: list[Segment], lexicon: Lexicon) -> _Reading | None:
    """媳妇不要孩子，走了七年: what stands beside 走了 tells that she left."""
    if not lexicon.left_beside.search("，".join(s.clause for s in about)):
        return None
    for order, segment in enumerate(about):
        if lexicon.parent_ambiguous.search(segment.text) and not lexicon.ambiguous_unless.search(
            segment.text
        ):
            return _Reading("out_of_contact", 60, segment, order)
    return None


def _ambiguous(about: list[Segment], lexicon: Lexicon) -> str | None:
    for segment in about:
        if lexicon.parent_ambiguous.search(segment.text) and not lexicon.ambiguous_unless.search(
            segment.text
        ):
            return segment.text
        if re.search(r"^没(有)?(爸|妈|爹|娘|父|母)", segment.clause) and len(segment.clause) < 8:
            return segment.clause
    return None


def stretches(
    facts: Sequence[SaidFact], segments: Sequence[Segment], known: Collection[str], *, month: int
) -> Iterator[SaidFact]:
    """How long, beside a state that no pattern read: 他妈要坐两年零六个月, 儿子九年牢."""
    for fact in facts:
        parent, _, part = fact.name.partition("_")
        if part != "state" or not isinstance(fact.value, str):
            continue
        about = [s for s in segments if parent in s.subject.parents and not (s.hypothetical or s.asks)]
        if about:
            chosen = _Reading(fact.value, 0, about[0], 0)
            yield from (one for one in _stretch(parent, chosen, about, month) if one.name not in known)


def _sentence_first(chosen: _Reading, about: list[Segment]) -> list[Segment]:
    """判了三年八个月，进去一年了: of a term the sentence stands before what has been served."""
    told = [chosen.segment, *about[chosen.order + 1 :], *about[: chosen.order]]
    if chosen.state not in _TERM:
        return told
    return sorted(told, key=lambda one: not (_SENTENCED.search(one.text) and numerals.months(one.text)))


def _stretch(parent: str, chosen: _Reading, about: list[Segment], month: int) -> list[SaidFact]:
    """Term or absence in months, from the segment of the state or from the ones after it."""
    if chosen.state in _TERM:
        name = f"{parent}_term_months"
    elif chosen.state == "out_of_contact":
        name = f"{parent}_absent_months"
    else:
        return []
    for segment in _sentence_first(chosen, about):
        if chosen.state in _TERM and _FOREVER.search(segment.text):
            return [SaidFact(name, 600, segment.text, certain=False)]
        amount = numerals.months(segment.text)
        if amount is None and chosen.state == "out_of_contact":
            amount = _since(segment.text, month)
        if _UNTOLD.search(segment.text):
            continue
        if amount is not None and _no_stretch(segment, amount):
            continue
        if amount is None or (
            segment is not chosen.segment and re.search(r"岁|离婚|认识|结婚", segment.text)
        ):
            continue
        certain = amount.certain and not segment.doubtful
        if name.endswith("term_months"):
            if not re.search(r"判|刑|年|月|戒|关|拘|蹲|坐|里|期", segment.text):
                continue
            alone = len(segment.text) <= len(amount.span) + 1
            sentenced = _SENTENCED.search(chosen.segment.text if alone else segment.text)
            if not sentenced or _REMAINING.search(segment.text):
                certain = False  # 关了三年, 还有两年: not the whole term, but at least so long
        return [SaidFact(name, amount.value, amount.span, certain=certain)]
    return []


_NOT_YET = re.compile(r"不满|未满|不足|(?:估计|可能|大概)[^，。]{0,2}要")


def _no_stretch(segment: Segment, amount: numerals.Amount) -> bool:
    """Whether a span tells nothing of how long: 宣告失踪要几年才行, 不满半年."""
    return (segment.asks and "几" in amount.span) or bool(_NOT_YET.search(segment.text))


_UNSEEN = re.compile(r"没(?:有)?(?:再)?(?:见|联系|消息|音|露面|看到|碰)|(?:见|找|联系)不(?:到|着|上)")


def _unseen(parent: str, chosen: _Reading, segments: Sequence[Segment]) -> list[SaidFact]:
    """她爹躲起来了，家里人三年多没见着: how long, said of those who did not see him."""
    if chosen.state != "out_of_contact":
        return []
    ours = (Subject.HOUSEHOLD, Subject.SPEAKER, Subject.CHILD, Subject.GRANDPARENT)
    for segment in segments:
        if segment.subject in ours and not segment.asks and _UNSEEN.search(segment.text):
            amount = numerals.months(segment.text)
            if amount is not None:
                return [
                    SaidFact(f"{parent}_absent_months", amount.value, amount.span, certain=amount.certain)
                ]
    return []


def _since(text: str, month: int) -> numerals.Amount | None:
    """At least how long ago 去年 is: the months since its end."""
    for pattern, more in _SINCE:
        if found := pattern.search(text):
            return numerals.Amount(month + more, False, found.group())
    return None


def _disability(
    parent: str, about: list[Segment], lexicon: Lexicon, chosen: _Reading | None
) -> list[SaidFact]:
    if chosen is not None and chosen.state in ("dead", "unknown_person"):
        return []
    text = "，".join(s.text for s in about)
    said = read_disability(text, lexicon)
    doubtful = any(s.doubtful for s in about if "级" in s.text or "残" in s.text)
    out = []
    if said.kind is not None:
        out.append(
            SaidFact(f"{parent}_disability_kind", said.kind, said.span, certain=said.certain and not doubtful)
        )
    level = 0 if said.level is None and said.certificate is False and not doubtful else said.level
    if level is not None and (said.kind != "none"):
        out.append(SaidFact(f"{parent}_disability_level", level, said.span, certain=not doubtful))
    return out


_NAMED = {"father": re.compile(r"爸|爹|父亲|老公|丈夫"), "mother": re.compile(r"妈|娘|母亲|老婆|妻子|媳妇")}


def _seeking(
    parent: str, about: list[Segment], segments: Sequence[Segment], *, alone: bool
) -> Sequence[Segment]:
    """Where a search may be told of: 派出所在找他妈 names the parent who is looked for."""
    if about and alone:
        return segments
    named = [s for s in segments if not s.hypothetical and _NAMED[parent].search(s.clause)]
    other = "mother" if parent == "father" else "father"
    if not about and named and alone and not any(_NAMED[other].search(s.clause) for s in segments):
        return segments  # 报案回执我还留着呢，找她妈的
    return about or named


_FOUND = re.compile(r"[找查][^，。]{0,6}(?:爹娘|父母|爸妈|爹妈)|吵架|打人|打孩子|殴打|家暴")


def _search(parent: str, about: Sequence[Segment], lexicon: Lexicon) -> list[SaidFact]:
    said = lexicon.data.simple["search_reported"]
    for segment in about:
        if segment.asks or _FOUND.search(segment.clause) or "捡" in segment.clause:
            continue
        if re.search(said.denied, segment.clause):
            return [SaidFact(f"{parent}_search_reported", False, segment.clause)]
        if re.search(said.affirmed, segment.clause):
            return [SaidFact(f"{parent}_search_reported", True, segment.clause, certain=not segment.doubtful)]
    return []
