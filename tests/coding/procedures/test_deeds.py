"""What the hand did, told without the name of an operation: which organ, how much of it, and why."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.procedures.deeds.binding import verbs
from leadterm.coding.procedures.deeds.organs import mentions
from leadterm.domain import CodeSystem, Document, Encounter, Setting
from leadterm.pipeline import Coder

ON = date(2026, 3, 8)
OPEN = "A midline laparotomy was made and a Bookwalter placed."
PORTS = "Pneumoperitoneum by Veress needle. Four trocars were placed."
NOTE = """OPERATIVE REPORT   03/02/2026
Anesthesia: general.{specimen}

DESCRIPTION
The patient was placed supine, prepped and draped. {way} {did} Fascia was closed with PDS. Counts correct.
"""


def codes(coder: Coder, did: str, way: str = OPEN, specimen: str = "") -> list[str]:
    note = NOTE.format(way=way, did=did, specimen=specimen)
    stay = Encounter("case", Setting.INPATIENT, documents=(Document("d1", note),), discharge=ON)
    answer = coder.code(stay)
    found = [a.code.value for a in answer.assignments if a.code.system is CodeSystem.ICD10PCS]
    return sorted(code for code in found if code[2] != "J")


@pytest.mark.parametrize(
    ("did", "expected"),
    [
        ("The gallbladder was taken off its bed and removed.", ["0FT40ZZ"]),
        ("The base of the appendix was tied, and it was cut off and passed off.", ["0DTJ0ZZ"]),
        ("The entire sigmoid was removed between staplers.", ["0DTN0ZZ"]),
        ("A 12 cm segment of sigmoid was taken between staplers and sent.", ["0DBN0ZZ"]),
        ("A core of the liver was taken for biopsy.", ["0FB00ZX"]),
        ("The uterus and cervix were amputated from the vagina and sent.", ["0UT90ZZ", "0UTC0ZZ"]),
        ("The ileum was brought out through the right rectus and matured as an ileostomy.", ["0D1B0Z4"]),
        ("Dense adhesions. The small bowel was freed inch by inch, which took 95 minutes.", ["0DN80ZZ"]),
    ],
)
def test_an_organ_and_a_deed_tell_the_objective(full_coder: Coder, did: str, expected: list[str]):
    assert codes(full_coder, did) == expected


@pytest.mark.parametrize(
    "did",
    [
        "The gallbladder was not removed.",
        "The stomach was drawn out of the way and the colon packed away.",
        "The uterus was brought out, wiped and returned.",
        "The drain was taken off the liver bed and removed.",
        "A few filmy adhesions of the small bowel were cut.",
    ],
)
def test_what_was_not_done_to_an_organ_is_no_operation_on_it(full_coder: Coder, did: str):
    assert codes(full_coder, did) == []


def test_the_way_of_the_report_is_the_approach(full_coder: Coder):
    assert codes(full_coder, "The spleen was put in a bag and removed.", way=PORTS) == ["07TP4ZZ"]


def test_the_list_of_specimens_says_what_it_was(full_coder: Coder):
    did = "Peritoneum was scored on both sides. The duct was clipped and cut. It was then bagged and brought out."
    assert codes(full_coder, did, way=PORTS, specimen="\nSpecimen: gallbladder") == ["0FT44ZZ"]


def test_a_list_that_names_the_operation_is_believed(full_coder: Coder):
    note = NOTE.replace("Anesthesia", "PROCEDURE PERFORMED: Laparoscopic appendectomy\nAnesthesia")
    text = note.format(way=PORTS, did="The gallbladder was removed.", specimen="")
    stay = Encounter("case", Setting.INPATIENT, documents=(Document("d1", text),), discharge=ON)
    found = [a.code.value for a in full_coder.code(stay).assignments if a.code.system is CodeSystem.ICD10PCS]
    assert found == ["0DTJ4ZZ"]


def test_the_same_on_the_other_side_is_one_code_for_both(full_coder: Coder):
    did = "The left ovary was removed. The same was done on the right."
    assert codes(full_coder, did) == ["0UT20ZZ"]


@given(st.text(alphabet="the galbdrspnmovuic, .;", max_size=120))
def test_names_and_verbs_stand_where_they_say_and_never_overlap(text: str):
    for found in (list(mentions(text)), verbs(text)):
        places = [(one.start, one.end) for one in found]
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert all(a[1] <= b[0] for a, b in pairwise(places))
