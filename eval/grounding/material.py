"""Pairs to learn from, in a compact form: evidence, what is true by it, what is a lie.

A file of `material/`, named after the hand that wrote it, holds blocks apart by an empty line::

    = evidence
    + a sentence that follows from it
    - one that does not
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from eval.grounding.score import FILES, Entry, load_file

MATERIAL = Path(__file__).resolve().parent / "material"
DEVELOPMENT = "development"
SHARED = 12
"""Characters in a row that no two of training and held-out material have in common (R-75)."""

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=160)]


class Block(BaseModel):
    """One piece of evidence with sentences about it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str
    evidence: Annotated[str, StringConstraints(strip_whitespace=True, min_length=6, max_length=600)]
    truths: tuple[Said, ...]
    lies: tuple[Said, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Evidence and sentences."""
        return (self.evidence, *self.truths, *self.lies)


class MaterialError(ValueError):
    """Shown to who writes material: which file and line is not as it should be."""


def read(path: Path) -> tuple[Block, ...]:
    """The blocks of a file.

    Raises:
        MaterialError: when a line has no mark, or a sentence no evidence.
    """
    return tuple(_blocks(path.stem, path.read_text(encoding="utf-8").splitlines(), str(path.name)))


def _blocks(by: str, lines: Iterable[str], name: str) -> Iterator[Block]:
    evidence: str | None = None
    said: dict[str, list[str]] = {"+": [], "-": []}
    for number, line in enumerate(lines, start=1):
        mark, text = line[:1], line[1:].strip()
        if not line.strip() or line.startswith("#"):
            continue
        if mark == "=":
            if evidence is not None:
                yield Block(by=by, evidence=evidence, truths=tuple(said["+"]), lies=tuple(said["-"]))
            evidence, said = text, {"+": [], "-": []}
        elif mark in said and evidence is not None:
            said[mark].append(text)
        else:
            raise MaterialError(f"{name}, line {number}: begin with =, + or -, and evidence first: {line!r}")
    if evidence is not None:
        yield Block(by=by, evidence=evidence, truths=tuple(said["+"]), lies=tuple(said["-"]))


def write(path: Path, blocks: Iterable[Block], head: str) -> None:
    """Write a file that `read` reads again."""
    parts = [
        "\n".join([f"= {b.evidence}", *(f"+ {t}" for t in b.truths), *(f"- {lie}" for lie in b.lies)])
        for b in blocks
    ]
    notes = "".join(f"# {line}\n" for line in head.splitlines())
    path.write_text(notes + "\n" + "\n\n".join(parts) + "\n", encoding="utf-8")


def stretches(texts: Iterable[str]) -> frozenset[str]:
    """All stretches of twelve characters."""
    return frozenset(t[at : at + SHARED] for t in texts for at in range(len(t) - SHARED + 1))


def held_out() -> frozenset[str]:
    """Stretches of the held-out pairs, which nothing learned from may share."""
    return frozenset().union(*(stretches(_texts(e)) for name in FILES["held_out"] for e in load_file(name)))


def _texts(entry: Entry) -> list[str]:
    return [entry.evidence, *(sentence for pair in entry.pairs for sentence in pair)]


def development() -> tuple[Block, ...]:
    """The development pairs, as blocks."""
    return tuple(
        Block(
            by=name.removesuffix(".yaml"),
            evidence=entry.evidence,
            truths=tuple(pair[0] for pair in entry.pairs),
            lies=tuple(pair[1] for pair in entry.pairs),
        )
        for name in FILES["development"]
        for entry in load_file(name)
    )


def learnable(*, hands: bool = True) -> tuple[Block, ...]:
    """What may be learned from: the hands' blocks and the development pairs, R-75 kept."""
    apart = held_out()
    files = sorted(MATERIAL.glob("*.txt")) if hands else []
    found = (*(b for path in files for b in read(path)), *development())
    return tuple(block for block in found if not stretches(block.texts) & apart)
