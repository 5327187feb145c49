"""Reports of laboratories, pathologists and radiologists: whose word is a diagnosis, and where (III.B, IV.K)."""

from __future__ import annotations

from datetime import date

import pytest

from leadterm.domain import Document, Encounter, Setting
from leadterm.pipeline import Coder

DAY = date(2026, 5, 14)
NOTE = Document("n", "Assessment: Fatigue.\n", type="progress note", author_role="physician")


def codes(coder: Coder, setting: Setting, *documents: Document) -> list[str]:
    stay = setting is Setting.INPATIENT
    days = {"admission": DAY, "discharge": DAY} if stay else {"date_of_service": DAY}
    answer = coder.code(Encounter("e", setting, documents=documents, **days))
    return [a.code.value for a in answer.assignments if a.code.system.value == "icd10cm"]


@pytest.mark.parametrize("setting", [Setting.INPATIENT, Setting.OUTPATIENT, Setting.PROFESSIONAL])
@pytest.mark.parametrize("words", ["Conclusion: Iron deficiency anemia.", "Laboratory results:\nIMPRESSION: Anemia."])
def test_a_laboratory_diagnoses_nothing(coder: Coder, setting: Setting, words: str) -> None:
    report = Document("r", words, type="laboratory report", author_role="laboratory")
    assert codes(coder, setting, report) == []
    assert codes(coder, setting, NOTE, report) == ["R53.83"]


@pytest.mark.parametrize("role", ["pathologist", "radiologist"])
def test_what_a_physician_has_interpreted_is_coded_in_outpatient_care(coder: Coder, role: str) -> None:
    report = Document("r", "Impression: Osteochondroma of the left femur.", type="report", author_role=role)
    assert codes(coder, Setting.OUTPATIENT, report) == ["D16.22"]


def test_what_a_provider_makes_of_results_is_coded(coder: Coder) -> None:
    report = Document("r", "Ferritin 4. Iron deficiency anemia.", type="laboratory report", author_role="laboratory")
    note = Document("n", "Assessment: Iron deficiency anemia.\n", author_role="physician")
    assert codes(coder, Setting.PROFESSIONAL, note, report) == ["D50.9"]
