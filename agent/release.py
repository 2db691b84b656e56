"""Step 8: no sentence goes out that says more than its evidence (SE-7, R-41, R-42)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.types import Sentence

if TYPE_CHECKING:
    from guardrails.output import OutputCheck

logger = logging.getLogger("minxing.agent")

TIMEOUT_SECONDS = 0.5
"""R-42: a check that takes longer has failed, and the sentence stays inside."""
MARK = "据公开报道，以当地为准"


class Checker:
    """Asks the output check about each sentence; fails closed."""

    def __init__(self, check: OutputCheck) -> None:
        self._check = check

    async def passes(self, sentence: Sentence, evidence: Sequence[str], *, transferred: bool) -> bool:
        """Whether a sentence may be released. Reasons are logged as codes, never the words (PR-9)."""
        if not sentence.evidence or not evidence:
            logger.warning("sentence without evidence dropped")
            return False
        try:
            objections = await asyncio.wait_for(
                asyncio.to_thread(
                    self._check.objections, sentence.text, tuple(evidence), transferred=transferred
                ),
                TIMEOUT_SECONDS,
            )
        except TimeoutError:
            logger.warning("output check took too long; sentence dropped")
            return False
        if objections:
            logger.warning("sentence dropped: %s", ",".join(sorted({o.ground.value for o in objections})))
        return not objections
