"""High-precision rules: patterns of `rules.yaml`, read in their surroundings by `contexts.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from guardrails.signals.contexts import any_of, context, mask_idioms
from guardrails.signals.normalise import Normalised
from guardrails.types import Category, Route, Severity, Signal

HERE = Path(__file__).parent
_SENTENCE_END = re.compile(r"[。!?\n]")
_CLAUSE_END = re.compile(r"[,。!?;:\n]")
_NEIGHBOURHOOD = 60
"""How far a sentence reaches around a match when nobody typed punctuation."""

ROUTES = {
    Severity.S4: Route.CRISIS_NOW,
    Severity.S3: Route.HUMAN_URGENT,
    Severity.S2: Route.HUMAN_OFFER,
    Severity.S1: Route.NORMAL_WITH_CARE,
    Severity.S0: Route.NORMAL,
}


class Rule(BaseModel):
    """One rule of `rules.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    category: Category
    severity: str = Field(pattern="^S[0-4]$")
    why: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()
    needs: str = ""
    firm: bool = False
    in_stories: bool = False
    hint: bool = False


class RuleFile(BaseModel):
    """The file `rules.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: dict[str, str]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule with its patterns ready to run."""

    rule: Rule
    severity: Severity
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    needs: re.Pattern[str] | None


@lru_cache(maxsize=1)
def rule_set() -> tuple[Compiled, ...]:
    """All rules, most severe first."""
    data = RuleFile.model_validate(yaml.safe_load((HERE / "rules.yaml").read_text(encoding="utf-8")))

    def expand(pattern: str) -> str:
        return re.sub(r"<([A-Z]+)>", lambda word: data.words[word.group(1)], pattern)

    compiled = [
        Compiled(
            rule,
            Severity[rule.severity],
            any_of(tuple(map(expand, rule.patterns))),
            any_of(tuple(map(expand, rule.unless))) if rule.unless else None,
            re.compile(expand(rule.needs)) if rule.needs else None,
        )
        for rule in data.rules
    ]
    return tuple(sorted(compiled, key=lambda one: -one.severity))


def _bounds(text: str, start: int, end: int, stop: re.Pattern[str], reach: int) -> tuple[int, int]:
    left = max(
        (m.end() for m in stop.finditer(text, max(0, start - reach), start)), default=max(0, start - reach)
    )
    after = stop.search(text, end, min(len(text), end + reach))
    return left, after.start() if after else min(len(text), end + reach)


def _negated(text: str, start: int, matched: str) -> bool:
    left, _ = _bounds(text, start, start, _CLAUSE_END, 12)
    before = text[left:start]
    if not context("negated_before").search(before):
        return False
    if before.endswith(("不是", "别")) and re.search("吗|么|呢", text[start : start + 20]):
        return False  # 「不是不想活了吗」 asks, it does not deny
    if re.match("不|没|活不|撑不", matched):
        return before.endswith(("没有", "不会", "没", "不是", "谁"))
    return True


def is_past(text: str, start: int, end: int) -> bool:
    """Whether what stands at the match is long ago, over, and not said to be back (CR-8)."""
    left, right = max(0, start - 80), min(len(text), end + 80)
    around = text[left:right]
    resolved = list(context("resolved").finditer(around))
    if not resolved or not context("past").search(around):
        return False
    return not context("not_resolved").search(around, resolved[-1].end())


def is_told(text: str, start: int, end: int, *, firm: bool) -> bool:
    """Whether the words belong to a story, a lesson or the news rather than to this family."""
    left, right = _bounds(text, start, end, _SENTENCE_END, 20 if firm else _NEIGHBOURHOOD)
    around = text[left:right]
    return bool(context("told").search(around)) and not context("told_but_real").search(
        text[left : right + 20]
    )


def _applies(one: Compiled, text: str, start: int, end: int) -> bool:
    left, right = _bounds(text, start, end, _SENTENCE_END, _NEIGHBOURHOOD)
    if one.unless and one.unless.search(text[left:right]):
        return False
    if one.needs and not one.needs.search(text):
        return False
    if not one.rule.in_stories and is_told(text, start, end, firm=one.rule.firm):
        return False
    return not _negated(text, start, text[start:end])


def find(message: Normalised) -> tuple[Signal, ...]:
    """All signals the rules see, one per rule, most severe first."""
    text = mask_idioms(message.text)
    found: list[Signal] = []
    for one in rule_set():
        hits = [m.span() for m in one.pattern.finditer(text) if _applies(one, text, *m.span())]
        if not hits:
            continue
        past = all(is_past(text, *hit) for hit in hits) and one.severity > Severity.S0
        severity = Severity.S1 if past else one.severity
        route = Route.COMPLAINT if one.rule.category is Category.COMPLAINT else ROUTES[severity]
        triggers = tuple(message.span(*hit) for hit in hits)
        found.append(
            Signal(
                one.rule.category,
                severity,
                route,
                triggers,
                f"{'hint' if one.rule.hint else 'rule'}:{one.rule.id}",
                score=1.0,
                past=past,
            )
        )
    return tuple(found)
