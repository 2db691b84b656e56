"""Who a stretch of a message is about: sentences cut where the subject changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from agent.understand.kin import Family, Subject
from agent.understand.lexicon import Lexicon
from agent.understand.whose import ELSEWHOSE, OURS_AGAIN


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one clause about one subject."""

    text: str
    subject: Subject
    clause: str
    asks: bool
    doubtful: bool
    hypothetical: bool


_CLAUSES = re.compile(r"[。！!；;\n…]+|(?<=[?？])|[，,、：:]+|\s{1,}")
_SENTENCE_END = re.compile(r"[。！!；;\n?？]")
_CHILD_GROUPS = frozenset(
    {"child", "own_child", "paternal_grandchild", "maternal_grandchild", "nephew", "sibling_child"}
)
_GROUPS = {
    "both": Subject.BOTH, "father": Subject.FATHER, "mother": Subject.MOTHER,
    "grandparent": Subject.GRANDPARENT, "relative": Subject.RELATIVE, "other": Subject.OTHER,
    "household": Subject.HOUSEHOLD, "self": Subject.SPEAKER,
}  # fmt: skip
A_CHILD = re.compile("孩|娃|儿子|女儿|闺女|囡|孙|外甥|侄|宝|伢|患儿|该童")
"""Any word for a child."""
SOME_RELATIVE = re.compile(r"家里人|家里有人|家人|一家人|家属")
"""Somebody of the household who is not named: 家里人查出重病 is not said of the child."""
_IS_SUBJECT = re.compile(r"(的|(是|把|被)(他|她|孩子|娃)?的?)$")
_WHOSE_CHILD = re.compile(r"[^，。的]{4,16}的(?:外?孙|外甥|侄|孩子|小孩|娃|女儿|儿子|囡)")
"""我带着父母都在坐牢的外孙: what stands before the child is said of its parents."""
_IS_DONE_TO = re.compile(r"(是|把|被)(他|她|孩子|娃)?的?$")
"""说错了，是他妈妈坐牢; 法院把他爸的监护权撤了: a parent with something said after."""
_JOIN = re.compile(r"^(?:和|跟|与|还有|、)?(?:他|她|孩子|娃)?$")
_OF = re.compile(r"^(?:他|她|它|们)?的?(?:他|她|亲|亲生)?$")


def names_a_child(clause: str, family: Family) -> bool:
    """Whether a clause has a word for a child; 女儿 beside 外孙女 is none."""
    for word, subject in family.words.items():
        if subject is not Subject.CHILD:
            clause = clause.replace(word, "")
    return bool(A_CHILD.search(clause))


_BEFORE_PARENT = re.compile(
    r"((?:找|查|寻|打听)不(?:到|着|见)(?!是谁)|联系不(?:上|到|着)|(?:没人|不)(?:晓得|知道)|打不通)((?:他|她|孩子|娃)的?(?:亲)?(?:爸爸?|妈妈?|爹|娘|父亲|母亲))"
)
_IS_THE_PARENT = re.compile(
    r"(?<![^，。,！!；;\s])([^，。,！!；;\s]{2,10})的是((?:他|她|孩子|娃)?的?(?:爸爸?|妈妈?|爹|娘|父亲|母亲))(?=$|[，。,！!；;了])"
)


_SPOUSE = re.compile(r"(?P<he>老公|前夫|丈夫|我男人|我(?:家)?先生)|(?P<she>老婆(?!婆)|前妻|妻子|我媳妇)")
_HE = "[他她](?!的?[爸妈爹娘爷奶哥姐弟妹外姑舅姨叔伯]|们|家)"
"""The pronoun itself: not 他爸, 她家."""
_GROWN = re.compile(
    rf"^(?P<who>{_HE})[^，。]{{0,8}}?(?:坐牢|服刑|判(?!给|归)|进去了|监狱"
    r"|看守所|戒毒|吸毒|再婚|改嫁|又(?:娶|嫁|结婚|成家|找)|跑了|失联|联系不|找不到人|没(?:再)?联系|不(?:管|给|付|肯给|出钱)|一分钱|打工|去世|过世|病死|抚养费)"
)
"""What is told of a grown-up."""


def _spouse(before: str, clause: str) -> Subject | None:
    """我跟老公离了，儿子判给他，他又去坐牢了: whom the pronoun means is told by what only a grown-up does."""
    found = _GROWN.match(clause)
    named = list(_SPOUSE.finditer(before))
    if found is None or not named:
        return None
    he = named[-1].lastgroup == "he"
    if (found["who"] == "他") != he:
        return None
    return Subject.FATHER if he else Subject.MOTHER


_COUPLE = re.compile(
    r"(弟弟|哥哥|姐姐|妹妹|儿子|女儿|[大二三四小][哥姐弟妹])([大二三四小]?弟媳妇?|[大二三四小]嫂|嫂子|[大二三四小]?姐夫|[大二三四小]?妹夫|儿媳妇?|媳妇|女婿)"
)


def subject_first(text: str) -> str:
    """The parent before what is said of it (坐牢的是他爸, 找不到他妈), and a couple as two: 弟弟弟媳."""
    return _COUPLE.sub(r"\1和\2", _IS_THE_PARENT.sub(r"\2\1", _BEFORE_PARENT.sub(r"\2\1", text)))


_SHORT_LIST = re.compile(r"(低保边缘|低边|低保|特困|五保)户?、(?=低保|低边|特困|五保|刚性|支出型)")
"""低保、低边都不是 is one clause."""
_TAG = re.compile(
    r"^(?:这|那)?(?:个|话)?(?:是|到底|究竟|有没有)?(?:真的?(?:吗|么|还是假的?|假的?)|真假|可信|靠谱|准不准|有这回事|有这(?:种|个)?(?:事|说法|政策)|对不对|是不是)"
    r"(?:吗|么|呢|呀|啊|的)*[?？]*$"
)
"""真的假的, after a clause, asks whether what that clause says is so."""


def clauses(text: str, lexicon: Lexicon) -> Iterator[tuple[str, bool]]:
    """Clauses of a message in order, each with whether its sentence asks something."""
    found = [clause.strip() for clause in _CLAUSES.split(_SHORT_LIST.sub(r"\1", text))]
    found = [clause for clause in found if clause]
    for clause, after in zip_longest(found, found[1:], fillvalue=""):
        yield clause, lexicon.asking(clause) or bool(_TAG.match(after))


def segments(
    text: str, lexicon: Lexicon, family: Family, *, start: Subject = Subject.NOBODY, earlier: str = ""
) -> tuple[Segment, ...]:
    """Cut a message into stretches about one subject each; a clause without one keeps the last subject.

    Args:
        text: the message.
        lexicon: word lists.
        family: what kinship words mean in this talk.
        start: whom our own last question was about.
        earlier: the message before, in which the one may be named who 他 is.
    """
    out: list[Segment] = []
    current = start
    doubtful = hypothetical = elsewhose = False
    before = earlier
    for clause, asks in clauses(text, lexicon):
        if family.speaker.parents and (spouse := _spouse(before, clause)):
            current = spouse
        elif _STAYS_WITH.match(clause):
            current = Subject.CHILD
        elif (
            "患儿" in before and lexicon.serious_illness.search(clause) and not lexicon.person.search(clause)
        ):
            current = Subject.CHILD  # 父母务工，急性白血病: who is the patient was said
        elif out and re.match(_HE, clause) and _is_me(out[-1], family):
            current = next((s.subject for s in reversed(out) if not _is_me(s, family)), Subject.CHILD)
        before += clause
        himself = out and _SIBLING_OF.match(out[-1].clause) and _HIMSELF.match(clause)
        going_on = elsewhose and not himself and not OURS_AGAIN.search(clause)
        elsewhose = bool(ELSEWHOSE.search(clause)) or going_on
        if himself:
            current = Subject.CHILD
        doubtful = bool(lexicon.doubt.search(clause)) or (doubtful and len(clause) < 3)
        hypothetical = bool(lexicon.hypothetical.search(clause)) or (hypothetical and not asks and bool(out))
        for subject, part in _parts(clause, lexicon, family, current):
            current = subject
            out.append(Segment(part, subject, clause, asks, doubtful, hypothetical or elsewhose))
            if subject in (
                Subject.SPEAKER,
                Subject.GRANDPARENT,
                Subject.RELATIVE,
            ) and lexicon.care_verbs.search(part):
                current = Subject.CHILD  # 我带着她，没有残疾: the rest is about the child
        if _PARENTLESS.search(clause):
            current = Subject.CHILD
    return tuple(out)


_SIBLING_OF = re.compile(r"^[他她]的?[大小二]?(?:哥|姐|弟|妹)")
_HIMSELF = re.compile(r"^[他她](?:自己|本人|今年|现在|才|在|读|上|念|是)")
"""他哥读大学，他读小学四年级: after his brother comes he."""
_PARENTLESS = re.compile(r"[没无冇][爹爸父][没无冇][娘妈母]|没[爹爸]{1,2}[没、]?[妈娘]{1,2}(?!妈|娘)")
"""侄儿没爹没娘，今年二十岁: who has none is the child, and the age is its age."""
_STAYS_WITH = re.compile(
    r"(?:现在|一直|就|都|平时|如今|之后|后来|(?:今|去|前)年起?|开始|又|才)*(?:跟着?|归|由)(?:我|我们|俺|阿拉)[^，。不没]{0,4}(?:过|住|生活|带|养|照|管|了?$)"
)
"""爸爸妈妈都没了，跟着我过: who stays with somebody is the child, whoever was spoken of."""


def _is_me(segment: Segment, family: Family) -> bool:
    """Whether it is about a grown-up who writes: 儿子残疾，我吃低保，他二十二了 says nothing of my age."""
    writes = segment.subject in (Subject.SPEAKER, family.speaker) and family.speaker is not Subject.CHILD
    return writes and bool(_ME.match(segment.clause))


_ME = re.compile(r"(?:我|俺|阿拉|吾)(?![们]?(?:的|家|儿|女|孙|外|侄|爸|妈|老|弟|哥|姐|妹))")


def _parts(clause: str, lexicon: Lexicon, family: Family, current: Subject) -> Iterator[tuple[Subject, str]]:
    begin, subject = 0, current
    for mention, position in mentions(clause, lexicon, family):
        before = clause[begin:position]
        if position == 0 or re.fullmatch(r"\s*[他她]?们?的?", before):
            subject, begin = mention, begin if position else 0
            continue
        told_of = mention.parents and _WHOSE_CHILD.match(clause[position:])
        if lexicon.object_before.search(before) and not (told_of or _IS_SUBJECT.search(before)):
            continue
        if _IS_DONE_TO.search(before) and (not mention.parents or len(clause) - position < 4):
            continue
        yield subject, before
        subject, begin = mention, position
    yield subject, clause[begin:]


def mentions(clause: str, lexicon: Lexicon, family: Family) -> list[tuple[Subject, int]]:
    """People named, 外孙女的爸爸 counted once as the father, 他爸和他妈 once as both."""
    found: list[tuple[Subject, int, int]] = []
    for match in lexicon.person.finditer(clause):
        subject = _subject(match, clause, family)
        if found:
            last, start, end = found[-1]
            gap = clause[end : match.start()]
            if (
                {last, subject} == {Subject.FATHER, Subject.MOTHER}
                and _JOIN.match(gap)
                and (gap not in ("", "他", "她") or (not gap and clause[start:end] in family.words))
            ):
                found[-1] = (Subject.BOTH, start, match.end())
                continue
            if _OF.match(gap) and last in (Subject.CHILD, Subject.SPEAKER, Subject.HOUSEHOLD):
                found[-1] = (subject, start, match.end())
                continue
            if gap == "的" and last.parents:
                found[-1] = (
                    Subject.RELATIVE if subject is not Subject.CHILD else Subject.CHILD,
                    start,
                    match.end(),
                )
                continue
        found.append((subject, match.start(), match.end()))
    return [(subject, start) for subject, start, _ in found]


def _subject(match: re.Match[str], clause: str, family: Family) -> Subject:
    group = match.lastgroup or ""
    word = match.group()
    if group == "both":
        return Subject.BOTH
    for name, subject in family.words.items():
        if word.endswith(name):
            return subject
    if group in _CHILD_GROUPS:
        return Subject.CHILD
    if group == "self":
        return family.speaker
    subject = _GROUPS[group]
    mine = (
        clause[max(match.start() - 1, 0) : match.start()] == "我"
        or clause[match.start() : match.start() + 1] == "我"
    )
    # Who writes 我妈 beside a child means the grandmother, unless a child or its brother writes; 我老公 is
    # still the father.
    orphans = Subject.CHILD in family.words.values()
    elders = subject.parents and mine and not orphans and family.speaker is not Subject.CHILD
    if elders and not re.search(r"老公|丈夫|男人|前夫|老婆|妻子|前妻|媳|女婿|爱人", word):
        return Subject.GRANDPARENT
    return subject
