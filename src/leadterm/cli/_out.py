"""What goes to stdout and what to stderr: one JSON value or lines of text; progress and messages on the side."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadterm.domain import InputError

if TYPE_CHECKING:
    from leadterm.codesets import CodeBook


def say(message: str) -> None:
    """A message for the person, on stderr."""
    print(message, file=sys.stderr)


def put_json(value: Any) -> None:
    """One JSON value on stdout, readable."""
    put_bytes(json_bytes(value))


def put_line(value: Any) -> None:
    """One JSON value on one line of stdout."""
    put_bytes(json_bytes(value, indent=None))


def json_bytes(value: Any, indent: int | None = 2) -> bytes:
    """`value` as JSON in UTF-8 with a line feed at its end; on one line where there is no indent.

    Half of a surrogate pair, which UTF-8 cannot hold and a chart's JSON may, comes out as its JSON escape.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=None if indent else (",", ":"))
    return f"{text}\n".encode("utf-8", "backslashreplace")


def put_bytes(content: bytes) -> None:
    """Bytes on stdout, after what was printed before: JSON and X12 do not depend on the terminal's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()  # who reads along gets each row when it is done


def open_book() -> CodeBook:
    """The code sets, compiled with a progress bar on first use."""
    from leadterm.codesets import open_book as opened

    return opened(progress=Bar("Compiling the code sets (first use)"))


class Bar:
    """A progress bar on stderr that appears with the first step; plain lines where there is no terminal."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._bar: Any = None
        self._task: Any = None
        self._last = ""

    def __call__(self, step: str, share: float) -> None:
        if not sys.stderr.isatty():
            if step != self._last:
                say(f"leadterm: {self._title}: {step}")
            self._last = step
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(self._title, total=1.0)
            self._bar.start()
        self._bar.update(self._task, completed=share, description=f"{self._title}: {step}")
        if share >= 1.0:
            self._bar.stop()


def write_whole(path: Path, content: bytes) -> None:
    """`content` at `path`, whole or not at all. Raises InputError in a sentence where it cannot be written."""
    try:
        if path.exists() and not path.is_file():  # a device or a pipe is written to, never replaced
            path.write_bytes(content)
        else:
            _replace(path.resolve(), content)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from None


def _replace(path: Path, content: bytes) -> None:
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    # Readable for its owner alone, as a claim should be.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".leadterm-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def choice(value: str | None, kind: Callable[[str], Any], what: str, words: list[str]) -> Any:
    """`value` as a word of the contract, None for none. Raises InputError that names the words."""
    if value is None:
        return None
    try:
        return kind(value.lower() if value.lower() in words else value.upper())
    except ValueError:
        raise InputError(f"--{what} takes one of: {', '.join(words)}.") from None
