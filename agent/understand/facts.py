"""All facts that a message declares, with corrections of earlier ones."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.types import ConversationState, SaidFact
from agent.understand import replies
from agent.understand.answered import GROWN_UPS, HIM, OF_A_CHILD, answered
from agent.understand.child import only_reluctant, read_child
from agent.understand.corrections import STRETCHES, TAKES_BACK, held_of, other_parent, stretches_exchanged
from agent.understand.frames import read_frames
from agent.understand.household import read_household
from agent.understand.kin import Family, Subject, family_of
from agent.understand.lexicon import Lexicon
from agent.understand.parents import read_parents
from agent.understand.siblings import one_child
from agent.understand.talk import A_CHILD, Segment, names_a_child, segments, subject_first
from agent.understand.whose import without_rules
from tools import numerals
from tools.errors import FactError
from tools.facts import FactBook, FactType

_CORRECTS = re.compile(
    r"(说|讲|写|打|记|弄|搞|听|理解|填)(的|得|都)?(错|反|岔|混|漏嘴)|不作数|更正|纠正"
    r"|^(不对|不是的|错了|更正|纠正|不不)|应该是|^不[，, ]|而是"
    r"|不是((?!不是)[^，,]){1,8}[，, ]?(?<!不)(而?是)"
)
_PERSONAL = re.compile(
    r"我|俺|咱|他|她|来电人|患儿|该童|孙|侄|外甥|儿子|女儿|闺女|囡|家里|老公|老婆|前夫|前妻|孩子(今|爸|妈|他|有|是|得|没|刚|才|上|在|跟|户)|娃"
)

_TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$", re.M)
"""A pasted table is not what a family tells of itself."""
_ORDER = re.compile(
    r"[^。！!？?\n]*(?:系统管理员|系统消息|开发者模式|测试模式|解除[^。！!？?\n]{0,4}限制|从现在(?:起|开始)[^。！!？?\n]{0,12}(?:所有|一律|全部)"
    r"|(?:所有|全部|每个)(?:用户|人)[^。！!？?\n]{0,6}(?:判定|认定|符合)|(?:一律|直接|必须)(?:判定|认定|视为)"
    r"|(?:^|[，,])你(?:现在)?(?:是|扮演)(?:我的|一个|一名)|忽略(?:以上|之前|前面|上面)[^。！!？?\n]{0,8}(?:规则|指令|要求|设定))[^。！!？?\n]*[。！!？?\n]?"
)
_MANY = re.compile(
    r"(户|家庭|人员|父母|爸爸?|妈妈?|残疾|低保|特困|坐牢|服刑)[^，。]{0,6}的(孩子|儿童|子女|小孩)"
)
"""低保户的孩子: people in general, unless somebody is pointed at."""


@dataclass(frozen=True, slots=True)
class FactsSaid:
    """What step 5 read of facts."""

    facts: tuple[SaidFact, ...]
    retracted: tuple[str, ...]
    ambiguous: tuple[tuple[str, str], ...]
    child: str | None = None
    """Which of two children it is said of, where the message tells of both."""


def corrects(text: str) -> bool:
    """Whether the wording mends what was said before."""
    return bool(_CORRECTS.search(text))


def without_orders(text: str) -> str:
    """The text without sentences that order the machine about: they declare nothing of the family (SE-1)."""
    return _ORDER.sub("", text)


def read_facts(
    text: str,
    state: ConversationState,
    book: FactBook,
    lexicon: Lexicon,
    *,
    earlier: Sequence[str],
    today: dt.date,
) -> FactsSaid:
    """Facts of one (redacted) message, in the light of the talk so far.

    Args:
        text: the message.
        state: what is remembered; its pending question decides what a bare 有 means.
        book: the facts there are; anything else is dropped.
        lexicon: word lists.
        earlier: what the family said before, for kinship words.
        today: for years of birth and 去年.
    """
    text = without_rules(subject_first(_TABLE_ROW.sub("", text)))
    correcting = corrects(text)
    moved, retracted = other_parent(text, state) if correcting else ((), ())
    moved = moved or (_exchanged(text, state, book, lexicon) if correcting else ())
    if moved:
        return FactsSaid(moved, retracted, ())
    family = family_of(text, lexicon, earlier="\n".join(earlier))
    parts = segments(
        _without_denied(text) if correcting else text,
        lexicon,
        family,
        start=_asked_about(state, text, lexicon),
        earlier="".join(earlier[-1:]),
    )
    if _is_general(parts, text, state):
        return FactsSaid((), (), ())
    parts, child = one_child(parts, now=state.child)
    parents = read_parents(parts, lexicon, month=today.month, speaker=family.speaker)
    found = [*_idioms(parts, lexicon), *parents.facts, *read_frames(parts, lexicon, family)]
    found += read_child(parts, lexicon, family, today)
    found += read_household(parts, lexicon, family)
    found = [_by_a_parent(fact, parts, family) for fact in found]
    if child is None or not OF_A_CHILD.match(state.pending_question or state.unanswered or ""):
        found = answered(text, found, parts, state, book, lexicon, correcting=correcting)
    if not A_CHILD.search(text) and "岁" not in text and int(state.values.get("child_age") or 0) >= _NO_BABY:
        found = [fact for fact in found if fact.name not in ("child_age", "child_age_months")]
    found += _parent_speaks(found, parts, family, state)
    found += _stretch_told_later(text, found, state)
    if correcting and not found:
        found += _mended(text, state, book, lexicon)
    kept: dict[str, SaidFact] = {}
    for fact in found:
        if fact.name in book and fact.name not in kept and _fits(fact, book):
            old = state.values.get(fact.name)
            changed = old is not None and old != fact.value
            kept[fact.name] = replace(fact, correction=correcting or changed)
    if TAKES_BACK.search(text) and (held := held_of(kept, state)):
        return FactsSaid((), held, ())
    ambiguous = tuple((name, words) for name, words in parents.ambiguous if name not in kept)
    changed_over, left = stretches_exchanged(kept, state) if correcting else ((), ())
    return FactsSaid((*kept.values(), *changed_over), left, ambiguous, child)


def _by_a_parent(fact: SaidFact, parts: Sequence[Segment], family: Family) -> SaidFact:
    """姐姐一个人带, said by the uncle: she is the mother, no relative."""
    if fact.name != "carer" or fact.value != "relative":
        return fact
    told = [part for part in parts if part.clause in fact.span or fact.span in part.clause]
    kin = any(part.subject.parents and part.text.startswith(tuple(family.words)) for part in told)
    return replace(fact, value="parent") if kin else fact


_NO_BABY = 4
"""From this age on bare months are no age of the child."""


def _fits(fact: SaidFact, book: FactBook) -> bool:
    try:
        book[fact.name].check(fact.value)
    except FactError:
        return False
    return True


def _idioms(parts: Sequence[Segment], lexicon: Lexicon) -> list[SaidFact]:
    out: list[SaidFact] = []
    for clause in dict.fromkeys(part.clause for part in parts if not part.hypothetical):
        for idiom in lexicon.data.idioms:
            if re.search(idiom.pattern, clause):
                out += [
                    SaidFact(n, v, clause, certain=idiom.certain and n not in idiom.unsure)
                    for n, v in idiom.facts.items()
                ]
                break
    return out


def _exchanged(text: str, state: ConversationState, book: FactBook, lexicon: Lexicon) -> tuple[SaidFact, ...]:
    """不是六年，是四个月: the fact that has the denied value gets the right one."""
    found = re.search(r"不是([^，,。]{1,10})[，, ]?(?:而是|应该是|是)([^，,。]{1,10})", text)
    if found is None:
        return ()
    for fact in state.facts:
        if fact.name not in book:
            continue
        denied = replies.read_answer(found.group(1), book[fact.name], lexicon)
        right = replies.read_answer(found.group(2).rstrip("了。！!吧"), book[fact.name], lexicon)
        if denied is not None and right is not None and denied.value == fact.value != right.value:
            return (replace(right, span=text, correction=True),)
    return ()


def _stretch_told_later(text: str, found: Sequence[SaidFact], state: ConversationState) -> list[SaidFact]:
    """有四年了, said after a parent who cannot be reached was spoken of: how long that has been."""
    parent = (state.pending_question or "").split("_")[0]
    part = STRETCHES.get(str(state.values.get(f"{parent}_state")))
    name = f"{parent}_{part}"
    if part is None or name in state.values or name in {fact.name for fact in found}:
        return []
    amount = numerals.months(text)
    if amount is None or re.search(r"岁|前几年|每月|工资|钱|补贴|补助|[?？]", text):
        return []
    return [SaidFact(name, amount.value, amount.span, certain=amount.certain)]


def _parent_speaks(
    found: Sequence[SaidFact], parts: Sequence[Segment], family: Family, state: ConversationState
) -> list[SaidFact]:
    """老公走了，我带着孩子: the mother who says so is there and cares; believed with doubt."""
    names = {fact.name for fact in found} | state.values.keys()
    said = next((f.span for f in found if f.name == "carer" and f.value == "parent"), "")
    said = said or ("我带着" if state.values.get("carer") == "parent" else "")
    said = said or next((part.clause for part in parts if _can_keep(part, family)), "")
    if not said and state.pending_question == f"{family.speaker.value}_state":
        said = next((part.clause for part in parts if _I_AM.match(part.clause)), "")
    if not said or not family.speaker.parents or f"{family.speaker.value}_state" in names:
        return []
    return [SaidFact(f"{family.speaker.value}_state", "able", said, certain=False)]


_I_AM = re.compile(r"我(?:就|自己)*是(?:他|她|孩子|娃)?的?亲?[妈爸](?:妈|爸)?(?:呀|啊|了)?$")
_KEEPS = re.compile(
    r"(?<!不)(?<!没)(?:养得(?:起|活|了)|带得(?:了|动)|能(?:养|带))|上班|打工|做工|[0-9]{4}|[一二三四五六七八九]千"
)


def _can_keep(part: Segment, family: Family) -> bool:
    """我一个月3500养得起, said by father or mother."""
    return (
        part.subject is family.speaker
        and not part.asks
        and not part.hypothetical
        and bool(re.match(r"我", part.text) and _KEEPS.search(part.text))
    )


def without_others(
    said: FactsSaid, text: str, state: ConversationState, lexicon: Lexicon, *, earlier: Sequence[str]
) -> FactsSaid:
    """Without what was read of the child, or of its elders, and was said of somebody else.

    养得起, said by a parent, is no means of the grandparents; the illness of a parent is named again without
    saying whose; who grew up in a home for children and is grown has left it.
    """
    family = family_of(text, lexicon, earlier="\n".join(earlier))
    parts = segments(subject_first(text), lexicon, family, start=_asked_about(state, text, lexicon))
    wrong: set[str] = set()
    if family.speaker.parents and any(_can_keep(part, family) for part in parts):
        wrong.add("other_supporter_able")
    known = {**state.values, **{fact.name: fact.value for fact in said.facts}}
    ill = any(state.values.get(f"{one}_state") == "seriously_ill" for one in ("father", "mother"))
    if ill and not any(names_a_child(part.clause, family) for part in parts):
        wrong.add("child_serious_illness")
    if isinstance(age := known.get("child_age"), int) and age >= _GROWN:
        wrong.add("child_in_institution")
    stage = next((fact.value for fact in said.facts if fact.name == "school_stage"), None)
    if stage == "out_of_school" and only_reluctant(text, lexicon):
        wrong.add("school_stage")
    if any(fact.name == "child_disability_kind" and fact.value == "none" for fact in said.facts):
        wrong |= {"child_disability_certificate", "child_disability_level"}
    if _OTHER_BOOK.search(text) and "残" not in text:
        wrong.add("child_disability_certificate")
    if _of_grown_ups(parts, family, state):
        wrong |= {fact.name for fact in said.facts if _OF_HEALTH.match(fact.name)}
    wrong.discard(state.pending_question or "")
    return replace(said, facts=tuple(fact for fact in said.facts if fact.name not in wrong))


_OTHER_BOOK = re.compile(
    r"(?:低保|低边|边缘|特困|孤儿|收养|抱养|居住|户口)[^。]{0,8}(?:本子|本本|本(?=$|，)|证)"
)
"""低保边缘，有本子: another paper than the certificate of a disability."""
_OF_HEALTH = re.compile(r"child_(?:disability|autism|serious|rare|hiv)|needs_long_term_care|limb_surgery")


def _of_grown_ups(parts: Sequence[Segment], family: Family, state: ConversationState) -> bool:
    """我身体还行, 我老头子瘫了: who says so, once the talk is about a child, or an elder, is no child."""
    adults = set(GROWN_UPS)
    if family.speaker is not Subject.CHILD and (family.carer or state.facts):
        adults.add(Subject.SPEAKER)
    told = {part.subject for part in parts}
    return (
        bool(told)
        and told <= adults
        and not any(HIM.search(_without_parents(part, family)) for part in parts)
    )


def _without_parents(part: Segment, family: Family) -> str:
    """The clause without 女儿 or 儿子 where these are the child's parents."""
    words = [word for word, subject in family.words.items() if subject is not Subject.CHILD]
    return re.sub("|".join(map(re.escape, words)), "", part.clause) if words else part.clause


_GROWN = 18


def _mended(text: str, state: ConversationState, book: FactBook, lexicon: Lexicon) -> list[SaidFact]:
    """不对，是二级: a bare value mends the latest fact that can take it and says something else."""
    bare = re.sub(
        r"^(不对|不是的|错了|说错了|更正|不不|哦|噢)[，,。 ]*|^(应该|而)?是|了?[。！!]*$",
        "",
        _without_denied(text),
    )
    bare = re.sub(r"^(应该是|而是|是)", "", bare.strip("，, "))
    for fact in sorted(state.facts, key=lambda f: f.said_at, reverse=True):
        if fact.name not in book or book[fact.name].type is FactType.BOOL:
            continue
        unit = book[fact.name].unit
        if unit and unit[-1] not in text and not (unit == "个月" and "年" in text):
            continue
        answer = replies.read_answer(bare, book[fact.name], lexicon)
        if answer is not None and answer.value != fact.value:
            return [answer]
    return []


def _without_denied(text: str) -> str:
    """Of 不是六年是四年 only what is right."""
    return re.sub(
        r"不是(?:(?!不是)[^，,。！!？?]){1,10}?[，, ]?(?<!不)(?:而是|应该是|是)(?=[^不吗])", "是", text
    )


def _asked_about(state: ConversationState, text: str, lexicon: Lexicon) -> Subject:
    """Whom a message is about that names nobody: who was asked about, else the one whose disability is told.

    有残疾证，二级, after 妈妈精神分裂, is her certificate.
    """
    pending = state.pending_question or ""
    parents = (Subject.FATHER, Subject.MOTHER)
    for parent, other in (parents, parents[::-1]):
        if pending.startswith(parent.value):
            return other if _goes_on_about(other, pending, text, state, lexicon) else parent
    disabled = [one for one in parents if state.values.get(f"{one.value}_state") == "disabled"]
    child = pending.startswith("child_") or any(
        state.values.get(name) for name in ("child_disability_kind", "child_disability_level", "child_autism")
    )
    if len(disabled) == 1 and not child and _GRADED.search(text) and not lexicon.person.search(text):
        return disabled[0]
    return Subject.NOBODY


_SENTENCE = re.compile(r"^(?!.*[也都]).*(?:判|刑|强戒|戒毒)")


def _goes_on_about(
    parent: Subject, pending: str, text: str, state: ConversationState, lexicon: Lexicon
) -> bool:
    """判了三年, right after her father in prison, is his term, although we asked for her mother."""
    name = parent.value
    open_ = f"{name}_term_months" not in state.values and not pending.endswith("_term_months")
    held = STRETCHES.get(str(state.values.get(f"{name}_state"))) == "term_months"
    return open_ and held and bool(_SENTENCE.search(text)) and not lexicon.person.search(text)


_GRADED = re.compile(r"残疾人?证|[1-4一二三四]级|残联|评残|重残")


def is_general(text: str, state: ConversationState) -> bool:
    """Whether a message speaks of nobody in particular: no kin, no 我, and nothing known yet."""
    return not (_PERSONAL.search(text) or state.facts or state.pending_question)


def _is_general(parts: Sequence[Segment], text: str, state: ConversationState) -> bool:
    """A question about people in general, 服刑人员的子女国家管不管, declares nothing."""
    about_many = _MANY.search(text) and not re.search(r"我|俺|咱|他|她|孙|外甥|侄", text)
    if not is_general(text, state) and not (about_many and not state.facts):
        return False
    return (
        any(part.asks for part in parts)
        and len({part.clause for part in parts}) == 1
        and not re.search(r"\d+岁|[一二三四五六七八九十]岁|爸爸?.{1,12}妈|妈妈?.{1,12}爸|户口|判了", text)
    )
