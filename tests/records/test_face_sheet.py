"""The head of a note: labels in, days and numbers out; nothing where it is not the patient's or said in two ways."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.domain import Document, DocumentStatus, Encounter, Identifier, IdentifierKind, Setting, Sex
from leadterm.records import BadRow, Overrides, read_charts, read_joined
from leadterm.records.face_sheet import STAY, with_face_sheet
from leadterm.records.withdrawn import WITHDRAWN

VISIT, ACCOUNT, PATIENT = IdentifierKind.VISIT, IdentifierKind.ACCOUNT, IdentifierKind.PATIENT


def read(text: str) -> Encounter:
    return with_face_sheet(Encounter("e1", documents=(Document("d1", text),)))


def test_a_head_tells_patient_stay_and_numbers() -> None:
    head = read(
        "DISCHARGE SUMMARY\nPatient: Helga Brandt   MRN: 778812   DOB: 09/17/1948  Sex: Female\n"
        "Visit number: V20260302\tAcct #: 00991\nAdmitted: 03/02/2026   Discharged: March 7, 2026\n\n"
        "COURSE: Date: 1/1/2020"
    )
    assert (head.patient.id, head.patient.birth_date, head.patient.sex) == ("778812", date(1948, 9, 17), Sex.FEMALE)
    assert (head.admission, head.discharge) == (date(2026, 3, 2), date(2026, 3, 7))
    assert set(head.identifiers) == {
        Identifier(VISIT, "V20260302"),
        Identifier(ACCOUNT, "00991"),
        Identifier(PATIENT, "778812"),
    }
    assert head.notes == (STAY,)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Date of service: 2026-05-14", date(2026, 5, 14)),
        ("**DOS:** 5/14/26", date(2026, 5, 14)),
        ("Visit date 14-May-2026", date(2026, 5, 14)),
        ("DATE: May 14, 2026 09:30", date(2026, 5, 14)),
        ("Date: 5/1/2026\nDate of procedure: 5/14/2026", date(2026, 5, 14)),
        # Not of this visit, not one day, or no day at all.
        ("Due date: 5/14/2026", None),
        ("Date of service: 5/14/2026\nDOS: 5/15/2026", None),
        ("Date: 14/5/2026", None),
        ("Admission Date: [**2151-7-16**]", None),
        ("He will be seen on date 5/14/2026", None),
    ],
)
def test_the_day_of_the_visit(text: str, day: date | None) -> None:
    head = read(text)
    assert head.date_of_service == day
    dated = head.documents[0].service_time
    assert (dated.date() if dated else None) == day


@pytest.mark.parametrize(
    "text",
    [
        "Mother's DOB: 01/02/1970",
        "Guarantor MRN: 778812",
        "DOB: 1/2/48",  # of which century?
        "Next visit: 12345 weeks",
        "diagnosed at age 45",
        "Gestational age: 32",
        "Age: 3 months",
        "Visit # 03-02-2026",
        "MRN: 111111\nMRN: 222222",
        "Age: 200",
        "Admitted: 03/07/2026\nDischarged: 03/02/2026",
    ],
)
def test_what_is_not_the_patients_or_no_one_thing_tells_nothing(text: str) -> None:
    head = read(text)
    assert head == Encounter("e1", documents=head.documents)


@given(st.text(max_size=300))
def test_any_text_is_read_and_stays_as_it_is(text: str) -> None:
    assert read(text).documents[0].text == text


def test_what_flags_say_wins_and_a_named_setting_needs_no_word(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Admitted: 03/02/2026\nDischarged: 03/07/2026\nDOB: 09/17/1948\n\nPneumonia.\n")

    def chart(overrides: Overrides) -> Encounter:
        (only,) = read_charts(note, io.BytesIO(), overrides)
        assert not isinstance(only.content, BadRow)
        return only.content

    assert chart(Overrides()).notes == (STAY,)
    stay = chart(Overrides(setting=Setting.INPATIENT, day=date(2026, 3, 8), age=50))
    assert (stay.notes, stay.discharge, stay.patient.age) == ((), date(2026, 3, 8), 50)


def test_a_note_joins_the_messages_of_its_visit(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "MRN: 778812  DOB: 09/17/1948\nVisit #: V2001\nAdmitted: 3/2/2026\nDischarged: 3/7/2026\n\nGout."
    )
    (tmp_path / "b.hl7").write_text(
        "MSH|^~\\&|A|B|C|D|20260307||ADT^A03|1|P|2.5\rPID|1||778812^^^B^MR||Brandt^Helga||19480917|F\r"
        "PV1|1|I|||||||||||||||||V2001|||||||||||||||||||||||||20260302|20260307\r"
    )
    other = "MRN: 5512\nDOB: 01/01/1950\nVisit #: V2001\n\nGout."  # a slip in the number, or another's note
    (tmp_path / "c.txt").write_text(other)
    paths = [tmp_path / name for name in ("a.txt", "b.hl7", "c.txt")]
    told = [c.content for c in read_joined(paths, io.BytesIO(), Overrides())]
    assert [(len(e.documents), e.setting) for e in told if isinstance(e, Encounter)] == [
        (1, Setting.INPATIENT),
        (1, Setting.OUTPATIENT),
    ]
    first = told[0]
    assert isinstance(first, Encounter)
    assert STAY not in first.notes


@pytest.mark.parametrize(
    "head",
    [
        # Cells of one row, as tables of HTML and PDF are written; a label that a narrow column parts from its value.
        "MRN: | 9900145 | DOB: | 01/11/2026\nVisit #: | N330078 | Sex: | Male\n",
        "MRN\t9900145\tDOB\t01/11/2026\tSex\tMale\nVisit #\tN330078\n",
        "Visit #: N330078  MRN: 9900145  DOB:\n01/11/2026\tSex: M\n",
        # A row of labels over a row of values.
        "Patient | MRN | DOB | Sex | Visit #\nKim, Boy | 9900145 | 01/11/2026 | M | N330078\n",
    ],
)
def test_a_head_that_is_a_table(head: str) -> None:
    told = read(head + "HPI: well.")
    assert (told.patient.birth_date, told.patient.sex) == (date(2026, 1, 11), Sex.MALE)
    assert set(told.identifiers) == {Identifier(VISIT, "N330078"), Identifier(PATIENT, "9900145")}


@pytest.mark.parametrize(
    ("line", "back"),
    [
        ("*** ENTERED IN ERROR - WRONG PATIENT ***", True),
        ("This note was entered in error on 9/9/2026 by S. Roy, MD.", True),
        ("Document status: Retracted", True),
        ("Please disregard this note: duplicate", True),
        # Of something else than the note, or no more than a word of it.
        ("Entered in error: penicillin allergy", False),
        ("The note of 9/8 was entered in error", False),
        ("Voided twice overnight", False),
        ("Note: withdrawn and quiet", False),
        ("Status: void of complaint", False),
    ],
)
def test_a_note_that_takes_itself_back_at_its_head(line: str, back: bool) -> None:
    told = read(f"ED PROGRESS NOTE\nMRN: 778812\n{line}\nAssessment: gout.")
    assert (told.documents[0].status is DocumentStatus.RETRACTED, WITHDRAWN in told.notes) == (back, back)
