"""The cues of `cues.tsv` and where a text bears them: one automaton, built once."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, product

from ahocorasick_rs import AhoCorasick, Implementation

from leadterm.domain import Assertion, InternalError

from ._tables import read_table

_COLUMNS = ("cue", "assertion", "direction", "limit", "kind")
_DIRECTIONS = frozenset({"forward", "backward", "both", "final", "answer", "either"})
_CLASS = re.compile(r"<[a-z]+>")
_BLANKS = re.compile(r" {2,}")
_YEAR = re.compile(
    r"\b(?:in|circa)(?: (?:early|late|mid|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|spring|summer|fall|winter|the year))?(?: of)? (?:19|20)\d\d\b(?!s? ?[-/])"
)
ALL = frozenset({*(a.value for a in Assertion), "section"})

Hit = tuple[int, int, int]
"""Start, end and pattern number of a cue found; offsets into the whole text."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one cue says and where it reaches (the columns of `cues.tsv`).

    Attributes:
        words: Most words between cue and mention.
        phrase: Whether it stops at punctuation.
        listed: Whether it passes a comma only within a list that an "or" ends.
    """

    assertion: Assertion
    direction: str
    words: int
    phrase: bool
    listed: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """Everything that a cue can do: its rules, and whose reach it ends before and after it.

    Attributes:
        forward, backward: Rules by the side on which the mention stands (`either` and `both` are in both).
        ends_forward, ends_backward: Assertions whose reach, running forward or backward, ends here.
    """

    forward: tuple[Rule, ...] = ()
    backward: tuple[Rule, ...] = ()
    ends_forward: frozenset[str] = frozenset()
    ends_backward: frozenset[str] = frozenset()


_NOTHING = Pattern()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The cues, what each can do, the automaton that finds them, and which of their ends must be the end of a word."""

    texts: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    automaton: AhoCorasick
    edges: tuple[tuple[bool, bool], ...]
    year: int


def find_cues(folded: str) -> list[Hit]:
    """Every cue of a folded text, overlaps included, in order of its start. One pass, linear.

    Line ends and runs of blanks count as one blank, so that a cue may be wrapped.
    """
    flat = folded.replace("\n", " ")
    if "  " in flat:
        return _collapsed(flat)
    return _sorted_hits(flat)


def _sorted_hits(flat: str) -> list[Hit]:
    lexicon = load()
    size, edges = len(flat), lexicon.edges
    hits = []
    for number, start, end in lexicon.automaton.find_matches_as_indexes(flat, overlapping=True):
        word_before, word_after = edges[number]
        if word_before and start and flat[start - 1].isalnum():
            continue
        if (
            word_after
            and end < size
            and (flat[end].isalnum() or (flat[end] == "-" and flat[end + 1 : end + 2].isalnum()))
        ):
            continue
        hits.append((start, end, number))
    hits += [(m.start(), m.end(), lexicon.year) for m in _YEAR.finditer(flat)]
    hits.sort()
    return hits


def _collapsed(flat: str) -> list[Hit]:
    """The cues of a text with runs of blanks, found in the text without them and put back to their places."""
    pieces, starts, shifts, last, removed = [], [0], [0], 0, 0
    for run in _BLANKS.finditer(flat):
        pieces.append(flat[last : run.start() + 1])
        last = run.end()
        removed += last - run.start() - 1
        starts.append(run.start() + 1 - (removed - (last - run.start() - 1)))
        shifts.append(removed)
    pieces.append(flat[last:])

    def place(at: int) -> int:
        return at + shifts[bisect_right(starts, at) - 1]

    return [(place(a), place(b - 1) + 1, number) for a, b, number in _sorted_hits("".join(pieces))]


def outside(hits: list[Hit], mentions: Sequence[tuple[int, int]]) -> list[Hit]:
    """The cues that are not part of a mention ("diabetes without complications" negates nothing)."""
    if not mentions:
        return hits
    starts = [a for a, _ in mentions]
    ends = list(accumulate((b for _, b in mentions), max))
    kept = []
    for hit in hits:
        at = bisect_right(starts, hit[0]) - 1
        if at < 0 or ends[at] < hit[1]:
            kept.append(hit)
    return kept


def longest(hits: list[Hit]) -> list[Hit]:
    """The cues without overlaps: where some overlap, the longest wins, then the first."""
    kept: list[Hit] = []
    cluster: list[Hit] = []
    reach = -1
    for hit in hits:
        if hit[0] >= reach and cluster:
            kept += cluster if len(cluster) == 1 else _untangled(cluster)
            cluster = []
        cluster.append(hit)
        reach = max(reach, hit[1])
    if cluster:
        kept += _untangled(cluster)
    return kept


def _untangled(cluster: list[Hit]) -> list[Hit]:
    chosen: list[Hit] = []
    for hit in sorted(cluster, key=lambda h: (h[0] - h[1], h[0])):
        if all(hit[1] <= other[0] or hit[0] >= other[1] for other in chosen):
            chosen.append(hit)
    return sorted(chosen)


@cache
def load() -> Lexicon:
    """The lexicon, read and built once. Raises InternalError when a row of the table makes no sense."""
    rows = list(read_table("cues.tsv", _COLUMNS))
    classes: dict[str, list[str]] = {}
    for row in rows:
        if row["kind"] == "word":
            classes.setdefault(row["assertion"], []).append(row["cue"])
    patterns: dict[str, Pattern] = {}
    for row in rows:
        alone = _with(_NOTHING, row)
        for text in () if row["kind"] == "word" else _expanded(row["cue"], classes):
            known = patterns.get(text)
            patterns[text] = alone if known is None else _with(known, row)
    texts = list(patterns)
    year = Pattern(backward=(Rule(Assertion.HISTORICAL, "backward", 7, False, False),))
    return Lexicon(
        (*texts, "in 2015"),
        (*patterns.values(), year),
        AhoCorasick(texts, implementation=Implementation.ContiguousNFA),
        tuple((t[0].isalnum(), t[-1].isalnum()) for t in texts),
        len(texts),
    )


def _expanded(cue: str, classes: dict[str, list[str]]) -> Iterator[str]:
    """The cue with each class of words replaced by each of its members."""
    fixed = _CLASS.split(cue)
    for words in product(*(classes[name] for name in _CLASS.findall(cue))):
        yield "".join(part for pair in zip(fixed, (*words, ""), strict=True) for part in pair)


def _with(pattern: Pattern, row: dict[str, str]) -> Pattern:
    """The pattern with what one more row says of it."""
    forward, backward = pattern.forward, pattern.backward
    ends_forward, ends_backward = pattern.ends_forward, pattern.ends_backward
    direction = row["direction"]
    if row["kind"] == "cue" and direction in _DIRECTIONS:
        rule = _rule(row)
        forward += (rule,) if direction in ("forward", "both", "either") else ()
        backward += (rule,) if direction != "forward" else ()
    elif row["kind"] == "terminator" and direction in _DIRECTIONS:
        ended = _ended(row["assertion"].split())
        ends_forward |= ended if direction in ("forward", "both") else frozenset()
        ends_backward |= ended if direction in ("backward", "both") else frozenset()
    elif row["kind"] not in ("pseudo", "word"):
        raise InternalError(f"The table of cues does not know the kind {row['kind']} with direction {direction}.")
    return Pattern(forward, backward, ends_forward, ends_backward)


def _rule(row: dict[str, str]) -> Rule:
    limits = row["limit"].split()
    words = next((int(limit) for limit in limits if limit.isdigit()), 1000)
    return Rule(Assertion(row["assertion"]), row["direction"], words, "phrase" in limits, "list" in limits)


def _ended(names: Iterable[str]) -> frozenset[str]:
    ended = frozenset(names)
    if ended == {"*"}:
        return ALL
    if not ended <= ALL:
        raise InternalError("The table of cues ends an assertion that is none of the eight.")
    return ended
