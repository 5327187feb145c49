"""Reports: the lines of OBX and NTE as documents, each character with its place; what TXA and OBR say of them."""

from __future__ import annotations

import base64
from datetime import datetime

import pytest
from tests.records.hl7v2.notation import all_of, message, one, reached, text, told

from leadterm.domain import DocumentStatus, Span


def oru(lines: str, obr: str = "OBR|1||F1|71046^CHEST") -> str:
    return message("ORU^R01", f"{obr}\n{lines}")


def mdm(event: str, txa: str, *lines: str) -> str:
    return message(f"MDM^{event}", "\n".join(("PV1|1|I|||||||||||||||||V1", f"TXA|1|{txa}", *lines)))


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        ("OBX|1|TX|x||a~~b", "a\n\nb"),
        ("OBX|1|TX|x||a\nOBX|2|TX|x||\nOBX|3|TX|x||b\nNTE|1||c~d", "a\n\nb\nc\nd"),
        ("OBX|1|TX|&IMP^CHEST||Pneumonia.", "Impression:\nPneumonia."),
        ("OBX|1|FT|f^Findings||a\\.br\\b\nOBX|2|FT|f^Findings||c", "Findings:\na\nb\nc"),
        ("OBX|1|ST|c^Culture||Negative", "Culture: Negative"),
        ("OBX|1|CE|c^Culture^L||1^E. coli^SCT", "Results:\nCulture: E. coli"),
        ("OBX|1|CWE|c^Culture^L||1^E. coli^SCT^^^^^^coliform", "Results:\nCulture: coliform"),
        ("OBX|1|NM|s^Sodium^L||128|mmol/L|135-145|L", "Results:\nSodium: 128 mmol/L (L)"),
        ("OBX|1|ST|600-7^Culture^LN||Positive", "Results:\nCulture: Positive"),
        ("OBX|1|ST|s^Glucose^LN||>600|mg/dL|70-99|HH", "Results:\nGlucose: >600 mg/dL (HH)"),
        ("OBX|1|ST|s^Oxacillin^LN||>=4|||R", "Results:\nOxacillin: >=4 (R)"),
        ("OBX|1|SN|s^Titer^L||>^1^:^128", "Results:\nTiter: >1:128"),
        ('OBX|1|TX|x||kept\nOBX|2|TX|x||wrong||||||W\nOBX|3|NM|s^S^L||""', "kept"),
        ("OBX|1|TX|x||a ^ b & c", "a ^ b & c"),
        ("OBX|1|TX|x||No effu\nADD|sion.~Clear.\nOBX|2|TX|x||b", "No effusion.\nClear.\nb"),
        ("OBX|1|XCN|x||1^DOE\nOBX|2|TX|x||a", "a"),
    ],
)
def test_lines(lines: str, read: str) -> None:
    assert text(oru(lines)) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"a\F\b\S\c\T\d\R\e\E\f\P\g", "a|b^c&d~e\\f#g"),
        (r"\H\Bold\N\ plain\Z01\.", "Bold plain."),
        (r"\X41\\X0D0A\b\XE9\ ", "A\nbé "),
        (r"a\.br\b\.sp\c\.sp2\d\.ce\e", "a\nb\nc\n\nd\ne"),
        (r"a\.in+4\\.ti-4\b\.fi\\.nf\\.sk3\c", "ab   c"),
        (r"w\o pain, 3\4 of \unknown\ \X4\ ", r"w\o pain, 3\4 of \unknown\ \X4\ "),
        (r"a\.sp99999999\b", "a" + "\n" * 16 + "b"),
    ],
)
def test_escapes(written: str, read: str) -> None:
    raw = oru(f"OBX|1|FT|x||{written}|").encode()
    (document,) = one(raw).documents
    assert document.text == read
    assert reached(raw, document) == read


def test_places_name_segment_field_repetition_and_bytes() -> None:
    raw = oru("OBX|1|TX|x||Lungs.~Clear \\T\\ dry.\nNTE|1||Read.\nOBX|2|NM|s^Sodium||128|mmol/L").encode()
    (document,) = one(raw).documents
    origin, words = document.origin, document.text
    assert origin is not None

    def place(quoted: str) -> str | None:
        start = words.index(quoted)
        return origin.place(Span(start, start + len(quoted)))

    at = raw.index(b"Clear")
    assert place("Clear") == f"OBX[1]-5[2], bytes {at}-{at + 5}"
    assert place("Clear & dry") == f"OBX[1]-5[2], bytes {at}-{at + 13}"
    assert (place("Sodium") or "").startswith("OBX[2]-3[1].2, bytes")
    assert (place("mmol") or "").startswith("OBX[2]-6[1].1, bytes")
    assert (place("Read") or "").startswith("NTE[1]-3[1], bytes")


def test_places_name_the_message_where_there_are_several() -> None:
    both = all_of(oru("OBX|1|TX|x||a"), oru("OBX|1|TX|x||b", "OBR|1||F2|y"))
    assert [[s.place for s in d.origin or ()] for e in both for d in e.documents] == [
        ["MSH[1] OBX[1]-5[1]"],
        ["MSH[2] OBX[1]-5[1]"],
    ]


@pytest.mark.parametrize(
    ("service", "reader", "role"),
    [("LAB", "", "laboratory"), ("MB", "", "laboratory"), ("LAB", "9&READER&RITA", "pathologist"), ("", "", None)],
)
def test_a_laboratory_reports_unless_somebody_interprets(service: str, reader: str, role: str | None) -> None:
    obr = f"OBR|1|P1|F1^LAB|1^REPORT|||202605011030|||||||||||||||202605011200||{service}|F|||||||{reader}"
    (document,) = one(oru("OBX|1|TX|x||Clear.", obr)).documents
    assert document.author_role == role


def test_an_order_of_results_tells_type_time_status_and_reader() -> None:
    obr = "OBR|1|P1|F1^LAB|71046^CHEST|||202605011030|||||||||||||||202605011200||RAD|F|||||||9&READER&RITA"
    (document,) = one(oru("OBX|1|TX|x||Clear.", obr)).documents
    assert (document.id, document.type, document.author) == ("F1/71046", "diagnostic imaging", "RITA READER")
    assert document.author_role == "radiologist"
    assert document.service_time == datetime(2026, 5, 1, 10, 30)
    assert document.signed_time == datetime(2026, 5, 1, 12, 0)
    assert document.status is DocumentStatus.FINAL


@pytest.mark.parametrize(
    ("section", "read"), [("MB", "Laboratory results:\nE. coli grew."), ("RAD", "E. coli grew."), ("", "E. coli grew.")]
)
def test_words_of_a_laboratory_stand_under_results(section: str, read: str) -> None:
    assert text(oru("OBX|1|TX|x||E. coli grew.", f"OBR|1||F1|x{'|' * 20}{section}")) == read


def test_comments_of_a_laboratory_stand_there_too_and_others_before_its_results() -> None:
    lines = "NTE|1||Culture for E. coli.\nOBX|1|ST|600-7^Culture^LN||Positive\nNTE|1||Infection."
    laboratory = f"OBR|1||F1|x{'|' * 20}MB"
    assert text(oru(lines, laboratory)) == ("Laboratory results:\nCulture for E. coli.\nCulture: Positive\nInfection.")
    assert text(oru(lines)) == "Culture for E. coli.\nResults:\nCulture: Positive\nInfection."


def test_each_order_is_a_report() -> None:
    found = one(oru("OBX|1|TX|x||a\nOBR|2||F2|y^ECHO\nOBX|1|TX|x||b\nNTE|1||c"))
    assert [(d.id, d.type, d.text) for d in found.documents] == [("F1/71046", "CHEST", "a"), ("F2/y", "ECHO", "b\nc")]


def test_parts_of_a_report_under_one_number_stand_side_by_side() -> None:
    parts = oru("OBX|1|TX|x||a\nOBR|2||F1|71046^CHEST\nOBX|1|TX|x||b").replace("5550100", "5550100|||||A1")
    found = one(parts, parts.replace("||a", "||c").replace("||b", "||d"))
    assert [d.text for d in found.standing] == ["c", "d"]


def test_results_in_other_messages_are_observations_and_comments() -> None:
    found = one(message("ADT^A08", "NTE|1||Walks in.\nPV1|1|E\nOBX|1|NM|w^Weight||70|kg\nNTE|1||At home."))
    assert [(d.type, d.text) for d in found.documents] == [
        ("comments", "Walks in."),
        ("observations", "Results:\nWeight: 70 kg\nAt home."),
    ]


def test_a_document_is_what_its_txa_says() -> None:
    txa = (
        "DS|TX|202605041000|1^DOE^JANE^^^^MD||||1^DOE^JANE^^^^MD|||D1||||x|LA|||||1^DOE^JANE^^^^MD^^^^^^^^202605041130"
    )
    (document,) = one(mdm("T02", txa, "OBX|1|TX|d^Note||Pneumonia treated.")).documents
    assert (document.id, document.type, document.author, document.author_role) == (
        "D1",
        "discharge summary",
        "JANE DOE",
        "MD",
    )
    assert document.service_time == datetime(2026, 5, 4, 10, 0)
    assert document.signed_time == datetime(2026, 5, 4, 11, 30)
    assert (document.status, document.supersedes) == (DocumentStatus.FINAL, None)


def txa(number: str, parent: str = "", completion: str = "AU", availability: str = "AV") -> str:
    return f"PN|TX|||||||||{number}|{parent}||||{completion}||{availability}"


def versions(*messages: str) -> list[tuple[str, str, str | None]]:
    return [(d.id, d.status.value, d.supersedes) for d in one(*messages).documents]


def test_a_dictated_note_is_preliminary_and_its_signing_makes_it_final() -> None:
    first = mdm("T02", txa("D1", completion="DI"), "OBX|1|TX|x||a")
    assert versions(first) == [("D1", "preliminary", None)]
    assert versions(first, mdm("T03", txa("D1"))) == [("D1", "final", None)]


def test_a_later_text_of_a_document_supersedes_the_earlier() -> None:
    first, edited = mdm("T02", txa("D1"), "OBX|1|TX|x||a"), mdm("T08", txa("D1"), "OBX|1|TX|x||b")
    assert versions(first, edited) == [("D1", "final", None), ("D1.2", "corrected", "D1")]
    assert [d.text for d in one(first, edited).standing] == ["b"]


def test_a_replacement_supersedes_its_parent_and_an_addendum_stands_beside_it() -> None:
    first = mdm("T02", txa("D1"), "OBX|1|TX|x||a")
    replaced = mdm("T10", txa("D2", "D1"), "OBX|1|TX|x||b")
    added = mdm("T06", txa("D3", "D1"), "OBX|1|TX|x||c")
    assert versions(first, replaced) == [("D1", "final", None), ("D2", "corrected", "D1")]
    assert versions(first, added) == [("D1", "final", None), ("D3", "addendum", None)]
    assert versions(replaced) == [("D2", "corrected", "D1")]


@pytest.mark.parametrize(
    "last", [mdm("T11", txa("D1")), mdm("T11", txa("D1"), "OBX|1|TX|x||a"), mdm("T03", txa("D1", availability="CA"))]
)
def test_a_cancelled_document_is_retracted(last: str) -> None:
    found = one(mdm("T02", txa("D1"), "OBX|1|TX|x||a"), last)
    assert [(d.id, d.status) for d in found.documents] == [("D1", DocumentStatus.RETRACTED)]
    assert found.standing == ()


def test_a_corrected_result_supersedes_the_first() -> None:
    first = oru("OBX|1|TX|x||a", "OBR|1||F1|y" + "|" * 21 + "F")
    later = oru("OBX|1|TX|x||b", "OBR|1||F1|y" + "|" * 21 + "C")
    account = ("5550100", "5550100|||||A1")
    found = one(first.replace(*account), later.replace(*account))
    assert [(d.id, d.status.value, d.supersedes) for d in found.documents] == [
        ("F1/y", "final", None),
        ("F1/y.2", "corrected", "F1/y"),
    ]


def test_a_document_without_its_text_is_told() -> None:
    assert told(one(mdm("T01", txa("D1")))) == ["elsewhere"]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("^TEXT^plain^Base64^RmV2ZXIu", "Fever."),
        ("^text^^Base64^RmV2~ZXIu", "Fever."),
        ("^text^plain^Hex^4665766572", "Fever"),
        ("^text^plain^A^Fever \\T\\ chills", "Fever & chills"),
        ("^AP^RTF^Base64^e1xydGYxIEZldmVyLn0=", "Fever."),
    ],
)
def test_what_is_embedded_is_a_document(value: str, read: str) -> None:
    found = one(mdm("T02", txa("D1"), f"OBX|1|ED|x||{value}"))
    assert [(d.id, d.text.strip(), d.type) for d in found.documents] == [("D1", read, "procedure note")]
    assert told(found) == []
    assert {s.place.split(",")[0] for s in found.documents[0].origin or ()} == {"OBX[1]-5[1].5"}


RTF = r"{\E\rtf1\E\ansi \E\b Gout\E\b0\E\par Flare.}"
PACKED = base64.b64encode((r"{\rtf1\ansi Gout.\par " + "Flare. " * 30 + "}").encode()).decode()


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (f"OBX|1|TX|r^Report||{RTF}", ["Gout\nFlare."]),
        (
            f"OBX|1|FT|r^Report||{RTF[:24]}\nOBX|2|FT|r^Report||{RTF[24:]}\nOBX|3|FT|r^Report||b",
            ["Report:\nb", "Gout\nFlare."],
        ),
        ("OBX|1|TX|r||<html><p>Gout.</p>~<p>Flare.\nOBX|2|TX|r||Rest.</p></html>", ["Gout.\nFlare. Rest."]),
        ("OBX|1|ST|r||^text^plain^Base64^RmV2ZXIu", ["Fever."]),
        ("OBX|1|TX|r||A {note} < 5 and ^TEXT^x", ["A {note} < 5 and ^TEXT^x"]),
        (f"OBX|1|TX|r||{PACKED}", ["Gout.\n" + ("Flare. " * 30).strip()]),
        (f"OBX|1|TX|r||{PACKED[:150]}\nOBX|2|TX|r||{PACKED[150:]}", ["Gout.\n" + ("Flare. " * 30).strip()]),
        (
            f"OBX|1|ED|r|1|^AP^RTF^Base64^{PACKED[:151]}\nOBX|2|ED|r|2|^AP^RTF^Base64^{PACKED[151:]}",
            ["Gout.\n" + ("Flare. " * 30).strip()],
        ),
        (
            f"OBX|1|ED|r||^AP^RTF^Base64^{PACKED}\nOBX|2|ED|r||^AP^RTF^Base64^{PACKED}",
            ["Gout.\n" + ("Flare. " * 30).strip()] * 2,
        ),
    ],
)
def test_what_is_carried_is_opened_whatever_its_type_is_called_and_put_together(lines: str, read: list[str]) -> None:
    found = one(mdm("T02", txa("D1"), *lines.split("\n")))
    assert [" ".join(d.text.strip().split(" ")) for d in found.documents] == read
    assert told(found) == []


def test_parts_that_were_packed_one_by_one_are_put_together() -> None:
    whole = (r"{\rtf1\ansi Gout." + " Flare." * 40 + "}").encode()
    parts = [base64.b64encode(whole[n : n + 100]).decode() for n in range(0, len(whole), 100)]
    lines = [f"OBX|{n}|ED|r|{n}|^AP^RTF^Base64^{part}" for n, part in enumerate(parts, 1)]
    assert [d.text.strip() for d in one(mdm("T02", txa("D1"), *lines)).documents] == ["Gout." + " Flare." * 40]


def test_words_beside_the_code_of_a_document_type_outweigh_it() -> None:
    words = [mdm("T02", txa("D1").replace("PN", kind, 1), "OBX|1|TX|x||a") for kind in ("PN^Progress Note", "PN^Note")]
    assert [one(each).documents[0].type for each in words] == ["progress note", "procedure note"]


@pytest.mark.parametrize(("lines", "status"), [("a", "retracted"), ("a\nOBX|2|TX|y||b", "corrected")])
def test_a_report_of_which_everything_is_withdrawn_is_taken_back(lines: str, status: str) -> None:
    account = ("5550100", "5550100|||||A1")
    first = oru(f"OBX|1|TX|x||{lines}").replace(*account)
    later = oru('OBX|1|TX|x||""||||||D', "OBR|1||F1|71046^CHEST" + "|" * 21 + "C").replace(*account)
    assert [d.status.value for d in one(first, later).documents] == [status]


@pytest.mark.parametrize("value", ["^IM^jpeg^Base64^/9g=", "^AP^PDF^Base64^%%%", "^TEXT^^Base64^"])
def test_what_is_embedded_and_not_read_is_told(value: str) -> None:
    found = one(mdm("T02", txa("D1"), f"OBX|1|ED|x||{value}", "OBX|2|TX|x||See image."))
    assert told(found) == ["attachment"]


def test_texts_and_what_is_embedded_are_documents_side_by_side_and_are_superseded_so() -> None:
    embedded = "OBX|2|ED|x||^TEXT^plain^Base64^RmV2ZXIu"
    first = mdm("T02", txa("D1"), "OBX|1|TX|x||a", embedded)
    assert versions(first) == [("D1", "final", None), ("D1/2", "final", None)]
    both = versions(first, mdm("T10", txa("D2", "D1"), "OBX|1|TX|x||b", embedded))
    assert both[2:] == [("D2", "corrected", "D1"), ("D2/2", "corrected", "D1/2")]


def test_a_clinical_document_within_is_read_with_its_codes() -> None:
    inner = """<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component><section>
    <title>Assessment</title><text>Pneumonia.</text></section></component></structuredBody></component></ClinicalDocument>"""
    data = base64.b64encode(inner.encode()).decode()
    found = one(mdm("T02", txa("D1"), f"OBX|1|ED|x||^multipart^x-hl7-cda-level-one^Base64^{data}"))
    assert [(d.id, d.text, d.type) for d in found.documents] == [("D1", "Assessment\nPneumonia.", "procedure note")]


def test_results_kept_elsewhere_are_told() -> None:
    assert told(one(oru("OBX|1|RP|x||http://x^y\nOBX|2|TX|x||a"))) == ["elsewhere"]


def test_an_addendum_names_what_it_goes_on_with() -> None:
    (document,) = one(mdm("T06", txa("D3", "D1"), "OBX|1|TX|x||c")).documents
    assert document.appends == "D1"
