"""High-precision rules: patterns of `rules.yaml`, read in their surroundings by `contexts.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from guardrails.signals.normalise import Normalised
from guardrails.types import Category, Route, Severity, Signal

HERE = Path(__file__).parent
MASK = "\u25a1"
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
    hint: bool = False


class RuleFile(BaseModel):
    """The file `rules.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: dict[str, str]
    rules: tuple[Rule, ...]


class Contexts(BaseModel):
    """The file `contexts.yaml`: idioms, negation, stories, past and resolved."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    idioms: tuple[str, ...]
    negated_before: tuple[str, ...]
    negation_inside: str
    told: tuple[str, ...]
    told_but_real: str
    past: tuple[str, ...]
    resolved: tuple[str, ...]
    not_resolved: str
    still_there: tuple[str, ...]
    in_want: tuple[str, ...]
    in_want_by_disaster: tuple[str, ...]
    set_aside: tuple[str, ...]
    long_absent: tuple[str, ...]
    plain_answer: tuple[str, ...]
    plain_question: tuple[str, ...]
    bare_reply: tuple[str, ...]
    in_want_but_alone: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule with its patterns ready to run."""

    rule: Rule
    severity: Severity
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    needs: re.Pattern[str] | None


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


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
            _any(tuple(map(expand, rule.patterns))),
            _any(tuple(map(expand, rule.unless))) if rule.unless else None,
            re.compile(expand(rule.needs)) if rule.needs else None,
        )
        for rule in data.rules
    ]
    return tuple(sorted(compiled, key=lambda one: -one.severity))


@lru_cache(maxsize=1)
def contexts() -> Contexts:
    """The file `contexts.yaml`."""
    return Contexts.model_validate(yaml.safe_load((HERE / "contexts.yaml").read_text(encoding="utf-8")))


@lru_cache(maxsize=16)
def _context(name: str) -> re.Pattern[str]:
    value = getattr(contexts(), name)
    return _any(value if isinstance(value, tuple) else (value,))


def mask_idioms(text: str) -> str:
    """Exaggerations blanked out, length kept.

    Examples:
        >>> mask_idioms("累死了,不想活了")
        '□□□,不想活了'
    """
    return _context("idioms").sub(lambda idiom: MASK * len(idiom.group()), text)


def only_idioms(text: str) -> bool:
    """Whether a message is nothing but exaggerations: 「气死我了！」 says no more than that.

    Examples:
        >>> only_idioms("气死我了!"), only_idioms("累死了,不想活了"), only_idioms("好")
        (True, False, False)
    """
    masked = mask_idioms(text)
    return MASK in masked and not re.search(
        r"[^\W_]", masked.replace(MASK, "").strip("我你啊呀呢吧哦哈真的太都要快")
    )


def is_plain_answer(text: str) -> bool:
    """Whether a whole message only says that a parent is there and well.

    Examples:
        >>> is_plain_answer("孩子他爸在家,身体没问题"), is_plain_answer("他爸在家,又打她")
        (True, False)
    """
    return bool(_context("plain_answer").fullmatch(text.strip()))


def is_plain_turn(text: str) -> bool:
    """Whether a whole message only asks what, where, how long or how much, or answers with an age or a no.

    Examples:
        >>> is_plain_turn("那要带什么材料呢?"), is_plain_turn("她九岁了"), is_plain_turn("要多久才死")
        (True, True, False)
    """
    told = text.strip()
    return any(_context(name).fullmatch(told) for name in ("plain_question", "bare_reply"))


def still_there(text: str) -> bool:
    """Whether who did it is told to live with them to this day: then nothing is over (CR-8).

    Examples:
        >>> still_there("去年摸过她,现在还住一套房子"), still_there("去年打过,早就离了")
        (True, False)
    """
    return bool(_context("still_there").search(text))


def what_decides(text: str) -> str:
    """A message without what is heavy by itself (a fire of last month) or says nothing (心里有个数).

    Examples:
        >>> what_decides("孩子十岁,前阵子家里着火了,能领什么"), what_decides("家里着火了")
        ('孩子十岁,,能领什么', '家里着火了')
    """
    return _context("set_aside").sub("", text)


def long_absent(text: str) -> bool:
    """Whether a parent is told to have been out of contact for months: a ground for an allowance, no search.

    Examples:
        >>> long_absent("孩子妈联系不上有十个月"), long_absent("儿子放学到现在没回来")
        (True, False)
    """
    return bool(_context("long_absent").search(text)) and not _TODAY.search(text)


_TODAY = re.compile("今[天晚早]|昨[天晚]|刚才|现在还|放学|半夜|前天")


def in_want(text: str) -> bool:
    """Whether a family tells of its own lack of shelter, food or money, with somebody caring for the child.

    That is what 临时救助 is for: it is answered at once, not met with a card about neglect.

    Examples:
        >>> in_want("家里着火了,今晚我和孩子没地方住"), in_want("家里没米了,妈妈走了五天,弟弟一直哭")
        (True, False)
    """
    return bool(_context("in_want").search(text)) and not _context("in_want_but_alone").search(text)


def in_want_by_disaster(text: str) -> bool:
    """Whether such a family names what took its home: fire, water, a collapse, and not a person."""
    return in_want(text) and bool(_context("in_want_by_disaster").search(text))


def _bounds(text: str, start: int, end: int, stop: re.Pattern[str], reach: int) -> tuple[int, int]:
    left = max(
        (m.end() for m in stop.finditer(text, max(0, start - reach), start)), default=max(0, start - reach)
    )
    after = stop.search(text, end, min(len(text), end + reach))
    return left, after.start() if after else min(len(text), end + reach)


def _negated(text: str, start: int, matched: str) -> bool:
    left, _ = _bounds(text, start, start, _CLAUSE_END, 12)
    before = text[left:start]
    if not _context("negated_before").search(before):
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
    resolved = list(_context("resolved").finditer(around))
    if not resolved or not _context("past").search(around):
        return False
    return not _context("not_resolved").search(around, resolved[-1].end())


def is_told(text: str, start: int, end: int, *, firm: bool) -> bool:
    """Whether the words belong to a story, a lesson or the news rather than to this family."""
    left, right = _bounds(text, start, end, _SENTENCE_END, 20 if firm else _NEIGHBOURHOOD)
    around = text[left:right]
    return bool(_context("told").search(around)) and not _context("told_but_real").search(
        text[left : right + 20]
    )


def _applies(one: Compiled, text: str, start: int, end: int) -> bool:
    left, right = _bounds(text, start, end, _SENTENCE_END, _NEIGHBOURHOOD)
    if one.unless and one.unless.search(text[left:right]):
        return False
    if one.needs and not one.needs.search(text):
        return False
    if is_told(text, start, end, firm=one.rule.firm):
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
