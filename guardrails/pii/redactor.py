"""Redaction of one message: find, merge, replace, and look again until nothing is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guardrails.pii.errors import RedactionError
from guardrails.pii.folding import storable
from guardrails.pii.found import Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading
from guardrails.pii.vault import Vault
from guardrails.types import Entity

_PASSES = 6
"""A placeholder changes how the words around it read, so the text is read again until it holds still."""


class Redactor:
    """Finds and hides personal identifiers. Loads once (about a second); thread-safe.

    Raises:
        RedactionError: if Presidio or LAC cannot be loaded.
    """

    def __init__(self) -> None:
        try:
            from guardrails.pii.engine import Analyzer
            from guardrails.pii.lexer import Lexer

            self._lexer = Lexer()
            self._analyzer = Analyzer(self._lexer)
        except Exception as error:
            raise RedactionError(f"The redactor could not be loaded ({type(error).__name__}).") from error

    def redact(self, text: str, vault: Vault) -> tuple[str, tuple[Entity, ...]]:
        """Hide every personal identifier of a text behind the placeholders of a conversation.

        Args:
            text: anything that came in, NUL and lone surrogates included.
            vault: the conversation's placeholders; new ones are added.

        Returns:
            The redacted text, which can be stored as UTF-8 and does not change when redacted again, and the
            entities in offsets of `text`, in order, without overlaps.

        Raises:
            RedactionError: if anything failed. Then nothing of the text may be stored or sent (PR-5).
        """
        try:
            return self._redact(text, vault)
        except RedactionError:
            raise
        except Exception as error:
            # No cause: a traceback's frames and messages may hold the text.
            raise RedactionError(f"A message could not be redacted ({type(error).__name__}).") from None

    def _redact(self, text: str, vault: Vault) -> tuple[str, tuple[Entity, ...]]:
        pieces = [_Piece(storable(text), 0, None)]
        entities: list[Entity] = []
        for _ in range(_PASSES):
            current = "".join(piece.text for piece in pieces)
            reading = Reading(current, self._lexer, vault.names)
            found = merged(self._analyzer.find(reading))
            if not found:
                break
            replacements = []
            for item in found:
                start, end = reading.original_span(item.start, item.end)
                placeholder = vault.placeholder(item.type, reading.text[item.start : item.end])
                replacements.append((start, end, placeholder, item))
            pieces = list(_replaced(pieces, replacements, entities))
        entities.sort(key=lambda entity: entity.start)
        return "".join(piece.text for piece in pieces), tuple(entities)


def hidden(text: str, entities: Sequence[Entity], vault: Vault) -> str:
    """A text with known entities behind their placeholders.

    Args:
        text: the text that the entities' offsets belong to.
        entities: in order, without overlaps.
        vault: the conversation's placeholders.
    """
    parts, position = [], 0
    for entity in entities:
        value = text[entity.start : entity.end]
        parts += [text[position : entity.start], vault.placeholder(EntityType(entity.type), value)]
        position = entity.end
    return storable("".join([*parts, text[position:]]))


class _Piece:
    """A stretch of the text under work: original text from an offset on, or a placeholder."""

    __slots__ = ("origin", "placeholder", "text")

    def __init__(self, text: str, origin: int, placeholder: str | None) -> None:
        self.text, self.origin, self.placeholder = text, origin, placeholder


def _replaced(
    pieces: list[_Piece], replacements: list[tuple[int, int, str, Found]], entities: list[Entity]
) -> Iterator[_Piece]:
    """Puts placeholders in; what is replaced always lies within one piece of original text."""
    waiting = iter(replacements)
    upcoming = next(waiting, None)
    position = 0
    for piece in pieces:
        end_of_piece = position + len(piece.text)
        done = 0
        while upcoming is not None and upcoming[0] < end_of_piece:
            start, end, placeholder, item = upcoming
            if piece.placeholder is None and end <= end_of_piece:
                left, right = start - position, end - position
                if left > done:
                    yield _Piece(piece.text[done:left], piece.origin + done, None)
                yield _Piece(placeholder, piece.origin + left, placeholder)
                entities.append(
                    Entity(piece.origin + left, piece.origin + right, item.type.value, item.score)
                )
                done = right
            upcoming = next(waiting, None)
        if piece.placeholder is not None:
            yield piece
        elif done < len(piece.text):
            yield _Piece(piece.text[done:], piece.origin + done, None)
        position = end_of_piece


def merged(found: list[Found]) -> list[Found]:
    """Overlapping finds as one that covers them all, named after the longest, then the surest of them."""
    clusters: list[list[Found]] = []
    reach = -1
    for item in sorted(found, key=lambda f: (f.start, -f.end)):
        if clusters and item.start < reach:
            clusters[-1].append(item)
        else:
            clusters.append([item])
        reach = max(reach, item.end)
    return [_cover(cluster) for cluster in clusters]


_ORDER = {kind: place for place, kind in enumerate(EntityType)}


def _cover(cluster: list[Found]) -> Found:
    best = max(cluster, key=lambda f: (f.end - f.start, f.score, -_ORDER[f.type]))
    start, end = min(f.start for f in cluster), max(f.end for f in cluster)
    return Found(best.type, start, end, max(f.score for f in cluster))
