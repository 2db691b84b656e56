"""Whether a value stands in the sentence where the evidence puts it: its words around it decide.

Each place of the evidence that could bear a value (an amount, an office, a day from which it runs) is
compared with the place in the sentence by the words around. If a place with another value is clearly more
alike than any place with the same value, the values were exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from guardrails.output import references
from guardrails.output.numerals import NUMERAL, value_of
from guardrails.output.paraphrase import Token, tokens
from guardrails.output.quantities import quantities
from guardrails.output.word_files import slots

_CLAUSE_MARK = re.compile(r"[，,：:]")
_UNIT_MARK = re.compile(r"[。；;！!？?\n]")
_SAME_UNIT, _SAME_TEXT, _REST = 0.55, 0.2, 0.6
_FAR = 24.0
_ENDS_FIGURE = frozenset("元%日天月年岁倍次级")
_GRAMMAR = frozenset({"item", "copy", "people"})


@dataclass(frozen=True, slots=True)
class Value:
    """A value at a place of a text."""

    kind: str
    sense: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Swap:
    """How much better a place with another value fits than any place with the same."""

    kind: str
    words: str
    own: float
    other: float
    instead: str
    total: float
    """What a perfect place would score."""
    present: bool | None
    """Whether the evidence holds the same value; None: nothing of its kind."""


@lru_cache(maxsize=2_048)
def layout(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Number of the clause and of the sentence at each position."""
    clause = unit = 0
    before = ""
    clauses_, units_ = [], []
    for char in text:
        if _UNIT_MARK.match(char):
            unit += 1
            clause += 1
        elif _CLAUSE_MARK.match(char) or (char == "、" and before in _ENDS_FIGURE):
            clause += 1  # 小学1250元、初中1500元: two clauses in one.
        clauses_.append(clause)
        units_.append(unit)
        before = char
    return (*clauses_, clause), (*units_, unit)


@lru_cache(maxsize=4_096)
def values(text: str) -> tuple[Value, ...]:
    """Every value of a text, in every kind of `contrasts.yaml` and every unit of figures."""
    found = []
    for lexicon in slots():
        for match in lexicon.pattern.finditer(text):
            found.append(Value(lexicon.name, lexicon.sense_of[match.group()], *match.span()))
    for quantity in quantities(references.without(text, references.dates(text)), loose=True):
        if quantity.unit in _GRAMMAR:
            continue
        found.append(Value(f"unit:{quantity.unit}", str(quantity.value), quantity.start, quantity.end))
    for match in _ORIGIN.finditer(text):
        found.append(Value("origin", match.group(1), match.start(), match.start() + len(match.group(1))))
    for match in _OTHER_UNIT.finditer(text):
        found.append(Value(f"unit:{match.group(2)}", str(value_of(match.group(1))), *match.span()))
    return tuple(found)


_OTHER_UNIT = re.compile(
    rf"({NUMERAL})(课时|度|吨|户|折|个孩子|名儿童|个子女|名子女|回|遍|平方米|公里|斤|个百分点|字|间|所|家|门|顿|节)"
)
_ORIGIN = re.compile(
    r"(申请|受理|批准|审批|审核|公示|登记|作出|送达|收到|发放|出生|施行|认定|查找|签|调查|开学|决定|死亡|到期|期满|毕业|公布|迁出"
    r"|迁入|迁移|评定|停发|变化|复学|休学|自停)[^，。；]{0,3}(?:之日|当?日|那天|当月|次月|那个?月|之月|下个?月|第二[天日]|起|以?后|之后)"
)


def swaps(sentence: str, evidence: str) -> tuple[Swap, ...]:
    """Every value of a sentence whose kind the evidence knows, with how its places fit."""
    known: dict[str, list[Value]] = {}
    for value in values(evidence):
        known.setdefault(value.kind, []).append(value)
    mine = values(sentence)
    found = []
    for value in mine:
        places = known.get(value.kind)
        if not places:
            found.append(Swap(value.kind, sentence[value.start : value.end], 0.0, 0.0, "", 1.0, None))
            continue
        blank = [v for v in mine if v.kind == value.kind]
        context = _around(sentence, value, blank)
        own = other = 0.0
        instead = ""
        role = _role(sentence, value)
        clause, _ = layout(evidence)
        mixed = {
            clause[place.start]
            for place in places
            if place.sense == value.sense and (not role or _role(evidence, place) in ("", role))
        }
        for place in places:
            there = _role(evidence, place)
            if place.sense != value.sense and (clause[place.start] in mixed or there != role):
                continue  # A list or a range: both stand in one clause. Or somebody who does something else.
            if place.sense == value.sense and role and there and there != role:
                continue
            strengths = _strengths(evidence, place)
            score = sum(weight * strengths.get(key, 0.0) for key, weight in context.items())
            if place.sense == value.sense:
                own = max(own, score)
            elif score > other:
                other, instead = score, evidence[place.start : place.end]
        present = any(place.sense == value.sense for place in places)
        found.append(
            Swap(
                value.kind,
                sentence[value.start : value.end],
                own,
                other,
                instead,
                sum(context.values()),
                present,
            )
        )
    return tuple(found)


def _around(sentence: str, value: Value, blank: Sequence[Value]) -> dict[str, float]:
    """Keys around a value, with how much each counts."""
    clause, _ = layout(sentence)
    context: dict[str, float] = {}
    for other in values(sentence):
        if other.kind != value.kind and not any(v.start < other.end and other.start < v.end for v in blank):
            near = 1.0 if clause[other.start] == clause[value.start] else _REST
            context[f"{other.kind}={other.sense}"] = near
    if role := _role(sentence, value):
        context[role] = 1.0
    for token in tokens(sentence):
        if any(v.start < token.end and token.start < v.end for v in blank):
            continue
        near = 1.0 if clause[token.start] == clause[value.start] else _REST
        for key in token.keys:
            weight = near * _weight(token)
            context[key] = max(context.get(key, 0.0), weight)
    return context


@lru_cache(maxsize=2_048)
def _as_tokens(text: str) -> tuple[Token, ...]:
    return tuple(Token(v.start, v.end, (f"{v.kind}={v.sense}",)) for v in values(text))


_BY = re.compile(r"(?:由[^，。；、的]{0,8}|被|的是|经)$")
_TOWARDS = re.compile(r"(?:向|到|报|给|去|找|告诉|通知|告知|交|送|委托|托|跟|和|与|在|回)$")
_ACTS = re.compile(
    r"(?:部门|机关|局|机构|办事处|人民政府|委员会)?(?:应当|应|可以|不得|负责|要|会|来|收|接|必须|能|须|就|发现|开展)"
)


def _role(text: str, value: Value) -> str:
    """Whether somebody acts or is acted upon, where it can be told."""
    if value.kind != "who":
        return ""
    before = text[max(0, value.start - 10) : value.start]
    if _BY.search(before):
        return "role=acts"
    if _TOWARDS.search(before):
        return "role=towards"
    return "role=acts" if _ACTS.match(text, value.end) else ""


def _weight(token: Token) -> float:
    return 1.0 if token.end - token.start > 1 else 0.5


@lru_cache(maxsize=8_192)
def _strengths(evidence: str, place: Value) -> dict[str, float]:
    clause, unit = layout(evidence)
    best: dict[str, float] = {}
    if role := _role(evidence, place):
        best[role] = 1.0
    for token in (*tokens(evidence), *_as_tokens(evidence)):
        if place.start < token.end and token.start < place.end:
            continue
        distance = max(token.start - place.end, place.start - token.end, 0)
        if clause[token.start] == clause[place.start]:
            strength = 1.0 - 0.3 * min(distance / _FAR, 1.0)
        elif unit[token.start] == unit[place.start]:
            strength = _SAME_UNIT - 0.2 * min(distance / (2 * _FAR), 1.0)
        else:
            strength = _SAME_TEXT
        for key in token.keys:
            if strength > best.get(key, 0.0):
                best[key] = strength
    return best
