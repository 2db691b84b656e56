"""What a message wants: rules for what is unmistakable, a small head for the rest, several at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from agent.types import Intent
from agent.understand import material
from agent.understand.features import features, normalise

INTENTS_FILE = Path(__file__).with_name("intents.yaml")
HEAD_FILE = Path(__file__).with_name("intents.npz")

SURE = 0.42
"""From this share on the head's first choice stands beside what a rule found."""
VERY_SURE = 0.6
"""From this share on even a statement is taken for a question: 补贴标准."""
ALSO = 0.30
"""From this share on a second choice is taken as a further intent."""

_FIRST = (
    Intent.HUMAN, Intent.URGENT_NEED, Intent.FORGET_ME, Intent.COMPLAINT, Intent.CORRECT, Intent.APPEAL,
    Intent.STATUS_OF_MY_CASE, Intent.OTHER_PLACE,
)  # fmt: skip
"""Leads when several were found, in this order; the others keep the order of their scores."""
_STATED = frozenset(
    {
        Intent.TELL_FACTS, Intent.THANKS, Intent.GREETING, Intent.HUMAN, Intent.COMPLAINT, Intent.FORGET_ME,
        Intent.CORRECT, Intent.OUT_OF_SCOPE, Intent.ASK_POLICY, Intent.APPEAL, Intent.STATUS_OF_MY_CASE,
        Intent.URGENT_NEED, Intent.OTHER_PLACE,
    }
)  # fmt: skip
"""What may be meant without asking."""
COMPLETE = frozenset({Intent.COMPLAINT, Intent.APPEAL, Intent.STATUS_OF_MY_CASE, Intent.HUMAN})
"""What is told beside these belongs to them."""
_PLAINLY = COMPLETE | {Intent.CORRECT, Intent.FORGET_ME, Intent.URGENT_NEED}
_MENDING = re.compile(r"[错反岔混]|其实|刚才|前面|之前|刚刚|上面|改|更正|纠正|不对|不准|记|撤|不是")
PLAIN = 0.5
"""From this share on one of these is meant by a statement, whatever facts it tells."""
_NOUNS = frozenset(
    {Intent.AMOUNT, Intent.MATERIALS, Intent.CONTACT, Intent.HOW_TO_APPLY, Intent.WHERE, Intent.COMPARE}
)
"""What a bare noun may ask for: 补贴标准, 申请流程."""
CLEAR = 0.5
"""From this score on a message with a question word may still only tell."""
_MARKED = re.compile(
    r"[?？吗么]|怎么|能不能|可以|多少|哪里|什么(?!都|也)|啥(?!都|也)|咋|哪(?!怕)|伐|多久|有没有|是不是"
)
_LEAST = {
    Intent.CORRECT: 0.35, Intent.FORGET_ME: 0.35, Intent.COMPLAINT: 0.25, Intent.HUMAN: 0.3,
    Intent.URGENT_NEED: 0.25, Intent.ARE_YOU_HUMAN: 0.3, Intent.OTHER_PLACE: 0.3,
}  # fmt: skip
"""Below this score these are not meant: each changes the whole answer."""
_QUIET = frozenset({Intent.ASK_POLICY, Intent.TELL_FACTS, Intent.THANKS, Intent.GREETING, Intent.OTHER_PLACE})
"""Beside these a question in general stays one."""
_POLITE = frozenset({Intent.THANKS, Intent.GREETING})
_LAST = (Intent.TELL_FACTS, Intent.THANKS, Intent.GREETING, Intent.OUT_OF_SCOPE)
"""Never leads beside another intent."""


class IntentSpec(BaseModel):
    """What an intent means and how people utter it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    means: str
    examples: tuple[str, ...]


class IntentRule(BaseModel):
    """Wording that fixes an intent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    intent: Intent
    pattern: str
    with_head: bool = False


class IntentFile(BaseModel):
    """`intents.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    intents: dict[Intent, IntentSpec]
    rules: tuple[IntentRule, ...]
    made_by_man: str
    """人工耳蜗, 人工费: words in which 人工 is no person."""


def load_intents(path: Path = INTENTS_FILE) -> tuple[IntentFile, str]:
    """The file and the hash of its examples, which the head must carry."""
    file = IntentFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    text = "\n".join(f"{name}\t{'|'.join(spec.examples)}" for name, spec in file.intents.items())
    text += material.digest()
    return file, hashlib.sha256(text.encode()).hexdigest()


class IntentReader:
    """Finds intents. Immutable; safe to share between threads."""

    def __init__(
        self,
        file: IntentFile,
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
        centre: NDArray[np.float32],
    ) -> None:
        self._names = list(file.intents)
        self._rules = [(rule, re.compile(rule.pattern)) for rule in file.rules]
        self._made_by_man = re.compile(file.made_by_man)
        self._weights, self._bias, self._centre = weights, bias, centre

    @classmethod
    def load(cls) -> Self:
        """Rules and the fitted head."""
        file, _ = load_intents()
        with np.load(HEAD_FILE) as head:
            return cls(file, *(head[name].astype(np.float32) for name in ("weights", "bias", "centre")))

    def scores(self, text: str, vector: NDArray[np.float32] | None) -> dict[Intent, float]:
        """The head's share for each intent; two wishes of one message share what there is."""
        logits = features(text, vector, self._centre) @ self._weights + self._bias
        scores = np.exp(logits - logits.max())
        scores /= scores.sum()
        return {name: float(score) for name, score in zip(self._names, scores, strict=True)}

    def _without_devices(self, text: str) -> str:
        """The text in which 人工 of 人工耳蜗 is no word for a person; each character keeps its place."""
        return self._made_by_man.sub(lambda found: "某" * len(found.group()), text)

    def without_person(self, text: str, shares: Mapping[Intent, float]) -> Mapping[Intent, float]:
        """The shares without the wish for a person, where only a device has the word: 想装人工耳蜗."""
        if self._made_by_man.search(text) and not self.ruled(Intent.HUMAN, text):
            return {**shares, Intent.HUMAN: 0.0}
        return shares

    def asks(self, text: str, scores: Mapping[Intent, float], *, worded: bool) -> bool:
        """Whether a message asks: its wording says so, unless the head is clear that it only tells or asks.

        前几天刚拿到 has a question word and asks nothing; 复印件几份 has none and asks.
        """
        telling = scores[Intent.TELL_FACTS]
        asking = max(score for intent, score in scores.items() if intent not in _STATED)
        if worded:
            return not (telling >= CLEAR and asking < ALSO and not _MARKED.search(text))
        return asking >= VERY_SURE and telling < ALSO

    def ruled(self, intent: Intent, text: str) -> bool:
        """Whether the wording itself fixes this intent."""
        text = self._without_devices(text)
        return any(rule.intent is intent and pattern.search(text) for rule, pattern in self._rules)

    def plainly(self, intent: Intent, text: str, scores: Mapping[Intent, float]) -> bool:
        """Whether a statement means this intent beside the facts it tells."""
        if intent is Intent.CORRECT and not _MENDING.search(text):
            return self.ruled(intent, text)
        return self.ruled(intent, text) or (intent in _PLAINLY and scores[intent] >= PLAIN)

    def read(self, text: str, shares: Mapping[Intent, float], *, asks: bool = True) -> tuple[Intent, ...]:
        """Intents of a message, the leading one first; never empty.

        Args:
            text: the message.
            shares: of each intent, as `scores` gives them.
            asks: whether the wording asks anything; a statement is not taken for a question on a score alone.
        """
        if not any(char.isalnum() for char in normalise(text)):
            return (Intent.GREETING,)
        found: dict[Intent, int] = {}
        decided = False
        shares = self.without_person(text, shares)
        said = self._without_devices(text)
        for rule, pattern in self._rules:
            if match := pattern.search(said):
                found[rule.intent] = min(match.start(), found.get(rule.intent, len(text)))
                decided = decided or not rule.with_head
        ranked = sorted(
            (i for i in shares if asks or i in _STATED or (i in _NOUNS and shares[i] >= VERY_SURE)),
            key=lambda i: -shares[i],
        )
        ranked = [i for i in ranked if shares[i] >= _LEAST.get(i, -1.0)]
        if not decided and ranked[0] is Intent.OUT_OF_SCOPE and shares[ranked[0]] >= SURE:
            return (Intent.OUT_OF_SCOPE,)
        if found.keys() & _POLITE:
            ranked = [i for i in ranked if i is not Intent.TELL_FACTS]
        self._likely(found, ranked, shares, len(text), decided=decided, asks=asks)
        return order(found, shares)

    def _likely(
        self,
        found: dict[Intent, int],
        ranked: Sequence[Intent],
        shares: Mapping[Intent, float],
        place: int,
        *,
        decided: bool,
        asks: bool,
    ) -> None:
        """Add what the head finds likely; beside a rule that decides, only what it is sure of."""
        if not decided:
            if not found or shares[ranked[0]] >= SURE:
                found.setdefault(ranked[0], place)
            further = [intent for intent in ranked[1:3] if shares[intent] >= ALSO]
        else:
            further = [i for i in ranked[:2] if asks and shares[i] >= SURE and i not in _LAST]
        for intent in further:
            found.setdefault(intent, place)
        if found.keys() & COMPLETE:
            found.pop(Intent.TELL_FACTS, None)
        if len(found) > 1 and shares[Intent.ASK_POLICY] < SURE and asks and not found.keys() <= _QUIET:
            found.pop(Intent.ASK_POLICY, None)


def order(found: Mapping[Intent, int], shares: Mapping[Intent, float]) -> tuple[Intent, ...]:
    """Leading intents first, small talk last, the rest by where they were said, then by their share."""

    def key(intent: Intent) -> tuple[int, int, float]:
        if intent in _FIRST:
            return (0, _FIRST.index(intent), 0.0)
        if intent in _LAST:
            return (2, _LAST.index(intent), 0.0)
        return (1, found[intent], -shares.get(intent, 0.0))

    return tuple(sorted(found, key=key))
