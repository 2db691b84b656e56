"""What an epoch reads: the hands' sentences, and examples made by rule from them and from the documents."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.grounding.material import Block, held_out, stretches
from eval.grounding.training import mechanical
from eval.grounding.training.rows import Example, Said

_MADE = 0.4
"""How much an example made by rule counts beside one that a hand wrote."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """Chances of what is done to a block."""

    beside: float = 0.35
    """Other clauses stand beside the right one, as in a long answer."""
    renamed: float = 0.25
    made: int = 2
    """Sentences made by rule of a block."""
    turned: float = 0.25
    """A further row whose evidence was turned."""


def passages(folder: Path) -> list[str]:
    """Paragraphs of the official texts that share nothing with the held-out pairs."""
    apart = held_out()
    found = {
        line.strip()
        for path in sorted(folder.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if 24 <= len(line.strip()) <= 230
    }
    return sorted(text for text in found if not stretches([text]) & apart and mechanical.units(text))


def plain(blocks: Sequence[Block]) -> list[Example]:
    """The blocks as they are."""
    return [
        Example(b.evidence, (*(Said(t, 0.0) for t in b.truths), *(Said(t, 1.0) for t in b.lies)))
        for b in blocks
    ]


def mixed(blocks: Sequence[Block], seed: int, how: Mixture) -> list[Example]:
    """The blocks of one epoch, changed as `how` says."""
    chance = random.Random(seed)
    found: list[Example] = []
    for at, block in enumerate(blocks):
        texts = list(block.texts)
        if chance.random() < how.renamed:
            texts = mechanical.renamed(texts, chance) or texts
        evidence, truths, lies = texts[0], texts[1 : 1 + len(block.truths)], texts[1 + len(block.truths) :]
        said = [*(Said(t, 0.0) for t in truths), *(Said(t, 1.0) for t in lies)]
        said += _made(evidence, truths, chance, how.made)
        other = blocks[(at + chance.choice((-2, -1, 1, 2))) % len(blocks)]
        if chance.random() < 0.3 and other.truths:
            said.append(Said(chance.choice(other.truths), 1.0, _MADE))
        if chance.random() < how.beside:
            evidence = _beside(evidence, blocks, chance)
        chance.shuffle(said)
        found.append(Example(evidence, tuple(said)))
        if truths and chance.random() < how.turned:
            found += _turned(texts[0], truths, chance)
    return found


def _made(evidence: str, truths: Sequence[str], chance: random.Random, many: int) -> list[Said]:
    said: list[Said] = []
    for _ in range(many):
        if truths and chance.random() < 0.6:
            text = chance.choice(truths)
        else:
            known = mechanical.units(evidence)
            if not known:
                continue
            text = mechanical.restated(chance.choice(known), chance, 0.25)
            said.append(Said(text, 0.0, _MADE, 0, 0))
        if changed := mechanical.lie(text, evidence, chance):
            said.append(Said(changed.text, 1.0, _MADE, changed.start, changed.end))
    return said


def _turned(evidence: str, truths: Sequence[str], chance: random.Random) -> list[Example]:
    truth = chance.choice(truths)
    other = mechanical.turned_evidence(evidence, truth, chance)
    if not other:
        return []
    known = mechanical.units(other)
    said = [Said(truth, 1.0, _MADE)]
    if known:
        said.append(Said(chance.choice(known), 0.0, _MADE))
    return [Example(other, tuple(said))]


def _beside(evidence: str, blocks: Sequence[Block], chance: random.Random) -> str:
    others = [b.evidence for b in chance.sample(list(blocks), min(len(blocks), 2)) if b.evidence != evidence]
    if len(evidence) + sum(map(len, others)) > 230:
        others = others[:1]
    if len(evidence) + sum(map(len, others)) > 260:
        return evidence
    both = [evidence, *others]
    chance.shuffle(both)
    return "\n".join(both)


def from_passages(texts: Sequence[str], seed: int, share: float = 1.0) -> list[Example]:
    """Examples made by rule from paragraphs."""
    chance = random.Random(seed)
    found: list[Example] = []
    for text in texts:
        if chance.random() > share:
            continue
        known = mechanical.units(text)
        chance.shuffle(known)
        said: list[Said] = []
        for unit in known[:3]:
            said.append(
                Said(mechanical.restated(unit, chance, chance.choice((0.1, 0.4, 0.7))), 0.0, 1.0, 0, 0)
            )
            spoken = mechanical.restated(unit, chance, chance.choice((0.0, 0.3, 0.6)))
            if changed := mechanical.lie(spoken, text, chance):
                said.append(Said(changed.text, 1.0, 1.0, changed.start, changed.end))
        if changed := mechanical.lie(known[0], "", chance):
            said.append(Said(changed.text, 1.0, 1.0, changed.start, changed.end))
        other = mechanical.units(chance.choice(texts))
        if other and chance.random() < 0.5:
            said.append(Said(mechanical.restated(chance.choice(other), chance), 1.0))
        turned = mechanical.turned_evidence(text, known[0], chance)
        if turned and chance.random() < 0.4:
            found.append(Example(turned, (Said(known[0], 1.0),)))
        found.append(Example(text, tuple(said)))
    return found
