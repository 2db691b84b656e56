"""What else one could install: Presidio as it comes, Presidio over LAC without our recognisers, jionlp."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from typing import Any

from eval.pii.score import Finder
from guardrails.types import Entity

_TYPES = {
    "PERSON": "PERSON",
    "LOCATION": "ADDRESS",
    "PHONE_NUMBER": "CN_MOBILE",
    "CREDIT_CARD": "BANK_CARD",
    "EMAIL_ADDRESS": "EMAIL",
    "IP_ADDRESS": "IP_ADDRESS",
}
"""Presidio's names in ours. Its dates, organisations and links are left out: it was not asked for them."""


class _Presidio:
    def __init__(self, engine: Any, language: str) -> None:
        self._engine, self._language = engine, language

    def find(self, text: str) -> Sequence[Entity]:
        results = self._engine.analyze(text=text, language=self._language)
        return [
            Entity(result.start, result.end, _TYPES.get(result.entity_type, result.entity_type), result.score)
            for result in results
            if result.entity_type not in ("DATE_TIME", "ORGANIZATION", "URL", "NRP")
        ]


def _offline() -> None:
    """Keeps the stock e-mail recogniser from fetching the list of public suffixes."""
    import tldextract

    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())  # type: ignore[assignment]


def _defaults() -> Finder:
    """Presidio's stock recognisers in English, over a blank spaCy pipeline."""
    import spacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    class Blank(SpacyNlpEngine):  # type: ignore[misc]
        def load(self) -> None:
            self.nlp = {"en": spacy.blank("en")}

    return _Presidio(AnalyzerEngine(nlp_engine=Blank(), supported_languages=["en"]), "en")


def _over_lac() -> Finder:
    """Presidio's stock recognisers set to Chinese, with LAC for people and places."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.predefined_recognizers import (
        CreditCardRecognizer,
        EmailRecognizer,
        IpRecognizer,
        PhoneRecognizer,
        SpacyRecognizer,
    )

    from guardrails.pii.engine import LacNlpEngine
    from guardrails.pii.lexer import Lexer

    language = "zh"
    recognisers = [
        SpacyRecognizer(supported_language=language),
        CreditCardRecognizer(supported_language=language),
        EmailRecognizer(supported_language=language),
        IpRecognizer(supported_language=language),
        PhoneRecognizer(supported_language=language, supported_regions=("CN",)),
    ]
    registry = RecognizerRegistry(recognizers=recognisers, supported_languages=[language])
    engine = AnalyzerEngine(
        registry=registry, nlp_engine=LacNlpEngine(Lexer()), supported_languages=[language]
    )
    return _Presidio(engine, language)


class _Jionlp:
    """jionlp's extractors for numbers and addresses of mainland China, where it is installed."""

    _EXTRACTORS = (
        ("CN_RESIDENT_ID", "extract_id_card"),
        ("CN_MOBILE", "extract_phone_number"),
        ("EMAIL", "extract_email"),
        ("IP_ADDRESS", "extract_ip_address"),
        ("QQ", "extract_qq"),
        ("WECHAT", "extract_wechat_id"),
        ("CAR_PLATE", "extract_motor_vehicle_licence_plate"),
    )

    def __init__(self) -> None:
        self._module = importlib.import_module("jionlp")

    def find(self, text: str) -> Sequence[Entity]:
        found = []
        for kind, name in self._EXTRACTORS:
            for item in getattr(self._module, name)(text, detail=True):
                start, end = item["offset"]
                found.append(Entity(start, end, kind, 1.0))
        return found


def peers() -> Iterator[tuple[str, Finder]]:
    """Every peer that is installed."""
    _offline()
    yield "Presidio, defaults", _defaults()
    yield "Presidio + LAC", _over_lac()
    if importlib.util.find_spec("jionlp"):
        yield "jionlp", _Jionlp()
