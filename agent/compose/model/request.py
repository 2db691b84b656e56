"""What a model is shown of a turn, and the evidence of sentences that came without any."""

from __future__ import annotations

import json
from collections.abc import Set
from dataclasses import replace

from agent.compose.model.stream import Said
from agent.compose.protocol import Brief, Draft
from agent.types import EvidenceKind, Role

ROWS_MOST = 40
ROW_CHARS = 400
_LIKE = 0.3
"""Share of its character pairs that a sentence without evidence must have in common with it."""


def request_of(brief: Brief, plain: Draft) -> str:
    """Question, evidence and draft. Everything in it is redacted, and marked as material."""
    ids = dict.fromkeys(id_ for sentence in plain.sentences for id_ in sentence.evidence)
    if plain.missed:  # then what was found may help the model to ask the tools better
        ids.update(dict.fromkeys(brief.ledger.evidence))
    known = brief.ledger.evidence
    written = "".join(s.text for s in plain.sentences)
    rows = [  # what stands in the draft word for word is not sent a second time
        {"id": id_, "text": known[id_].text[:ROW_CHARS]}
        for id_ in list(ids)[:ROWS_MOST]
        if id_ in known and known[id_].kind is not EvidenceKind.PHRASE and known[id_].text not in written
    ]
    draft = [
        {"text": s.text, "evidence": [id_ for id_ in s.evidence if id_ in known], "role": s.role.value}
        for s in plain.sentences
        if s.role is not Role.QUESTION
    ]
    return json.dumps(
        {
            "前面的话": [f"{line.author.value}: {line.text[:200]}" for line in brief.window[-6:]],
            "家人的话": brief.text,
            "证据": rows,
            "程序写的底稿": draft,
        },
        ensure_ascii=False,
    )


def attributed(one: Said, brief: Brief, cited: Set[str]) -> Said:
    """The evidence that a sentence without any is closest to; the output check then decides.

    Guides say the same in the same words: of two pieces alike the one that the offline answer cites counts.
    """
    pairs = {one.text[i : i + 2] for i in range(len(one.text) - 1)}
    scored = [
        (
            len(pairs & {e.text[i : i + 2] for i in range(len(e.text) - 1)}) / max(len(pairs), 1),
            id_ in cited,
            id_,
        )
        for id_, e in brief.ledger.evidence.items()
        if e.kind is not EvidenceKind.PHRASE
    ]
    best = sorted(scored, reverse=True)[:2]
    return replace(one, evidence=tuple(id_ for score, _, id_ in best if score >= _LIKE))
