"""How much all that is known of a sentence speaks against it, as one number: above 0 it is not said.

The weights are learnt from the development pairs of `eval/grounding` by `eval.grounding.train`, and lie in
`weights.yaml`.
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
COMPARED = frozenset({Ground.POLARITY, Ground.CONTRAST, Ground.UNSUPPORTED, Ground.BOUND})
"""What the rules find by comparing words: weighed together. Every other ground stands alone."""


_DENIALS = re.compile(r"不(?!过|仅|但|管|论)|没|未|无|勿|非|禁止|例外|除")


class Weights(BaseModel):
    """The file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bias: float
    traits: dict[str, float]


@dataclass(frozen=True, slots=True)
class Weighed:
    """The number and what of a sentence weighed most."""

    score: float
    most: str


@lru_cache(maxsize=1)
def weights() -> Weights:
    """Read and check the file once."""
    return TypeAdapter(Weights).validate_python(yaml.safe_load(FILE.read_text("utf-8")))


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


def weigh(known: Mapping[str, float]) -> Weighed:
    """One number for all traits."""
    table = weights()
    parts = {name: value * table.traits[name] for name, value in known.items() if name in table.traits}
    most = max(parts, key=lambda name: parts[name], default="")
    return Weighed(table.bias + sum(parts.values()), most)
