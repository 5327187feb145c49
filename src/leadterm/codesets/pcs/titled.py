"""Tables of ICD-10-PCS as far as titles tell them, for a home in which the official tables are not installed.

Every code that has a title is legal. What a value means is read off the titles: two codes that differ in one character
differ in the words of that character and in no others. The words come in the order of the title and without the key of
the definitions, so that less is found by them than by the official tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from .titles import compose
from .values import Axis, AxisValue, PcsCode, Row, Table, Value

Titles = Callable[[str], Sequence[tuple[str, str]]]
HEAD = 3
LENGTH = 7
NONE = "Z"
NAMES = ("Section", "Body System", "Operation", "Body Part", "Approach", "Device", "Qualifier")
_NOTHING = {6: "No Device", 7: "No Qualifier"}
# Words that hold a title together and name no value.
_BINDING = frozenset("of with into from to in using and by on for the approach".split())


class TitledTables:
    """Tables made of titles, one when it is first asked for. Values are frozen; threads may share it.

    `titles` gives the codes that begin so, in order, each with its title.
    """

    def __init__(self, titles: Titles) -> None:
        self._titles = titles
        self.table = lru_cache(maxsize=256)(self._table)
        self.prefixes = lru_cache(maxsize=64)(self._prefixes)

    def _prefixes(self, start: str) -> tuple[str, ...]:
        """The tables whose name begins so, in order."""
        return tuple(dict.fromkeys(code[:HEAD] for code, _ in self._titles(start)))

    def _table(self, prefix: str) -> Table | None:
        """The table of three characters; None where no title begins so."""
        titles = dict(self._titles(prefix))
        if not titles:
            return None
        labels = {at: _labels(titles, at) for at in range(HEAD, LENGTH)}
        said = ("", "", _operation(titles))
        head = (Axis(at + 1, NAMES[at], (Value(prefix[at], said[at]),)) for at in range(HEAD))
        return Table(prefix, tuple(head), None, tuple(_rows(titles, labels)))

    def describe(self, code: str) -> PcsCode | None:
        """What a code says, axis by axis; None for one without a title."""
        table = self.table(code[:HEAD])
        title = dict(self._titles(code)).get(code)
        if table is None or title is None:
            return None
        row = next(row for row in table.rows if row.has(dict(enumerate(code[HEAD:], HEAD + 1))))
        said = tuple(
            AxisValue(axis.position, axis.name, character, axis.label(character) or "")
            for axis, character in zip((*table.axes, *row.axes), code, strict=True)
        )
        return PcsCode(code, said, None, title or compose(code, tuple(v.label for v in said)))


def _operation(titles: Mapping[str, str]) -> str:
    """The first word of the titles, which names the operation."""
    return next(iter(titles.values())).partition(" ")[0]


def _rows(titles: Mapping[str, str], labels: Mapping[int, Mapping[str, str]]) -> Iterable[Row]:
    """One row for each way to end, with all body parts that end so."""
    ends: dict[str, list[str]] = {}
    for code in titles:
        ends.setdefault(code[HEAD + 1 :], []).append(code[HEAD])
    for end, parts in ends.items():
        axes = [parts, *([c] for c in end)]
        yield Row(
            tuple(
                Axis(at + 1, NAMES[at], tuple(Value(c, labels[at][c]) for c in characters))
                for at, characters in enumerate(axes, HEAD)
            )
        )


def _labels(titles: Mapping[str, str], at: int) -> dict[str, str]:
    """What each character at a place says: the words that its titles have and those of its nearest neighbours lack."""
    groups: dict[str, list[tuple[str, list[str]]]] = {}
    for code, title in titles.items():
        groups.setdefault(code[:at] + code[at + 1 :], []).append((code[at], _words(title)))
    found: dict[str, list[str]] = {}
    alone: dict[str, list[str]] = {}
    for group in groups.values():
        for character, words in group:
            others = [set(other) for c, other in group if c != character]
            if others:
                own = [w for w in words if not all(w in other for other in others)]
                found[character] = _every(found.get(character, []), own)
            else:
                alone[character] = [w for w in alone.get(character, words) if w in words]
    every = {character: " ".join(found.get(character, alone.get(character, []))) for character in {**alone, **found}}
    return {c: _NOTHING.get(at + 1, label) if c == NONE and at >= 5 else label for c, label in every.items()}


def _every(before: list[str], words: list[str]) -> list[str]:
    """The words of both, in the order of the longer."""
    longer, shorter = (before, words) if len(before) >= len(words) else (words, before)
    return [*longer, *(w for w in shorter if w not in longer)]


def _words(title: str) -> list[str]:
    return [w for w in title.replace(",", "").split() if w.lower() not in _BINDING]
