"""Rooms of operations: what no row can tell, each by a short report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.procedures.rooms.spine import joints, vertebrae
from leadterm.pipeline import Coder

from .test_reading import coded, procedures


@pytest.mark.parametrize(
    ("text", "upper"),
    [
        ("c5-c6", [5]),
        ("c5-6 and c6-7", [5, 6]),
        ("l4-s1", [23, 24]),
        ("l4-5-s1", [23, 24]),
        ("l5-1", [24]),
        ("t12 and l1.", []),
        ("occiput to c2", [0]),
    ],
)
def test_joints_have_the_number_of_their_upper_vertebra(text: str, upper: list[int]):
    assert joints(text) == upper


def test_vertebrae_between_two_of_a_range_count():
    assert vertebrae("c3 through c6") == [3, 4, 5, 6]
    assert vertebrae("t12 and l1.") == [19, 20]


@given(st.integers(1, 4), st.integers(1, 4))
def test_a_range_of_the_lumbar_spine_has_one_joint_less_than_vertebrae(first: int, more: int):
    last = min(first + more, 5)
    text = f"l{first}-l{last}"
    assert len(joints(text)) == len(vertebrae(text)) - 1


REPORT = """OPERATIVE REPORT
PREOPERATIVE DIAGNOSIS: {why}
PROCEDURE PERFORMED: {what}
DESCRIPTION OF PROCEDURE: {how}
"""


@pytest.mark.parametrize(
    ("what", "how", "codes"),
    [
        (
            "Coronary artery bypass x 3: LIMA to LAD, SVG to OM1, SVG to PDA.",
            "Vein was harvested endoscopically from the left leg. The patient was placed on cardiopulmonary bypass.",
            {"02100Z9", "021109W", "06BQ4ZZ", "5A1221Z"},
        ),
        (
            "Off-pump coronary artery bypass x 1: LIMA to LAD.",
            "Sternotomy. The LIMA was sewn to the LAD.",
            {"02100Z9"},
        ),
        (
            "PCI of the mid LAD with two drug-eluting stents; balloon angioplasty of the first diagonal.",
            "The lesions were crossed with a wire.",
            {"027035Z", "02703ZZ"},
        ),
        (
            "Left heart catheterization. Right heart catheterization.",
            "Pressures were measured on both sides.",
            {"4A023N8"},
        ),
        (
            "Dual chamber pacemaker implantation.",
            "Leads were placed in the right atrium and the right ventricle and joined to the generator.",
            {"0JH606Z", "02H63JZ", "02HK3JZ"},
        ),
        (
            "ICD generator change, dual chamber.",
            "The old generator was removed and a new one connected to the leads.",
            {"0JH608Z", "0JPT0PZ"},
        ),
        (
            "ORIF right distal radius with volar plate.",
            "The fracture was exposed, reduced and plated.",
            {"0PSH04Z"},
        ),
        (
            "Closed reduction and intramedullary nailing of the left tibial shaft.",
            "The nail was passed through a small incision over a guide wire.",
            {"0QSH36Z"},
        ),
        (
            "Right femoral to below-knee popliteal bypass with PTFE graft.",
            "The graft was tunneled and sewn end to side.",
            {"041K0JL"},
        ),
        (
            "Left VATS left upper lobectomy.",
            "Through three ports the lobe was freed and removed in a bag.",
            {"0BTG4ZZ"},
        ),
    ],
)
def test_a_report_has_its_codes(full_coder: Coder, what: str, how: str, codes: set[str]):
    assert set(procedures(coded(full_coder, REPORT.format(why="As above.", what=what, how=how)))) == codes


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("Left below-knee amputation.", "level"),
        ("Coronary artery bypass grafting.", "arteries bypassed"),
        ("Partial knee replacement, right.", "compartment"),
        ("Permanent pacemaker implantation.", "pacemaker"),
    ],
)
def test_what_the_report_leaves_open_is_asked(full_coder: Coder, what: str, words: str):
    answer = coded(full_coder, REPORT.format(why="As above.", what=what, how="The wound was closed."))
    assert procedures(answer) == []
    assert any(words in q.question for q in answer.queries if q.reason == "procedure")
