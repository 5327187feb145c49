"""Narrative of FHIR: attachments, sections, notes; every character with its place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.domain import Document, DocumentStatus, Evidence, Span
from leadterm.records.attachments import Attachment, opened

from .notation import base64_of, bundle, coded, concept, document, one, ref, resource, rules

DIV = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'


def only(value: object) -> Document:
    (found,) = one(value).documents
    return found


def quoted(document: Document, words: str) -> str | None:
    at = document.text.index(words)
    return Evidence.quote(document, Span(at, at + len(words))).source


def test_a_plain_attachment_keeps_its_text_and_bytes() -> None:
    found = only(document("d", "\ufeffFièvre.\r\nCough."))
    assert found.text == "Fièvre.\r\nCough."
    assert quoted(found, "Cough") == "DocumentReference/d.content[0].attachment.data, bytes 13-18"


def test_a_place_in_a_bundle_names_the_entry() -> None:
    found = only(bundle(resource("Patient/p"), document("d", "Fever.")))
    assert (quoted(found, "Fever") or "").startswith("Bundle.entry[1].resource(DocumentReference/d).content[0]")


@pytest.mark.parametrize(
    ("raw", "media", "text"),
    [
        ("Fi\u00e8vre".encode("cp1252"), "text/plain; charset=windows-1252", "Fièvre"),
        ("Fi\u00e8vre".encode("utf-16"), "text/plain", "Fièvre"),
        (b"<p>Fever &amp; <b>cough</b></p>\n<p>x</p>", "text/html", "Fever & cough\nx"),
        (b"<table><tr><td>BP</td><td>120</td></tr><tr><td>a</td></tr></table>", "text/html", "BP | 120\na"),
        (b"<ul><li>one</li><li>two</li></ul><ol><li>a</li></ol>", "application/xhtml+xml", "- one\n- two\n1. a"),
        (b"<head><title>t</title></head><script>if (a<b) c</script>a<!-- b -->c<del>d</del>", "text/html", "ac"),
        (b"a &nbsp; b&lt;c &unknown; d<br>e", "text/html", "a b<c &unknown; d\ne"),
        (b"<pre>a\n  b</pre>", "text/html", "a\n  b"),
        (b"<html><p>typed</p></html>", "application/xml", "typed"),
        (b"{\\rtf1 rich\\par}", "text/plain", "rich\n"),
        (
            b"<ClinicalDocument><component><structuredBody><component><section><text>CDA</text></section></component>"
            b"</structuredBody></component></ClinicalDocument>",
            "text/xml",
            "CDA",
        ),
    ],
)
def test_text_of_attachments(raw: bytes, media: str, text: str) -> None:
    assert only(document("d", raw, media)).text == text


@pytest.mark.parametrize(
    ("raw", "media"),
    [(b"a\0b", "text/plain"), (b"x", "image/png")],
)
def test_what_is_no_text_is_told(raw: bytes, media: str) -> None:
    encounter = one(document("d", raw, media))
    assert encounter.documents == ()
    assert "attachment" in rules(encounter)


def test_other_encodings_than_the_named_one_are_told() -> None:
    encounter = one(document("d", "Fièvre".encode("cp1252")))
    assert encounter.documents[0].text == "Fièvre"
    assert rules(encounter) == ["attachment"]


def test_of_several_forms_the_one_that_reads_best_is_read() -> None:
    forms = [
        {"attachment": {"contentType": media, "data": base64_of(text)}}
        for media, text in [("application/pdf", "%PDF-"), ("text/html", "<p>html</p>"), ("text/plain", "plain")]
    ]
    assert only(resource("DocumentReference/d", content=forms)).text == "plain"


def test_an_attachment_by_address_is_read_from_the_bundle_or_told() -> None:
    noted = resource("DocumentReference/d", content=[{"attachment": {"url": "http://s.example/Binary/b"}}])
    held = resource("Binary/b", contentType="text/plain", data=base64_of("Fever."))
    assert only(bundle(noted, held)).text == "Fever."
    alone = one(noted)
    assert alone.documents == ()
    assert "fhir-elsewhere" in rules(alone)
    assert only(held).text == "Fever."


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({}, DocumentStatus.FINAL),
        ({"docStatus": "preliminary"}, DocumentStatus.PRELIMINARY),
        ({"docStatus": "amended"}, DocumentStatus.CORRECTED),
        ({"docStatus": "entered-in-error"}, DocumentStatus.RETRACTED),
        ({"relatesTo": [{"code": "appends", "target": ref("DocumentReference/a")}]}, DocumentStatus.ADDENDUM),
    ],
)
def test_how_final_a_document_is(members: dict[str, object], status: DocumentStatus) -> None:
    assert only(document("d", "x", **members)).status is status


def test_what_replaces_a_document_stands_in_its_place() -> None:
    later = document("b", "new", relatesTo=[{"code": coded("replaces"), "target": ref("DocumentReference/a")}])
    encounter = one(bundle(document("a", "old"), later))
    assert [d.id for d in encounter.standing] == ["DocumentReference/b"]


def test_a_document_has_type_author_and_times() -> None:
    doctor = resource(
        "Practitioner/a", name=[{"family": "Doe", "given": ["Ann"]}], qualification=[{"code": {"text": "MD"}}]
    )
    described = document(
        "d",
        "x",
        type={"text": "Discharge summary"},
        author=[ref("Practitioner/a")],
        context={"period": {"start": "2026-05-01T09:30:00+02:00"}},
        attester=[{"time": "2026-05-02T08:00:00Z"}],
    )
    found = only(bundle(doctor, described))
    assert (found.type, found.author, found.author_role) == ("Discharge summary", "Ann Doe", "MD")
    assert (found.service_time, found.signed_time) == (datetime(2026, 5, 1, 9, 30), datetime(2026, 5, 2, 8))


def test_a_composition_is_its_sections_in_order() -> None:
    composition = resource(
        "Composition/k",
        status="final",
        title="Note",
        section=[
            {
                "title": "History",
                "text": {"status": "generated", "div": DIV.format("<p>Cough.</p>")},
                "section": [{"title": "Past", "text": {"div": DIV.format("Asthma &amp; more")}}],
            },
            {"title": "Empty", "text": {"status": "empty", "div": DIV.format("-")}},
            {"code": {"text": "Plan"}, "text": {"div": "<div>Rest &nbsp; <br>Home</div>"}},
        ],
    )
    encounter = one(composition)
    (found,) = encounter.documents
    assert found.text == "History\nCough.\n\nPast\nAsthma & more\n\nPlan\nRest Home".replace("Rest Home", "Rest\nHome")
    assert quoted(found, "Asthma") == "Composition/k.section[0].section[0].text.div"
    assert "fhir-markup" in rules(encounter)


def test_a_report_has_its_form_and_its_conclusion() -> None:
    report = resource(
        "DiagnosticReport/r",
        code={"text": "Chest X-ray"},
        presentedForm=[{"contentType": "text/plain", "data": base64_of("Clear lungs.")}],
        conclusion="No pneumonia.",
    )
    found = one(report).documents
    assert [(d.id, d.text) for d in found] == [
        ("DiagnosticReport/r", "Clear lungs."),
        ("DiagnosticReport/r#text", "Conclusion:\nNo pneumonia."),
    ]


def test_notes_are_words_of_the_chart_and_questionnaires_are_not() -> None:
    family = resource("FamilyMemberHistory/f", note=[{"text": "Mother had breast cancer."}])
    assert only(family).text == "Family history:\nMother had breast cancer."
    film = resource("Observation/o", category=[coded("imaging")], code={"text": "Chest"}, valueString="Clear.")
    assert only(film).text == "Clear."
    asked = resource("Observation/o", category=[coded("survey")], code=coded("1"), valueString="Broadway")
    assert one(asked).documents == ()


def test_generated_narrative_says_nothing_new() -> None:
    def plan(status: str) -> dict[str, object]:
        return resource("CarePlan/c", text={"status": status, "div": DIV.format("Rest.")})

    assert one(plan("generated")).documents == ()
    assert only(plan("additional")).text == "Plan:\nRest."


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_every_character_of_plain_text_has_its_bytes(text: str) -> None:
    raw = text.replace("\0", "").encode()
    words, origin, _ = opened(Attachment(raw, "text/plain", "here"))
    if not raw or raw.startswith((b"%PDF-", b"{\\rtf", b"\xef\xbb\xbf")):
        return
    assert words.encode() == raw
    assert b"".join(raw[s.at : s.at + s.length * s.width] for s in origin or ()) == raw


TOKENS = st.sampled_from(
    "<p> </p> <br/> <td> <li> <ol> </ol> <b> </b> <!-- c --> <!-- <a href='x>y'> < & &amp; &#233; &bogus; é 😀 x word "
    "<del> </del> <pre> </pre> <script> </script> <style".split()
)
BLANKS = st.sampled_from([" ", "\n", "  "])


@given(st.lists(TOKENS | BLANKS, max_size=30).map("".join))
def test_words_of_html_stand_where_they_are_said_to(text: str) -> None:
    raw = text.encode()
    words, origin, _ = opened(Attachment(raw or b" ", "text/html", "here"))
    assert origin is not None
    for stretch in origin:
        for n in range(stretch.length):
            at, character = stretch.at + n * stretch.width, words[stretch.start + n]
            source = raw[at : at + stretch.width].decode()
            # A blank stands for a run of them, a character for its reference.
            blank = character == " " and (not source.strip() or source == "&nbsp;")
            assert source == character or blank or (source[0] == "&" and source[-1] == ";")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("replaces", ("DocumentReference/a", None, None, "final")),
        ("appends", (None, "DocumentReference/a", None, "addendum")),
        ("transforms", (None, None, "DocumentReference/a", "final")),
    ],
)
def test_how_a_document_stands_to_another(code: str, expected: tuple[str | None, ...]) -> None:
    relation = {"code": code, "target": ref("DocumentReference/a")}
    found = only(document("d", "Fever.", relatesTo=[relation], meta={"versionId": "3"}))
    assert (found.supersedes, found.appends, found.same_as, found.status) == expected
    assert (found.series, found.version) == ("DocumentReference/d", 3)


def test_numbers_of_the_encounter_and_the_patient() -> None:
    visit = resource("Encounter/e", identifier=[{"system": "urn:oid:1.2", "value": "V1"}], subject=ref("Patient/p"))
    patient = resource("Patient/p", identifier=[{"value": "100"}, {"use": "old", "value": "99"}])
    found = one(bundle(patient, visit, document("d", "Fever.", context={"encounter": [ref("Encounter/e")]})))
    assert [(n.kind.value, n.value, n.assigner) for n in found.identifiers] == [
        ("visit", "V1", "urn:oid:1.2"),
        ("visit", "Encounter/e", "FHIR"),
        ("patient", "100", None),
        ("patient", "Patient/p", "FHIR"),
    ]


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ({"code": coded("10157-6")}, "Family history:\nGout."),
        ({"code": coded("10157-6"), "title": "Family"}, "Family\nGout."),
        ({"code": coded("10157-6"), "title": "Antecedentes"}, "Antecedentes\nFamily history:\nGout."),
        ({"code": concept("1-8", "loinc", "Feet")}, "Feet\nGout."),
    ],
)
def test_a_section_is_headed_by_its_title_or_by_what_its_code_says(section: dict[str, Any], text: str) -> None:
    section["text"] = {"div": '<div xmlns="http://www.w3.org/1999/xhtml">Gout.</div>'}
    assert [d.text for d in one(resource("Composition/c", status="final", section=[section])).documents] == [text]


@pytest.mark.parametrize(
    ("members", "role"),
    [
        ({"category": [coded("LAB")]}, "laboratory"),
        ({"category": [coded("HM")], "resultsInterpreter": [ref("Practitioner/x")]}, "pathologist"),
        ({"category": [coded("RAD")]}, "radiologist"),
        ({"category": [coded("LP7839-6")]}, "pathologist"),
        ({"category": [coded("CUS")], "code": coded("x")}, "radiologist"),
        ({"code": coded("11502-2")}, "laboratory"),
        ({}, None),
    ],
)
def test_who_reads_a_report_is_told_by_its_kind(members: dict[str, Any], role: str | None) -> None:
    report = resource("DiagnosticReport/r", status="final", conclusion="Anemia.", **members)
    assert only(report).author_role == role
