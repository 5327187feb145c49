"""Questions to the provider: asked where the list knows more than the chart says, with the list's own options."""

from __future__ import annotations

from datetime import date

import pytest

from leadterm.domain import Document, Encounter, Setting
from leadterm.pipeline import Coder

from .test_cases import coded


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("Assessment: Knee pain.", ("right", "left")),
        ("Assessment: Wrist sprain.", ("right", "left")),
        ("Assessment: Otitis media.", ("right", "left", "bilateral")),
    ],
)
def test_a_side_that_is_not_said_is_asked_for_with_the_sides_that_the_list_has(
    coder: Coder, text: str, options: tuple[str, ...]
) -> None:
    (query,) = coded(coder, {"text": text}).queries
    assert query.question == "Which side is affected?"
    assert query.options == (*options, "other (please specify)", "unable to determine")


@pytest.mark.parametrize("text", ["Assessment: Left knee pain.", "Assessment: Hypertension."])
def test_nothing_is_asked_where_nothing_is_missing(coder: Coder, text: str) -> None:
    assert coded(coder, {"text": text}).queries == ()


def test_a_measurement_that_nothing_explains_is_asked_about_without_leading(coder: Coder) -> None:
    text = "Labs: Na 121.\n\nDISCHARGE DIAGNOSES\n1. Pneumonia.\n"
    asked = [
        q for q in coded(coder, {"text": text, "setting": "inpatient"}).queries if q.reason == "clinical-indicators"
    ]
    assert [q.question for q in asked] == ["Is there a diagnosis that goes with the sodium of 121?"]
    assert asked[0].options[-3:] == ("no diagnosis", "other (please specify)", "unable to determine")
    assert asked[0].indicators == ("Na 121",)


def test_a_measurement_that_a_diagnosis_explains_is_not(coder: Coder) -> None:
    text = "Labs: Na 121.\n\nDISCHARGE DIAGNOSES\n1. Hyponatremia.\n"
    answer = coded(coder, {"text": text, "setting": "inpatient"})
    assert not [q for q in answer.queries if q.reason == "clinical-indicators"]


def test_a_diagnosis_without_indicators_stays_with_a_remark(coder: Coder) -> None:
    answer = coded(coder, {"text": "DISCHARGE DIAGNOSES\n1. Acute kidney injury.\n", "setting": "inpatient"})
    assert "N17.9" in {a.code.value for a in answer.diagnoses}
    assert [f.codes for f in answer.findings if f.rule == "ICD10CM:I.A.19/indicators"] == [("N17.9",)]


def test_documents_that_contradict_each_other_are_asked_about(coder: Coder) -> None:
    documents = (
        Document("progress", "Assessment: Pneumonia."),
        Document("consult", "Impression: No pneumonia. Atelectasis."),
    )
    encounter = Encounter("e", Setting.INPATIENT, discharge=date(2026, 5, 14), documents=documents)
    asked = [q for q in coder.code(encounter).queries if q.reason == "conflict"]
    assert [q.codes for q in asked] == [("J18.9",)]
    assert {e.document for e in asked[0].evidence} == {"progress", "consult"}
