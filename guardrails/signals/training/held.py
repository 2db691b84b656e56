"""Lines held back, read as the detector reads them: each in all its readings, the worst of which counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from guardrails.signals import lexical
from guardrails.signals.classifier import readings
from guardrails.signals.material import Line
from guardrails.signals.thresholds import monotone
from guardrails.signals.voices import joined
from guardrails.types import Utterance


@dataclass(frozen=True, slots=True)
class Held:
    """Held-back lines and the texts that are read of them."""

    lines: tuple[Line, ...]
    texts: tuple[str, ...]
    owners: tuple[int, ...]
    """Which line each text is read of."""

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Held:
        """All readings of the lines."""
        texts: list[str] = []
        owners: list[int] = []
        for number, line in enumerate(lines):
            window = tuple(Utterance(turn.author, turn.text) for turn in line.window)
            for reading in readings(line.text, window):
                texts.append(reading.text)
                owners.append(number)
        return cls(tuple(lines), tuple(texts), tuple(owners))

    def gather(
        self, probabilities: NDArray[np.float32], characters: Path | None = None
    ) -> NDArray[np.float32]:
        """One row a line, of one a text: its worst severity, and the rest as its worst reading says.

        `characters`: the file of the second voice; None where it has spoken already.
        """
        severity = probabilities[:, :4]
        if characters:
            wording = np.array([lexical.scores(text, characters) for text in self.texts], np.float32)
            severity = joined(severity, wording)
        severity = monotone(severity)
        out = np.zeros((len(self.lines), probabilities.shape[1]), np.float32)
        for text, line in enumerate(self.owners):
            if severity[text, 1] > out[line, 1] or not out[line].any():
                out[line, 4:] = probabilities[text, 4:]
            out[line, :4] = np.maximum(out[line, :4], severity[text])
        return out
