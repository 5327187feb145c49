"""Days, parts and deaths of a stay, as institutional claims tell them."""

from __future__ import annotations

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.edits._billing import Billing
from leadterm.edits.claims.days import days_of_stay

from .bills import claim


def rules(text: str, book: CodeBook) -> set[str]:
    return {f.rule for f in edits.check_claim(claim(text), book)}


@pytest.mark.parametrize(
    ("text", "days"),
    {
        "stay:": 4,
        "stay: disposition = 30; discharge = none; frequency = 2; type_of_bill = 0112": 5,  # the last day counts
        "stay: statement = 2026-05-08/2026-05-14": 4,  # the window before the admission does not
        "stay: statement = 2026-05-14/2026-05-14; admission = 2026-05-14": 1,
        "stay: admission = 2026-04-20; frequency = 4; type_of_bill = 0114": 4,  # the last part of a long stay
        "stay: admission = 2026-05-20": None,
        "stay: statement = none": None,
        "visit:": None,
    }.items(),
)
def test_days_that_a_claim_counts(text: str, days: int | None, book: CodeBook) -> None:
    assert days_of_stay(Billing(claim(text), book)) == days


PART = "stay: disposition = 30; discharge = none; frequency = 3; type_of_bill = 0113; values = 80:5; lines.1.units = 5"


def test_a_part_of_a_stay_has_no_findings(book: CodeBook) -> None:
    assert rules(PART, book) == set()


def test_a_death_of_medicare_is_told_by_disposition_and_day(book: CodeBook) -> None:
    medicare = "stay: payer.type = medicare; payer.member_id = 1EG4TE5MK73; disposition = 20"
    assert rules(medicare, book) == {"MCPM:25.75/day-of-death"}
    assert rules(f"{medicare}; occurrences = 55@2026-05-14", book) == set()


def test_a_newborn_has_a_source_and_a_weight(book: CodeBook) -> None:
    newborn = (
        "stay: admit_type = 4; admit_source = 5; patient.birth_date = 2026-05-10; values = 80:4 54:3250;"
        " diagnoses = Z38.00 Z38.00=admitting"
    )
    assert rules(newborn, book) == set()
    assert rules(newborn.replace(" 54:3250", ""), book) == {"HIPAA:837I/birth-weight"}


def test_other_payers_do_not_ask_for_what_medicare_alone_asks(book: CodeBook) -> None:
    skilled = "stay: type_of_bill = 0211; payer.member_id = 1EG4TE5MK73; payer.type = "
    assert "CFR:409.30/qualifying-stay" in rules(f"{skilled}medicare", book)
    assert "CFR:409.30/qualifying-stay" not in rules(f"{skilled}commercial", book)


@pytest.mark.parametrize("nights", ["2026-05-06/2026-05-09", "2026-05-06/2026-05-08"])
def test_a_stay_of_three_nights_qualifies_with_or_without_its_last_day(nights: str, book: CodeBook) -> None:
    skilled = f"stay: type_of_bill = 0211; payer.type = medicare; occurrences = 70@{nights}"
    assert "CFR:409.30/qualifying-stay" not in rules(skilled, book)
    short = skilled.replace(nights, "2026-05-06/2026-05-07")
    assert "CFR:409.30/qualifying-stay" in rules(short, book)


def test_a_home_health_claim_needs_no_admitting_diagnosis(book: CodeBook) -> None:
    home = "stay: type_of_bill = 0329; frequency = 9; diagnoses = I50.9; admit_type = none; lines.1.revenue_code = 0551"
    assert not {r for r in rules(home, book) if r.startswith("HIPAA:837I/admission")}
