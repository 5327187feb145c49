"""What is read from a note: what kind of note it is, new or established, time, and what must hold of whole notes."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.coding.visits import Worksheet, worksheets
from leadterm.coding.visits.known import known
from leadterm.coding.visits.notes import notes
from leadterm.coding.visits.times import total
from leadterm.domain import CodeSystem, Document, Encounter, Setting
from leadterm.pipeline import Coder

from .made import chart_of

HEAD = "OFFICE VISIT - established patient\nHPI: Here for follow-up.\nExam: well.\n"
# Items of an assessment with plans, of every nature.
ITEMS = (
    "Hypertension, stable - continue lisinopril 10 mg daily.",
    "Type 2 diabetes, uncontrolled - increase metformin. A1c ordered.",
    "Hypothyroidism - continue levothyroxine 75 mcg. Check TSH.",
    "Common cold - saline spray.",
    "COPD exacerbation - prednisone 40 mg daily for 5 days.",
    "Left ankle sprain - ice and brace.",
    "Pneumonia - doxycycline 100 mg BID, CBC.",
    "Acute pulmonary embolism - admit to medicine, heparin.",
)
MORE = (
    "Discussed with Dr. Osei, cardiology.",
    "I independently interpreted the EKG.",
    "Reviewed the discharge summary from Mercy Hospital.",
    "Lipid panel ordered.",
    "Total time spent on the date of the encounter was 47 minutes.",
    "He cannot afford his insulin.",
)


def sheet_of(text: str, book: CodeBook) -> Worksheet:
    (sheet,) = worksheets(chart_of(text, book))
    return sheet


def note(items: list[str], more: list[str]) -> str:
    listed = "".join(f"{n}. {item}\n" for n, item in enumerate(items, 1))
    return f"{HEAD}Assessment and Plan:\n{listed}" + "".join(f"{one}\n" for one in more)


quick = settings(max_examples=25)


@quick
@given(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=4, unique=True), st.sampled_from(ITEMS))
def test_one_problem_more_never_lowers_the_level(book: CodeBook, items: list[str], more: str) -> None:
    before, after = sheet_of(note(items, []), book), sheet_of(note([*items, more], []), book)
    assert (after.code or "") >= (before.code or "")


@quick
@given(
    st.lists(st.sampled_from(ITEMS), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(MORE), max_size=3, unique=True),
    st.sampled_from(MORE),
)
def test_one_sentence_more_never_lowers_the_level(book: CodeBook, items: list[str], told: list[str], more: str) -> None:
    before, after = sheet_of(note(items, told), book), sheet_of(note(items, [*told, more]), book)
    assert (after.code or "") >= (before.code or "")


@quick
@given(st.lists(st.sampled_from(ITEMS), min_size=2, max_size=5, unique=True), st.randoms())
def test_the_order_of_problems_does_not_matter(book: CodeBook, items: list[str], dice: random.Random) -> None:
    mixed = list(items)
    dice.shuffle(mixed)
    one, other = sheet_of(note(items, []), book), sheet_of(note(mixed, []), book)
    assert one.decision == other.decision
    assert {(e.kind, e.name) for e in one.elements} == {(e.kind, e.name) for e in other.elements}


@quick
@given(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=4, unique=True), st.lists(st.sampled_from(MORE)))
def test_evidence_is_the_words_of_the_note(book: CodeBook, items: list[str], more: list[str]) -> None:
    text = note(items, more)
    elements = sheet_of(text, book).elements
    assert elements
    for element in elements:
        assert element.evidence
        assert all(e.text == text[e.span.start : e.span.end] for e in element.evidence)


@pytest.mark.parametrize(
    ("words", "is_known"),
    [
        ("New patient visit.", False),
        ("Here to establish care.", False),
        ("She is new to our practice.", False),
        ("Last seen in our clinic 5 years ago.", False),
        ("Last seen here two years ago.", True),
        ("Established patient.", True),
        ("He returns for follow-up of gout.", True),
        ("No falls since his last visit.", True),
        ("Seen in the office for follow up of asthma.", True),
        ("She presents with cough.", None),
        ("Seen for hospital follow-up after pneumonia.", None),
        ("Referred to establish a diagnosis.", None),
    ],
)
def test_new_or_established_is_what_the_note_tells(book: CodeBook, words: str, is_known: bool | None) -> None:
    text = f"OFFICE VISIT\nHPI: {words}\nAssessment: Asthma, stable\nPlan: albuterol. Follow-up in 3 months."
    chart = chart_of(text, book)
    assert known(chart, notes(chart)[0])[0] is is_known


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("I spent 35 minutes on the date of the encounter, including chart review.", 35),
        ("Total time: 1 hour 5 minutes today.", 65),
        ("Total time spent on the day of the visit 40-45 minutes.", 40),
        ("I spent 10 minutes reviewing records, 20 minutes with the patient and 5 minutes documenting today.", 35),
        ("Total visit time 30 minutes, of which 20 minutes were counseling.", 30),
        ("Total time today 50 minutes, exclusive of 12 minutes of tobacco cessation.", 50),
        ("Spent 12 minutes on smoking cessation counseling.", None),
        ("Pain lasts 20 minutes a day.", None),
        ("Nurse spent 15 minutes on teaching for the visit.", None),
        ("Walks 30 minutes every day.", None),
    ],
)
def test_the_total_time_is_the_providers_own(book: CodeBook, words: str, minutes: int | None) -> None:
    chart = chart_of(note([ITEMS[0]], [words]), book)
    spent = total(notes(chart)[0])
    assert (spent.minutes if spent else None) == minutes


@pytest.mark.parametrize(
    "head",
    [
        "OPERATIVE REPORT",
        "RADIOLOGY REPORT",
        "NURSING NOTE",
        "PATHOLOGY REPORT",
        "PHYSICAL THERAPY DAILY NOTE",
        "TELEPHONE ENCOUNTER",
        "Medication Administration Record",
        "DISCHARGE INSTRUCTIONS",
    ],
)
def test_what_is_no_visit_has_no_worksheet(book: CodeBook, head: str) -> None:
    text = f"{head}\nHPI: Seen today with cough, established patient.\nAssessment: Bronchitis\nPlan: albuterol."
    assert worksheets(chart_of(text, book)) == ()


@pytest.mark.parametrize("role", ["RN", "medical assistant", "radiologist", "physical therapist"])
def test_others_write_no_visit(book: CodeBook, role: str) -> None:
    document = {"id": "d1", "text": note([ITEMS[0]], []), "author_role": role}
    assert worksheets(chart_of("", book, documents=[document])) == ()


def test_a_visit_before_the_rules_has_no_level(book: CodeBook) -> None:
    chart = chart_of(note([ITEMS[0]], []), book, date_of_service=date(2020, 5, 14).isoformat())
    assert worksheets(chart) == ()


def test_history_counts_as_no_problem(book: CodeBook) -> None:
    text = f"{HEAD}PMH: heart failure, COPD, diabetes\nAssessment: Common cold\nPlan: rest."
    assert [e.name for e in sheet_of(text, book).elements if e.axis == "problems"] == [
        "acute nasopharyngitis [common cold]"
    ]


def test_two_notes_of_a_day_are_one_visit(book: CodeBook) -> None:
    documents = [
        {"id": "d1", "text": note([ITEMS[0]], [])},
        {"id": "d2", "text": note([ITEMS[2]], []), "status": "addendum"},
    ]
    (sheet,) = worksheets(chart_of("", book, documents=documents))
    assert sheet.documents == ("d1", "d2")
    assert sheet.code == "99214"


@pytest.mark.parametrize(("year", "codes"), [(2012, []), (2021, []), (2024, ["99239"])])
def test_a_discharge_of_any_year_is_answered(coder: Coder, year: int, codes: list[str]) -> None:
    text = "DISCHARGE SUMMARY\nDischarge diagnosis: Pneumonia.\nI spent 40 minutes on the discharge of the patient.\n"
    note = Document("d1", text)
    left = Encounter("e1", Setting.PROFESSIONAL, date_of_service=date(year, 5, 14), documents=(note,))
    answer = coder.code(left)
    assert [a.code.value for a in answer.assignments if a.code.system is CodeSystem.CPT] == codes
