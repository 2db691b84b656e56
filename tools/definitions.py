"""Named conditions that several benefits use, such as what 重残 means in one document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tools.conditions import AllOf, AnyOf, Condition, CountOf, NotOf, Use
from tools.errors import CatalogueError
from tools.yaml_source import YamlSource

DEFINITIONS_FILE = Path(__file__).with_name("definitions.yaml")
_PARENTS = {"father": "爸爸", "mother": "妈妈"}
_CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)


class Definitions:
    """Conditions by name; one that is about a parent comes out for the father or the mother."""

    def __init__(self, source: YamlSource) -> None:
        self._source = source
        self._raw: Mapping[str, Any] = source.data or {}

    @classmethod
    def load(cls, path: Path = DEFINITIONS_FILE) -> Definitions:
        """Read `definitions.yaml`."""
        return cls(YamlSource(path))

    def __iter__(self) -> Any:
        return iter(self._raw)

    def expand(self, condition: Condition, seen: tuple[str, ...] = ()) -> Condition:
        """The same tree with every `use` replaced by what it names.

        Raises:
            CatalogueError: the name is not defined, a definition uses itself, or lacks its parent.
        """
        match condition:
            case Use():
                return self._used(condition, seen)
            case AllOf():
                return condition.model_copy(
                    update={"all": tuple(self.expand(c, seen) for c in condition.all)}
                )
            case AnyOf():
                return condition.model_copy(
                    update={"any": tuple(self.expand(c, seen) for c in condition.any)}
                )
            case CountOf():
                return condition.model_copy(update={"of": tuple(self.expand(c, seen) for c in condition.of)})
            case NotOf():
                return condition.model_copy(update={"not_": self.expand(condition.not_, seen)})
            case _:
                return condition

    def _used(self, condition: Use, seen: tuple[str, ...]) -> Condition:
        name = condition.use
        if name not in self._raw:
            known = "、".join(self._raw)
            raise CatalogueError(
                self._source.path.name, f"no definition is called {name!r}; there are: {known}"
            )
        if name in seen:
            raise CatalogueError(self._source.path.name, f"{name} uses itself", self._source.line((name,)))
        text = json.dumps(self._raw[name], ensure_ascii=False)
        if "{parent}" in text:
            if not condition.of_parent:
                raise CatalogueError(
                    self._source.path.name,
                    f"{name} is about a parent: write `with: father` or `with: mother`",
                )
            text = text.replace("{parent}", condition.of_parent).replace(
                "{爸妈}", _PARENTS[condition.of_parent]
            )
        try:
            found = _CONDITION.validate_python(json.loads(text))
        except ValidationError as error:
            first = error.errors()[0]
            path = (name, *(part for part in first["loc"]))
            raise CatalogueError(
                self._source.path.name, f"{name}: {first['msg']}", self._source.line(path)
            ) from None
        update = {key: value for key in ("say", "note", "source") if (value := getattr(condition, key))}
        return self.expand(found.model_copy(update=update), (*seen, name))
