"""Put a talk to the agent of this process, or to a running Minxing, and take its answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from agent.types import EvidenceKind, TurnResult
from eval.answers.judge import Answer, Said
from eval.answers.questions import AnswerQuestion
from eval.batch_types import BatchInput, BatchMessage
from knowledge.sources import Registry

if TYPE_CHECKING:
    from eval.client import Client
    from eval.stages import Stages
    from knowledge.types import Citation

_NO_CLAIM = {EvidenceKind.QUESTION, EvidenceKind.CONTACT, EvidenceKind.FACT}


def ask_here(stages: Stages, question: AnswerQuestion) -> Answer:
    """The answer of the agent in this process; whatever breaks is the answer's error."""
    messages = tuple(BatchMessage(role="family", text=text) for text in question.talk)
    line = BatchInput(id=question.id, messages=messages, as_of=question.as_of)
    try:
        return answer_of(stages.think(line))
    except Exception as problem:  # one broken answer is a failure of that question, and the run goes on
        return Answer((), error=f"{type(problem).__name__}: {problem}")


def _name(citation: Citation) -> str:
    return f"{citation.document_id}#{citation.clause}"


def answer_of(result: TurnResult) -> Answer:
    """What the family reads of a turn, each sentence with its clauses."""
    evidence = result.work.evidence if result.work else {}
    sentences: list[Said] = []
    for sentence in result.reply.sentences if result.reply else ():
        rests = [evidence[one] for one in sentence.evidence if one in evidence]
        names = tuple(dict.fromkeys(_name(c) for one in rests for c in one.citations))
        fixed = bool(rests) and {one.kind for one in rests} <= _NO_CLAIM
        sentences.append(Said(sentence.text, names, fixed))
    precheck = result.work.precheck if result.work else None
    verdicts = {v.benefit: v.outcome.value for v in precheck.verdicts} if precheck else {}
    return Answer(tuple(sentences), result.card_text if result.card else "", verdicts)


async def ask_there(client: Client, question: AnswerQuestion) -> Answer:
    """The answer of a running Minxing, read from the events that a widget gets."""
    try:
        talk = await client.start()
        seen = None
        for text in question.talk:
            seen = await client.say(talk, text)
        await client.end(talk)
    except Exception as problem:
        return Answer((), error=f"{type(problem).__name__}: {problem}")
    if seen is None:
        return Answer((), error="nothing was asked")
    _, events = json.loads(seen.wire)
    return Answer(tuple(_said(events, Registry.load())), seen.card, seen.verdicts)


def _said(events: Iterable[dict[str, Any]], registry: Registry) -> Iterator[Said]:
    items: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    for event in events:
        if event["event"] == "citations":
            items = event["data"]["items"]
        elif event["event"] == "text":
            texts.append(event["data"])
    for data in texts:
        names = tuple(_wire_name(items[i], registry) for i in data.get("citations", ()) if i < len(items))
        yield Said(data["text"], names, data.get("role") == "question")


def _wire_name(item: dict[str, Any], registry: Registry) -> str:
    """A clause id may name a guide's paragraph; the document and label beside it say what it rests on."""
    reference = registry.lookup(f"{item.get('number') or item['document']} {item['clause']}")
    return f"{reference.document}#{reference.clause}" if reference else str(item["clause_id"])


async def ask_all_there(target: str, questions: list[AnswerQuestion], workers: int = 4) -> list[Answer]:
    """All answers of a running Minxing, some at a time, in the order of the questions."""
    from eval.client import Client

    gate = asyncio.Semaphore(workers)

    async def one(client: Client, question: AnswerQuestion) -> Answer:
        async with gate:
            return await ask_there(client, question)

    async with Client(target) as client:
        return list(await asyncio.gather(*(one(client, question) for question in questions)))
