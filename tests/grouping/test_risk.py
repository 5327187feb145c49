"""Which diagnoses risk adjustment counts, by the tables alone: the same as the models themselves open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from leadterm.grouping import WhyNot, hccs_of, risk, risk_adjusted

from .notation import coded

pytest.importorskip("hccinfhir", reason="hccinfhir is not installed (the extra grouping)")
CODES = ("E11.22", "E11.9", "I50.22", "I10", "J06.9", "N18.4", "C50.911", "F32.A", "M06.9", "Z79.4")


@pytest.mark.parametrize("day", [date(2022, 5, 14), date(2024, 5, 14), date(2026, 5, 14)])
def test_the_codes_that_count_are_those_that_the_models_open(day: date) -> None:
    found = hccs_of(coded(f"outpatient F74 {day}: {' '.join(CODES)}"))
    assert not isinstance(found, WhyNot), found
    opened = {code for model in found for each in (*model.categories, *model.superseded) for code in each.codes}
    codes = risk_adjusted(day)
    assert codes is not None
    assert {code for code in CODES if code.replace(".", "") in codes} == opened


def test_before_the_first_model_none_counts() -> None:
    assert risk_adjusted(date(2016, 5, 14)) == frozenset()


@pytest.fixture
def no_package(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(risk, "PACKAGE", "no_such_package")
    risk._codes.cache_clear()
    yield
    risk._codes.cache_clear()


@pytest.mark.usefixtures("no_package")
def test_without_the_package_nobody_knows() -> None:
    assert risk_adjusted(date(2026, 5, 14)) is None
