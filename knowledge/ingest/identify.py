"""Which document a file is: one of the registry, or a new one described by its own words."""

from __future__ import annotations

import datetime as dt
import re

from knowledge.parsing.document import ParsedDocument
from knowledge.references import document_key
from knowledge.search.places import NATION, known_region, region_of_number
from knowledge.sources import Registry
from knowledge.types import Confidence, Extent, Source, Standing

_NATIONAL = re.compile(
    r"^(?:国务院|中共中央|全国|中华人民共和国|最高人民|民政部|教育部|财政部|国家|公安部|司法部)"
)
_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:\s*\(published\))?$")
_HEADER_NUMBER = re.compile(r"^[\u4e00-\u9fff]+〔\d{4}〕\d+号")


def identify(
    parsed: ParsedDocument, stem: str, registry: Registry, today: dt.date
) -> tuple[Source, list[str]]:
    """The source of a file, and what the operator should know about how it was told.

    A registered id as file name counts only if the text bears that document's title: a wrong text must not
    pass for a law.
    """
    text_start = document_key(parsed.title + parsed.text[:1500])
    named = registry.get(stem)
    if named is not None and _bears(named, text_start):
        return _completed(named, parsed), []
    warnings = (
        [f"The file name says {named.title}, the text does not; it is taken in as a new document."]
        if named
        else []
    )
    for name in (_number(parsed), parsed.title):
        found = registry.find(name) if name else None
        if found is not None:
            return _completed(found, parsed), warnings
    region = _region(parsed)
    if region is None:
        warnings.append(
            "No place was found; it counts for the nation. If that is wrong, register it in sources.yaml."
        )
    printed = _number(parsed) is not None and bool(_issuer(parsed))
    if not printed:
        warnings.append("The text prints no 文号 or no issuer; it is marked as reported (据公开报道).")
    return Source(
        id=_identity(stem, named is not None),
        title=parsed.title or stem,
        number=_number(parsed),
        issuer=_issuer(parsed) or "未印出",
        issued=parsed.issued or _day(parsed.fields.get("date issued", "")),
        in_force_from=parsed.in_force_from,
        region=region or NATION,
        extent=Extent.WHOLE,
        standing=Standing.OFFICIAL,
        confidence=Confidence.CONFIRMED if printed else Confidence.REPORTED,
        checked_on=today,
    ), warnings


def _bears(source: Source, text_start: str) -> bool:
    plain = document_key(re.sub(r"[（(][^（）()]*[)）]", "", source.title)).removeprefix("中华人民共和国")
    parts = plain.split("编")[0].replace("民法典总则", "民法典").replace("民法典婚姻家庭", "民法典")
    names = {parts, document_key(source.number or source.title)}
    return any(name in re.sub(r"[（(][^（）()]*[)）]", "", text_start) for name in names if name)


def _completed(source: Source, parsed: ParsedDocument) -> Source:
    """The registered source, with how much of it is held now and the dates that its text prints."""
    partial = parsed.incomplete or "PARTIAL" in parsed.fields.get("whole or partial", "")
    changes: dict[str, object] = {"extent": Extent.PARTIAL if partial else Extent.WHOLE}
    if source.in_force_from is None and parsed.in_force_from:
        changes["in_force_from"] = parsed.in_force_from
    if source.issued is None and parsed.issued:
        changes["issued"] = parsed.issued
    return source.model_copy(update=changes)


def _number(parsed: ParsedDocument) -> str | None:
    if parsed.number:
        return parsed.number
    match = _HEADER_NUMBER.match(parsed.fields.get("document number", ""))
    return match[0] if match else None


def _issuer(parsed: ParsedDocument) -> str:
    return parsed.issuer or parsed.fields.get("issuing body", "")


def _region(parsed: ParsedDocument) -> str | None:
    """The place whose government issued it: by title, by issuer, by the first sign of the 文号."""
    if _NATIONAL.match(parsed.title) or _NATIONAL.match(_issuer(parsed)):
        return NATION
    for words in (parsed.title, _issuer(parsed)):
        if region := known_region(words):
            return region
    return region_of_number(_number(parsed) or "")


def _identity(stem: str, taken: bool) -> str:
    plain = re.sub(r"[^\w\u4e00-\u9fff-]+", "_", stem).strip("_")[:60] or "document"
    return f"{plain}_2" if taken else plain


def _day(text: str) -> dt.date | None:
    match = _DAY.match(text.strip())
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
