"""What a record carries within: a text in base64, a report in RTF, HTML or PDF, opened by its media type."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from leadterm.domain import InputError, Origin, ReadingNote

from . import pdf, rtf
from .limits import bounded, cut_short
from .markup import write_html
from .scribe import SINGLE, UTF_8, UTF_16, Scribe
from .text import marked_encoding

Opened = tuple[str, Origin | None, tuple[ReadingNote, ...]]
UNREADABLE = "LEADTERM:records/attachment"
UNSHOWN = ReadingNote("LEADTERM:records/unshown", "The page has words that it does not show; they were not read.")
NOTHING: Opened = ("", None, ())
_MEDIA = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,80}")
# A short text that is said to be base64 and does not come out even is none.
LEAST_CUT = 100
_BASE64 = re.compile(r"[A-Za-z0-9+/]*")
_BLANKS = re.compile(r"\s+")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_META = re.compile(rb"""<meta[^<>]{0,200}charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_HTML = re.compile(rb"\s*(?:<!doctype\s+html|<(?:html|head|body|div|p)\b)", re.IGNORECASE)
_WIDE = ("utf-16", "utf16", "utf-32", "utf32")


@dataclass(frozen=True, slots=True)
class Attachment:
    """Bytes within a record.

    Attributes:
        content: As they are once unpacked.
        media: Their media type, with its parameters (`text/plain; charset=utf-8`).
        place: Where in the record they stand.
        cut: Whether they stop before their end.
    """

    content: bytes
    media: str
    place: str
    cut: bool = False


def unpacked(text: str, media: str, place: str) -> Attachment:
    """What a base64 text holds, four characters for three bytes; nothing where it is none, which `opened` then says."""
    text = _BLANKS.sub("", text)
    cut = len(text) > LEAST_CUT and bool(len(text) % 4) and bool(_BASE64.fullmatch(text))
    # Of two or three characters one or two bytes can be told, of one none.
    if cut:
        text = text[:-1] if len(text) % 4 == 1 else text + "=" * (-len(text) % 4)
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    return Attachment(content, media, place, cut)


def opened(attachment: Attachment) -> Opened:
    """The text of an attachment, where it stood in it, and what is to be told of it."""
    media = attachment.media.partition(";")[0].strip().lower()
    opener = _opener(media, attachment.content)
    if not attachment.content:
        return _told("An attachment is empty or is no base64.")
    if opener is None:
        called = media if _MEDIA.fullmatch(media) else "of no known type"
        return _told(f"An attachment is {called}, which is not read.")
    try:
        text, origin, told = opener(attachment)
        return text, origin, (*told, cut_short("The base64 of an attachment")) if attachment.cut else told
    except InputError as error:
        return _told(str(error))


def read_html(raw: bytes, name: str) -> Opened:
    """The words of a file of HTML. Raises InputError for what is none, in a sentence."""
    return _markup(Attachment(bounded(raw, name), "text/html", ""))


def _told(message: str) -> Opened:
    return "", None, (ReadingNote(UNREADABLE, message),)


def _plain(attachment: Attachment) -> Opened:
    text, encoding, start, told = _decoded(attachment)
    scribe = Scribe()
    if encoding:
        scribe.copy(text, attachment.place, start, encoding)
    else:
        scribe.write(text, attachment.place, 0, 0)
    return scribe.text(), scribe.origin(), told


def _markup(attachment: Attachment) -> Opened:
    text, encoding, start, told = _decoded(attachment)
    scribe = Scribe()
    unshown = write_html(text, scribe, attachment.place, start, encoding)
    return scribe.text(), scribe.origin(), (*told, UNSHOWN) if unshown else told


def _decoded(attachment: Attachment) -> tuple[str, str | None, int, tuple[ReadingNote, ...]]:
    """The text; how its bytes count (None where a code point does not tell them); where it begins; what is to be told.

    By its mark, by the charset that its type or its markup names, else UTF-8.
    """
    raw = bounded(attachment.content, "The attachment")
    marked, mark = marked_encoding(raw)
    named, meta = _CHARSET.search(attachment.media), _META.search(raw[:1024])
    encoding = marked or (named[1] if named else meta[1].decode("ascii") if meta else "utf-8")
    if b"\0" in raw and not encoding.lower().startswith(_WIDE):
        raise InputError("An attachment is said to be text and is none.")
    try:
        return raw[len(mark) :].decode(encoding), _counting(encoding), len(mark), ()
    except (ValueError, LookupError):
        said = ReadingNote(
            UNREADABLE, "An attachment is not in the encoding that it names; it was read as windows-1252."
        )
        return raw.decode("cp1252", "replace"), SINGLE, 0, (said,)


def _counting(encoding: str) -> str | None:
    name = codecs.lookup(encoding).name
    if name == "utf-8":
        return UTF_8
    if name in ("utf-16-le", "utf-16-be"):
        return UTF_16
    return SINGLE if name.startswith(("ascii", "iso8859", "cp125", "mac", "koi8")) else None


def _rich(attachment: Attachment) -> Opened:
    return rtf.read(attachment.content, "The attachment", attachment.place)


def _printed(attachment: Attachment) -> Opened:
    return pdf.read_layer(attachment.content, "The attachment", f"{attachment.place}, ")


OPENERS: Mapping[str, Callable[[Attachment], Opened]] = {
    "text/plain": _plain,
    "text/html": _markup,
    "application/xhtml+xml": _markup,
    "application/xhtml": _markup,
    "text/rtf": _rich,
    "application/rtf": _rich,
    "application/msword": _rich,
    "application/pdf": _printed,
}
BEGINNINGS: Mapping[bytes, Callable[[Attachment], Opened]] = {b"{\\rtf": _rich, b"%PDF-": _printed}


def _opener(media: str, content: bytes) -> Callable[[Attachment], Opened] | None:
    """By its first bytes, where its type is wrong or absent; else by its type; plain text where none is."""
    marked = next((opener for mark, opener in BEGINNINGS.items() if content.lstrip().startswith(mark)), None)
    if marked or media in OPENERS:
        return marked or OPENERS[media]
    if _HTML.match(content[:200]):
        return _markup
    return None if media else _plain
