"""A text out of which what has been read is taken, so that nothing is read twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadterm.coding.patterns import Pattern


class Text:
    """A text of which parts are taken out, places kept."""

    def __init__(self, text: str) -> None:
        self.left = text

    def take(self, pattern: Pattern, start: int = 0) -> Iterator[re.Match[str]]:
        """The matches from a place on, each taken out."""
        for found in list(pattern.finditer(self.left, start)):
            self.left = f"{self.left[: found.start()]}{' ' * len(found[0])}{self.left[found.end() :]}"
            yield found

    def first(self, *patterns: Pattern) -> re.Match[str] | None:
        """The first match of the first pattern that has one; all of its matches are taken out."""
        for pattern in patterns:
            if taken := list(self.take(pattern)):
                return taken[0]
        return None
