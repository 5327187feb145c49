"""Rich Text Format (1.9.1): its words, each with the bytes where it stands; no pictures, fonts, deleted text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from leadterm.domain import InputError, Origin, ReadingNote
from leadterm.records.limits import MOST_DEPTH, bounded, cut_short
from leadterm.records.scribe import Scribe

__all__ = ["read"]

_TOKEN = re.compile(
    rb"(?P<open>\{)|(?P<close>\})|\\(?:(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|'(?P<hex>[0-9a-fA-F]{2})"
    rb"|(?P<symbol>[^a-zA-Z']))|(?P<end>[\r\n]+)|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)
# Destinations without words of the document; a header or footer of a page repeats what is no narrative.
SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object objdata listtable listoverridetable rsidtbl generator themedata "
    b"colorschememapping latentstyles datastore xmlnstbl fldinst filetbl revtbl header footer headerl headerr headerf "
    b"footerl footerr footerf ftnsep ftnsepc ftncn private1 nonshppict template passwordhash bkmkstart bkmkend".split()
)
# Control words that stand for characters of the source, and those that begin a line or a cell.
CHARACTERS = {
    b"tab": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"bullet": "•",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"emspace": " ",
    b"enspace": " ",
    b"line": "\n",
    b"par": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"row": "\n",
    b"cell": " | ",
}
SYMBOLS = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
CODE_PAGES = {b"ansi": "cp1252", b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits: whether its text is left out, how many bytes follow a `\\u`, its code page."""

    silent: bool = False
    after: int = 1
    page: str = "cp1252"


def read(raw: bytes, name: str, place: str = "") -> tuple[str, Origin, tuple[ReadingNote, ...]]:
    """The text of an RTF file, where it stood (bytes of the file, beside `place`), and what is to be told of it.

    Raises InputError for what is no RTF, nests too deeply or is too large.
    """
    if not bounded(raw, name).lstrip().startswith(b"{\\rtf"):
        raise InputError(f"{name} is no RTF: it does not begin with {{\\rtf.")
    reader = _Reader(raw, name, place)
    reader.run()
    told = (cut_short("The RTF"),) if reader.is_open else ()
    return reader.scribe.text(), reader.scribe.origin(), told


class _Reader:
    def __init__(self, raw: bytes, name: str, place: str) -> None:
        self.scribe = Scribe()
        self._raw, self._name, self._place = raw, name, place
        self._states: list[_State] = []
        self._state = _State()
        self._end = 0  # where the last token ends
        self._skip = 0  # characters that stand in the place of a Unicode one, for readers that know none
        self._fresh = False  # whether a group has just been opened
        self._high: tuple[int, int] | None = None  # half of a character of two code units, and its byte

    @property
    def is_open(self) -> bool:
        """Whether groups are left that nothing closed, or bytes are told of that are not there."""
        return bool(self._states) or self._end > len(self._raw)

    def run(self) -> None:
        """Nothing; everything is written."""
        for found in self._tokens():
            kind = found.lastgroup
            if found["word"]:
                self._word(found)
            elif found["hex"]:
                self._byte(found)
            elif found["symbol"]:
                self._symbol(found)
            elif kind == "text":
                self._text(found[0], found.start())
            elif kind == "open":
                self._open()
            elif kind == "close" and self._states:
                self._state = self._states.pop()
            self._fresh = kind == "open"

    def _tokens(self) -> Iterator[re.Match[bytes]]:
        at = 0
        while found := _TOKEN.match(self._raw, at):
            at = found.end()
            if found["word"] == b"bin":  # so many bytes follow that are no RTF
                at = self._end = at + max(int(found["number"] or 0), 0)
            else:
                yield found

    def _open(self) -> None:
        self._states.append(self._state)
        if len(self._states) > MOST_DEPTH:
            raise InputError(f"{self._name} nests more than {MOST_DEPTH} groups.")

    def _word(self, found: re.Match[bytes]) -> None:
        word, number = found["word"], found["number"]
        if word in SKIPPED or (word in (b"v", b"deleted") and number != b"0"):
            self._state = replace(self._state, silent=True)
        elif word in (b"v", b"deleted"):
            self._state = replace(self._state, silent=False)
        elif word == b"u" and number:
            self._unicode(int(number), found.start(), found.end())
        elif word == b"uc" and number:
            self._state = replace(self._state, after=min(max(int(number), 0), 9))
        elif word == b"ansicpg" and number:
            self._state = replace(self._state, page=_page(f"cp{int(number)}"))
        elif word in CODE_PAGES:
            self._state = replace(self._state, page=CODE_PAGES[word])
        elif word in CHARACTERS:
            self._character(CHARACTERS[word], found.start(), found.end())

    def _symbol(self, found: re.Match[bytes]) -> None:
        symbol = found["symbol"]
        if symbol == b"*" and self._fresh:
            self._state = replace(self._state, silent=True)
        elif symbol in SYMBOLS:
            self._character(SYMBOLS[symbol], found.start(), found.end())

    def _byte(self, found: re.Match[bytes]) -> None:
        if self._skip:
            self._skip -= 1
            return
        self._character(bytes([int(found["hex"], 16)]).decode(self._state.page, "replace"), found.start(), found.end())

    def _unicode(self, number: int, at: int, end: int) -> None:
        unit = number & 0xFFFF
        self._skip = self._state.after
        if 0xD800 <= unit < 0xDC00:
            self._high = (unit, at)
            return
        if 0xDC00 <= unit < 0xE000 and self._high:
            high, at = self._high
            unit = 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00)
        self._high = None
        self._put("\ufffd" if 0xD800 <= unit < 0xE000 else chr(unit), at, end)

    def _character(self, text: str, at: int, end: int) -> None:
        self._skip = 0
        self._put(text, at, end)

    def _text(self, raw: bytes, at: int) -> None:
        skipped = min(self._skip, len(raw))
        self._skip -= skipped
        raw = raw[skipped:]
        if raw and not self._state.silent:
            text = raw.decode(self._state.page, "replace")
            self.scribe.write(text, self._place, at + skipped, 1 if len(text) == len(raw) else 0)

    def _put(self, text: str, at: int, end: int) -> None:
        if self._state.silent:
            return
        if len(text) == 1:
            self.scribe.write(text, self._place, at, end - at)
        else:
            self.scribe.put(text)


def _page(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name
