"""Escape sequences of HL7 version 2 (chapter 2, 2.7) and what they mean as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .delimiters import Delimiters

# `\.sp99999\` is a few bytes: what is skipped stays in proportion.
MOST_SKIPPED = 16
_KNOWN = (
    r"[FSTREPHN]|X(?:[0-9A-Fa-f]{2}){1,2000}|\.(?:br|sp|in|ti|fi|nf|ce|sk)(?:[+-]?\d+)?|Z\w{0,16}"
    r"|[CM](?:[0-9A-Fa-f]{2}){2,3}"
)
_BREAKS = frozenset(("br", "sp", "ce"))


@lru_cache(maxsize=64)
def pattern(escape: str) -> re.Pattern[str]:
    """What finds sequences that begin and end with this character; a lone one is text, as in `w\\o`."""
    e = re.escape(escape)
    return re.compile(f"{e}({_KNOWN}){e}")


def meaning(sequence: str, delimiters: Delimiters, codec: str) -> str:
    """What a sequence stands for: a separator, line ends, bytes; nothing for highlighting, indents, local ones."""
    kind = sequence[0]
    if len(sequence) == 1:
        return delimiters.escaped.get(kind, "")
    if kind == "X":
        return _bytes(bytes.fromhex(sequence[1:]), codec)
    if kind != ".":
        return ""
    command, skipped = sequence[1:3], sequence[3:].lstrip("+-")
    count = min(int(skipped[:4]), MOST_SKIPPED) if skipped else 1
    if command in _BREAKS:
        return "\n" * (max(count, 1) if command == "sp" else 1)
    return " " * count if command == "sk" else ""


def unescaped(text: str, delimiters: Delimiters, codec: str) -> str:
    """A value as it is meant."""
    escape = delimiters.escape
    if not escape or escape not in text:
        return text
    return pattern(escape).sub(lambda found: meaning(found[1], delimiters, codec), text)


def pieces(text: str, delimiters: Delimiters, codec: str) -> Iterator[tuple[int, int, str | None]]:
    """The stretches of a text in order (start, end): what stands as it is with None, a sequence with its meaning."""
    escape, last = delimiters.escape, 0
    if escape and escape in text:
        for found in pattern(escape).finditer(text):
            if last < found.start():
                yield last, found.start(), None
            yield found.start(), found.end(), meaning(found[1], delimiters, codec)
            last = found.end()
    if last < len(text):
        yield last, len(text), None


def _bytes(raw: bytes, codec: str) -> str:
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")
