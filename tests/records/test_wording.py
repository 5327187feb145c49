"""Sources of evidence in words: what a person would look for in the original."""

from __future__ import annotations

import pytest

from leadterm.domain import Document, Span
from leadterm.records import Overrides, in_words, read_upload

BODY = "/ClinicalDocument/component[1]/structuredBody[1]"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("page 2, box 72.8 52.3 77.1 59.3", "page 2"),
        ("page 2, box 1 2 3 4 to page 2, box 5 6 7 8", "page 2"),
        ("page 2, box 1 2 3 4 to page 3, box 5 6 7 8", "page 2 to page 3"),
        ("/ClinicalDocument/component/nonXMLBody[1]/text, page 1, box 1 2 3 4", "body, page 1"),
        ("OBX[2]-5[1], bytes 471-486", "OBX 2, field 5, bytes 471 to 486"),
        ("OBX[2]-5[3].4, bytes 471-486", "OBX 2, field 5, repetition 3, component 4, bytes 471 to 486"),
        ("OBX[2]-5[1] to OBX[3]-5[1], bytes 4-9", "OBX 2, field 5 to OBX 3, field 5, bytes 4 to 9"),
        (f"{BODY}/component[5]/section[1]/text[1]/table[1]/tr[2]", "section 5, table 1, row 2"),
        (f"{BODY}/component[5]/section[1]/component[2]/section[1]/text[1]/item[1]", "section 5.2, item 1"),
        (f"{BODY}/component[5]/section[1]/text[1]/item[1] to {BODY}/component[5]/section[1]/text[1]/item[3]",
         "section 5, item 1 to item 3"),
        ("/section[1]/title[1], bytes 1-2", "section, title, bytes 1 to 2"),
        ("DocumentReference/d-1.content[0].attachment.data", "DocumentReference/d-1, content 1, attachment"),
        ("CarePlan/c.text.div", "CarePlan/c, text"),
        ("Notes.ndjson[3](Procedure/p).note[0].text", "Procedure/p (line 3 of Notes.ndjson), note 1, text"),
        ("Bundle.entry[2].resource(Observation/f001).code.coding[0]", "Observation/f001 (entry 3), code, coding 1"),
        ("DocumentReference/d.content[0].attachment.data, /section[1]/title[1], byte 3",
         "DocumentReference/d, content 1, attachment, section, title, byte 3"),
        ("row 3, text 2, bytes 10-12", "row 3, text 2, bytes 10 to 12"),
        ("bytes 10-12", "bytes 10 to 12"),
        (f"{BODY}/component[5]/section[1], byte 33621", "section 5, byte 33621"),
        ("of no known form", "of no known form"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_source_is_told_as_one_looks_for_it(source: str, words: str) -> None:
    assert in_words(source) == words


def test_a_section_has_its_title() -> None:
    xml = (
        b'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component><section>'
        b"<title>Assessment</title><text><paragraph>Gout.</paragraph></text></section></component></structuredBody>"
        b"</component></ClinicalDocument>"
    )
    (chart,) = read_upload("visit.xml", xml, Overrides())
    (document,) = chart.content.documents  # type: ignore[union-attr]
    at = document.text.index("Gout")
    assert isinstance(document, Document)
    assert document.origin
    source = document.origin.place(Span(at, at + 4))
    assert source
    assert in_words(source, document).startswith("section “Assessment”, paragraph 1, bytes ")
