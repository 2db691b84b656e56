"""Where Polars is brought in: late, for only a bureau that checks a register needs it."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from tools.errors import ToolsError


class PolarsMissingError(ToolsError):
    """Shown to the operator: what to install."""


@cache
def polars() -> Any:
    """The module.

    Raises:
        PolarsMissingError: it is not installed.
    """
    try:
        return importlib.import_module("polars")
    except ImportError:
        raise PolarsMissingError(
            "Polars is not installed; `pip install -r requirements.lock` brings it."
        ) from None
