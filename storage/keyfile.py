"""The key file: outside the database, mode 0600, made on first start, old keys kept below the new one (PR-8).

One key a line, base64 of 32 bytes; the first line seals, every line opens. To rotate, put a new line on top.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
from pathlib import Path

from storage.errors import KeyFileError

KEY_BYTES = 32


def read_keys(path: Path) -> tuple[bytes, ...]:
    """Keys of the file, the sealing one first.

    Raises:
        KeyFileError: says what is wrong with the file and what to do.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        lines = path.read_text(encoding="ascii").split()
    except FileNotFoundError:
        raise KeyFileError(f"The key file {path} is missing. Restore it from your backup.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(
            f"The key file {path} cannot be read ({error}). Restore it from your backup."
        ) from None
    if mode & 0o077:
        raise KeyFileError(
            f"The key file {path} may be read by others (mode {mode:04o}). Run: chmod 600 {path}"
        )
    keys = tuple(_decode(line, number, path) for number, line in enumerate(lines, start=1))
    if not keys:
        raise KeyFileError(f"The key file {path} is empty. Restore it from your backup.")
    return keys


def make_key_file(path: Path) -> None:
    """Make the file with one new key, unless another process was faster.

    Raises:
        KeyFileError: when the folder cannot be written.
    """
    line = base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n"
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        try:
            # A link appears whole or not at all, so a second process never reads half a key.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    except OSError as error:
        raise KeyFileError(
            f"The key file {path} cannot be made: {error}. Make the folder writable."
        ) from None


def _decode(line: str, number: int, path: Path) -> bytes:
    try:
        key = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFileError(
            f"Line {number} of the key file {path} is not a base64 key of {KEY_BYTES} bytes. "
            "Restore the file from your backup."
        )
    return key
