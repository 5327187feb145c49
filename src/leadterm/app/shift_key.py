"""The secret key of de-identification: 256 random bits in a file that its owner alone can read.

Offsets of dates and surrogates are drawn with it, so that a patient's charts are shifted alike from run to run. Whoever
has it can shift the dates back: it stays with the charts, never with what is shared.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from leadterm.domain import InputError

FILE = "deidentify-key"
BYTES = 32
MODE = 0o600
# A link is not followed and a pipe not waited for; Windows knows neither.
_CAREFUL = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def kept(file: Path) -> bytes:
    """The key in `file`, made where there is no such file.

    Raises InputError when it is a link or no file, others can read it, it holds no key, or it cannot be written.
    """
    try:
        _make(file)
    except FileExistsError:
        pass
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}. Name another file with --key.") from None
    return _read(file)


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CAREFUL, MODE)
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(f"{secrets.token_hex(BYTES)}\n")


def _read(file: Path) -> bytes:
    try:
        handle = os.open(file, os.O_RDONLY | _CAREFUL)
    except OSError as error:
        raise InputError(f"{file} cannot be read as a key: {error.strerror}.") from None
    try:
        if trouble := _trouble(os.fstat(handle)):
            raise InputError(f"{file} {trouble}, so it is no secret key.")
        content = os.read(handle, 4 * BYTES)
    finally:
        os.close(handle)
    try:
        key = bytes.fromhex(content.decode("ascii"))
    except ValueError:
        key = b""
    if len(key) < BYTES:
        raise InputError(f"{file} holds no key: {2 * BYTES} hexadecimal digits. Name a new file and it is made.")
    return key


def _trouble(status: os.stat_result) -> str:
    """Why a file keeps no secret; nothing where it does. Windows has no such modes: there the folder protects it."""
    if not stat.S_ISREG(status.st_mode):
        return "is no regular file"
    return "can be read or written by others" if os.name == "posix" and status.st_mode & 0o077 else ""
