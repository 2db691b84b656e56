"""What the output check has against a sentence, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ground(StrEnum):
    """Why a sentence may not go out."""

    QUANTITY = "quantity"
    """A figure, amount, duration or age that the evidence does not hold."""
    BOUND = "bound"
    """以上 where the evidence says 以下, 内 where it says 后."""
    DATE = "date"
    DOCUMENT_NUMBER = "document_number"
    CLAUSE = "clause"
    PHONE = "phone"
    LINK = "link"
    MARKUP = "markup"
    TRANSFER = "transfer"
    """Says that a person was reached or told, without the stored event (CR-22)."""
    POLARITY = "polarity"
    """不享受 where the evidence says 享受, or the other way round."""
    CONTRAST = "contrast"
    """户籍地 where the evidence says 居住地, 双方 where it says 一方."""
    DECIDED = "decided"
    """能批 where the evidence says 能不能批, 6个月 where it says 最长6个月."""
    UNSUPPORTED = "unsupported"
    """Names an office, a benefit or a condition that the evidence does not name."""
    WORDING = "wording"
    """A promise, a diagnosis, companionship or a phrase that is never said."""
    FAILED = "failed"
    """The check itself broke: nothing goes out (R-42)."""


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason not to say a sentence."""

    ground: Ground
    found: str
    """The words of the sentence that it is about."""
    reason: str
    """For the log of the turn and for developers, in English."""
