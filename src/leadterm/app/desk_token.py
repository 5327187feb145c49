"""The token of the desk: 256 random bits in a file of the data home that its owner alone can read.

It outlives the server, so that bookmarks and open pages do. It is never an argument, a variable or a line of a log:
whoever needs it reads the file.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from html import escape
from pathlib import Path

from leadterm.domain import InputError

FILE = "desk-token"
WAY_IN = "desk-open.html"
BYTES = 32
MODE = 0o600
CURE = "`leadterm serve --new-token` makes a new one."
_FORM = re.compile(rb"[A-Za-z0-9_-]{43}\n?")  # 32 bytes as url-safe base64
_LONGEST = 64
# A link is not followed and a pipe not waited for; Windows knows neither.
_CAREFUL = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_PAGE = '<!doctype html><meta charset="utf-8"><title>Leadterm</title><meta http-equiv="refresh" content="0; url={}">\n'


def read(home: Path) -> str | None:
    """The token that is kept in `home`; None where there is none.

    Raises InputError when the file is a link or no file, can be read by others, belongs to somebody else, or holds no
    token: then it protects nothing.
    """
    file = home / FILE
    try:
        handle = os.open(file, os.O_RDONLY | _CAREFUL)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        trouble = "is a link" if file.is_symlink() else f"cannot be read ({error.strerror})"
        raise InputError(f"{file} {trouble}, so it cannot be the key of the desk. {CURE}") from None
    try:
        if trouble := _trouble(os.fstat(handle)):
            raise InputError(f"{file} {trouble}, so it cannot be the key of the desk. {CURE}")
        content = os.read(handle, _LONGEST)
    finally:
        os.close(handle)
    if not _FORM.fullmatch(content):
        raise InputError(f"{file} holds no key of the desk. {CURE}")
    return content.decode().removesuffix("\n")


def kept(home: Path) -> str:
    """The token of `home`, made where there is none. Raises InputError as `read`, and when it cannot be written."""
    if found := read(home):
        return found
    # Of two that start at once, the first one's token is both's: a second link to the same name is refused.
    _write(home / FILE, _fresh(), _link)
    return read(home) or ""


def renew(home: Path) -> str:
    """A new token, in place of whatever was kept. Raises InputError when it cannot be written."""
    token = _fresh()
    _write(home / FILE, token, os.replace)
    return token.strip()


def way_in(home: Path, address: str) -> Path:
    """A page, for its owner alone, that leads the browser to `address`.

    A browser is started by a command line, which every user of the machine can read; so that names this file instead.
    """
    _write(home / WAY_IN, _PAGE.format(escape(address)), os.replace)
    return home / WAY_IN


def _fresh() -> str:
    return f"{secrets.token_urlsafe(BYTES)}\n"


def _trouble(status: os.stat_result) -> str:
    """Why a file protects nothing; nothing where it does. Windows has no such modes: there the folder protects it."""
    if not stat.S_ISREG(status.st_mode):
        return "is no regular file"
    if os.name != "posix":
        return ""
    if status.st_uid != os.geteuid():
        return "belongs to another user"
    return "can be read or written by others" if status.st_mode & 0o077 else ""


def _link(source: Path, target: Path) -> None:
    with suppress(FileExistsError):
        os.link(source, target)


def _write(file: Path, content: str, put: Callable[[Path, Path], None]) -> None:
    """Nothing; `content` is written whole under another name, for its owner alone, and put in its place."""
    temporary = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            _create(temporary, content)
            put(temporary, file)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            f"{file} cannot be written: {error.strerror}. Set LEADTERM_HOME to a folder of yours."
        ) from None


def _create(file: Path, content: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CAREFUL, MODE)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        if hasattr(os, "fchmod"):
            os.fchmod(handle, MODE)  # whatever the umask took away
        opened.write(content)
        opened.flush()
        os.fsync(handle)
