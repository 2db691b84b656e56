"""Two voices on one text: the tuned layers, which know meanings, and runs of characters, which know wordings.

What each adds was measured on hands that neither had read; the table is in docs/signals.md.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_BELOW = 0.5
"""What S2 counts for S3: what surely is the lower is sooner the higher."""
_WORDING = np.array([1.0, 1.0, 0.5])
"""What the characters count for S2, S3 and S4, beside 1 for the layers: how grave it is those know better."""
_CERTAIN = 1e-4


def joined(severity: Array, wording: Array) -> Array:
    """Probabilities (n, 4) of at least S1 to S4: the layers' with the logits (n, 3) of the characters."""
    sure = np.clip(severity.astype(np.float64), _CERTAIN, 1 - _CERTAIN)
    logit = np.log(sure / (1 - sure))
    sums = logit[:, 1:] + _WORDING * wording
    sums[:, 1] = (sums[:, 1] + _BELOW * logit[:, 1]) / (1 + _BELOW)
    out: Array = severity.astype(np.float32).copy()
    out[:, 1:] = 1 / (1 + np.exp(-sums))
    return out
