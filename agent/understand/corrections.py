"""What a message takes back or moves from one parent to the other."""

from __future__ import annotations

import re

from agent.types import ConversationState, SaidFact

_OTHER_PARENT = re.compile(
    r"(?:不对|错了?|不是.{0,6}|更正)[，,。 ]*(?:而?是|应该是)?(?:他|她|孩子|娃)?的?"
    r"(妈|娘|母亲|爸|爹|父亲)妈?爸?[。！!了吧]*$"
)
STRETCHES = {
    "out_of_contact": "absent_months",
    "imprisoned": "term_months",
    "compulsory_detox": "term_months",
}
TAKES_BACK = re.compile(r"(?:不能|没法|不敢)确定|拿不准|吃不准|先?别算|先不算|不作数|别当真|收回|当我没说")


def other_parent(text: str, state: ConversationState) -> tuple[tuple[SaidFact, ...], tuple[str, ...]]:
    """不对，是他妈妈: what was last said of one parent belongs to the other."""
    found = _OTHER_PARENT.search(text.strip())
    if found is None:
        return (), ()
    right = "mother" if found.group(1) in ("妈", "娘", "母亲") else "father"
    wrong = "father" if right == "mother" else "mother"
    latest = max((f.said_at for f in state.facts if f.name.startswith(wrong)), default=None)
    if latest is None:
        return (), ()
    taken = [f for f in state.facts if f.name.startswith(wrong) and f.said_at == latest]
    moved = tuple(
        SaidFact(right + f.name.removeprefix(wrong), f.value, text, certain=f.certain, correction=True)
        for f in taken
    )
    return moved, tuple(f.name for f in taken)


def stretches_exchanged(
    kept: dict[str, SaidFact], state: ConversationState
) -> tuple[tuple[SaidFact, ...], tuple[str, ...]]:
    """戒毒的是他妈，病死的是他爸: how long goes over to the other parent with the state."""
    moved: list[SaidFact] = []
    left: list[str] = []
    for parent, other in (("father", "mother"), ("mother", "father")):
        now, before = kept.get(f"{parent}_state"), state.values.get(f"{other}_state")
        part = STRETCHES.get(str(before))
        name = f"{parent}_{part}"
        if now is None or part is None or now.value != before or name in kept:
            continue
        if f"{other}_{part}" in state.values and f"{other}_state" in kept:
            moved.append(SaidFact(name, state.values[f"{other}_{part}"], now.span, correction=True))
            left.append(f"{other}_{part}")
    return tuple(moved), tuple(left)


def held_of(kept: dict[str, SaidFact], state: ConversationState) -> tuple[str, ...]:
    """Of what a message takes back, what we hold: 他妈坐牢这个我不能确定，先别算进去."""
    return tuple(name for name, fact in kept.items() if state.values.get(name) == fact.value)
