"""What kind of file this is, told from its first characters rather than from its name."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePath

from .table import is_table


class Format(StrEnum):
    """The formats that are told apart."""

    TEXT = "text"
    JSON = "JSON"
    JSONL = "jsonl"
    XML = "XML (C-CDA)"
    HL7V2 = "HL7 v2"
    PDF = "PDF"
    RTF = "RTF"
    X12 = "X12"
    FHIR = "FHIR"
    TABLE = "table"
    HTML = "HTML"
    PICTURE = "picture"
    ARCHIVE = "archive"
    OFFICE = "office document"


_STARTS = (
    (re.compile(r"%PDF-"), Format.PDF),
    (re.compile(r"\{\\rtf"), Format.RTF),
    # A message, or a batch or file of them.
    (re.compile(r"(MSH|BHS|FHS)[^\w\s]"), Format.HL7V2),
    # The fourth character is the element separator that the sender chose.
    (re.compile(r"ISA[^\w\s]\d\d"), Format.X12),
    (re.compile(r"(?i)<!doctype html|<html\b"), Format.HTML),
    (
        re.compile(
            r"<\?xml|<!--|<!DOCTYPE\s+(?!(?i:html)\b)|<(\w+:)?(ClinicalDocument|component|structuredBody|section)\b"
        ),
        Format.XML,
    ),
)
# Bytes that are no text, as they stand where they are read as one: what does not fit is U+FFFD.
_BYTES = (
    (re.compile("PK\x03\x04|PK\x05\x06|\x1f\ufffd\x08"), Format.ARCHIVE),
    (re.compile("\ufffdPNG\r\n|II\\*\x00|MM\x00\\*|\ufffd{3,4}\x00.(?:JFIF|Exif)", re.DOTALL), Format.PICTURE),
    (re.compile("\ufffd\ufffd\x11\u0871"), Format.OFFICE),
)
_RESOURCE = re.compile(r"""\s*[\[{].{0,4000}?"resourceType"\s*:""", re.DOTALL)
_NAMES = {
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".json": Format.JSON,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".csv": Format.TABLE,
    ".tsv": Format.TABLE,
}


def named(name: str) -> Format | None:
    """The format that a file's name promises; None where it promises none."""
    return _NAMES.get(PurePath(name).suffix.lower())


def detect(head: str, name: str) -> Format:
    """The format of a file that begins with `head`: what starts like another format is that, else its name decides."""
    # HL7's transport puts a vertical tab before a message.
    start = head.lstrip("\ufeff \t\r\n\v")
    for mark, found in _STARTS + _BYTES:
        if mark.match(start):
            return found
    if _RESOURCE.match(start):
        return Format.FHIR
    return named(name) or _nameless(start, PurePath(name).suffix)


def _nameless(start: str, suffix: str) -> Format:
    """Of what its name tells nothing; a note in a file of text is never a table, whatever stands in its first line."""
    if start.startswith("{") and '"' in start[:200]:
        return Format.JSON
    return Format.TABLE if not suffix and is_table(start) else Format.TEXT
