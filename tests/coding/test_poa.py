"""Present on admission: stay text in, indicator out (Appendix I)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from leadterm.domain import Document, Encounter, Poa, Setting
from leadterm.pipeline import Coder

from .test_cases import coded

DX = "DISCHARGE DIAGNOSES\n"


@pytest.mark.parametrize(
    ("text", "code", "poa"),
    [
        ("HPI: fever.\n\nDISCHARGE DIAGNOSES\nPneumonia, present on admission.\n", "J18.9", Poa.YES),
        (
            "DISCHARGE DIAGNOSES\n1. Hip osteoarthritis, left.\n2. Pneumonia, developed on hospital day 4.\n",
            "J18.9",
            Poa.NO,
        ),
        ("DISCHARGE DIAGNOSES\n1. Pneumonia.\n2. Type 2 diabetes.\n", "E11.9", Poa.YES),
        ("DISCHARGE DIAGNOSES\n1. Pneumonia.\n2. Hypokalemia.\n", "E87.6", Poa.UNKNOWN),
        ("DISCHARGE DIAGNOSES\n1. Pneumonia.\n2. Hypokalemia on arrival.\n", "E87.6", Poa.YES),
        (f"{DX}1. Gout.\n2. Pneumonia, community-acquired.\n", "J18.9", Poa.YES),
        # What is written when the patient comes tells what was there.
        ("HISTORY AND PHYSICAL\nASSESSMENT:\n1. Gout.\n2. Hypokalemia, replace.\n", "E87.6", Poa.YES),
        ("ED Provider Note\nASSESSMENT:\n1. Gout.\n2. Hypokalemia, replace.\n", "E87.6", Poa.YES),
        ("PROGRESS NOTE\nASSESSMENT:\n1. Gout.\n2. Hypokalemia, replace.\n", "E87.6", Poa.UNKNOWN),
        # A drug and an organism go with what they brought about.
        (f"{DX}1. Gout.\n2. Hypokalemia due to furosemide on arrival.\n", "T50.1X5A", Poa.YES),
        (f"{DX}1. Gout.\n2. Hypokalemia due to furosemide, developed on day 3.\n", "T50.1X5A", Poa.NO),
        (f"{DX}1. Gout.\n2. Hypokalemia due to furosemide.\n", "T50.1X5A", Poa.UNKNOWN),
        (f"{DX}1. Urinary tract infection due to E. coli.\n2. Gout.\n", "B96.20", Poa.YES),
        (f"{DX}1. Gout.\n2. Urinary tract infection due to E. coli.\n", "B96.20", Poa.UNKNOWN),
    ],
)
def test_the_chart_tells_when(coder: Coder, text: str, code: str, poa: Poa) -> None:
    answer = coded(coder, {"text": text, "setting": "inpatient"})
    assert {a.code.value: a.poa for a in answer.diagnoses}[code] is poa


@pytest.mark.parametrize(("written", "poa"), [(10, Poa.YES), (11, Poa.YES), (13, Poa.UNKNOWN), (None, Poa.YES)])
def test_a_history_and_physical_tells_of_the_admission_while_it_is_of_it(
    coder: Coder, written: int | None, poa: Poa
) -> None:
    when = datetime(2026, 5, written, 9) if written else None
    note = Document("d1", "Assessment:\n1. Gout.\n2. Hypokalemia.\n", type="history and physical", service_time=when)
    stay = Encounter(
        "s", Setting.INPATIENT, admission=date(2026, 5, 10), discharge=date(2026, 5, 14), documents=(note,)
    )
    assert {a.code.value: a.poa for a in coder.code(stay).diagnoses}["E87.6"] is poa


def test_what_the_chart_does_not_tell_is_asked(coder: Coder) -> None:
    answer = coded(coder, {"text": f"{DX}1. Pneumonia.\n2. Hypokalemia.\n", "setting": "inpatient"})
    asked = [q for q in answer.queries if q.reason == "present-on-admission"]
    assert [q.codes for q in asked] == [("E87.6",)]
    assert asked[0].options[-1] == "unable to determine"


def test_no_indicator_outside_a_hospital_stay(coder: Coder) -> None:
    for case in ({"setting": "outpatient"}, {"setting": "inpatient", "claim_type": "professional"}):
        answer = coded(coder, {"text": "Assessment: Pneumonia.", **case})
        assert [a.poa for a in answer.diagnoses] == [None]


def test_exempt_is_not_claimed_without_the_list(coder: Coder) -> None:
    answer = coded(coder, {"text": f"{DX}1. Pneumonia.\n2. Pacemaker in situ.\n", "setting": "inpatient"})
    assert Poa.EXEMPT not in {a.poa for a in answer.diagnoses}
