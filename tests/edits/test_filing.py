"""In time or late, by the payer's law and the day of receipt."""

from __future__ import annotations

from datetime import date

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.edits.claims.filing import last_day_to_file

from .bills import asked

LATE = "CFR:424.44/timely-filing"


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2026, 5, 14), date(2027, 5, 14)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2023, 2, 28), date(2024, 2, 28)),
    ],
)
def test_a_calendar_year(day: date, until: date) -> None:
    assert last_day_to_file(day) == until


@pytest.mark.parametrize(
    ("text", "late"),
    {
        "payer.type = medicare; received = 2027-05-15": True,
        "payer.type = medicare; received = 2027-05-14": False,
        "payer.type = tricare; received = 2027-05-15": True,
        "payer.type = medicaid; received = 2027-05-15": True,
        "payer.type = commercial; received = 2031-05-15": False,  # by contract: a rule of the site says it
        "payer.type = medicare": False,  # nobody said when
        "payer.type = medicare; delay_reason = 7; received = 2027-05-15": False,
        "payer.type = medicare; frequency = 7; payer_control_number = 2134; received = 2027-05-15": False,
        # Medicaid waits for the payer before it, Medicare does not.
        "payers = 2; payers.1.responsibility = S; payers.1.type = medicaid; received = 2027-05-15": False,
        "payers = 2; payers.1.responsibility = S; payers.1.type = medicare; received = 2027-05-15": True,
        # A professional claim counts from the first day of a line, an institutional one from the last of all.
        "payer.type = medicare; lines.1.start = 2026-05-13; received = 2027-05-14": True,
        "stay: payer.type = medicare; received = 2027-05-14": False,
        "stay: payer.type = medicare; received = 2027-05-15": True,
    }.items(),
)
def test_a_claim_is_late_or_not(text: str, late: bool, book: CodeBook) -> None:
    told = asked(text)
    found = edits.check_claim(told.claim, book, received=told.received)
    assert (LATE in {f.rule for f in found}) is late


def test_the_finding_names_the_law_of_the_payer(book: CodeBook) -> None:
    told = asked("payer.type = tricare; received = 2027-06-01")
    (late,) = (f for f in edits.check_claim(told.claim, book, received=told.received) if f.rule == LATE)
    assert late.source == "32 CFR 199.7(d)(1)"
    assert "until 2027-05-14" in late.message
