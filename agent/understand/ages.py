"""How old the child is: years and months as people say them, after whose age it is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from agent.types import SaidFact
from agent.understand.kin import Subject
from agent.understand.talk import Segment
from tools import numerals

_OTHER_CHILD = re.compile(r"弟弟|妹妹|哥哥|姐姐|小的|老二|老三|二宝|二胎")
_SEVERAL = re.compile(
    r"(?:姐弟|兄妹|姐妹|兄弟)(?:俩|两|仨|三)|[两俩三四2-4]个?(?:娃|孩子|小孩|儿子|女儿|囡|孙)|一儿一女"
)
"""我有两个娃，小的5岁: the first words name no child in particular."""
_SOMEBODY_ELSE = re.compile(
    r"[他她娃]的?[大小二]?[哥姐弟妹](?!弟妹)|[堂表][哥姐弟妹]|同[学桌]|隔壁|邻居|朋友"
)
_FORM = "[大中小]班|幼儿园|托|小学|初|高|中专|技校|职|学|[一二三四五六七八九1-9]年级"
_ANOTHER_TIME = re.compile(
    rf"{numerals.NUMBER}(?:周)?岁(?:半|多)?(?:上(?!{_FORM})|那[年会时]|的?时候?|之?前|起|以[前后上下]|开始|才会|就会|查出|确诊|得的|[做装植开动换]过)"
    rf"|{numerals.NUMBER}(?:周)?岁(?:就|时)?(?:进去|进的|进来|来的|到我|送[来到给]|抱[来回给]|捡|转来|发病|得病)"
    rf"|(?:要等|等[到他她]?|比[^，。]{{1,4}}[大小]|(?<!老)[大小差])(?:{numerals.NUMBER})(?:周)?岁"
    rf"|(?:那年|当年|当时|那时|(?<![不没])到(?!现在|今年|如今)|像|看着|看起来|才养到|的?时候)[^，。]{{0,6}}{numerals.NUMBER}(?:[一二三四五六七八九])?(?:周)?岁|{numerals.NUMBER}岁[^，。]{{0,3}}那[年会时]"
    r"|(?:那[年时会天]|当[年时]|的时候)[^，。]{0,6}(?:满月|半岁|百[天日]|没断奶)"
)
"""三岁那年查出来的, 看着像五岁: an age of then, or of nobody."""
_ASKED_OF = re.compile(r"(?:问|说|讲)的是(大的|小的|老大|老二|[^，。！!？?]{1,4})")
_SHORT_OF = re.compile(
    rf"差(?:个|几|半|{numerals.NUMBER})?个?(?:把)?(?:多)?月(?:就|才)?满?({numerals.NUMBER})(?:周)?岁|({numerals.NUMBER})(?:周)?岁(?:还)?差"
    rf"|离满?({numerals.NUMBER})(?:周?岁)?还?差"
)
"""差两个月满七岁 is six."""
_NEARLY = re.compile(
    rf"(?:马上|就要|下个?月|再[过有][^，。岁]{{1,4}}|过(?:了|完)?年(?:以?后)?|(?:明年|(?<![去前]年)年底)[^，。岁]{{0,3}})(?:就|要|快|满|到|是|过)*({numerals.NUMBER})(?:(?:周)?岁|了?$)"
)
"""马上就要三岁了 is two."""
_MONTHS_OLD = re.compile(
    r"个(半)?多?月(大|零|的(孩子|娃|宝宝))|(才|刚满?|满|只有|还不到)\S{0,3}个(半)?月|个半?月(大)?(了|啦)?$"
)
_BARE_AGE = re.compile(
    r"^(今年|现在|才|快|刚满?|虚岁|周岁|孩子|娃|都|[他她])*(1?[0-9]|十?[一二两三四五六七八九十])(个)?(多)?(周岁|虚岁|岁|$|了$)"
)
_NO_GUESS = re.compile(
    r"弟弟|妹妹|哥哥|姐姐|小的|老二|老三|二宝|二胎|大学|本科|大专|研|职高|中专|技校|卫校|护校|职校|技师|特殊|特校|培智|聋|盲|高职"
)
"""读本科三年级 is no third-former."""
_NOT_AT_SCHOOL = re.compile(r"没(?:有)?(?:读|念|上)完|不去了|辍学|[只才](?:读|念)(?:到|了)")
_KIN = frozenset(
    {Subject.FATHER, Subject.MOTHER, Subject.BOTH, Subject.RELATIVE, Subject.GRANDPARENT, Subject.HOUSEHOLD}
)
_BROUGHT_UP_TO = re.compile(rf"(?:带|养|拉扯)大?到(?:现在|如今)?{numerals.NUMBER}(?:周)?岁")
"""外公外婆带到现在十一岁."""
_LEFT_WITH_AGE = re.compile(r"(留下|扔下|丢下|撇下|抛下|丢给|扔给)[^，]{0,5}岁")
_NAMED_AGE = re.compile(
    r"(?:孩子|娃娃?|小孩|女儿|儿子|闺女|囡囡?|孙[子女儿]|外孙女?|外甥女?|侄[子女儿]|小伙子|丫头|男孩|女孩|弟弟|妹妹|哥哥|姐姐|[他她]|大的|小的|老[大幺]|大宝|二宝|(?<![一-龥])我)"
    r"(?:今年|现在|如今|才|刚满?|都|已经|也)*(?P<near>(?:再过[^，。]{1,3})?(?:马上|就要?|下个月|年底|快要?|要)+|虚岁)?(?:满|到)?"
    rf"(?P<age>{numerals.NUMBER})(?:周)?(?:了|啦|$|(?=[在正]?读|[在正]?上|[在正]?念|职高|高[一二三中]|初[一二三中]|小学|中专|技校|卫校|大[一二三四学]))(?!个|年|月|天|级|万|千|百|次|点|口|元|块)"
)
_FULL_MONTH = re.compile(r"(?:刚刚?|才|已经?|快)?满月(?:了|$)")
"""小的刚满月: a month old."""
_HUNDRED_DAYS = re.compile(r"(?:满|过|刚)[^，。]{0,2}百[天日]")
_DAYS_OLD = re.compile(rf"(?:生下来?|出生|宝宝)(?:才|刚|满|有)*(?P<days>{numerals.NUMBER})多?天")
_HALF_YEAR = re.compile(r"(?:才|刚|满|快|已经)?半(?:周)?岁|(?:出生|生下来|才|刚满?)半年(?:大|$)")
_OF_POLICY = re.compile(r"放宽|规定|政策|文件")
_ONLY_NUMBER = re.compile(numerals.NUMBER)
_SOMEBODY = re.compile(r"孩|娃|儿子|女|孙|妈|爸|爹|娘|他|她|外甥|侄|弟|妹|囡|宝|岁")
_NO_MONTHS = re.compile(
    r"[发断停领拿补拖欠钱费花]|打工|判|关|刑|戒|联系|失联|走|工资|住院|申请|交|等|消息|分手|离婚|前|后|怀孕|每|收入|共|办|证|登记|租|搬|买|签|转|上班|上学|读书|入学|入园|开学|休学|没来|住(?:了|满|到|进)"
)
_OF_A_BABY = re.compile(
    rf"个(?:半)?多?月(?:大|零|的)|出生|生下|(?:^|[我他她家的小老大二三四幺孩娃宝囡孙儿女子弟妹胎的])"
    rf"(?:今年|现在|如今|才|刚刚?|满|都|已经|快|有|也|就|只|还|不到)*{numerals.NUMBER}个"
)
"""The months stand by themselves or right after whose they are: 在家打游戏三个月了 is no baby."""
_CHILD_YEARS = re.compile(
    r"(?:孩子|娃娃?|女儿|儿子|闺女|囡囡?|孙[子女儿]|外孙女?|外甥女?|侄[子女儿])(?:今年|现在|才|刚满?|都|已经)?"
    rf"(?P<age>{numerals.NUMBER})(?:周)?岁"
)
_YEARS_OF = re.compile(
    rf"(?P<age>{numerals.NUMBER})(?:周)?岁大?的小?(?:孩子|娃|孙|外孙|外甥|侄|儿子|女儿|闺女|囡|男孩|女孩|宝宝|小孩)"
)
_MONTHS_OF = re.compile(
    rf"(?P<age>{numerals.NUMBER})个月大?的小?(?:孩子|娃|孙|外孙|宝宝|囡|儿子|女儿|小孩|男孩|女孩|婴儿)"
)
"""带个六岁的孙子, 五个月的宝宝."""
_LIMIT = re.compile(
    r"几岁|多少岁|到\S{0,3}岁|满18|18岁以|十八岁(以|之)|岁(以上|以下|以后|之?前)"
    r"|[满到过][^，。]{1,4}岁(了)?(就|以后|之后|还|才|能)"
)
"""Where a question's age is a limit, not somebody's."""
_BABY, _GROWN, _OLDEST = 4, 26, 30
_OWN = re.compile(
    rf"(?<![一-龥])(?:我|俺|吾|阿拉)(?:自己|本人|今年|现在|都|也|已经|刚|快要?|满)*(?P<age>{numerals.NUMBER})(?:周?岁)?(?:了|啦|多|的人)?(?=$|[，。,！!？?\s])"
)
_ADULT = 18
_STRETCH = re.compile(rf"(?:才|刚|满|已经|要|说是)?{numerals.NUMBER}个半?多?月(?:了)?")
_TERM = re.compile(r"戒|判|刑|拘|失联|联系|跑|走了|住院|没(?:有)?(?:消息|音讯|工作|发|拿)|打工|停")
"""在自愿戒毒，三个月: a stretch, no baby."""


def own_age(text: str) -> int | None:
    """The age that a grown-up tells of themselves: 我今年29, 我32，她28."""
    ages = (numerals.number(found["age"]) for found in _OWN.finditer(text))
    return next((age for age in ages if age is not None and age >= _ADULT), None)


def of_another_time(text: str) -> bool:
    """Whether an age is one of then: 19岁以前也是孤儿."""
    return bool(_ANOTHER_TIME.search(text))


def read_age(segments: Sequence[Segment], about: list[Segment], today: dt.date) -> Iterator[SaidFact]:
    """The child's age, once. `about`: the segments that speak of the child."""
    ages = list(_age([s for s in segments if not s.hypothetical and _may_be_age(s, about)], today))
    yield from ages or _age_beside(segments)


def _age_beside(segments: Sequence[Segment]) -> Iterator[SaidFact]:
    """就是我孙子今年十一岁他爸爸嘛: said in one breath, the age stands right after the child."""
    for segment in segments:
        if segment.hypothetical or segment.asks or _ANOTHER_TIME.search(segment.clause):
            continue
        found = _CHILD_YEARS.search(segment.clause) or _YEARS_OF.search(segment.clause)
        value = numerals.number(found["age"]) if found else None
        if found and value is not None and 0 < value < _GROWN:
            yield SaidFact("child_age", value, found.group())
            return
        if baby := _MONTHS_OF.search(segment.clause):
            yield from _baby(numerals.number(baby["age"]) or 0, baby.group(), sure=True)
            return


def _may_be_age(segment: Segment, about: list[Segment]) -> bool:
    """他妈没了，十岁: a bare age after words about a parent is the child's."""
    return (
        segment in about
        or bool(_LEFT_WITH_AGE.search(segment.text))
        or (segment.subject in _KIN and bool(_BARE_AGE.match(segment.text)))
        or bool(_BROUGHT_UP_TO.search(segment.text))
    )


def _age(about: list[Segment], today: dt.date) -> Iterator[SaidFact]:
    of_somebody = any(_SOMEBODY.search(segment.clause) for segment in about)
    asked_of = next((told[1] for s in about if (told := _ASKED_OF.search(s.clause))), "")
    if sum(asked_of in s.clause for s in about) < 2:
        asked_of = ""
    for before, segment in zip([None, *about], about, strict=False):
        if asked_of and asked_of not in segment.clause:
            continue
        if before is not None and _STRETCH.fullmatch(segment.text) and _TERM.search(before.clause):
            continue
        if _ANOTHER_TIME.search(segment.clause) or _SOMEBODY_ELSE.search(segment.clause):
            continue
        if segment.asks and _LIMIT.search(segment.clause):
            continue
        first = asked_of or next((s.text for s in about if not _SEVERAL.search(s.clause)), segment.text)
        other = _OTHER_CHILD.search(segment.text) and "最小的" not in segment.clause
        if other and not _OTHER_CHILD.search(first):
            continue
        if _OF_POLICY.search(segment.clause) or (_ONLY_NUMBER.fullmatch(segment.text) and not of_somebody):
            continue
        if found := _aged(segment, today):
            yield from found
            return
    yield from _by_form(about)


def _by_form(about: Sequence[Segment]) -> Iterator[SaidFact]:
    """三年级 is about nine; 在读卫校，一年级, or 初三没读完就不去了, is no measure of the age."""
    if any(_NO_GUESS.search(segment.text) or _NOT_AT_SCHOOL.search(segment.clause) for segment in about):
        return
    for segment in about:
        if (guess := numerals.age_from_grade(segment.text)) and not _NO_GUESS.search(segment.text):
            yield SaidFact("child_age", guess.value, guess.span, certain=False)
            return


def _aged(segment: Segment, today: dt.date) -> list[SaidFact]:
    """Age in years, and in months for a baby."""
    sure = not _guess(segment)
    segment = replace(segment, text=re.sub(r"老[二三四]", "老幺", segment.text))
    if lacking := _SHORT_OF.search(segment.text):
        value = numerals.number(lacking[1] or lacking[2] or lacking[3])
        return [SaidFact("child_age", value - 1, lacking.group())] if value else []
    if nearly := _NEARLY.search(segment.text):
        value = numerals.number(nearly[1])
        return [SaidFact("child_age", value - 1, nearly.group(), certain=False)] if value else []
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
    if (own := _OWN.search(segment.text)) and (value := numerals.number(own["age"])):
        return [SaidFact("child_age", value, own.group(), certain=sure)]
    return _newly_born(segment, sure=sure)


def _newly_born(segment: Segment, *, sure: bool) -> list[SaidFact]:
    """The age of a baby, in days or months."""
    for pattern, months in ((_HALF_YEAR, 6), (_HUNDRED_DAYS, 3), (_FULL_MONTH, 1)):
        if found := pattern.search(segment.text):
            return _baby(months, found.group(), sure=sure)
    if (days := _DAYS_OLD.search(segment.text)) and (value := numerals.number(days["days"])) is not None:
        return _baby(value // 30, days.group(), sure=sure)
    if not (_MONTHS_OLD.search(segment.text) and _OF_A_BABY.search(segment.text)):
        return []
    if _NO_MONTHS.search(segment.text):
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


def _guess(segment: Segment) -> bool:
    return segment.doubtful and bool(re.search(r"好像|可能|听说|记不|估计|大概|大约|应该", segment.text))
