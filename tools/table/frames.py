"""Where Polars is brought in: only a bureau that checks a register needs it (the extra `table`)."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from tools.errors import ToolsError


class PolarsMissingError(ToolsError):
    """Shown to the operator: which extra to install."""


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
            "Checking a whole register needs Polars: pip install 'minxing[table]'"
        ) from None
