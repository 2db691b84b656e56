"""Which passwords are good enough, and their Argon2id hashes (SE-16)."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

LENGTH_MIN = 12
LENGTH_MAX = 200
"""Bounds the work that a login attempt can cause."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id with 19 MiB, two passes, one lane."""

_RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)
_RUN_LENGTH = 6
"""A password that is made of keyboard or alphabet runs this long is guessed early."""


@cache
def _common() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if line.strip() and not line.startswith("#"))


def problem(password: str, name: str) -> str | None:
    """Key of the sentence in `texts.yaml` that says what is wrong; None for a usable password.

    >>> problem("short", "王芳"), problem("123456789012", "王芳"), problem("weifeng chuizhe xihu", "王芳")
    ('password_short', 'password_common', None)
    """
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        return "password_short"
    plain = password.lower().strip()
    bare = "".join(character for character in plain if character.isalnum())
    without_digits = bare.rstrip("0123456789")
    if plain in _common() or bare in _common() or without_digits in _common():
        return "password_common"
    if len(set(bare)) <= 4 or name.lower() * 2 in plain or _is_runs(bare):
        return "password_common"
    return None


def _is_runs(text: str) -> bool:
    """Whether most of the text is keyboard or alphabet runs, forwards or backwards."""
    covered = 0
    position = 0
    while position < len(text):
        piece = text[position : position + _RUN_LENGTH]
        if len(piece) == _RUN_LENGTH and any(piece in run or piece in run[::-1] for run in _RUNS):
            covered += _RUN_LENGTH
            position += _RUN_LENGTH
        else:
            position += 1
    return covered * 2 > len(text)


async def hash_password(password: str) -> str:
    """Argon2id hash with a fresh salt; the work is done beside the event loop."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def fits(password: str, password_hash: str | None) -> bool:
    """Whether the password is the one. Without a hash the same work is done, so that time tells nothing."""
    good = await asyncio.to_thread(_verify, password[:LENGTH_MAX], password_hash or _nobody())
    return good and password_hash is not None


def _verify(password: str, password_hash: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password.encode("utf-8", "replace"))
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")
