"""Senses that a sentence may not exchange for others, nor bring in on its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guardrails.output.align import aligned, features, likeness
from guardrails.output.clauses import clauses
from guardrails.output.objection import Ground, Objection
from guardrails.output.word_files import Lexicon, contrasts

_CLOSE = 0.9
_RESTATES = 0.5
_CLEARLY = 0.3
_OFTEN = {
    "absolute": {
        "only": ("才", "仅", "只", "限于", "除", "唯"),
        "all": ("都", "均", "所有", "任何", "全部", "凡"),
    }
}
"""Absolutes are borne by smaller words as well, which are too common to look for in a sentence."""


def _senses(lexicon: Lexicon, text: str) -> dict[str, str]:
    """Senses in a text, each with the words that bear it."""
    return {lexicon.sense_of[match.group()]: match.group() for match in lexicon.pattern.finditer(text)}


def exchanged(sentence: str, evidence: Sequence[str]) -> Iterator[Objection]:
    """Senses of exclusive groups that the evidence contradicts.

    Args:
        sentence: what is to be said.
        evidence: sentences of the evidence.
    """
    exclusive, _, clausewise = contrasts()
    for lexicon in clausewise:
        yield from _other_actor(lexicon, sentence, evidence)
    for lexicon in exclusive:
        said = _senses(lexicon, sentence)
        if not said:
            continue
        known = _nearest_senses(lexicon, sentence, evidence)
        for sense, words in said.items():
            alone = len(said) == 1
            if known and (
                sense not in known or (alone and _belongs_elsewhere(lexicon, sense, sentence, evidence))
            ):
                instead = "/".join(known.values())
                yield Objection(Ground.CONTRAST, words, f"the evidence says {instead} ({lexicon.name})")


def _all_senses(lexicon: Lexicon, text: str) -> dict[str, str]:
    return _senses(lexicon, text) | {sense: word for word, sense in lexicon.implied.items() if word in text}


def _nearest_senses(lexicon: Lexicon, sentence: str, evidence: Sequence[str]) -> dict[str, str]:
    """Senses where the evidence speaks of the group and is otherwise most like the sentence."""
    speaking = [unit for unit in evidence if _all_senses(lexicon, unit)]
    bare = lexicon.pattern.sub("\u3000", sentence)
    known: dict[str, str] = {}
    for unit in aligned(bare, speaking, close=_CLOSE):
        known |= _all_senses(lexicon, unit)
    return known


def _belongs_elsewhere(lexicon: Lexicon, sense: str, sentence: str, evidence: Sequence[str]) -> bool:
    """Whether one clause of the evidence is clearly what the sentence restates, and says another sense."""
    saying = [clause for clause in clauses(sentence) if sense in _senses(lexicon, clause)]
    wanted = features(lexicon.pattern.sub("\u3000", "\u3000".join(saying)))
    own = other = 0.0
    for unit in evidence:
        for clause in clauses(unit):
            senses = _all_senses(lexicon, clause)
            alike = likeness(wanted, features(clause)) if senses else 0.0
            if sense in senses:
                own = max(own, alike)
            elif senses:
                other = max(other, alike)
    return other >= _RESTATES and other - own > _CLEARLY


def _actor(lexicon: Lexicon, clause: str) -> tuple[str, str] | None:
    """Who acts in a clause, as (sense, words): the one behind 由, or the one it begins with."""
    by = clause.find("由")
    match = lexicon.pattern.match(clause, by + 1) if by >= 0 else lexicon.pattern.match(clause)
    return (lexicon.sense_of[match.group()], match.group()) if match else None


def _other_actor(lexicon: Lexicon, sentence: str, evidence: Sequence[str]) -> Iterator[Objection]:
    """An act that one clause of the evidence clearly gives to somebody else."""
    known = [(clause, _actor(lexicon, clause)) for unit in evidence for clause in clauses(unit)]
    for clause in clauses(sentence):
        said = _actor(lexicon, clause)
        if said is None:
            continue
        wanted = features(clause.replace(said[1], "\u3000", 1))
        own = max(
            (likeness(wanted, features(c)) for c, actor in known if said[1] in c or actor == said),
            default=0.0,
        )
        for other, actor in known:
            alike = likeness(wanted, features(other)) if actor and actor[0] != said[0] else 0.0
            if alike >= _RESTATES and alike - own > _CLEARLY:
                yield Objection(
                    Ground.CONTRAST, said[1], f"the evidence says it of {actor[1] if actor else ''}"
                )
                return


def brought_in(sentence: str, whole: str) -> Iterator[Objection]:
    """Offices, benefits, conditions and absolutes that the evidence does not name."""
    _, named, _ = contrasts()
    for lexicon in named:
        known = _senses_all(lexicon, whole)
        for sense, words in _senses(lexicon, sentence).items():
            if sense in known or any(word in whole for word in _OFTEN.get(lexicon.name, {}).get(sense, ())):
                continue
            yield Objection(Ground.UNSUPPORTED, words, f"the evidence does not name it ({lexicon.name})")


def _senses_all(lexicon: Lexicon, text: str) -> set[str]:
    """Senses in a text, words inside longer words included: 事实无人抚养 in the evidence also bears 抚养."""
    borne = {sense for word, sense in lexicon.sense_of.items() if word in text}
    return borne | {sense for word, sense in lexicon.implied.items() if word in text}
