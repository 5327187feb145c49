"""Charts as clinical documents of systems set them: tables, lists, sections one after the other."""

from __future__ import annotations

from datetime import date

import pytest

from leadterm.domain import Document, Encounter, Setting
from leadterm.pipeline import Coder

FAMILY = "FAMILY HISTORY\nFather (deceased)\nDiagnosis | Age At Onset\nMyocardial Infarction (cause of death) | 57\n\n"


def codes(coder: Coder, text: str) -> list[str]:
    stay = Encounter(
        "e",
        Setting.INPATIENT,
        admission=date(2026, 5, 10),
        discharge=date(2026, 5, 14),
        documents=(Document("d", f"{text}HOSPITAL DISCHARGE DIAGNOSIS\nGout\n"),),
    )
    return [a.code.value for a in coder.code(stay).assignments]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # The first row of a table names its columns and heads no section.
        (FAMILY, ["M10.9"]),
        # What was over years before the admission is no problem of the stay.
        ("PROBLEMS\n1. Pneumonia: Resolved in March 1998\n\n", ["M10.9"]),
        ("PLAN OF TREATMENT\nArthritis panel, anemia panel\n\n", ["M10.9"]),
        # The discharge diagnosis is known by its plural too; what was thought on admission is not coded beside it.
        ("ADMISSION DIAGNOSIS\nAppendicitis\n\nDISCHARGE DIAGNOSIS\nDiverticula of intestine\n\n", ["K57.90", "M10.9"]),
    ],
)
def test_what_sections_and_tables_say(coder: Coder, text: str, found: list[str]) -> None:
    assert codes(coder, text) == found
