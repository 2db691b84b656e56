"""AES-256-GCM, one nonce a record, the key id in front, the record's place bound in (PR-8)."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import DecryptionError
from storage.keyfile import make_key_file, read_keys

_VERSION = b"\x01"
_KEY_ID_BYTES = 8
_NONCE_BYTES = 12
_HEADER_BYTES = len(_VERSION) + _KEY_ID_BYTES + _NONCE_BYTES


def key_id(key: bytes) -> bytes:
    """Eight bytes that name a key and say nothing about it."""
    return hashlib.sha256(b"minxing key id" + key).digest()[:_KEY_ID_BYTES]


class KeyRing:
    """Seals with the first key, opens with any. Safe to share between threads."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        self._ciphers = {key_id(key): AESGCM(key) for key in keys}
        self._current = key_id(keys[0])
        self._address_key = hmac.digest(keys[0], b"minxing address", "sha256")

    @classmethod
    def open(cls, path: Path, *, may_make: bool) -> KeyRing:
        """Read the key file; make it when it is missing and `may_make`.

        Raises:
            KeyFileError: when the file is missing, broken or readable by others.
        """
        if may_make and not path.exists():
            make_key_file(path)
        return cls(read_keys(path))

    @property
    def current_id(self) -> str:
        """Id of the sealing key, in hex."""
        return self._current.hex()

    @property
    def ids(self) -> frozenset[str]:
        """Ids of all keys, in hex."""
        return frozenset(identifier.hex() for identifier in self._ciphers)

    def seal(self, text: str, place: str) -> bytes:
        """Ciphertext of `text`; `place` (such as `message:<id>`) must be given again to open it."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        # "replace": a lone surrogate must not stop a cry for help from being stored.
        plain = text.encode("utf-8", "replace")
        sealed = self._ciphers[self._current].encrypt(nonce, plain, place.encode())
        return _VERSION + self._current + nonce + sealed

    def unseal(self, blob: bytes, place: str) -> str:
        """The text again.

        Raises:
            DecryptionError: the record was changed or moved, or its key is not in the key file.
        """
        identifier = bytes(blob[len(_VERSION) : len(_VERSION) + _KEY_ID_BYTES])
        cipher = self._ciphers.get(identifier)
        if blob[:1] != _VERSION or cipher is None:
            raise DecryptionError(
                f"A record was sealed with key {identifier.hex()}, which the key file lacks."
            )
        nonce = bytes(blob[len(_VERSION) + _KEY_ID_BYTES : _HEADER_BYTES])
        try:
            return cipher.decrypt(nonce, bytes(blob[_HEADER_BYTES:]), place.encode()).decode("utf-8")
        except InvalidTag:
            raise DecryptionError(f"The record {place} was changed or moved.") from None

    def seal_json(self, value: Mapping[str, Any] | list[Any], place: str) -> bytes:
        """`seal` for JSON-ready values."""
        return self.seal(to_json(value), place)

    def unseal_json(self, blob: bytes | None, place: str) -> Any:
        """`unseal` for JSON; None gives an empty dictionary."""
        return {} if blob is None else json.loads(self.unseal(blob, place))

    def fingerprint(self, address: str) -> str:
        """What is stored of a network address: enough to count failures, not to find a person (PR-9)."""
        return hmac.digest(self._address_key, address.encode("utf-8", "replace"), "sha256").hex()[:32]


def to_json(value: Mapping[str, Any] | list[Any]) -> str:
    """Compact JSON on one line: CR and LF inside strings are escaped, as SSE needs (SE-12)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
