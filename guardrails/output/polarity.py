"""What a sentence affirms and what it denies, compared with the evidence.

A denial holds from its word to the end of the clause; two denials cancel each other (不免除). What both texts
share must stand on the same side of it: 不再享受困难残疾人生活补贴 against 还享受困难残疾人生活补贴.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guardrails.output.align import aligned, features, likeness
from guardrails.output.clauses import clauses
from guardrails.output.objection import Ground, Objection
from guardrails.output.word_files import predicates

_DENIAL = re.compile(
    r"(?P<result>不到(?![0-9一二三四五六七八九十两半])|不了(?!解)|不[上成着](?![学功]))|不(?!仅|但|论|管|足|满|超|低于|少于|同|得不|能不|良|孕|动产|法|幸|安(?!排)|便|到|了|上|成|着|清|懂|一样|限于|服"
    r"|改|当|详|明|利|善|止|一|全|实|等|如|断|久|时|错)"
    r"|未(?!成年|满|来|必|婚|被|经)|(?P<lack>没法|无法(?!定)|没有(?!满)|没(?!有|满|关系|成年)|无(?!论|人抚养|障碍|偿|条件|业|固定|民事)|丧失|缺乏)"
    r"|勿|毋|免(?!费|疫|得)|禁止|取消|别(?=再|去|把|让|给|交|签|等)"
)
_RELATIVE = r"的(?=一方|人|孩子|家庭|对象|儿童|学生|地方|情形|情况|[，,]|$)"
_ENDS_SCOPE = re.compile(
    r"(?:符合|满足|具备|够|批|享受|同意|属于)[^，。]{0,12}?的(?!限制|限|规定|要求|条件|情况|影响)"
    r"|(?:批准?|符合|同意|够|够条件|服)(?=会|要|应|须|就|也|不|时|的)"
    r"|[^，。]{2,12}?(?=有异议|可以|应当|仍|须|决定有)"
)
_ENDS_RESULT = re.compile(r"[^，。]{0,12}?的")
_ENDS_EARLY = re.compile(rf"[^，。]{{1,12}}?{_RELATIVE}")
_EARLY = 3
"""A denial that opens a clause describes whom it is about: 不直接抚养的一方应当负担抚养费."""
_ENDS_LACK = re.compile(r"[^、或和及]{1,14}?(?:、|或者?|和|以及|时|的话|方可|才可|才能)")
"""What somebody lacks is one thing: in 无子女或者只有一名子女 the second half is no longer denied."""
_AFTERWARDS = re.compile(r"^(?:不了|不到|不上|不成|不着)")
_ADVICE = re.compile(r"咨询|请问|[去来先]问|请[^，。]{0,6}问|问清|问一问|打电话")
_QUESTION = re.compile(
    r"是否|能否|能不能|是不是|有没有|可否|要不要|可不可以|会不会|应否|给不给|批不批|行不行"
)
_ONLY_IF = re.compile(r"才|只有|例外|除外|除了")
_ANY_DENIAL = re.compile(r"[不没无未免非失禁勿除停别消]")
_EXCEPT = re.compile(r"除(?!非)(?P<inner>[^，。；]{2,16}?)(?:以外|之外|外)|(?P<outer>[^，。；]{2,10})除外")
_LEAST_SHARED = 2
_NEARLY_BEST = 0.7
_ALIKE = 0.34
_RESTATES = 0.5
_WHOLE_NAME = 6


def denied_at(clause: str, position: int) -> bool:
    """Whether a denial that is not cancelled reaches a position of a clause."""
    denials = 0
    for match in _DENIAL.finditer(clause):
        if match.end() > position:
            break
        ends = _ENDS_LACK if match.group("lack") else _ENDS_RESULT if match.group("result") else _ENDS_SCOPE
        scope = ends.match(clause, match.end())
        if scope is None and match.start() < _EARLY:
            scope = _ENDS_EARLY.match(clause, match.end())
        if scope is None or scope.end() > position:
            denials += 1
    return denials % 2 == 1


def denies(clause: str) -> bool:
    """Whether a clause as a whole denies."""
    return denied_at(clause, len(clause))


def _listed_after_denial(clause: str, position: int) -> bool:
    """Whether a 、 stands between a denial and a position: 不能自理、半自理 may go either way."""
    denials = [match for match in _DENIAL.finditer(clause) if match.end() <= position]
    unable = bool(denials) and clause.startswith("不能", denials[-1].start())
    return unable and "、" in clause[denials[-1].end() : position]


def polarity_objections(sentence: str, evidence: Sequence[str]) -> Iterator[Objection]:
    """Where a sentence denies what the evidence affirms, or affirms what it denies.

    Args:
        sentence: what is to be said.
        evidence: sentences of the evidence, most like it first.
    """
    known = [clause for unit in evidence for clause in clauses(unit)]
    if _ONLY_IF.search(sentence) and any(_EXCEPT.search(unit) for unit in evidence):
        return  # 除…外不得 and 才可以 say the same.
    whole = features(sentence)
    parts = clauses(sentence)
    near = [clause for unit in aligned(sentence, evidence) for clause in clauses(unit)]
    for clause, following in zip(parts, [*parts[1:], ""], strict=False):
        if _QUESTION.search(clause) or _ADVICE.search(clause) or _only_names(clause, following):
            continue
        yield from _shared_words(clause, whole, known)
        if not clause.endswith("的"):
            yield from _same_group(clause, whole, evidence)
        yield from _new_denial(clause, near)
    yield from _exceptions(sentence, evidence)
    yield from _last_words(parts, evidence)


def _last_words(parts: list[str], evidence: Sequence[str]) -> Iterator[Objection]:
    """The end of a sentence against the end of the evidence, where its act stands: 不得作为受委托人."""
    if not parts:
        return
    wanted = features("".join(parts))
    for unit in evidence:
        last = clauses(unit)[-1:]
        if not last or likeness(wanted, features(unit)) < _RESTATES or _QUESTION.search(parts[-1]):
            continue
        for start, end in shared(parts[-1], last):
            if end - start >= 3 and denies(last[0]) and not any(denies(part) for part in parts):
                at = last[0].find(parts[-1][start:end])
                if not _affirmed(last[0], at, at + end - start):
                    yield Objection(
                        Ground.POLARITY, parts[-1][start:end], "the evidence ends with its denial"
                    )
                    return


def _only_names(clause: str, following: str) -> bool:
    """Whether a clause only says what the next one denies: 特困这一项，目前看不符合."""
    says = _DENIAL.search(clause) or predicates().pattern.search(clause)
    return len(clause) <= 24 and not says and _DENIAL.search(following) is not None


def _shared_words(clause: str, whole: frozenset[str], known: list[str]) -> Iterator[Objection]:
    for start, end in shared(clause, known):
        # The first character may belong to another word there (计算家庭收入): the rest must disagree as well.
        tails = [start, start + 1] if end - start > _LEAST_SHARED + 1 else [start]
        if all(_disagrees(clause, at, end, whole, known) for at in tails):
            yield Objection(Ground.POLARITY, clause[start:end], "the evidence says the opposite")
            return


def _disagrees(clause: str, start: int, end: int, whole: frozenset[str], known: list[str]) -> bool:
    words = clause[start:end]
    nearest = _nearest(clause, whole, known, words)
    said = _affirmed(clause, start, end)
    acts = _sides(clause).keys()
    if (
        end - start >= _WHOLE_NAME
        and denies(clause)
        and any(acts & _sides(other).keys() for other in nearest)
    ):
        said = False  # A thing named first and its act denied after: 护理补贴不再享受.
    sides: set[bool] = set()
    for other in nearest:
        for match in re.finditer(re.escape(words), other):
            sides.add(_affirmed(other, *match.span()))
            if _listed_after_denial(other, match.start()):
                sides |= {True, False}
    # Words change places: the clauses as wholes must disagree as well.
    return bool(sides) and said not in sides and denies(clause) not in {denies(other) for other in nearest}


def _affirmed(clause: str, start: int, end: int) -> bool:
    """Whether no denial reaches a stretch, neither before it nor right behind (找不到)."""
    return not (denied_at(clause, start) or _AFTERWARDS.match(clause[end:]))


def _nearest(clause: str, whole: frozenset[str], known: list[str], words: str) -> list[str]:
    """Clauses of the evidence with the same words that are otherwise most like this one."""
    holding = [other for other in known if words in other and not _QUESTION.search(other)]
    wanted = features(clause)
    scores = [likeness(wanted, features(other)) + likeness(whole, features(other)) / 2 for other in holding]
    best = max(scores, default=0.0)
    return [other for other, score in zip(holding, scores, strict=True) if score >= _NEARLY_BEST * best]


def shared(clause: str, known: list[str]) -> Iterator[tuple[int, int]]:
    """Longest stretches of Chinese characters that a clause shares with the evidence, from left to right."""
    whole = "\n".join(known)
    start = 0
    while start < len(clause):
        denial = _DENIAL.match(clause, start)
        if denial:
            start = denial.end()
            continue
        end = start
        while end < len(clause) and "\u4e00" <= clause[end] <= "\u9fff" and clause[start : end + 1] in whole:
            end += 1
        while end > start and clause[end - 1] in "的了":
            end -= 1
        if end - start >= _LEAST_SHARED:
            yield start, end
        start = max(end, start + 1)


def _same_group(clause: str, whole: frozenset[str], evidence: Sequence[str]) -> Iterator[Objection]:
    """Other words for the same act: 领 against 享受, where the evidence speaks of the same thing."""
    wanted = features(clause)
    for group, said in _sides(clause).items():
        best, there = 0.0, set[bool]()
        for unit in evidence:
            for other in clauses(unit):
                sides = _sides(other).get(group)
                alike = max(likeness(wanted, features(other)), likeness(whole, features(unit)))
                if sides and alike > best and not _QUESTION.search(other) and denies(clause) != denies(other):
                    best, there = alike, sides
                elif sides and alike >= best:
                    best, there = alike, sides | said
        if best >= _ALIKE and len(said) == 1 and len(there) == 1 and there != said:
            yield Objection(Ground.POLARITY, group, "the evidence says the opposite in other words")


def _sides(clause: str) -> dict[str, set[bool]]:
    lexicon = predicates()
    found: dict[str, set[bool]] = {}
    for match in lexicon.pattern.finditer(clause):
        found.setdefault(lexicon.sense_of[match.group()], set()).add(_side(clause, match))
    return found


def _side(clause: str, match: re.Match[str]) -> bool:
    return denied_at(clause, match.start()) != bool(_AFTERWARDS.match(clause[match.end() :]))


def _new_denial(clause: str, known: list[str]) -> Iterator[Objection]:
    """A denial where nothing in the evidence denies anything."""
    condition = clause.endswith("的")
    if denies(clause) and not condition and not any(_ANY_DENIAL.search(other) for other in known):
        yield Objection(Ground.POLARITY, clause, "the evidence denies nothing")


def _exceptions(sentence: str, evidence: Sequence[str]) -> Iterator[Objection]:
    """What the evidence excepts (除…以外) is not said as if it were the rule."""
    if _DENIAL.search(sentence) or "除" in sentence or "例外" in sentence:
        return
    for unit in evidence:
        for match in _EXCEPT.finditer(unit):
            excepted = match.group("inner") or match.group("outer")
            rest = unit[: match.start()] + unit[match.end() :]
            for start, end in shared(sentence, [excepted]):
                if sentence[start:end] not in rest and end - start >= 3:
                    yield Objection(Ground.POLARITY, sentence[start:end], "the evidence excepts it")
                    return
