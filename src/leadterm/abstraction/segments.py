"""The sentences and list items of a section: the stretches inside which words speak of each other.

A line end is a boundary only where the writer meant one: before a list item, a blank line, a header-like line, or
after a line that ends short of the margin before a capital. Everywhere else the text was wrapped, and "No fever,
chills⏎or cough" stays in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ._tables import read_table

_NARROWEST = 40  # lines are not wrapped narrower than this
_WINDOW = 2000  # characters before a section that still tell how wide the text is
_LONGEST_WORD = 24
_GLANCE = 200  # characters of a line that tell how it begins

_BULLETS = "•▪◦●■‣⁃"
_LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
_POINT = re.compile(f"[.!?){_LINE_ENDS}{_BULLETS}]")
_LINE_END = re.compile(f"[{_LINE_ENDS}]")
_CLOSERS = ".!?\"')]’”"
_MARKER = re.compile(
    rf"(?:[{_BULLETS}]+|[-*+–—·](?=\s)|\#{{1,6}}|\(?(?P<number>\d{{1,2}})[.)](?=\s|[A-Za-z])|[a-h]\)(?=\s)"
    r"|(?:i{1,3}|iv|vi{1,3}|ix)[.)](?=\s)|(?:I{1,3}|IV|VI{1,3}|IX)[.)](?=\s)|[*_=~-]{2,})\s*"
)
_NUMBERED = re.compile(r"(?:\A|\s)\(?(\d{1,2})\Z")
_SUBHEADER = re.compile(r"[A-Z][A-Za-z0-9 /&,()'-]{1,40}:(?=\s|\Z)")
_EDGE = " \t\u00a0*_=" + _LINE_ENDS
_LEAD_IN = re.compile(
    r"(?i)\b(?:den(?:y|ies|ied|ying)|negative for|without|no|not|following|if|for|of|includes?|including|possible"
    r"|suspected|rule out|differential(?: diagnos[ei]s)?|experience|develop|precautions|any|mother|father"
    r"|history)\s*:\s*\Z"
)
# A line that ends in one of these goes on.
_GOES_ON = frozenset(
    "a an and any as at be but by class ckd for from grade group had has have her his hepatitis if in into is its level"
    " may no nor not of on or our over per phase possible probable stage than that the their this to type under vitamin"
    " was were when which while who will with without & / -".split()
)
# A line that begins with one of these, where it could have fit on the line before, begins anew.
_OPENERS = frozenset("no denies denied negative positive reports has had h/o s/p hx nkda".split())
_BOXES = "☐☒☑✓✗["
# After these a single letter is part of a name, and may end its sentence.
_LETTERED = frozenset(
    "hepatitis vitamin type influenza group class stage grade category protein factor strep schedule part".split()
)
_ANSWER = re.compile(r"\s+(?:no|yes|none|negative|positive|denies|never)\s*(?:[.;,]|\Z|\n)", re.IGNORECASE)


def split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The segments of `text[start:end]` in order, trimmed of blanks, bullets and numbers; none is empty, none overlap.

    Linear in `end - start`. Text that only wraps differently (40 columns or more) gives the same segments, as far as
    its words tell.
    """
    return [piece for a, b in _Cutter(text, start, end).pieces() if (piece := _trim(text, a, b)) is not None]


class _Cutter:
    """One pass over a section: where each segment begins, how lists are numbered, how wide the lines are."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.begin = start  # of the segment under way
        self.line = start  # of the line under way
        self.number = 0  # of the last numbered item
        self.bullet = ""  # of the last item of a list under way
        self.listing = False  # whether a list under way belongs to the words before it ("Denies:")
        self._width = 0

    @property
    def width(self) -> int:
        if not self._width:
            lines = self.text[max(0, self.start - _WINDOW) : self.end].splitlines()
            self._width = max(_NARROWEST, max(map(len, lines), default=0))
        return self._width

    def pieces(self) -> Iterator[tuple[int, int]]:
        text, end, passed = self.text, self.end, self.start
        self._note_number(self.begin)
        for match in _POINT.finditer(text, self.start, end):
            at = match.start()
            if at < passed:
                continue
            mark, passed = text[at], at + 1
            if mark in ".!?":
                passed = self._run(at)
                cut = self._stop(at, passed)
            elif mark == ")":
                cut = self._item(at)
            elif mark in _BULLETS:
                cut = None if self.listing else at
            elif mark == "\r" and text[passed : passed + 1] == "\n":
                continue
            else:
                cut = passed if self._ends_line(at, passed) else None
                self.line = passed
            if cut is not None:
                if cut > self.begin:
                    yield self.begin, cut
                self.begin = cut
        yield self.begin, end

    def _run(self, at: int) -> int:
        """One after the marks and closing quotes that begin at `at`."""
        at += 1
        while at < self.end and self.text[at] in _CLOSERS:
            at += 1
        return at

    def _stop(self, at: int, after: int) -> int | None:
        """The boundary that a full stop, question or exclamation mark makes, if any."""
        text = self.text
        if after < self.end and not text[after].isspace():
            glued = (
                text[at] == "." and after == at + 1 and text[after].isupper() and text[after + 1 : after + 2].islower()
            )
            return after if glued and self._period_ends(at, after) else None
        if text[at] == "." and text[at - 1 : at].isdigit():
            number, cut = self.number, self._item(at)
            if self.number != number:
                return cut
        return after if self._ends_sentence(at, after) else None

    def _item(self, at: int) -> int | None:
        """Where the number that `at` closes begins the next item of a list inside a line, if it does."""
        found = _NUMBERED.search(self.text, max(self.begin, at - 4), at)
        if found is None or int(found[1]) != self.number + 1 or not self.text[at + 1 : at + 4].strip()[:1].isupper():
            return None
        self.number += 1
        return found.start() if self.number > 1 and not self.listing and found.start() > self.begin else None

    def _note_number(self, at: int) -> bool:
        """Whether a list item begins at `at` (after blanks); remembers its number."""
        match = self._marker(at)
        if match is None:
            return False
        self.bullet = match[0][0]
        if match["number"]:
            self.number = int(match["number"])
        return True

    def _marker(self, at: int) -> re.Match[str] | None:
        while at < self.end and self.text[at] in " \t\u00a0":
            at += 1
        return _MARKER.match(self.text, at, self.end)

    def _ends_line(self, stop: int, after: int) -> bool:
        """Whether the line end at `stop` is a boundary; the next line begins at `after`."""
        text = self.text
        if self.begin >= self.line and not text[self.begin : stop].strip():
            self._note_number(after)
            return True
        glance = min(self.end, after + _GLANCE)
        line_end = _LINE_END.search(text, after, glance)
        following = text[after : line_end.start() if line_end else glance].strip()
        if not following:
            self.listing, self.bullet = False, ""
            return True
        if self.listing or (text[stop - 1] == ":" and _LEAD_IN.search(text, max(self.line, stop - 40), stop)):
            return self._ends_list_line(after)
        return self._begins_anew(stop, after, following)

    def _ends_list_line(self, after: int) -> bool:
        """Within a list that belongs to its lead-in ("Denies:"), only a line that is no item ends the segment."""
        item = self._note_number(after)
        if not self.listing:
            self.listing = True
            return False
        self.listing = item
        return not item

    def _begins_anew(self, stop: int, after: int, following: str) -> bool:
        """Whether a line that follows another without a blank line between begins a new segment."""
        line = self.text[self.line : stop].strip()
        words, first = line.split(), following.split(None, 1)[0]
        goes_on = not words or words[-1].lower() in _GOES_ON or line[-1] in ",/&(-"
        room = self.width - self.width // 10 if self.width > _NARROWEST else self.width
        fits = len(line) + 1 + len(first) <= room
        marker = self._marker(after)
        if marker is not None:
            return self._begins_item(marker, line, fits and not goes_on)
        if _SUBHEADER.match(following) and not goes_on:
            return True
        if goes_on or not fits:
            return False
        return first[0].isupper() or line[-1] == ":" or first.lower() in _OPENERS or first[0] in _BOXES

    def _begins_item(self, marker: re.Match[str], line: str, fits: bool) -> bool:
        """Whether a number or dash before a line is that of a list, and not wrapped there ("stage⏎3. He")."""
        number, mark = int(marker["number"] or 0), marker[0][0]
        follows = number == self.number + 1 > 1 if number else mark == self.bullet or mark in _BULLETS + "#"
        if not (fits or follows or line[-1:] in (".", ":", ";")):
            return False
        self.number, self.bullet = number or self.number, mark
        return True

    def _ends_sentence(self, at: int, after: int) -> bool:
        text = self.text
        if self.listing and _at_line_end(text, after, self.end):
            return False
        mark = text[at]
        if mark == "?":
            alone = at == self.begin or text[at - 1].isspace()
            return not alone and not _ANSWER.match(text, after, self.end)
        return mark == "!" or self._period_ends(at, after)

    def _period_ends(self, dot: int, after: int) -> bool:
        text = self.text
        tail = text[max(self.begin, dot - _LONGEST_WORD) : dot]
        words = tail.split()
        word = words[-1].lstrip("([,;:\"'").lower() if words and not tail[-1].isspace() else ""
        following = text[after : after + _LONGEST_WORD].lstrip()
        kind = _abbreviations().get(word)
        if kind is None and len(word) > 1 and word.isalpha():
            return after > dot + 1 or text[after : after + 1].isspace() or len(word) > 2 or not following
        if not following:
            return True
        if word.isdigit():
            return not self._is_marker(dot - len(word)) and not following[0].islower() and words[-2:-1] != ["No."]
        if kind == "never":
            return False
        if kind == "number":
            return not following[0].isdigit()
        if kind == "inner" or "." in word or not word:
            return following[0].isupper()
        if len(word) == 1 and word.isalpha():
            return _letter_ends(words, following)
        return after > dot + 1 or text[after].isspace()

    def _is_marker(self, begin: int) -> bool:
        """Whether only blanks stand between the beginning of the segment or line and `begin`."""
        first = max(self.begin, self.line)
        return begin - first < 8 and not self.text[first:begin].strip(" \t(")


def _letter_ends(words: list[str], following: str) -> bool:
    """Whether a single letter ends a sentence (hepatitis C. He) or abbreviates (E. coli, J. Smith)."""
    first = following.split(None, 1)[0].lower().rstrip(".,;:)")
    if _abbreviations().get(first) == "species" or following[0].islower():
        return False
    return len(words) > 1 and words[-2].lower() in _LETTERED


def _at_line_end(text: str, at: int, end: int) -> bool:
    while at < end and text[at] in " \t\r":
        at += 1
    return at >= end or text[at] == "\n"


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The segment without blanks, bullets, numbers and emphasis around it; None when nothing is left."""
    while start < end:
        if text[start].isalpha() and "." not in text[start : start + 5] and ")" not in text[start : start + 5]:
            break
        if text[start] in _EDGE or text[start].isspace():
            start += 1
        elif (mark := _MARKER.match(text, start, end)) is not None:
            start = mark.end()
        else:
            break
    while end > start and (text[end - 1] in _EDGE or text[end - 1].isspace()):
        end -= 1
    return (start, end) if start < end else None


@cache
def _abbreviations() -> dict[str, str]:
    return {row["abbreviation"]: row["class"] for row in read_table("abbreviations.tsv", ("abbreviation", "class"))}
