"""What kind of file it is: by its first characters, then by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadterm.records import Format
from leadterm.records.formats import detect
from leadterm.records.text import beginning

TEXT, JSON, JSONL = Format.TEXT, Format.JSON, Format.JSONL
HEADS = [
    ("CHIEF COMPLAINT\n", "note.txt", TEXT),
    ("CHIEF COMPLAINT\n", "note", TEXT),
    ("", "note.txt", TEXT),
    ("{ braces } in a text", "note.txt", TEXT),
    ("MSH is a joint", "note.txt", TEXT),
    ("ISA 100 was given", "note.txt", TEXT),
    ("ISABEL came in", "note.txt", TEXT),
    ("<2 weeks of cough", "note.txt", TEXT),
    ("% of stenosis", "note.txt", TEXT),
    ('\n {"id": 1}', "chart", JSON),
    ("\ufeff{\n", "chart.json", JSON),
    ("text", "chart.JSON", JSON),
    ('{"id": 1}', "charts.jsonl", JSONL),
    ('{"id": 1}', "charts.NDJSON", JSONL),
    ("text", "charts.jsonl", JSONL),
    ("%PDF-1.7", "note.txt", Format.PDF),
    ("{\\rtf1", "note.txt", Format.RTF),
    ("\vMSH|^~\\&|", "note.txt", Format.HL7V2),
    ("FHS|^~\\&|", "batch.txt", Format.HL7V2),
    ("BHS|^~\\&|", "batch.txt", Format.HL7V2),
    ("ISA*00*", "claim.txt", Format.X12),
    ("\r\nISA~00~", "claim.json", Format.X12),
    ("<?xml version='1.0'?>", "note.txt", Format.XML),
    ('<ClinicalDocument xmlns="urn:hl7-org:v3">', "note.txt", Format.XML),
    ("<n1:ClinicalDocument ", "note.txt", Format.XML),
    ("<section>\n<title>", "part.txt", Format.XML),
    ("<!-- a part --><component>", "part.txt", Format.XML),
    ("<!DOCTYPE html>\n<html>", "note.txt", Format.HTML),
    ("<html lang='en'>", "note", Format.HTML),
    ("a part of a page", "note.htm", Format.HTML),
    ("PK\x03\x04", "charts.txt", Format.ARCHIVE),
    ("anything", "visits.csv", Format.TABLE),
    ("Visit ID\tNote\n", "standard input", Format.TABLE),
    ("Visit ID,Note\n", "note.txt", TEXT),
]
SAMPLES = {"ccda": Format.XML, "hl7v2": Format.HL7V2, "x12": Format.X12}


@pytest.mark.parametrize(("head", "name", "format"), HEADS)
def test_a_file_is_told_from_its_beginning_and_its_name(head: str, name: str, format: Format) -> None:
    assert detect(head, name) is format


@pytest.mark.shared
@pytest.mark.parametrize("folder", SAMPLES)
def test_no_real_document_of_another_format_is_taken_for_a_text(shared: Path, folder: str) -> None:
    marks = {Format.XML: (b"<?xml", b"<ClinicalDocument"), Format.HL7V2: (b"MSH",), Format.X12: (b"ISA",)}
    counted = 0
    for path in (p for p in (shared / "samples" / folder).rglob("*") if p.is_file()):
        head = path.read_bytes()[:4096]
        if head.lstrip(b"\xef\xbb\xbf \r\n\v").startswith(marks[SAMPLES[folder]]):
            counted += 1
            assert detect(beginning(head, None), path.name) is SAMPLES[folder], path.name
    assert counted > 20
