"""How often, and for whom: by the table that is shipped and by a user's own (`tests/edits/tables/own_limits.csv`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.codesets.payment.limits import MONTHS
from leadterm.domain import Finding
from leadterm.edits.coverage.frequency import _again, shipped

from ..bills import asked

Judge = Callable[..., list[Finding]]
RULES = ("MCPM:18/too-soon", "MCPM:18/patient")


def on(day: str, line: int = 1) -> str:
    """The day of a line; the end is moved first where it comes later than that of the good claim."""
    ends = ("start", "end") if day < "2026-05-14" else ("end", "start")
    return "; ".join(f"lines.{line}.{end} = {day}" for end in ends)


def one(code: str, day: str, more: str = "") -> str:
    plain = "" if "modifiers" in more else "; lines.1.modifiers = none"
    text = f"payer.type = medicare; lines.1.code = {code}; {on(day)}{plain}"
    return f"{text}; {more}" if more else text


@pytest.fixture
def judge(tables: CodeBook) -> Judge:
    def judged(*claims: str) -> list[Finding]:
        told = asked(" || ".join(f"{text}; id = A{n}" for n, text in enumerate(claims, 1)))
        found = edits.check_claim(told.claim, tables, codes=False, earlier=told.earlier)
        return [f for f in found if f.rule in RULES]

    return judged


def test_a_finding_tells_both_days_and_from_when_on_it_is_covered_again(judge: Judge) -> None:
    (found,) = judge(one("G0439", "2025-06-20"), one("G0439", "2026-05-31"))
    assert found.message == (
        "Line 1 has G0439 on 2026-05-31, and G0439 was given on 2025-06-20 (claim A1, line 1); it is covered again, 11 "
        "full months after the month of the last one: from 2026-06-01 on."
    )
    assert (found.severity, found.source) == ("warning", "42 CFR 410.15; MCPM 18.140")


@pytest.mark.parametrize(
    ("code", "before", "day", "soon"),
    [
        ("G0439", "2025-06-20", "2026-06-01", False),
        ("77067", "2025-06-01", "2026-05-31", True),
        ("77067", "2025-06-30", "2026-06-01", False),
        ("G0101", "2024-06-30", "2026-05-31", True),
        ("G0101", "2024-06-30", "2026-06-01", False),
        ("G0121", "2016-06-01", "2026-05-31", True),
        ("G0121", "2016-06-01", "2026-06-01", False),
        ("81528", "2023-06-15", "2026-05-31", True),
        ("81528", "2023-06-15", "2026-06-01", False),
        ("76706", "2017-01-02", "2026-05-31", True),
        ("G0402", "2012-01-02", "2026-05-31", True),
        ("G0103", "2025-12-31", "2026-11-30", True),
        ("G0103", "2025-12-31", "2026-12-01", False),
    ],
)
def test_full_months_have_to_pass(code: str, before: str, day: str, soon: bool, judge: Judge) -> None:
    man = "patient.sex = M; patient.birth_date = 1955-01-01"
    found = judge(one(code, before, man), one(code, day, man))
    assert ([f.rule for f in found if f.rule == RULES[0]] != []) is soon


@pytest.mark.parametrize(
    ("before", "now", "soon"),
    [
        ("G0402", "G0438", True),  # an annual visit within a year of the first one of all
        ("G0438", "G0439", True),
        ("G0439", "G0438", True),
        ("G0328", "82270", True),
        ("77080", "77081", True),
        ("G0104", "G0121", True),
        ("G0121", "G0105", False),  # the one for high risk counts itself alone
        ("99213", "G0439", False),
    ],
)
def test_what_counts_for_what(before: str, now: str, soon: bool, judge: Judge) -> None:
    assert (judge(one(before, "2025-09-01"), one(now, "2026-05-14")) != []) is soon


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("", "lines.1.modifiers = KX"),  # the colonoscopy after a positive test of the stool
        ("lines.1.modifiers = 53", ""),  # begun and not finished
        ("lines.1.modifiers = GZ", ""),  # not to be paid
    ],
)
def test_colonoscopies_that_are_no_repetition(before: str, now: str, judge: Judge) -> None:
    assert judge(one("G0121", "2024-06-01"), one("G0121", "2026-05-14")) != []
    assert judge(one("G0121", "2024-06-01", before), one("G0121", "2026-05-14", now)) == []


def test_high_risk_shortens_the_wait(judge: Judge) -> None:
    risk = "diagnoses = Z72.51; lines.1.pointers = 1"
    assert judge(one("G0101", "2025-04-30"), one("G0101", "2026-05-14")) != []
    assert judge(one("G0101", "2025-04-30"), one("G0101", "2026-05-14", risk)) == []
    assert judge(one("G0101", "2025-06-30"), one("G0101", "2026-05-14", risk)) != []


def test_screenings_are_counted_with_screenings_alone(judge: Judge) -> None:
    screening, other = ("diagnoses = Z13.6; lines.1.pointers = 1", "diagnoses = E78.5 Z13.6; lines.1.pointers = 1")
    (found,) = judge(one("80061", "2021-06-01", screening), one("80061", "2026-05-14", screening))
    assert found.message.endswith("from 2026-06-01 on.")
    assert judge(one("80061", "2021-05-31", screening), one("80061", "2026-05-14", screening)) == []
    assert judge(one("80061", "2025-06-01", other), one("80061", "2026-05-14", screening)) == []
    assert judge(one("80061", "2025-06-01", screening), one("80061", "2026-05-14", other)) == []


def test_the_third_test_for_diabetes_in_a_year(judge: Judge) -> None:
    screening = "diagnoses = Z13.1; lines.1.pointers = 1"
    first, second = one("82947", "2025-08-01", screening), one("83036", "2026-02-01", screening)
    assert judge(first, one("82951", "2026-05-14", screening)) == []
    (found,) = judge(first, second, one("82951", "2026-05-14", screening))
    assert "2 were given since 2025-08-01, the last one (83036) on 2026-02-01" in found.message


def test_hemoglobin_of_controlled_diabetes_is_looked_at_every_three_months(judge: Judge) -> None:
    controlled, not_so = ("diagnoses = E11.9; lines.1.pointers = 1", "diagnoses = E11.65; lines.1.pointers = 1")
    assert judge(one("83036", "2026-03-01", not_so), one("83036", "2026-05-14", controlled)) != []
    assert judge(one("83036", "2026-02-01", controlled), one("83036", "2026-05-14", controlled)) == []
    assert judge(one("83036", "2026-03-01", controlled), one("83036", "2026-05-14", not_so)) == []


def test_a_picture_and_its_reading_are_one_service(judge: Judge) -> None:
    technical, reading = "lines.1.modifiers = TC", "lines.1.modifiers = 26"
    assert judge(one("77067", "2026-05-12", technical), one("77067", "2026-05-14", reading)) == []
    assert judge(one("77067", "2026-03-12", technical), one("77067", "2026-05-14", reading)) != []


def test_services_of_one_day_are_one(judge: Judge) -> None:
    assert judge(one("G0439", "2026-05-14"), one("G0439", "2026-05-14")) == []


def test_the_ninth_session_of_a_year(judge: Judge) -> None:
    days = [date(2025, 9, 1) + timedelta(days=7 * n) for n in range(9)]
    sessions = [one("99407", str(day)) for day in days]
    assert judge(*sessions[:8]) == []
    (found,) = judge(*sessions)
    assert "8 were given since 2025-09-01" in found.message
    assert judge(*sessions[:8], one("99407", "2026-09-01")) == []


def test_the_claim_itself_counts(judge: Judge) -> None:
    base = "payer.type = medicare; lines.1.code = G0444; lines.1.modifiers = none; lines = 2"
    (found,) = judge(f"{base}; {on('2026-05-20', 2)}")
    assert found.location is not None
    assert found.location["line"] == 2


def test_one_finding_a_line_by_the_limit_that_lasts_longest(judge: Judge) -> None:
    (found,) = judge(one("G0438", "2025-09-01"), one("G0438", "2026-05-14"))
    assert found.message.endswith("it is covered once in a lifetime.")


@pytest.mark.parametrize("payer", ["commercial", "medicaid"])
def test_other_payers_have_other_limits(payer: str, judge: Judge) -> None:
    text = one("G0439", "2026-05-14").replace("medicare", payer)
    assert judge(one("G0439", "2025-09-01"), text) == []


def test_a_limit_that_a_user_brought(judge: Judge) -> None:
    days = ("2026-02-01", "2026-05-14")
    first, second = (one("S0610", day).replace("medicare", "commercial") for day in days)
    (found,) = judge(first, second)
    assert found.source == "Invented contract"
    assert judge(first, one("S0610", "2026-05-14")) == []


@pytest.mark.parametrize(
    ("code", "patient", "outside"),
    [
        ("71271", "patient.birth_date = 1976-05-15", True),  # 49
        ("71271", "patient.birth_date = 1976-05-14", False),
        ("71271", "patient.birth_date = 1948-05-15", False),
        ("71271", "patient.birth_date = 1948-05-14", True),  # 78
        ("G0103", "patient.sex = F; patient.birth_date = 1955-01-01", True),
        ("G0103", "patient.sex = F; patient.birth_date = 1955-01-01; lines.1.modifiers = KX", False),
        ("G0103", "patient.sex = U; patient.birth_date = 1955-01-01", False),
        ("77067", "patient.birth_date = none", False),
    ],
)
def test_for_whom(code: str, patient: str, outside: bool, judge: Judge) -> None:
    assert (judge(one(code, "2026-05-14", patient)) != []) is outside


# --- what always holds ---


@given(st.dates(date(2015, 1, 1), date(2026, 1, 1)), st.integers(1, 120), st.integers(0, 4000))
def test_months_are_counted_as_the_manual_counts_them(last: date, every: int, later: int) -> None:
    day = last + timedelta(days=later)
    passed, month = 0, (last.year, last.month)
    while (month := _next(*month)) < (day.year, day.month):
        passed += 1
    again = _again(last, MONTHS, every)
    assert again is not None
    # "so many full months have passed following the month of the last one"
    assert (day >= again) == (passed >= every - 1 and (day.year, day.month) > (last.year, last.month))


def _next(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)


@given(st.lists(st.dates(date(2020, 1, 1), date(2026, 4, 30)), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_the_order_of_earlier_claims_does_not_matter(tables: CodeBook, days: list[date]) -> None:
    def said(order: list[date]) -> list[str]:
        text = " || ".join(one("G0444", str(day), f"id = B{day}") for day in [*order, date(2026, 5, 14)])
        told = asked(text)
        found = edits.check_claim(told.claim, tables, codes=False, earlier=told.earlier)
        return [f.message for f in found if f.rule in RULES]

    assert said(days) == said(sorted(days)) == said(sorted(days, reverse=True))


def test_every_row_names_its_source_and_holds_some_day() -> None:
    for limit in shipped():
        assert limit.citation.startswith(("42 CFR 410.", "NCD "))
        assert limit.holds_on(limit.since)
        assert limit.payer == "medicare"
