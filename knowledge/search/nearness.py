"""How near the paragraphs of the guides come to a message by itself, whatever the talk is about.

A search that leans to the running topic finds all of that guide; which of its paragraphs was asked for is
told by the message alone: by what the paragraph says, and by what families ask when they want it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from knowledge.search.features import nearest_rows
from knowledge.search.view import View


def nearness(view: View, vector: NDArray[np.float32], asking: NDArray[np.float32]) -> Mapping[str, float]:
    """Paragraphs of guides by id, each with its nearness as a share of the scales.

    `vector` is compared with what they say, `asking` with what families ask.
    """
    ids, units = view.paragraphs
    if not ids:
        return {}
    off, span = view.scale.off, view.scale.on - view.scale.off
    said = (nearest_rows(view, units, vector)[0] - off) / span
    off, span = view.asks_scale.off, view.asks_scale.on - view.asks_scale.off
    asked = (view.asks.nearness(asking, view.size)[units] - off) / span
    return dict(zip(ids, np.maximum(said, asked).tolist(), strict=True))
