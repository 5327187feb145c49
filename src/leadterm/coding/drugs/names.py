"""Many names looked for in a text in one go, as whole words; of those that begin at one place the longest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ahocorasick_rs import AhoCorasick, Implementation


class Finder:
    """Names in small letters; what it costs does not depend on how many they are."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)
        self._find = AhoCorasick(self._names, implementation=Implementation.ContiguousNFA)

    def places(self, lower: str) -> Iterator[tuple[str, int, int]]:
        """(name, start, end) of the names in a text in small letters, in order, none within another."""
        text = lower.replace("\n", " ").replace("\t", " ")  # a name may go on in the next line
        found = [
            (start, -end, index)
            for index, start, end in self._find.find_matches_as_indexes(text, overlapping=True)
            if _whole(text, start, end)
        ]
        free = 0
        for start, end, index in sorted(found):
            if start >= free:
                free = -end
                yield self._names[index], start, -end


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no letter, digit or hyphen goes on before a name, nor a letter or digit after it."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or before in ("-", "_")) and not after.isalnum()
