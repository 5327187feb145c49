"""`leadterm visit`: the worksheet, and what is asked for a purpose alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.validation import problems

from .conftest import Call

Write = Callable[[str, str | bytes], Path]
TEXT = """OFFICE VISIT - established patient
HPI: Here for follow-up of gout, two flares since last visit.
Assessment: Gout, flaring
Plan: start allopurinol 100 mg daily. Uric acid and BMP ordered.
I spent 25 minutes on the date of the encounter, including chart review.
"""


@pytest.fixture
def note(write: Write) -> Path:
    return write("visit.txt", TEXT)


def visit(answer: Any) -> dict[str, Any]:
    value: dict[str, Any] = answer.json
    assert problems("visit-1", value) == []
    (one,) = value["visits"]
    return dict(one)


def test_the_worksheet_as_json(leadterm: Call, note: Path) -> None:
    answer = leadterm("visit", note, "--setting", "outpatient", "--date", "2026-05-14", "--json")
    assert answer.code == 0
    one = visit(answer)
    assert (one["family"], one["code"], one["by_decision"], one["by_time"]) == (
        "office-established", "99214", "99214", "99213",
    )  # fmt: skip
    assert one["decision"] == {"problems": "moderate", "data": "low", "risk": "moderate", "level": "moderate"}
    assert one["what_if"] is None
    assert all(TEXT[e["start"] : e["end"]] == e["text"] for x in one["elements"] for e in x["evidence"])


def test_the_worksheet_for_people(leadterm: Call, note: Path) -> None:
    answer = leadterm("visit", note, "--date", "2026-05-14")
    assert "2026-05-14 · office-established · 99214" in answer.text
    assert "“Gout, flaring" in answer.text or "“Assessment: Gout, flaring" in answer.text
    assert "what if" not in answer.text


def test_what_if_wants_its_purpose(leadterm: Call, note: Path) -> None:
    refused = leadterm("visit", note, "--what-if")
    assert refused.code == 2
    assert "audit and education alone" in refused.err
    assert leadterm("visit", note, "--purpose", "audit").code == 2
    one = visit(leadterm("visit", note, "--date", "2026-05-14", "--what-if", "--purpose", "education", "--json"))
    assert one["what_if"]["purpose"] == "education"
    assert {o["change"] for o in one["what_if"]["outcomes"]} == {"without", "with", "minutes"}


def test_a_row_that_cannot_be_read_bears_its_error(leadterm: Call, write: Write) -> None:
    rows = [{"id": "v1", "text": TEXT, "setting": "outpatient", "date_of_service": "2026-05-14"}, {"id": "broken"}]
    answer = leadterm("visit", write("v.jsonl", "".join(json.dumps(row) + "\n" for row in rows)))
    assert answer.code == 1
    first, second = answer.rows
    assert problems("visit-1", first) == []
    assert set(second) == {"id", "error"}


def test_a_new_patient_is_not_guessed(leadterm: Call, write: Write) -> None:
    file = write(
        "open.txt", "OFFICE VISIT\nHPI: presents with cough.\nAssessment: Acute bronchitis\nPlan: albuterol.\n"
    )
    one = visit(leadterm("visit", file, "--date", "2026-05-14", "--json"))
    assert (one["family"], one["or_family"], one["code"]) == ("office-new", "office-established", None)


def test_a_report_has_no_worksheet(leadterm: Call, write: Write) -> None:
    file = write("x.txt", "RADIOLOGY REPORT\nFindings: clear lungs.\nImpression: No pneumonia.\n")
    assert "no note of a visit" in leadterm("visit", file).text
