"""Lists of items: what makes an entry, how many it tells, how large, and which kind of a family it is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.supplies.catalog import codes, families, kind, words
from leadterm.coding.supplies.measures import Quantity, area, days, quantity, width, yards
from leadterm.coding.supplies.tickets import entries, says_out
from leadterm.domain import Document


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("CALCIUM ALGINATE STERILE 4 X 5 IN ............................. 30 EA", 30),
        ("TAPE PAPER 1 IN X 10 YD ...................... 2 ROLLS", 2),
        ("Intermittent cath 14 Fr COUDE tip hydrophilic        120", 120),
        ("Walker, folding, 4 wheels (rollator)   qty 1   PURCHASE", 1),
        ("concentrator, 10 liter, rental month 2", None),
        ("Silicone bordered foam 4x4 in, #12", 12),
        ("lightweight chair 18x16", None),
        ("a pair of shoes", 1),
    ],
)
def test_sizes_and_months_are_no_quantities(said: str, number: int | None) -> None:
    found = quantity(said)
    assert (found.number if found else None) == number


def test_a_box_tells_what_it_holds() -> None:
    assert quantity("glucose test strips, 3 boxes of 50") == Quantity(3, "boxes", 50)


@pytest.mark.parametrize(
    ("said", "square"),
    [("4 x 5 in", "20"), ('6" x 6"', "36"), ("16 sq in", "16"), ("4x4", "16"), ("10x10", None), ("4 in x 4 yd", None)],
)
def test_a_pad_without_a_measure_is_in_inches_only_where_it_is_small(said: str, square: str | None) -> None:
    assert area(said) == (Decimal(square) if square else None)


def test_centimeters_become_inches() -> None:
    found = area("10 x 10 cm")
    assert found is not None
    assert Decimal(15) < found < Decimal(16)


def test_a_roll_has_a_width_and_a_length() -> None:
    assert (width("4.5 in x 4.1 yd"), yards("4.5 in x 4.1 yd")) == (Decimal("4.5"), Decimal("4.1"))


@pytest.mark.parametrize(
    ("said", "number"), [("30 d", 30), ("90-day supply", 90), ("9 days left", None), ("1 month", 30)]
)
def test_a_supply_lasts(said: str, number: int | None) -> None:
    assert days(said) == number


@given(st.integers(1, 500))
def test_a_quantity_of_a_column_is_that_of_the_line(n: int) -> None:
    assert quantity(f"Leg bag vinyl w/ straps      {n}") == quantity("Leg bag vinyl w/ straps", str(n))


TICKET = """DELIVERY TICKET
Item                 Ordered   Shipped
Walker seat              1        1
Commode                  1        0

[x] Cane   qty 1
[ ] Crutches   qty 1
LAST MONTH: collagen x 12
"""


def test_what_was_not_ticked_shipped_or_of_this_month_is_out() -> None:
    text = TICKET
    out = {
        word: e.out
        for e in entries(Document("d", text))
        for word in ("Walker", "Commode", "Cane", "Crutches", "collagen")
        if word in e.of(text)
    }
    assert out == {"Walker": None, "Commode": True, "Cane": False, "Crutches": True, "collagen": True}


@pytest.mark.parametrize(
    "said", ["held", "b/o", "pt says no", "not delivered", "has one", "declined", "cash, not on ins"]
)
def test_words_say_that_an_item_stayed_away(said: str) -> None:
    assert says_out(f"Commode   {said}")


@pytest.mark.parametrize(
    "said", ["valved holding chamber", "hand held nebulizer", "short leg walker", "tape, not waterproof"]
)
def test_a_name_is_no_denial(said: str) -> None:
    assert not says_out(said)


@pytest.mark.parametrize(
    ("family", "said", "code"),
    [
        ("walker", "Walker, folding, 4 wheels, hand brakes", "E0143"),
        ("walker", "pick-up walker, no wheels", "E0135"),
        ("walker", "heavy-duty wheeled walker", "E0149"),
        ("pouch", "2-pc drainable pouch, filter", "A4425"),
        ("pouch", "one-piece closed pouch", "A5051"),
        ("ostbarrier", "skin barrier with flange, extended wear, convex, 4x4", "A4407"),
        ("foam", "foam nonborder 4x4 in", "A6209"),
        ("foam", "bordered foam 6x6 in", "A6213"),
        ("tape", "tape paper (not waterproof)", "A4450"),
        ("gauze", "gauze non-sterile 4 x 4", "A6216"),
        ("humidifier", "humidifier, non-heated", "E0561"),
        ("kneebrace", "hinged knee brace, off the shelf", "L1833"),
    ],
)
def test_features_tell_kinds_apart(family: str, said: str, code: str) -> None:
    one = next(f for f in families() if f.name == family)
    found = kind(one, words(said), "")
    assert found is not None
    assert codes(found, words(said), "") == ((code,), True)
