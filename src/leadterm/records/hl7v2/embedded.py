"""What OBX-5 carries within: as ED or, by its first characters, as text; put together of its parts, and opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from leadterm.domain import InputError, Origin, ReadingNote, RecordedCode
from leadterm.records import ccda
from leadterm.records.attachments import LEAST_CUT, UNREADABLE, Attachment, opened, unpacked

from .escapes import unescaped
from .segments import Piece, Segment, Writing
from .tables import rows

Within = tuple[str, Origin | None, tuple[RecordedCode, ...], tuple[ReadingNote, ...]]
"""The text of what is within, where it stood, the codes that it bears, and what is to be told of it."""

_CLINICAL = re.compile(rb"<(?:\w{1,20}:)?ClinicalDocument\b")
_HEAD = 4096
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
BEGINNING = 200
# What base64 of a PDF, an RTF, an archive or a picture begins with.
BEGINNINGS = ("JVBERi0", "e1xydG", "UEsDB", "SUkq", "TU0A", "/9j/", "iVBORw0KG", "R0lGOD")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*=*\s*")
TEXT = "text"
_UNSPACED = re.compile(r"[A-Za-z0-9+/]+=*")
_PADDED = re.compile(r"[^=]+=*")
_ED = re.compile(r"[^^]*\^[^^]*\^[^^]*\^base64\^", re.IGNORECASE)
# What a text that is no plain one begins with; what opens and closes its groups.
TEXTS: Mapping[str, str] = {"{\\rtf": "text/rtf", "<html": "text/html", "<!doctype html": "text/html"}
CLOSED: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "text/rtf": (re.compile(r"(?<!\\)\{"), re.compile(r"(?<!\\)\}")),
    "text/html": (re.compile(r"<html\b", re.IGNORECASE), re.compile(r"</html\b", re.IGNORECASE)),
}


@dataclass(slots=True)
class Carried:
    """What one or several OBX carry.

    Attributes:
        observed: What is observed (OBX-3), and its type of data.
        media, encoding: Its media type; `base64`, `hex`, or how else it is written.
        place: Where it begins.
        writing: How its message is written.
        data: Its parts, as they are written.
    """

    observed: tuple[str, str]
    media: str
    encoding: str
    place: str
    writing: Writing
    data: list[str] = field(default_factory=list)
    _left: int = 0

    def add(self, data: str) -> None:
        """A further part."""
        self.data.append(data)
        if self.encoding == TEXT:
            self._left += _unclosed(self.media, self._plain(data))

    def takes(self, other: Carried) -> bool:
        """Whether another one goes on with it: of the same observation, and no beginning of its own."""
        same = (self.observed, self.media, self.encoding) == (other.observed, other.media, other.encoding)
        return same and self._packed and self._begins and not other._begins

    def lacks(self, obx: Segment) -> bool:
        """Whether it is a text that is not closed, or base64 that has no end, and an OBX goes on with it."""
        if self.observed != observed(obx):
            return False
        if self.encoding == TEXT:
            return self._left > 0
        return not self.media and not self.data[-1].endswith("=") and bool(_UNSPACED.fullmatch(obx.raw(5)))

    def go_on(self, obx: Segment) -> None:
        """What such an OBX adds."""
        self.add(obx.raw(5) if self._packed else "\n" + _lines(obx))

    def attachment(self) -> Attachment:
        """It, unpacked."""
        if self._packed:
            return self._unpacked()
        return Attachment(_bytes("".join(self.data), self.encoding, self.writing), self.media, self.place)

    def _unpacked(self) -> Attachment:
        data = "".join(self.data)
        # Parts that were packed each by itself end in signs of their own.
        parts = _PADDED.findall(data) if len(self.data) > 1 else []
        found = [unpacked(part, self.media, self.place) for part in (parts or [data])]
        return replace(found[-1], content=b"".join(one.content for one in found))

    @property
    def _packed(self) -> bool:
        return self.encoding == "base64"

    @property
    def _begins(self) -> bool:
        return self.data[0].lstrip().startswith(BEGINNINGS)

    def _plain(self, data: str) -> str:
        return unescaped(data, self.writing.delimiters, self.writing.codec)


def carried(obx: Segment) -> Carried:
    """What an ED value carries, which may go on over repetitions."""
    repetitions = obx.pieces(5)
    head = next(repetitions)
    kind, subtype, encoding = (head.component(n).text.strip().lower() for n in (2, 3, 4))
    found = Carried(observed(obx), _media(kind, subtype), encoding, f"{head.place}.5", obx.writing)
    found.add(head.component(5).text + "".join(map(_further, repetitions)))
    return found


def disguised(obx: Segment) -> Carried | None:
    """What a value of another type carries all the same: ED under a wrong name, base64, RTF, a page of HTML."""
    text, separator = obx.raw(5), obx.writing.delimiters.component
    beginning = text[:BEGINNING].lstrip()
    if separator and separator in beginning and _ED.match(beginning.replace(separator, "^")):
        return carried(obx)
    if beginning.startswith(BEGINNINGS) and len(text) > LEAST_CUT and _BASE64.fullmatch(text):
        return _written(obx, "", "base64", text)
    if not beginning.startswith(("{", "<")):
        return None
    plain = unescaped(beginning, obx.writing.delimiters, obx.writing.codec).lower()
    media = next((media for mark, media in TEXTS.items() if plain.startswith(mark)), None)
    return _written(obx, media, TEXT, _lines(obx)) if media else None


def _written(obx: Segment, media: str, encoding: str, data: str) -> Carried:
    found = Carried(observed(obx), media, encoding, f"{obx.place}-5[1]", obx.writing)
    found.add(data)
    return found


def observed(obx: Segment) -> tuple[str, str]:
    """What tells the observation of an OBX: OBX-3, OBX-2."""
    return obx.raw(3), obx.raw(2)


def _lines(obx: Segment) -> str:
    return "\n".join(piece.text for piece in obx.pieces(5))


def _unclosed(media: str, text: str) -> int:
    """How many groups or pages it opens more than it closes."""
    if media not in CLOSED:
        return 0
    opened_, closed = CLOSED[media]
    return len(opened_.findall(text)) - len(closed.findall(text))


def within(carried: Attachment) -> Within:
    """What it holds: a C-CDA document with its codes, or the text of whatever else can be opened."""
    if not _CLINICAL.search(carried.content, 0, _HEAD):
        text, origin, told = opened(carried)
        return text, origin, (), told
    try:
        (found,) = ccda.read(carried.content, "An attachment", "attachment")
    except InputError as error:
        return "", None, (), (ReadingNote(UNREADABLE, str(error)),)
    # The evidence of its codes quotes a document that has another id here.
    codes = tuple(replace(code, evidence=None, source=f"{carried.place}, {code.source}") for code in found.codes)
    main = next(iter(found.documents), None)
    return main.text if main else "", main.origin if main else None, codes, found.notes


def _further(piece: Piece) -> str:
    """The data of a repetition that goes on: its fifth component, or all of it where it has no components."""
    separator = piece.segment.writing.delimiters.component
    return piece.component(5).text if separator and separator in piece.text else piece.text


def _bytes(data: str, encoding: str, writing: Writing) -> bytes:
    if encoding == "hex":
        try:
            return bytes.fromhex(data)
        except ValueError:
            return b""
    return unescaped(data, writing.delimiters, writing.codec).encode("utf-8", "replace")


def _media(kind: str, subtype: str) -> str:
    """The media type by subtype and type, as tables have them or as they are; nothing where neither tells."""
    told = f"{kind}/{subtype}"
    known = (_types().get(word) or (word if _MEDIA_TYPE.fullmatch(word) else None) for word in (subtype, kind))
    return next(filter(None, known), told if _MEDIA_TYPE.fullmatch(told) else "")


@cache
def _types() -> dict[str, str]:
    return {row["word"]: row["media"] for row in rows("media.tsv")}
