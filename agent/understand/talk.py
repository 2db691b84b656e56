"""Who a stretch of a message is about: sentences cut where the subject changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from agent.understand.lexicon import Lexicon
from agent.understand.whose import ELSEWHOSE, GROWN_SON, OURS_AGAIN


class Subject(StrEnum):
    """Whom a segment speaks of."""

    FATHER = "father"
    MOTHER = "mother"
    BOTH = "both"
    CHILD = "child"
    SPEAKER = "speaker"
    GRANDPARENT = "grandparent"
    RELATIVE = "relative"
    OTHER = "other"
    HOUSEHOLD = "household"
    NOBODY = "nobody"

    @property
    def parents(self) -> tuple[str, ...]:
        """Which of `father`, `mother` this is."""
        if self is Subject.BOTH:
            return ("father", "mother")
        return (self.value,) if self in (Subject.FATHER, Subject.MOTHER) else ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one clause about one subject."""

    text: str
    subject: Subject
    clause: str
    asks: bool
    doubtful: bool
    hypothetical: bool


@dataclass(frozen=True, slots=True)
class Family:
    """How the words for people are to be read in this talk."""

    carer: str | None
    """`grandparent`, `parent`, `relative` … when the speaker's kinship shows it."""
    speaker: Subject
    """Mother, father or child when the speaker is one; else SPEAKER."""
    words: dict[str, Subject]
    """Kinship words that mean a parent here, such as 女儿 beside 外孙女."""


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


_SON = {"儿子": Subject.FATHER, "我儿": Subject.FATHER, "俺儿": Subject.FATHER, "那儿": Subject.FATHER}


def _kin(talk: str) -> tuple[str | None, dict[str, Subject]]:
    """Who the speaker is to the child by the words used, and which of these words mean a parent."""
    words: dict[str, Subject] = {}
    carer: str | None = None
    if re.search(r"外孙", talk):
        carer = "grandparent"
        words = {"女儿": Subject.MOTHER, "闺女": Subject.MOTHER, "儿子": Subject.RELATIVE}
    elif re.search(r"孙(子|女|儿)|大孙|小孙", talk):
        carer = "grandparent"
        words = {**_SON, "女儿": Subject.RELATIVE, "闺女": Subject.RELATIVE}
    elif "侄" in talk:
        carer = "relative"
        words = dict.fromkeys(("弟弟", "哥哥", "大哥", "我哥", "我弟"), Subject.FATHER)
        words |= dict.fromkeys(("嫂子", "弟媳", "弟媳妇", "弟妹"), Subject.MOTHER)
    elif "外甥" in talk:
        carer = "relative"
        words = dict.fromkeys(("妹妹", "姐姐", "大姐", "我姐", "我妹"), Subject.MOTHER)
        words |= dict.fromkeys(("姐夫", "妹夫"), Subject.FATHER)
    elif re.search(r"(哥|弟)嫂?|嫂子|弟媳|弟妹", talk) and _OF_SIBLING.search(talk):
        carer = "relative"
        words = dict.fromkeys(("弟弟", "哥哥", "大哥", "我哥", "我弟", "二哥"), Subject.FATHER)
        words |= dict.fromkeys(("嫂子", "弟媳", "弟媳妇", "弟妹"), Subject.MOTHER)
    elif re.search(r"姐夫|妹夫|我的?[大二小三]?(姐|妹)", talk) and _OF_SIBLING.search(talk):
        carer = "relative"
        words = dict.fromkeys(("妹妹", "姐姐", "大姐", "我姐", "我妹", "二姐"), Subject.MOTHER)
        words |= dict.fromkeys(("姐夫", "妹夫"), Subject.FATHER)
    elif re.search(r"儿媳", talk) or GROWN_SON.search(talk) or _SON_AND_WIFE.search(talk):
        words = dict(_SON)
    elif _BROUGHT_UP.search(talk):
        carer = "relative"
        words = dict.fromkeys(("我弟", "我妹", "弟弟", "妹妹"), Subject.CHILD)
    elif re.search(r"女婿", talk):
        words = {"女儿": Subject.MOTHER, "闺女": Subject.MOTHER}
    elif re.search(
        r"我的?(?:亲生|大|小)?(儿子|女儿|闺女|囡|孩子|娃|宝宝)|我家(孩子|娃|儿子|女儿|闺女)", talk
    ) or ALONE_WITH.search(talk):
        carer = "parent"
    return carer, words


_BROUGHT_UP = re.compile(
    r"(?=.*我的?(?:亲)?[大小二]?(?:弟|妹)(?![夫媳]))(?=.*(?:我是(?:他|她)的?(?:亲)?[大小二]?(?:姐|哥)"
    r"|(?<![他她])(?:爸妈|父母|爸爸妈妈)[^，。]{0,3}(?:没了|没有了|不在|去世|过世|死|走)"
    r"|我的?(?:亲)?[大小二]?(?:弟弟?|妹妹?)(?:今年|现在|才|刚满?|快)*"
    r"(?:1[0-8]|[1-9]|十[一二三四五六七八]?|[一二三四五六七八九])(?:周?岁|了|(?=[，。, ]|$))))",
    re.S,
)
"""我弟弟16了，爸妈都没了，我是他姐姐; 我弟弟17，先天性心脏病: the brother is the child."""
ALONE_WITH = re.compile(
    r"(?<![他她爸妈儿子女妹姐哥弟婿媳婆公爷奶])(?:单亲|离(?:了)?婚|我?(?:自己)?一个人|独自)[^，。他她不没]{0,3}"
    r"[带养拉](?:着|扯|大)?(?:了)?(?:[一两俩三二23]?个?|俩)(?:小)?(?:儿子|女儿|闺女|囡囡?|娃|孩子|小孩|宝宝)"
)
"""单亲带个儿子: who says so is the parent."""
_SON_AND_WIFE = re.compile(
    r"(?:儿子|我儿)[^，。]{0,10}(?:走了|没了|去世|过世|病故|判|坐牢|进去|死了|打工)[^。]{0,12}(?<!我)(?<!我的)媳妇"
)
"""儿子前年病死了，媳妇走了: a grown son and his wife."""
_BEFORE_PARENT = re.compile(
    r"(找不(?:到|着|见)|联系不(?:上|到|着)|(?:没人|不)(?:晓得|知道)|打不通)((?:他|她|孩子|娃)的?(?:亲)?(?:爸爸?|妈妈?|爹|娘|父亲|母亲))"
)
_IS_THE_PARENT = re.compile(
    r"(?<![^，。,！!；;\s])([^，。,！!；;\s]{2,10})的是((?:他|她|孩子|娃)?的?(?:爸爸?|妈妈?|爹|娘|父亲|母亲))(?=$|[，。,！!；;了])"
)


_SPOUSE = re.compile(r"(?P<he>老公|前夫|丈夫|我男人)|(?P<she>老婆(?!婆)|前妻|妻子|我媳妇)")
_GROWN = re.compile(
    r"^(?P<who>[他她])(?!的?[爸妈爹娘爷奶哥姐弟妹外姑舅姨叔伯]|们|家)[^，。]{0,8}?(?:坐牢|服刑|判(?!给|归)|进去了|监狱"
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
    r"(弟弟|哥哥|姐姐|妹妹|儿子|女儿|大哥|二哥|大姐)(弟媳妇?|大嫂|嫂子|姐夫|妹夫|儿媳妇?|媳妇|女婿)"
)


def subject_first(text: str) -> str:
    """The parent before what is said of it (坐牢的是他爸, 找不到他妈), and a couple as two: 弟弟弟媳."""
    return _COUPLE.sub(r"\1和\2", _IS_THE_PARENT.sub(r"\2\1", _BEFORE_PARENT.sub(r"\2\1", text)))


def family_of(text: str, lexicon: Lexicon, *, earlier: str = "") -> Family:
    """Read from all that was said who is speaking and what 女儿 or 弟弟 means."""
    talk = f"{earlier}\n{text}"
    carer, words = _kin(talk)
    if re.search(
        r"(爷爷|奶奶|外公|外婆|姥姥)我|我是(?:他|她|孩子|娃)?的?(?:亲)?(爷爷|奶奶|外公|外婆|姥姥|姥爷|阿婆|阿公)",
        talk,
    ):
        carer = "grandparent"
    elif re.search(r"我是(?:他|她|孩子|娃)?的?[大小二三老堂表]?(姑|舅|姨|叔|伯|婶|哥|姐)", talk):
        carer = "relative"
    speaker = _speaker(talk, carer)
    if carer is None and speaker.parents:
        carer = "parent"
    return Family(carer, speaker, words)


_OF_SIBLING = re.compile(
    r"(我的?[大二小三]?(哥哥?|弟弟?|姐姐?|妹妹?)(?!们)|嫂子|弟媳|弟妹|姐夫|妹夫)(?=.*(孩子|娃|男孩|女孩|小孩|伢|囡|留下|扔下|丢给|丢下))"
    r"|(弟弟|哥哥|姐姐|妹妹)(?=.*(老婆|老公|丈夫|妻子|前妻|前夫|对象))(?=.*(留下|扔下|丢给|男孩|女孩|在我))"
)
"""我弟弟判了五年，留下个六岁男孩: the child is the sibling's."""
_CHILD_SPEAKS = re.compile(
    r"(?<!侄子)(?<!儿子)我(?:今年|才|刚|现在)?(?:1[0-7]|[6-9]|十[一二三四五六七]?|[六七八九])(?:岁|了?(?=$|[，。,]))"
    r"|我(?:在?上|读)(?:小学|初[一二三中]|高[一二三中]|[一二三四五六七八九]年级)|(?:爸|妈)(?:爸|妈)?不要我"
    r"|(?:从小|以前)?我?(?:从小|以前|自己)?(?:就)?是(?:个)?孤儿(?=$|[，。,])(?<!不是孤儿)|我(?:是)?(?:从|在)福利院(?:里)?(?:长大|出来)"
)


_OF_THE_OTHER_PARENT = re.compile(
    r"我(一个人)?(带|养|拉扯)|我(?:自己|也)?(?:得|查出|是|跟他|离|尿毒|怀|一个人|不敢)"
)
"""Who says this and names 孩子他爸 is the mother."""


def _speaker(talk: str, carer: str | None) -> Subject:
    if carer is None and _CHILD_SPEAKS.search(talk):
        return Subject.CHILD
    if re.search(r"单亲妈妈|我(?:就|自己)?是(?:他|她|孩子|娃)?的?(?:亲)?妈", talk):
        return Subject.MOTHER
    if re.search(r"单亲爸爸|我(?:就|自己)?是(?:他|她|孩子|娃)?的?(?:亲)?(爸|父亲)", talk):
        return Subject.FATHER
    if carer in (None, "parent") and _OF_THE_OTHER_PARENT.search(talk):
        if re.search(r"(孩子|娃|小孩)他?爸", talk):
            return Subject.MOTHER
        if re.search(r"(孩子|娃|小孩)他?妈", talk):
            return Subject.FATHER
    if carer in (None, "parent"):
        if re.search(r"老公|前夫|丈夫|我男人|寡妇", talk):
            return Subject.MOTHER
        if re.search(r"老婆(?!婆)|前妻|妻子|我媳妇", talk):
            return Subject.FATHER
    if (
        carer is None
        and re.search(r"我(爸|妈|爹|娘|父|母)", talk)
        and not re.search(r"孩子|娃|儿子|女儿", talk)
    ):
        return Subject.CHILD
    return Subject.SPEAKER


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
        before += clause
        elsewhose = bool(ELSEWHOSE.search(clause)) or (elsewhose and not OURS_AGAIN.search(clause))
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
    return tuple(out)


_STAYS_WITH = re.compile(
    r"(?:现在|一直|就|都|平时|如今|之后|后来)*(?:跟着?|归|由)(?:我|我们|俺|阿拉)[^，。不没]{0,4}(?:过|住|生活|带|养|照|管|$)"
)
"""爸爸妈妈都没了，跟着我过: who stays with somebody is the child, whoever was spoken of."""


def _parts(clause: str, lexicon: Lexicon, family: Family, current: Subject) -> Iterator[tuple[Subject, str]]:
    begin, subject = 0, current
    for mention, position in _mentions(clause, lexicon, family):
        before = clause[begin:position]
        if position == 0 or re.fullmatch(r"\s*[他她]?们?的?", before):
            subject, begin = mention, begin if position else 0
            continue
        if lexicon.object_before.search(before) and not _IS_SUBJECT.search(before):
            continue
        if _IS_DONE_TO.search(before) and (not mention.parents or len(clause) - position < 4):
            continue
        yield subject, before
        subject, begin = mention, position
    yield subject, clause[begin:]


def _mentions(clause: str, lexicon: Lexicon, family: Family) -> list[tuple[Subject, int]]:
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
