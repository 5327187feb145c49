"""Clinical validity: a documented diagnosis, the signs that a record shows, and the criteria set that is chosen."""

from __future__ import annotations

import re
from datetime import date

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import CodedEncounter, Document, Encounter, Finding, InputError, Patient, Query, Setting
from leadterm.edits.documentation.criteria_sets import chosen, sets
from leadterm.pipeline import Coder, edits_options, with_facts
from leadterm.review import draft, lint

from .notation import Case, case

CALM = "Vitals: T 36.8, BP 128/76, HR 78, RR 16, SpO2 97% on room air. WBC 8.1, creatinine 0.8, lactate 1.0."
INFLAMED = "Vitals: T 39.1, BP 118/76, HR 118, RR 18, SpO2 97% on room air. WBC 8.1, creatinine 0.8, lactate 1.0."
FAILING = "Vitals: T 36.8, BP 84/50, HR 78, RR 16, SpO2 97% on room air. WBC 8.1, creatinine 2.4, lactate 4.0."


def stay(codes: str, text: str, who: str = "inpatient F67 2026-05-14") -> Case:
    return case(f"{who}: {codes}\n# discharge summary\n{text}\n")


def judged(written: Case, book: CodeBook) -> dict[str, Finding]:
    """The findings of clinical validity by the slugs of their rules."""
    found = edits.check(with_facts(written.coded, book), book, options=written.options)
    return {f.rule.removeprefix("ICD10CM:I.A.19/"): f for f in found if f.rule.startswith("ICD10CM:I.A.19/")}


def asked(written: Case, book: CodeBook) -> tuple[Query, ...]:
    return edits.queries(with_facts(written.coded, book), book, options=written.options)


SEPSIS = "A41.9<Sepsis>"


@pytest.mark.parametrize(
    ("vitals", "chosen_set", "slug"),
    [
        (CALM, "", "indicators"),
        (INFLAMED, "", None),
        (INFLAMED, "criteria:sepsis-3", "indicators"),
        (FAILING, "criteria:sepsis-3", None),
        (FAILING, "", "indicators"),
    ],
)
def test_the_chosen_set_decides(vitals: str, chosen_set: str, slug: str | None, book: CodeBook) -> None:
    found = judged(stay(f"{SEPSIS} {chosen_set}", f"{vitals}\nDischarge diagnoses: Sepsis."), book)
    assert list(found) == ([slug] if slug else [])


def test_a_finding_names_the_set_what_is_there_and_what_is_not(book: CodeBook) -> None:
    text = "Vitals: T 36.8, BP 128/76, HR 118, RR 16. WBC 8.1.\nDischarge diagnoses: Sepsis."
    found = judged(stay(SEPSIS, text), book)["few-indicators"]
    assert "sepsis (A41.9) by the criteria sepsis-2: it shows heart rate above 90/min; it lacks temp" in found.message
    assert [e.text for e in found.evidence] == ["Sepsis", "HR 118"]
    assert found.source is not None
    assert "Levy MM" in found.source


@pytest.mark.parametrize(
    ("diagnosis", "code", "text", "slug"),
    [
        ("Acute kidney injury", "N17.9", "Creatinine 2.4, baseline 1.0.", None),
        ("Acute kidney injury", "N17.9", "Creatinine 1.0 to 2.4 on day 2.", None),
        ("Acute kidney injury", "N17.9", "Creatinine 212 umol/L. Creatinine 88 umol/L.", None),
        ("Acute kidney injury", "N17.9", "Creatinine 2.4.", "few-indicators"),
        ("Acute kidney injury", "N17.9", "Oliguria.", None),
        ("Acute blood loss anemia", "D62", "Hgb 13.1 to 8.4. GI bleed.", None),
        ("Acute blood loss anemia", "D62", "Hgb 14.2. GI bleed.", "few-indicators"),
        ("Metabolic encephalopathy", "G93.41", "Alert.", "indicators"),
        ("Metabolic encephalopathy", "G93.41", "He was confused on arrival; confusion resolved.", None),
        ("Acute respiratory failure with hypoxia", "J96.01", "SpO2 84% on room air, placed on BiPAP.", None),
        ("Acute respiratory failure with hypoxia", "J96.01", "No distress.", "indicators"),
        ("Severe malnutrition", "E43", "Weight loss of 12%, temporal wasting.", None),
        ("Severe malnutrition", "E43", "Weight loss of 12%.", "few-indicators"),
        ("Rhabdomyolysis", "M62.82", "CK 24,000.", None),
        ("Rhabdomyolysis", "M62.82", "CK 180.", "indicators"),
        ("Hyponatremia", "E87.1", "Na 141.", "measured-otherwise"),
        ("Hyponatremia", "E87.1", "Na 128, then 139.", None),
        ("NSTEMI", "I21.4", "Chest pain. Troponin 0.9.", None),
        ("NSTEMI", "I21.4", "No chest pain.", "indicators"),
        ("Pneumonia", "J18.9", "Cough. Chest x-ray with right lower lobe infiltrate.", None),
        ("Acute systolic heart failure", "I50.21", "Dyspnea, leg edema. BNP 1,840. IV furosemide.", None),
    ],
)
def test_diagnoses_and_their_signs(diagnosis: str, code: str, text: str, slug: str | None, book: CodeBook) -> None:
    whole = f"Vitals: T 36.8, BP 128/76, HR 78, RR 16.\n{text}\nDischarge diagnoses: {diagnosis}."
    found = judged(stay(f"{code}<{diagnosis}>", whole), book)
    assert list(found) == ([slug] if slug else [])


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("inpatient F67 2026-05-14", "Discharge diagnoses: Sepsis."),  # nothing measured was handed over
        ("inpatient F67 2026-05-14", "BP 128/76.\nDischarge diagnoses: Sepsis."),
        ("inpatient F6 2026-05-14", f"{CALM}\nDischarge diagnoses: Sepsis."),  # the set is of adults
        ("outpatient F67 2026-05-14", f"{CALM}\nAssessment: Sepsis."),
    ],
)
def test_what_a_record_cannot_show_is_not_missed(head: str, text: str, book: CodeBook) -> None:
    assert judged(stay(SEPSIS, text, head), book) == {}


def test_no_diagnosis_is_a_sign_of_itself(book: CodeBook) -> None:
    found = judged(stay("G93.41<Metabolic encephalopathy>", f"{CALM}\nAssessment: Metabolic encephalopathy."), book)
    assert list(found) == ["indicators"]


def test_a_measured_value_is_held_against_a_stage_in_every_setting(book: CodeBook) -> None:
    text = "Labs: eGFR 72.\nAssessment: CKD stage 4."
    found = judged(stay("N18.4<CKD stage 4>", text, "outpatient F67 2026-05-14"), book)
    assert list(found) == ["measured-otherwise"]


def test_a_code_is_never_taken_away(coder: Coder) -> None:
    text = f"{CALM}\nDISCHARGE DIAGNOSES\n1. Sepsis.\n2. Acute kidney injury.\n"
    answer = coded(coder, text)
    assert {"A41.9", "N17.9"} <= {a.code.value for a in answer.diagnoses}
    assert {f.rule for f in answer.findings} >= {"ICD10CM:I.A.19/indicators"}


def coded(coder: Coder, text: str) -> CodedEncounter:
    encounter = Encounter(
        "e",
        Setting.INPATIENT,
        discharge=date(2026, 5, 14),
        patient=Patient(age=67),
        documents=(Document("d1", text, "discharge summary"),),
    )
    return coder.code(encounter)


# --- the questions ---


@pytest.mark.parametrize("text", [CALM, "Vitals: T 36.8, BP 128/76, HR 118."])
def test_the_provider_is_asked_in_a_query_that_passes_its_rules(text: str, coder: Coder) -> None:
    answer = coded(
        coder, f"{text}\nDISCHARGE DIAGNOSES\n1. Sepsis.\n2. Severe malnutrition.\n3. Hyponatremia; Na 141.\n"
    )
    ids = [q.id for q in answer.queries]
    assert ids == [f"q{n}" for n in range(1, len(ids) + 1)]
    asked = [q for q in answer.queries if q.reason == "clinical-validation"]
    assert {q.codes for q in asked} >= {("A41.9",), ("E43",)}
    for query in asked:
        assert query.options[-2:] == ("other (please specify)", "unable to determine")
        assert lint(draft(query, answer.encounter, answer.facts), query, answer.encounter) == ()


def test_a_diagnosis_that_is_borne_out_is_not_asked_about(book: CodeBook) -> None:
    assert asked(stay(SEPSIS, f"{INFLAMED}\nDischarge diagnoses: Sepsis."), book) == ()


# --- the sets ---


@pytest.mark.parametrize("name", list(sets()))
def test_every_set_has_a_publication_of_its_year_or_before(name: str) -> None:
    made = sets()[name]
    years = re.findall(r"\b(?:19|20)\d\d\b", made.source)
    assert made.version in years or int(made.version) <= max(map(int, years))
    assert made.needed >= 1
    for group in made.groups:
        assert sum(max(s.points for s in signs) for signs in group.signs.values()) >= group.needs


def test_a_chosen_set_takes_the_place_of_the_standard_one_of_its_diagnosis() -> None:
    standard = {s.name for s in chosen(())}
    assert {s.name for s in chosen(("sepsis-3",))} == standard - {"sepsis-2"} | {"sepsis-3"}


@pytest.mark.parametrize(
    ("names", "said"),
    [(("sepsis-4",), "Do you mean sepsis-"), (("glim", "aspen"), "choose one of them"), (("x",), "There are: ")],
)
def test_a_wrong_choice_is_refused_in_a_sentence(names: tuple[str, ...], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        edits_options(names)
