"""A message made readable for the recognisers, with the way back to its original offsets."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from functools import cached_property

from guardrails.pii import digits
from guardrails.pii.folding import folded_characters
from guardrails.pii.kinds import PLACEHOLDER
from guardrails.pii.lexer import Lexer, Word

_PLACEHOLDER = re.compile(PLACEHOLDER)
_LONGEST_NUMBER = 22


class Reading:
    """A message as recognisers see it.

    Args:
        original: the text as received; may hold anything.
        lexer: where words come from.
        known_names: names that this conversation has hidden before.
    """

    def __init__(self, original: str, lexer: Lexer, known_names: tuple[str, ...] = ()) -> None:
        self.known_names = known_names
        folded = folded_characters(original)
        self.text = "".join(folded)
        self._origin = [position for position, kept in enumerate(folded) if kept]
        self._lexer = lexer
        self.protected = tuple(match.span() for match in _PLACEHOLDER.finditer(self.text))
        """Placeholders of an earlier redaction: never read, never replaced again."""
        self._protected_ends = [end for _, end in self.protected]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original of a stretch of `text`."""
        return self._origin[start], self._origin[end - 1] + 1

    def touches_protected(self, start: int, end: int) -> bool:
        """Whether a stretch overlaps a placeholder."""
        index = bisect_left(self._protected_ends, start + 1)
        return index < len(self.protected) and self.protected[index][0] < end

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """LAC's words of everything but placeholders."""
        return self._lexer.words(self.text, self.protected)

    @cached_property
    def word_at(self) -> dict[int, int]:
        """Index into `words` by the offset at which a word starts."""
        return {word.start: index for index, word in enumerate(self.words)}

    @cached_property
    def _numbers(self) -> dict[int, list[digits.Number]]:
        breaks = {
            place
            for place in range(1, len(self._origin))
            if self._origin[place] != self._origin[place - 1] + 1
        }
        found = [g for g in digits.groups(self.text, breaks) if not self.touches_protected(g.start, g.end)]
        by_length: dict[int, list[digits.Number]] = defaultdict(list)
        for number in digits.numbers(self.text, found, shortest=5, longest=_LONGEST_NUMBER):
            by_length[len(number.digits)].append(number)
        return by_length

    def numbers(self, shortest: int, longest: int) -> list[digits.Number]:
        """Numbers of 5 to 22 places by how many digits they have, shortest first, each length in order."""
        return [n for length in range(shortest, longest + 1) for n in self._numbers.get(length, ())]

    def before(self, position: int, characters: int = 14) -> str:
        """What stands just before a position; a form's label may stand on the line above."""
        return self.text[max(0, position - characters) : position]

    def after(self, position: int, characters: int = 8) -> str:
        """What stands just after a position, on the same line."""
        return self.text[position : position + characters].partition("\n")[0]
