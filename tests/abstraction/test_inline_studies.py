"""Labels of studies in running text: how far "CXR: clear." holds, and what the account goes on as."""

from __future__ import annotations

import pytest

from leadterm.abstraction.layout.fold import fold
from leadterm.abstraction.layout.sections import find_sections


def kinds(text: str) -> list[tuple[str, str]]:
    return [(s.kind, text[s.start : s.end].strip()) for s in find_sections(text, fold(text))]


@pytest.mark.parametrize(
    ("text", "study", "after"),
    [
        ("Cough. CXR: clear. Dx: acute bronchitis.", "CXR: clear.", ("assessment", "Dx: acute bronchitis.")),
        ("US: single IUP. O pos. Dx threatened abortion.", "US: single IUP. O pos.", ("assessment", None)),
        ("HPI: pain.\nMRI: tear.\nImp - complete tear.\n", "MRI: tear.", ("assessment", "Imp - complete tear.")),
        ("HPI: weak.\n\nMRI: infarct. No bleed.\n\nDeficits: aphasia.", "MRI: infarct. No bleed.", (None, None)),
        ("Seen at noon.\nXR: hip fracture. Ortho on call: fragility fracture.", "XR: hip fracture.", (None, None)),
        ("ECG: sinus. Echo: EF 60%. She was started on apixaban.", "ECG: sinus. Echo: EF 60%.", (None, None)),
        (
            "HPI: pain.\n\nMRI 4/8: no stenosis.\n\nImpression\n  Herniated disc",
            "MRI 4/8: no stenosis.",
            ("assessment", None),
        ),
    ],
)
def test_the_label_of_a_study_holds_for_the_study(text, study, after):
    found = kinds(text)
    at = next(n for n, (_, said) in enumerate(found) if said == study)
    assert found[at][0] in ("imaging", "results")
    kind, said = found[at + 1]
    assert kind == after[0] if after[0] else kind not in ("imaging", "results")
    assert after[1] is None or said == after[1]


@pytest.mark.parametrize(
    "text",
    [
        "Imaging: CXR clear. CT head: no bleed. Lungs: clear. No acute fracture.",
        "Labs: WBC 10.9, Hgb 9.\nUA packed WBC.\nBlood cultures negative x 2.",
        "IMAGING\nShe was turned for the second view. Hip fracture.",
    ],
)
def test_sentences_about_the_study_stay_with_it(text):
    assert {kind for kind, _ in kinds(text)} <= {"imaging", "results"}


def test_a_numbered_list_below_an_examination_is_no_part_of_it():
    found = kinds("HPI: fall.\nExam: wheeze, no edema.\n\n1. COPD\n2. Hypertension")
    assert [kind for kind, _ in found] == ["hpi", "exam", "unknown"]


def test_a_history_of_one_line_ends_where_a_paragraph_has_a_name_of_its_own():
    found = kinds("HPI: weak.\nPMH none.\nAllergies: none.\n\nRespiratory: intubated on day 3.\n\nPlan: wean.")
    assert [kind for kind, _ in found] == ["hpi", "past-medical-history", "allergies", "unknown", "assessment-plan"]


def test_the_title_of_a_document_is_no_section():
    assert [kind for kind, _ in kinds("DISCHARGE / TRANSFER SUMMARY - SURGERY\n\nAdmitted for a fall.")] == ["unknown"]


def test_small_letters_before_a_colon_name_the_impression_inside_a_line():
    assert [kind for kind, _ in kinds("cough x4d. CXR infiltrate. imp: pneumonia.")][-1] == "impression"
