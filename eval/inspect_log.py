"""A record as a log of Inspect (inspect_ai): `inspect view` shows the talks beside other evaluations."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from eval.record import RecordError
from eval.types import CaseResult, RunResult, TurnResult


def write(result: RunResult, path: Path) -> None:
    """Write `path`, `.eval` or `.json`.

    Raises:
        RecordError: Inspect is not installed, or the path has another ending.
    """
    if path.suffix not in {".eval", ".json"}:
        raise RecordError(f"{path}: an Inspect log ends with .eval or .json.")
    try:
        log, model, scorer = (
            importlib.import_module(f"inspect_ai.{name}") for name in ("log", "model", "scorer")
        )
    except ImportError:
        raise RecordError("Inspect is not installed: pip install 'minxing[inspect]'.") from None
    cases = [case for case in result.cases if not case.skipped]
    samples = [_sample(case, log, model, scorer) for case in cases]
    started = result.meta["started"]
    attempts = result.attempts()
    rate = sum(case.holds for case in cases) / len(cases) if cases else 0.0
    accuracy = log.EvalMetric(name="accuracy", value=rate)
    path.parent.mkdir(parents=True, exist_ok=True)
    log.write_eval_log(
        log.EvalLog(
            status="success",
            eval=log.EvalSpec(
                created=started,
                task="minxing/suites",
                model=f"minxing/{result.meta.get('version') or 'unknown'}",
                model_base_url=result.target,
                dataset=log.EvalDataset(name="eval/suites", samples=len(attempts), sample_ids=list(attempts)),
                config=log.EvalConfig(epochs=int(result.meta.get("repeat", "1"))),
            ),
            results=log.EvalResults(
                total_samples=len(samples),
                completed_samples=len(samples),
                scores=[log.EvalScore(name="holds", scorer="holds", metrics={"accuracy": accuracy})],
            ),
            stats=log.EvalStats(started_at=started, completed_at=started),
            samples=samples,
        ),
        path,
        format="eval" if path.suffix == ".eval" else "json",
    )


def _sample(case: CaseResult, log: Any, model: Any, scorer: Any) -> Any:
    messages = [message for turn in case.turns for message in _messages(turn, model)]
    last = case.turns[-1].observation if case.turns else None
    score = scorer.Score(
        value="C" if case.holds else "I",
        answer=last.reply or last.card if last else "",
        explanation="\n".join(case.failures) or "everything held",
    )
    return log.EvalSample(
        id=case.name,
        epoch=case.attempt,
        input=case.turns[0].say if case.turns else case.about,
        target=case.about,
        messages=messages,
        scores={"holds": score},
        metadata={"requirements": list(case.requirements), "digest": case.digest, "pending": case.pending},
        total_time=case.seconds,
        error=None,
    )


def _messages(turn: TurnResult, model: Any) -> list[Any]:
    found = [model.ChatMessageUser(content=turn.say)]
    if (seen := turn.observation) is not None:
        evidence = {
            "route": seen.route,
            "severity": seen.severity,
            "intents": list(seen.intents),
            "facts": seen.facts,
            "verdicts": seen.verdicts,
            "citations": list(seen.citations),
            "ticket": seen.ticket,
            "failures": list(turn.failures),
        }
        text = "\n".join(part for part in (seen.card, seen.reply) if part)
        found.append(model.ChatMessageAssistant(content=text or "（没有回答）", metadata=evidence))
    return found
