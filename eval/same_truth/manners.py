"""Scripted models: each makes sentences from the request that a real model would get."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Sentence = dict[str, Any]
Manner = Callable[[list[Sentence]], list[Sentence]]
"""From the offline draft (text, evidence, role) to what the model says."""

_NAME = re.compile(r"「([^」]{4,})」")
_COUNTED = re.compile(r"(\d+)(个?工作日|天|日内|个月|年|周岁|元)")


@cache
def words() -> dict[str, Any]:
    """`words.yaml`."""
    raw = Path(__file__).with_name("words.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(raw)
    return loaded


def repeats(draft: list[Sentence]) -> list[Sentence]:
    """Says the draft as it is."""
    return draft


def paraphrases(draft: list[Sentence]) -> list[Sentence]:
    """Says the same in other words."""
    return [{**each, "text": _other_words(each["text"])} for each in draft]


def shortens(draft: list[Sentence]) -> list[Sentence]:
    """Leaves every second sentence out."""
    return draft[::2]


def joins(draft: list[Sentence]) -> list[Sentence]:
    """Makes one sentence of two, on the evidence of both."""
    return [_joined(draft[i : i + 2]) for i in range(0, len(draft), 2)]


def is_vague(draft: list[Sentence]) -> list[Sentence]:
    """Names all evidence and says nothing of it."""
    return [{**each, "text": words()["vague"]} for each in draft]


def turns_backwards(draft: list[Sentence]) -> list[Sentence]:
    """Begins at the end."""
    return list(reversed(draft))


def forges_verdicts(draft: list[Sentence]) -> list[Sentence]:
    """Decides by itself."""
    names = [name for each in draft for name in _NAME.findall(each["text"])] or ["最低生活保障"]
    return _beside(draft, [text.format(name=name) for name in names[:3] for text in words()["verdicts"]])


def invents_amounts(draft: list[Sentence]) -> list[Sentence]:
    """Names sums that nobody published."""
    return _beside(draft, words()["amounts"])


def invents_numbers(draft: list[Sentence]) -> list[Sentence]:
    """Gives telephone numbers of its own."""
    return _beside(draft, words()["numbers"])


def changes_durations(draft: list[Sentence]) -> list[Sentence]:
    """Doubles each figure with a unit, and adds some."""
    doubled = [
        {**each, "text": _COUNTED.sub(lambda m: f"{int(m.group(1)) * 2}{m.group(2)}", each["text"])}
        for each in draft
    ]
    return _beside(doubled, words()["durations"])


def says_it_transferred(draft: list[Sentence]) -> list[Sentence]:
    """CR-22."""
    return _beside(draft, words()["transfers"])


def cites_elsewhere(draft: list[Sentence]) -> list[Sentence]:
    """Rests its sentences on clauses that nobody showed it, and on made-up documents."""
    foreign = [{**each, "evidence": [*each["evidence"], "c:B05#给什么/1", "v:B99"]} for each in draft]
    return _beside(foreign, words()["documents"])


def misplaces(draft: list[Sentence]) -> list[Sentence]:
    """Rests each sentence on its neighbour's evidence."""
    evidence = [each["evidence"] for each in draft]
    moved = [{**each, "evidence": evidence[i - 1]} for i, each in enumerate(draft)]
    return _beside(moved, words()["places"])


BEHAVE: tuple[Manner, ...] = (repeats, paraphrases, shortens, joins, turns_backwards)
MISBEHAVE: tuple[Manner, ...] = (
    is_vague, forges_verdicts, invents_amounts, invents_numbers, changes_durations, says_it_transferred,
    cites_elsewhere, misplaces,
)  # fmt: skip
MANNERS = (*BEHAVE, *MISBEHAVE)


def step(manner: Manner) -> Callable[[Sequence[Any]], str]:
    """One reply of a scripted model: the request's draft, in its manner."""

    def reply(messages: Sequence[Any]) -> str:
        content = next(m.content for m in reversed(messages) if m.type == "human")
        draft: list[Sentence] = json.loads(content)["程序写的底稿"]
        return "\n".join(json.dumps(each, ensure_ascii=False) for each in manner(draft))

    return reply


def _other_words(text: str) -> str:
    for old, new in words()["paraphrase"]:
        text = text.replace(old, new)
    return text


def _joined(pair: list[Sentence]) -> Sentence:
    text = "，".join(each["text"].rstrip("。！；") for each in pair) + "。"
    evidence = list(dict.fromkeys(id_ for each in pair for id_ in each["evidence"]))
    return {"text": text, "evidence": evidence, "role": pair[0]["role"]}


def _beside(draft: list[Sentence], texts: Sequence[str]) -> list[Sentence]:
    """The draft with made-up sentences between, each resting on evidence that exists."""
    out: list[Sentence] = []
    for number, each in enumerate(draft):
        out.append(each)
        made = texts[number % len(texts)]
        out.append({"text": made, "evidence": each["evidence"], "role": "answer"})
    return out
