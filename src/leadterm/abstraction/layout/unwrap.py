"""Text without the line ends at which it was merely wrapped.

A program that wraps breaks a line where the next word would not have fitted. So the line ends at which sentences
plainly go on tell how wide the text was set, the width tells which other line ends are of that kind, and the words on
both sides decide where chance would do it, too. A text that was wrapped twice has two widths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from ._lines import HARD, LOWER, OPEN, OPENER, SOFT, Reader, ends, indent_of, line_at, name_ends

_NARROWEST, _WIDEST = 40, 200  # columns at which text is wrapped
_MOST_WIDTHS = 6  # that one reading of a text looks for
_OVER = 20  # and a twentieth beyond
_STRAYS = 8
_LONGEST_WORD = 40
_NEAR = 5  # a line typed by hand may end one fifth short of the width
_PLAIN_ENOUGH = (SOFT, LOWER, OPENER)  # kinds of line ends that tell how wide a text is
_STRANGE = re.compile("[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_PLAIN = {ord(end): "\n" for end in "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"}
_SENTENCE = re.compile(r"[a-z0-9)%][.!?][\s\"]")
_BREAK = re.compile(r"\n([^\S\n]*)(\S+)")


def unwrap(text: str) -> str:
    """`text` with every line end at which it was merely wrapped replaced by blanks, as long as `text`.

    What was wrapped at any width from 40, or again at another, reads like the original wherever its words tell;
    unwrapping twice changes nothing more. Linear in the length of the text.
    """
    plain = text
    if _STRANGE.search(text):
        plain = text.replace("\r\n", " \n").translate(_PLAIN)
    while places := _soft(plain):
        text, plain = _joined(text, places), _joined(plain, places)
    return text


def _joined(text: str, places: Sequence[int]) -> str:
    """The text with blanks at the places, and in the place of a carriage return before one."""
    pieces: list[str] = []
    start = 0
    for at in places:
        if text[at] == "\n" and text[at - 1 : at] == "\r":
            pieces += (text[start : at - 1], "")
        else:
            pieces.append(text[start:at])
        start = at + 1
    return " ".join((*pieces, text[start:]))


@dataclass(slots=True)
class _Break:
    """A line end between two lines that are not blank.

    Attributes:
        at: Its place.
        start: Where the line that it ends begins.
        need: Characters that the next word would have needed on that line, with the blank before it.
        kind: What the words say of it.
        indent: How far the next line is indented.
        block: The number of the block of lines without a blank one between.
        near: Whether the line is nearly as long as some width.
        wide: Whether the next word would not have fitted into some width.
    """

    at: int
    start: int
    need: int
    kind: int
    indent: int
    block: int
    near: bool = field(default=False)
    wide: bool = field(default=False)


def _soft(text: str) -> list[int]:
    """The places of the soft line ends of a text whose line ends are all newlines."""
    breaks = list(_breaks(text))
    if not any(b.kind in _PLAIN_ENOUGH for b in breaks):
        return []
    for _ in range(_MOST_WIDTHS):
        width = _width(text, breaks)
        if width is None:
            break
        _measure(breaks, *width)
    return list(_Judge(text, breaks).places())


class _Judge:
    """Decides of each line end, in order, when all that can be measured is."""

    def __init__(self, text: str, breaks: Sequence[_Break]) -> None:
        self.text, self.breaks = text, breaks
        short = [b for b in breaks if not b.wide]
        self.listed = {b.block for b in short if b.kind == OPEN}
        self.indented = {b.block for b in short if b.indent and b.kind in (LOWER, OPENER, OPEN)}
        self.unended = self._unended()
        self._words: frozenset[str] = frozenset()

    def places(self) -> Iterator[int]:
        begin, indent, after, joined = 0, 0, -1, False
        for index, b in enumerate(self.breaks):
            joined = joined and b.start == after
            if not joined:
                begin, indent = b.start, indent_of(self.text, b.start, b.at)
            joined = self._is_soft(index, begin, indent, joined)
            after = b.at + 1
            if joined:
                yield b.at

    def _is_soft(self, index: int, begin: int, indent: int, joined: bool) -> bool:
        """Whether a line end is soft; the line before begins at `begin` with `indent`, and is `joined` of several."""
        b = self.breaks[index]
        level = b.indent > 0 and b.indent == indent
        if b.kind == SOFT:
            return True
        if b.kind == HARD or (level and b.block in self.indented):
            return False
        if b.kind == LOWER and not b.wide:
            return not level and (b.near or (joined and not self.text[begin + indent].islower()))
        if b.kind == OPEN and b.wide:
            item = b.block in self.listed and self.unended[index]
            titled = not joined and self._is_title(b)
            return self._is_prose(begin, b.at) or not (item or titled)
        return b.wide

    def _is_prose(self, begin: int, at: int) -> bool:
        """Whether sentences end inside the line before, which then does not end in the middle of one."""
        return _SENTENCE.search(self.text, max(begin, at - _WIDEST), at) is not None

    def _unended(self) -> list[bool]:
        """Of each line end, whether the line that follows, with what was wrapped of it, ends without a full stop."""
        found, following = [], None
        for b in reversed(self.breaks):
            if following is None or following.start != b.at + 1:
                found.append(not ends(line_at(self.text, b.at + 1).rstrip()))
            elif not following.wide or following.kind == HARD:
                found.append(not ends(self.text[following.start : following.at].rstrip()))
            else:
                found.append(found[-1])
            following = b
        return found[::-1]

    def _is_title(self, b: _Break) -> bool:
        """Whether a line of a few words stands above one that begins with a word which is no name."""
        if not self._words:
            self._words = frozenset(self.text.split())
        begin = b.at + 1 + b.indent
        word = self.text[begin : begin + _LONGEST_WORD].split(None, 1)[0]
        if len(word) < 2 or not word.istitle() or word.lower() not in self._words:
            return False
        line = self.text[b.start : b.at].rstrip()
        return "," not in line and not name_ends(line)


def _breaks(text: str) -> Iterator[_Break]:
    """The line ends that may be soft; between two of them that are not neighbours there is a hard one."""
    reader = Reader(text)
    start = block = 0
    for match in _BREAK.finditer(text):
        at, word = match.start(), match.start(2)
        start = text.rfind("\n", start, at) + 1 or start
        if at == 0 or text[at - 1] == "\n" or not (kind := reader.kind(start, at, word, match[2])):
            block += 1
            reader.begin(word, match[2])
        else:
            indent = word - at - 1
            slack = indent == 1 != indent_of(text, start, at)  # one of two blanks may have become the line end
            yield _Break(at, start, len(match[2]) + 1 + slack, kind, indent, block)
        start = at + 1


def _width(text: str, breaks: Sequence[_Break]) -> tuple[int, int] | None:
    """The least and the greatest width at which the most of the line ends that plainly go on would be soft."""
    changes = [0] * (_WIDEST + 2)
    sure = 0
    voters = []
    for begin, b in zip(_beginnings(breaks), breaks, strict=True):
        length = b.at - begin
        if b.wide or b.kind not in _PLAIN_ENOUGH or length + b.need <= _NARROWEST or length > _WIDEST:
            continue
        low, high = max(length, _NARROWEST), min(length + b.need - 1, _WIDEST)
        changes[low] += 1
        changes[high + 1] -= 1
        voters.append((low, high, b.kind == SOFT or _continues(text, b)))
    if not voters:
        return None
    votes = list(accumulate(changes))
    most = max(votes)
    least = votes.index(most)
    greatest = least
    while votes[greatest + 1] >= most - most // _STRAYS:  # some lines that go on end short of the width by chance
        greatest += 1
    sure = sum(strong for low, high, strong in voters if low <= least <= high)
    return (least, greatest) if sure * 5 >= most else None


def _continues(text: str, b: _Break) -> bool:
    """Whether a line that begins with a capital or a number goes on in lower case, as no list of names does."""
    return text[b.at + 1 + b.indent].islower() and not text[b.start : b.at].lstrip()[:1].islower()


def _beginnings(breaks: Sequence[_Break]) -> Iterator[int]:
    """Where the line that each break ends begins when what is known to be soft is joined."""
    begin, after, joined = 0, -1, False
    for b in breaks:
        if not (joined and b.start == after):
            begin = b.start
        yield begin
        after, joined = b.at + 1, b.wide


def _measure(breaks: Sequence[_Break], least: int, greatest: int) -> None:
    """Marks the line ends that a text of this width has where words did not fit.

    A line of the text may have been broken again at a lesser width, which was measured before.
    """
    shortest, longest = greatest - greatest // _NEAR, greatest + greatest // _OVER
    found: set[int] = set()
    for index, b in enumerate(breaks):
        first = index
        while not b.wide:
            length = b.at - breaks[first].start
            if length > longest:
                break
            b.near |= b.kind == LOWER and length >= shortest
            if least < length + b.need and length <= greatest:
                found.add(index)
                break
            before = breaks[first - 1]
            if first == 0 or before.at + 1 != breaks[first].start:
                break
            if not (before.wide or before.near or before.kind == SOFT) or first - 1 in found:
                break
            first -= 1
    for index in found:
        breaks[index].wide = True
