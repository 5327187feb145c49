"""Encounter JSON, and jsonl with one a line: read a line at a time, a bad one in its place."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from leadterm.domain import Encounter, InputError
from leadterm.schemas import decode as wire

from .asked import BadRow, Chart, Overrides
from .limits import HOLLOW, hollow
from .text import MOST_BYTES, decode, has_wide_lines

PIECE = 1 << 20


def is_row(head: bytes) -> bool:
    """Whether the first line is a JSON object by itself and something follows it, or it is longer than any chart."""
    first, _, after = head.partition(b"\n")
    if len(first) > MOST_BYTES:
        return True
    try:
        return bool(after.strip()) and isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def codable(encounter: Encounter, name: str) -> Encounter:
    """The encounter, unless it has neither words nor charges: "no codes" would be an answer to nothing."""
    if not encounter.charges and not any(d.text.strip() for d in encounter.documents):
        raise InputError(f"{name} has no text: there is nothing to code.")
    return encounter


def json_encounter(text: str, name: str, stem: str) -> Encounter:
    """The encounter of a JSON text, with `stem` where it has no id. Raises InputError in a sentence."""
    if hollow(text):
        raise InputError(f"{name} {HOLLOW}")
    try:
        value = json.loads(text)
    except ValueError as error:
        raise InputError(f"{name} is not JSON{_place(error)}.") from None
    except RecursionError:
        raise InputError(f"{name} is nested too deeply.") from None
    return wire.encounter(value, stem)


def _place(error: ValueError) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return ""
    line = f"line {error.lineno}, " if "\n" in error.doc.rstrip() else ""
    return f": it breaks off at {line}column {error.colno}"


def rows_of(head: bytes, handle: BinaryIO, name: str, overrides: Overrides, encoding: str | None) -> Iterator[Chart]:
    """The charts of a jsonl of which `head` was read, a line each. Raises InputError for one without lines."""
    if has_wide_lines(head, encoding):
        # Bytes cannot be cut into lines here, so it is decoded as one document, with the bound of one.
        whole = decode(head + handle.read(MOST_BYTES + 1), name, encoding).encode("utf-8", "surrogatepass")
        head, handle, encoding = b"", io.BytesIO(whole), None
    empty = True
    for number, line in enumerate(lines_of(head, handle), 1):
        if line is None or line.strip():
            empty = False
            yield Chart(_row(line, number, overrides, encoding), True, True)
    if empty:
        raise InputError(f"{name} is empty: there is nothing to code.")


def _row(line: bytes | None, number: int, overrides: Overrides, encoding: str | None) -> Encounter | BadRow:
    name, default = f"Line {number}", f"line-{number}"
    if line is None:
        return BadRow(default, f"{name} has more than {MOST_BYTES // 1_000_000} MB, the most that one chart may have.")
    try:
        encounter = json_encounter(decode(line, name, encoding), name, default)
        return codable(replace(overrides.applied(encounter), id=encounter.id), name)
    except InputError as error:
        return BadRow(_id_of(line, default), str(error))


def _id_of(line: bytes, default: str) -> str:
    try:
        value = json.loads(line)
        return str(value["id"]) if isinstance(value, dict) and isinstance(value.get("id"), (str, int)) else default
    except (ValueError, RecursionError):
        return default


def lines_of(head: bytes, handle: BinaryIO) -> Iterator[bytes | None]:
    """The lines, each bounded: None stands for one that is too long, which is skipped in constant memory."""
    *lines, begun = head.split(b"\n")
    yield from lines
    line = begun + handle.readline(MOST_BYTES + 1)
    while line:
        too_long = len(line) > MOST_BYTES
        yield None if too_long else line.removesuffix(b"\n")
        while too_long and line and not line.endswith(b"\n"):
            line = handle.readline(PIECE)
        line = handle.readline(MOST_BYTES + 1)
