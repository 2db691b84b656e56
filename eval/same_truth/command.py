"""`minxing eval same-truth` and `minxing eval real-model`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from eval.answers.questions import AnswerQuestion
    from eval.same_truth.run import Compared, MakeAgent
    from settings import Settings


def same_truth(
    half: Annotated[str, typer.Option(help="development, reported or both.")] = "development",
    only: Annotated[str, typer.Option(help="One entry such as B07, or the beginning of an id.")] = "",
    manner: Annotated[str, typer.Option(help="One scripted model, such as paraphrases.")] = "",
    sample: Annotated[int, typer.Option(min=0, help="So many questions, spread evenly; 0: all.")] = 0,
) -> None:
    """Verdicts, figures and clauses of scripted models equal the offline composer's; exit code 1 if not."""
    out = Console()
    found = _run(half, only, manner, sample)
    out.print(table(found), markup=False, highlight=False, soft_wrap=True)
    for compared in found:
        for id_, unlike in compared.differing[:5] if half == "development" else ():
            parts = "; ".join(f"{d.what} +{list(d.more)} -{list(d.fewer)}" for d in unlike)
            out.print(f"{compared.name} {id_}: {parts}", markup=False, highlight=False)
    raise typer.Exit(1 if any(compared.differing for compared in found) else 0)


def real_model(
    count: Annotated[int, typer.Option(min=1, help="So many questions, spread evenly.")] = 100,
    record: Annotated[Path, typer.Option(help="JSON lines; an existing file is gone on with.")] = Path(
        "reports/real_model.jsonl"
    ),
    half: Annotated[str, typer.Option(help="development or reported.")] = "development",
) -> None:
    """Put single questions to the model of MINXING_LLM_*: what the checks stopped, what went out."""
    from agent.compose.model import ModelComposer
    from agent.compose.offline import OfflineComposer
    from eval.same_truth.real import run_real, summary
    from eval.same_truth.run import spread

    out = Console()
    settings, questions = _settings_and_questions(half, "")
    if not settings.model_configured:
        raise typer.BadParameter("Set MINXING_LLM_BASE_URL and MINXING_LLM_MODEL (docs/models.md).")
    composer = ModelComposer.from_settings(settings, OfflineComposer())
    single = [question for question in questions if len(question.talk) == 1]
    record.parent.mkdir(parents=True, exist_ok=True)
    run_real(_with_composer(settings), composer, spread(single, count), record, out.print)
    out.print(summary(record), markup=False, highlight=False)


def _run(half: str, only: str, manner: str, sample: int) -> list[Compared]:
    from eval.same_truth.manners import MANNERS
    from eval.same_truth.run import compare, spread

    settings, questions = _settings_and_questions(half, only)
    wanted = [each for each in MANNERS if not manner or each.__name__ == manner]
    if not questions or not wanted:
        raise typer.BadParameter("There is no such half, question or scripted model.")
    return compare(_with_composer(settings), spread(questions, sample), wanted)


def _settings_and_questions(half: str, only: str) -> tuple[Settings, list[AnswerQuestion]]:
    import logging

    from eval.answers.questions import chosen, load_questions
    from settings import SettingsError, load_settings

    logging.getLogger("minxing").setLevel(logging.ERROR)  # each dropped sentence would say so
    if half not in ("development", "reported", "both"):
        raise typer.BadParameter("The half is development, reported or both.")
    try:
        questions = load_questions(None if half == "both" else half)  # type: ignore[arg-type]
        return load_settings(), chosen(questions, only)
    except (SettingsError, ValueError) as error:
        raise typer.BadParameter(str(error)) from None


def _with_composer(settings: Settings) -> MakeAgent:
    """One agent, checked as where a model words answers, and the same around another composer."""
    import datetime as dt
    from zoneinfo import ZoneInfo

    from agent.assembly import load_parts, make_agent

    clock = ZoneInfo("Asia/Shanghai")
    plain = settings.model_copy(update={"llm_base_url": ""})
    return make_agent(load_parts(plain), plain, None, lambda: dt.datetime.now(clock), model=True).worded_by


def table(found: list[Compared]) -> str:
    """One line a scripted model."""
    lines = [
        f"{'model':<22}{'questions':>10}{'released':>10}{'dropped':>9}{'differing':>11}  dropped because of"
    ]
    for each in found:
        why = ", ".join(f"{name} {count}" for name, count in each.dropped.most_common())
        lines.append(
            f"{each.name:<20}{each.questions:>10}{each.sentences:>10}{each.dropped.total():>10}"
            f"{len(each.differing):>10}  {why}"
        )
    return "\n".join(lines)
