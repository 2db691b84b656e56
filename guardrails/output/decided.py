"""What the evidence leaves open or only limits, and a sentence says as settled.

Both were said by a small real model and passed every other check: 能批 of 能不能批, and 管6个月 of 最长6个月.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guardrails.output.objection import Ground, Objection

_OPEN = re.compile(r"(?P<can>[能可是会要算够符])不(?P=can)(?P<rest>以?[\u4e00-\u9fff]{1,2})")
"""能不能批, 可不可以领, 算不算收入: a question that the evidence does not answer."""
_LIMITED = re.compile(
    r"(?:最长|最多|最高|最低|最少|至多|至少|不超过|不少于|不低于|不高于)[^，。；、\d]{0,4}"
    r"(?P<figure>\d[\d.]*万?[个%\u4e00-\u9fff]{1,2})"
)
_LIMIT = re.compile(r"最[长多高低少]|至[多少]|不[超少低高]|以[内上下]|之内|内|为止|封顶|上限|满")


def decided_objections(sentence: str, evidence: Sequence[str]) -> Iterator[Objection]:
    """Where a sentence settles what the evidence does not.

    Args:
        sentence: what a language model worded.
        evidence: the evidence it names, plain and in half width.
    """
    whole = "\n".join(evidence)
    settled = _OPEN.sub("", whole)
    for match in _OPEN.finditer(whole):
        said = match["can"] + match["rest"]
        if said in _OPEN.sub("", sentence) and said not in settled:
            yield Objection(Ground.DECIDED, said, f"the evidence leaves open: {match.group()}")
    for match in _LIMITED.finditer(whole):
        if match["figure"] in sentence and not _LIMIT.search(sentence):
            yield Objection(Ground.DECIDED, match["figure"], f"the evidence only limits: {match.group()}")
