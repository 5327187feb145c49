"""Where the sections of a chart begin and what they are: history, exam, assessment, plan, …

A header is known by its name (`sections.tsv`) or by its shape; what it may open depends on the section in which it
stands, since "Cardiovascular:" inside an exam, "Medical Reasoning:" inside a plan and "HTN:" inside a hospital course
end nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise

from ._headers import MOST_WORDS, Line, candidates
from ._tables import read_table

_NOISE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\b\d[\d/.:-]*\b")
_AND = re.compile(r"[&+/,]| - ")
_SOAP = {"s": ("hpi", ""), "o": ("exam", "s"), "a": ("assessment", "so"), "p": ("plan", "a")}

_ASSESSING = frozenset({"assessment", "plan", "assessment-plan"})
_BY_PROBLEM = _ASSESSING | {"hospital-course"}
# Kinds that say what was found; a plan in a chart without any of them names the problems itself.
_NAMING = frozenset(
    {"assessment", "assessment-plan", "admission-diagnosis", "discharge-diagnosis", "postoperative-diagnosis"}
)
_VISIT = frozenset({"hpi", "exam", "review-of-systems", "plan"})
_REPORT = frozenset({"impression", "findings", "technique", "indication", "procedure"})
# A header of unknown name ends only these; the others hold lists and subsections with headers of their own.
_PROSE = _REPORT | {"unknown", "chief-complaint", "hpi", "other", "consults", "disposition"}
_FIRM = _BY_PROBLEM | {"exam", "review-of-systems", "results", "imaging", "vitals"}


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a chart under one header.

    Attributes:
        kind: One of the kinds of `sections.tsv`; `other` under a header of no known name, `unknown` before the first.
        start: Where the header begins; the end of the section before.
        end: One after the last code point.
        body: Where the text under the header begins.
    """

    kind: str
    start: int
    end: int
    body: int


@dataclass(frozen=True, slots=True)
class _Name:
    kind: str
    match: str
    strength: str
    within: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Header:
    """A header as found: its place, how it is set, and the kind of section that it opens."""

    kind: str
    start: int
    body: int
    style: str = "plain"
    alone: bool = True


def find_sections(text: str, folded: str) -> tuple[Section, ...]:
    """The sections of a chart in order; they tile it without gaps. An empty text has none.

    `folded` is `fold(text)`. Linear in the length of the text.
    """
    headers = _settled(list(_headers(text, folded)))
    if not text:
        return ()
    if not headers or text[: headers[0].start].strip():
        headers.insert(0, _Header("unknown", 0, 0))
    starts = [0, *(h.start for h in headers[1:]), len(text)]
    return tuple(Section(h.kind, a, b, min(h.body, b)) for h, (a, b) in zip(headers, pairwise(starts), strict=True))


def _headers(text: str, folded: str) -> Iterator[_Header]:
    current = _Header("unknown", 0, 0)
    letters = ""
    for line in candidates(text, folded):
        letter = line.name if line.name in "SOAP" and line.colon else ""
        if letter:
            kind, after = _SOAP[letter.lower()]
            if not after or any(a in letters for a in after):
                letters += letter.lower()
                current = _Header(kind, line.start, line.body, line.style, line.alone)
                yield current
            continue
        found = _opened(line, current)
        if found is not None:
            current = _Header(found, line.start, line.body, line.style, line.alone)
            yield current


def _opened(line: Line, current: _Header) -> str | None:
    """The kind of section that a candidate opens where it stands, or None where it opens none."""
    entry = _lookup(line.name, current.kind)
    if entry is None:
        return "other" if _unnamed(line, current) else None
    if entry.match == "system":
        return "exam" if current.kind == "vitals" and line.style in ("plain", "marked", current.style) else None
    if not _shaped(line, entry) or not _listed_alike(line, entry, current):
        return None
    return entry.kind if _may_end(line, entry, current) else None


def _shaped(line: Line, entry: _Name) -> bool:
    """Whether a known name is set like a header."""
    if line.inside:
        return entry.match == "whole" and (entry.strength != "colon" or line.capitals)
    if entry.strength == "colon" and not (line.colon or _set_apart(line, entry)):
        return False
    marked = line.style == "marked"
    if entry.match != "whole" and not (line.capitals or line.titled or marked):
        return False
    if line.capitals or marked:
        return True
    if line.name[0].islower():
        return line.fresh and (line.colon or (line.apart and entry.strength == "strong"))
    return line.colon or line.apart or entry.match == "whole"


def _set_apart(line: Line, entry: _Name) -> bool:
    """Whether nothing but the name stands on a line behind a blank one, as an item of a list does not."""
    return entry.match == "whole" and line.alone and line.apart and line.style in ("plain", "marked")


def _listed_alike(line: Line, entry: _Name, current: _Header) -> bool:
    """Whether a numbered or bulleted name is a header: where headers are numbered too, not as an item of a list."""
    if line.style in ("plain", "marked"):
        return True
    if current.kind == "unknown":
        return entry.match == "whole" and line.colon
    return line.style == current.style


def _may_end(line: Line, entry: _Name, current: _Header) -> bool:
    """Whether a known header ends the section in which it stands."""
    if current.kind in ("results", "imaging") and entry.kind in _REPORT:
        return line.alone or line.apart
    if current.kind not in _BY_PROBLEM:
        return True
    if entry.kind in _ASSESSING and current.kind in _ASSESSING and entry.strength != "strong":
        return False
    if entry.kind in _ASSESSING and entry.strength == "strong":
        return current.kind != "assessment-plan" or entry.kind == "assessment-plan"
    if line.alone or (not current.alone and not line.inside and entry.strength == "strong"):
        return line.capitals or line.apart or line.style == "marked" or entry.strength == "strong"
    known = entry.match == "whole" and (entry.strength == "strong" or " " in line.name)
    return known and line.capitals and (line.apart or not current.alone)


def _unnamed(line: Line, current: _Header) -> bool:
    """Whether a name that no table knows is a header by its shape."""
    if line.inside or line.style in ("number", "bullet") or sum(map(str.isalpha, line.name)) < 5:
        return False
    clear = line.capitals or line.style == "marked"
    if current.kind in _PROSE:
        return clear and (line.colon or line.apart)
    return current.kind not in _FIRM and clear and line.apart and line.alone and (line.colon or line.style == "marked")


def _settled(headers: list[_Header]) -> list[_Header]:
    """The headers with the kinds that only the whole chart tells.

    In a visit note an impression is the assessment; a plan without any assessment names the problems itself; where
    assessment and plan alternate problem by problem, they are one assessment and plan.
    """
    kinds = {h.kind for h in headers}
    if not kinds & _NAMING:
        headers = [_as(h, "assessment") if h.kind == "impression" and kinds & _VISIT else h for h in headers]
        if "impression" not in kinds:
            headers = [_as(h, "assessment-plan") if h.kind == "plan" else h for h in headers]
    settled: list[_Header] = []
    for assessing, run in groupby(headers, key=lambda h: h.kind in _ASSESSING):
        group = list(run)
        alternating = assessing and sum(h.kind == "plan" for h in group) > 1
        settled += [_as(h, "assessment-plan") for h in group] if alternating else group
    return settled


def _as(header: _Header, kind: str) -> _Header:
    return _Header(kind, header.start, header.body, header.style, header.alone)


def _lookup(name: str, current: str) -> _Name | None:
    table = _names()
    folded = name.lower()
    entries = table["whole"].get(folded)
    if entries is None:
        folded = " ".join(_AND.sub(" and ", _NOISE.sub(" ", folded)).split())
        folded = folded.removeprefix("the ").removeprefix("patient's ").removeprefix("and ")
        entries = table["whole"].get(folded) or table["system"].get(folded) or _by_part(folded)
    return next((e for e in entries or () if not e.within or current in e.within), None)


def _by_part(name: str) -> tuple[_Name, ...] | None:
    """What is known of the last one to four words of a name, else of its first."""
    words = name.split()
    if not 1 < len(words) <= MOST_WORDS:
        return None
    table = _names()
    for count in range(min(4, len(words) - 1), 0, -1):
        found = table["tail"].get(" ".join(words[-count:])) or table["lead"].get(" ".join(words[:count]))
        if found:
            return found
    return None


@cache
def _names() -> dict[str, dict[str, tuple[_Name, ...]]]:
    table: dict[str, dict[str, tuple[_Name, ...]]] = {"whole": {}, "tail": {}, "lead": {}, "system": {}}
    for row in read_table("sections.tsv", ("name", "kind", "match", "strength", "within")):
        entry = _Name(row["kind"], row["match"], row["strength"], frozenset(row["within"].split()))
        known = table[entry.match].get(row["name"], ())
        # An entry that holds only within some kinds is asked first.
        table[entry.match][row["name"]] = tuple(sorted((*known, entry), key=lambda e: not e.within))
    return table
