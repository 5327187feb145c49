"""Segments as text: kinds and lengths of elements, cleaning, refusing, trimming."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.domain import InputError
from leadterm.x12 import SegmentWriter, Separators, X12Error, period
from leadterm.x12.elements import SEGMENTS, elements_of

write = SegmentWriter()
MOMENT = datetime(2026, 5, 4, 7, 5)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (("NM1", "IL", "1", "Müller", "José", "Q", None, None, "MI", "M1"), "NM1*IL*1*MULLER*JOSE*Q***MI*M1~"),
        (("NM1", "PR", "2", "A*B:C~D^E", None, None, None, None, "PI", "12"), "NM1*PR*2*A B C D E*****PI*12~"),
        (("N3", "1 Main St.", None), "N3*1 MAIN ST.~"),
        (("N3", "1  Main", ""), "N3*1 MAIN~"),
        (("REF", "F8", " icn-1/a "), "REF*F8*icn-1/a~"),
        (("PER", "IC", "Pat", "EM", "pat_b@example.org"), "PER*IC*PAT*EM*pat_b@example.org~"),
        (("HL", 2, 1, "22", "0"), "HL*2*1*22*0~"),
        (("HL", 1, None, "20", "1"), "HL*1**20*1~"),
        (("LX", 12), "LX*12~"),
        (("CLM", "A1", Decimal("100.00"), None, None, ("11", "B", "1")), "CLM*A1*100***11:B:1~"),
        (("SV1", ("HC", "99213", "25", None, "LT", ""), Decimal("0.50")), "SV1*HC:99213:25::LT*.5~"),
        (("CTP", None, None, None, Decimal("2.5"), ("ML",)), "CTP****2.5*ML~"),
        (("BHT", "0019", "00", "B1", MOMENT, MOMENT, "CH"), "BHT*0019*00*B1*20260504*0705*CH~"),
    ],
)
def test_a_segment_is_written(values: tuple[Any, ...], text: str):
    assert write(*values) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("0.00", "0"),
        ("-0.00", "0"),
        ("100", "100"),
        ("1E+2", "100"),
        ("12.50", "12.5"),
        ("0.05", ".05"),
        ("-1.10", "-1.1"),
        ("99999999.99", "99999999.99"),
    ],
)
def test_a_number_is_exact_and_has_no_idle_zero(number: str, text: str):
    assert write("CLM", "A", Decimal(number)) == f"CLM*A*{text}~"


@given(st.decimals(min_value=-99_999_999, max_value=99_999_999, places=2))
def test_a_written_number_is_the_number(number: Decimal):
    assert Decimal(write("CLM", "A", number).removesuffix("~").split("*")[2]) == number


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (("NM1", "IL", "1", "李"), "NM103 has letters that X12 cannot carry"),
        (("NM1", "IL", "1", "🎉"), "NM103 has letters that X12 cannot carry"),
        (("NM1", "IL", "1", "x" * 61), "NM103 has 61 characters where X12 takes 1 to 60"),
        (("N4", "X"), "N401 has 1 characters where X12 takes 2 to 30"),
        (("NM1", "IL", "1", 5), "NM103 takes text"),
        (("REF", "F8", "A*B"), "REF02 has a character that X12 cannot carry in an identifier"),
        (("REF", "F8", "É1"), "REF02 has a character"),
        (("REF", "F8", "1\n2"), "REF02 has a character"),
        (("REF", "F8", "x" * 51), "REF02 has 51 characters"),
        (("REF", "F8", "  "), "REF02 has 0 characters"),
        (("REF", "F8", Decimal(1)), "REF02 has 0 characters"),
        (("N4", "Ames", "Iowa"), "N402 takes a code of 2 capital letters"),
        (("N4", "Ames", "ia"), "N402 takes a code"),
        (("SV1", ("HC", "99213", "2"), 1), "SV101-3 takes a code"),
        (("SV1", ("HC", "1", "25", "25", "25", "25", "x", "y"), 1), "SV101 has at most 7 components"),
        (("CLM", "A", 1.5), "CLM02 takes an exact number"),
        (("CLM", "A", True), "CLM02 takes an exact number"),
        (("CLM", "A", Decimal("NaN")), "CLM02 takes an exact number"),
        (("CLM", "A", Decimal(12345678901)), "CLM02 has 11 characters where X12 takes 1 to 10"),
        (("LX", 0.5), "LX01 takes a whole number"),
        (("LX", -1), "LX01 takes a whole number"),
        (("BHT", "0019", "00", "B", "20260514"), "BHT04 takes a date"),
        (("BHT", "0019", "00", "B", date(2026, 1, 1), date(2026, 1, 1)), "BHT05 takes a moment"),
        (("LX", 1, 2), "LX has at most 1 elements"),
        (("N3", None, ""), "N3 would have no element"),
        (("REF", "F8", ("a", "b")), "REF02 has 0 characters"),
        (("NM1", "IL", "1", ("a",)), "NM103 takes text"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_element(values: tuple[Any, ...], sentence: str):
    with pytest.raises(InputError, match=sentence):
        write(*values)


def test_a_refusal_never_quotes_the_data():
    with pytest.raises(X12Error) as told:
        write("NM1", "IL", "1", "Zebra李")
    assert "Zebra" not in str(told.value)


def test_other_separators_free_the_usual_ones():
    bars = SegmentWriter(Separators("|", ">", "!", "\n"))
    assert bars("REF", "F8", "A*B:C~") == "REF|F8|A*B:C~\n"


@given(st.text(), st.sampled_from([Separators(), Separators("|", ">", "!", "\n"), Separators("'", "&", None, "/")]))
def test_no_text_ever_brings_a_separator_into_a_segment(text: str, separators: Separators):
    try:
        written = SegmentWriter(separators)("NM1", "IL", "1", text, text[:20])
    except X12Error:
        return
    assert written.endswith(separators.terminator)
    inside = written[: -len(separators.terminator)]
    assert inside.isascii()
    assert len(inside.split(separators.element)) in (3, 4, 5)
    assert not set(inside) & ({*separators.all} - {separators.element})


def test_a_period_of_one_day_and_of_several():
    assert period(date(2026, 5, 14)) == period(date(2026, 5, 14), date(2026, 5, 14)) == ("D8", "20260514")
    assert period(date(2026, 5, 14), date(2026, 5, 16)) == ("RD8", "20260514-20260516")
    assert period(date(31, 1, 2)) == ("D8", "00310102")


@pytest.mark.parametrize("segment", SEGMENTS)
def test_every_line_of_the_element_table_can_be_read(segment: str):
    assert elements_of(segment)


@pytest.mark.parametrize("kind", ["A", "1", " ", "é", "**"])
def test_a_separator_is_one_plain_sign(kind: str):
    with pytest.raises(InputError):
        Separators(element=kind)
