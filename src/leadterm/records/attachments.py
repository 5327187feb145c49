"""What a record carries within: a text in base64, a report in RTF, HTML or PDF, opened by its media type."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from leadterm.domain import InputError, Origin, ReadingNote

from . import pdf, rtf
from .limits import bounded
from .scribe import SINGLE, UTF_8, Scribe

Opened = tuple[str, Origin | None, tuple[ReadingNote, ...]]
UNREADABLE = "LEADTERM:records/attachment"
NOTHING: Opened = ("", None, ())
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Attachment:
    """Bytes within a record.

    Attributes:
        content: As they are once unpacked.
        media: Their media type, with its parameters (`text/plain; charset=utf-8`).
        place: Where in the record they stand.
    """

    content: bytes
    media: str
    place: str


def unpacked(text: str, media: str, place: str) -> Attachment:
    """What a base64 text holds; nothing where it is none, which `opened` then says."""
    try:
        content = base64.b64decode(_BLANKS.sub("", text), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    return Attachment(content, media, place)


def opened(attachment: Attachment) -> Opened:
    """The text of an attachment, where it stood in it, and what is to be told of it."""
    media = attachment.media.partition(";")[0].strip().lower()
    opener = OPENERS.get(media) or _by_beginning(attachment.content)
    if not attachment.content:
        return _told("An attachment is empty or is no base64.")
    if opener is None:
        return _told(f"An attachment is {media or 'of no told type'}, which is not read.")
    try:
        return opener(attachment)
    except InputError as error:
        return _told(str(error))


def _told(message: str) -> Opened:
    return "", None, (ReadingNote(UNREADABLE, message),)


def _plain(attachment: Attachment) -> Opened:
    raw = bounded(attachment.content, "The attachment")
    try:
        text, encoding = raw.decode("utf-8"), UTF_8
    except UnicodeDecodeError:
        text, encoding = raw.decode("cp1252", "replace"), SINGLE
    scribe = Scribe()
    scribe.copy(text, attachment.place, 0, encoding)
    return scribe.text(), scribe.origin(), ()


def _rich(attachment: Attachment) -> Opened:
    text, origin = rtf.read(attachment.content, "The attachment", attachment.place)
    return text, origin, ()


def _printed(attachment: Attachment) -> Opened:
    return pdf.read_layer(attachment.content, "The attachment", f"{attachment.place}, ")


OPENERS: Mapping[str, Callable[[Attachment], Opened]] = {
    "text/plain": _plain,
    "text/rtf": _rich,
    "application/rtf": _rich,
    "application/msword": _rich,
    "application/pdf": _printed,
}
BEGINNINGS: Mapping[bytes, Callable[[Attachment], Opened]] = {b"{\\rtf": _rich, b"%PDF-": _printed}


def _by_beginning(content: bytes) -> Callable[[Attachment], Opened] | None:
    """By its first bytes, for whoever names no type or a wrong one."""
    return next((opener for mark, opener in BEGINNINGS.items() if content.lstrip().startswith(mark)), None)
