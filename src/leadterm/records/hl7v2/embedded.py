"""What OBX-5 carries within (ED): unpacked, with its media type, and opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from leadterm.domain import InputError, Origin, ReadingNote, RecordedCode
from leadterm.records import ccda
from leadterm.records.attachments import UNREADABLE, Attachment, opened, unpacked

from .escapes import unescaped
from .segments import Piece
from .tables import rows

Within = tuple[str, Origin | None, tuple[RecordedCode, ...], tuple[ReadingNote, ...]]
"""The text of what is within, where it stood, the codes that it bears, and what is to be told of it."""

_CLINICAL = re.compile(rb"<(?:\w{1,20}:)?ClinicalDocument\b")
_HEAD = 4096
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")


def attachment(repetitions: Iterator[Piece]) -> Attachment:
    """What an ED value carries, which may go on over repetitions; there is at least one."""
    head = next(repetitions)
    kind, subtype, encoding = (head.component(n).text.strip().lower() for n in (2, 3, 4))
    data = head.component(5).text + "".join(map(_further, repetitions))
    place, media = f"{head.place}.5", _media(kind, subtype)
    if encoding == "base64":
        return unpacked(data, media, place)
    return Attachment(_bytes(data, encoding, head), media, place)


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


def _bytes(data: str, encoding: str, head: Piece) -> bytes:
    if encoding == "hex":
        try:
            return bytes.fromhex(data)
        except ValueError:
            return b""
    writing = head.segment.writing
    return unescaped(data, writing.delimiters, writing.codec).encode("utf-8", "replace")


def _media(kind: str, subtype: str) -> str:
    """The media type by subtype and type, as tables have them or as they are; nothing where neither tells."""
    told = f"{kind}/{subtype}"
    known = (_types().get(word) or (word if _MEDIA_TYPE.fullmatch(word) else None) for word in (subtype, kind))
    return next(filter(None, known), told if _MEDIA_TYPE.fullmatch(told) else "")


@cache
def _types() -> dict[str, str]:
    return {row["word"]: row["media"] for row in rows("media.tsv")}
