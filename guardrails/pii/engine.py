"""Presidio's analyzer over LAC and our own recognisers, with nothing that reaches for a network.

Presidio is imported here and nowhere else: it costs a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from guardrails.pii.absent import absent

with absent("torch", "transformers"):
    from presidio_analyzer import AnalyzerEngine, LocalRecognizer, RecognizerRegistry, RecognizerResult
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
    from spacy.tokens import Doc, Span
    from spacy.vocab import Vocab

from guardrails.pii.found import Found, Recogniser
from guardrails.pii.kinds import EntityType
from guardrails.pii.lexer import Lexer
from guardrails.pii.reading import Reading
from guardrails.pii.recognisers import ALL

LANGUAGE = "zh"
_ENTITY_TAGS = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION", "TIME": "DATE_TIME"}


class LacNlpEngine(NlpEngine):  # type: ignore[misc]
    """Presidio's view of LAC: a spaCy `Doc` of its words, entities from its tags."""

    def __init__(self, lexer: Lexer) -> None:
        self._lexer = lexer

    def load(self) -> None:
        """The lexer is loaded when it is made."""

    def is_loaded(self) -> bool:
        """Always."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Words and entities of a text."""
        return self.artifacts(Reading(text, self._lexer))

    def process_batch(
        self, texts: Iterable[str], language: str, batch_size: int = 1, n_process: int = 1, **kwargs: Any
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """One text after the other."""
        for text in texts:
            yield text, self.process_text(text, language)

    def artifacts(self, reading: Reading) -> NlpArtifacts:
        """Artifacts that carry the reading along, so that it is made once per message."""
        # A new Vocab each time: a shared one keeps every word it ever saw, names included.
        words = reading.words
        doc = Doc(Vocab(), words=[word.text for word in words], spaces=[False] * len(words))
        entities = [
            Span(doc, index, index + 1, label=_ENTITY_TAGS[word.tag])
            for index, word in enumerate(words)
            if word.tag in _ENTITY_TAGS
        ]
        artifacts = NlpArtifacts(
            entities=entities,
            tokens=doc,
            tokens_indices=[word.start for word in words],
            lemmas=[word.text for word in words],
            nlp_engine=self,
            language=LANGUAGE,
        )
        artifacts.reading = reading
        return artifacts

    def is_stopword(self, word: str, language: str) -> bool:
        """Nothing is: we use no keywords."""
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """Whether a word is one sign."""
        return len(word) == 1 and not word.isalnum()

    def get_supported_entities(self) -> list[str]:
        """What LAC's tags are called in Presidio."""
        return sorted(_ENTITY_TAGS.values())

    def get_supported_languages(self) -> list[str]:
        """Chinese."""
        return [LANGUAGE]


class OwnRecognizer(LocalRecognizer):  # type: ignore[misc]
    """Hands one of our recognisers to Presidio."""

    def __init__(self, kind: EntityType, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        super().__init__(
            supported_entities=[kind.value], name=f"minxing {kind.value}", supported_language=LANGUAGE
        )

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts) -> list[RecognizerResult]:
        """What our recogniser found, as Presidio's results."""
        return [
            RecognizerResult(
                entity_type=found.type.value, start=found.start, end=found.end, score=found.score
            )
            for found in self._recogniser(nlp_artifacts.reading)
        ]


class Analyzer:
    """Finds identifiers in a reading. Loads once; thread-safe."""

    def __init__(self, lexer: Lexer) -> None:
        self._nlp = LacNlpEngine(lexer)
        registry = RecognizerRegistry(
            recognizers=[OwnRecognizer(kind, recogniser) for kind, recogniser in ALL],
            supported_languages=[LANGUAGE],
        )
        self._engine = AnalyzerEngine(registry=registry, nlp_engine=self._nlp, supported_languages=[LANGUAGE])

    def find(self, reading: Reading) -> list[Found]:
        """All that was found, overlaps included, without what touches a placeholder."""
        results = self._engine.analyze(
            text=reading.text, language=LANGUAGE, nlp_artifacts=self._nlp.artifacts(reading)
        )
        return [
            Found(EntityType(result.entity_type), result.start, result.end, result.score)
            for result in results
            if not reading.touches_protected(result.start, result.end)
        ]
