"""Questions to the provider: asked where the list knows more than the chart says, with the list's own options."""

from __future__ import annotations

from datetime import date

import pytest

from leadterm.domain import Document, Encounter, Query, Setting
from leadterm.pipeline import Coder

from .test_cases import coded


@pytest.mark.parametrize(
    ("text", "words", "options"),
    [
        ("Assessment: Knee pain.", "Knee pain", ("right", "left")),
        ("Assessment: Wrist sprain.", "Wrist sprain", ("right", "left")),
        ("Assessment: Otitis media.", "Otitis media", ("right", "left", "bilateral")),
    ],
)
def test_a_side_that_is_not_said_is_asked_for_with_the_sides_that_the_list_has(
    coder: Coder, text: str, words: str, options: tuple[str, ...]
) -> None:
    (query,) = coded(coder, {"text": text}).queries
    assert query.question == f"Which side of the body does the documented “{words}” concern?"
    assert query.options == (*options, "other (please specify)", "unable to determine")


@pytest.mark.parametrize(
    "text",
    [
        "Assessment: Left knee pain.",
        "Assessment: Hypertension.",
        "Assessment: Duodenal ulcer with hemorrhage.",  # its family has both of two things, and no sides
        "Assessment: TIA.",
        "Assessment: Inferior wall STEMI.",  # the right coronary artery is no side of the body
    ],
)
def test_nothing_is_asked_where_nothing_is_missing(coder: Coder, text: str) -> None:
    assert coded(coder, {"text": text}).queries == ()


def test_a_vague_diagnosis_is_asked_about_in_the_words_of_the_chart_with_what_was_measured(coder: Coder) -> None:
    (query,) = coded(coder, {"text": "Labs: EF 25%.\n\nAssessment: CHF.\n"}).queries
    assert query.question == "What are the type and acuity of the documented “CHF”?"
    assert query.indicators == ("CHF", "EF 25%")
    assert query.options[0] == "Systolic (congestive) heart failure"


def test_a_fibrillation_is_not_offered_as_a_flutter(coder: Coder) -> None:
    (query,) = coded(coder, {"text": "Assessment: Atrial fibrillation."}).queries
    assert [o for o in query.options if "flutter" in o] == []


def test_a_question_is_open_where_the_list_has_no_answers_to_offer(coder: Coder) -> None:
    (query,) = coded(coder, {"text": "Assessment: Community acquired pneumonia."}).queries
    assert query.options == ("other (please specify)", "unable to determine")


STAY = "Labs: {}.\n\nDISCHARGE DIAGNOSES\n1. {}.\n"


def asked_about(coder: Coder, values: str, diagnosis: str) -> list[Query]:
    answer = coded(coder, {"text": STAY.format(values, diagnosis), "setting": "inpatient"})
    return [q for q in answer.queries if q.reason == "clinical-indicators"]


def test_a_measurement_that_nothing_explains_is_asked_about_without_leading(coder: Coder) -> None:
    (query,) = asked_about(coder, "Na 121", "Pneumonia")
    assert query.question == "What diagnosis, if any, goes with the sodium of 121?"
    assert query.options == ("hyponatremia", "no diagnosis", "other (please specify)", "unable to determine")
    assert query.indicators == ("Na 121",)


def test_a_diagnosis_is_offered_only_where_the_record_bears_it_out(coder: Coder) -> None:
    (alone,) = asked_about(coder, "Lactate 6.1", "Gout")
    (infected,) = asked_about(coder, "Lactate 6.1", "Pyelonephritis")
    assert "sepsis" not in alone.options
    assert "sepsis" in infected.options
    assert infected.indicators == ("Lactate 6.1", "Pyelonephritis")


@pytest.mark.parametrize("values", ["SpO2 36.8 %", "pH 7"])
def test_what_can_only_be_misread_is_not_asked_about(coder: Coder, values: str) -> None:
    assert asked_about(coder, values, "Gout") == []


def test_two_codes_of_one_thing_are_one_question_of_when_it_began(coder: Coder) -> None:
    text = "DISCHARGE DIAGNOSES\n1. Pneumonia.\n2. Steroid-induced hyperglycemia.\n"
    asked = [
        q for q in coded(coder, {"text": text, "setting": "inpatient"}).queries if q.reason == "present-on-admission"
    ]
    assert [q.question for q in asked] == ["Was “hyperglycemia” present at the time of the inpatient admission?"]
    assert asked[0].codes == ("R73.9", "T38.0X5A")


def test_every_query_shows_words_of_the_chart(coder: Coder) -> None:
    text = STAY.format("K 2.4, EF 25%", "CHF.\n2. Anemia.\n3. AKI")
    answer = coded(coder, {"text": text, "setting": "inpatient"})
    assert {q.reason for q in answer.queries} >= {"specificity", "clinical-indicators", "present-on-admission"}
    for query in answer.queries:
        assert query.indicators
        assert set(query.indicators) == {" ".join(e.text.split()) for e in query.evidence}


def test_a_measurement_that_a_diagnosis_explains_is_not(coder: Coder) -> None:
    text = "Labs: Na 121.\n\nDISCHARGE DIAGNOSES\n1. Hyponatremia.\n"
    answer = coded(coder, {"text": text, "setting": "inpatient"})
    assert not [q for q in answer.queries if q.reason == "clinical-indicators"]


def test_documents_that_contradict_each_other_are_asked_about(coder: Coder) -> None:
    documents = (
        Document("progress", "Assessment: Pneumonia."),
        Document("consult", "Impression: No pneumonia. Atelectasis."),
    )
    encounter = Encounter("e", Setting.INPATIENT, discharge=date(2026, 5, 14), documents=documents)
    asked = [q for q in coder.code(encounter).queries if q.reason == "conflict"]
    assert [q.codes for q in asked] == [("J18.9",)]
    assert {e.document for e in asked[0].evidence} == {"progress", "consult"}
