"""Where a chart tells what was done: reports of one document, accounts without headings, forms, sides."""

from __future__ import annotations

from datetime import date

import pytest

from leadterm.coding.procedures.passages import _reports
from leadterm.coding.procedures.words import roots
from leadterm.domain import CodeSystem, Document, Encounter, Setting
from leadterm.pipeline import Coder

ON = date(2026, 5, 14)
TWO = """\
PROCEDURE NOTE 5/10/2026
Procedure: Lumbar puncture
Clear fluid, 4 tubes sent for culture.

PROCEDURE NOTE 5/12/2026
Procedure: Therapeutic paracentesis
5 L removed, catheter withdrawn, none sent.
"""


def codes(coder: Coder, text: str) -> set[str]:
    answer = coder.code(Encounter("case", Setting.INPATIENT, discharge=ON, documents=(Document("d1", text),)))
    return {a.code.value for a in answer.assignments if a.code.system is CodeSystem.ICD10PCS}


def test_reports_of_one_document_are_told_apart():
    assert [TWO[at:].split("\n")[0] for at in _reports(TWO)] == ["PROCEDURE NOTE 5/12/2026"]
    assert _reports("OPERATIVE REPORT\nPROCEDURE: Appendectomy\nOPERATIVE NOTE: An incision was made.\n") == []


def test_what_one_report_says_decides_nothing_in_another(full_coder: Coder):
    assert codes(full_coder, TWO) == {"009U3ZX", "0W9G3ZZ"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Site: [x] R  [ ] L", {"0W9930Z"}),
        ("Site: [ ] R  [x] L", {"0W9B30Z"}),
        ("Site: [ ] R  [ ] L", set()),
    ],
)
def test_a_box_that_nobody_ticked_tells_nothing(full_coder: Coder, text: str, wanted: set[str]):
    note = f"PROCEDURE NOTE\nProcedure: Chest tube placement\n{text}\nTechnique: 14 Fr pigtail over a wire.\n"
    assert codes(full_coder, note) == wanted


def test_what_was_left_open_is_no_side():
    assert "left" not in roots("the wound was left open")
    assert "left" in roots("the left wound")


@pytest.mark.parametrize(
    "words",
    [
        "IVC filter: not placed.",
        "#3 not done: IVC filter.",
        "IVC filter was never used.",
        "Her husband's IVC filter was placed here.",
        "IVC filter will be considered.",
    ],
)
def test_what_was_not_done_or_anothers_is_no_code(full_coder: Coder, words: str):
    note = f"PROCEDURE NOTE\nProcedure: Thoracentesis, left\nTechnique: 1 L removed, none sent. {words}\n"
    assert codes(full_coder, note) == {"0W9B3ZZ"}


def test_a_list_ends_where_the_account_begins(full_coder: Coder):
    note = (
        "OPERATIVE REPORT\nPROCEDURE PERFORMED: Right inguinal hernia repair with mesh.\n"
        "The patient was placed supine. He had a left inguinal hernia repair in 2011. An incision was made.\n"
    )
    assert codes(full_coder, note) == {"0YU50JZ"}


def test_an_allergy_is_no_nephrostomy(full_coder: Coder):
    note = "DISCHARGE SUMMARY\nHOSPITAL COURSE: Pneumonia was treated. PCN allergy, so doxycycline was given.\n"
    assert codes(full_coder, note) == set()
