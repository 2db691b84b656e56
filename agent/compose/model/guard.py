"""What a model may not say although its words are all in the evidence: verdicts are the engine's (SE-1)."""

from __future__ import annotations

import re

from agent.compose.protocol import Brief
from tools.types import Outcome

_CLAIM = re.compile(
    r"符合|有资格|够(?:得上|条件)|(?:可以|能|能够|就能|可)(?:享受|领取?|拿到?|申请到|评上|办下来|获得|得到)|不(?:符合|能享受|能领)"
)
_GENERAL = re.compile(r"符合(?:条件|规定|要求|上述|以下|下面|这些|国家)|不符合[^，。]{0,8}的")
_WORDING = {
    Outcome.LIKELY: ("很可能符合",),
    Outcome.CHOICE: ("很可能符合",),
    Outcome.UNLIKELY: ("目前看不符合",),
    Outcome.UNKNOWN: ("还不能判断", "有可能符合", "还差", "还要问清"),
    Outcome.DEPENDS_ON_DISTRICT: ("要看",),
}
_VERDICT_WORDS = re.compile(r"很可能符合|目前看不符合|还不能判断|有可能符合")
_BETWEEN = re.compile(r"[\s，。！？、；：,.!?;:「」“”]")
_ECHO_CHARS = 8
_HAN = re.compile(r"[一-鿿]")
_LETTER = re.compile(r"[^\W\d_]")


def forged_verdict(text: str, evidence: tuple[str, ...], brief: Brief) -> bool:
    """Whether a sentence claims an outcome that the pre-check did not give, or in words it may not use."""
    precheck = brief.work.precheck
    verdicts = {f"v:{v.benefit}": v for v in precheck.verdicts} if precheck else {}
    cited = [verdicts[id_] for id_ in evidence if id_ in verdicts]
    named = [v for v in verdicts.values() if v.name in text]
    bare = _GENERAL.sub("", text)
    if _VERDICT_WORDS.search(bare):
        if not named:  # a verdict says of what it is one
            return True
        return any(v not in cited or not any(w in bare for w in _WORDING[v.outcome]) for v in named)
    return bool(_CLAIM.search(bare)) and (bool(cited) or not evidence or _speaks_of_this_family(bare))


def verdict_words(text: str, brief: Brief) -> frozenset[tuple[str, str]]:
    """The outcomes that a text states, each with the benefit that it names."""
    found = _VERDICT_WORDS.findall(_GENERAL.sub("", text))
    verdicts = brief.work.precheck.verdicts if brief.work.precheck else ()
    named = [v.benefit for v in verdicts if v.name in text] or [""]
    return frozenset((benefit, words) for benefit in named for words in found)


def _speaks_of_this_family(text: str) -> bool:
    return bool(re.search(r"您|你|孩子(?:很|一定|肯定|能|可以|就|已经|是)|这个孩子|外?孙|我们?", text))


def is_chinese(text: str) -> bool:
    """Whether a sentence is written for our readers: mostly Han characters, no foreign words (AX-9)."""
    letters = len(_LETTER.findall(text))
    return letters > 0 and len(_HAN.findall(text)) >= 0.9 * letters


def asks(text: str) -> bool:
    """Whether a sentence asks, with or without a mark: the one next question is ours."""
    return bool(re.search(r"[?？]|(?:吗|呢|么)[。！!.…]*$", text))


def echoes(text: str, brief: Brief) -> bool:
    """Whether a sentence only says the family's own words back, as if they were an answer."""
    bare = _BETWEEN.sub("", text)
    return len(bare) >= _ECHO_CHARS and bare in _BETWEEN.sub("", brief.text)
