"""Hostile records: what they cost stays in proportion to their size, or they are refused."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable

import pytest

from leadterm.domain import InputError
from leadterm.records import Overrides, read_upload

SECTION = (
    b"<ClinicalDocument><component><structuredBody><component><section><title>A</title><text>%s</text>%s</section>"
)
END = b"</component></structuredBody></component></ClinicalDocument>"
HL7 = b"MSH|^~\\&|A|B|C|D|20260514||ORU^R01|1|P|2.5\rPID|1||7\rPV1|1|O\rOBR|1||F|x\r"
PROBLEM = b"<entry><observation><templateId root='2.16.840.1.113883.10.20.22.4.4'/>%s</observation></entry>"

Make = Callable[[int], bytes]


def ccda(text: bytes = b"", entry: bytes = b"x") -> Make:
    """A section whose text or entry holds a piece over and over."""
    return lambda n: (
        SECTION % (text * (n // len(text)) if text else b"x", entry if text else entry * (n // len(entry))) + END
    )


def problem(piece: bytes) -> Make:
    return lambda n: SECTION % (b"x", PROBLEM % (piece * (n // len(piece)))) + END


def hl7(before: bytes, piece: bytes) -> Make:
    return lambda n: HL7 + before + piece * (n // len(piece)) + b"\r"


def narrative(n: int) -> bytes:
    """A FHIR document whose narrative is elements of one letter."""
    div = f"<div xmlns='http://www.w3.org/1999/xhtml'>{'<b>x</b>' * (n // 8)}</div>"
    section = {"title": "A", "text": {"status": "generated", "div": div}}
    return json.dumps({"resourceType": "Composition", "id": "c", "section": [section]}).encode()


def covered(n: int) -> bytes:
    """A patient with as many coverages as encounters."""
    each = "about the patient"
    visit = {"resourceType": "Encounter", "subject": {"reference": "Patient/p"}, "class": {"display": each}}
    cover = {"resourceType": "Coverage", "beneficiary": {"reference": "Patient/p"}, "status": "active"}
    pairs = n // len(json.dumps([visit, cover]))
    resources = [{**of, "id": f"{k}-{i}"} for i in range(pairs) for k, of in (("e", visit), ("c", cover))]
    patient = {"resourceType": "Patient", "id": "p"}
    entries = [{"resource": resource} for resource in (patient, *resources)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


SHAPES: dict[str, tuple[str, Make]] = {
    "accents": ("r.xml", ccda("a\u00e9".encode(), b"")),
    "emoji": ("r.xml", ccda("a\U0001f600".encode(), b"")),
    "references": ("r.xml", ccda(b"&amp;a", b"")),
    "cells": ("r.xml", ccda(b"<table><tr><td>a</td></tr></table>", b"")),
    "line ends": ("r.xml", ccda(b"a\r\n", b"")),
    "problems": ("r.xml", ccda(b"", PROBLEM % (b"<value code='I10'/>" + b" " * 200))),
    "repetitions": ("r.hl7", hl7(b"OBX|1|TX|x||", b"word of a line, word~")),
    "hexadecimal": ("r.hl7", hl7(b"OBX|1|TX|x||\\X", b"41")),
    "codes": ("r.hl7", hl7(b"", b"DG1|1||I10^Essential hypertension^I10C|||F\r")),
    "escapes of RTF": ("r.rtf", lambda n: b"{\\rtf1 " + b"a\\'e9" * (n // 5) + b"}"),
    "symbols of RTF": ("r.rtf", lambda n: b"{\\rtf1 " + b"a\\~" * (n // 3) + b"}"),
    "elements of XHTML": ("r.json", narrative),
    "cells of csv": (
        "r.csv",
        lambda n: b'encounter,date,text\nV,2026-05-14,"' + "a\u00e9".encode() * (n // 3) + b'"\n',
    ),
}


def reading(name: str, raw: bytes) -> None:
    for _ in read_upload(name, raw, Overrides()):
        pass


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_memory_is_less_than_ten_times_the_record(shape: str) -> None:
    name, make = SHAPES[shape]
    reading(name, make(2_000))  # tables of a first use
    raw = make(200_000)
    tracemalloc.start()
    reading(name, raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * len(raw) + 600_000, f"{peak / len(raw):.1f} times"


@pytest.mark.parametrize(
    ("name", "make"),
    [("r.xml", problem(b"<value code='I10'/>")), SHAPES["codes"], SHAPES["cells"], ("r.json", covered)],
    ids=range(4),
)
def test_time_is_linear(name: str, make: Make) -> None:

    def seconds(size: int) -> float:
        raw = make(size)
        began = time.process_time()
        reading(name, raw)
        return time.process_time() - began

    seconds(2_000)
    assert min(seconds(120_000) for _ in range(2)) < 8 * min(seconds(30_000) for _ in range(2)) + 0.05


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("r.xml", ccda(b"", b"<entry><act><a/></act></entry>")(1_000_000)),
        ("r.xml", ccda(b"", b"<section/>")(400_000)),
        ("r.hl7", hl7(b"", b"OBR|1||F|x\rOBX|1|TX|x||a\r")(400_000)),
        ("r.hl7", hl7(b"", b"OBX|1|ED|x||^TEXT^^Base64^RmV2ZXIu\r")(400_000)),
    ],
    ids=["elements", "sections", "reports", "attachments"],
)
def test_what_is_nearly_nothing_but_structure_is_refused(name: str, raw: bytes) -> None:
    with pytest.raises(InputError, match=r"^r\.\w+ has more .* than a record .*may have: split it\.$"):
        reading(name, raw)


def test_a_table_has_no_more_texts_than_its_size_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadterm.records.table.MOST_TEXTS", 100)
    with pytest.raises(InputError, match="more texts than a record of its size may have"):
        reading("r.csv", b"encounter,text,text\n" + b"1,a,b\n" * 60)


@pytest.mark.parametrize("piece", ["[]", "{}", '{"code":"99213"}'])
def test_an_encounter_of_nothing_but_brackets_is_refused(piece: str) -> None:
    raw = f'{{"id":"e","text":"x","charges":[{",".join([piece] * (1_100_000 // len(piece)))}]}}'
    with pytest.raises(InputError, match="brackets and commas"):
        reading("e.json", raw.encode())


def test_names_without_end_are_refused() -> None:
    with pytest.raises(InputError, match="more than 20,000 different names"):
        reading("r.xml", SECTION % (b"".join(b"<x%d/>" % n for n in range(30_000)), b"") + END)


@pytest.mark.parametrize("piece", [b"a%d='b' ", b"c"])
def test_a_tag_without_end_is_refused_before_it_is_read_again_and_again(piece: bytes) -> None:
    pieces = (piece % n if b"%" in piece else piece * 9 for n in range(120_000))
    raw = SECTION % (b"<paragraph ID='" + (b"' " if b"%" in piece else b"") + b"".join(pieces), b"")
    began = time.process_time()
    with pytest.raises(InputError, match=r"a tag or comment of more than 262,144 bytes \(line 1\)"):
        reading("r.xml", raw)
    assert time.process_time() - began < 1


def test_the_words_of_a_reference_to_a_whole_table_are_bounded() -> None:
    text = b"<paragraph ID='a'>" + b"word " * 4_000 + b"</paragraph>"
    problem = PROBLEM % b"<value code='I10'><originalText><reference value='#a'/></originalText></value>"
    (chart,) = read_upload("r.xml", SECTION % (text, problem * 50) + END, Overrides())
    found = [code.evidence for code in chart.content.codes]  # type: ignore[union-attr]
    assert len(found) == 50
    assert {len(e.text) for e in found if e} == {2_000}
