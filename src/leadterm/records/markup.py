"""XHTML and HTML as lines of text: blocks begin lines, cells of a row are parted by bars, items of lists are marked.

White space is markup here: a run of it within a line is one blank, but in preformatted text it stands as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from leadterm._xml import parse
from leadterm.domain import InputError
from leadterm.records.limits import MOST_DEPTH
from leadterm.records.scribe import SINGLE, UTF_8, UTF_16, Scribe

BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead tr ul".split()
)
CELLS = frozenset(("td", "th"))
# What is no narrative, and what was struck out of it.
SILENT = frozenset(("script", "style", "head", "template", "del", "s", "strike"))
# HTML closes one of these where another begins, and where what holds them ends.
CLOSED_BY_NEXT = frozenset("dd dt li option p td th tr".split())
HOLDERS = frozenset("article body div dl html ol section table tbody tfoot thead ul".split())
# HTML closes these by itself; they hold nothing.
EMPTY = frozenset("area base br col embed hr img input link meta param source track wbr".split())
NONE, CELL, LINE = range(3)
GAPS = {CELL: " | ", LINE: "\n"}
_RUN = re.compile(r"[ \t\r\n\f]+")
_REFERENCE = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_TOKEN = re.compile(
    rf"""(?P<tag></?[A-Za-z][^<>"']*(?:"[^"<]*"[^<>"']*|'[^'<]*'[^<>"']*){{0,500}}>)|(?P<opens><!--|<!|<\?)"""
    rf"""|(?P<reference>{_REFERENCE})|(?P<words>[^<&]+|[<&])""",
)
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
_ENDS = {"<!--": "-->", "<!": ">", "<?": ">"}
_ATTRIBUTE = re.compile(r"""\s([A-Za-z-]+)(?:\s*=\s*(?:"([^"<]*)"|'([^'<]*)'|([^\s"'<>]+)))?""")
_MAY_HIDE = re.compile(r"\s(?:style|hidden)\b", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration[a-z-]*\s*:[^;]*line-through", re.IGNORECASE)
_UNSHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Lines:
    """Writes words with a scribe, parted as their elements part them."""

    def __init__(self, scribe: Scribe, place: str) -> None:
        self._scribe, self._place = scribe, place
        self._gap = NONE
        self._marker = ""
        self._pending: tuple[int, int] | None = None
        self._begun = False
        self._silent = 0
        self._kept = 0
        self._lists: list[int | None] = []
        self._shut = ""
        self._within = self._held = 0
        self._struck = False
        self.unshown = False
        """Whether words were left out that a reader of the page would not see."""

    def start(self, name: str, attributes: Mapping[str, str] = MappingProxyType({})) -> None:
        """An element opens."""
        self._shuts(name, attributes)
        self._silent += name in SILENT
        self._kept += name == "pre"
        if name in ("ol", "ul"):
            self._lists.append(0 if name == "ol" else None)
        self._part(name)
        if name == "li":
            self._marker = "" if self._shut else self._next_marker()

    def end(self, name: str) -> None:
        """An element closes."""
        if self._shut:
            self._opens(name)
        self._silent -= name in SILENT and self._silent > 0
        self._kept -= name == "pre" and self._kept > 0
        if name in ("ol", "ul") and self._lists:
            self._lists.pop()
        self._part(name)

    def words(self, text: str, at: int = 0, encoding: str | None = None) -> None:
        """Words as they stand at a byte of the source; without an encoding the place alone tells where."""
        if self._silent or self._shut:
            self.unshown |= bool(self._shut and not self._struck and text.strip())
            return
        if self._kept:
            self._write(text, at, encoding)
            return
        done = 0
        for run in _RUN.finditer(text):
            at = self._piece(text[done : run.start()], at, encoding)
            self.blank(run[0], at, encoding)
            at += _size(run[0], encoding)
            done = run.end()
        self._piece(text[done:], at, encoding)

    def blank(self, run: str, at: int = 0, encoding: str | None = None) -> None:
        """A run of white space (or what stands for it): one blank, where words of the same line follow."""
        if not self._pending and not self._silent and not self._shut:
            self._pending = (at, _size(run, encoding))

    def one(self, text: str, at: int, width: int) -> None:
        """A code point (or a pair) that is written as a reference of so many bytes."""
        if not self._silent and not self._shut:
            self._fill()
            self._scribe.write(text[:1], self._place, at, width)
            if text[1:]:
                self._scribe.put(text[1:])

    def _shuts(self, name: str, attributes: Mapping[str, str]) -> None:
        """Notes an element that is struck out or not shown; nothing within it is read."""
        if self._shut == name and name in CLOSED_BY_NEXT and not self._held:
            self._shut = ""
        if self._shut:
            self._within += name == self._shut
            self._held += name in HOLDERS
        elif attributes and name not in EMPTY:
            style = attributes.get("style", "")
            self._struck = bool(_STRUCK.search(style))
            unseen = self._struck or "hidden" in attributes or bool(_UNSHOWN.search(style))
            self._shut, self._within, self._held = name if unseen else "", 1, 0

    def _opens(self, name: str) -> None:
        """Notes the end of an element within one that is struck out or not shown, or of that itself."""
        self._within -= name == self._shut
        left = name in HOLDERS and not self._held and self._shut in CLOSED_BY_NEXT
        self._held -= name in HOLDERS and self._held > 0
        if not self._within or left:
            self._shut = ""

    def _piece(self, text: str, at: int, encoding: str | None) -> int:
        if text:
            self._write(text, at, encoding)
        return at + _size(text, encoding)

    def _write(self, text: str, at: int, encoding: str | None) -> None:
        self._fill()
        if encoding:
            self._scribe.copy(text, self._place, at, encoding)
        else:
            self._scribe.write(text, self._place, 0, 0)

    def _part(self, name: str) -> None:
        if name in BLOCKS:
            self._gap = LINE
        elif name in CELLS:
            self._gap = max(self._gap, CELL)

    def _fill(self) -> None:
        if self._gap:
            if len(self._scribe) and self._scribe.tail != "\n":
                self._scribe.put(GAPS[self._gap])
        elif self._pending and self._begun:
            self._scribe.write(" ", self._place, *self._pending)
        if self._marker:
            self._scribe.put(self._marker)
        self._gap, self._marker, self._pending, self._begun = NONE, "", None, True

    def _next_marker(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "- "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "


def write_xhtml(text: str, scribe: Scribe, place: str) -> bool:
    """Whether a `div` of narrative was well-formed XHTML; written it is in either case, as HTML where it was not."""
    raw = text.encode("utf-8", "surrogatepass")
    try:
        # Once to see that it is whole: what were kept of it meanwhile may be many times its size.
        parse(raw, _Seen(), "narrative", MOST_DEPTH)
    except InputError:
        write_html(text, scribe, place)
        return False
    parse(raw, _Written(Lines(scribe, place)), "narrative", MOST_DEPTH)
    return True


def write_html(text: str, scribe: Scribe, place: str, at: int = 0, encoding: str | None = None) -> bool:
    """Whether words were left out that the page does not show; the others are written.

    Each bears its bytes where the encoding is given.
    """
    lines = Lines(scribe, place)
    for kind, token in _tokens(text):
        if kind == "tag":
            _tag(lines, token)
        elif kind == "reference":
            meant = html.unescape(token)
            if meant == "\xa0":
                lines.blank(token, at, encoding)
            elif encoding and meant != token:
                lines.one(meant, at, _size(token, encoding))
            else:
                lines.words(meant, at, encoding)
        elif kind == "words":
            lines.words(token, at, encoding)
        at += _size(token, encoding)
    return lines.unshown


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Tags, references, words and what is passed over, in order: together they are the text."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:  # pragma: no cover - every character begins a token
            return
        kind, end = found.lastgroup or "words", found.end()
        if kind == "opens":
            close = text.find(_ENDS[found[0]], end)
            end = len(text) if close < 0 else close + len(_ENDS[found[0]])
        name = _NAME.match(found[0]) if kind == "tag" else None
        yield kind, text[at:end]
        at = end
        if name and name[1].lower() in ("script", "style") and not found[0].startswith("</"):
            # Their content is no markup: it ends where their end tag stands.
            close = _closing(text, at, name[1].lower())
            yield "opens", text[at:close]
            at = close


def _closing(text: str, at: int, name: str) -> int:
    found = re.compile(f"</{name}", re.IGNORECASE).search(text, at)
    return found.start() if found else len(text)


def _tag(lines: Lines, token: str) -> None:
    found = _NAME.match(token)
    name = found[1].lower() if found else ""
    if token.startswith("</"):
        lines.end(name)
        return
    told = _ATTRIBUTE.findall(token) if _MAY_HIDE.search(token) else ()
    lines.start(name, {attribute.lower(): "".join(values) for attribute, *values in told})
    if name in EMPTY or token.endswith("/>"):
        lines.end(name)


def _size(text: str, encoding: str | None) -> int:
    if encoding is None:
        return 0
    if encoding == SINGLE or (encoding == UTF_8 and text.isascii()):
        return len(text)
    return len(text.encode("utf-16-le" if encoding == UTF_16 else "utf-8", "surrogatepass"))


class _Seen:
    """Takes the events of the XML door and does nothing."""

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        """An element opens."""

    def end(self, name: str, at: int) -> None:
        """An element closes."""

    def text(self, text: str, at: int) -> None:
        """A piece of text."""


class _Written(_Seen):
    """Sends the events on to the lines."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        self._lines.start(_local(name), attributes)

    def end(self, name: str, at: int) -> None:
        self._lines.end(_local(name))

    def text(self, text: str, at: int) -> None:
        self._lines.words(text.replace("\xa0", " "))


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
