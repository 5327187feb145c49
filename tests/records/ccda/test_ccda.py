"""C-CDA documents: their narrative with places, header, codes as leads, bodies that are no XML."""

from __future__ import annotations

import base64
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.domain import DocumentStatus, Encounter, InputError, RecordedCode, Setting, Sex
from leadterm.records import ccda

HEADER = """
<id root="1.2.3" extension="note-7"/>
<code code="11506-3" codeSystem="2.16.840.1.113883.6.1"/>
<effectiveTime value="20260514101500-0500"/>
<recordTarget><patientRole><id root="1.2" extension="p1"/><addr><city>Salem</city><postalCode>97301</postalCode></addr>
<telecom value="tel:503-555-0100"/><patient><name><given>Ada</given><given>B</given><family>Sample</family></name>
<administrativeGenderCode code="F"/><birthTime value="19590203"/></patient></patientRole></recordTarget>
<author><assignedAuthor><assignedPerson><name><given>Lee</given><family>Doctor</family></name></assignedPerson>
</assignedAuthor></author>
<componentOf><encompassingEncounter><id extension="v9"/>{about}</encompassingEncounter></componentOf>
"""
VISIT = '<code code="AMB" codeSystem="2.16.840.1.113883.5.4"/><effectiveTime value="20260514"/>'
STAY = (
    '<code code="IMP"/><effectiveTime><low value="202605101200"/><high value="20260514"/></effectiveTime>'
    '<dischargeDispositionCode code="1"/>'
)


def document(sections: str, about: str = VISIT, more: str = "", encoding: str = "utf-8") -> bytes:
    """A document with these sections."""
    body = f"<component><structuredBody>{sections}</structuredBody></component>"
    whole = f"<ClinicalDocument>{HEADER.format(about=about)}{more}{body}</ClinicalDocument>"
    return f'<?xml version="1.0" encoding="{encoding}"?>{whole}'.encode(encoding)


def section(text: str, title: str = "Assessment", entries: str = "") -> str:
    return f"<component><section><title>{title}</title><text>{text}</text>{entries}</section></component>"


def read(raw: bytes) -> Encounter:
    (found,) = ccda.read(raw, "chart.xml", "chart")
    return found


def told(sections: str) -> str:
    """The text of a document with these sections."""
    (one,) = read(document(sections)).documents
    return one.text


def problem(code: str, more: str = "", negated: str = "false", status: str = "active") -> str:
    """An entry of a problem list."""
    return (
        f'<entry><act moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.3"/><code code="CONC"/>'
        f'<statusCode code="{status}"/><entryRelationship><observation moodCode="EVN" negationInd="{negated}">'
        f'<templateId root="2.16.840.1.113883.10.20.22.4.4"/><text><reference value="#p"/></text>'
        f'<effectiveTime><low value="20200101"/></effectiveTime>'
        f'<value code="{code}" codeSystem="2.16.840.1.113883.6.96" displayName="Asthma"/>{more}</observation>'
        "</entryRelationship></act></entry>"
    )


def only(entries: str, text: str = '<content ID="p">Asthma, mild</content>') -> RecordedCode:
    (found,) = read(document(section(text, entries=entries))).codes
    return found


@pytest.mark.parametrize(
    ("narrative", "lines"),
    [
        ("Cough.", "Cough."),
        ("<paragraph>Cough.</paragraph>\n   <paragraph>Fever.</paragraph>", "Cough.\nFever."),
        ("Cough.<br/>Fever.", "Cough.\nFever."),
        ("<list><item>Cough</item><item>Fever</item></list>", "- Cough\n- Fever"),
        ("<list listType='ordered'><item>Cough</item><item>Fever</item></list>", "1. Cough\n2. Fever"),
        ("<list><caption>Now</caption><item> Cough </item></list>", "Now\n- Cough "),
        (
            "<table><thead><tr><th>What</th><th>Since</th></tr></thead><tbody><tr><td>Asthma</td><td>1990</td></tr>"
            "</tbody></table>",
            "What | Since\nAsthma | 1990",
        ),
        ("<table><tr><td>\n <content>Gout</content>\n </td>\n <td>\n 1990\n</td></tr></table>", "Gout | 1990"),
        ("<content>type 2</content> <content styleCode='Bold'>diabetes</content>", "type 2 diabetes"),
        ("Fever &lt; 39 &amp; cough&#233;", "Fever < 39 & coughé"),
        ("no <content revised='delete'>fever</content>cough", "no cough"),
        ("Cough,\n       worse at night.", "Cough,\nworse at night."),
        ("\n  Plan:\n\n  Rest.\n", "Plan:\n\nRest."),
        ("the date of your\n\n   procedure.", "the date of your\nprocedure."),
        ("<![CDATA[SpO2 < 90 & falling]]>", "SpO2 < 90 & falling"),
    ],
)
def test_narrative_reads_as_lines(narrative: str, lines: str) -> None:
    assert told(section(narrative)) == f"Assessment\n{lines}"


def test_sections_stand_apart_and_in_order() -> None:
    nested = "<component><section><title>Plan</title><text>Rest.</text></section></component>"
    outer = f"<component><section><title>Visit</title><text>Cough.</text>{nested}</section></component>"
    assert told(outer + section("End.", "Notes")) == "Visit\nCough.\n\nPlan\nRest.\n\nNotes\nEnd."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_every_character_is_found_by_its_bytes(encoding: str) -> None:
    raw = document(section("Café &amp; bar, 38 °C\r\nnaïve"), encoding=encoding)
    (one,) = read(raw).documents
    assert one.origin is not None
    rebuilt = ["".join(_read_back(raw, s.at, s.width, s.length, encoding)) for s in one.origin]
    assert "".join(rebuilt).replace("\r\n", "\n") == "AssessmentCafé & bar, 38 °C\nnaïve"


def _read_back(raw: bytes, at: int, width: int, length: int, encoding: str) -> list[str]:
    """The characters of a stretch, from the file alone."""
    name = "utf-16-le" if encoding == "utf-16" else encoding
    pieces = [raw[at + n * width : at + (n + 1) * width].decode(name) for n in range(length)]
    return [{"&amp;": "&"}.get(piece, piece) for piece in pieces]


NARRATIVE = st.lists(
    st.sampled_from(
        [
            "cough",
            " fever ",
            "&amp;",
            "é",
            "😀",
            "\n",
            "<br/>",
            "<paragraph>x</paragraph>",
            "<list><item>y</item></list>",
            "<content ID='q'>z</content>",
            "<table><tr><td>1</td><td>2</td></tr></table>",
        ]
    )
)


@given(NARRATIVE)
def test_stretches_are_the_source(pieces: list[str]) -> None:
    raw = document(section("".join(pieces)))
    (one,) = read(raw).documents
    end = 0
    for stretch in one.origin or ():
        assert stretch.start >= end, "stretches stand in order and apart"
        end = stretch.start + stretch.length
        written = raw[stretch.at : stretch.at + stretch.length * stretch.width].decode()
        assert written.replace("&amp;", "&") == one.text[stretch.start : end]


def test_the_header_tells_who_when_and_where() -> None:
    visit = read(document(section("Cough.")))
    (note,) = visit.documents
    assert (visit.setting, visit.encounter_class, visit.date_of_service) == (
        Setting.PROFESSIONAL,
        "office",
        date(2026, 5, 14),
    )
    assert (visit.account, visit.id) == ("v9", "chart")
    patient = visit.patient
    assert (patient.id, patient.sex, patient.birth_date) == ("p1", Sex.FEMALE, date(1959, 2, 3))
    assert (patient.first_name, patient.middle_name, patient.last_name, patient.phone) == (
        "Ada",
        "B",
        "Sample",
        "503-555-0100",
    )
    assert (note.id, note.type, note.author) == ("note-7", "progress note", "Lee Doctor")
    assert note.service_time == datetime(2026, 5, 14, 10, 15)


def test_a_stay_has_admission_and_discharge() -> None:
    stay = read(document(section("Cough."), about=STAY))
    assert (stay.setting, stay.admission, stay.discharge, stay.disposition) == (
        Setting.INPATIENT,
        datetime(2026, 5, 10, 12),
        date(2026, 5, 14),
        "01",
    )


@pytest.mark.parametrize(
    ("kind", "status", "replaced"),
    [("RPLC", DocumentStatus.CORRECTED, "old"), ("APND", DocumentStatus.ADDENDUM, None)],
)
def test_a_document_says_what_it_replaces(kind: str, status: DocumentStatus, replaced: str | None) -> None:
    more = (
        f'<relatedDocument typeCode="{kind}"><parentDocument><id extension="old"/></parentDocument></relatedDocument>'
    )
    (note,) = read(document(section("Cough."), more=more)).documents
    assert (note.status, note.supersedes) == (status, replaced)


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        (problem("195967001"), "active"),
        (problem("195967001", status="completed"), "resolved"),
        (problem("195967001", negated="true"), "refuted"),
        (
            problem(
                "195967001",
                '<entryRelationship><observation><templateId root="2.16.840.1.113883.10.20.22.4.6"/>'
                '<value code="73425007"/></observation></entryRelationship>',
            ),
            "inactive",
        ),
    ],
)
def test_a_problem_keeps_its_status(entry: str, status: str) -> None:
    found = only(entry)
    assert (found.code, found.system, found.kind, found.status) == ("195967001", "snomed", "problem", status)
    assert found.day == date(2020, 1, 1)


def test_a_code_quotes_the_words_that_it_refers_to() -> None:
    found = only(problem("195967001"))
    assert found.evidence is not None
    assert found.evidence.text == "Asthma, mild"
    assert found.evidence.source is not None
    assert "/section[1]/text[1], bytes " in found.evidence.source


def test_a_problem_within_an_encounter_diagnosis_is_a_diagnosis() -> None:
    inner = problem("J45.909").removeprefix("<entry>").removesuffix("</entry>")
    outer = (
        '<entry><act moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.80"/>'
        f"<entryRelationship>{inner}</entryRelationship></act></entry>"
    )
    assert only(outer).kind == "diagnosis"


@pytest.mark.parametrize(
    ("statement", "kind", "status"),
    [
        (
            '<procedure moodCode="EVN">{t14}<code {c}/><statusCode code="completed"/></procedure>',
            "procedure",
            "active",
        ),
        ('<procedure moodCode="INT">{t14}<code {c}/></procedure>', "procedure", "planned"),
        ('<procedure moodCode="EVN" negationInd="true">{t14}<code {c}/></procedure>', "procedure", "refuted"),
        ('<procedure moodCode="EVN">{t14}<code {c}/><statusCode code="aborted"/></procedure>', "procedure", "refuted"),
        ('<observation moodCode="EVN">{t46}<value {c}/></observation>', "problem", "family"),
    ],
)
def test_statements_are_leads_with_their_status(statement: str, kind: str, status: str) -> None:
    templates = {f"t{n}": f'<templateId root="2.16.840.1.113883.10.20.22.4.{n}"/>' for n in (14, 46)}
    coded = 'code="80146002" codeSystemName="SNOMED CT"'
    found = only(f"<entry>{statement.format(c=coded, **templates)}</entry>")
    assert (found.kind, found.status, found.system) == (kind, status, "snomed")


@pytest.mark.parametrize(
    ("template", "role"), [("80", None), ("33", "final"), ("34", "admitting"), ("65", "working"), ("51", "final")]
)
def test_diagnoses_have_the_role_that_their_act_gives_them(template: str, role: str | None) -> None:
    inner = problem("J45.909").removeprefix("<entry>").removesuffix("</entry>")
    act = f'<act moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.{template}"/>'
    found = only(f"<entry>{act}<entryRelationship>{inner}</entryRelationship></act></entry>")
    assert (found.kind, found.role, found.status) == ("diagnosis", role, "active")
    assert only(problem("J45.909")).role is None


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ('<act moodCode="EVN">', '<act moodCode="EVN" negationInd="true">', "refuted"),
        ("<entryRelationship>", '<entryRelationship negationInd="true">', "refuted"),
        ("<text>", "<subject><relatedSubject classCode='PRS'/></subject><text>", "family"),
        ('<low value="20200101"/>', '<low value="20200101"/><high value="20210101"/>', "resolved"),
        # An end of unknown day is an end, but not of what its concern still follows.
        ('<low value="20200101"/>', '<low value="20200101"/><high nullFlavor="UNK"/>', None),
        ('<low value="20200101"/>', '<low value="20200101"/><high nullFlavor="NI"/>', "active"),
    ],
)
def test_what_stands_around_a_problem_says_whether_it_is_one(old: str, new: str, status: str | None) -> None:
    assert only(problem("J45.909").replace(old, new)).status == status


def coded(code: str, text: str, title: str = "") -> str:
    titled = f"<title>{title}</title>" if title else ""
    return f'<component><section><code code="{code}"/>{titled}<text>{text}</text></section></component>'


def test_a_section_without_a_title_is_headed_by_what_its_code_says() -> None:
    sections = coded("51848-0", "Gout.") + coded("10157-6", "Mother: asthma.", " ") + coded("1-8", "Rest.")
    (found,) = read(document(sections)).documents
    assert found.text == "Assessment:\nGout.\n\nFamily history:\nMother: asthma.\nRest."
    assert "".join(found.text[s.start : s.start + s.length] for s in found.origin or ()) == "Gout.Mother: asthma.Rest."


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Past Illnesses", "Past Illnesses\nGout."),
        ("Antecedentes", "Antecedentes\nPast medical history:\nGout."),
    ],
)
def test_a_title_that_says_something_else_than_the_code_is_no_heading(title: str, text: str) -> None:
    assert told(coded("11348-0", "Gout.", title)) == text


def test_an_empty_section_has_no_heading() -> None:
    assert told(coded("51848-0", " ") + coded("51848-0", "Gout.")) == "Assessment:\nGout."


def test_a_fragment_is_read_and_said_to_be_one() -> None:
    found = read(b"<section><title>Problems</title><text>Asthma<br/></text><x:y sdtc:z='1'/></section>")
    assert found.documents[0].text == "Problems\nAsthma"
    assert [note.rule for note in found.notes] == ["LEADTERM:records/fragment"]


def body(content: str) -> bytes:
    return document("").replace(b"<structuredBody></structuredBody>", f"<nonXMLBody>{content}</nonXMLBody>".encode())


def packed(media: str, content: bytes) -> str:
    return f'<text mediaType="{media}" representation="B64">{base64.b64encode(content).decode()}</text>'


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<text>Acute cough.</text>", "Acute cough."),
        (
            packed("text/plain", b"Acute cough."),
            "Acute cough.",
        ),
        (
            packed("text/rtf", b"{\\rtf1 Acute\\~cough.}"),
            "Acute\u00a0cough.",
        ),
    ],
)
def test_bodies_that_are_no_xml(content: str, text: str) -> None:
    (one,) = read(body(content)).documents
    assert one.text == text
    assert one.origin is not None


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ('<text mediaType="text/plain"><reference value="scan.pdf"/></text>', "elsewhere"),
        ('<text mediaType="text/plain" representation="B64">no base64!</text>', "attachment"),
        ('<text mediaType="image/tiff" representation="B64">AAAA</text>', "attachment"),
    ],
)
def test_what_cannot_be_read_is_told(content: str, rule: str) -> None:
    found = read(body(content))
    assert found.documents == ()
    assert [note.rule for note in found.notes] == [f"LEADTERM:records/{rule}"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"<ClinicalDocument>", "not well-formed"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><ClinicalDocument>&b;</ClinicalDocument>", "DOCTYPE"),
        (b"<html/>", "no C-CDA document"),
        (b"<section>" * 200, "nests more than 100"),
    ],
)
def test_hostile_files_are_refused_in_a_sentence(raw: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(raw)


def test_a_prefix_of_the_root_is_read_over() -> None:
    raw = document(section("Cough."))
    for name in (b"ClinicalDocument", b"component", b"structuredBody", b"section", b"title", b"text"):
        raw = raw.replace(b"<" + name, b"<n1:" + name).replace(b"</" + name, b"</n1:" + name)
    assert read(raw).documents[0].text == "Assessment\nCough."
