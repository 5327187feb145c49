"""Accounts that name no operation: what came in, went out, was cut and sewn tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadterm.pipeline import Coder

from .test_reading import coded, procedures

KNEE = """OPERATIVE REPORT
PREOPERATIVE DIAGNOSIS: {side} knee osteoarthritis.
DESCRIPTION: Under spinal anesthesia a midline incision was made and the bone was cut with jigs. {how}
Tourniquet down. Closed with Vicryl and staples. EBL 100. Counts correct.
"""
CLINIC = """CLINIC NOTE
She is two years out from surgery on the right knee. X-ray: femoral component and tibial tray cemented, 10 mm insert, no
loosening. The incision is healed. No complications. Return in a year.
"""


@pytest.mark.parametrize(
    ("side", "how", "codes"),
    [
        (
            "Left",
            "The trials were removed. The size 6 femoral component, size 5 tibial tray and a 35 mm patella button were "
            "cemented with Simplex, excess cement removed. A 10 mm insert was snapped in.",
            ["0SRD0J9"],
        ),
        (
            "Right",
            "Implants: femoral component size 4 press fit; tibial baseplate size 4 press fit; 9 mm insert. Impacted.",
            ["0SRC0JA"],
        ),
        (
            "Left",
            "The femoral component was removed with osteotomes and the tibial tray knocked out. A new size 5 femoral "
            "component with a stem was cemented, then a size 4 tibial tray, and a 16 mm insert was locked.",
            ["0SPD0JZ", "0SRD0J9"],
        ),
        (
            "Right",
            "Femoral component and tibial tray were removed with osteotomes. An articulating spacer of cement "
            "was moulded.",
            ["0SPC0JZ", "0SRC0EZ"],
        ),
        ("Right", "The femoral component and the tibial tray were well fixed and were left.", []),
    ],
)
def test_components_tell_of_a_knee(full_coder: Coder, side: str, how: str, codes: list[str]):
    assert sorted(procedures(coded(full_coder, KNEE.format(side=side, how=how)))) == codes


def test_components_in_a_visit_tell_of_no_operation(full_coder: Coder):
    assert procedures(coded(full_coder, CLINIC)) == []


def test_a_named_operation_stands_before_its_parts(full_coder: Coder):
    text = KNEE.format(side="Left", how="Femoral component size 4 and tibial tray size 3 were cemented.")
    named = text.replace("DESCRIPTION", "PROCEDURE PERFORMED: Left total knee arthroplasty, uncemented.\nDESCRIPTION")
    assert [code[:6] for code in procedures(coded(full_coder, named))] == ["0SRD0J"]


# Each account stands below a line "### codes | what it is"; those without codes are no operations.
ACCOUNTS = (Path(__file__).parent / "told_accounts.txt").read_text(encoding="utf-8").split("### ")[1:]


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.split("\n")[0].split("|")[1].strip())
def test_an_account_tells_what_was_done(full_coder: Coder, account: str):
    head, _, text = account.partition("\n")
    assert set(procedures(coded(full_coder, text))) == set(head.split("|")[0].split())
