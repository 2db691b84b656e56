"""`minxing eval same-truth`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from eval.same_truth.run import Compared


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


def _run(half: str, only: str, manner: str, sample: int) -> list[Compared]:
    import datetime as dt
    import logging
    from zoneinfo import ZoneInfo

    from agent.assembly import load_parts, make_agent
    from agent.compose import Composer
    from agent.turn import Agent
    from eval.answers.questions import chosen, load_questions
    from eval.same_truth.manners import MANNERS
    from eval.same_truth.run import compare, spread
    from settings import SettingsError, load_settings

    logging.getLogger("minxing").setLevel(logging.ERROR)  # each dropped sentence would say so
    try:
        settings = load_settings(llm_base_url="")
        questions = chosen(load_questions(None if half == "both" else half), only)  # type: ignore[arg-type]
    except (SettingsError, ValueError) as error:
        raise typer.BadParameter(str(error)) from None
    wanted = [each for each in MANNERS if not manner or each.__name__ == manner]
    if not questions or not wanted:
        raise typer.BadParameter("There is no such half, question or scripted model.")
    clock = ZoneInfo("Asia/Shanghai")
    parts = load_parts(settings)

    def with_composer(composer: Composer) -> Agent:
        agent = make_agent(parts, settings, None, lambda: dt.datetime.now(clock))
        return agent.worded_by(composer)

    return compare(with_composer, spread(questions, sample), wanted)


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
