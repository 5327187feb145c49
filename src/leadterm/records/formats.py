"""What kind of file this is, told from its first characters rather than from its name."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """The formats that are told apart; `READ` names those that this version reads."""

    TEXT = "text"
    JSON = "JSON"
    JSONL = "jsonl"
    XML = "XML (C-CDA)"
    HL7V2 = "HL7 v2"
    PDF = "PDF"
    RTF = "RTF"
    X12 = "X12"


READ = frozenset({Format.TEXT, Format.JSON, Format.JSONL})
_STARTS = (("%PDF-", Format.PDF), ("{\\rtf", Format.RTF), ("MSH|", Format.HL7V2), ("ISA*", Format.X12))


def detect(head: str, name: str) -> Format:
    """The format of a file that begins with `head`; a name in .jsonl or .ndjson decides between JSON and jsonl."""
    start = head.lstrip("\ufeff \t\r\n")
    for mark, found in _STARTS:
        if start.startswith(mark):
            return found
    if start.startswith(("<?xml", "<ClinicalDocument")):
        return Format.XML
    if name.lower().endswith((".jsonl", ".ndjson")):
        return Format.JSONL
    return Format.JSON if start.startswith("{") and '"' in start[:200] else Format.TEXT
