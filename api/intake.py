"""Taking a message in: scanned, then limited, then stored. No limit drops an S3 or S4 (SE-8, CR-1)."""

from __future__ import annotations

import logging

from api.errors import ApiError, not_found
from api.services import Services
from api.talk import KeyReusedError, Received
from guardrails.types import Screening, Severity
from storage.errors import StorageUnavailableError

logger = logging.getLogger("minxing.api")

_AROUND = 200
"""Characters kept on either side of a trigger when a message was too long to store whole."""


async def take_in(rooms: Services, conversation_id: str, address: str, key: str, text: str) -> Received:
    """Store one message and begin its answer.

    Raises:
        ApiError: 409, 413, 422 or 429; 503 where nothing could be stored, with the numbers to call.
    """
    if not text.strip():
        raise ApiError(422, "empty_text", field="text")
    wait = _seconds_to_wait(rooms, conversation_id, address, key)
    too_long = len(text) > rooms.settings.message_chars_max
    try:
        if wait or too_long:
            screening = await rooms.talk.screen(conversation_id, text)
            if screening.severity < Severity.S3:
                raise _refusal(rooms, wait)
            if too_long:
                # The card shows and the ticket is stored although the text is refused.
                await rooms.talk.receive(conversation_id, key, urgent_part(rooms, text, screening))
                raise _refusal(rooms, 0)
        received = await rooms.talk.receive(conversation_id, key, text)
    except LookupError:
        raise not_found() from None  # erased between the door and the store
    except KeyReusedError:
        raise ApiError(409, "key_reused", field="Idempotency-Key") from None
    except StorageUnavailableError:
        logger.error("message not stored: the database is unavailable")
        raise await _not_stored(rooms, conversation_id, text) from None
    logger.info(
        "message conversation=%s message=%s chars=%d route=%s replayed=%s",
        conversation_id,
        received.message_id,
        len(text),
        received.route,
        received.replayed,
    )
    if not received.replayed:
        rooms.talk.answer(conversation_id, received)
    return received


def _seconds_to_wait(rooms: Services, conversation_id: str, address: str, key: str) -> int:
    """0 where the message fits and was counted. Nothing is awaited in here: thirty at once are thirty.

    A key that was let in before is a resend, not a new message (R-01): it counts for the address alone.
    """
    limits = rooms.limits
    windows = [(limits.messages_of_address, address)]
    if (conversation_id, key) not in limits.keys:
        windows.append((limits.messages, conversation_id))
    wait = max(window.wait(name) for window, name in windows)
    if not wait:
        for window, name in windows:
            window.count(name)
        limits.keys.add((conversation_id, key))
    return wait


def _refusal(rooms: Services, wait: int) -> ApiError:
    if wait:
        return ApiError(
            429, "too_fast", headers={"Retry-After": str(wait)}, phone=("110", "120", "12356"), seconds=wait
        )
    return ApiError(
        413, "too_long", field="text", phone=("110", "120", "12356"), limit=rooms.settings.message_chars_max
    )


def urgent_part(rooms: Services, text: str, screening: Screening) -> str:
    """What staff must read of an overlong message: its beginning and the words around each trigger."""
    parts = [text[:_AROUND]]
    parts += [text[max(0, span.start - _AROUND) : span.end + _AROUND] for span in screening.triggers]
    return "\n…\n".join(parts)[: rooms.settings.message_chars_max]


async def _not_stored(rooms: Services, conversation_id: str, text: str) -> ApiError:
    """R-62: not acknowledged; where there is danger, say plainly that nobody was told."""
    screening = await rooms.talk.screen(conversation_id, text)
    code = "not_stored_urgent" if screening.severity >= Severity.S3 else "not_stored"
    return ApiError(503, code, headers={"Retry-After": "5"})
