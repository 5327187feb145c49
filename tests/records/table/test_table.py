"""Tables of encounters: rows in, encounters out, each character with the byte where it stood."""

from __future__ import annotations

import codecs
import csv
import io
import time
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import texts

from leadterm.domain import (
    ClaimType,
    Document,
    DocumentStatus,
    Encounter,
    InputError,
    Patient,
    RecordedKind,
    Setting,
    Sex,
)
from leadterm.records import findings, table
from leadterm.records.table import is_table, read, source

NOTES = """Encounter ID,Note ID,Note Type,Note Date,Sex,DOB,Date of Service,Setting,Note Text
V1,n1,Progress note,2026-05-14 08:30,F,1960-02-03,05/14/2026,Office Visit,"Cough.
Assessment: Bronchitis, ""acute""."
V2,n2,Discharge summary,2026-05-16T10:00:00,m,02/29/1948,2026-05-10,IMP,Pneumonia.
V1,n3,Addendum,5/15/2026 1:05 PM,F,1960-02-03,05/14/2026,Office Visit,Fever too.
"""


def encounters(text: str, encoding: str = "utf-8") -> tuple[Encounter, ...]:
    return read(text.encode(encoding), "table.csv", "table")


def only(text: str) -> Encounter:
    (found,) = encounters(text)
    return found


def source_of(raw: bytes, document: Document, codec: str) -> str:
    """The text of a document put together from the bytes that its stretches name."""
    assert document.origin is not None
    return "".join(raw[s.at : s.at + s.length * s.width].decode(codec, "surrogatepass") for s in document.origin)


def test_rows_of_one_encounter_are_its_documents_in_order() -> None:
    first, second = encounters(NOTES)
    assert [(d.id, d.type) for d in first.documents] == [("n1", "Progress note"), ("n3", "Addendum")]
    assert first.documents[0].text == 'Cough.\nAssessment: Bronchitis, "acute".'
    assert first.documents[1].service_time == datetime(2026, 5, 15, 13, 5)
    assert (first.id, first.setting, first.encounter_class) == ("V1", Setting.PROFESSIONAL, "office")
    assert (first.date_of_service, first.patient) == (date(2026, 5, 14), Patient(None, Sex.FEMALE, date(1960, 2, 3)))
    assert (second.id, second.setting, second.admission) == ("V2", Setting.INPATIENT, date(2026, 5, 10))
    assert first.notes == second.notes == ()


def test_without_a_column_of_encounters_each_row_is_one() -> None:
    assert [e.id for e in encounters("text,age\nCough.,40\nFever.,50\n")] == ["table-1", "table-2"]
    assert only("text,age\nCough.,40\n").id == "table"


@pytest.mark.parametrize(
    ("header", "value", "field", "wanted"),
    [
        ("Gender", "Female", "patient.sex", Sex.FEMALE),
        ("AGE", "67.0", "patient.age", 67),
        ("MRN", "p 7", "patient.id", "p 7"),
        ("DOS", "20260514", "date_of_service", date(2026, 5, 14)),
        ("POS", "2", "place_of_service", "02"),
        ("claim_type", "Facility", "claim_type", ClaimType.INSTITUTIONAL),
        ("Patient Class", "ED", "setting", Setting.EMERGENCY),
        ("Visit Type", "AMB", "setting", Setting.PROFESSIONAL),
        ("admittime", "2026-05-10 23:10:00", "admission", datetime(2026, 5, 10, 23, 10)),
        ("Hospital Account", "A1", "account", "A1"),
        ("Discharge Disposition", "01", "disposition", "01"),
    ],
)
def test_usual_headers_are_known(header: str, value: str, field: str, wanted: Any) -> None:
    found: Any = only(f"Note,{header}\nCough.,{value}\n")
    for part in field.split("."):
        found = getattr(found, part)
    assert found == wanted


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_may_be_any(separator: str, end: str) -> None:
    rows = [["note", "age"], ["Cough, dry; at night", "40"], [], ["Fever", "50"]]
    text = end.join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    assert [(e.documents[0].text, e.patient.age) for e in encounters(text)] == [
        ("Cough, dry; at night", 40),
        ("Fever", 50),
    ]


def test_a_document_says_how_final_it_is_and_what_it_replaces() -> None:
    found = only(
        "visit,note id,status,replaces,author,text\n1,a,Signed,,Roe,One\n1,b,amended,a,,Two\n1,b,draft,,,Three\n"
    )
    assert [(d.id, d.status, d.supersedes, d.author) for d in found.documents] == [
        ("a", DocumentStatus.FINAL, None, "Roe"),
        ("b", DocumentStatus.CORRECTED, "a", None),
        ("b.2", DocumentStatus.PRELIMINARY, None, None),
    ]


def test_codes_of_a_column_are_leads_that_assert_nothing() -> None:
    found = only("text,dx codes\nCough.,I10; E11.9 I10\n")
    assert [(c.code, c.kind, c.status) for c in found.codes] == [
        ("I10", RecordedKind.DIAGNOSIS, None),
        ("E11.9", RecordedKind.DIAGNOSIS, None),
    ]


@pytest.mark.parametrize(
    ("header", "value", "column"),
    [("sex", "?", "sex"), ("age", "old", "age"), ("dos", "14.5.2026", "service date"), ("setting", "attic", "setting"),
     ("dob", "2026-02-30", "birth date"), ("note time", "noon", "time of a document"), ("status", "lost", "status")],
)  # fmt: skip
def test_a_value_that_is_not_understood_is_told_and_left_out(header: str, value: str, column: str) -> None:
    (note,) = only(f"text,{header}\nCough.,{value}\n").notes
    assert column in note.message
    assert value not in note.message
    assert findings([note])


def test_rows_that_differ_are_told_and_the_first_holds() -> None:
    found = only("visit,sex,text\n1,F,One\n1,M,Two\n")
    assert found.patient.sex is Sex.FEMALE
    assert [n.rule for n in found.notes] == ["LEADTERM:records/csv-differs"]


def test_a_visit_of_a_patient_has_a_number_by_which_other_files_are_of_it() -> None:
    head = "visit number,mrn,account,text\n"
    assert {(n.kind.value, n.value) for n in only(f"{head}V-2001,778812,A77,Gout.").identifiers} == {
        ("visit", "V-2001"),
        ("patient", "778812"),
        ("account", "A77"),
    }
    # The count of a row numbers no visit, nor does anything without a patient.
    assert [only(head + row).identifiers for row in ("12,778812,,Gout.", "V-2001,,,Gout.")] == [(), ()]


def test_a_discharge_before_its_admission_is_left_out() -> None:
    found = only("text,admission,discharge\nCough.,2026-05-10,2026-05-09\n")
    assert (found.admission, found.discharge, len(found.notes)) == (date(2026, 5, 10), None, 1)


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"a,b\n1,2\n", "no column of texts"),
        (b"text,age\n", "no rows"),
        (b'text,age\n"Cough,40\n', "line 2: a quotation mark is not closed"),
        (b'text,age\n"Cough" Jane,40\n', "words follow a closing quotation mark"),
        (b"text,age\nCough, at night,40\n", "line 2: the row has 3 cells and the header 2"),
        (b"text\0age\n", "looks binary"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8", "is not utf-16-le"),
        (b"text," + b"x," * 1_001, "more than 1,000 cells"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(raw: bytes, wrong: str) -> None:
    with pytest.raises(InputError, match=wrong) as told:
        read(raw, "table.csv", "table")
    assert "Jane" not in str(told.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252"])
def test_every_character_is_found_in_the_bytes_of_the_file(encoding: str) -> None:
    text = 'age,note\r\n40,"Fièvre.\nSaid ""é“ twice"""\r\n50,Ödem\r\n'
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    raw = mark + text.encode(encoding)
    found = read(raw, "table.csv", "table")
    assert [e.documents[0].text for e in found] == ['Fièvre.\nSaid "é“ twice"', "Ödem"]
    codec = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(encoding, encoding)
    for encounter in found:
        assert source_of(raw, encounter.documents[0], codec) == encounter.documents[0].text
    assert bool(found[0].notes) is (encoding == "cp1252")
    origin = found[1].documents[0].origin
    assert origin
    assert {stretch.place for stretch in origin} == {"row 3"}


@settings(max_examples=40)
@given(st.lists(texts.filter(lambda text: text.strip() and "\0" not in text), min_size=1, max_size=4))
def test_whatever_was_written_is_read_again_with_its_bytes(notes: list[str]) -> None:
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(["text", "age"])
    writer.writerows([note, "40"] for note in notes)
    raw = file.getvalue().encode()
    found = read(raw, "table.csv", "table")
    assert [e.documents[0].text for e in found] == notes
    assert [source_of(raw, e.documents[0], "utf-8") for e in found] == notes


@settings(max_examples=60)
@given(st.binary(max_size=60), st.integers(0, 60))
def test_a_spoilt_table_is_read_or_refused(noise: bytes, at: int) -> None:
    raw = NOTES.encode()
    try:
        found = read(raw[:at] + noise + raw[at + len(noise) :], "table.csv", "table")
    except InputError:
        return
    assert found


def test_a_table_has_no_more_rows_than_a_record_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_MEMBERS", 3)
    assert len(encounters("text,age\n" + "a,1\n" * 3)) == 3
    with pytest.raises(InputError, match="more than 3 rows"):
        encounters("text,age\n" + "a,1\n" * 4)


def test_a_text_of_quotation_marks_costs_no_more_than_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MOST_MARKS", 10)
    with pytest.raises(InputError, match="more quotation marks"):
        read(b'text,age\n"' + b'"' * 400 + b'",4\n', "table.csv", "table")


def test_time_grows_with_the_length() -> None:
    def spent(rows: int) -> float:
        raw = ("age,note\n" + '40,"Cough ""dry"" é.\n"\n' * rows).encode()
        began = time.process_time()
        read(raw, "table.csv", "table")
        return time.process_time() - began

    spent(100)
    assert spent(1_600) < 20 * max(spent(400), 0.01)


def test_a_table_is_told_by_its_header() -> None:
    assert is_table(NOTES)
    assert is_table("\ufeffnote;age\n")
    assert not is_table("The patient, a woman, coughs.\n")
    assert not is_table("text\nCough.\n")
    assert not is_table("obs\n1\n")
