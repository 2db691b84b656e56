"""YAML read with its line numbers, so that a mistake is named where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from tools.errors import CatalogueError

Model = TypeVar("Model", bound=BaseModel)

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C where PyYAML has it: ten times faster."""


class YamlSource:
    """A YAML file, its data, and the line of every part of it."""

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            CatalogueError: it is not YAML, or not UTF-8.
        """
        self.path = path
        try:
            self.text = path.read_text(encoding="utf-8")
            self.data: Any = yaml.load(self.text, Loader=LOADER)
        except UnicodeDecodeError as error:
            raise CatalogueError(path.name, f"is not UTF-8 text: {error}; save it as UTF-8") from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or str(error)
            raise CatalogueError(
                path.name,
                f"is not valid YAML: {problem}; check the indentation and colons around it",
                mark.line + 1 if mark else None,
            ) from None

    def line(self, path: tuple[str | int, ...]) -> int | None:
        """Line of the part at a path such as `("who", "all", 2, "fact")`; the nearest part around it."""
        node = yaml.compose(self.text, Loader=LOADER)
        if node is None:
            return None
        line = node.start_mark.line + 1
        for step in path:
            found = None
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value == str(step):
                        line, found = key.start_mark.line + 1, value
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                found = node.value[step]
                line = found.start_mark.line + 1
            if found is None:
                continue  # pydantic names the kind of a condition as a step of its own
            node = found
        return int(line)

    def error(self, message: str, path: tuple[str | int, ...] = ()) -> CatalogueError:
        """An error at a part of this file."""
        return CatalogueError(self.path.name, message, self.line(path))

    def validate(self, model: type[Model], data: Any = None, where: tuple[str | int, ...] = ()) -> Model:
        """The file as a model, or `data`, which is its part at `where`.

        Raises:
            CatalogueError: with the line of the first part that is wrong.
        """
        try:
            return model.model_validate(self.data if data is None else data)
        except ValidationError as error:
            # A misspelt field shows up as one that is missing and as one that nobody knows: name the latter.
            first = next(
                (one for one in error.errors() if one["type"] == "extra_forbidden"), error.errors()[0]
            )
            place = ".".join(str(part) for part in first["loc"])
            hint = (
                ": no such field, take it out or check its spelling"
                if first["type"] == "extra_forbidden"
                else ""
            )
            raise self.error(f"{place}: {first['msg']}{hint}", (*where, *first["loc"])) from None
