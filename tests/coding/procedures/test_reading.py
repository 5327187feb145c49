"""What counts as done at this stay, which words decide an axis, what stays a question."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.codesets.pcs.tables import PcsTables
from leadterm.coding.procedures.building import spread
from leadterm.coding.procedures.rooms import ROOMS
from leadterm.coding.procedures.terms import terms
from leadterm.domain import ClaimType, CodedEncounter, CodeSystem, Document, Encounter, Role, Setting
from leadterm.pipeline import Coder, Profile

ON = date(2026, 5, 8)


def coded(coder: Coder, text: str, setting: Setting = Setting.INPATIENT, **more: object) -> CodedEncounter:
    stay = setting is Setting.INPATIENT
    when = {"discharge": ON} if stay else {"date_of_service": ON}
    return coder.code(Encounter("case", setting, documents=(Document("d1", text),), **when, **more))  # type: ignore[arg-type]


def procedures(answer: CodedEncounter) -> list[str]:
    return [a.code.value for a in answer.assignments if a.code.system is CodeSystem.ICD10PCS]


NOTE = """OPERATIVE REPORT
PREOPERATIVE DIAGNOSIS: Mass of the {side} kidney.
PROCEDURE PERFORMED: {what}
DESCRIPTION OF PROCEDURE: The patient was positioned. {how} The wound was closed in layers.
"""


def test_a_biopsy_is_diagnostic_and_takes_its_side_from_the_diagnosis(full_coder: Coder):
    text = NOTE.format(
        side="left", what="Percutaneous needle biopsy of kidney", how="A core was taken under ultrasound."
    )
    assert procedures(coded(full_coder, text)) == ["0TB13ZX"]


def test_a_side_that_nobody_tells_is_asked_and_not_guessed(full_coder: Coder):
    text = NOTE.format(side="", what="Percutaneous needle biopsy of kidney", how="A core was taken.")
    answer = coded(full_coder, text)
    assert procedures(answer) == []
    asked = [q for q in answer.queries if q.reason == "procedure"]
    assert len(asked) == 1
    assert "side" in asked[0].question
    assert asked[0].options[:2] == ("Kidney, Right", "Kidney, Left") or set(asked[0].options[:2]) == {
        "Kidney, Right",
        "Kidney, Left",
    }


@pytest.mark.parametrize(
    "told",
    [
        "History of percutaneous biopsy of the left kidney in 2019.",
        "Percutaneous biopsy of the left kidney was discussed and declined.",
        "He will undergo percutaneous biopsy of the left kidney next week.",
        "No biopsy of the left kidney was performed.",
        "Percutaneous biopsy of the left kidney was considered but not performed.",
        "Status post biopsy of the left kidney at an outside hospital in 2021.",
    ],
)
def test_what_was_not_done_at_this_stay_is_not_coded(full_coder: Coder, told: str):
    assert procedures(coded(full_coder, f"HOSPITAL COURSE: Admitted with hematuria. {told} Discharged home.")) == []


def test_a_course_that_tells_it_as_done_is_coded(full_coder: Coder):
    text = "HOSPITAL COURSE: Admitted with hematuria. On 5/3 he underwent percutaneous biopsy of the left kidney."
    assert procedures(coded(full_coder, text)) == ["0TB13ZX"]


def test_no_claim_but_that_of_a_hospital_for_a_stay_bears_procedures(full_coder: Coder):
    text = NOTE.format(side="left", what="Percutaneous needle biopsy of left kidney", how="A core was taken.")
    assert procedures(coded(full_coder, text, Setting.OUTPATIENT)) == []
    assert procedures(coded(full_coder, text, claim_type=ClaimType.PROFESSIONAL)) == []


def test_the_first_is_the_principal_procedure_and_each_bears_words_and_a_way(full_coder: Coder):
    text = NOTE.format(side="left", what="Percutaneous needle biopsy of left kidney", how="A core was taken.")
    answer = coded(full_coder, text)
    made = [a for a in answer.assignments if a.code.system is CodeSystem.ICD10PCS]
    assert made[0].role is Role.PRINCIPAL_PROCEDURE
    for a in made:
        assert a.evidence
        assert all(text[e.span.start : e.span.end] == e.text for e in a.evidence)
        assert any("approach" in step.text for step in a.pathway)


def test_without_tables_titles_stand_in_and_it_is_said(coder: Coder):
    text = NOTE.format(side="left", what="Percutaneous needle biopsy of left kidney", how="A core was taken.")
    answer = coded(coder, text)
    assert procedures(answer) == ["0TB13ZX"]
    assert "ICD10PCS:A9/titles" in {f.rule for f in answer.findings}


WORDS = st.sampled_from(
    "left right bilateral open laparoscopic percutaneous biopsy excision of kidney colon knee arm drainage repair with "
    "mesh stent and , . removal stone gallbladder was performed x2 total partial needle resection abscess skin".split()
)


@settings(max_examples=60)
@given(st.lists(WORDS, max_size=14))
def test_no_words_lead_to_an_illegal_code(full_coder: Coder, full_book: CodeBook, words: list[str]):
    tables = full_book.component(PcsTables, ON)
    answer = coded(full_coder, f"PROCEDURE PERFORMED: {' '.join(words)}\nDESCRIPTION: {' '.join(reversed(words))}.")
    assert all(tables.is_legal(code) for code in procedures(answer))


def test_every_template_of_the_lexicon_has_a_table_row(full_book: CodeBook):
    tables = full_book.component(PcsTables, ON)
    for term in terms():
        for template in term.codes:
            if template.startswith("@"):
                assert template[1:].partition(":")[0] in ROOMS, term.name
                continue
            systems, template = spread(template)
            assert len(template) == 7, term.name
            if "?" in template[:3]:
                assert all(tables.table(f"{template[0]}{system}{template[2]}") for system in systems), term.name
                continue
            fixed = {n: c for n, c in enumerate(template, 1) if n > 3 and c != "_"}
            table = tables.table(template[:3])
            newer = "_" not in template and full_book.title_of(template) is not None
            assert newer or (table and any(row.has(fixed) for row in table.rows)), f"{term.name}: {template}"


def test_no_pattern_of_the_lexicon_matches_where_nothing_stands():
    for term in terms():
        for pattern in (term.pattern, term.when, term.unless, term.report_when, term.report_unless):
            assert pattern is None or pattern.search("") is None, term.name
            assert pattern is None or pattern.search("zzz zzz") is None, term.name


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("HPI: past medical history significant for prior colonoscopy and EGD.", ["0DJD8ZZ", "0DJ08ZZ"]),
        ("FAMILY HISTORY: mother had a CABG, a stent and a hysterectomy. PLAN: spinal fusion, central line.", []),
        ("PAST SURGICAL HISTORY: total knee replacement, below knee amputation, debridement.", []),
    ],
)
def test_the_profile_of_concepts_maps_what_is_complete_in_any_passage(
    text: str, wanted: list[str], full_book: CodeBook
):
    mapped = Coder(full_book, profile=Profile.CONCEPTS)
    coded = mapped.code(Encounter("case", Setting.INPATIENT, discharge=ON, documents=(Document("d1", text),)))
    assert [a.code.value for a in coded.assignments if a.code.system is CodeSystem.ICD10PCS] == wanted
