"""可以 against 应当: what is a duty is not said as a choice, and what is a choice is not said as a duty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guardrails.output.align import features, likeness
from guardrails.output.clauses import clauses
from guardrails.output.objection import Ground, Objection

_DUTY_SAID = re.compile(r"必须|一定要|务必|强制|只能先|应当|非要")
_DUTY = re.compile(r"应当|必须|应(?!急|届)|须|不得|有义务|务必|一律|需要?|要")
_CHOICE_SAID = re.compile(
    r"(?<!不)(?:可以|自愿|随意|看情况|视情况|愿意的话)(?!申请|找|送|交|代|替|提|用|进|上|住|继续|免|问|打|去|托|选|拿|领|享|查|带|交|先|同时|直接|就近|在|到|向|请|办)"
)
_CLEARLY = 0.3
_ENOUGH = re.compile(r"就行|就够|即可|就可以了")
_BINDING = re.compile(r"应当|必须|应(?!急|届)|须|有义务|务必")
_CHOICE = re.compile(r"可以|可(?![是能怜])|自愿|鼓励|视情|有条件|选择|能")


def _closest(sentence: str, near: Sequence[str]) -> str:
    """The clause of the evidence that is most like a sentence."""
    wanted = features(sentence)
    parts = [clause for unit in near for clause in clauses(unit)]
    return max(parts, key=lambda clause: likeness(wanted, features(clause)), default="")


_FIRST_THEN = re.compile(r"先([^，,。；;]{2,16}?)[，,]?(?:再|才能?|然后|后)([^，,。；;]{2,20})")


def order_objections(sentence: str, near: Sequence[str]) -> Iterator[Objection]:
    """先A再B said as 先B再A."""
    said = _FIRST_THEN.search(sentence)
    if said is None:
        return
    first, then = features(said.group(1)), features(said.group(2))
    for unit in near:
        known = _FIRST_THEN.search(unit)
        if known is None:
            continue
        one, two = features(known.group(1)), features(known.group(2))
        crossed = likeness(first, two) + likeness(then, one)
        if crossed > likeness(first, one) + likeness(then, two) + _CLEARLY:
            yield Objection(Ground.CONTRAST, said.group(), "the evidence has it in the other order")
            return


def modality_objections(sentence: str, near: Sequence[str]) -> Iterator[Objection]:
    """Duties and choices that were exchanged.

    Args:
        sentence: what is to be said.
        near: the part of the evidence that it speaks of.
    """
    evidence = "\n".join(near)
    if "才" in sentence and "除" in evidence:
        return
    enough = _ENOUGH.search(sentence)
    if enough and _BINDING.search(evidence) and not _CHOICE.search(evidence):
        yield Objection(Ground.CONTRAST, enough.group(), "the evidence asks for more")
    duty = _DUTY_SAID.search(sentence)
    if duty and _CHOICE.search(evidence) and not _DUTY.search(evidence):
        yield Objection(Ground.CONTRAST, duty.group(), "the evidence leaves a choice")
    choice = _CHOICE_SAID.search(sentence)
    closest = _closest(sentence, near)
    if choice and _BINDING.search(closest) and not _CHOICE.search(evidence):
        yield Objection(Ground.CONTRAST, choice.group(), "the evidence makes it a duty")
