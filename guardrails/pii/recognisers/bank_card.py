"""银行卡: 16 to 19 places with a Luhn checksum; UnionPay begins with 62, passbooks are shorter."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.pii.cues import cue, cued, followed_by_letter, is_quantity
from guardrails.pii.digits import Number
from guardrails.pii.found import CERTAIN, LIKELY, POSSIBLE, Found
from guardrails.pii.kinds import EntityType
from guardrails.pii.reading import Reading

_CUE = cue(
    "银行|卡号|账号|帐号|账户|帐户|存折|打到|打款|汇到|汇款|转到|农行|工行|建行|中行|信用社|卡|折子|户头"
)
_KNOWN = ("62", "9558", "4367", "9559", "4563", "6013", "5240", "4270")
"""Beginnings of mainland debit cards: a mistyped one is hidden even where nothing calls it a card."""
_ISSUERS = ("62", "60", "4", "5", "9", "35", "36", "37", "81")


def luhn_holds(digits: str) -> bool:
    """Whether the last digit fits the others (ISO/IEC 7812-1).

    Examples:
        >>> luhn_holds("6222020200112233444"), luhn_holds("79927398713")
        (False, True)
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def find(reading: Reading) -> Iterator[Found]:
    """Cards with a good checksum; with a bad one if they look like UnionPay or stand behind 卡号."""
    for number in reading.numbers(10, 19):
        if is_quantity(reading, number) or followed_by_letter(reading, number):
            continue
        long_enough = len(number.digits) >= 16
        named = cued(reading, number, _CUE)
        if long_enough and number.digits.startswith(_ISSUERS) and (named or _card_shape(number)):
            if luhn_holds(number.digits):
                yield Found(EntityType.BANK_CARD, number.start, number.end, CERTAIN if named else LIKELY)
            elif named or number.digits.startswith(_KNOWN):
                yield Found(EntityType.BANK_CARD, number.start, number.end, POSSIBLE)
        elif (named and len(number.digits) >= 10 and not number.digits.startswith(("1", "0"))) or (
            named and long_enough
        ):
            yield Found(EntityType.BANK_CARD, number.start, number.end, POSSIBLE)


def _card_shape(number: Number) -> bool:
    """One piece, fours as printed on the card, or the issuer's six apart; never two numbers side by side."""
    shape = number.shape
    return (
        number.spoken
        or len(shape) == 1
        or set(shape[:-1]) == {4}
        or shape[0] == 6
        or set(shape[:-1]) <= {3, 4, 5}
    )
