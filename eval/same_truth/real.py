"""A real model over the questions of `eval/answers`: what it said, what the checks stopped, what went out.

One JSON line a question, so that a run that was cut off goes on where it stood. Whether a sentence that went
out is wrong is for a person to say, with the evidence beside it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.compose.offline import OfflineComposer
from agent.types import TurnResult
from eval.answers.questions import AnswerQuestion
from eval.same_truth.compare import differences, truth_of
from eval.same_truth.run import MakeAgent, think
from eval.stages import Stages

if TYPE_CHECKING:
    from agent.compose.model import ModelComposer

Say = Callable[[str], None]


def run_real(
    make_agent: MakeAgent,
    composer: ModelComposer,
    questions: Sequence[AnswerQuestion],
    record: Path,
    say: Say,
) -> None:
    """Answer each question offline and with the model, and append what came of it to `record`."""
    offline, worded = Stages(make_agent(OfflineComposer())), Stages(make_agent(composer))
    done = {line["id"] for line in lines_of(record)}
    for number, question in enumerate(questions, start=1):
        if question.id in done:
            continue
        line = _line(question, think(offline, question), think(worded, question))
        with record.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        dropped, released = len(line["dropped"]), len(line["released"])
        say(f"{number}/{len(questions)} {question.id}: {released} released, {dropped} stopped")


def lines_of(record: Path) -> list[dict[str, Any]]:
    """What a run has written so far."""
    if not record.exists():
        return []
    return [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines() if line.strip()]


def summary(record: Path) -> str:
    """Counts over a record."""
    lines = lines_of(record)
    asked = [line for line in lines if line["asked"]]
    why = Counter(reason for line in asked for reason, _ in line["dropped"])
    released = sum(len(line["released"]) for line in asked)
    failures = Counter(each.partition(": ")[2] for line in asked for each in line["failures"])
    differing = [line["id"] for line in lines if line["differences"]]
    parts = [
        f"{len(lines)} questions, {len(asked)} put to the model, "
        f"{sum(line['composer'] == 'model' for line in asked)} worded by it",
        f"sentences: {released + why.total()}; stopped {why.total()} "
        f"({', '.join(f'{name} {count}' for name, count in why.most_common())}); released {released}",
        f"tokens: {sum(line['input_tokens'] for line in asked)} in, "
        f"{sum(line['output_tokens'] for line in asked)} out",
        f"failures: {', '.join(f'{name} {count}' for name, count in failures.most_common()) or 'none'}",
        f"verdicts, figures or clauses differ from the offline answer in {len(differing)}: {differing}",
    ]
    return "\n".join(parts)


def _line(question: AnswerQuestion, plain: TurnResult, result: TurnResult) -> dict[str, Any]:
    spent, evidence = result.spent, result.work.evidence if result.work else {}
    own = {sentence.text for sentence in plain.reply.sentences} if plain.reply else set()
    released = [
        {
            "text": sentence.text,
            "as_offline": sentence.text in own,
            "evidence": {id_: evidence[id_].text for id_ in sentence.evidence if id_ in evidence},
        }
        for sentence in (result.reply.sentences if result.reply else ())[: spent.released if spent else 0]
    ]
    unlike = differences(truth_of(plain), truth_of(result))
    return {
        "id": question.id,
        "talk": list(question.talk),
        "asked": bool(spent and spent.models),
        "composer": result.reply.composer if result.reply else "card",
        "released": released,
        "dropped": [list(pair) for pair in spent.dropped] if spent else [],
        "failures": spent.failures if spent else [],
        "input_tokens": spent.input_tokens if spent else 0,
        "output_tokens": spent.output_tokens if spent else 0,
        "differences": [[d.what, list(d.more), list(d.fewer)] for d in unlike],
        "seconds": round(result.durations_ms.get("compose", 0.0) / 1000, 1),
    }
