"""`minxing eval …`: the measuring half of the command line. Heavy rooms are imported inside the commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from eval.same_truth.command import real_model, same_truth

if TYPE_CHECKING:
    from settings import Settings

eval_app = typer.Typer(no_args_is_help=True, help="Scripted conversations and measurements.")
eval_app.command("same-truth")(same_truth)
eval_app.command("real-model")(real_model)

out = Console()
err = Console(stderr=True)


def read_settings() -> Settings:
    """As every other command reads them."""
    from cli import read_settings as read

    return read()


Html = Annotated[Path | None, typer.Option(help="Also write this page (.html).")]


@eval_app.command("run")
def eval_run(
    paths: Annotated[list[Path], typer.Argument(help="Suite files or folders, such as eval/suites.")],
    target: Annotated[str, typer.Option(help="Address of a running Minxing; in-process when empty.")] = "",
    workers: Annotated[int, typer.Option(min=1, max=64)] = 4,
    report: Annotated[Path, typer.Option(help="Folder for the record and the reports.")] = Path("reports"),
    repeat: Annotated[int, typer.Option(min=1, help="Say each so often, to find what flips.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was cut off.")] = False,
) -> None:
    """Run scripted conversations; exit code 1 on any failure."""
    from eval.command import run_command

    code = run_command(paths, target, workers, report, out, err, repeat=repeat, resume=resume)
    raise typer.Exit(code)


@eval_app.command("simulate")
def eval_simulate(
    talks: Annotated[int, typer.Option(min=1, help="How many families.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Number of the first family.")] = 0,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Processes.")] = 2,
    show: Annotated[bool, typer.Option("--show", help="Print every talk.")] = False,
) -> None:
    """Made-up families talk to the agent; exit code 1 when an invariant breaks."""
    from eval.command import simulate_command

    raise typer.Exit(simulate_command(talks, seed, workers, out, err, show=show))


@eval_app.command("compare")
def eval_compare(
    before: Annotated[Path, typer.Argument(help="Record (eval.jsonl) of the earlier run.")],
    after: Annotated[Path, typer.Argument(help="Record of the later run.")],
) -> None:
    """What two runs differ in, paired; exit code 1 when something broke."""
    from eval.command import compare_command

    raise typer.Exit(compare_command(before, after, out, err))


@eval_app.command("report")
def eval_report(
    record: Annotated[Path, typer.Argument(help="Record (eval.jsonl) of a run.")],
    html: Annotated[Path | None, typer.Option(help="The page; beside the record when not given.")] = None,
    inspect: Annotated[Path | None, typer.Option(help="Also a log for `inspect view` (.eval).")] = None,
) -> None:
    """A run as a page with filters, charts and every talk with its evidence."""
    from eval.command import report_command

    raise typer.Exit(report_command(record, html, inspect, out, err))


@eval_app.command("retrieval")
def eval_retrieval(
    documents: Annotated[Path | None, typer.Option(help="Folder of official texts to ingest first.")] = None,
    half: Annotated[str, typer.Option(help="report, or tune.")] = "report",
    peers: Annotated[bool, typer.Option(help="Also measure the peers.")] = True,
    report: Annotated[Path, typer.Option(help="Folder for the page.")] = Path("reports"),
) -> None:
    """Recall of our search beside peers, on the same clauses, in one run."""
    from eval.command import retrieval_command

    retrieval_command(read_settings(), documents, half, report, out, peers=peers)


@eval_app.command("answers")
def eval_answers(
    half: Annotated[str, typer.Option(help="development, or reported.")] = "development",
    only: Annotated[str, typer.Option(help="One entry such as B07, or the beginning of an id.")] = "",
    target: Annotated[str, typer.Option(help="Address of a running Minxing; in-process when empty.")] = "",
    html: Annotated[Path | None, typer.Option(help="Write this page too.")] = None,
    show_reported: Annotated[bool, typer.Option(help="List failures of the reported half.")] = False,
) -> None:
    """Whole answers: what must be said, what may not, what must be cited."""
    from eval.command import answers_command

    raise typer.Exit(
        answers_command(read_settings(), half, only, target, html, out, err, show_reported=show_reported)
    )


@eval_app.command("understanding")
def eval_understanding(
    files: Annotated[str, typer.Option(help="Which files of eval/understanding/lines.")] = "hand_*.jsonl",
    html: Annotated[Path | None, typer.Option(help="Write this page too.")] = None,
    lines: Annotated[bool, typer.Option(help="List every line with a mistake.")] = False,
) -> None:
    """Intents and facts of labelled utterances: accuracy, precision and recall, one by one."""
    from eval.command import understanding_command

    raise typer.Exit(understanding_command(read_settings(), files, html, out, err, lines=lines))


@eval_app.command("signals")
def eval_signals(html: Html = None) -> None:
    """Danger signals: recall per severity, category and form, and false alarms."""
    from eval.signals.__main__ import main as measure

    raise typer.Exit(measure([str(html)] if html else []))


@eval_app.command("pii")
def eval_pii(html: Html = None) -> None:
    """Personal data: precision and recall per kind beside peers."""
    from eval.pii.__main__ import main as measure

    raise typer.Exit(measure([str(html)] if html else []))


@eval_app.command("injection")
def eval_injection() -> None:
    """Attacks and their look-alikes: wrong verdicts, leaks, and harmless questions that were blocked."""
    from eval.injection.__main__ import main as measure

    raise typer.Exit(measure())


@eval_app.command("grounding")
def eval_grounding(html: Html = None) -> None:
    """The output check: lies caught and truths dropped."""
    from eval.grounding.__main__ import main as measure

    raise typer.Exit(measure([str(html)] if html else []))
