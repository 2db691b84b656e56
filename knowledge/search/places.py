"""Which places a question speaks of, and whose documents apply in a place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from knowledge.yaml_files import load_yaml

NATION = "全国"
HOME = "杭州市"
HOME_PROVINCE = "浙江省"
_PLACES = Path(__file__).resolve().parent / "places.yaml"


class _Gazetteer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    districts: tuple[str, ...]
    home_words: tuple[str, ...]
    provinces: dict[str, tuple[str, ...]]
    """Province → its common short names and larger cities."""
    origin_before: tuple[str, ...]
    origin_after: tuple[str, ...]
    """Words around a place that tell where someone is from, not where they ask about."""
    number_signs: dict[str, str]
    """How a 文号 begins → the province or city that issued it."""


@cache
def _gazetteer() -> _Gazetteer:
    return _Gazetteer.model_validate(load_yaml(_PLACES.read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that the question is about."""

    name: str
    """As written."""
    province: str


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    names = {name: province for province, known in _gazetteer().provinces.items() for name in known}
    names |= {province: province for province in _gazetteer().provinces}
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(longest_first)), names


def other_place(question: str, place: str = HOME) -> Mention | None:
    """The place other than `place` that the question asks about; None where it only tells an origin.

    `重庆的孤儿一个月多少钱` asks about 重庆; `安徽户口，在杭州上学` and `老家在贵州` do not.
    """
    words = _gazetteer()
    pattern, names = _pattern()
    mentions = list(pattern.finditer(question))
    at_home = place in (HOME, *words.districts) and any(word in question for word in words.home_words)
    if at_home and len(mentions) < 2:
        return None  # a comparison names the other place again: 宁波和杭州不一样吗，宁波发多少
    for match in mentions:
        province = names[match[0]]
        city = match[0] if match[0] != province else ""
        if place.startswith(match[0].removesuffix("市")) or (not city and province == province_of(place)):
            continue
        before, after = (
            question[max(0, match.start() - 6) : match.start()],
            question[match.end() : match.end() + 5],
        )
        if any(before.endswith(word) for word in words.origin_before):
            continue
        if any(after.startswith(word) for word in words.origin_after):
            continue
        return Mention(match[0], province)
    return None


def province_of(place: str) -> str:
    """The province that a place lies in; the place itself if it is none we know."""
    words = _gazetteer()
    if place == HOME or place in words.districts:
        return HOME_PROVINCE
    _, names = _pattern()
    return next((names[name] for name in names if place.startswith(name.removesuffix("市"))), place)


def applicable_regions(place: str) -> dict[str, int]:
    """Regions whose documents apply in `place`, with their weight: the nearer the government, the greater."""
    regions = {NATION: 0, province_of(place): 1, place: 2}
    if place in _gazetteer().districts:
        regions |= {HOME: 2, place: 3}
    return regions


def known_region(words: str) -> str | None:
    """The nearest region that a title or issuer names: a Hangzhou district, Hangzhou, or a province."""
    gazetteer = _gazetteer()
    for district in gazetteer.districts:
        if district in words:
            return district
    if "杭州" in words:
        return HOME
    pattern, names = _pattern()
    match = pattern.search(words)
    if match is None:
        return None
    # A city's own rule applies in that city only.
    return names[match[0]] if match[0] == names[match[0]] or match[0] in names[match[0]] else f"{match[0]}市"


def region_of_number(number: str) -> str | None:
    """The province or city whose 文号 this is, by its first character: 浙民福〔2021〕191号 → 浙江省."""
    return _gazetteer().number_signs.get(number[:1])
