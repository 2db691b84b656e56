"""What a message says of the child: age, school, disability, illness, where it lives and who cares for it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from agent.types import ConversationState, SaidFact
from agent.understand.ages import own_age, read_age
from agent.understand.disability import read_disability
from agent.understand.frames import load_frames
from agent.understand.kin import ALONE_WITH, BY_MY_PARENTS, CAME_TO_ME, NOW, Family, Subject
from agent.understand.lexicon import Lexicon
from agent.understand.siblings import ORDINALS
from agent.understand.talk import SOME_RELATIVE, Segment
from agent.understand.whose import ELSEWHOSE

_CHILD = (Subject.CHILD, Subject.NOBODY)
_CARERS = re.compile(
    r"(?:(?P<grand>爷爷|奶奶|外公|外婆|姥姥|姥爷|阿婆|老人)|(?P<relative>姑姑?|舅舅?|姨妈?|叔叔?|大伯|伯伯|哥哥|姐姐)"
    r"|邻居|朋友|同事)[^，。不没能想愿肯可有靠瘫穷病要争抢打]{0,5}(?:带(?!走|不|得)|养(?!不|得|老)|照顾|照看|照料|看着|拉扯|管着)"
)
_OTHER_PAPERS = re.compile(
    r"低保|低边|特困|缓学|休学|孤儿|居住|结婚|离婚|出生|收养|抱养|领养|过继|户口|身份|缓"
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
    # 我今年29, said by who looks after the child, is no age of the child.
    aged = [s for s in about if child_is_speaker or own_age(s.clause) is None]
    yield from read_age(segments, aged, today)
    yield from _school(about, lexicon)
    yield from _disability([*about, *_after_death(segments)], lexicon)
    others = any(s.subject not in _CHILD for s in segments)
    yield from _illness(about, lexicon, others=others)
    yield from _carer(segments, lexicon, family)


def other_child(
    text: str, state: ConversationState, lexicon: Lexicon, *, earlier: Sequence[str] = ()
) -> str | None:
    """The child that a message turns to, if it is not the one the facts are about: 那她弟弟呢, 大的读初二."""
    if state.aside and lexicon.first_child.search(text):
        return state.aside[0].child
    if "最小" in text and "child_age" in state.values:
        return None  # 最小的才1岁 was told of this one
    found = lexicon.other_child.search(text) or _another(text, state, lexicon, earlier)
    if found is None or not any(fact.name.startswith(("child_", "school_")) for fact in state.facts):
        return None
    return str(found.group("who") or found.group("alone"))


def _another(
    text: str, state: ConversationState, lexicon: Lexicon, earlier: Sequence[str]
) -> re.Match[str] | None:
    """Words of a child that nobody spoke of before; where two stand together the first stays in front."""
    found = list(lexicon.another_child.finditer(text))
    if len(found) != 1:
        return None
    who = found[0].group("who") or found[0].group("alone")
    known = who in (state.child, *(one.child for one in state.aside)) or state.child in ORDINALS
    return found[0] if known or not any(who in one for one in earlier) else None


def _after_death(segments: Sequence[Segment]) -> Iterator[Segment]:
    """爹娘双双没了，还有肢体残疾二级: what goes on after a death is said of the child."""
    dead: set[Subject] = set()
    for segment in segments:
        if segment.subject in dead and not segment.hypothetical and not _PARENT_WORD.search(segment.clause):
            yield segment
        if segment.subject.parents and _DEATH.search(segment.text):
            dead.add(segment.subject)


_DEATH = re.compile(r"去世|过世|病故|死了|双双没|身亡|都没了|不在世|双亡|遇难|车祸没")
_PARENT_WORD = re.compile(r"爸|妈|爹|娘|父|母|老公|老婆")


def _school(about: list[Segment], lexicon: Lexicon) -> Iterator[SaidFact]:
    stages = [stage for segment in about if (stage := _stage(segment, lexicon)) is not None]
    # 没有上学，辍学在家: who left school is not one who has not begun.
    left = [stage for stage in stages if stage.value == "out_of_school"]
    yield from (left or stages)[:1]


def only_reluctant(text: str, lexicon: Lexicon) -> bool:
    """不肯去学校, 厌学, 要劝退: still a pupil, unless words of leaving stand there too."""
    told = _THREATENED.sub("", text)
    unsaid = told != text and not lexicon.left_school.search(told)
    return unsaid or (bool(lexicon.reluctant.search(told)) and not lexicon.left_school.search(told))


_THREATENED = re.compile(
    r"(?:再(?:不|这样)[^，。]{0,6}|不然|否则|可能|威胁|吓唬?|说)(?:就|要|会|让|叫)[^，。]{0,6}(?:劝退|开除|退学|休学)"
)
"""学校说再不去就劝退: what may come has not come."""


def _stage(segment: Segment, lexicon: Lexicon) -> SaidFact | None:
    if (segment.asks and not re.search(r"上|读|念", segment.clause)) or _INTENDS.search(segment.text):
        return None
    for stage in lexicon.data.school_stages:
        if stage.value == "out_of_school" and only_reluctant(segment.clause, lexicon):
            continue
        found = re.search(stage.pattern, segment.text)
        if found and not (
            stage.value != "not_yet" and lexicon.negation.search(segment.text[: found.start()])
        ):
            return SaidFact("school_stage", stage.value, segment.text, certain=not segment.doubtful)
    return None


_INTENDS = re.compile(
    r"^(?:那|以后|将来)?(?:上|读|念)(?:大学|高中|初中|小学)(?:的话)?(?:怎么办|咋办|怎么弄)|(上|读|念|小学|初中|高中|职高|大学)的?(时候|那会)|小学同学|幼儿园老师|[^，。]{0,3}毕业[，。]?在?找工作|(想|要|能不能|可以|怎么|明年|以后|将来|准备|该)[^，。]{0,4}(上|读|去|进|入|(?<!高)(?<!中)考)|上不了"
)


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
                segment.asks
                and re.search(r"什么是|是什么|哪些|政策|规定|算不算|听说|重病(家庭|户|儿童)", segment.clause)
            ):
                continue
            if name == "child_serious_illness" and segment.subject is Subject.NOBODY and others:
                continue  # a disease with nobody named is then as likely a parent's
            before = segment.text[: found.start()]
            if name == "child_autism" and _SUSPECTED.search("，".join(s.clause for s in about)):
                continue
            if SOME_RELATIVE.search(before) or re.search(r"是不是(得了|有)?$", before):
                continue
            no = (
                lexicon.negation.search(before)
                or re.search(r"不是$|没$|排除(了|掉)?$", before)
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


_SUSPECTED = re.compile(r"担心|怕|(?:疑似|怀疑|像).*(?:没|未)(?:去|有)?(?:确诊|查|看)")
"""What nobody has looked at; 医生怀疑自闭 is believed with doubt."""


def _with_whom(segment: Segment, family: Family) -> str | None:
    """Whom a child stays with or was left to, by words that say it without more."""
    if family.speaker is not Subject.CHILD and BY_MY_PARENTS.search(segment.clause):
        return "grandparent"
    if re.search(r"(福利院|孤儿院)(在|里)?(养|带|抚养)", segment.text) and not segment.asks:
        return "institution"
    stays = _STAYS_WITH.search(segment.text)
    if stays is None and segment.subject is not Subject.HOUSEHOLD:
        stays = _AT_HOME_OF.search(segment.clause)
    if stays:
        return "grandparent" if stays["grand"] else "relative"
    left = _LEFT_TO_ME.search(segment.clause) or CAME_TO_ME.search(segment.clause)
    if family.carer and left and not segment.asks:
        return family.carer
    if family.carer == "parent" and ALONE_WITH.search(segment.clause):
        return "parent"
    if match := _CARERS.search(segment.text):
        return "grandparent" if match["grand"] else "relative" if match["relative"] else "other"
    return None


_NOW_CARES = re.compile(rf"{NOW}|才接|(?<!没)接(?:到|回|来)(?:我|俺|自己)")


def now_first(segments: Sequence[Segment]) -> list[Segment]:
    """以前是奶奶带，今年起跟我了; 孩子跟妈，其实外婆在带: who cares now stands before who did."""
    return sorted(segments, key=lambda one: not _NOW_CARES.search(one.clause))


def _carer(segments: Sequence[Segment], lexicon: Lexicon, family: Family) -> Iterator[SaidFact]:
    who = {
        Subject.GRANDPARENT: "grandparent",
        Subject.RELATIVE: "relative",
        Subject.OTHER: "other",
        Subject.FATHER: "parent",
        Subject.MOTHER: "parent",
    }
    for segment in now_first(segments):
        if segment.hypothetical or _no_care(segment.clause) or _AT_TIMES.search(segment.clause):
            continue
        if carer := _with_whom(segment, family):
            yield SaidFact("carer", carer, segment.clause)
            return
        if not lexicon.care_verbs.search(segment.text) or re.search(
            r"不(管|带|养|照顾)|没(管|带|养)|养[不得]|愿意|肯养|以前带|带过|养老|(?:老人|爷爷|奶奶|外公|外婆)[^，。]{0,3}要养|带着?(?:孩子|娃|他|她|儿子|女儿)?(?:走|跑|回娘家)|改嫁|带走|能养|可以养|同学|老师|社工",
            segment.text,
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
            segment.subject in (Subject.CHILD, Subject.HOUSEHOLD)
            and family.carer
            and re.search(r"(跟着?|归|住(?:都|也)?在?|放在?|在|靠|由|给)(我|我们|俺)", segment.clause)
        ):
            yield SaidFact("carer", family.carer, segment.text)
            return


_STAYS_WITH = re.compile(
    r"(?:跟着?|归(?=[^，。]{1,4}(?:$|，|带|养|管))|送(?:去|到|回)|寄养(?:在|到))(?:了)?(?:他|她)?的?"
    r"(?:(?P<grand>爷爷|奶奶|外公|外婆|姥姥|姥爷|阿婆)|[大小二三]?(?:姑|舅|姨|叔|伯))(?![^，。]{0,5}(?:玩|过年|暑|几天))"
)
_AT_HOME_OF = re.compile(
    r"(?<!不)(?<!没)(?:^|现在|就|都|放|住|养|寄养|孩子|娃)在(?:他|她)?的?"
    r"(?:(?P<grand>爷爷|奶奶|外公|外婆|姥姥|姥爷)|[大小二三]?(?:姑|舅|姨|叔|伯)[姑舅姨叔伯妈父]?)(?:家|那|这)(?:里|边|儿)?(?:$|住|过|养)"
)
"""孩子不在杭州，在他外婆那."""
_LEFT_TO_ME = re.compile(
    r"(?:丢|扔|留|甩|撂|撇)(?:下|给)?(?:[^，。不没]{0,6}给)?(?:了)?(?:我|我们)(?:了|带|养|老的|两个老|老两口|$)"
)
"""丢下两个小的给我."""
_AT_TIMES = re.compile(
    r"有时|偶尔|搭把手|临时|帮我(?:看|带|接)一?下|(?:岁(?:以|之)?前|小时候|(?<!岁)以前|原来|原先|之前|早先|从前)"
    r"(?!.*(?:现在|如今|一直|到今))"
)
"""他奶奶有时候帮忙看看, 三岁前外婆带: who helps, or once cared, is not who cares."""


def _no_care(clause: str) -> bool:
    """养不动, 抢着要养, 养母打她: whether somebody could, wants or does harm, not who does."""
    frames = load_frames()
    names = ("other_supporter_able", "guardian_dispute", "harmed_by_guardian", "child_adopted")
    return any(frames.value(name, clause) is not None for name in names)


def _by_speaker(segment: Segment) -> bool:
    return bool(re.search(r"我|俺|咱", segment.text)) or segment.subject is Subject.SPEAKER
