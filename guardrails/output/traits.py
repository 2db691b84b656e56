"""What is known of a sentence against its evidence, as numbers that `weigh.py` weighs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from guardrails.output.cover import How, pieces
from guardrails.output.frames import Swap, swaps
from guardrails.output.numerals import NUMERAL
from guardrails.output.paraphrase import paraphrases, tokens
from guardrails.output.signs import level, negative, signs

_FIGURE = re.compile(
    rf"(?:百分之|第)?{NUMERAL}(?:分之{NUMERAL})?(?:个?(?:工作日|自然日|月|年|天|日|周岁|岁|小时|元|块|成|倍|级|周|星期|学期|学年|人|名|次|份|张|项|户|条))?|半(?=年|个|月|天|价)"
)
_MUST = re.compile(r"必须|应当|一定要|只能|务必|须|应该|都要|才能|得(?=先|由|去|交|要)|不得不")
_MAY = re.compile(r"可以|可(?=由|向|在|申)|自愿|能够|也能|都能|酌情|视情|鼓励")
_ONLY = re.compile(r"只[有能要给限管看认在算收发]|仅|唯一|限于|才")
_ALL = re.compile(r"所有|哪[家个所种]|谁都|随便|随时|全部|一律|任何|凡|都|均|每个|各|不论|无论|不管|全")
_AND = re.compile(r"同时|都要|和|与|及|并且|且|缺一不可|还要|双方|并")
_OR = re.compile(r"或|之一|任一|任何一|一方|、|选")
_FROM = re.compile(
    r"(申请|受理|批准|审批|公示|登记|作出|送达|发放|出生|施行|认定|查找|签|收到|调查|开学|决定|死亡|到期|期满|毕业|公布|迁出|迁入|评定|停发|变化)[^，。；]{0,4}(?:之日|当?日|那天|当月|次月|那个?月|下个?月|第二[天日]|起|以?后|之后)"
)
_UP, _DOWN = (
    re.compile(r"提高|增加|上浮|上调|超过|高于|以上|多"),
    re.compile(r"降低|减少|下调|低于|以下|不足|少|不满|未满|减"),
)


def _flag(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


def nearest(clause: str, known: Sequence[str]) -> tuple[str, float]:
    """The clause of the evidence that is most like a clause, by words, and how much of it is there."""
    wanted = {key for token in tokens(clause) for key in token.keys}
    best, score = "", -1.0
    for other in known:
        there = {key for token in tokens(other) for key in token.keys}
        alike = len(wanted & there) / (len(wanted) or 1) + 0.15 * len(wanted & there) / (len(there) or 1)
        if alike > score:
            best, score = other, alike
    return best, max(score, 0.0)


_PARTS = re.compile(r"[^，,。；;：:！!？?\n]+")
_UNITS = re.compile(r"[^。；;！!？?\n]+")


def traits(sentence: str, evidence: str) -> dict[str, float]:
    """Numbers by name.

    Args:
        sentence: what is to be said, half-width.
        evidence: the parts of the evidence that speak of it, half-width.
    """
    found: dict[str, float] = {}
    bare = _FIGURE.sub(lambda m: "\u3000" * len(m.group()), sentence)
    _coverage(found, bare, evidence)
    units = _UNITS.findall(evidence)
    close, _ = nearest(sentence, units)
    _slots(found, swaps(sentence, evidence))
    _clauses(found, sentence, close, evidence)
    sign = signs(sentence, units)
    found["sign"] = sign.differs
    found["sign_strong"] = float(sign.differs > 0.8)
    found["sign_last"] = float(sign.last_differs)
    found["sign_brought"] = float(sign.brought)
    found["sign_lost"] = float(sign.lost)
    found["sign_only_said"] = float(
        negative(level(sentence)) and not any(negative(p) for p in _PARTS.findall(level(evidence)))
    )
    found["sign_never_said"] = float(
        "不" not in sentence
        and "没" not in sentence
        and all(negative(p) for p in _PARTS.findall(level(close)))
    )
    return found


def _coverage(found: dict[str, float], bare: str, evidence: str) -> None:
    """Words of the lexicon that nothing in the evidence bears. Unknown words speak against nothing."""
    known = paraphrases()
    missing = [piece for piece in pieces(bare, evidence) if piece.how is How.MISSING]
    found["missing"] = min(3.0, len(missing))
    found["any_missing"] = float(bool(missing))
    for piece in missing:
        for number in known.groups_of.get(piece.text, ()):
            found[f"missing_{known.kind[number]}"] = 1.0


_FAMILY = {
    "who": "who",
    "where": "place",
    "level": "place",
    "settlement": "place",
    "per": "per",
    "period": "period",
    "month": "time",
    "time_side": "time",
    "shift": "time",
    "origin": "time",
    "modality": "modality",
    "bound": "bound",
    "and_or": "and_or",
    "act": "act",
    "course": "course",
    "share": "share",
}


def _slots(found: dict[str, float], values: Sequence[Swap]) -> None:
    def most(name: str, value: float) -> None:
        found[name] = max(found.get(name, 0.0), value)

    for value in values:
        name = "figure" if value.kind.startswith("unit:") else _FAMILY.get(value.kind, "group")
        margin = value.other - value.own
        if value.present:
            most(f"swap_{name}", min(max(margin, 0.0), 1.5))
            most(f"swapped_{name}", float(margin > 0.2))
            most("swapped_far", float(margin > 0.8))
            most("swap", min(max(margin, 0.0), 1.5))
            most("swap_share", max(margin, 0.0) / (value.other + value.own + 0.3))
            found["swaps"] = min(3.0, found.get("swaps", 0.0) + (margin > 0.2))
        elif value.present is not None:
            most(f"absent_{name}", 1.0)
            most(f"absent_close_{name}", float(value.other > 1.0))
            found["absent"] = min(3.0, found.get("absent", 0.0) + 1.0)
            most("absent_fit", min(value.other, 3.0))


def _clauses(found: dict[str, float], sentence: str, close: str, evidence: str) -> None:
    known = _PARTS.findall(evidence)
    parts = _PARTS.findall(sentence)
    nearby = [nearest(part, known)[0] for part in parts]
    beside = "，".join(nearby)
    for name, pattern in {
        "must": _MUST,
        "may": _MAY,
        "only": _ONLY,
        "all": _ALL,
        "or": _OR,
        "up": _UP,
        "down": _DOWN,
    }.items():
        found[f"{name}_brought"] = float(_flag(pattern, sentence) and not _flag(pattern, beside))
    found["only_nowhere"] = float(_flag(_ONLY, sentence) and not _flag(_ONLY, evidence))
    found["all_nowhere"] = float(_flag(_ALL, sentence) and not _flag(_ALL, evidence))
    found["must_for_may"] = float(_flag(_MUST, sentence) and _flag(_MAY, beside) and not _flag(_MUST, beside))
    found["may_for_must"] = float(_flag(_MAY, sentence) and _flag(_MUST, beside) and not _flag(_MAY, beside))
    found["and_for_or"] = float(_flag(_AND, sentence) and _flag(_OR, beside) and not _flag(_AND, beside))
    found["up_for_down"] = float(_flag(_UP, sentence) and _flag(_DOWN, beside) and not _flag(_UP, beside))
    found["down_for_up"] = float(_flag(_DOWN, sentence) and _flag(_UP, beside) and not _flag(_DOWN, beside))
    found["reversed"] = float(_reversed(sentence, evidence))
    found["anchor"] = float(_other_anchor(sentence, evidence))
    said_from, known_from = set(_FROM.findall(sentence)), set(_FROM.findall(evidence))
    found["from_other"] = float(bool(said_from and known_from and not said_from <= known_from))


_FIRST_THEN = re.compile(r"先([^，,。；;]{2,12}?)[，,]?(?:再|才能?|然后|后)([^，,。；;]{2,14})")


def _reversed(sentence: str, evidence: str) -> bool:
    """先A再B where the evidence speaks of B before A."""
    said = _FIRST_THEN.search(sentence)
    if not said:
        return False
    at = [_place(part, evidence) for part in said.groups()]
    return at[0] > at[1] >= 0


def _place(words: str, evidence: str) -> int:
    """Where the evidence first speaks of something."""
    wanted = {key for token in tokens(words) for key in token.keys}
    return next((token.start for token in tokens(evidence) if wanted & set(token.keys)), -1)


_ANCHOR = re.compile(
    r"([\u4e00-\u9fff]{2})(?:以后|之后|后|之日起|那天起|起|之前|以前|前)(?:的|第)?(?=[^，。；]{0,6}[0-9一二三四五六七八九十半两]+个?(?:工作日|天|日|月|小时|年|周))"
)


def _other_anchor(sentence: str, evidence: str) -> bool:
    """Whether a time is counted from something from which the evidence counts nothing."""
    known = {match.group(1) for match in _ANCHOR.finditer(evidence)}
    there = {key for word in known for token in tokens(word) for key in token.keys}
    for match in _ANCHOR.finditer(sentence):
        mine = {key for token in tokens(match.group(1)) for key in token.keys}
        if known and mine and not mine & there:
            return True
    return False
