"""In what order the chosen paragraphs stand, and which of them do not stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agent.compose.offline.choice_words import load_choice
from agent.compose.offline.draft import Writer, split
from knowledge.types import Clause

_STEPS = "一二三四五六"
_STEP = re.compile(f"第([{_STEPS[1:]}])")
_BACK = 3
"""So many paragraphs before one that leans on them are said with it."""


def arranged(writer: Writer, kept: Sequence[Clause]) -> Iterator[Clause]:
    """Guide by guide; the best paragraph first, the others of its guide in the guide's own order.

    What no document says stands after what answers: 每人都不收学费 before 校服费文件没有写.
    """
    places = {
        clause.id: (guide.entry, section, number)
        for entry in dict.fromkeys(clause.guide for clause in kept)
        if (guide := writer.brief.rooms.library.guide(entry or "")) is not None
        for section, (_, clauses) in enumerate(guide.sections)
        for number, clause in enumerate(clauses)
    }
    said: set[str] = set()
    for entry in dict.fromkeys(clause.guide for clause in kept):
        own = [clause for clause in kept if clause.guide == entry]
        own = own if entry == kept[0].guide else sorted(own, key=lambda clause: places[clause.id])
        rest = sorted(own[1:], key=lambda clause: (bool(_silence(clause)), *places[clause.id]))
        ordered = [own[0], *rest]
        for clause in ordered:
            for one in (*_before(writer, clause), clause, *_after(writer, clause)):
                if one.id not in said:
                    said.add(one.id)
                    yield one


def _silence(clause: Clause) -> re.Match[str] | None:
    """What no document says, where a paragraph begins with it: one that first says something answers."""
    return load_choice().silent.search(split(clause.text)[0])


def silent_on_other(writer: Writer, clause: Clause, beside: Clause) -> bool:
    """Whether a paragraph says that no document speaks of what nobody spoke of: 校服 to 学费能减免吗.

    Where it begins with a case (法院判了还是不给的，), that is what the case has beside the next paragraph.
    """
    silence = _silence(clause)
    if silence is None:
        return False
    matter = silence.string[: silence.start()]
    case, of_case, _ = matter.partition("的，")
    own = {pair for pair in pairs(case if of_case else matter) if not of_case or pair not in beside.text}
    spoken = f"{writer.before}，{writer.text}"
    return not any(pair in spoken for pair in own)


def _section(writer: Writer, clause: Clause) -> tuple[list[Clause], int]:
    """The section that a paragraph stands in, and its place there."""
    guide = writer.brief.rooms.library.guide(clause.guide or "")
    section = list(guide.section(clause.section or "")) if guide is not None else []
    return (section, section.index(clause)) if clause in section else ([], 0)


def _after(writer: Writer, clause: Clause) -> list[Clause]:
    """第一 … is half an answer without 第二: the paragraphs that go on from this one."""
    section, place = _section(writer, clause)
    after: list[Clause] = []
    for one in section[place + 1 : place + 1 + _BACK]:
        if not load_choice().leans_back.search(one.text):
            break
        if not writer.says(one.text):
            after.append(one)
    return after


def _before(writer: Writer, clause: Clause) -> list[Clause]:
    """第二 … does not stand without 第一: the paragraphs that this one leans on, the first of them first."""
    section, place = _section(writer, clause)
    before: list[Clause] = []
    while place and len(before) < _BACK and load_choice().leans_back.search(section[place].text):
        place = _leant_on(section, place)
        if not writer.says(section[place].text):
            before.insert(0, section[place])
    return before


def _leant_on(section: Sequence[Clause], place: int) -> int:
    """The place of the step before this one, wherever in the section, else of the paragraph just before."""
    step = _STEP.match(section[place].text)
    earlier = "第" + _STEPS[_STEPS.index(step[1]) - 1] if step else None
    found = [at for at in range(place) if earlier is not None and earlier in section[at].text]
    return found[-1] if found else place - 1


def pairs(text: str) -> set[str]:
    """All pairs of neighbouring characters."""
    return {text[i : i + 2] for i in range(len(text) - 1)}
