"""Which program is asking, and may it: shared dependencies of the doors that need a key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from api.completions.errors import DoorError
from api.deps import Bearer, Open
from api.keys.scopes import Scope
from storage.key_types import ApiKey


def needs(scope: Scope) -> Callable[..., Awaitable[ApiKey]]:
    """A dependency that gives the caller's key if it has this scope.

    Raises:
        DoorError: 401 for malformed, unknown, wrong and revoked keys alike; 403 for a key without the scope.
    """

    async def holder(rooms: Open, words: Bearer) -> ApiKey:
        key = await rooms.store.api_keys.authenticate(words)
        if key is None:
            raise DoorError(401, "invalid_api_key", headers={"WWW-Authenticate": "Bearer"})
        if scope not in key.scopes:
            raise DoorError(403, "insufficient_scope", scope=scope.value)
        return key

    return holder
