"""Where the sections of a chart begin and what they are: history, exam, assessment, plan, …

A header is known by its name (`sections.tsv`) or by its shape; what it may open depends on the section in which it stands, since
"Cardiovascular:" inside an exam, "Medical Reasoning:" inside a plan and "HTN:" inside a hospital course end nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from ._tables import read_table

_LONGEST = 64  # characters of a header's name; longer lines are prose
_MOST_WORDS = 9

# Quotes and emphasis before a name, its number or bullet, emphasis again: "## ", "**", "1. ", "IV) ", "• ".
_MARK = re.compile(r" *([#=_*>]*) *(\d{1,2}[.)](?= )|[ivx]{1,4}[.)](?= )|[-+•·▪◦●■‣⁃](?= ))? *([*_]*) *")
_RULE = re.compile(r" *(?:-{3,}|={3,}|_{3,}|\*{3,}|~{3,}) *")
_TRAILING = " *_#=-~\r\t"
_NOISE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\b\d[\d/.:-]*\b")
_AND = re.compile(r"[&+/,]| - ")
_SOAP = {"s": ("hpi", ""), "o": ("exam", "s"), "a": ("assessment", "so"), "p": ("plan", "a")}

_ASSESSING = frozenset({"assessment", "plan", "assessment-plan"})
_BY_PROBLEM = _ASSESSING | {"hospital-course"}
_REPORT = frozenset({"impression", "findings", "technique", "indication", "procedure"})
# A header of unknown name ends only these; the others hold lists and subsections with headers of their own.
_PROSE = frozenset(
    {"unknown", "chief-complaint", "hpi", "other", "procedure", "findings", "indication", "technique", "impression", "consults", "disposition"}
)
_FIRM = _BY_PROBLEM | {"exam", "review-of-systems", "results", "imaging", "vitals"}


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a chart under one header.

    Attributes:
        kind: One of the kinds of `sections.tsv`, `other` for a header of no known name, `unknown` before the first header.
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


@dataclass(frozen=True, slots=True)
class _Line:
    """What a candidate for a header looks like.

    Attributes:
        name: The words, as written.
        start, body: Where the line begins, and the text after the name.
        style: plain, marked (markdown, underlined), number or bullet.
        colon: Whether a colon or a dash ends the name.
        alone: Whether nothing follows on the line.
        apart: Whether a blank line or nothing stands before.
        fresh: Whether the line before ended a sentence, or `apart`.
        inside: Whether it stands inside a line.
    """

    name: str
    start: int
    body: int
    style: str
    colon: bool
    alone: bool
    apart: bool
    fresh: bool
    inside: bool = False

    @property
    def capitals(self) -> bool:
        return self.name.isupper()

    @property
    def titled(self) -> bool:
        return all(word[0].isupper() or len(word) <= 3 or not word[0].isalpha() for word in self.name.split())


def find_sections(text: str, folded: str) -> tuple[Section, ...]:
    """The sections of a chart in order; they tile it without gaps. An empty text has none.

    `folded` is `fold(text)`. Linear in the length of the text.
    """
    headers = _merge_by_problem(list(_headers(text, folded)))
    if not text:
        return ()
    if not headers or text[: headers[0].start].strip():
        headers.insert(0, _Header("unknown", 0, 0))
    starts = [0, *(h.start for h in headers[1:]), len(text)]
    return tuple(Section(h.kind, a, b, min(h.body, b)) for h, (a, b) in zip(headers, pairwise(starts), strict=True))


def _headers(text: str, folded: str) -> Iterator[_Header]:
    current = _Header("unknown", 0, 0)
    letters = ""
    for line in _candidates(text, folded):
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


def _candidates(text: str, folded: str) -> Iterator[_Line]:
    """Everything that might be a header: the beginnings of lines, and names with a colon inside lines."""
    start, size = 0, len(text)
    apart = fresh = True
    while start < size:
        end = folded.find("\n", start)
        end = size if end < 0 else end
        last = end - 1
        while last >= start and folded[last] == " ":
            last -= 1
        if last < start:
            apart = fresh = True
        else:
            yield from _in_line(text, folded, start, end, last + 1, apart, fresh)
            apart, fresh = False, folded[last] in ".:;!?)"
        start = end + 1


def _in_line(text: str, folded: str, start: int, end: int, stop: int, apart: bool, fresh: bool) -> Iterator[_Line]:
    colon = folded.find(":", start, stop)
    mark = _MARK.match(folded, start, stop)
    name_start = mark.end() if mark else start
    if 0 <= colon - name_start <= _LONGEST:
        yield from _leading(text, folded, start, colon, stop, mark, apart, fresh)
    elif stop - name_start <= _LONGEST and folded[stop - 1] not in ".,;!?":
        yield from _standing(text, folded, start, end, stop, mark, apart, fresh)
    elif mark and "**" in mark[1] + mark[3]:
        close = folded.find("**", name_start, min(stop, name_start + _LONGEST))
        if close > 0:
            yield _Line(text[name_start:close], start, close + 2, "marked", True, False, apart, fresh)
    while colon >= 0:
        colon = folded.find(":", colon + 1, stop)
        if colon >= 0:
            inner = _inner(text, folded, max(start + 1, colon - _LONGEST), colon)
            if inner is not None:
                yield inner


def _style(mark: re.Match[str] | None) -> str:
    if mark is None:
        return "plain"
    if mark[2]:
        return "number" if mark[2][-1] in ".)" else "bullet"
    if mark[1] == "*":
        return "bullet"
    return "marked" if mark[1] or mark[3] else "plain"


def _leading(
    text: str, folded: str, start: int, colon: int, stop: int, mark: re.Match[str] | None, apart: bool, fresh: bool
) -> Iterator[_Line]:
    """`Name: …` at the beginning of a line."""
    begin = mark.end() if mark else start
    name = text[begin:colon].rstrip(_TRAILING)
    body = colon + 1
    while body < stop and folded[body] in "*_ ":
        body += 1
    if name and len(name.split()) <= _MOST_WORDS:
        yield _Line(name, start, body, _style(mark), True, body >= stop, apart, fresh)


def _standing(
    text: str, folded: str, start: int, end: int, stop: int, mark: re.Match[str] | None, apart: bool, fresh: bool
) -> Iterator[_Line]:
    """A name alone on its line, perhaps underlined, or `Name - …`."""
    begin = mark.end() if mark else start
    dash = folded.find(" - ", begin, stop)
    if dash > 0:
        yield _Line(text[begin:dash].rstrip(_TRAILING), start, dash + 3, _style(mark), True, False, apart, fresh)
        return
    name, style, body = text[begin:stop].rstrip(_TRAILING), _style(mark), stop
    rule = _RULE.match(folded, end + 1)
    if rule and (rule.end() == len(folded) or folded[rule.end()] == "\n"):
        style, body = "marked", rule.end()
    if name and len(name.split()) <= _MOST_WORDS:
        yield _Line(name, start, body, style, False, True, apart, fresh)


def _inner(text: str, folded: str, begin: int, colon: int) -> _Line | None:
    """`… stable. Medications: …`: a name inside a line, after a sentence or in capitals."""
    cut = max(folded.rfind(mark, begin, colon) for mark in (".", ",", ";", ":", ")", "  "))
    name_start = cut + 1 if cut >= 0 else begin
    words = text[name_start:colon].strip()
    ended = cut >= 0 and folded[cut] != ","
    if not words or not words[0].isupper() or not ended:
        words = _capitals(words)
    if len(words) < 2:
        return None
    place = text.rfind(words, name_start, colon)
    return _Line(words, place, colon + 1, "plain", True, False, False, True, inside=True)


def _capitals(words: str) -> str:
    """The words in capitals that end a phrase."""
    kept: list[str] = []
    for word in reversed(words.split()):
        if not (word.isupper() or word in "&/"):
            break
        kept.insert(0, word)
    return " ".join(kept)


def _opened(line: _Line, current: _Header) -> str | None:
    """The kind of section that a candidate opens where it stands, or None where it opens none."""
    entry = _lookup(line.name, current.kind)
    if entry is None:
        return "other" if _unnamed(line, current) else None
    if entry.match == "system":
        return "exam" if current.kind == "vitals" and line.style in ("plain", "marked", current.style) else None
    if not _shaped(line, entry) or not _listed_alike(line, entry, current):
        return None
    return entry.kind if _may_end(line, entry, current) else None


def _shaped(line: _Line, entry: _Name) -> bool:
    """Whether a known name is set like a header."""
    if line.inside:
        return entry.match == "whole" and (entry.strength == "strong" or line.capitals)
    if entry.strength == "colon" and not line.colon:
        return False
    marked = line.style == "marked"
    if entry.match != "whole" and not (line.capitals or line.titled or marked):
        return False
    if line.capitals or marked:
        return True
    if line.name[0].islower():
        return line.fresh and (line.colon or (line.apart and entry.strength == "strong"))
    return line.colon or line.apart or (line.fresh and entry.strength == "strong") or entry.match == "whole" != entry.strength


def _listed_alike(line: _Line, entry: _Name, current: _Header) -> bool:
    """Whether a numbered or bulleted name is a header: where headers are numbered too, not as an item of a list."""
    if line.style in ("plain", "marked"):
        return True
    if current.kind == "unknown":
        return entry.match == "whole" and line.colon
    return line.style == current.style


def _may_end(line: _Line, entry: _Name, current: _Header) -> bool:
    """Whether a known header ends the section in which it stands."""
    if current.kind in ("results", "imaging") and entry.kind in _REPORT:
        return line.alone or line.apart
    if current.kind not in _BY_PROBLEM:
        return True
    if entry.kind in _ASSESSING:
        return current.kind != "assessment-plan" or entry.kind == "assessment-plan"
    if line.alone or (not current.alone and not line.inside and entry.strength == "strong"):
        return line.capitals or line.apart or line.style == "marked" or entry.strength == "strong"
    return entry.strength == "strong" and entry.match == "whole" and line.capitals and (line.apart or not current.alone)


def _unnamed(line: _Line, current: _Header) -> bool:
    """Whether a name that no table knows is a header by its shape."""
    if line.inside or line.style in ("number", "bullet") or sum(map(str.isalpha, line.name)) < 5:
        return False
    clear = line.capitals or line.style == "marked"
    if current.kind in _PROSE:
        return clear and (line.colon or line.apart)
    return current.kind not in _FIRM and clear and line.apart and line.alone and (line.colon or line.style == "marked")


def _merge_by_problem(headers: list[_Header]) -> list[_Header]:
    """The headers, where assessment and plan alternate problem by problem as one assessment and plan."""
    merged = list(headers)
    start = 0
    while start < len(merged):
        stop = start
        while stop < len(merged) and merged[stop].kind in _ASSESSING:
            stop += 1
        if sum(h.kind == "plan" for h in merged[start:stop]) > 1:
            for index in range(start, stop):
                h = merged[index]
                merged[index] = _Header("assessment-plan", h.start, h.body, h.style, h.alone)
        start = max(stop, start + 1)
    return merged


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
    if not 1 < len(words) <= _MOST_WORDS:
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
