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
# What is never opened, so that no small file can become a large one.
_PACKED = (
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\x1f\x8b", "packed by gzip"),
    (b"BZh", "packed by bzip2"),
    (b"\xfd7zXZ", "packed by xz"),
    (b"7z\xbc\xaf", "a 7z archive"),
)


def decode(raw: bytes, name: str, encoding: str | None = None) -> str:
    """The text of `raw`: by its byte-order mark, by `encoding`, else UTF-8.

    Raises InputError, naming the file and the byte, for empty, binary, too large or otherwise encoded input.
    """
    if len(raw) > MOST_BYTES:
        raise InputError(
            f"{name} has more than {MOST_BYTES // 1_000_000} MB, the most that one document may have: split it."
        )
    if packed := next((kind for mark, kind in _PACKED if raw.startswith(mark)), None):
        raise InputError(f"{name} is {packed}: unpack it and give the files that it holds.")
    marked, mark = marked_encoding(raw)
    if encoding is None and marked is None and b"\0" in raw:
        where = raw.index(b"\0")
        raise InputError(
            f"{name} looks binary (a NUL byte at {where}): give a text, JSON or jsonl file, or name its encoding with "
            "--encoding (utf-16-le, …)."
        )
    text = _decoded(raw[len(mark) :], marked or encoding or "utf-8", name)
    if not text.strip():
        raise InputError(f"{name} is empty: there is nothing to code.")
    return text


def marked_encoding(raw: bytes) -> tuple[str | None, bytes]:
    """The encoding that a byte-order mark names, and the mark; None and nothing where there is no mark."""
    return next(((encoding, mark) for mark, encoding in _MARKS if raw.startswith(mark)), (None, b""))


def beginning(raw: bytes, encoding: str | None) -> str:
    """The first characters of a file, for telling its format: what does not fit (a cut character) is replaced.

    Raises InputError for an encoding that there is not.
    """
    marked, mark = marked_encoding(raw)
    return _decoded(raw[len(mark) :], marked or encoding or "utf-8", "The file", "replace")


def has_wide_lines(raw: bytes, encoding: str | None) -> bool:
    """Whether a line feed is another byte or more than one in this encoding, so that bytes cannot be cut at it."""
    return "\n".encode(marked_encoding(raw)[0] or encoding or "utf-8") != b"\n"


def _decoded(raw: bytes, encoding: str, name: str, errors: str = "strict") -> str:
    try:
        return raw.decode(encoding, errors)
    except UnicodeError as error:
        where = f"byte {error.start} does not fit" if isinstance(error, UnicodeDecodeError) else "it cannot be decoded"
        hint = "Name it with --encoding (windows-1252, utf-16, …) or convert the file to UTF-8."
        raise InputError(f"{name} is not {encoding}: {where}. {hint}") from None
    except LookupError:
        raise InputError(
            f"There is no encoding '{encoding[:40]}'; common ones are utf-8, utf-16 and windows-1252."
        ) from None
