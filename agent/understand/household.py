"""What a message says of the household: aid category, residence, district, sudden hardship and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from agent.types import SaidFact
from agent.understand.kin import Family, Subject
from agent.understand.lexicon import Lexicon
from agent.understand.talk import Segment

_RESIDENCE = r"(户口|户籍)"
_LIVES = re.compile(
    r"住在?杭州|在杭州[^，。]{0,4}(住|租|生活|读|上学|上的?幼儿园|长大)|住在?(上城|拱墅|西湖区|滨江|萧山|余杭|临平|钱塘|富阳|临安|桐庐|淳安|建德|下沙)|搬到?杭州|(带|接)(他|她|孩子|娃)?[到来]?杭州"
)
_SPENT = re.compile(r"花(了|掉|光)[^，。]{0,6}万|欠(了|下)[^，。]{0,6}(债|钱|万)|积蓄[^，。]{0,3}(没|光|空)")
_ONLY_IF = re.compile(r"只有|才行|才能|才可以|必须|一定要")
_OF_SUCH = re.compile(r"(户口|户籍)的?(人|孩子|娃|小孩|儿童|学生)")
_HOME = re.compile(
    r"(户口|户籍)[^，。]{0,3}在(?!杭州|桐庐|淳安|建德|临安|富阳|余杭|萧山|临平|钱塘|西湖|拱墅|滨江|上城)"
    r"[^，。]{0,2}(老家|乡下|农村|外省|外地)|不(是|在)浙江[^，。]{0,2}(户|$)|(户口|户籍)不在浙江"
)
_FROM = re.compile(
    r"老家|人[，。]?$|是\S{1,4}人|来的|^(?:我们?|俺们?|咱们?|我家|俺家|咱家|家里|两口子|一家)(?:都|全)?(?:家)?是?\S{2,5}的[，。]?$"
)
_OURS = re.compile(r"我|他|她|娃|孩子|孙")
_CHILD_AWAY = re.compile(r"(孩子|娃|他|她|孙子?女?)[^，。]{0,4}(住|在|留在)(老家|外地)")


def read_household(segments: Sequence[Segment], lexicon: Lexicon, family: Family) -> Iterator[SaidFact]:
    """Facts that are not about one person."""
    said = [s for s in segments if not s.hypothetical]
    yield from _category(said, lexicon)
    yield from _residence(said, lexicon)
    whole = "，".join(dict.fromkeys(s.clause for s in said))
    if lexicon.serious_illness.search(whole) and _SPENT.search(whole):
        yield SaidFact("heavy_medical_spending", True, whole[:40])
    yield from _choice("urgent_need", lexicon.data.urgent, said)


_FREE_TIME = re.compile(r"暑假|暑期|寒假|放(暑|寒)?假|假期|周末|双休日?|放学")
_NO_HOME = re.compile(r"住|睡|过夜|今晚|房|赶(出|我|走)|街")


_SLEEPLESS = re.compile(r"睡不(着|好|安|踏实)|失眠")
_PLACE = re.compile(r"地方|住|房|赶|街|过夜")


def has_a_home(text: str, fact: SaidFact) -> bool:
    """Whether nobody lost a home: 没地方去 while school is closed, 晚上睡不着 for grief."""
    if fact.name != "urgent_need" or fact.value != "no_shelter":
        return False
    return is_free_time(text) or bool(_SLEEPLESS.search(text) and not _PLACE.search(text))


def is_free_time(text: str) -> bool:
    """Whether a message speaks of holidays and of no home that was lost."""
    return bool(_FREE_TIME.search(text)) and not _NO_HOME.search(text)


def _category(said: Sequence[Segment], lexicon: Lexicon) -> Iterator[SaidFact]:
    """What they have now: 我们原来是低保，今年评成低边了 tells first what is over."""
    over: SaidFact | None = None
    for segment in said:
        text = segment.clause
        asked = segment.asks or _TURNED.search(text)
        if is_no_holding(text):
            continue
        if lexicon.applying.search(text) and not segment.asks and _REFUSED.search(text):
            over = over or SaidFact("household_category", "ordinary", text, certain=False)
            continue
        if stated := _stated_outright(segment, lexicon):
            yield stated
            return
        if asked and not lexicon.category_ours.search(text):
            continue
        for value, no in _categories(text, lexicon):
            if no and _OF_INCOME.search(text):
                continue
            if no:
                over = over or SaidFact("household_category", "ordinary", text, certain=False)
                continue
            if _is_ours(text, lexicon):
                yield SaidFact("household_category", value, text, certain=not segment.doubtful)
            else:
                continue
            return
        if lexicon.ordinary.search(text) and not segment.asks:
            yield SaidFact("household_category", "ordinary", text, certain=not segment.doubtful)
            return
    if over is not None:
        yield over


def _stated_outright(segment: Segment, lexicon: Lexicon) -> SaidFact | None:
    """An application that runs, or an ordinary household that somebody asks for."""
    certain = not segment.doubtful
    if lexicon.applying.search(segment.clause) and not segment.asks:
        return SaidFact("household_category", "applying", segment.clause, certain=certain)
    if _OF_ORDINARY.search(segment.clause):
        return SaidFact("household_category", "ordinary", segment.clause, certain=certain)
    return None


_AID = r"(?:低保边缘|低边|低保|特困|五保)"
_MAY_BE = re.compile(
    rf"(?:可以|(?<!不)能(?!力)|能够|让|应该|想|要|算不算)[^，。了]{{0,8}}(?:吃|拿|办|享受|领|申请|评|纳入|进|算|列)[^，。了]{{0,6}}{_AID}"
    rf"|(?:单独|单列|另外)(?:吃|拿|办|享受|领|申请|评|纳入|算)?[^，。了]{{0,3}}{_AID}"
)
"""让孩子单独吃低保, 可以给他办低保, 可以让他列成一户好去吃低保: what somebody says may be had."""
_NOW = re.compile(r"现在|已经|正在|刚|上个?月|去年|今年|一直|拿着|吃着|批了|下来|交了|递了")


def is_no_holding(text: str) -> bool:
    """Whether a category is only compared with, somebody else's, or what may be had."""
    return bool(
        re.search(rf"比[^，。]{{0,6}}{_AID}[^，。]{{0,8}}(穷|苦|差|高|低|多|少|超)", text)
        or (_MEASURED.search(text) and not _NAMED.search(text))
        or (_NOT_THEIRS.search(text) and not re.search(r"我们?(自?家|这)", text))
        or (_MAY_BE.search(text) and not _NOW.search(text))
    )


_OF_ORDINARY = re.compile(
    r"(?<!不是)(?<!跟)(?<!和)(?<!比)(?:普通|一般)(?:人家|家庭)的?[^，。]{0,4}(?:孩子|儿童|小孩|娃|残)(?!.*低保|.*区别)"
)
"""来电人问一般家庭重残儿童有没有补贴: which household is asked about."""
_TURNED_DOWN = re.compile(r"[^，。]{0,6}(?:说|讲|窗口)[^，。]{0,4}(?:超|不够|不符合|不行)|超(?:了|标)")
_PERMIT = re.compile(r"(?:浙江省?|杭州市?)的?(?=居住证)")


_REFUSED = re.compile(r"[都也又](?:没|不)(?:给)?(?:批|通过|成)|被拒|驳回|打回|没通过|不批")
"""低保申请递交了两次都没批."""
_OF_INCOME = re.compile(r"收入|人均|富|线|差一点|[不没]到(?:低保|低边)")
"""够不上低边但也不富 tells of means, not of what an office granted."""
_TURNED = re.compile(r"凭什么|为什么|找谁|申诉|不服|复议|讲理|听说|别人|人家|官司|起诉|告[他她街村]|律师")
"""What is argued about or heard is not what they have."""
_HAD = re.compile(
    r"(没(有|得|评上?|批|给|享受?|办|吃上?|拿到?|领到?)?|不(是|算|吃|属于|够|拿|享受|在)?|够不[上着]|吃不[上着]|评不上|冇|呒没?|非|未|退出了?|退了"
    r"|不再(?:是|吃|享受|拿)?|(?:(?<!岁)以前|原来|原先|本来|之前|先前|早先|从前|当年|最早|一开始|开头|先)"
    r"(?:都|就|一直|也|还)?(?:是|吃|拿|有|评|享受)?过?|早就不(?:是|吃|享受))(给|我们|我家|过|什么|啥)*[上到过着]?$"
)
_ENDED = re.compile(
    r"(户|待遇|资格|卡|证|金)?(也|都|还|就|早就?|前年|去年|今年|上个?月|被|给|已经)*(没(有|办|批|评|得|享|了|给)?(?!能|钱|人|力|问)|停了|停掉|取消|退了|退掉|退出|刷|现在没了|断了|收(回|走)|注销|够不[上着]|[评轮挨沾攀捞]不[上着到]|不(给|够|符合|批))"
)


_MEASURE = re.compile(r"的?(?:线|标准)")
_MEASURED = re.compile(rf"{_AID}的?(?:线|标准)")
_NAMED = re.compile(rf"{_AID}(?!边|的?(?:线|标准))")
"""那个钱是低保标准的百分之几, while we wait for the kind of household, chooses none."""


_LISTED = re.compile(rf"^(?:户|家庭)?(?:(?:和|跟|与|或者?)?{_AID}(?:户|家庭)?)+")
_NONE = re.compile(
    r"(?:我们|我家)?(?:也|都|全|一个|一样|哪个|啥)*(?:没|不|够不[上着]|[评轮]不[上到])(?!想|要|懂|知道|晓得|清楚)"
)
"""低保低边都不是: what is said after the last is said of each."""


def _categories(text: str, lexicon: Lexicon) -> Iterator[tuple[str, bool]]:
    """Categories named, the affirmed before the denied: 不是低保是低边."""
    denied: list[tuple[str, bool]] = []
    for item in lexicon.data.household_categories:
        for found in re.finditer(item.pattern, text):
            if _TURNED_DOWN.match(text[found.end() :]):
                continue  # 低保说超了 tells of a refusal, not whether they had it before
            after = text[found.end() :]
            if _MEASURE.match(after):
                continue  # 人均过了低保线: a line to be measured against
            of_each = _LISTED.match(after)
            ended = _ENDED.match(after) or (of_each and _NONE.match(after[of_each.end() :]))
            if _HAD.search(text[: found.start()]) or ended:
                denied.append((item.value, True))
            else:
                yield item.value, False
    yield from denied


def _is_ours(text: str, lexicon: Lexicon) -> bool:
    if lexicon.category_ours.search(text):
        return True
    return not lexicon.category_general.search(text) and bool(lexicon.owned.search(text))


def _residence(said: Sequence[Segment], lexicon: Lexicon) -> Iterator[SaidFact]:
    """Each fact once: what was said first."""
    seen: set[str] = set()
    for segment in _with_place(said, lexicon):
        for fact in (*_registered(segment, lexicon), *_lives(segment, lexicon)):
            if fact.name not in seen:
                seen.add(fact.name)
                yield fact


_THERE = re.compile(r"(?:户口|户籍)[^，。]{0,2}在(?:那|那边|那里|那儿|老家)(?:$|的)")
_ONLY_PLACE = re.compile(r"(?:就?是|在)?[^，。]{2,5}(?:的|那边的?|那里的?|人)?")


def _with_place(said: Sequence[Segment], lexicon: Lexicon) -> Iterator[Segment]:
    """户口在他爸那边，诸暨的; 女儿在临安老家，户口也在那: the place stands in the clause beside."""
    clauses = list({segment.clause: segment for segment in said}.values())
    for before, segment, after in zip([None, *clauses], clauses, [*clauses[1:], None], strict=False):
        told = re.search(_RESIDENCE, segment.clause) and not segment.asks
        if not told or _region(segment.clause, lexicon):
            yield segment
        elif before and _THERE.search(segment.clause) and _region(before.clause, lexicon):
            place = next(p for n, _ in _REGIONS if (p := lexicon.places[n].search(before.clause)))
            yield replace(segment, clause=_THERE.sub(f"户口在{place.group()}", segment.clause))
        elif after and not after.asks and _ONLY_PLACE.fullmatch(after.clause):
            yield replace(segment, clause=f"{segment.clause}{after.clause}")
        else:
            yield segment


def _registered(segment: Segment, lexicon: Lexicon) -> Iterator[SaidFact]:
    text, name, sure = _PERMIT.sub("", segment.clause), "registered_residence", not segment.doubtful
    where = _region_named(text, lexicon) or _region(text, lexicon)
    about = re.search(_RESIDENCE, text)
    if about and not where and re.search(r"户口(本|簿|所在)|(户口|户籍)[^，。]{0,4}(怎么|哪|吗)", text):
        about = None
    parents = bool(segment.subject.parents) or _PARENT_FROM.search(text)
    if segment.asks and (_ONLY_IF.search(text) or (_OF_SUCH.search(text) and not _OURS.search(text))):
        return
    if about and _HOME.search(text):
        yield SaidFact(
            name, where[0] if where and where[0] != "hangzhou" else "other_province", text, certain=False
        )
    elif (
        about
        and where
        and not re.search(
            r"(如果|要是|回|迁)[^，。]{0,6}(户口|户籍)|(想|能|可以|怎么|打算|准备|不给|要)[^，。]{0,8}迁|迁不",
            text,
        )
    ):
        denied = re.search(r"(不是|不在|没有|非)[^，。]{0,4}$", text[: where[1]])
        if not denied:
            yield SaidFact(name, where[0], text, certain=sure)
        elif where[0] == "hangzhou":
            yield SaidFact(name, "other_province", text, certain=False)
    elif lexicon.other_residence.search(text) and not parents and (not segment.asks or _OURS.search(text)):
        yield SaidFact(name, "other_province", text, certain=False)
    elif lexicon.local_residence.search(text):
        yield SaidFact(name, "hangzhou", text, certain=sure)
    elif where and where[0] != "hangzhou" and not parents and not segment.asks and _FROM.search(text):
        yield SaidFact(name, where[0], text, certain=False)


_PARENT_FROM = re.compile(
    r"(?:爸|妈|爹|娘|老公|老婆|媳妇?|女婿)[^，。]{0,3}是[^，。]{1,5}(?:的|人)|(?:媳妇|女婿|老婆|老公)[^，。]{0,2}外"
)
"""孩子妈是外地的 tells nothing of where the child is registered."""
_ONCE = re.compile(r"(?:以前|那年|年前|当时|原来|之前|那会)(?!.*现在)")
_NO_HOME = re.compile(
    r"[在去到]\S{2,3}(?:看病|玩|医院|公园|那边$)|有亲戚|那边[^，。住租]{0,2}(?:条件|政策|标准|好|高|多)"
)
_NOT_THEIRS = re.compile(
    r"(?:外公|外婆|爷爷|奶奶|姑姑?|舅舅?|姨妈?|叔叔?|伯伯?|邻居|楼[上下]|对门|隔壁|娘家|婆家|我[妹弟哥姐][^，。]?家?|那头有人)[^，。]{0,4}(?:低保|低边|特困)"
)


def _lives(segment: Segment, lexicon: Lexicon) -> Iterator[SaidFact]:
    text, sure = segment.clause, not segment.doubtful
    if _ONCE.search(text):
        return
    where = _region(text, lexicon)
    if not re.search(_RESIDENCE, text) and _LIVES.search(text) and not segment.asks:
        yield SaidFact("lives_in_hangzhou", True, text, certain=sure)
    if where and where[0] != "hangzhou" and _CHILD_AWAY.search(text):
        yield SaidFact("lives_in_hangzhou", False, text, certain=sure)
    district = lexicon.places["districts"].search(text)
    if (
        district
        and not _NO_HOME.search(text)
        and not (segment.asks and re.search(r"(在哪|电话|哪里|怎么去)", text))
    ):
        yield SaidFact("district", lexicon.data.district_names[district.group()], text, certain=sure)


_HERE = re.compile(r"^(?:省|市|县|区)?(?:的)?(?:农村)?(?:户口|户籍)")
_OF_HERE = re.compile(r"(?:户口|户籍)(?:都|也|还|就)?(?:在|是|落在|挂在|留在|迁到|跟着?)?$")


def _region_named(text: str, lexicon: Lexicon) -> tuple[str, int] | None:
    """The place that stands right beside 户口: 四川户口在临平做装修."""
    found = [(value, match) for name, value in _REGIONS for match in lexicon.places[name].finditer(text)]
    for value, match in found:
        if _HERE.match(text[match.end() :]):
            return value, match.start()
    for value, match in found:
        if _OF_HERE.search(text[: match.start()]):
            return value, match.start()
    return None


_REGIONS = (
    ("districts", "hangzhou"), ("hangzhou", "hangzhou"),
    ("zhejiang", "zhejiang_elsewhere"), ("elsewhere", "other_province"),
)  # fmt: skip


def _region(text: str, lexicon: Lexicon) -> tuple[str, int] | None:
    for name, value in _REGIONS:
        if found := lexicon.places[name].search(text):
            return value, found.start()
    return None


_ENDS_HERE = re.compile(r"[^，。？?吗怎能]{0,4}([，。]|$)")
"""老家云南，… says where somebody is from; 老家云南能办吗 asks about that place."""


def other_place(text: str, lexicon: Lexicon) -> str | None:
    """A place outside Hangzhou that a question is about, not one that somebody comes from."""
    if lexicon.places["hangzhou"].search(text) or any(
        f"在{name}" in text for name in lexicon.data.district_names
    ):
        return None  # 家是河南的，在临平打工
    for name in ("elsewhere", "zhejiang"):
        for found in lexicon.places[name].finditer(text):
            if found.group() == "浙江":
                continue
            after = text[found.end() : found.end() + 4]
            before = text[max(found.start() - 4, 0) : found.start()]
            if re.match(r"(省|市)?(户口|户籍|人)", after) or re.search(
                r"户口[在是]?$|户籍[在是]?$|从$|来自$", before
            ):
                continue
            if re.search(r"老家(就|都)?[在是]?$", before) and _ENDS_HERE.match(text[found.end() :]):
                continue
            if re.search(r"(打工|做工|上班|坐牢|服刑|监狱)", text[found.end() : found.end() + 6]):
                continue
            if (
                re.match(r"(来的|过来|嫁|娶)", after)
                or re.search(r"嫁[到去给]$|(?<!我)[去回跑到]了$|(?<!我)(?:跑|走|去|回)到$", before)
                or (re.search(r"(去|到|回|跑|嫁到?)$", before) and not re.search(r"吗|怎", text))
            ):
                continue
            if (
                before.endswith("在")
                and lexicon.person.search(text[: found.start()])
                and "我们在" not in text
                and "我在" not in text
            ):
                continue
            return found.group()
    return None


def _choice(name: str, values: Sequence[object], said: Sequence[Segment]) -> Iterator[SaidFact]:
    for segment in said:
        for item in values:
            if re.search(item.pattern, segment.clause):  # type: ignore[attr-defined]
                if segment.subject is Subject.OTHER:
                    continue
                yield SaidFact(name, item.value, segment.clause, certain=not segment.doubtful)  # type: ignore[attr-defined]
                return
