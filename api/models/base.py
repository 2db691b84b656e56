"""What all requests and responses share."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean_text(value: object) -> object:
    """Take out what no keyboard writes: NUL and control characters, halves of surrogate pairs.

    >>> clean_text("你" + chr(0) + "好" + chr(0xD83D))
    '你好�'
    """
    if not isinstance(value, str):
        return value
    return _UNWANTED.sub("", value.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


Text = Annotated[str, BeforeValidator(clean_text)]
OpaqueId = Annotated[str, Field(min_length=1, max_length=64)]


class Strict(BaseModel):
    """A request: what we do not know is refused and named."""

    model_config = ConfigDict(extra="forbid")
