"""Two voices on one text: the tuned layers, which know meanings, and runs of characters, which know wordings.

Measured on hands that neither had read, with one harmless line in twenty interrupted: the layers alone found
79 % of S4 and 57 % of S3, with their own doubt about S2 beside them 78 and 65, with the characters 81 and 70.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_BELOW = 0.5
"""What the next lower level counts for a level: what is surely S2 is sooner S3."""
_WORDING = 1.0
_CERTAIN = 1e-4


def joined(severity: Array, wording: Array) -> Array:
    """Probabilities (n, 4) of at least S1 to S4: those of the layers with the logit (n,) of the characters.

    The characters speak on whether there is a signal, S2 and S3; how grave it is the layers know better.
    """
    sure = np.clip(severity.astype(np.float64), _CERTAIN, 1 - _CERTAIN)
    logit = np.log(sure / (1 - sure))
    second = logit[:, 1] + _WORDING * wording
    third = (logit[:, 2] + _BELOW * logit[:, 1] + _WORDING * wording) / (1 + _BELOW)
    out: Array = severity.astype(np.float32).copy()
    out[:, 1], out[:, 2] = 1 / (1 + np.exp(-second)), 1 / (1 + np.exp(-third))
    return out
