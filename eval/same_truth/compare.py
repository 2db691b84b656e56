"""Two answers to one question: do verdicts, figures and clauses differ? With a reader of our own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.types import Sentence, TurnResult
from eval.answers.text import figures, normal

_VERDICT = re.compile(r"很可能符合|目前看不符合|还不能判断|有可能符合|完全符合|一定符合|肯定能|要看您所在")
_NAME = re.compile(r"「([^」]{4,})」")
_PHONE = re.compile(r"(?<!\d)(?:1\d{2,4}|\d{3,4}-\d{7,8}|400-?\d{3}-?\d{4})(?![\d个年月日天元岁])")
_DOCUMENT = re.compile(r"[一-鿿]{1,8}[〔\[(（]\d{4}[〕\])）]\d+号|\d{4}年\d{1,2}月\d{1,2}日")


@dataclass(frozen=True, slots=True)
class Truth:
    """What an answer claims, without its wording."""

    verdicts: frozenset[tuple[str, str]]
    """The engine's, by benefit."""
    stated: frozenset[tuple[str, str]]
    """As the words state them: name and outcome words."""
    figures: frozenset[str]
    citations: frozenset[str]
    card: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """In one thing two answers differ."""

    what: str
    more: tuple[str, ...]
    """What the second answer has and the first has not."""
    fewer: tuple[str, ...]


def truth_of(result: TurnResult) -> Truth:
    """Read one answer."""
    sentences = result.reply.sentences if result.reply else ()
    precheck = result.work.precheck if result.work else None
    verdicts = {(v.benefit, v.outcome.value) for v in precheck.verdicts} if precheck else set()
    stated = {
        (name, words)
        for sentence in sentences
        for words in _VERDICT.findall(sentence.text)
        for name in _NAME.findall(sentence.text) or [""]
    }
    counted = {figure for s in sentences if not _is_our_head(s) for figure in figures_of(s.text)}
    cited = {f"{c.document_id}#{c.clause}" for c in result.reply.citations} if result.reply else set()
    return Truth(frozenset(verdicts), frozenset(stated), frozenset(counted), frozenset(cited), result.card)


def _is_our_head(sentence: Sentence) -> bool:
    """「满18岁以后」这样办： names an entry and claims nothing; a model's sentences are all read."""
    return not sentence.by_model and sentence.text.endswith("：")


def figures_of(text: str) -> set[str]:
    """Amounts, durations, ages, shares, telephone numbers, document numbers and dates of a sentence."""
    flat = normal(text)
    return {*figures(text), *_PHONE.findall(flat), *_DOCUMENT.findall(flat)}


def differences(first: Truth, second: Truth) -> tuple[Difference, ...]:
    """In what the second differs from the first; empty: the same truth."""
    found: list[Difference] = []
    for what in ("verdicts", "stated", "figures", "citations"):
        one, other = getattr(first, what), getattr(second, what)
        if one != other:
            found.append(Difference(what, _sorted(other - one), _sorted(one - other)))
    if first.card != second.card:
        found.append(Difference("card", (str(second.card),), (str(first.card),)))
    return tuple(found)


def _sorted(items: frozenset[object]) -> tuple[str, ...]:
    return tuple(sorted("/".join(item) if isinstance(item, tuple) else str(item) for item in items))
