"""Coverage that users write down: national lists, and limits of frequency."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from leadterm.codesets.formats import coverage_own
from leadterm.codesets.payment.coverage import NationalCoverage
from leadterm.codesets.payment.limits import FIELDS, FrequencyLimits
from leadterm.domain import InputError

from .made import read, recognised_by, release, store, written

NCD, LIMITS = coverage_own.FORMATS
NCD_HEADER = "ncd,hcpcs,icd10,list,effective,end"
ROWS = (NCD_HEADER, "190.23,80061,E78.5,covered,2015-10-01,", "190.23,80061,I10,noncovered,,2020-12-31",
        "190.23,83721,e785,Covered,,")  # fmt: skip
LIMIT = ",".join(FIELDS)
ROW = "medicare,G0999 G0998,G0997,2,12,months,50-77,F,E11,O24 Z34,6,KX,2026-01-01,2026-12-31,Invented"


def test_a_national_list_is_a_policy_of_its_days(tmp_path: Path) -> None:
    found, made = read(NCD, written("ncd_2026-01.csv", "\n".join(ROWS)))
    face = NationalCoverage(store(tmp_path, made), release(found, made))
    assert found.period.start == date(2026, 1, 1)
    (policy,) = face.policies("80061", date(2026, 5, 14))
    assert (policy.document, policy.covered, policy.not_covered) == ("NCD 190.23", {"E78.5"}, frozenset())
    assert [p.not_covered for p in face.policies("80061", date(2014, 5, 14))] == [{"I10"}]
    assert face.procedures == {"80061", "83721"}
    assert dict(made.counts)["procedures"] == 2


def test_a_limit_is_read_as_it_is_written(tmp_path: Path) -> None:
    found, made = read(LIMITS, written("limits.csv", f"{LIMIT}\n{ROW}\n,S0610,,,,lifetime,,,,,,,,,Contract\n"))
    first, second = FrequencyLimits(store(tmp_path, made), release(found, made)).limits
    assert (first.codes, first.after, first.times, first.every) == ({"G0999", "G0998"}, {"G0997"}, 2, 12)
    assert (first.youngest, first.oldest, first.sex, first.sooner) == (50, 77, "F", 6)
    assert (first.risk, first.modifiers, first.citation) == (("O24", "Z34"), {"KX"}, "Invented")
    assert [first.holds_on(date(2026, 1, d)) for d in (1, 2)] == [True, True]
    assert not first.holds_on(date(2025, 12, 31))
    assert (second.every, second.times, second.since) == (None, 1, date.min)
    assert dict(made.counts) == {"limits": 2, "codes": 3}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("months", "weeks", "the column unit is months, days, lifetime or empty"),
        (",12,", ",,", "the column every stands with months or days"),
        (",12,", ",soon,", "the column every is a number"),
        (",2,", ",0,", "the column times is a number"),
        ("50-77", "77-50", "the column ages is written 50-, or 50-77"),
        ("50-77", "fifty", "the column ages is written"),
        (",F,", ",X,", "the column sex is F, M or empty"),
        ("G0999 G0998", "", "the column codes names a code"),
        ("G0999 G0998", "G0999;G0998", "the column codes holds codes with blanks"),
        ("O24 Z34", "24", "the column risk holds diagnoses"),
        ("2026-01-01", "01/01/2026", "the column since is a day like 2026-01-01"),
        ("Invented", "", "the column citation says where it is written"),
        ("medicare", "Medicare Part B!", "the column payer is a type of payer"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused_with_its_row(old: str, new: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read(LIMITS, written("limits.csv", f"{LIMIT}\n{ROW.replace(old, new, 1)}\n"))
    assert str(refused.value).startswith(f"limits.csv, row 2: {said}")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("NCD,80061,E78.5,covered,,", "the determination is no number like 190.23"),
        ("190.23,8006,E78.5,covered,,", "'8006' is no CPT or HCPCS code"),
        ("190.23,80061,high fat,covered,,", "the diagnosis is no ICD-10-CM code"),
        ("190.23,80061,E78.5,maybe,,", "the list is covered, noncovered or denied"),
        ("190.23,80061,E78.5,covered,2015,", "a day is written 2026-01-01"),
        ("190.23,80061,E78.5,covered", "it has 4 columns in place of 6"),
    ],
)
def test_a_row_of_a_national_list_that_does_not_fit_is_refused(row: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(NCD, written("ncd.csv", f"{NCD_HEADER}\n{row}\n"))


@pytest.mark.parametrize(("form", "header"), [(NCD, NCD_HEADER), (LIMITS, LIMIT)])
def test_a_file_without_rows_is_refused(form: coverage_own.Format, header: str) -> None:
    with pytest.raises(InputError, match="holds no"):
        read(form, written("empty.csv", f"{header}\n"))


def test_other_columns_are_another_file() -> None:
    assert recognised_by(coverage_own.FORMATS, written("x.csv", "ncd,hcpcs,icd10\n")) == []
    assert recognised_by(coverage_own.FORMATS, written("x.csv", f'\ufeff"{NCD_HEADER}"\n'.replace(",", '","'))) == [
        "coverage:ncd"
    ]


def test_releases_are_compared_row_by_row(tmp_path: Path) -> None:
    _, made = read(LIMITS, written("limits.csv", f"{LIMIT}\n{ROW}\n"))
    ((key, fields),) = coverage_own.DIFFERS["coverage:frequency"](store(tmp_path, made))
    assert (key, fields["every"]) == ("G0999 G0998 1", "12")
