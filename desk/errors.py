"""What the desk refuses. Staff see the sentence `errors.<code>` of `texts.yaml`."""

from __future__ import annotations


class DeskError(Exception):
    """Base; `code` names the sentence.

    Args:
        code: key in `texts.yaml`.
        status: HTTP status that `api` answers with.
        values: what the placeholders of the sentence stand for.
    """

    def __init__(self, code: str, status: int, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.values = values


class NotYoursError(DeskError):
    """Somebody else was faster, or the ticket is not in the state for this (R-21: with the owner's name)."""

    def __init__(self, owner: str | None, code: str = "not_yours") -> None:
        super().__init__(code if owner else "not_claimed", 409, owner=owner or "")
        self.owner = owner


class NotThereError(DeskError):
    """No such ticket, or the family erased the talk."""

    def __init__(self) -> None:
        super().__init__("no_ticket", 404)


class NotAllowedError(DeskError):
    """The role may not do this."""

    def __init__(self) -> None:
        super().__init__("not_allowed", 403)


class IncompleteError(DeskError):
    """Something that must be filled in is missing or wrong; `field` says what."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(code, 422)
        self.field = field


class LoginError(DeskError):
    """Name or password wrong, or too many attempts; the two are told apart only by the wait."""

    def __init__(self, wait_seconds: int = 0) -> None:
        code, status = ("login_wait", 429) if wait_seconds else ("login_wrong", 401)
        super().__init__(code, status, seconds=wait_seconds)
        self.wait_seconds = wait_seconds
