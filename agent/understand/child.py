"""What a message says of the child: age, school, disability, illness, where it lives and who cares for it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from agent.types import ConversationState, SaidFact
from agent.understand import numerals
from agent.understand.disability import read_disability
from agent.understand.frames import load_frames
from agent.understand.lexicon import Lexicon
from agent.understand.talk import ELSEWHOSE, Family, Segment, Subject

_CHILD = (Subject.CHILD, Subject.NOBODY)
_OTHER_CHILD = re.compile(r"弟弟|妹妹|哥哥|姐姐|小的|老二|老三|二宝|二胎")
_MONTHS_OLD = re.compile(
    r"个(半)?多?月(大|的(孩子|娃|宝宝))|(才|刚满?|满|只有|还不到)\S{0,3}个(半)?月|个月(大)?$"
)
_BARE_AGE = re.compile(
    r"^(今年|现在|才|快|刚满?|虚岁|周岁|孩子|娃|都)?(1?[0-9]|十?[一二两三四五六七八九十])(个)?(多)?(周岁|虚岁|岁|$|了$)"
)
_CARERS = re.compile(
    r"(?:(?P<grand>爷爷|奶奶|外公|外婆|姥姥|姥爷|阿婆|老人)|(?P<relative>姑姑?|舅舅?|姨妈?|叔叔?|大伯|伯伯|哥哥|姐姐)"
    r"|邻居|朋友|同事)[^，。不没能想愿肯可有靠瘫穷病要争抢打]{0,5}(?:带(?!走|不|得)|养(?!不|得|老)|照顾|照看|照料|看着|拉扯|管着)"
)
_OTHER_PAPERS = re.compile(r"低保|低边|特困|缓学|休学|孤儿|居住|结婚|离婚|出生|收养|户口|身份|缓")
_NO_GUESS = re.compile(
    r"弟弟|妹妹|哥哥|姐姐|小的|老二|老三|二宝|二胎|大学|本科|大专|研|职高|中专|技校|技师|特殊|特校|培智|聋|盲|高职"
)
"""读本科三年级 is no third-former."""
_KIN = frozenset(
    {Subject.FATHER, Subject.MOTHER, Subject.BOTH, Subject.RELATIVE, Subject.GRANDPARENT, Subject.HOUSEHOLD}
)
_LEFT_WITH_AGE = re.compile(r"(留下|扔下|丢下|撇下|抛下|丢给|扔给)[^，]{0,5}岁")
_NAMED_AGE = re.compile(
    r"(?:孩子|娃娃?|小孩|女儿|儿子|闺女|囡囡?|孙[子女儿]|外孙女?|外甥女?|侄[子女儿]|小伙子|丫头|男孩|女孩|[他她]|大的|小的)"
    r"(?:今年|现在|如今|才|刚满?|都|已经|也|马上|就要|下个月|年底)*(?P<near>快要?|虚岁)?(?:满|到)?"
    rf"(?P<age>{numerals.NUMBER})(?:周)?(?:了|啦|$)(?!个|年|月|天|级|万|千|百|次|点|口|元|块)"
)
_HALF_YEAR = re.compile(r"(?:才|刚|满|快|已经)?半(?:周)?岁|(?:出生|生下来|才|刚满?)半年(?:大|$)")
_OF_POLICY = re.compile(r"放宽|规定|政策|文件")
_ONLY_NUMBER = re.compile(numerals.NUMBER)
_SOMEBODY = re.compile(r"孩|娃|儿子|女|孙|妈|爸|爹|娘|他|她|外甥|侄|弟|妹|囡|宝|岁")
_NO_MONTHS = re.compile(
    r"[发断停领拿补拖欠钱费花]|打工|判|关|刑|戒|联系|失联|走|工资|住院|申请|交|等|消息|分手|离婚|前|后|怀孕|每|收入"
)


def read_child(
    segments: Sequence[Segment], lexicon: Lexicon, family: Family, today: dt.date
) -> Iterator[SaidFact]:
    """Facts of the child, each at most once, in reading order."""
    child_is_speaker = family.speaker is Subject.CHILD
    about = [
        s
        for s in segments
        if not s.hypothetical
        and not ELSEWHOSE.search(s.clause)
        and (s.subject in _CHILD or (child_is_speaker and s.subject is Subject.SPEAKER))
    ]
    yield from _age([s for s in segments if not s.hypothetical and _may_be_age(s, about)], today)
    yield from _school(about, lexicon)
    yield from _disability(about, lexicon)
    others = any(s.subject not in _CHILD for s in segments)
    yield from _illness(about, lexicon, others=others)
    yield from _carer(segments, lexicon, family)


def other_child(text: str, state: ConversationState, lexicon: Lexicon) -> str | None:
    """The child that a message turns to, if it is not the one the facts are about: 那她弟弟呢."""
    if state.aside and lexicon.first_child.search(text):
        return state.aside[0].child
    found = lexicon.other_child.search(text)
    if found is None or not any(fact.name.startswith("child_") for fact in state.facts):
        return None
    return str(found.group("who") or found.group("alone"))


def _may_be_age(segment: Segment, about: list[Segment]) -> bool:
    """他妈没了，十岁: a bare age after words about a parent is the child's."""
    return (
        segment in about
        or bool(_LEFT_WITH_AGE.search(segment.text))
        or (segment.subject in _KIN and bool(_BARE_AGE.match(segment.text)))
    )


def _age(about: list[Segment], today: dt.date) -> Iterator[SaidFact]:
    of_somebody = any(_SOMEBODY.search(segment.clause) for segment in about)
    for segment in about:
        if segment.asks and _LIMIT.search(segment.clause):
            continue
        if _OTHER_CHILD.search(segment.text) and not _OTHER_CHILD.search(about[0].text):
            continue
        if _OF_POLICY.search(segment.clause) or (_ONLY_NUMBER.fullmatch(segment.text) and not of_somebody):
            continue
        if found := _aged(segment, today):
            yield from found
            return
    for segment in about:
        if (guess := numerals.age_from_grade(segment.text)) and not _NO_GUESS.search(segment.text):
            yield SaidFact("child_age", guess.value, guess.span, certain=False)
            return


_LIMIT = re.compile(
    r"几岁|多少岁|到\S{0,3}岁|满18|18岁以|十八岁(以|之)|岁(以上|以下|以后|之?前)"
    r"|[满到过][^，。]{1,4}岁(了)?(就|以后|之后|还|才|能)"
)
"""Where a question's age is a limit, not somebody's."""


def _aged(segment: Segment, today: dt.date) -> list[SaidFact]:
    """Age in years, and in months for a baby."""
    sure = not _guess(segment)
    if (found := numerals.age(segment.text, today.year)) and found[0].value <= _OLDEST:
        amount, months = found
        if months is None and amount.value < _BABY and "个月" in segment.text:
            baby = numerals.age_in_months(segment.text)
            months = baby.value if baby else None
        years = SaidFact("child_age", amount.value, amount.span, certain=amount.certain and sure)
        if months is None:
            return [years]
        return [years, SaidFact("child_age_months", months, amount.span, certain=amount.certain)]
    if named := _named_age(segment.text):
        return [named]
    if half := _HALF_YEAR.search(segment.text):
        return _baby(6, half.group(), sure=sure)
    if not _MONTHS_OLD.search(segment.text) or _NO_MONTHS.search(segment.text):
        return []
    old = numerals.age_in_months(segment.text)
    return _baby(old.value, old.span, sure=sure) if old and old.value < _BABY * 12 else []


def _baby(months: int, span: str, *, sure: bool) -> list[SaidFact]:
    return [
        SaidFact("child_age", months // 12, span, certain=sure),
        SaidFact("child_age_months", months, span, certain=sure),
    ]


def _named_age(text: str) -> SaidFact | None:
    """孩子十二, 她快十七了: an age without 岁, right after whose it is."""
    found = _NAMED_AGE.search(text)
    value = numerals.number(found["age"]) if found else None
    if found is None or value is None or not 0 < value < _GROWN:
        return None
    return SaidFact("child_age", value - bool(found["near"]), found.group(), certain=not found["near"])


_BABY, _GROWN, _OLDEST = 4, 26, 30


def _guess(segment: Segment) -> bool:
    return segment.doubtful and bool(re.search(r"好像|可能|听说|记不|估计|大概|大约|应该", segment.text))


def _school(about: list[Segment], lexicon: Lexicon) -> Iterator[SaidFact]:
    for segment in about:
        if segment.asks and not re.search(r"上|读|念", segment.clause):
            continue
        if re.search(
            r"(想|要|能不能|可以|怎么|明年|以后|将来|准备|该)[^，。]{0,4}(上|读|去|进|入)|上不了",
            segment.text,
        ):
            continue
        for stage in lexicon.data.school_stages:
            found = re.search(stage.pattern, segment.text)
            if found and not (
                stage.value != "not_yet" and lexicon.negation.search(segment.text[: found.start()])
            ):
                yield SaidFact("school_stage", stage.value, segment.text, certain=not segment.doubtful)
                return


def _disability(about: list[Segment], lexicon: Lexicon) -> Iterator[SaidFact]:
    plain = [
        s
        for s in about
        if not (
            s.asks and re.search(r"几级|什么|哪|怎么|多少|重残|要不要|补", s.clause) and "级" not in s.text
        )
    ]
    certificate_asked = [
        s for s in plain if s.asks and re.search(r"证[^，。]{0,6}(要|吗|怎么|行|必须|一定)", s.clause)
    ]
    text = "，".join(s.text for s in plain if s not in certificate_asked)
    said = read_disability(text, lexicon)
    doubtful = any(s.doubtful for s in plain if re.search(r"残|级|证|智力|精神", s.text))
    certain = said.certain and not doubtful
    if said.kind is not None:
        yield SaidFact("child_disability_kind", said.kind, said.span, certain=certain)
    if said.level is not None and said.kind != "none":
        yield SaidFact("child_disability_level", said.level, said.span, certain=not doubtful)
    other = _OTHER_PAPERS.search(text) and "残" not in text
    if said.certificate is not None and said.kind != "none" and not other:
        yield SaidFact("child_disability_certificate", said.certificate, said.span, certain=not doubtful)


def _illness(about: list[Segment], lexicon: Lexicon, *, others: bool) -> Iterator[SaidFact]:
    checks = (
        ("child_autism", lexicon.autism),
        ("child_serious_illness", lexicon.serious_illness),
        ("child_rare_disease", lexicon.rare_disease),
        ("child_hiv", lexicon.hiv),
    )
    for name, pattern in checks:
        for segment in about:
            found = pattern.search(segment.text)
            if not found or (
                segment.asks and re.search(r"什么是|是什么|哪些|政策|规定|算不算", segment.clause)
            ):
                continue
            if name == "child_serious_illness" and segment.subject is Subject.NOBODY and others:
                continue  # a disease with nobody named is then as likely a parent's
            if re.search(r"是不是(得了|有)?$", segment.text[: found.start()]):
                continue
            no = (
                lexicon.negation.search(segment.text[: found.start()])
                or re.search(r"不是$|没$|排除(了|掉)?$", segment.text[: found.start()])
                or re.match(r"[^，。]{0,4}(阴性|排除|没有$|没感染|没传|没关系)", segment.text[found.end() :])
            )
            yield SaidFact(name, not no, segment.text, certain=not segment.doubtful)
            break
        else:
            if name == "child_serious_illness":
                for segment in about:
                    if lexicon.illness_negation.search(segment.text) and not segment.asks:
                        if not re.search(r"罕见|艾滋|HIV|自闭|孤独", segment.text):
                            yield SaidFact(name, False, segment.text)
                        break


def _carer(segments: Sequence[Segment], lexicon: Lexicon, family: Family) -> Iterator[SaidFact]:
    who = {
        Subject.GRANDPARENT: "grandparent",
        Subject.RELATIVE: "relative",
        Subject.OTHER: "other",
        Subject.FATHER: "parent",
        Subject.MOTHER: "parent",
    }
    for segment in segments:
        if segment.hypothetical or _no_care(segment.clause):
            continue
        if re.search(r"(福利院|孤儿院)(在|里)?(养|带|抚养)", segment.text) and not segment.asks:
            yield SaidFact("carer", "institution", segment.text)
            return
        if match := re.search(
            r"跟(?:着)?(?:他|她)?(爷爷|奶奶|外公|外婆|姥姥|姥爷|阿婆|[大小二三]?(?:姑|舅|姨|叔|伯))",
            segment.text,
        ):
            grand = not re.match(r"[大小二三]?(姑|舅|姨|叔|伯)", match.group(1))
            yield SaidFact("carer", "grandparent" if grand else "relative", segment.text)
            return
        if match := _CARERS.search(segment.text):
            kin = "relative" if match.group("relative") else "other"
            carer = "grandparent" if match.group("grand") else kin
            yield SaidFact("carer", carer, segment.text)
            return
        if not lexicon.care_verbs.search(segment.text) or re.search(
            r"不(管|带|养|照顾)|没(管|带|养)|改嫁|带走|能养|可以养|同学|老师|社工", segment.text
        ):
            continue
        if (
            segment.subject in (Subject.SPEAKER, Subject.MOTHER, Subject.FATHER)
            and family.carer
            and _by_speaker(segment)
        ):
            yield SaidFact("carer", family.carer, segment.text)
            return
        if segment.subject in (Subject.GRANDPARENT, Subject.RELATIVE, Subject.OTHER):
            yield SaidFact("carer", who[segment.subject], segment.text)
            return
        if (
            segment.subject is Subject.CHILD
            and family.carer
            and re.search(r"(跟着?|归|住在?|放在?|在|靠|由|给)(我|我们|俺)", segment.text)
        ):
            yield SaidFact("carer", family.carer, segment.text)
            return


def _no_care(clause: str) -> bool:
    """养不动, 抢着要养, 养母打她: whether somebody could, wants or does harm, not who does."""
    frames = load_frames()
    names = ("other_supporter_able", "guardian_dispute", "harmed_by_guardian", "child_adopted")
    return any(frames.value(name, clause) is not None for name in names)


def _by_speaker(segment: Segment) -> bool:
    return bool(re.search(r"我|俺|咱", segment.text)) or segment.subject is Subject.SPEAKER
