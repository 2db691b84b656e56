"""`minxing keys add | list | revoke`. Heavy rooms are imported inside the commands."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

if TYPE_CHECKING:
    from settings import Settings

keys_app = typer.Typer(no_args_is_help=True, help="Keys of programs that call the doors.")
out, err = Console(), Console(stderr=True)
EXIT_USAGE = 2


def _stop(message: str) -> NoReturn:
    err.print(message, style="red", markup=False, highlight=False)
    raise typer.Exit(EXIT_USAGE)


def read_settings() -> Settings:
    """The settings, or one sentence and exit code 2."""
    from settings import SettingsError, load_settings

    try:
        return load_settings()
    except SettingsError as error:
        _stop(str(error))


@keys_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Whose key it is, such as 社区小程序.")],
    scope: Annotated[list[str] | None, typer.Option(help="chat or metrics; may be given again.")] = None,
    per_minute: Annotated[int, typer.Option(min=1, help="Requests in one minute.")] = 60,
    per_day: Annotated[int, typer.Option(min=1, help="Requests in one day.")] = 5000,
) -> None:
    """Make a key and show it once; only its hash is stored."""
    from api.keys import terminal

    try:
        words = terminal.add(read_settings(), name, scope or ["chat"], per_minute, per_day)
    except terminal.KeyRefusedError as error:
        _stop(str(error))
    sys.stdout.write(f"{words}\n")
    err.print("Keep it now: it cannot be shown again.", markup=False, highlight=False)


@keys_app.command("list")
def list_() -> None:
    """All keys, their scopes and quotas, and what was asked today."""
    from api.keys import terminal

    try:
        terminal.show(read_settings(), out)
    except terminal.KeyRefusedError as error:
        _stop(str(error))


@keys_app.command("revoke")
def revoke(name: Annotated[str, typer.Argument(help="Name of the key.")]) -> None:
    """End a key at once."""
    from api.keys import terminal

    try:
        terminal.revoke(read_settings(), name)
    except terminal.KeyRefusedError as error:
        _stop(str(error))
    out.print(f"The key of {name} is good for nothing any more.", markup=False, highlight=False)
