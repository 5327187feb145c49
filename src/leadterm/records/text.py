"""Bytes to text, nothing changed on the way: no newline translation, no normalisation; a byte-order mark is dropped."""

from __future__ import annotations

import codecs

from leadterm.domain import InputError

# One document of a record; a hospital's longest charts stay far below.
MOST_BYTES = 20_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(raw: bytes, name: str, encoding: str | None = None) -> str:
    """The text of `raw`: by its byte-order mark, by `encoding`, else UTF-8.

    Raises InputError, naming the file and the byte, for empty, binary, too large or otherwise encoded input.
    """
    if not raw.strip():
        raise InputError(f"{name} is empty: there is nothing to code.")
    if len(raw) > MOST_BYTES:
        raise InputError(
            f"{name} has {len(raw) // 1_000_000} MB; one document may have {MOST_BYTES // 1_000_000} MB at most."
        )
    for mark, found in _MARKS:
        if raw.startswith(mark):
            return _decoded(raw[len(mark) :], found, name)
    if encoding is None and b"\0" in raw[:65536]:
        raise InputError(f"{name} looks binary (a NUL byte at {raw.index(bytes(1))}): give a text, JSON or jsonl file.")
    return _decoded(raw, encoding or "utf-8", name)


def _decoded(raw: bytes, encoding: str, name: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        hint = "Name it with --encoding (windows-1252, utf-16, …) or convert the file to UTF-8."
        raise InputError(f"{name} is not {encoding}: byte {error.start} does not fit. {hint}") from None
    except LookupError:
        raise InputError(
            f"There is no encoding '{encoding[:40]}'; common ones are utf-8, utf-16 and windows-1252."
        ) from None
