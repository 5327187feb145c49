"""Texts as programs wrap them."""

from __future__ import annotations


def wrapped(text: str, width: int) -> str:
    """The text with blanks turned into line ends, so that no line is longer than `width` where a blank allows it."""
    lines = []
    for line in text.split("\n"):
        rest = line
        while len(rest) > width and " " in rest[1:]:
            at = rest.rfind(" ", 1, width + 1)
            at = rest.find(" ", width) if at < 0 else at
            if at < 0:
                break
            lines.append(rest[:at])
            rest = rest[at + 1 :]
        lines.append(rest)
    return "\n".join(lines)
