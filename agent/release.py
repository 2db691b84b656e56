"""Step 8: no sentence goes out that says more than its evidence (SE-7, R-41, R-42)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.types import Sentence
from guardrails.output.objection import Ground
from guardrails.output.plain import without_explanations

if TYPE_CHECKING:
    from guardrails.output import OutputCheck
    from guardrails.output.objection import Objection

logger = logging.getLogger("minxing.agent")

_COMPARED = frozenset({Ground.POLARITY, Ground.CONTRAST, Ground.UNSUPPORTED, Ground.BOUND})

TIMEOUT_SECONDS = 0.5
"""R-42: a check that takes longer has failed, and the sentence stays inside."""
OWN_SECONDS = 5.0
"""The same for our own words, no model's and no partner's: there it only tells that the machine is busy, and
what is lost is a verdict or a clause that stands in the evidence word for word."""
_BOUNDARY = "。！？!?；;：:\n"


class Checker:
    """Asks the output check about each sentence; fails closed."""

    def __init__(self, check: OutputCheck) -> None:
        self._check = check

    async def passes(self, sentence: Sentence, evidence: Sequence[str], *, transferred: bool) -> bool:
        """Whether a sentence may be released. Reasons are logged as codes, never the words (PR-9)."""
        if not sentence.evidence or not evidence:
            logger.warning("sentence without evidence dropped")
            return False
        ours = not (sentence.by_model or sentence.source)
        try:
            async with asyncio.timeout(OWN_SECONDS if ours else TIMEOUT_SECONDS):
                found = await asyncio.to_thread(
                    self.objections,
                    sentence.text,
                    tuple(evidence),
                    transferred=transferred,
                    by_model=sentence.by_model,
                )
        except TimeoutError:
            logger.warning("output check took too long; sentence dropped")
            return False
        if found:
            logger.warning("sentence dropped: %s", ",".join(sorted({o.ground.value for o in found})))
        return not found

    def objections(
        self, text: str, evidence: Sequence[str], *, transferred: bool = False, by_model: bool = False
    ) -> tuple[Objection, ...]:
        """What speaks against a sentence; one that a language model worded is read beside its evidence too.

        Whole sentences of the evidence, as they stand, cannot say more than it: for them wording, markup,
        numbers and links are looked at, not how they compare with the sentences around them. An explanation
        from the glossary that was put into it in brackets is left out: it was reviewed as it stands.
        """
        text = without_explanations(text, evidence)
        found = self._check.objections(text, evidence, transferred=transferred, read=by_model)
        if found and quoted(text, evidence):
            return tuple(o for o in found if o.ground not in _COMPARED)
        return found


def quoted(text: str, evidence: Sequence[str]) -> bool:
    """Whether a text stands in the evidence as whole sentences.

    Examples:
        >>> quoted("先去街道。", ["先打电话。先去街道。"]), quoted("符合条件。", ["他不符合条件。"])
        (True, False)
    """
    bare = text.rstrip(_BOUNDARY)
    for whole in evidence:
        begin = whole.find(bare)
        if begin < 0 or not bare:
            continue
        after = whole[begin + len(bare) : begin + len(bare) + 1]
        if (begin == 0 or whole[begin - 1] in _BOUNDARY) and (not after or after in _BOUNDARY):
            return True
    return False
