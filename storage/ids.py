"""Opaque identifiers and tokens (SE-9): at least 128 random bits, tokens stored as hashes only."""

from __future__ import annotations

import hashlib
import secrets


def new_id() -> str:
    """22 URL-safe characters that carry 128 random bits."""
    return secrets.token_urlsafe(16)


def new_token() -> str:
    """43 URL-safe characters that carry 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database holds of a token. A random token of 256 bits needs no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
