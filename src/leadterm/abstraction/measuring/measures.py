"""What charts measure: the table `measures.tsv` and one automaton that finds its names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from leadterm._kept import KEPT
from leadterm.domain import InternalError

from .._tables import read_table

_SHAPES = frozenset(
    "pair height limit signed span each side word fluid only exact before index weight oxygen predicted apgar vitals"
    " panel out".split()
)
# What may stand before a name: names are looked for with these, so that none is found inside a word.
_OPENING = " \n(,;|/[:-.>*=+\"'•"
_CLOSING = " :=|("
CLEAR, JOINED, COUNTED = "!", "~", "\x00"
# Where none of these words is, no number stands before what it counts.
_COUNTED_BY: Mapping[str, Sequence[str]] = {
    "gestation": [
        *(
            "gestation",
            "pregnan",
            "iup",
            "gravid",
            " ga ",
            " ga:",
            "(ga ",
            " ega",
            "weeker",
            "preemie",
            "/7 w",
            "/7w",
            "born at",
        ),
        *(f"w{day}d" for day in range(7)),
        *(f"g{times}{joint}p" for times in range(1, 10) for joint in ("", " ")),
    ],
    "pain": ["/10", "/ 10", "of 10", "of ten"],
    "sight": ["20/", "20 /"],
    "fluid": [
        *("urin", " ua ", " ua:", "\nua", " u/a", "dipstick", " upt", "csf", "cerebrospinal"),
        *("pleural", "ascit", "peritoneal", "paracentesis", "synovial", "joint fluid"),
    ],
    "saturation": ["% on", "% ra", "% room", "percent on", "percent room", "percent ra"],
}


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is measured: its plausible numbers by unit, and in which shapes it is written."""

    concept: str
    ranges: Mapping[str, tuple[float, float]]
    shape: frozenset[str]
    out_of: int = 0

    def plausible(self, number: float, unit: str) -> bool:
        """Whether the number can be one; without a unit, in any of the units."""
        if unit:
            low, high = self.ranges[unit]
            return low <= number <= high
        return any(low <= number <= high for low, high in self.ranges.values())


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a measure at a place of a text; `mark` says how clear its shape must be."""

    start: int
    end: int
    measure: Measure
    mark: str


@dataclass(frozen=True, slots=True)
class _Row:
    measure: Measure
    surface: str
    mark: str


def _ranges(written: str) -> dict[str, tuple[float, float]]:
    if written == "-":
        return {}
    parts = (part.split() for part in written.split(";"))
    return {("" if unit == "-" else unit): (float(low), float(high)) for unit, low, high in parts}


@cache
def measures() -> dict[str, Measure]:
    """Every measure by its concept. Raises InternalError where the table has a shape that nobody reads."""
    return {row.measure.concept: row.measure for row in _rows()}


@cache
def _rows() -> tuple[_Row, ...]:
    rows = []
    for row in read_table("measuring/measures.tsv", ("concept", "names", "ranges", "shape")):
        words = [word.partition(":") for word in row["shape"].split()]
        if unknown := {word for word, _, _ in words} - _SHAPES:
            raise InternalError(f"{row['concept']}: the shape {unknown} of measures.tsv is unknown.")
        out_of = next((int(number) for word, _, number in words if word == "out"), 0)
        measure = Measure(row["concept"], _ranges(row["ranges"]), frozenset(w for w, _, _ in words), out_of)
        for name in row["names"].split("|"):
            mark = name[0] if name[0] in CLEAR + JOINED else ""
            rows.append(_Row(measure, name.removeprefix(mark), mark))
    return tuple(rows)


def _pattern(surface: str) -> str:
    """The surface as a pattern: any run of blanks, a hyphen that may be a blank or nothing, an end of a word."""
    pattern = re.escape(surface).replace(r"\-", r"[\s-]?").replace(r"\ ", r"\s+")
    if surface[-1].isdigit():
        return pattern + r"(?![^\W_])"
    if not surface[-1].isalpha():
        return pattern
    plural = "s?" if len(surface) > 4 and surface[-1] != "s" else ""
    return pattern + plural + (r"(?!\w)" if len(surface) == 1 else r"(?![^\W\d_])")


def _heads(surface: str) -> Iterator[str]:
    """The spellings of the first word of a surface."""
    first = surface.split(" ", 1)[0]
    for joints in product(("-", " ", ""), repeat=first.count("-")):
        yield "".join(part + joint for part, joint in zip(first.split("-"), (*joints, ""), strict=True))


@cache
def _automaton() -> tuple[AhoCorasick, list[str], dict[str, list[_Row]]]:
    """What finds the heads of names, the head of each of its keys, and what begins with a head, the longest first."""
    heads: dict[str, list[_Row]] = {}
    for row in _rows():
        for head in _heads(row.surface):
            heads.setdefault(head, []).append(row)
    for head in heads:
        # A text is matched at its longest key: the shorter names must be found there too.
        heads[head] += [r for other, rows in heads.items() if other != head and head.startswith(other) for r in rows]
    for rows in heads.values():
        rows.sort(key=lambda r: len(r.surface), reverse=True)
    keys = [key for head in heads for key in _keys(head)]
    keys += [(key, COUNTED + kind) for kind, words in _COUNTED_BY.items() for key in words]
    automaton = AhoCorasick(
        [key for key, _ in keys], matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
    )
    return automaton, [head for _, head in keys], heads


@cache
def _names_from(head: str) -> re.Pattern[str]:
    """The names that begin with a head, a group each; compiled when a text first has the head."""
    return KEPT.compiled("|".join(f"({_pattern(row.surface)})" for row in _automaton()[2][head]))


def _keys(head: str) -> Iterator[tuple[str, str]]:
    """What the automaton looks for: the head behind what may stand before it, a lone letter between two such."""
    for before in _OPENING:
        if len(head) > 1:
            yield before + head, head
        else:
            yield from ((before + head + after, head) for after in _CLOSING)


def find_names(folded: str) -> tuple[list[Name], frozenset[str]]:
    """The names of measures in a folded text, in order, none overlapping another; and what is counted before its name.

    The second is of `gestation`, `pain`, `sight`, `saturation`: that the text has one of the words of these; and
    `fluid`, that it names a specimen other than blood.
    """
    automaton, keys, heads = _automaton()
    reached, names, counted = 0, [], set()
    # With a blank before the text every name has something before it, and begins where its key did.
    for index, start, _ in automaton.find_matches_as_indexes(" " + folded):
        head = keys[index]
        if head[0] == COUNTED:
            counted.add(head[1:])
            continue
        if head == "urine":
            counted.add("fluid")
        if start >= reached:
            found = _names_from(head).match(folded, start)
            if found and found.lastindex:
                row = heads[head][found.lastindex - 1]
                reached = found.end()
                names.append(Name(start, reached, row.measure, row.mark))
    return names, frozenset(counted)
