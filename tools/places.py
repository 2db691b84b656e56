"""Hangzhou's districts and counties: names and levels, no addresses."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel

from tools.yaml_source import YamlSource

PLACES_FILE = Path(__file__).with_name("places.yaml")


class District(BaseModel):
    """A district, county or county-level city."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    level: str
    said_as: tuple[str, ...] = ()


class Places(RootModel[dict[str, tuple[District, ...]]]):
    """Districts by city."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def load(cls, path: Path = PLACES_FILE) -> Places:
        """Read and validate `places.yaml`."""
        return YamlSource(path).validate(cls)

    def districts(self, city: str = "杭州市") -> tuple[District, ...]:
        """The districts of a city; none for a city we do not serve."""
        return self.root.get(city, ())

    def find(self, text: str, city: str = "杭州市") -> District | None:
        """The district that a text names, in full or as people say it; the longest name wins."""
        found = [
            (len(name), district)
            for district in self.districts(city)
            for name in (district.name, *district.said_as)
            if name in text
        ]
        return max(found, key=lambda pair: pair[0])[1] if found else None
