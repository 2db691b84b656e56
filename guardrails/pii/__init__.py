"""Personal data: what it looks like, and how a conversation hides it."""

from guardrails.pii.errors import RedactionError
from guardrails.pii.kinds import EntityType
from guardrails.pii.redactor import Redactor
from guardrails.pii.stream import StreamRedactor
from guardrails.pii.vault import Vault

__all__ = ["EntityType", "RedactionError", "Redactor", "StreamRedactor", "Vault"]
