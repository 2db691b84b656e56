"""The command line. Heavy rooms are imported inside the commands: `minxing --help` imports none of them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from api.keys.commands import keys_app
from eval.commands import eval_app

if TYPE_CHECKING:
    from settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
staff_app = typer.Typer(no_args_is_help=True, help="Accounts of the desk.")
knowledge_app = typer.Typer(no_args_is_help=True, help="The indexed documents.")
tools_app = typer.Typer(no_args_is_help=True, help="The benefit rules.")
app.add_typer(staff_app, name="staff")
app.add_typer(keys_app, name="keys")
app.add_typer(eval_app, name="eval")
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(tools_app, name="tools")

out = Console()
err = Console(stderr=True)

EXIT_USAGE = 2
"""The operator can mend it: a port, a permission, a setting, a file."""


def stop(message: str, code: int = EXIT_USAGE) -> NoReturn:
    """Say one clear sentence and leave."""
    err.print(message, style="red", markup=False, highlight=False)
    raise typer.Exit(code)


def read_settings(**overrides: object) -> Settings:
    """The settings, or one sentence and exit code 2."""
    from settings import SettingsError, load_settings

    try:
        return load_settings(**{key: value for key, value in overrides.items() if value is not None})
    except SettingsError as error:
        stop(str(error))


@app.callback()
def main() -> None:
    """Minxing: answers for the families of children in difficulty (困境儿童), with the clause."""


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="Port to listen on; 8000 unless set.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 unless set.")] = None,
) -> None:
    """Serve the community page, the widget, the desk and the API."""
    import gc

    gc.disable()  # a start only makes what stays; the server turns it on again when it is ready
    # The matrices of a turn are small: threads of one product would only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # A turn hops between threads some twenty times: each hop may wait so long for a thread that computes.
    sys.setswitchinterval(0.0005)
    settings = read_settings(port=port, host=host)
    from server import ServeError
    from server import serve as run

    try:
        run(settings)
    except ServeError as error:
        stop(str(error))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="Your question in everyday Chinese.")],
    district: Annotated[str, typer.Option(help="District of Hangzhou, such as 西湖区.")] = "",
) -> None:
    """Answer one question in the terminal, with its clauses."""
    from agent.terminal import answer_once

    answer_once(read_settings(), question, district, out)


@app.command()
def precheck(
    district: Annotated[str, typer.Option(help="District of Hangzhou, such as 西湖区.")] = "",
    table: Annotated[Path | None, typer.Option(help="Check a whole register (CSV) instead.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="Which column tells which fact (YAML).")] = None,
    result: Annotated[Path | None, typer.Option("--out", help="Result, .csv or .parquet.")] = None,
    encoding: Annotated[str, typer.Option(help="Of the register, such as gb18030.")] = "utf-8",
) -> None:
    """Ask one question at a time and say what the child may be entitled to; or check a register."""
    settings = read_settings()
    if table is None:
        from agent.terminal import precheck_session

        precheck_session(settings, district, out)
        return
    if mapping is None or result is None:
        stop("A register needs --mapping mapping.yaml and --out result.csv (docs/register.md).")
    import datetime as dt

    from tools.errors import ToolsError
    from tools.terminal import check_table

    try:
        check_table(table, mapping, result, out, as_of=dt.date.today(), encoding=encoding)  # noqa: DTZ011
    except ToolsError as error:
        stop(str(error))


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to look for.")],
    limit: Annotated[int, typer.Option(min=1, max=50)] = 5,
) -> None:
    """Show the clauses that a question finds."""
    from agent.terminal import search_once

    search_once(read_settings(), question, limit, out)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders with official documents.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report; change nothing.")] = False,
    report: Annotated[Path | None, typer.Option(help="Also write the report as JSON.")] = None,
    by: Annotated[str, typer.Option(help="Who takes them in; this machine's account unless given.")] = "",
) -> None:
    """Take in official documents; only what changed is read and encoded. Exit code 1 if any was refused."""
    from knowledge.errors import KnowledgeError
    from knowledge.terminal import ingest_files

    try:
        whole = ingest_files(read_settings(), paths, out, by=by, dry_run=dry_run, report=report)
    except KnowledgeError as error:
        stop(str(error))
    if not whole:
        raise typer.Exit(1)


@knowledge_app.command("retract")
def knowledge_retract(
    documents: Annotated[list[str], typer.Argument(help="Ids of ingested documents.")],
) -> None:
    """Take ingested documents out of the index at once."""
    from knowledge.errors import KnowledgeError
    from knowledge.terminal import retract_documents

    try:
        retract_documents(read_settings(), documents, out)
    except KnowledgeError as error:
        stop(str(error))


@knowledge_app.command("approve")
def knowledge_approve(
    document: Annotated[str, typer.Argument(help="Id of a waiting document; none: list them.")] = "",
    by: Annotated[str, typer.Option(help="Who approves: not who took it in.")] = "",
) -> None:
    """Take in a document of an issuer that is not on the list, as a second person (SE-4)."""
    from knowledge.errors import KnowledgeError
    from knowledge.terminal import approve_document, show_waiting

    try:
        if document:
            approve_document(read_settings(), document, by, out)
        else:
            show_waiting(read_settings(), out)
    except KnowledgeError as error:
        stop(str(error))


@knowledge_app.command("build")
def knowledge_build() -> None:
    """Build the index anew for the encoder that the settings name; ingested documents come along."""
    from knowledge.errors import KnowledgeError
    from knowledge.terminal import build

    try:
        build(read_settings(), out)
    except KnowledgeError as error:
        stop(str(error))


@knowledge_app.command("diff")
def knowledge_diff(
    old: Annotated[str, typer.Argument(help="A snapshot, or a file with the text.")],
    new: Annotated[str, typer.Argument(help="The later one; `current` is the snapshot in use.")] = "current",
) -> None:
    """Clauses added, changed and gone, with the guides, benefits and cases that rest on them."""
    from knowledge.errors import KnowledgeError
    from knowledge.terminal import show_diff

    try:
        show_diff(read_settings(), old, new, out)
    except KnowledgeError as error:
        stop(str(error))


@knowledge_app.command("coverage")
def knowledge_coverage(
    page: Annotated[Path, typer.Option(help="HTML page to write.")] = Path("reports/coverage.html"),
) -> None:
    """Which clauses are used by which guide, benefit and case, and which by nothing."""
    from knowledge.terminal import show_coverage

    show_coverage(read_settings(), page, out)


@tools_app.command("check")
def tools_check(
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of a benefit file.")
    ] = False,
) -> None:
    """Check facts, benefits and cases: file, line and the mend for each mistake."""
    from tools.check import main as check

    if schema:
        raise typer.Exit(check(["--schema"]))
    from knowledge.encoder import load_encoder
    from knowledge.library import Library

    raise typer.Exit(check([], Library.open(read_settings().snapshots_dir, load_encoder()).cite))


@app.command()
def mcp(
    transport: Annotated[str, typer.Option(help="stdio, or streamable-http.")] = "stdio",
    host: Annotated[str, typer.Option(help="For streamable-http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="For streamable-http.")] = 8010,
) -> None:
    """Let other agents call search, pre-check, benefits and the directory (Model Context Protocol)."""
    import datetime as dt
    from zoneinfo import ZoneInfo

    from api.mcp_door import open_door

    if transport not in ("stdio", "streamable-http"):
        stop("The transport is stdio or streamable-http.")
    clock = ZoneInfo("Asia/Shanghai")
    door = open_door(read_settings(), lambda: dt.datetime.now(clock))
    door.run(transport) if transport == "stdio" else door.run(transport, host=host, port=port)


@app.command()
def doctor() -> None:
    """Say what is set up and what is missing; exit code 1 when something needed is missing."""
    from agent.doctor import examine

    if not examine(read_settings(), out):
        raise typer.Exit(1)


@app.command()
def batch(
    stage: Annotated[str, typer.Option(help="screen, search, precheck or turn.")],
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that work the lines.")] = 2,
) -> None:
    """Work JSON lines from standard input to standard output (docs/batch.md)."""
    from eval.batch import STAGES, run_batch

    if stage not in STAGES:
        stop(f"Unknown stage {stage!r}: give one of {', '.join(STAGES)}.")
    # Surrogates that no file can hold come in as they are and are answered, not refused.
    sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    run_batch(read_settings(), stage, sys.stdin, sys.stdout, workers=workers)


@app.command()
def bench(
    part: Annotated[str, typer.Argument(help="One part, such as tools; all unless given.")] = "",
    only: Annotated[str, typer.Option(help="The same as an option.")] = "",
    clauses: Annotated[
        int, typer.Option(min=100, help="Size of the index in the parts index and large.")
    ] = 60_000,
) -> None:
    """Measure against peers in one run and print a table."""
    from eval.bench.run import run_bench

    run_bench(read_settings(), out, only=part or only, clauses=clauses)


@staff_app.command("add")
def staff_add(
    name: Annotated[str, typer.Argument(help="Name that the person logs in with.")],
    role: Annotated[str, typer.Option(help="值班员, 督导, 管理员 or 审计.")] = "值班员",
) -> None:
    """Add an account; the password is asked for (or read from standard input), at least 12 characters."""
    from desk.terminal import add_account

    settings = read_settings()
    if sys.stdin.isatty():
        password = typer.prompt(
            "Password (at least 12 characters)", hide_input=True, confirmation_prompt=True
        )
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    problem = add_account(settings, name, role, password)
    if problem:
        stop(problem)
    out.print(f"{role} {name} can now log in at /desk.", markup=False, highlight=False)


def run() -> None:
    """Entry point: an interrupted command is quiet, and no failure ends in a stack trace."""
    try:
        app()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        raise SystemExit(141) from None
    except Exception as error:
        if os.environ.get("MINXING_TRACEBACK"):
            raise
        from knowledge.errors import KnowledgeError

        if isinstance(error, KnowledgeError):  # one sentence for whoever operates
            err.print(str(error), style="red", markup=False, highlight=False)
            raise SystemExit(EXIT_USAGE) from None
        # The text of an unknown error may hold a family's words; its kind may not.
        message = f"Minxing stopped on an unexpected {type(error).__name__}; see it with MINXING_TRACEBACK=1."
        err.print(message, style="red", markup=False, highlight=False)
        raise SystemExit(1) from None
