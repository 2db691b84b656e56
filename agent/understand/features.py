"""What the heads look at: the shared sentence vector beside hashed stretches of one to three characters."""

from __future__ import annotations

import re
import unicodedata
import zlib

import numpy as np
from numpy.typing import NDArray

BUCKETS = 4096
OF_VECTOR = 1.4
"""How much more than the characters the sentence vector counts."""
_NOISE = re.compile(r"[\s，,。.！!？?；;：:、~～…\"'“”‘’()（）]+")


_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_GAPS = re.compile(r"(?<=[一-龥])[ \t]+(?=[一-龥])")
_PLACEHOLDER = re.compile(
    r"我?的?(?:(?:联系)?电话|手机号?码?|身份证号?码?|家?住址?|地址|微信号?|叫|名字|姓名)?(?:叫|是|在)?[:：]?<[^<>]{1,8}>"
)


def plain(text: str) -> str:
    """Simplified characters in half-width form, nothing invisible, no gaps between characters.

    Examples:
        >>> plain("孤\u200b儿 補助"), plain("我叫<姓名1>，電話<手机1>，怎麼辦")
        ('孤儿补助', '，，怎么办')
    """
    import zhconv

    shown = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    simple: str = zhconv.convert(shown, "zh-cn")
    return _GAPS.sub("", _PLACEHOLDER.sub("", simple)).replace(",", "，")


def normalise(text: str) -> str:
    """Full-width to half-width, no spaces or punctuation, at most 200 characters."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()[:200]


def characters(text: str) -> NDArray[np.float32]:
    """Unit vector (BUCKETS,) of the stretches of one to three characters of a text, with its ends marked."""
    clean = f"^{normalise(text)}$"
    out = np.zeros(BUCKETS, np.float32)
    grams = [clean[i : i + size] for size in (1, 2, 3) for i in range(len(clean) - size + 1)][1:-1]
    for gram in grams:
        out[zlib.crc32(gram.encode()) % BUCKETS] += 1.0
    out = np.sqrt(out)
    norm = float(np.linalg.norm(out))
    return out / norm if norm else out


def features(
    text: str, vector: NDArray[np.float32] | None, centre: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What the head multiplies: the centred unit sentence vector (384), then `characters` (BUCKETS).

    Without a vector (the classifier failed) the characters alone decide.
    """
    if vector is None:
        return np.concatenate([np.zeros_like(centre), characters(text)])
    moved = vector - centre
    norm = float(np.linalg.norm(moved))
    return np.concatenate([OF_VECTOR * moved / norm if norm else moved, characters(text)])
