"""Facts by what stands together in a clause, in whatever order: 孤儿证民政已经发下来了, 民政给发了孤儿证.

`frames.yaml` lists for each value the pieces that must stand there. A frame looks at one clause, then at two
neighbouring ones; clauses that ask, suppose or speak of others declare nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from agent.types import SaidFact
from agent.understand.allowances import told_of_both
from agent.understand.kin import BY_MY_PARENTS, CAME_TO_ME, NOW, Family, Subject
from agent.understand.lexicon import Lexicon
from agent.understand.talk import SOME_RELATIVE, Segment, names_a_child
from agent.understand.whose import ELSEWHOSE

FRAMES_FILE = Path(__file__).with_name("frames.yaml")
_WORD = re.compile(r"(?<![?P!=])<([a-z_]+)>")
_VALUES = {"true": True, "false": False}
_TAIL = re.compile(
    r"(?:请问|想问(?:下|一下)?|问下|那)?(?:还|也|就|都|又)?(?:能不能|可不可以|可以|能(?!力)|有没有|有什么|有啥|有哪些|有补|怎么"
    r"|怎样|咋|如何|算不算|算(?=.{0,8}[吗么伐不])|是不是|够不够|符合|享受|该|要不要|会不会|可有|哪|几|多少|什么|啥|为什么|凭什么).*$"
)
"""Where the asking part of a clause begins: 孩子没有医保怎么办 tells before it asks."""
_SOMEBODY = re.compile(r"我|俺|咱|他|她|孩子|娃|孙|外甥|侄|儿子|女儿|囡|家里|阿拉|小孩|伢")
_LEAST_TOLD = 4


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FrameData(_Data):
    """One way of saying one value."""

    value: str
    has: tuple[str, ...]
    unless: str = ""


class _File(_Data):
    words: dict[str, str]
    facts: dict[str, tuple[FrameData, ...]]
    stop: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A compiled frame."""

    value: bool | str
    has: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None

    def fits(self, text: str) -> bool:
        """Whether the text says this value."""
        return all(piece.search(text) for piece in self.has) and not (
            self.unless and self.unless.search(text)
        )


@dataclass(frozen=True, slots=True)
class Frames:
    """All frames. Immutable; safe to share between threads."""

    facts: dict[str, tuple[Frame, ...]]
    stop: re.Pattern[str]

    def value(self, name: str, text: str) -> bool | str | None:
        """What a text says of one fact; None where it says nothing."""
        return next((frame.value for frame in self.facts.get(name, ()) if frame.fits(text)), None)


@cache
def load_frames() -> Frames:
    """Read and compile `frames.yaml` once a process."""
    file = _File.model_validate(yaml.safe_load(FRAMES_FILE.read_text(encoding="utf-8")))

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(_WORD.sub(lambda found: f"(?:{file.words[found.group(1)]})", pattern))

    return Frames(
        {
            name: tuple(
                Frame(
                    _VALUES.get(frame.value, frame.value),
                    tuple(map(compiled, frame.has)),
                    compiled(frame.unless) if frame.unless else None,
                )
                for frame in frames
            )
            for name, frames in file.facts.items()
        },
        compiled(file.stop),
    )


def read_frames(segments: Sequence[Segment], lexicon: Lexicon, family: Family) -> Iterator[SaidFact]:
    """Facts of the clauses of a message, each at most once."""
    frames = load_frames()
    told = list(_told(segments, lexicon, frames, family))
    deaths = _deaths(segments, lexicon)
    ours = list(_of_ourselves(told, lexicon))
    clauses = "，".join(text for text, _, _ in told)
    if paid := told_of_both(segments):
        yield paid
    for name in frames.facts:
        if paid and name in (paid.name, "receives_basic_living_allowance"):
            continue
        said = sorted(told, key=_of_before) if name == "carer" else told
        for text, doubtful, of_child in [*said, *(ours if name == "urgent_need" else ())]:
            if name in _OF_CHILD and not of_child:
                continue
            value = frames.value(name, text)
            if name == "carer" and _of_grandparents_or_me(text, family, clauses):
                value = None  # `child.py` reads it: whom it means depends on who writes
            if value is None or (value in OF_A_CAUSE and _among(deaths, text)):
                continue
            if name in _NOT_OF_ONCE and _ONCE.search(text):
                continue
            yield SaidFact(name, value, text, certain=not doubtful)
            break


def _of_grandparents_or_me(text: str, family: Family, clauses: str) -> bool:
    """Whether it is 我妈 who cares, or the child came to who writes: 外婆没了才接到我身边."""
    mine = family.speaker is not Subject.CHILD and BY_MY_PARENTS.search(text)
    return bool(mine or (family.carer and CAME_TO_ME.search(clauses)))


def _of_before(told: tuple[str, bool, bool]) -> bool:
    """孩子跟妈，但其实是外婆在带: who cares now is looked for first."""
    return not re.search(NOW, told[0])


_NOT_OF_ONCE = frozenset({"carer", "lives_in_hangzhou"})
_ONCE = re.compile(r"(?:岁(?:以|之)?前|小时候|以前|原来|原先|之前|早先|从前|当初)(?!.*(?:现在|如今|一直))")
"""三岁前是外婆带的, 小时候在老家: not now."""
_OF_CHILD = frozenset(
    {"needs_long_term_care", "child_serious_illness", "child_rare_disease", "child_autism", "child_hiv"}
    | {"child_disability_certificate", "limb_surgery_indicated", "full_time_student"}
)
"""Not said of a child where the clause goes on about a parent: 妈妈尿毒症，一周透析三次."""
_DIED = re.compile(
    r"[爸妈爹娘公婆子媳儿弟哥姐妹他她]走(?:了|掉了?)$|人没了|去世|过世|死了|死的|都没了|双亡|走的|身亡|没救|[爸妈爹娘]没了"
)
_ILL = re.compile(r"病|癌")
"""Who died of an illness told the cause: 生病死了，上个月出了车祸 is another matter."""
OF_A_CAUSE = frozenset({"accident", "sudden_illness"})


_ELDERS = frozenset({Subject.FATHER, Subject.MOTHER, Subject.BOTH, Subject.GRANDPARENT, Subject.RELATIVE})


def _among(clauses: set[str], text: str) -> bool:
    return any(clause in text or text in clause for clause in clauses)


def _deaths(segments: Sequence[Segment], lexicon: Lexicon) -> set[str]:
    """Clauses that tell of a death, and neighbours that go on about it: 出了车祸，人没了; 他爸死了，车祸."""
    clauses = list(dict.fromkeys(segment.clause for segment in segments))
    deaths = {clause for clause in clauses if _DIED.search(clause)}
    about = [
        {one, other}
        for one, other in pairwise(clauses)
        if any(clause in deaths and not _ILL.search(clause) for clause in (one, other))
        and not lexicon.person.search(other)
    ]
    return deaths.union(*about)


def _told(
    segments: Sequence[Segment], lexicon: Lexicon, frames: Frames, family: Family
) -> Iterator[tuple[str, bool, bool]]:
    """Clauses that tell, then neighbours taken together: doubtful or not, of the child or not."""
    clauses: dict[str, Segment] = {}
    child: dict[str, bool] = {}
    for segment in segments:
        clauses.setdefault(segment.clause, segment)
        others = segment.subject in _ELDERS or bool(SOME_RELATIVE.search(segment.clause))
        mine = not others or names_a_child(segment.clause, family)
        child[segment.clause] = child.get(segment.clause, False) or mine
    kept: list[tuple[str, bool, bool]] = []
    alone: list[bool] = []
    for clause, segment in clauses.items():
        alone.append(bool(lexicon.person.search(clause)))
        if segment.hypothetical or ELSEWHOSE.search(clause) or frames.stop.search(clause):
            kept.append(("", False, False))
            continue
        kept.append((_stated(clause) if segment.asks else clause, segment.doubtful, child[clause]))
    yield from (one for one in kept if one[0])
    for (one, doubt, mine), (other, more, too), somebody in zip(kept, kept[1:], alone[1:], strict=False):
        if one and other and not somebody and len(one) + len(other) <= _LONGEST:
            yield f"{one}{other}", doubt or more, mine and too


def _of_ourselves(
    told: Sequence[tuple[str, bool, bool]], lexicon: Lexicon
) -> Iterator[tuple[str, bool, bool]]:
    """医院叫先交八万，我们拿不出来: need goes on into a clause that begins with ourselves."""
    for (one, doubt, mine), (other, more, too) in pairwise(told):
        found = lexicon.person.match(other)
        ours = found and found.lastgroup in ("self", "household") and _CANNOT_PAY.search(other)
        if found and ours and not lexicon.person.search(one):
            yield f"{one}{other[found.end() :]}", doubt or more, mine and too


_CANNOT_PAY = re.compile(r"[拿凑交付筹]不|没(?:有)?钱|没有?$|钱[^，]{0,3}没")
_LONGEST = 24
"""Two clauses longer than this together say two things."""


def _stated(clause: str) -> str:
    """What a clause tells before it asks; empty where it only asks: 补贴里头有他吗 tells nothing."""
    told = _TAIL.sub("", clause)
    rest = told.rstrip("吗么呢？?")
    return rest if told != clause and len(rest) >= _LEAST_TOLD and _SOMEBODY.search(rest) else ""
