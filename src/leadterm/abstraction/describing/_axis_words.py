"""Where a segment says side, stage, site, organism, …: one automaton over the words of all axes, then a closer look.

The automaton knows the first word of every entry (`codesets/axes.tsv`, `attributes.tsv`, `sites.tsv`, `organisms.tsv`);
where it stands as a whole word, one anchored pattern takes the longest entry, or a reader takes the number after it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from leadterm._kept import KEPT
from leadterm.codesets.axes import axis_words, is_no_side

from .._tables import read_table
from . import _dates, _numerals

COLUMNS = ("words", "axis", "value")
_TABLES = ("describing/attributes.tsv", "describing/sites.tsv", "describing/organisms.tsv")
NEGATION, REGION, LINK, NOTHING, POISONING = "negation", "region", "link", "nothing", "poisoning"
# These stand whatever is denied: in "no left knee pain" the pain that she has not is that of the left knee.
_NEVER_DENIED = frozenset("laterality site quadrant sides date duration onset weeks trimester organism".split())
# What may stand between a denial and the words that it takes back.
_DENIED = re.compile(
    r"[\s-]*(?:(?:any|a|an|the|in|at|of|evidence|signs?|mention|current|currently|yet|having|been|to|or|really|very"
    r"|appreciable|significant|obvious|definite)\s+)*"
)
_DENIAL_REACH = 40
_PLAIN_WORDS = re.compile(r"(?:\s+(?!(?:of|or|and|nor|with|in|for|to|but)\b)[a-z-]+){0,3}\s+")
_LONGEST_REGION = 40
# A first word so short or so frequent that the second one is looked for, and the first one before it.
_WEAK = frozenset("l r t in at de by this old e e. s. s c c. k. p. h h. m. b. n. t. on".split())
_LONGEST_WEAK = 24  # characters, with what may part it from the next word
_SPLIT = re.compile(r"[\s-]")
# What may be a date, weeks of gestation, "x3d": most numbers of a chart are none of these. A class of characters
# leads, so that the search runs over what is none of them at full speed.
_NUMBERS = re.compile(r"[\dx](?:(?<=\d)(?:\d?[/-]\d|\d\d\d|\d?\s?(?:w|\+))|(?<=x)\s?\d)")


class Hit(NamedTuple):
    """A value of an axis at a place of the text."""

    axis: str
    value: str
    start: int
    end: int


_Readings = tuple[tuple[str, str], ...]
_Grouped = tuple[str, str, _Readings]
"""A weak first word, what stands behind the word that is looked for, and what it all says."""
_Prefixed = tuple[re.Pattern[str], re.Pattern[str], _Readings]
Reader = Callable[[str, int, int, int], Sequence[tuple[str, str, int, int]]]


class _Entry(NamedTuple):
    """What begins with one word: its readings by alternative of the pattern, and how it is read on where it counts."""

    pattern: re.Pattern[str] | None
    readings: tuple[_Readings, ...]
    reader: Reader | None
    prefixed: tuple[_Prefixed, ...]


class AxisWords:
    """The axis words of one text: looked for once, read segment by segment."""

    __slots__ = ("_entries", "_folded", "_found", "_starts")

    def __init__(self, folded: str) -> None:
        """Looks for the first words of every entry."""
        automaton, self._entries = _table()
        self._folded = folded
        self._found = automaton.find_matches_as_indexes(folded)
        self._starts = [start for _, start, _ in self._found]

    def hits(self, start: int, end: int, things: Callable[[], Sequence[int]] = tuple) -> list[Hit]:
        """The axis words of a segment in order, the longest first where they overlap; what is denied left out.

        `things` tells the places where mentions begin, in order: what is denied together with one ("denies severe
        headache") still says what kind of headache it is that is denied.
        """
        folded = self._folded
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        hits = self._hits(low, high, start, end) if low < high else []
        if first := _NUMBERS.search(folded, start, end):
            hits = _with_digits(folded, hits, first.start(), end)
        if not hits:
            return hits
        axes = {hit.axis for hit in hits}
        if REGION in axes:
            hits = _joined(folded, hits)
        return _affirmed(hits, folded, things()) if NEGATION in axes else hits

    def _hits(self, low: int, high: int, start: int, end: int) -> list[Hit]:
        """What the words found from `low` to `high` begin, in the segment from `start` to `end`."""
        folded, entries = self._folded, self._entries
        hits: list[Hit] = []
        reached = start
        for index, a, b in self._found[low:high]:
            if a < reached or b > end or (a > start and folded[a - 1].isalnum()):
                continue
            pattern, readings, reader, prefixed = entries[index]
            if reader is not None and (read := reader(folded, a, b, end)):
                hits += [Hit(*hit) for hit in read]
                reached = max(b, hits[-1].end)
                continue
            if pattern is None:
                if b < end and folded[b].isalnum() and folded[b - 1].isalnum():
                    continue
                own = readings[0]
            elif match := pattern.match(folded, a, end):
                b, own = match.end(), readings[(match.lastindex or 1) - 1]
            elif prefixed and (known := _prefixed(prefixed, folded, max(reached, a - _LONGEST_WEAK), a, end)):
                a, b, own = known
            else:
                continue
            for axis, value in own:
                if axis == "laterality" and is_no_side(folded, a, b):
                    continue
                reached = b
                if axis != NOTHING:
                    hits.append(Hit(axis, value, a, b))
        return hits


def _prefixed(
    prefixed: Sequence[_Prefixed], folded: str, low: int, at: int, end: int
) -> tuple[int, int, _Readings] | None:
    """The entry whose weak first word stands before the word that was found: "E." before "coli"."""
    for prefix, rest, readings in prefixed:
        match, before = rest.match(folded, at, end), prefix.search(folded, low, at)
        if match and before:
            return before.start(), match.end(), readings
    return None


def _with_digits(folded: str, hits: list[Hit], start: int, end: int) -> list[Hit]:
    """The hits with those that only digits announce, where they do not overlap."""
    more = _dates.with_digits(folded, start, end)
    if not more:
        return hits
    edges = [h.start for h in hits]
    added = []
    for row in more:
        number = bisect_left(edges, row[3])
        if number == 0 or hits[number - 1].end <= row[2]:
            added.append(Hit(*row))
    return sorted([*hits, *added], key=lambda h: h.start) if added else hits


def _joined(folded: str, hits: list[Hit]) -> list[Hit]:
    """The hits with the words of a region put before their site: "distal", "radius"."""
    kept: list[Hit] = []
    region: Hit | None = None
    for hit in hits:
        near = region is not None and len(region.value) <= _LONGEST_REGION
        if region is not None and near and hit.axis in ("site", REGION) and _adjoin(folded, region, hit, kept):
            hit = Hit(hit.axis, f"{region.value} {hit.value}", region.start, hit.end)
            region = None
        if hit.axis == REGION:
            region = hit
        else:
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start)


def _adjoin(folded: str, region: Hit, hit: Hit, kept: Sequence[Hit]) -> bool:
    """Whether nothing but blanks, or a side, is between a region and its site: "distal left radius"."""
    at = region.end
    if kept and kept[-1].start >= region.end and kept[-1].axis == "laterality":
        if folded[at : kept[-1].start].strip(" \n-"):
            return False
        at = kept[-1].end
    return not folded[at : hit.start].strip(" \n-")


def _affirmed(hits: list[Hit], folded: str, things: Sequence[int]) -> list[Hit]:
    """The hits without those that a denial right before them takes back, and without the denials."""
    kept: list[Hit] = []
    reach = -1
    for hit in hits:
        if hit.axis == NEGATION:
            reach = hit.end
            continue
        denied = reach >= 0 and hit.start - reach <= _DENIAL_REACH and _DENIED.fullmatch(folded, reach, hit.start)
        if not denied:
            kept.append(hit)
            reach = -1 if hit.axis == LINK else reach
        elif hit.axis in _NEVER_DENIED or _of_a_thing(folded, hit.start, hit.end, things):
            kept.append(hit)
        if denied:
            reach = hit.end
    return kept


def _of_a_thing(folded: str, start: int, end: int, things: Sequence[int]) -> bool:
    """Whether a mention follows, with nothing but plain words between; of "acute or chronic" neither is said alone."""
    following = bisect_left(things, end)
    if folded[max(0, start - 8) : start].split()[-1:] in (["or"], ["nor"]):
        return False
    return following < len(things) and _PLAIN_WORDS.fullmatch(folded, end, things[following]) is not None


_INDUCED = re.compile(r"(?<![^\W_])(?P<what>[^\W_]\w*(?:-[a-z]+)?)-\Z")


def _induced(folded: str, start: int, end_of_word: int, _: int) -> Sequence[tuple[str, str, int, int]]:
    """The cause that is joined to its effect by a hyphen: "opioid-induced", "age-related"."""
    match = _INDUCED.search(folded, max(0, start - 30), start)
    if match is None or folded[end_of_word : end_of_word + 1].isalnum():
        return ()
    return (("cause", match["what"], match.start(), end_of_word),)


def _secondary(folded: str, start: int, end_of_word: int, _: int) -> Sequence[tuple[str, str, int, int]]:
    """The link "2/2", which neither a date nor a share is."""
    alone = folded[end_of_word : end_of_word + 1] in (" ", "\n") and folded[start - 1 : start] != "/"
    return ((LINK, "cause", start, end_of_word),) if alone else ()


_READERS: dict[str, Reader] = {"2/2": _secondary, **dict.fromkeys(("induced", "related", "associated"), _induced)}


@cache
def _rows() -> dict[str, list[tuple[str, str]]]:
    """Every entry with its readings; a row of our own tables wins over the same words of the official titles."""
    own: dict[str, list[tuple[str, str]]] = {}
    for table in _TABLES:
        for row in read_table(table, COLUMNS):
            own.setdefault(row["words"], []).append((row["axis"], row["value"]))
    theirs = {words: [reading] for words, reading in axis_words().items() if words not in own}
    return {**theirs, **own}


def _trigger(words: str) -> tuple[str, str, str]:
    """A weak first word, the word to look for, and what stands after it."""
    tokens = _SPLIT.split(words)
    weak = tokens.pop(0) if len(tokens) > 1 and tokens[0] in _WEAK else ""
    found = tokens[0]
    rest = words[len(weak) + 1 if weak else 0 :][len(found) :]
    return weak, found, rest


def _shape(words: str) -> str:
    """The pattern of words that may be wrapped, spaced or joined by a hyphen, and end where a word ends."""
    pieces = re.split(r"([\s-]+)", words)
    shape = "".join(r"[\s-]+" if piece.strip("- ") == "" and piece else re.escape(piece) for piece in pieces)
    return shape + (r"(?![^\W_])" if not words or words[-1].isalnum() else "")


class _Entries(dict[int, _Entry]):
    """The entries by the number of their first word; the patterns of one are compiled when a text first has it."""

    def __init__(
        self, triggers: Sequence[str], groups: Mapping[str, list[_Grouped]], readers: Mapping[str, Reader]
    ) -> None:
        super().__init__()
        self._triggers, self._groups, self._readers = triggers, groups, readers

    def __missing__(self, number: int) -> _Entry:
        trigger = self._triggers[number]
        found = self[number] = _entry(trigger, self._groups.get(trigger, ()), self._readers.get(trigger))
        return found


@cache
def _table() -> tuple[AhoCorasick, _Entries]:
    groups: dict[str, list[_Grouped]] = {}
    for words, readings in _rows().items():
        weak, found, rest = _trigger(words)
        groups.setdefault(found, []).append((weak, rest, tuple(readings)))
    readers: dict[str, Reader] = {**_numerals.READERS, **_dates.READERS, **_READERS}
    triggers = sorted({*groups, *readers})
    entries = _Entries(triggers, groups, readers)
    automaton = AhoCorasick(triggers, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA)
    return automaton, entries


def _entry(trigger: str, group: Sequence[_Grouped], reader: Reader | None) -> _Entry:
    group = sorted(group, key=lambda g: -len(g[1]))
    bare = [g for g in group if not g[0]]
    prefixed = tuple(
        (_prefix(weak), KEPT.compiled(re.escape(trigger) + _shape(rest)), readings)
        for weak, rest, readings in group
        if weak
    )
    if len(bare) == 1 and not bare[0][1] and not prefixed:
        return _Entry(None, (bare[0][2],), reader, ())
    shapes = "|".join(f"({_shape(rest)})" for _, rest, _ in bare)
    pattern = KEPT.compiled(rf"{re.escape(trigger)}(?:{shapes})" if bare else r"(?!)")
    return _Entry(pattern, tuple(g[2] for g in bare), reader, prefixed)


def _prefix(weak: str) -> re.Pattern[str]:
    point = r"\.?" if weak.endswith(".") else ""
    return KEPT.compiled(rf"(?<![^\W_]){re.escape(weak.rstrip('.'))}{point}[\s-]*\Z")
