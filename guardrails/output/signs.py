"""Yes or no of each clause of a sentence against the clause of the evidence that it restates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guardrails.output.paraphrase import tokens

_PART = re.compile(r"[^，,。；;：:！!？?\n]+")
_LEVEL = [
    (
        re.compile(
            r"不[能得可]?以?(?:低于|少于|小于|短于)|不比[^，。；]{1,8}?(?:低|少)|不能比[^，。；]{1,10}?[低少]"
        ),
        "至少",
    ),
    (
        re.compile(
            r"不[能得可]?以?(?:超过|高于|多于|大于|长于|晚于|迟于|超出)|不能比[^，。；]{1,10}?[高多晚]"
        ),
        "最多",
    ),
    (
        re.compile(r"不(?:停止|停|终止|中止|取消|免除|拒绝|影响|妨碍|改变|变|减)|不[受看]|照样|照旧|照常"),
        "仍照",
    ),
    (
        re.compile(
            r"不[仅但论管只]|无论|不同|不足|不满|未满|没满|未成年|不到(?=[0-9一二三四五六七八九十两半])|不动产|不当|不良|不幸|不便|不一样|不断|不久|不利|不好|不对|没工作|无业|没收入|无收入|无劳动|没劳动"
            r"|去不了|找不到|联系不上|养不了|管不了|做不了|走不了|没法|无法|无力|没力|不服|无偿|无障碍|没有满|没关系|减免|免费|免疫|无固定|没有固定|未经|别的|别人|区别|分别|类别|级别|性别|特别|非法|非本|没[钱人爹妈]|无人|没有人|没有工作|没有收入|不明|下落不明|无异议|没有异议|没人有异议|没有意见|没意见|无[子儿]女|没有[子儿孩]"
        ),
        "",
    ),
    (re.compile(r"是否|能不能|能否|有没有|是不是|要不要|可否|会不会|有无"), ""),
    (re.compile(r"除[^，。；]{1,24}?(?:以外|之外|外)|除外|例外|除非"), "\u2605"),
]
_NOT = re.compile(r"不(?!过)|没有?|无须|无需|无|未|勿|禁止|严禁|非(?!常)|别(?=[去再让给交])")
_CLOSE = 0.82


@dataclass(frozen=True, slots=True)
class Signs:
    """How a sentence's clauses stand to the evidence."""

    differs: float
    """How alike the two clauses are that disagree, most alike first; 0: none disagrees."""
    last_differs: bool
    brought: bool
    """A denial in the sentence, none where the evidence speaks of it."""
    lost: bool
    """A denial where the evidence speaks of it, none in the sentence."""


def level(text: str) -> str:
    """A text in which only what denies is left as a denial."""
    for pattern, instead in _LEVEL:
        text = pattern.sub(instead, text)
    return text


def negative(clause: str) -> bool:
    """Whether a levelled clause denies."""
    return len(_NOT.findall(clause)) % 2 == 1


def signs(sentence: str, evidence: Sequence[str]) -> Signs:
    """Compare clause by clause.

    Args:
        sentence: what is to be said.
        evidence: sentences of the evidence.
    """
    known = [part for unit in evidence for part in _PART.findall(level(unit))]
    keys = [frozenset(key for token in tokens(part) for key in token.keys) for part in known]
    parts = _PART.findall(level(sentence))
    differs, last, brought, lost = 0.0, False, False, False
    whole = frozenset(key for token in tokens(sentence) for key in token.keys)
    for number, part in enumerate(parts):
        wanted = frozenset(key for token in tokens(part) for key in token.keys)
        if not wanted:
            continue
        scores = [
            len(wanted & there) / len(wanted) + 0.4 * len(whole & there) / (len(whole) or 1) for there in keys
        ]
        best = max(scores, default=0.0)
        if best == 0.0 or "\u2605" in part:
            continue
        near = [known[i] for i, score in enumerate(scores) if score >= _CLOSE * best]
        if any("\u2605" in other for other in near):
            continue
        said = negative(part)
        if all(negative(other) != said for other in near):
            differs = max(differs, min(best, 1.4))
            last |= number == len(parts) - 1
            brought |= said
            lost |= not said
    return Signs(differs, last, brought, lost)
