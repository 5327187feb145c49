"""Which words belong to the name of a drug: those of its sentence or row, without those of the names beside it.

Places are (start, end) in a text in small letters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from leadterm.coding.patterns import compiled
from leadterm.domain import Passage

from .amounts import AMOUNT, NUMBER, UNIT
from .tables import Row

FULL = 60  # characters of a line that was wrapped
MOST_LINES = 8  # that tell more of one dose
_CLOCK = r"(?:(?:[01]?\d|2[0-3]):[0-5]\d|(?:[01]\d|2[0-3])[0-5]\d(?! ?(?:mg|mcg|ml|units?|cc|mg/)))(?=[\s|,:;-])"
_DAY = r"\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\d{4}-\d\d-\d\d\b"
_ROW = compiled(rf"[ \t]*(?:[-*•·|]|\d{{1,2}}[.)][ \t]|{_CLOCK}|{_DAY})")
_LABELLED = (
    r"(?:drug|medication|vaccine|med|dose|route|site|time|start|stop|end|rate|given|not given|held|wasted?|ndc|lot)"
    r"(?: name| time| given)?[ \t]*[:#]|(?:not )?given\b|new bag\b|wast(?:e|ed|age)\b"
)
_ROW_AFTER = compiled(rf"(?<=\n)[ \t]*(?:[-*•·|][ \t]|\d{{1,2}}[.)][ \t]|{_CLOCK}|{_DAY}|{_LABELLED})")
_MORE = compiled(
    rf"^[\s|*•·-]*(?:{_CLOCK} ?(?:-+>?|–|→|to|until) ?\d|(?:on|up|off|down|in|out)[ :]+{_CLOCK}|{NUMBER} ?(?:{UNIT})\b"
    r"|(?:both|one|two|whole|entire|full|all of|all in|nothing|none|no|each|divided|split|injected|used|left over)\b"
    r"|#?\d+ vials?\b|(?:r|l|right|left)\b[ .:-]*"
    r"(?:deltoid|delt|glut\w*|ventro\w*|dorso\w*|thigh|buttock|arm|abd\w*|ac|hand|forearm|fa)\b"
    r"|(?:iv |not |infusion |actual |dose |drug )?(?:start|stop|held|new bag|end|begin"
    r"|began|time|route|dose|amount|strength|site|access|lot"
    r"|exp|ndc|waste|wasted|discard|unused|remain|vial|container|infus|given|administ"
    r"|complet|conclud|finish|rate|method"
    r"|rn\b|nurse|manufactur|volume|concentration|quantity|qty|via\b|over\b|by\b"
    r"|it (?:was )?(?:given|started|stopped|infused)"
    r"|duration|single|multi|total|witness|status|note|reason|indication|tolerat|titrat"
    r"|pt tol|no (?:drug )?wast|the remain|\d+ ?(?:mg|ml|mcg|units?) (?:was |were )?(?:wast"
    r"|disc)))"
)
_LEFT_OVER = compiled(r"\b(?:vials?|ampules?|syringes?)\b|\bdiscard\w*|\bwast(?:ed|e|age)\b|\bunused\b|\bndc\b")
_DOSE_BEFORE = compiled(
    rf"{AMOUNT}(?:[\s(]*(?:of|iv|im|sq|sc|subq|ivp|iv push|po|dose of|intramuscular"
    rf"|total|intravenous|subcutaneous|\)|[\d.]+ ?%))*\s*$"
)
_LABEL = compiled(
    r"\n[ \t]*(?:waste\w*|discard\w*|drug|medications?|meds?|given|held|name|order|not given)(?: name)?:?[ \t]*$"
)
_DOSE_AFTER = compiled(rf"^[\s:(|,-]*(?:[a-z/.-]+ ){{0,2}}{AMOUNT}")


def units_of(passage: Passage, lower: str, table: Sequence[Row], names: Sequence[int]) -> list[tuple[int, int]]:
    """The sentences and rows of a section, cut where rows of its tables, and lines that begin with a name, begin."""
    rows = [row for row in table if passage.body <= row.start < passage.end]
    begins = [start for start in names if not lower[lower.rfind("\n", 0, start) + 1 : start].strip()]
    return _by_names(_with_rows(_units(passage, lower), rows), begins, lower)


def sentence_of(units: list[tuple[int, int]], lower: str, passage: Passage, name: tuple[int, int]) -> tuple[int, int]:
    """The sentence, list item or row that a name stands in; its line where none is known."""
    place = bisect_right(units, (name[0], len(lower))) - 1
    if place >= 0 and units[place][0] <= name[0] < units[place][1]:
        return units[place]
    end = lower.find("\n", name[1])
    return max(passage.body, lower.rfind("\n", 0, name[0]) + 1), end if end >= 0 else passage.end


def _units(passage: Passage, lower: str) -> list[tuple[int, int]]:
    """The sentences and rows of a section: a sentence wrapped before a number is one, rows are several."""
    joined: list[tuple[int, int]] = []
    for start, end in passage.segments:
        if joined and _goes_on(lower, joined[-1], start):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [row for start, end in joined for row in _split(lower, start, end)]


def _goes_on(lower: str, last: tuple[int, int], start: int) -> bool:
    """Whether a segment only goes on with the one before it: the line was full, and no sentence ended."""
    line = lower[lower.rfind("\n", 0, last[1]) + 1 : last[1]]
    wrapped = lower[last[1] : start].strip(" ") == "\n" and len(line) > FULL and line[-1] not in ".;:!?|"
    return wrapped and not _ROW.match(lower, start)


def _with_rows(units: list[tuple[int, int]], table: list[Row]) -> list[tuple[int, int]]:
    """The sentences and rows, those in tables cut where the tables' rows begin and end."""
    if not table:
        return units
    cuts = sorted({place for row in table for place in (row.start, row.end)})
    found: set[tuple[int, int]] = {(row.start, row.end) for row in table}
    for start, end in units:
        inner = [start, *(c for c in cuts if start < c < end), end]
        found |= {(a, b) for a, b in pairwise(inner) if not any(r.start <= a and b <= r.end for r in table)}
    return sorted(found)


def _by_names(units: list[tuple[int, int]], begins: list[int], lower: str) -> list[tuple[int, int]]:
    """The sentences and rows, those cut where two lines, one after the other, each begin with a drug's name."""
    cuts = [b for a, b in pairwise(begins) if lower.count("\n", a, b) == 1]
    if not cuts:
        return units
    return [pair for start, end in units for pair in pairwise([start, *(c for c in cuts if start < c < end), end])]


def _split(lower: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A segment by its rows, where its lines begin as rows do."""
    if lower.find("\n", start, end) < 0:
        yield start, end
        return
    cuts = [start, *(m.start() for m in _ROW_AFTER.finditer(lower, start, end)), end]
    yield from ((a, b) for a, b in pairwise(cuts) if a < b)


def with_lines(units: list[tuple[int, int]], lower: str, sentence: tuple[int, int], limit: int) -> int:
    """The end of what belongs to the drugs of a sentence: the lines after it that only tell more of them."""
    end = sentence[1]
    following = [s for s in units if sentence[1] <= s[0] < limit][:MOST_LINES]
    for start, stop in following:
        if "\n\n" in lower[end:start].replace(" ", "") or not _tells_more(lower[start:stop]):
            break
        end = stop
    return end


def _tells_more(line: str) -> bool:
    return bool(_MORE.search(line) or _LEFT_OVER.search(line))


def shares(lower: str, start: int, end: int, names: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What belongs to each of the drugs of a sentence."""
    cuts = [start, *(_cut(lower, one, other) for one, other in pairwise(names)), end]
    return list(pairwise(cuts))


def _cut(lower: str, one: tuple[int, int], other: tuple[int, int]) -> int:
    """Where the words of one drug end: a dose right before the next name is of that, unless a dose follows that too."""
    between = lower[one[1] : other[0]]
    if label := _LABEL.search(between):
        return one[1] + label.start()
    dose = _DOSE_BEFORE.search(between)
    if dose is None:
        return other[0]
    only = not list(re.finditer(AMOUNT, between[: dose.start()]))
    if only and _DOSE_AFTER.search(lower[other[1] : other[1] + 40]):
        return other[0]
    return one[1] + dose.start()
