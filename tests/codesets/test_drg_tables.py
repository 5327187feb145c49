from __future__ import annotations

from decimal import Decimal

import pytest

from leadterm.codesets import CodeBook
from leadterm.codesets.payment.drg_tables import read_diagnoses, read_weights
from leadterm.domain import InputError


def test_a_group_has_weight_and_lengths_of_stay(book: CodeBook) -> None:
    row = book.msdrg("1")
    assert row is not None
    assert (row.drg, row.mdc, row.type, row.weight) == ("001", "PRE", "SURG", Decimal("28.0239"))
    assert (row.geometric_los, row.arithmetic_los) == (Decimal("25.8"), Decimal("36.2"))


def test_an_ungroupable_stay_has_no_weight(book: CodeBook) -> None:
    row = book.msdrg("999")
    assert row is not None
    assert (row.weight, row.mdc, row.type) == (None, None, None)


def test_there_is_no_group_000(book: CodeBook) -> None:
    assert book.msdrg("000") is None


def test_the_tables_are_those_of_the_final_rule(book: CodeBook) -> None:
    counts = {r.name: dict(r.counts) for r in book.releases() if r.system == "msdrg"}
    assert counts == {"msdrg:weights": {"groups": 772}, "msdrg:cc": {"codes": 15_078}, "msdrg:mcc": {"codes": 3_354}}


def test_weights_of_another_year_are_refused() -> None:
    with pytest.raises(InputError, match="2026"):
        read_weights(b"TABLE 5 FY 2025 Final Rule\n" + b"\t" * 9, 2026)


def test_a_list_without_codes_is_refused() -> None:
    with pytest.raises(InputError):
        read_diagnoses(b"TABLE 6J\nDiagnosis Code\tDescription\n")
