"""Scans that come as pictures: told as such, their words with page and box where tesseract reads them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from leadterm.domain import Encounter, Span
from leadterm.records import Format, Overrides, read_upload
from leadterm.records.formats import detect
from leadterm.records.text import beginning

TIFF = b"II*\0\x08\0\0\0"
HEADS = [
    TIFF,
    b"MM\0*\0\0\0\x08",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    b"\xff\xd8\xff\xe1\0\x18Exif\0",
]
TESSERACT = """#!/bin/sh
cat > /dev/null
printf 'page_num\\tblock_num\\tpar_num\\tline_num\\tleft\\ttop\\twidth\\theight\\tconf\\ttext\\n'
printf '1\\t1\\t1\\t1\\t300\\t300\\t300\\t50\\t96.1\\tAcute\\n1\\t1\\t1\\t1\\t650\\t300\\t300\\t50\\t91\\tgout.\\n'
printf '2\\t1\\t1\\t1\\t300\\t400\\t300\\t50\\t90\\tPlan:\\n'
"""


def read(raw: bytes) -> Encounter:
    (chart,) = read_upload("fax.tif", raw, Overrides())
    assert isinstance(chart.content, Encounter)
    return chart.content


@pytest.mark.parametrize("head", HEADS)
def test_a_picture_is_known_by_its_first_bytes(head: bytes) -> None:
    assert detect(beginning(head, None), "chart.txt") is Format.PICTURE


def test_without_a_recogniser_a_scan_is_told_and_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    scan = read(TIFF)
    assert scan.documents == ()
    assert [note.rule for note in scan.notes] == ["LEADTERM:records/scan", "LEADTERM:records/no-text"]


def test_words_have_page_and_dots_where_tesseract_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tesseract"
    program.write_text(TESSERACT, encoding="ascii")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    scan = read(TIFF)
    (fax,) = scan.documents
    assert fax.text == "Acute gout.\n\nPlan:"
    assert fax.origin is not None
    assert fax.origin.place(Span(6, 11)) == "page 1, dots 650 300 950 350"
    assert [note.message for note in scan.notes] == [
        "2 pages are pictures, read by tesseract: check what is quoted of them."
    ]
