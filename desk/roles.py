"""Role by action, deny by default (SE-19)."""

from __future__ import annotations

from desk.types import Action, Role

MAY: dict[Role, frozenset[Action]] = {
    Role.ON_DUTY: frozenset({Action.SEE_QUEUE, Action.OPEN_CASE, Action.WORK_CASE}),
    Role.SUPERVISOR: frozenset({Action.SEE_QUEUE, Action.OPEN_CASE, Action.WORK_CASE}),
    # Accounts, but no transcripts; the log, but nothing else.
    Role.ADMINISTRATOR: frozenset({Action.MANAGE_ACCOUNTS}),
    Role.AUDITOR: frozenset({Action.READ_AUDIT}),
}


def may(role: str, action: Action) -> bool:
    """Whether a role may do this; an unknown role may do nothing."""
    return role in tuple(Role) and action in MAY[Role(role)]


def needs_reason(role: str, *, is_closed: bool, owned_by_other: bool) -> bool:
    """Whether reading this transcript needs a typed reason.

    A closed one always does; one that a colleague owns does, except for 督导, who see all open ones.
    """
    return is_closed or (owned_by_other and role != Role.SUPERVISOR)
