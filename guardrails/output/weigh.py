"""How much all that is known of a sentence speaks against it, as one number: above 0 it is not said.

The weights are learnt by `eval.grounding.train` and lie in `weights.yaml` for the rules alone, and in
`weights_with_crossings.yaml` for the rules beside what their words are crossed with (`crossing.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from guardrails.output.objection import Ground, Objection
from guardrails.output.traits import traits

FILE = Path(__file__).with_name("weights.yaml")
WITH_CROSSINGS = Path(__file__).with_name("weights_with_crossings.yaml")
CROSSINGS = "crossings"
"""The trait that the crossings of words add: their logit."""
SURE = 6.0
"""A voice that is surer than this counts as if it were not."""
COMPARED = frozenset({Ground.POLARITY, Ground.CONTRAST, Ground.UNSUPPORTED, Ground.BOUND})
"""What the rules find by comparing words: weighed together. Every other ground stands alone."""


_DENIALS = re.compile(r"不(?!过|仅|但|管|论)|没|未|无|勿|非|禁止|例外|除")


class Weights(BaseModel):
    """The file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bias: float
    traits: dict[str, float]
    strict: float = 0.0
    """Added to the bias when the crossings should have spoken and could not: more is dropped, less gets
    out."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The number and what of a sentence weighed most."""

    score: float
    most: str


@lru_cache(maxsize=2)
def weights(path: Path = FILE) -> Weights:
    """Read and check a file once."""
    return TypeAdapter(Weights).validate_python(yaml.safe_load(path.read_text("utf-8")))


def known_of(sentence: str, evidence: str, found: Iterable[Objection]) -> dict[str, float]:
    """All traits of a sentence, what the rules found included."""
    known = traits(sentence, evidence)
    grounds = {objection.ground for objection in found}
    for ground in grounds:
        known[f"rule_{ground.value}"] = 1.0
    if Ground.POLARITY in grounds and known["sign"]:
        known["rule_polarity_and_sign"] = 1.0
    if len(_DENIALS.findall(sentence)) > 1:  # 没经同意，不能去 says what 经同意，可以去 says.
        for name in [name for name in known if name.startswith(("sign", "rule_polarity"))]:
            known[f"twice_{name}"] = known.pop(name)
    return known


def weigh(known: Mapping[str, float], logit: float | None = None, *, strict: bool = False) -> Weighed:
    """One number for all traits.

    Args:
        known: the traits.
        logit: what the crossings say, if they were asked and answered.
        strict: whether they were asked and could not answer.
    """
    table = weights() if logit is None else weights(WITH_CROSSINGS)
    if logit is not None:
        known = {**known, CROSSINGS: max(-SURE, min(SURE, logit))}
    parts = {name: value * table.traits[name] for name, value in known.items() if name in table.traits}
    most = max(parts, key=lambda name: parts[name], default="")
    return Weighed(table.bias + table.strict * strict + sum(parts.values()), most)
