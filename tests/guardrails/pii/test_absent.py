"""Hiding personal data loads no machine-learning library that happens to be installed (memory: 700 MB)."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from guardrails.pii.absent import absent

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("package", ["torch", "transformers"])
def test_the_redactor_leaves_an_installed_library_alone(package: str, tmp_path: Path) -> None:
    folder = tmp_path / package
    folder.mkdir()
    (folder / "__init__.py").write_text("raise SystemExit('it was imported')\n", encoding="utf-8")
    program = "from guardrails.pii import Redactor, Vault; print(Redactor().redact('我叫王小明', Vault())[0])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-400:]
    assert "王小明" not in done.stdout


def test_only_while_it_stands_and_only_what_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "some_large_library.py").write_text("", encoding="utf-8")
    (tmp_path / "some_other_library.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with absent("some_large_library"):
        import_module("some_other_library")
        with pytest.raises(ModuleNotFoundError):
            import_module("some_large_library")
    import_module("some_large_library")
