"""Codes that a record bears: leads, which become codes only where the record asserts them and its words stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.codesets.made import read, release, store, written

from leadterm.cli.render import print_coded
from leadterm.codesets import CodeBook
from leadterm.codesets.crosswalks import leading
from leadterm.codesets.crosswalks.leading import OwnLeads, leads_to
from leadterm.codesets.formats import own_leads
from leadterm.coding import recorded_leads
from leadterm.domain import (
    CodedEncounter,
    Document,
    DocumentStatus,
    Encounter,
    Evidence,
    LeadUse,
    Patient,
    RecordedCode,
    RecordedKind,
    Setting,
    Sex,
    Span,
    Step,
)
from leadterm.pipeline import Coder
from leadterm.schemas import decode, encode

DAY = date(2026, 5, 14)
# A disease that no dictionary knows, called so by an invented clinic.
WORDS = "Zorblatt syndrome"
TEXT = f"Assessment:\n1. {WORDS}\n2. Hypertension\n"
KRABBE = RecordedCode("E75.23", "icd10cm", "active", WORDS, RecordedKind.DIAGNOSIS)
MAP = "system,code,icd10cm,approximate\nsnomed,192782005,E75.23,\nL,KR-1,E75.23,\nL,KR-2,E75.23,true\nL,KR-3,,\n"
MAP += "L,KR-4,E75.23,\nL,KR-4,E75.29,\n2.16.1.2,X,E75.2,\n"


def quote(text: str, words: str = WORDS) -> Evidence:
    start = text.index(words)
    return Evidence("d1", Span(start, start + len(words)), words)


def visit(*codes: RecordedCode, text: str = TEXT, **document: Any) -> Encounter:
    """A visit with that note and these codes, which refer to its words where they are in it."""
    quoted = [replace(c, evidence=quote(text, c.text)) if c.text and c.text in text else c for c in codes]
    note = Document("d1", text, **document)
    return Encounter(
        "visit",
        Setting.PROFESSIONAL,
        date_of_service=DAY,
        patient=Patient(sex=Sex.FEMALE, age=40),
        documents=(note,),
        codes=tuple(quoted),
    )


def told(answer: CodedEncounter) -> tuple[LeadUse, str]:
    (lead,) = answer.leads
    return lead.use, lead.why


def codes(answer: CodedEncounter) -> list[str]:
    return [a.code.value for a in answer.diagnoses]


# --- what becomes a code ---


def test_a_diagnosis_that_the_record_asserts_and_its_words_name_is_coded(coder: Coder) -> None:
    answer = coder.code(visit(KRABBE))
    assert codes(answer) == ["E75.23", "I10"]
    first = answer.diagnoses[0]
    assert [e.text for e in first.evidence] == [WORDS]
    assert first.pathway[0].step is Step.MAP
    assert first.pathway[0].text == "the record codes these words icd10cm E75.23: E75.23 by the record itself"
    assert told(answer)[0] is LeadUse.CODED
    assert set(first.facts) <= {f.id for f in answer.facts}


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (replace(KRABBE, kind=RecordedKind.PROBLEM), "problem list"),
        (replace(KRABBE, kind=None), "does not say of what"),
        (replace(KRABBE, status=None), "not assert"),
        (replace(KRABBE, status="resolved"), "not assert"),
        (replace(KRABBE, status="uncertain"), "not assert"),
        (replace(KRABBE, status="family"), "not assert"),
        (replace(KRABBE, role="admitting"), "admission"),
        (replace(KRABBE, role="working"), "work-up"),
        (replace(KRABBE, text="words of no document"), "no words"),
        (replace(KRABBE, code="E75.2"), "not a complete code"),
        (replace(KRABBE, code="74.1", system="a local list"), "No installed map"),
        (replace(KRABBE, code="no code at all"), "No installed map"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_any_other_lead_is_told_and_not_coded(coder: Coder, code: RecordedCode, why: str) -> None:
    answer = coder.code(visit(code))
    assert codes(answer) == ["I10"]
    assert told(answer)[0] is LeadUse.OPEN
    assert why in told(answer)[1]


@pytest.mark.parametrize(
    "line",
    [f"No {WORDS}", f"Possible {WORDS}", f"Family history of {WORDS}", f"{WORDS}, resolved", f"R/o {WORDS}"],
)
def test_words_that_take_it_back_outweigh_the_entry(coder: Coder, line: str) -> None:
    answer = coder.code(visit(KRABBE, text=f"Assessment:\n1. {line}\n2. Hypertension\n"))
    assert codes(answer) == ["I10"]
    assert told(answer) == (LeadUse.OPEN, "The words that it refers to say something else of it.")


def test_words_that_the_chart_denies_are_not_coded(coder: Coder) -> None:
    code = replace(KRABBE, code="I50.9", text="heart failure")
    assert codes(coder.code(visit(code, text="Assessment: Hypertension without heart failure.\n"))) == ["I10"]


def test_a_lead_agrees_where_the_words_support_the_same_code(coder: Coder) -> None:
    answer = coder.code(visit(replace(KRABBE, code="I10", text="Hypertension")))
    assert codes(answer) == ["I10"]
    assert told(answer)[0] is LeadUse.AGREES


def test_a_lead_that_its_sender_calls_icd_10_agrees_and_is_not_coded_by_itself(coder: Coder) -> None:
    international = replace(KRABBE, system="icd10", text="Hypertension", code="I10")
    assert told(coder.code(visit(international)))[0] is LeadUse.AGREES
    answer = coder.code(visit(replace(KRABBE, system="icd10")))
    assert (codes(answer), told(answer)) == (["I10"], (LeadUse.OPEN, "The map leaves it open (approximate)."))


def test_a_lead_that_says_more_than_its_words_adds_nothing(coder: Coder) -> None:
    answer = coder.code(visit(replace(KRABBE, code="I16.0", text="Hypertension")))
    assert codes(answer) == ["I10"]
    assert told(answer) == (LeadUse.OPEN, "Its words are coded by what they say.")


def test_words_where_nothing_is_concluded_are_left(coder: Coder) -> None:
    text = f"Family history:\n{WORDS} in the past.\n\nAssessment: Hypertension.\n"
    assert codes(coder.code(visit(KRABBE, text=text))) == ["I10"]


def test_a_document_that_was_taken_back_supports_no_lead(coder: Coder) -> None:
    encounter = visit(KRABBE, status=DocumentStatus.RETRACTED)
    kept = Document("d2", "Assessment: Hypertension.\n")
    answer = coder.code(replace(encounter, documents=(*encounter.documents, kept)))
    assert codes(answer) == ["I10"]
    assert "no words" in told(answer)[1]


def test_one_lead_in_two_systems_is_one_code(coder: Coder) -> None:
    answer = coder.code(visit(KRABBE, replace(KRABBE, source="another entry")))
    assert codes(answer) == ["E75.23", "I10"]
    assert [lead.use for lead in answer.leads] == [LeadUse.CODED, LeadUse.CODED]


def test_a_person_sees_where_a_code_of_the_record_leads(coder: Coder, capsys: pytest.CaptureFixture[str]) -> None:
    many = [replace(KRABBE, kind=RecordedKind.PROBLEM, source=f"entry {n}") for n in range(14)]
    print_coded(coder.code(visit(*many)))
    shown = capsys.readouterr().out
    assert "record icd10cm E75.23 (problem, active) → E75.23 by the record itself open: A problem list" in shown
    assert "and 2 more codes of the record" in shown


def test_leads_are_written_and_read_again(coder: Coder) -> None:
    answer = coder.code(visit(KRABBE, replace(KRABBE, kind=RecordedKind.PROBLEM, day=DAY)))
    assert decode.coded(encode.coded(answer)).leads == answer.leads


# --- the user's own map ---


class Mapped:
    """The code book with a map of the user's own."""

    def __init__(self, book: CodeBook, own: OwnLeads) -> None:
        self._book, self._own = book, own

    def find(self, face: type, on: date | None = None) -> Any:
        return self._own if face is OwnLeads else self._book.find(face, on)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._book, name)


@pytest.fixture
def mapped(book: CodeBook, tmp_path: Path) -> Any:
    found, made = read(own_leads.FORMATS[0], written("map.csv", MAP))
    return Mapped(book, OwnLeads(store(tmp_path, made), release(found, made)))


@pytest.mark.parametrize(
    ("system", "code", "targets", "open_"),
    [
        ("snomed", "192782005", ("E75.23",), ""),
        ("l", "kr-1", ("E75.23",), ""),
        ("L", "KR-2", ("E75.23",), "approximate"),
        ("L", "KR-3", (), "no equivalent"),
        ("L", "KR-4", ("E75.23", "E75.29"), "several codes to choose from"),
        ("urn:oid:2.16.1.2", "X", ("E75.2",), "not a complete code in force on 2026-05-14"),
    ],
)
def test_a_code_leads_where_the_own_map_says(
    mapped: Any, system: str, code: str, targets: tuple[str, ...], open_: str
) -> None:
    way = leads_to(mapped, system, code, DAY)
    assert way is not None
    assert (way.targets, way.open, way.certain) == (targets, open_, not open_)


def test_a_code_that_no_map_has_leads_nowhere(mapped: Any) -> None:
    assert leads_to(mapped, "L", "KR-9", DAY) is None
    assert leads_to(mapped, None, "KR-1", DAY) is None


def test_a_local_code_is_coded_by_the_own_map(mapped: Any) -> None:
    local = replace(KRABBE, system="L", code="KR-1")
    leads = recorded_leads(visit(local), (), mapped, DAY, ())
    assert [f.targets for f in leads.facts] == [("E75.23",)]
    assert (leads.openings or {})["r1"].steps[0].text.endswith(f"L KR-1: E75.23 by {leading.OWN}")
