"""Who is who in a talk: who writes, and which words for kin mean a parent of the child."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from agent.understand.lexicon import Lexicon
from agent.understand.whose import GROWN_SON


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
class Family:
    """How the words for people are to be read in this talk."""

    carer: str | None
    """`grandparent`, `parent`, `relative` … when the speaker's kinship shows it."""
    speaker: Subject
    """Mother, father or child when the speaker is one; else SPEAKER."""
    words: dict[str, Subject]
    """Kinship words that mean a parent here, such as 女儿 beside 外孙女."""


_CALLED = {Subject.FATHER: "孩子爸爸", Subject.MOTHER: "孩子妈妈"}


def with_parents_named(clause: str, family: Family) -> str:
    """The clause with a parent named as one: 我妹妹精神病, said by an uncle, is 孩子妈妈精神病."""
    clause = _COUPLES.sub("孩子爸妈", clause)
    words = {word: _CALLED[subject] for word, subject in family.words.items() if subject in _CALLED}
    if not words:
        return clause
    longest = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.sub(rf"(?:我的?)?({longest})(?![的家])", lambda found: words[found.group(1)], clause)


_COUPLES = re.compile(
    r"(?:我的?)?(?:[大二三四小]?(?:哥哥?|弟弟?)(?:和|跟)?[大二三四小]?(?:嫂子?|弟媳妇?|弟妹)"
    r"|[大二三四小]?(?:姐姐?|妹妹?)(?:和|跟)?[大二三四小]?(?:姐夫|妹夫)|儿子(?:和|跟)?儿?媳妇?|女儿(?:和|跟)?女婿)"
)
"""弟弟弟媳, who write of them bring up their child: the reader knows only parents."""
_SON = {"儿子": Subject.FATHER, "我儿": Subject.FATHER, "俺儿": Subject.FATHER, "那儿": Subject.FATHER}


def _siblings(kin: str) -> tuple[str, ...]:
    """大哥, 二哥 …"""
    return tuple(f"{order}{kin}" for order in "大二三四小")


_BROTHER = dict.fromkeys(
    ("弟弟", "哥哥", "我哥", "我弟", "小叔子", "大伯子", *_siblings("哥"), *_siblings("弟")), Subject.FATHER
) | dict.fromkeys(("嫂子", "弟媳", "弟媳妇", "弟妹", *_siblings("嫂")), Subject.MOTHER)
_SISTER = dict.fromkeys(
    ("妹妹", "姐姐", "我姐", "我妹", "大姑子", "小姑子", *_siblings("姐"), *_siblings("妹")), Subject.MOTHER
) | dict.fromkeys(("姐夫", "妹夫"), Subject.FATHER)
"""The parents where a brother or a sister of them writes."""


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
        words = dict(_BROTHER)
    elif "外甥" in talk:
        carer = "relative"
        words = dict(_SISTER)
    elif re.search(r"(哥|弟)嫂?|[大二三四小]嫂|嫂子|弟媳|弟妹|小叔子|大伯子", talk) and _OF_SIBLING.search(
        talk
    ):
        carer = "relative"
        words = dict(_BROTHER)
    elif re.search(
        r"姐夫|妹夫|我的?[大二小三]?(姐|妹)|[大二三四小]姐|[大二三四小]妹", talk
    ) and _OF_SIBLING.search(talk):
        carer = "relative"
        words = dict(_SISTER)
    elif found := _AUNT_OR_UNCLE.search(talk):
        carer = "relative"
        words = _of_speaker(_BROTHER if found["of_father"] else _SISTER, talk)
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


_BARE = ("弟弟", "哥哥", "姐姐", "妹妹")
_BROTHER_AND_SISTER = re.compile(
    r"(?<!我们)(?<!咱们)(?<!我)(?:姐弟|兄妹|姐妹|兄弟|两姐弟|两兄[弟妹])"
    r"(?:(?:俩|两个?|仨|三个?)[，,：: ]?|[，,：: ])"
    r"(?:大的)?(?:姐姐?|哥哥?|弟弟?|妹妹?)[^，。]{0,4}[0-9一二两三四五六七八九十]"
)
"""姐弟俩，姐姐十岁弟弟六岁: brother and sister are the children."""


def _of_speaker(words: dict[str, Subject], talk: str) -> dict[str, Subject]:
    """Words for the speaker's own brother or sister: beside 他弟弟 a bare 弟弟 is the child's."""
    if re.search(r"[他她]的?[大小]?[哥姐弟妹]", talk):
        return {
            word: subject for word, subject in words.items() if word not in ("弟弟", "哥哥", "姐姐", "妹妹")
        }
    return dict(words)


_AUNT_OR_UNCLE = re.compile(
    r"我是(?:他|她|孩子|娃|小孩)的?(?:亲)?[大小二三老]?(?:(?P<of_father>姑|叔|伯)|舅|姨)"
)
"""我是孩子姑姑，我哥去世了: whose brother or sister the parent is, the word for oneself tells."""
_BROUGHT_UP = re.compile(
    r"^(?=.*(?:^|[，。])(?:弟弟|妹妹)(?![^，。]{0,3}(?:判|坐|老公|老婆)))(?=.*(?:爸妈|父母|爸爸妈妈)[^，。]{0,4}(?:没了|不在|去世|过世|死|走))(?=.*我[^，。]{0,12}带着?[他她])"
    r"|(?=.*我的?(?:亲)?[大小二]?(?:弟|妹)(?![夫媳]))(?=.*(?:我是(?:他|她)的?(?:亲)?[大小二]?(?:姐|哥)"
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


def family_of(text: str, lexicon: Lexicon, *, earlier: str = "") -> Family:
    """Read from all that was said who is speaking and what 女儿 or 弟弟 means."""
    talk = f"{earlier}\n{text}"
    carer, words = _kin(talk)
    if _BROTHER_AND_SISTER.search(talk):
        words = {**words, **dict.fromkeys(_BARE, Subject.CHILD)}
    if re.search(
        r"(爷爷|奶奶|外公|外婆|姥姥)我|我是(?:他|她|孩子|娃)?的?(?:亲)?(爷爷|奶奶?|外公|外婆|姥姥|姥爷|阿婆|阿公)",
        talk,
    ):
        carer = "grandparent"
    elif re.search(r"我是(?:他|她|孩子|娃)?的?[大小二三老堂表]?(姑|舅|姨|叔|伯|婶|哥|姐)", talk):
        carer = "relative"
    speaker = _speaker(talk, carer)
    if carer is None and speaker.parents:
        carer = "parent"
    return Family(carer, speaker, words)


NOW = "现在|如今|其实|实际上?|(?:今|去|前)年(?:起|开始|以来)|后来"
"""Words before who cares now: 以前是奶奶带，今年起跟我了."""
BY_MY_PARENTS = re.compile(
    r"(?:孩子|侄[子女儿]|外甥女?|娃|他|她|女儿|儿子|闺女|囡囡?)[^，。不没想要]{0,10}跟着?我(?:妈|爸妈|爸|公婆|婆婆|丈母娘)(?:过(?!世|得)|住|生活|睡|$)|(?<![和跟对给找问])我(?:老?妈|老?母亲|老娘|爸妈|公婆|婆婆|丈母娘|岳母)(?:在老家|一直|在|一个人|自己|一手|帮)*(?:带着?(?:他|她|孩子|娃|的|大|$)|养着|照看|照应|看着|管着)|"
    r"(?:(?:孩子|侄[子女儿]|外甥女?|娃|他|她)[^，。不没]{0,3}(?:由|归|跟着?|在|给|放)|(?:孩子|娃|儿子|女儿|囡囡?)(?:现在|都|一直)?)我(?:妈|爸妈|爸|公婆|婆婆|丈母娘)[^，。不没]{0,2}(?:带(?!走)|看|养|管|照|那|家|过|住|生活|$)"
    r"|(?:换|让)?我(?:公婆|婆婆|丈母娘|岳母|公公婆婆)[^，。不没]{0,3}(?:带(?!过|走)|看大|看着|照)|由(?:祖父母?|祖母|外祖父母?|外祖母)(?:监护|抚养|照)"
)
"""Who writes 跟我妈过 of a child means its grandmother, unless a child writes."""
CAME_TO_ME = re.compile(
    r"接(?:到|回|来)(?:了)?(?:我|我们|俺)(?:们)?(?:自己)?(?:身边|这|家|屋里)|(?:吃|住)[^，。不没]{0,3}在(?:我|我们|俺)(?:们)?(?:家|这)|在(?:我|我们|俺)(?:们)?(?:家|这)(?:儿|里|边)?住"
    r"|我(?:跟|和)(?:小|大)?(?:孙|外孙|侄|外甥)[^，。不没]{0,6}(?:过|住|生活)(?=$|，|的|了)"
)
"""去年外婆没了才接到我身边; 现在吃住都在我家."""


_OF_SIBLING = re.compile(
    r"(?![^。]*[带养]着?(?:弟弟|妹妹))(?:[大二三四小]|哥|弟)[哥弟](?![弟媳妹])[^。]{0,14}(?:[大二三四小]嫂|嫂子|弟媳|弟妹)|(?:[大二三四小]|姐|妹)[姐妹](?!夫)[^。]{0,14}(?:姐夫|妹夫)|"
    r"[大二三四小](?:哥|弟|姐|妹)(?=.*(?:留下?个|丢下?个|扔下?个|撇下?个|他们?家的?(?:孩子|娃)))|"
    r"(我的?[大二小三]?(哥哥?|弟弟?|姐姐?|妹妹?)(?!们)|嫂子|弟媳|弟妹|姐夫|妹夫)(?=.*(孩子|娃|男孩|女孩|小孩|伢|囡|留下|扔下|丢给|丢下))"
    r"|(弟弟|哥哥|姐姐|妹妹)(?=.*(老婆|老公|丈夫|妻子|前妻|前夫|对象))(?=.*(留下|扔下|丢给|男孩|女孩|在我))"
)
"""我弟弟判了五年，留下个六岁男孩: the child is the sibling's."""
_CHILD_SPEAKS = re.compile(
    r"(?<!侄子)(?<!儿子)我(?:今年|才|刚|现在)?(?:1[0-7]|[6-9]|十[一二三四五六七]?|[六七八九])(?:岁|了?(?=$|[，。,]))"
    r"|我(?:在?上|读)(?:小学|初[一二三中]|高[一二三中]|[一二三四五六七八九]年级)|(?:爸|妈)(?:爸|妈)?不要我"
    r"|(?:从小|以前)?我?(?:从小|以前|自己)?(?:就)?是(?:个)?孤儿(?=$|[，。,])(?<!不是孤儿)|我(?:是)?(?:从|在)福利院(?:里)?(?:长大|出来)"
)


_OWN_CHILD = re.compile(
    r"(?<![是的他她个])(?:我家?的?)?(?:儿子|女儿|闺女|囡囡?|(?:外)?孙(?:子|女)|侄(?:子|女|儿)|外甥女?|我家?的?(?:娃|孩子|小孩))"
)


def tells_of_own_child(earlier: str) -> bool:
    """Whether what was said before tells of somebody's own child or grandchild: a grown-up writes.

    Examples:
        >>> tells_of_own_child("我侄子16，爸妈都去世了"), tells_of_own_child("我12岁，跟奶奶住")
        (True, False)
    """
    return bool(_OWN_CHILD.search(earlier)) and not _CHILD_SPEAKS.search(earlier)


_OF_THE_OTHER_PARENT = re.compile(
    r"我(一个人)?(带|养|拉扯)|我(?:自己|也)?(?:得|查出|是|跟他|离|尿毒|怀|一个人|不敢)"
)
"""Who says this and names 孩子他爸 is the mother."""


def _speaker(talk: str, carer: str | None) -> Subject:
    if carer is None and _CHILD_SPEAKS.search(talk):
        return Subject.CHILD
    if re.search(r"单亲妈妈|我(?:就|自己)?是(?:他|她|孩子|娃)?的?(?:亲)?[妈娘]", talk):
        return Subject.MOTHER
    if re.search(r"单亲爸爸|我(?:就|自己)?是(?:他|她|孩子|娃)?的?(?:亲)?(爸|爹|父亲)", talk):
        return Subject.FATHER
    if carer in (None, "parent") and _OF_THE_OTHER_PARENT.search(talk):
        if re.search(r"(孩子|娃|小孩)他?爸", talk):
            return Subject.MOTHER
        if re.search(r"(孩子|娃|小孩)他?妈", talk):
            return Subject.FATHER
    if carer in (None, "parent"):
        if re.search(r"老公|前夫|丈夫|我男人|我(?:家)?先生|寡妇", talk):
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
