"""A record that stops before its end says so, or is refused in a sentence that says what to do."""

from __future__ import annotations

import base64

import pytest

from leadterm.domain import Encounter, InputError
from leadterm.records import Overrides, read_upload

HEAD = "MSH|^~\\&|A|B|C|D|20260514||MDM^T02|1|P|2.5\rPID|1||7\rPV1|1|O\rTXA|1|PN|TX|||||||||D1\r"
MESSAGE = f"{HEAD}OBX|1|TX|x||Cough.\r"
BATCH = f"FHS|^~\\&\rBHS|^~\\&\r{MESSAGE}BTS|1\rFTS|1\r"
BODY = base64.b64encode(b"Fever and cough. " * 9).decode()


def carried(data: str) -> str:
    return f"{HEAD}OBX|1|ED|x||^TEXT^^Base64^{data}\r"


def read(name: str, raw: str | bytes) -> Encounter:
    content = raw.encode() if isinstance(raw, str) else raw
    (chart,) = read_upload(name, content, Overrides())
    assert isinstance(chart.content, Encounter)
    return chart.content


def cut(name: str, raw: str | bytes) -> bool:
    return any(note.rule == "LEADTERM:records/cut-short" for note in read(name, raw).notes)


@pytest.mark.parametrize(
    ("name", "whole", "part"),
    [
        ("n.rtf", "{\\rtf1 {\\b Cough.} Fever.}", "{\\rtf1 {\\b Cough.} Fever."),
        ("n.rtf", "{\\rtf1 Cough.{\\pict\\bin3 abc}}", "{\\rtf1 Cough.{\\pict\\bin9 abc}}"),
        ("n.hl7", BATCH, BATCH.removesuffix("FTS|1\r")),
        ("n.hl7", BATCH, BATCH.removesuffix("BTS|1\rFTS|1\r")),
        ("n.hl7", BATCH, BATCH.replace("BTS|1", "BTS|2")),
        ("n.hl7", MESSAGE, f"FHS|^~\\&\r{MESSAGE}"),
        ("n.hl7", carried(BODY), carried(BODY[:134])),
        ("n.hl7", carried(BODY), carried(BODY[:133])),
    ],
    ids=["group", "bin", "file", "batch", "count", "header", "base64", "base64-odd"],
)
def test_what_stops_before_its_end_is_told(name: str, whole: str, part: str) -> None:
    assert not cut(name, whole)
    assert cut(name, part)


def test_what_is_there_of_base64_is_read() -> None:
    assert [d.text for d in read("n.hl7", carried(BODY[:134])).documents] == [("Fever and cough. " * 9)[:100]]


@pytest.mark.parametrize("raw", ["<ClinicalDocument><component>", "<ClinicalDocument><a b='", "<section><![CDATA[x"])
def test_xml_that_is_cut_short_is_refused_with_what_to_do(raw: str) -> None:
    with pytest.raises(InputError, match="the file was cut short; get it whole"):
        read("n.xml", raw)


def test_what_is_packed_as_nothing_that_is_read_is_never_opened() -> None:
    for raw in (b"BZh91AY", b"7z\xbc\xaf\x27\x1c", b"\xfd7zXZ\0"):
        with pytest.raises(InputError, match="unpack it and give the files that it holds"):
            read("n.json", raw)
