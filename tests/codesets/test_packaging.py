"""What OPPS does with the services of a claim, each written as `line code indicator rate xunits @day`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.codesets.payment.opps import OppsRow
from leadterm.codesets.payment.packaging import How, OppsService, dispositions

# Amounts and pairings are invented; every indicator is one of Addendum D1.
CODES = {
    "99284": "J2", "G0463": "J2", "G0379": "J2", "G0378": "N", "27447": "J1", "66984": "J1", "45385": "T", "20610": "T",
    "93306": "S", "92012": "V", "93005": "Q1", "88305": "Q1", "64570": "Q2", "36597": "Q2", "74177": "Q3",
    "72148": "Q3", "80053": "Q4", "J1885": "N", "J9271": "K", "P9016": "R", "C2616": "U", "33533": "C", "97110": "A",
    "99213": "B", "E0100": "Y", "A9270": "E1", "Q4101": "S1", "XXXXX": "Z9",
}  # fmt: skip
RATES = {"27447": 13000, "66984": 2300, "45385": 1100, "20610": 300, "88305": 60, "93005": 55, "64570": 1700}


def service(line: int, text: str) -> OppsService:
    code, *more = text.split()
    units = next((Decimal(m[1:]) for m in more if m[0] == "x"), Decimal(1))
    day = next((int(m[1:]) for m in more if m[0] == "@"), 14)
    apc = next((m[4:] for m in more if m.startswith("apc=")), "5000")
    modifiers = tuple(m[1:] for m in more if m[0] == "-")
    rate = Decimal(RATES.get(code, 100)) if CODES[code] != "N" else None
    return OppsService(line, OppsRow(code, "", CODES[code], apc, None, rate, None, None, None, None, ""), units,
                       date(2026, 5, day), modifiers)  # fmt: skip


def told(text: str, bill: str = "13") -> str:
    """Each line in short: `paid`, `>2` within line 2, `else`, `no`, `in` packaged, `?`."""
    services = [service(n, one) for n, one in enumerate(text.split(", "), 1)]
    found = dispositions(services, bill)
    assert set(found) == {s.line for s in services}
    short = {How.PAID: "paid", How.PACKAGED: "in", How.ELSEWHERE: "else", How.NOT_PAID: "no", How.OPEN: "?"}
    words = []
    for line in sorted(found):
        one = found[line]
        word = f">{one.into}" if one.into else short[one.how]
        words.append(f"{word}:{one.apc}" if one.apc else word)
    return " ".join(words)


@pytest.mark.parametrize(
    ("claim", "becomes"),
    [
        # each by itself
        ("93306", "paid"),
        ("J1885", "in"),
        ("33533, 99213, E0100, A9270, 97110", "no no else no else"),
        ("33533 -CA", "?"),
        ("XXXXX", "?"),
        ("27447 -PC, 93306", "no paid"),
        ("93306 -GZ, 93005, 80053", "no paid >2"),
        # comprehensive (10.2.3)
        ("27447, 93306, 45385, 80053, J9271, J1885, P9016", "paid >1 >1 >1 >1 in >1"),
        ("66984, 27447", ">2 paid"),
        ("27447, C2616, 97110, Q4101", "paid paid else ?"),
        ("27447, 93306 apc=1520", "paid paid"),
        ("27447, G0378 x10, 99284", "paid in >1"),
        # observation as one (290.5.3)
        ("99284, G0378 x8, 93306, 80053", "paid:8011 in >1 >1"),
        ("99284, G0378 x7, 93306, 80053", "paid in paid >1"),
        ("99284, G0378 x8, 20610", "paid in paid"),
        ("99284 @13, G0378 x20 @14", "paid:8011 in"),
        ("99284 @12, G0378 x20 @14", "paid in"),
        ("G0379, G0378 x9", "paid:8011 in"),
        ("G0379 @13, G0378 x9", "paid in"),
        ("G0378 x3 @14, G0378 x6 @15, 99284", "in in paid:8011"),
        # tests (Q4)
        ("80053", "else"),
        ("80053, 97110", "else else"),
        ("80053, 93005", ">2 paid"),
        ("80053, 20610, 64570", ">2 paid >2"),
        # beside others (10.4)
        ("93005", "paid"),
        ("93005, 93306", ">2 paid"),
        ("93005, 99284", ">2 paid"),
        ("64570, 93306", "paid paid"),
        ("64570, 45385", ">2 paid"),
        ("93005, 88305", ">2 paid"),
        ("93005, 64570", ">2 paid"),
        ("64570, 36597, 93306", "paid >1 paid"),
        ("93005, J9271", "paid paid"),
        # composites
        ("74177", "paid"),
        ("74177, 72148", "? ?"),
        ("74177, 93005", "paid >1"),
    ],
)
def test_what_becomes_of_each_line(claim: str, becomes: str) -> None:
    assert told(claim) == becomes


@pytest.mark.parametrize("bill", ["12", "14"])
def test_observation_is_paid_as_one_on_a_13x_bill_alone(bill: str) -> None:
    assert told("99284, G0378 x8", bill) == "paid in"


def test_tests_of_specimens_are_of_the_laboratory_schedule() -> None:
    assert told("80053, 93005", "14") == "else paid"


LINES = st.lists(st.sampled_from(sorted(CODES)), min_size=1, max_size=7)


@given(LINES, st.randoms())
def test_the_order_of_lines_decides_nothing_but_ties(codes: list[str], chance: object) -> None:
    rated = [s for n, code in enumerate(codes, 1) for s in [service(n, code)]]
    forward = dispositions(rated)
    backward = dispositions(rated[::-1])
    assert forward == backward


@given(LINES)
def test_a_line_is_never_packaged_into_one_that_is_not_paid(codes: list[str]) -> None:
    found = dispositions([service(n, code) for n, code in enumerate(codes, 1)])
    into = {one.into for one in found.values() if one.into}
    assert all(found[line].how in (How.PAID, How.OPEN) for line in into)
