"""What texts say: billing units of official texts, amounts, times, details of a dose."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.drugs.amounts import Amount, units_given, units_whole
from leadterm.coding.drugs.clock import times
from leadterm.coding.drugs.describing import described
from leadterm.coding.drugs.details import details
from leadterm.coding.drugs.hierarchy import further_hours
from leadterm.coding.drugs.tables import rows_of


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("Injection, ketorolac tromethamine, per 15 mg", "15", "mg"),
        ("Injection, penicillin g benzathine, 100,000 units", "100000", "unit"),
        ("Injection, palonosetron hcl, 25 mcg", "0.025", "mg"),
        ("Injection, ampicillin sodium/sulbactam sodium, per 1.5 gm", "1500", "mg"),
        ("Injection, piperacillin sodium/tazobactam sodium, 1 gram/0.125 grams (1.125 grams)", "1125", "mg"),
        ("Injection, betamethasone acetate 3 mg and betamethasone sodium phosphate 3 mg", "6", "mg"),
        ("Infusion, normal saline solution, sterile (500 ml = 1 unit)", "500", "ml"),
        ("Injection, heparin sodium, per 1000 units", "1000", "unit"),
        ("Factor ix complex, per i.u.", "1", "unit"),
        ("Technetium tc-99m sestamibi, diagnostic, per study dose", "1", "dose"),
        ("Low osmolar contrast material, 300-399 mg/ml iodine concentration, per ml", "1", "ml"),
        ("Injection, potassium chloride, per 2 meq", "2", "meq"),
        ("Injection, interferon alfa-2b, recombinant, 1 million units", "1000000", "unit"),
        ("Injection, thyrotropin alpha, 0.9 mg, provided in 1.1 mg vial", "0.9", "mg"),
    ],
)
def test_the_unit_of_an_official_text(text: str, value: str, kind: str) -> None:
    found = described(text)
    assert found is not None
    assert found.unit == Amount(Decimal(value), kind)


@pytest.mark.parametrize(
    "text",
    [
        "Prednisone, immediate release or delayed release, oral, 1 mg",
        "Unclassified drugs",
        "Albuterol, inhalation solution, compounded product, administered through dme, unit dose, 1 mg",
    ],
)
def test_what_is_not_given_here_is_no_drug_of_the_room(text: str) -> None:
    assert described(text) is None


def test_a_biosimilar_is_named_by_its_suffix_and_brand_alone() -> None:
    found = described("Injection, trastuzumab-anns, biosimilar, (kanjinti), 10 mg")
    assert found is not None
    assert (found.names, found.brands, found.biosimilar) == (("trastuzumab-anns",), ("kanjinti",), True)


def test_a_makers_name_is_asked_of_the_chart_and_is_no_brand() -> None:
    found = described("Injection, cefazolin sodium (hikma), not therapeutically equivalent to j0690, 500 mg")
    assert found is not None
    assert (found.brands, found.needs) == ((), (("hikma",),))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("start 0905 stop 1005", 60),
        ("(0910-0930)", 20),
        ("started at 9:05 am, completed 10:35 am", 90),
        ("11:40 - 1:05", 85),
        ("started 11:40 pm, stopped 12:25 am", 45),
        ("start: 23:30  stop: 00:40", 70),
        ("infused from 1:00 to 2:15 pm", 75),
        ("1000 ml over 60 min", None),
        ("started 0930", None),
        ("given at 0945, followed by", None),
        ("", None),
    ],
)
def test_times_of_an_infusion(text: str, minutes: int | None) -> None:
    assert times(text).minutes == minutes


@given(st.integers(0, 1439), st.integers(0, 600))
def test_a_stop_written_with_the_whole_clock_is_found_over_midnight(start: int, lasting: int) -> None:
    stop = (start + lasting) % 1440
    written = [f"{m // 60:02}:{m % 60:02}" for m in (start, stop)]
    assert times(f"start {written[0]} stop {written[1]}").minutes == lasting % 1440


@pytest.mark.parametrize(("minutes", "hours"), [(60, 0), (90, 0), (91, 1), (150, 1), (151, 2), (16, 0)])
def test_a_further_hour_counts_from_its_thirty_first_minute(minutes: int, hours: int) -> None:
    assert further_hours(minutes) == hours


def test_numbers_of_another_sort_are_no_dose() -> None:
    text = "ketorolac 30 mg/ml, 60 mg im, lot 55 mg-1, ordered 90 mg, from two 30 mg vials, 0 mg wasted"
    told = details(text, 9, text)
    assert told.doses[0][0] == Amount(Decimal(60), "mg")
    assert told.strengths == (Amount(Decimal(30), "mg"),)
    assert told.containers == ((2, Amount(Decimal(30), "mg")),)
    assert told.waste is not None
    assert told.waste.amount == Amount(Decimal(0), "mg")
    assert told.route == "im"


amounts = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(5000), places=2)


@given(amounts, amounts, amounts)
def test_units_grow_with_the_dose_and_never_fall_short_of_it(small: Decimal, more: Decimal, unit: Decimal) -> None:
    one = Amount(unit, "mg")
    fewer, all_of_it = units_given(Amount(small, "mg"), one), units_given(Amount(small + more, "mg"), one)
    assert fewer <= all_of_it
    assert fewer * unit >= small > (fewer - 1) * unit


@given(amounts, amounts, st.integers(1, 40))
def test_rounded_up_and_whole_units_together_are_what_a_container_holds(
    part: Decimal, unit: Decimal, units: int
) -> None:
    held, one = unit * units, Amount(unit, "mg")
    given_part = min(part, held)
    total = units_given(Amount(given_part, "mg"), one) + units_whole(Amount(held - given_part, "mg"), one)
    assert total == units


@pytest.mark.parametrize("gap", [" | ", "\t", "    "])
def test_a_table_gives_start_and_stop_by_its_columns(gap: str):
    rows = [["Drug", "Dose", "Route", "Start", "Stop"], ["taxotere", "135 mg", "IV", "2350", "0105"]]
    [row] = rows_of("\n".join(gap.join(row) for row in rows).lower())
    assert row.given
    assert row.times is not None
    assert (row.times.start, row.times.minutes) == (23 * 60 + 50, 75)


@pytest.mark.parametrize("head", ["medication  dose  route  frequency  last taken", "drug  dose  route  time  status"])
def test_a_table_of_what_somebody_takes_is_no_record_of_giving(head: str):
    [row] = rows_of(f"{head}\nketorolac  10 mg  po  0900  active\n\nafter")
    assert not row.given


def test_a_row_without_its_time_is_no_giving():
    given, empty = rows_of("drug   dose   route   time\nzofran   4 mg   iv   0900\nreglan   10 mg   iv\nthen home.")
    assert given.given
    assert not empty.given
