"""What is attached to a resource: bytes of a media type, as text with its origin."""

from __future__ import annotations

import base64
import codecs
import re
from dataclasses import dataclass

from leadterm.domain import Origin, ReadingNote
from leadterm.records.scribe import SINGLE, UTF_8, UTF_16, Scribe
from leadterm.records.text import marked_encoding

from .markup import write_html
from .notes import note

# How well a form of a document reads: of several of the same document, the first.
PLAIN, MARKUP = "text/plain", ("application/xhtml+xml", "application/xhtml", "text/html", "text/xhtml")
ORDER = (PLAIN, *MARKUP, "application/xml", "text/xml", "text/rtf", "application/rtf", "application/pdf")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_META = re.compile(rb"""<meta[^<>]{0,200}charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_BLANK = re.compile(r"\s+")
_HTML = re.compile(rb"\s*(<!doctype\s+html|<html\b|<div\b|<p\b|<body\b)", re.IGNORECASE)
_OTHERS = ((b"%PDF-", "application/pdf"), (b"{\\rtf", "text/rtf"))
_FALLBACK = "windows-1252"


@dataclass(slots=True)
class Content:
    """What an attachment holds.

    Attributes:
        text, origin: Of what could be read; None of what could not.
        note: What is to be told.
    """

    text: str | None = None
    origin: Origin | None = None
    note: ReadingNote | None = None


def media_of(written: str | None) -> str:
    """The media type without its parameters; empty where none is named."""
    return (written or "").partition(";")[0].strip().lower()


def rank(media: str | None) -> int:
    """How well a form reads, lower is better."""
    name = media_of(media)
    return ORDER.index(name) if name in ORDER else len(ORDER) - (not name)


def decoded(data: str) -> bytes | None:
    """The bytes that base64 writes; None where it is none."""
    try:
        return base64.b64decode(_BLANK.sub("", data), validate=True)
    except ValueError:
        return None


def content(raw: bytes, media: str | None, place: str, what: str) -> Content:
    """The text of an attachment: plain text and HTML; a note for what is neither.

    Args:
        raw: Its bytes; offsets of the origin count from the first of them.
        media: Its media type as the record names it, with its charset.
        place: Where it stands.
        what: The kind of resource it is attached to, for notes.
    """
    kind = _kind(raw, media)
    if kind != PLAIN and kind not in MARKUP:
        return Content(note=note("fhir-unread", what))
    text, encoding, mark, said = _text(raw, media, what)
    if text is None:
        return Content(note=said)
    scribe = Scribe()
    if kind == PLAIN:
        if encoding:
            scribe.copy(text, place, mark, encoding)
        else:
            scribe.write(text, place, 0, 0)
    else:
        write_html(text, scribe, place, mark, encoding)
    return Content(scribe.text(), scribe.origin(), said)


def _kind(raw: bytes, media: str | None) -> str:
    """What it is: what begins like another format is that, else what it is said to be, else plain text."""
    for start, kind in _OTHERS:
        if raw.startswith(start):
            return kind
    named = media_of(media)
    looks = bool(_HTML.match(raw[:200]))
    if named in ("application/xml", "text/xml", "") and looks:
        return MARKUP[0]
    return named or PLAIN


def _text(raw: bytes, media: str | None, what: str) -> tuple[str | None, str | None, int, ReadingNote | None]:
    """The text, how its bytes count (None where they do not), where it begins, and what is to be told."""
    marked, mark = marked_encoding(raw)
    named = _CHARSET.search(media or "")
    meta = None if named else _META.search(raw[:1024])
    declared = named[1] if named else meta[1].decode("ascii") if meta else "utf-8"
    encoding = marked or declared
    if marked is None and b"\0" in raw and not encoding.lower().startswith(("utf-16", "utf16", "utf-32", "utf32")):
        return None, None, 0, note("fhir-unread", what)
    try:
        return raw[len(mark) :].decode(encoding), _counting(encoding), len(mark), None
    except (UnicodeError, LookupError, ValueError):
        return raw.decode(_FALLBACK, "replace"), SINGLE, 0, note("fhir-charset", what)


def _counting(encoding: str) -> str | None:
    """How many bytes a code point takes in an encoding; None where that cannot be told of the code point alone."""
    name = codecs.lookup(encoding).name
    if name in ("utf-8", "utf-8-sig"):
        return UTF_8
    if name in ("utf-16-le", "utf-16-be"):
        return UTF_16
    single = name.startswith(("iso8859", "cp125", "ascii", "latin", "mac", "koi8"))
    return SINGLE if single else None
