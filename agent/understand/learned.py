"""What the learned reader makes of a message: layers 9 to 12, tuned, over the pass that screening made.

It gives probabilities only; `weigh.py` decides what becomes of them beside the rules and patterns.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from agent.types import Intent
from agent.understand.columns import Columns, Value, subjectless

if TYPE_CHECKING:
    from knowledge.encoder import Embedder
    from knowledge.encoder.heads import Heads
    from knowledge.encoder.inner import Pass


MODEL = Path(__file__).with_name("model")
TOKENS = 64
"""So much of a message is read: a token takes a fifth of a millisecond, and a turn is to be quick."""
LEAST_SAID = 20
"""What the material says fewer times than this the reader does not judge: 法院宣告失踪 is rare, and real."""
logger = logging.getLogger("minxing.agent")
_VALUES: dict[str, Value] = {"true": True, "false": False, "1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True, slots=True)
class Heard:
    """Probabilities for one message."""

    lead: Mapping[Intent, float]
    """Which wish leads; they sum to one."""
    wishes: Mapping[Intent, float]
    """Whether each is wished, whatever else is."""
    facts: Mapping[tuple[str, Value], float]
    """Whether the words say this value of this fact, of whomever (`subjectless`). Rare ones are left out."""
    guides: Mapping[str, float]
    """Which guide answers, by entry; with what no document of ours answers they sum to one."""
    whole: bool = True
    """Whether the message was read to its end."""


class LearnedReader:
    """The fitted heads. Immutable; safe to share between threads."""

    def __init__(self, heads: Heads, columns: Columns, judged: Sequence[bool]) -> None:
        self._heads, self._columns, self._judged = heads, columns, tuple(judged)

    @classmethod
    def load(cls, folder: Path = MODEL) -> Self | None:
        """The committed model; None where it is missing or damaged: rules and patterns then read alone."""
        from knowledge.encoder.heads import FACTS_FILE, Heads

        try:
            model = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
            named = model["columns"]
            intents = tuple(Intent(name) for name in named["intents"])
            facts = tuple(
                (name, _VALUES.get(value, value))
                for name, _, value in (n.partition("=") for n in named["facts"])
            )
            judged = [model["said"][name] >= LEAST_SAID for name in named["facts"]]
            return cls(Heads(folder), Columns(intents, facts, tuple(named["guides"])), judged)
        except Exception as error:  # onnxruntime raises its own; whatever breaks, families are still answered
            logger.warning(
                "The learned reader of agent/understand/model is not used: %s", type(error).__name__
            )
            return None

    def read(self, done: Pass) -> Heard:
        """Probabilities for the first text of a pass."""
        whole = done.mask.shape[1] <= TOKENS
        if not whole:
            done = replace(done, states=done.states[:, :TOKENS], mask=done.mask[:, :TOKENS])
        lead, wishes, facts, guides = self._heads.run(done, ["lead", "wishes", "facts", "guides"])
        intents = self._columns.intents
        said: dict[tuple[str, Value], float] = {}
        rows = zip(self._columns.facts, map(float, facts[0]), self._judged, strict=True)
        for (name, value), chance in ((column, chance) for column, chance, judged in rows if judged):
            column = subjectless(name), value
            said[column] = max(chance, said.get(column, 0.0))
        return Heard(
            dict(zip(intents, map(float, lead[0]), strict=True)),
            dict(zip(intents, map(float, wishes[0]), strict=True)),
            said,
            dict(zip(self._columns.guides, map(float, guides[0]), strict=True)),
            whole,
        )


def clause_reader(encoder: Embedder) -> Callable[[str], Pass] | None:
    """Has a clause read by itself as far as the reader needs; None where search has another engine."""
    from knowledge.encoder.bundled import BundledEncoder

    if not isinstance(encoder, BundledEncoder):
        return None
    return lambda clause: encoder.read([clause], tokens=TOKENS)
