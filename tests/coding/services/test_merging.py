"""The record's own charges and what was read in the chart: nothing priced is changed, nothing is billed twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.services.merging import merged
from leadterm.coding.services.service import Service
from leadterm.domain import Alternative, Code, CodeSystem, Evidence, Money, PathwayStep, Span, Step

DAY = date(2026, 5, 14)
WORDS = Evidence("d1", Span(0, 5), "words")
KEPT = ("code", "units", "modifiers", "pointers", "day", "provider", "revenue_code", "charge", "ndc", "captured")


def code(value: str) -> Code:
    return Code(CodeSystem.HCPCS if value[0].isalpha() else CodeSystem.CPT, value)


def captured(value: str, *modifiers: str, day: date | None = DAY) -> Service:
    return Service(
        code(value), "captured", units=Decimal(2), modifiers=modifiers, day=day, charge=Money.parse("9"), captured=True
    )


def read(value: str, kind: str = "procedure", *modifiers: str, day: date | None = DAY, rank: int = 1) -> Service:
    step = PathwayStep(Step.TABLE, "read")
    found = (Alternative("99999", "less"),)
    return Service(code(value), kind, (WORDS,), (step,), found, modifiers=modifiers, day=day, rank=(rank,))


def shown(*services: Service) -> list[str]:
    return [
        f"{s.code.value}{'-' if s.modifiers else ''}{'-'.join(s.modifiers)}{'*' * bool(s.evidence)}" for s in services
    ]


def test_a_charge_takes_the_words_of_the_same_service():
    (line,) = merged([captured("J1885")], [read("J1885", "drug")], DAY)
    assert (line.evidence, line.alternatives, line.kind) == ((WORDS,), (Alternative("99999", "less"),), "drug")
    assert [s.text for s in line.pathway] == ["read"]
    assert (line.units, line.charge) == (Decimal(2), Money.parse("9"))


def test_another_level_of_the_visit_that_was_priced_is_no_line_of_its_own():
    assert shown(*merged([captured("99213", "25")], [read("99204", "visit")], DAY)) == ["99213-25*"]


def test_another_kind_of_visit_is_a_line_of_its_own():
    assert shown(*merged([captured("99213")], [read("99396", "visit")], DAY)) == ["99213", "99396*"]


def test_numbers_of_a_family_are_levels_of_visits_only():
    assert shown(*merged([captured("99202")], [read("99211", "procedure")], DAY)) == ["99202", "99211*"]


def test_the_same_service_on_another_day_is_another():
    assert len(merged([captured("J1885")], [read("J1885", day=date(2026, 5, 15))], DAY)) == 2


def test_what_names_no_day_is_of_the_encounters():
    assert len(merged([captured("J1885", day=None)], [read("J1885", day=DAY)], DAY)) == 1


def test_a_discarded_drug_is_a_line_beside_the_one_that_was_priced():
    read_both = [read("J9035", "drug"), read("J9035", "drug", "JW")]
    assert shown(*merged([captured("J9035")], read_both, DAY)) == ["J9035*", "J9035-JW*"]


def test_each_side_finds_its_own_line():
    both = [read("20610", "procedure", "LT"), read("20610", "procedure", "RT")]
    assert shown(*merged([captured("20610", "RT")], both, DAY)) == ["20610-RT*", "20610-LT*"]


def test_another_side_of_what_was_priced_and_read_once_is_a_contradiction_and_no_second_line():
    assert shown(*merged([captured("20610", "RT")], [read("20610", "procedure", "LT")], DAY)) == ["20610-RT*"]


def test_what_two_rooms_read_of_the_same_words_is_one_line():
    assert shown(*merged([], [read("95992", "therapy"), read("95992", "procedure")], DAY)) == ["95992*"]
    apart = replace(read("95992"), evidence=(Evidence("d1", Span(9, 14), "words"),))
    assert shown(*merged([], [read("95992", "therapy"), apart], DAY)) == ["95992*", "95992*"]


def test_a_line_that_names_no_side_is_the_service_of_either():
    assert shown(*merged([captured("20610")], [read("20610", "procedure", "LT")], DAY)) == ["20610*"]


def test_a_service_that_was_read_twice_goes_once_where_it_was_priced_once():
    assert shown(*merged([captured("36415")], [read("36415"), read("36415")], DAY)) == ["36415*"]


def test_visits_lead_then_what_was_done_then_drugs_with_their_administration_then_supplies():
    several = [
        read("A6219", "supply"), read("96372", "administration", rank=5), read("J1885", "drug", rank=4),
        read("20610", "procedure", rank=7), read("99213", "visit"),
    ]  # fmt: skip
    assert [s.code.value for s in merged([], several, DAY)] == ["99213", "20610", "J1885", "96372", "A6219"]


CODES = st.sampled_from(["99213", "99204", "J1885", "20610", "36415", "99396"])
MARKS = st.lists(st.sampled_from(["RT", "LT", "JW", "25", "59"]), max_size=2, unique=True)
CHARGES = st.lists(st.builds(lambda c, m: captured(c, *m), CODES, MARKS), max_size=5)
READ = st.lists(
    st.builds(lambda c, k, m: read(c, k, *m), CODES, st.sampled_from(["visit", "drug", "procedure"]), MARKS), max_size=6
)


@given(CHARGES, READ)
def test_charges_stay_first_in_their_order_and_as_they_were_priced(charges: list[Service], found: list[Service]):
    lines = merged(charges, found, DAY)
    for line, charge in zip(lines, charges, strict=False):
        assert all(getattr(line, name) == getattr(charge, name) for name in KEPT)
    assert len(charges) <= len(lines) <= len(charges) + len(found)
    assert not any(line.captured for line in lines[len(charges) :])


@given(CHARGES, READ)
def test_merging_twice_changes_nothing(charges: list[Service], found: list[Service]):
    once = merged(charges, found, DAY)
    assert merged([replace(s) for s in once], [], DAY)[: len(charges)] == once[: len(charges)]
