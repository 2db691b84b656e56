"""The order of the rooms (docs/architecture.md): a room imports from rooms below it only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ORDER = ("cli", "server", "api", "agent", "desk", "guardrails", "tools", "knowledge", "storage", "settings")
OUTSIDE = "eval"


def sources(room: str) -> list[Path]:
    single = ROOT / f"{room}.py"
    return [single] if single.exists() else sorted((ROOT / room).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Top names of everything a file imports, wherever in the file it does so."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition(".")[0], node.lineno
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0], node.lineno


@pytest.mark.parametrize("room", ORDER)
def test_a_room_imports_only_from_rooms_below(room: str) -> None:
    allowed = set(ORDER[ORDER.index(room) :])
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sources(room)
        for name, line in imports(path)
        if name in {*ORDER, "tests"} and name not in allowed
    ]
    assert not wrong


def test_nothing_but_the_command_line_imports_eval() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for room in ORDER
        if room != "cli"
        for path in sources(room)
        for name, line in imports(path)
        if name == OUTSIDE
    ]
    assert not wrong


def test_every_room_says_what_belongs_in_it() -> None:
    rooms = [room for room in (*ORDER, OUTSIDE) if (ROOT / room).is_dir()]
    for room in (*rooms, "web/widget", "web/desk", "web/site", "tests"):
        text = (ROOT / room / "README.md").read_text(encoding="utf-8")
        assert "## What belongs here" in text, room
        assert "## What does not" in text, room


def test_files_stay_readable() -> None:
    """Review at 300 lines, split at 400."""
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for room in (*ORDER, OUTSIDE)
        for path in sources(room)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    ]
    assert not long
    assert len((ROOT / "server.py").read_text(encoding="utf-8").splitlines()) <= 200


def test_the_environment_is_read_in_one_place() -> None:
    """`settings.py` alone looks at the environment."""
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ORDER
        if room not in ("settings", "cli")
        for path in sources(room)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in ("environ", "getenv")
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]
    assert not wrong


COMMAND_LINE = {"terminal.py", "doctor.py"}
"""What the commands of `cli.py` run: they are the outermost, like `server.py`."""


def test_no_clock_below_the_server() -> None:
    """Times are passed in: no `datetime.now()` or `date.today()` in the rooms."""
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ORDER
        if room not in ("cli", "server")
        for path in sources(room)
        if path.name not in COMMAND_LINE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("now", "today", "utcnow")
        and isinstance(node.func.value, (ast.Name, ast.Attribute))
        and (node.func.value.id if isinstance(node.func.value, ast.Name) else node.func.value.attr)
        in ("datetime", "date")
    ]
    assert not wrong
