"""The last look at a sentence before a family reads it (R-41, R-42, SE-7). Fails closed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from guardrails.output import references
from guardrails.output.align import aligned, units
from guardrails.output.contrast import brought_in, exchanged
from guardrails.output.crossing import crossings
from guardrails.output.decided import decided_objections
from guardrails.output.figures import figure_objections
from guardrails.output.modality import modality_objections, order_objections
from guardrails.output.objection import Ground, Objection
from guardrails.output.polarity import polarity_objections
from guardrails.output.references import Mention
from guardrails.output.weigh import COMPARED, WITH_CROSSINGS, Weighed, known_of, weigh, weights
from guardrails.output.word_files import wording

_LONGEST = 2_000
"""A sentence of an answer has 40 characters. Whatever is longer than this was not written as one."""

_NOT_BELOW = re.compile(r"不[能得可]以?(低于|超过|高于|少于|多于)")
_ENDS = "。；;！!？?\n"
_SUPPORT = 0.6
"""How like the best piece of evidence another must be to count for a sentence as well."""

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


@runtime_checkable
class Numbers(Protocol):
    """Where telephone numbers may come from: `tools.directory.Directory`, or anything that lists numbers."""

    @property
    def numbers(self) -> Iterable[str]:
        """All numbers that may be told, as they are printed."""


class Reads(Protocol):
    """Whoever reads a sentence together with its evidence: `crossing.Crossing`."""

    problem: str
    """Why it cannot; empty while it can."""

    def logit(self, sentence: str, evidence: Sequence[str]) -> float | None:
        """Above 0: rather a lie. None: it cannot say."""


class OutputCheck:
    """Looks for what a sentence says beyond its evidence.

    Args:
        directory: an object with `numbers`, or the numbers themselves.
        reader: reads sentence and evidence together; None: the rules alone.
    """

    def __init__(self, directory: Numbers | Iterable[str], reader: Reads | None = None) -> None:
        self._reader = reader
        listed = directory.numbers if isinstance(directory, Numbers) else directory
        self._numbers = frozenset(re.sub(r"\D", "", number) for number in listed)
        wording()  # A fault in the word files shows at start, not in a conversation.
        weights()
        if reader:
            weights(WITH_CROSSINGS)

    def objections(
        self, text: str, evidence_texts: Sequence[str], *, transferred: bool = False, read: bool = True
    ) -> tuple[Objection, ...]:
        """Everything that speaks against saying a sentence; empty if it may go out.

        Args:
            text: the sentence.
            evidence_texts: the texts of the evidence that the sentence names.
            transferred: whether a stored event says that a person was reached (CR-22).
            read: whether the reader is asked, where there is one; not for words that people reviewed.
        """
        try:
            reader = self._reader if read else None
            return tuple(self._objections(text, tuple(evidence_texts), transferred, reader))
        except Exception as error:  # Fail closed: a sentence that could not be checked is not said.
            return (Objection(Ground.FAILED, "", f"the check failed: {type(error).__name__}"),)

    def _objections(
        self, text: str, evidence_texts: tuple[str, ...], transferred: bool, reader: Reads | None
    ) -> Iterator[Objection]:
        if len(text) > _LONGEST:
            yield Objection(Ground.FAILED, "", "too long to be one sentence")
            return
        plain = _INVISIBLE.sub("", references.half_width(text))
        yield from _hidden(text)
        yield from _wording(plain, transferred)
        phones, links = references.phones(plain), references.links(plain)
        yield from self._phones(phones, links)
        yield from _links(links)
        sentence = wording().standing.sub("", plain)
        if len(sentence) != len(plain):
            phones, links = references.phones(sentence), references.links(sentence)
        sentence = _plainer(sentence)
        evidence = tuple(_plainer(references.half_width(item)) for item in evidence_texts)
        # What a sentence says must stand where the evidence speaks of it, not anywhere in the answer.
        support = aligned(sentence, evidence, close=_SUPPORT, most=len(evidence))
        whole = "\n".join(support)
        if _quoted(sentence, whole):
            yield from figure_objections(sentence, whole, (*phones, *links))
            return
        if reader is not None:
            yield from decided_objections(sentence, evidence)
        found = tuple(self._compared(sentence, support, whole, (*phones, *links)))
        yield from (objection for objection in found if objection.ground not in COMPARED)
        if transferred and wording().transferred.search(re.sub(r"\s", "", plain)):
            return  # The stored event bears it, not the evidence (CR-22).
        weighed = _weighed(sentence, support, found, reader)
        if weighed.score <= 0:
            return
        compared = [objection for objection in found if objection.ground in COMPARED]
        yield from compared or [
            Objection(Ground.UNSUPPORTED, sentence, f"the evidence does not bear it ({weighed.most})")
        ]

    @property
    def problem(self) -> str:
        """Why the reader cannot be used, for health; empty when it can, or none is wanted."""
        return self._reader.problem if self._reader else ""

    @staticmethod
    def _compared(
        sentence: str, support: Sequence[str], whole: str, others: tuple[Mention, ...]
    ) -> Iterator[Objection]:
        """What the rules say: figures, exchanged words, denial, duty, order."""
        yield from figure_objections(sentence, whole, others)
        known = units(support)
        near = aligned(sentence, known)
        yield from exchanged(sentence, known)
        yield from brought_in(sentence, whole)
        yield from polarity_objections(sentence, aligned(sentence, known, close=0.4, most=8))
        yield from modality_objections(sentence, near)
        yield from order_objections(sentence, near)

    def known(self, text: str, evidence_texts: Sequence[str]) -> dict[str, float]:
        """All traits of a sentence that are weighed, for `eval.grounding.train`."""
        sentence, evidence = (
            _plainer(references.half_width(text)),
            [_plainer(references.half_width(item)) for item in evidence_texts],
        )
        support = aligned(sentence, evidence, close=_SUPPORT, most=len(evidence))
        whole = "\n".join(support)
        return known_of(sentence, whole, self._compared(sentence, support, whole, ()))

    def crossed(self, text: str, evidence_texts: Sequence[str]) -> NDArray[np.int64]:
        """The crossings that are weighed, for `eval.grounding.join`."""
        sentence = _plainer(references.half_width(text))
        evidence = [_plainer(references.half_width(item)) for item in evidence_texts]
        return crossings(sentence, aligned(sentence, evidence, close=_SUPPORT, most=len(evidence)))

    def _phones(self, phones: tuple[Mention, ...], links: tuple[Mention, ...]) -> Iterator[Objection]:
        for phone in phones:
            if any(link.start <= phone.start < link.end for link in links):
                continue
            if phone.value not in self._numbers:
                yield Objection(Ground.PHONE, phone.text, "the directory does not list this number")


def _weighed(
    sentence: str, support: Sequence[str], found: Iterable[Objection], reader: Reads | None
) -> Weighed:
    """What traits and reader come to."""
    known = known_of(sentence, "\n".join(support), found)
    logit = reader.logit(sentence, support) if reader else None
    return weigh(known, logit, strict=reader is not None and logit is None)


def _quoted(sentence: str, evidence: str) -> bool:
    """Whether a sentence stands in the evidence as whole sentences: it cannot say more than they do."""
    bare = sentence.strip().rstrip(_ENDS)
    if not bare:
        return True
    at = evidence.find(bare)
    while at >= 0:
        after = at + len(bare)
        if (at == 0 or evidence[at - 1] in _ENDS) and (after == len(evidence) or evidence[after] in _ENDS):
            return True
        at = evidence.find(bare, at + 1)
    return False


def _plainer(text: str) -> str:
    """The same text with two ways of saying one thing made one: 能够, 不得低于."""
    return _NOT_BELOW.sub(r"不\1", text.replace("能够", "能"))


def _hidden(text: str) -> Iterator[Objection]:
    if _INVISIBLE.search(text) or any(unicodedata.category(c) in ("Cs", "Co") or c == "\0" for c in text):
        yield Objection(Ground.MARKUP, "", "invisible or broken characters")


def _wording(plain: str, transferred: bool) -> Iterator[Objection]:
    words = wording()
    markup = words.markup.search(plain)
    if markup:
        yield Objection(Ground.MARKUP, markup.group(), "markup in a sentence")
    squeezed = re.sub(r"\s", "", plain)
    for name, why, pattern in words.forbidden:
        match = pattern.search(squeezed)
        if match:
            yield Objection(Ground.WORDING, match.group(), f"{why} ({name})")
    claim = None if transferred else words.transferred.search(squeezed)
    if claim:
        yield Objection(
            Ground.TRANSFER, claim.group(), "no stored event says that a person was reached (CR-22)"
        )


def _links(links: tuple[Mention, ...]) -> Iterator[Objection]:
    for link in links:
        match = re.fullmatch(r"https://([a-z0-9.\-]+)(?:/[^\s]*)?", link.value, re.IGNORECASE)
        host = match.group(1).lower() if match else ""
        if not any(host == allowed or host.endswith("." + allowed) for allowed in wording().link_hosts):
            yield Objection(Ground.LINK, link.text, "only https links to listed hosts")
