"""The answer of the pre-check door, written from pieces that are ready.

The traces of all benefits are some 400 steps, and the rules share each step among all families: so its JSON
is written once and kept. Only the facts in it, with who declared them, are a family's own; of them a value of
the vocabulary is kept, and nothing that names a message or an hour. What comes out is
`views.precheck(…).model_dump_json()`, byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

from api import models, views
from knowledge.types import Citation
from tools.facts import FactBook
from tools.types import Declaration, Declarer, FactValue, Precheck, TraceStep, Verdict

KEPT_MAX = 20_000
"""So many steps are kept; then it starts anew."""

Piece = tuple[TraceStep, bytes, bytes]
"""A step, kept so that its address is not given to another one; its JSON before and after its facts."""

_steps: dict[int, Piece] = {}
_cited: dict[int, tuple[Citation, bytes]] = {}
_FAMILY = Declaration(Declarer.FAMILY)
_FACTS = b'"facts":['


def precheck_json(found: Precheck, book: FactBook) -> bytes:
    """All verdicts with their traces, as JSON in UTF-8."""
    facts = _Facts(found.declared, book)
    parts: list[bytes] = [b'{"verdicts":[']
    for index, verdict in enumerate(found.verdicts):
        parts.append(b"," + _head(verdict) if index else _head(verdict))
        _trace(verdict.trace, facts, parts)
        parts.append(b"]}")
    question = views.question(found.next_question)
    parts += (
        b'],"next_question":',
        question.model_dump_json().encode() if question else b"null",
        b',"as_of":"%b","district":%b}' % (found.as_of.isoformat().encode(), _text(found.district)),
    )
    return b"".join(parts)


def _head(verdict: Verdict) -> bytes:
    return (
        b'{"benefit":%b,"name":%b,"outcome":"%b","failed":%b,"missing":%b,"notes":%b,"sources":%b,"trace":['
    ) % (
        _text(verdict.benefit),
        _text(verdict.name),
        verdict.outcome.value.encode(),
        _texts(verdict.failed),
        _texts(verdict.missing),
        _texts(verdict.notes),
        _sources(verdict.sources),
    )


def _trace(trace: Iterable[TraceStep], facts: _Facts, parts: list[bytes]) -> None:
    kept, written = _steps.get, facts.written.get
    last = len(parts)
    for step in trace:
        _, before, after = kept(id(step)) or _piece(step)
        if not step.facts:
            parts += (before, after, b",")
        elif len(step.facts) == 1:
            pair = step.facts[0]
            parts += (before, written(pair) or facts.write(pair), after, b",")
        else:
            read = b",".join([facts.write(pair) for pair in step.facts])
            parts += (before, read, after, b",")
    if len(parts) > last:
        del parts[-1]


def _piece(step: TraceStep) -> Piece:
    if len(_steps) >= KEPT_MAX:
        _steps.clear()
    whole = views.step_without_facts(step).model_dump_json().encode()
    before, mark, after = whole.partition(_FACTS)  # inside a text its quotes would be escaped
    piece = _steps[id(step)] = step, before + mark, after
    return piece


class _Facts:
    """The facts of one family as traces show them: each is written once, though many conditions read it."""

    def __init__(self, declared: Mapping[str, Declaration], book: FactBook) -> None:
        self._declared, self._book = declared, book
        self.written: dict[tuple[str, FactValue], bytes] = {}

    def write(self, pair: tuple[str, FactValue]) -> bytes:
        """One of them as JSON."""
        name, value = pair
        who = self._declared.get(name, _FAMILY)
        if who.message_id or who.at is not None:
            written = views.read_fact(self._book[name], value, who).model_dump_json().encode()
        else:
            written = _plain(self._book, name, value, who.by, who.because)
        self.written[pair] = written
        return written


@lru_cache(maxsize=4096)
def _plain(book: FactBook, name: str, value: FactValue, by: Declarer, because: str) -> bytes:
    who = Declaration(by, because=because)
    return views.read_fact(book[name], value, who).model_dump_json().encode()


@lru_cache(maxsize=4096)
def _text(text: str) -> bytes:
    return json.dumps(text, ensure_ascii=False).encode()


@lru_cache(maxsize=4096)
def _texts(texts: tuple[str, ...]) -> bytes:
    return b"[%b]" % b",".join(map(_text, texts))


def _sources(sources: tuple[Citation, ...]) -> bytes:
    kept = _cited.get
    return b"[%b]" % b",".join([(kept(id(one)) or _cite(one))[1] for one in sources])


def _cite(source: Citation) -> tuple[Citation, bytes]:
    if len(_cited) >= KEPT_MAX:
        _cited.clear()
    out: models.CitationOut = views.citation(source)
    cited = _cited[id(source)] = source, out.model_dump_json().encode()
    return cited
