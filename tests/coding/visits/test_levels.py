"""Levels of decision making and time: tables, two of three, and what must always hold."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.codesets.payment.fees import RelativeValues
from leadterm.coding._tables import rows
from leadterm.coding.visits import Axis, Element, Level, levels
from leadterm.coding.visits.data import WHY
from leadterm.coding.visits.problems import WORDS

DAY = date(2026, 5, 14)
FAMILIES = sorted({row["family"] for row in rows("visits/codes")})
NAMES = st.sampled_from([f"thing {n}" for n in range(6)])
ELEMENTS = st.one_of(
    st.builds(lambda kind, name: Element(Axis.PROBLEMS, kind, name, ""), st.sampled_from(sorted(WORDS)), NAMES),
    st.builds(lambda kind, name: Element(Axis.DATA, kind, name, ""), st.sampled_from(sorted(WHY)), NAMES),
    st.builds(lambda level, name: Element(Axis.RISK, "made", name, "", level=level), st.sampled_from(Level), NAMES),
)


def element(axis: Axis, kind: str, name: str = "thing", level: Level = Level.NONE) -> Element:
    return Element(axis, kind, name, "", level=level)


@given(st.lists(ELEMENTS, max_size=12), ELEMENTS)
def test_an_added_element_never_lowers_a_level(elements: list[Element], more: Element) -> None:
    before, after = levels.decided(elements), levels.decided([*elements, more])
    assert after.level >= before.level
    assert all(after.of(axis) >= before.of(axis) for axis in Axis)


@given(st.lists(ELEMENTS, max_size=12), st.randoms())
def test_the_order_of_elements_does_not_matter(elements: list[Element], dice: random.Random) -> None:
    mixed = list(elements)
    dice.shuffle(mixed)
    assert levels.decided(mixed) == levels.decided(elements)


@given(st.sampled_from(FAMILIES), st.integers(0, 300), st.integers(0, 60))
def test_more_minutes_never_lower_a_code(family: str, minutes: int, more: int) -> None:
    before, after = levels.by_time(family, minutes, DAY), levels.by_time(family, minutes + more, DAY)
    assert (after or "") >= (before or "")


@given(st.integers(0, 400), st.integers(0, 60), st.booleans())
def test_more_minutes_never_make_less_critical_care(minutes: int, more: int, medicare: bool) -> None:
    fewer, all_of_them = (sum(n for _, n in levels.critical(m, medicare)) for m in (minutes, minutes + more))
    assert all_of_them >= fewer


@given(st.sampled_from(FAMILIES), st.sampled_from(Level), st.sampled_from(Level))
def test_a_higher_level_never_has_a_lower_code(family: str, one: Level, other: Level) -> None:
    low, high = sorted((one, other))
    assert (levels.by_decision(family, high, DAY) or "") >= (levels.by_decision(family, low, DAY) or "")


@pytest.mark.parametrize(
    ("kinds", "level"),
    [
        ([], Level.NONE),
        (["minor"], Level.STRAIGHTFORWARD),
        (["minor", "minor"], Level.LOW),
        (["stable-chronic"], Level.LOW),
        (["acute", "stable-chronic"], Level.LOW),
        (["acute", "acute"], Level.LOW),
        (["stable-chronic", "stable-chronic"], Level.MODERATE),
        (["exacerbation"], Level.MODERATE),
        (["uncertain"], Level.MODERATE),
        (["systemic"], Level.MODERATE),
        (["complicated"], Level.MODERATE),
        (["severe"], Level.HIGH),
        (["acute", "threat"], Level.HIGH),
    ],
)
def test_problems_have_the_level_of_the_gravest_or_of_two_together(kinds: list[str], level: Level) -> None:
    found = [element(Axis.PROBLEMS, kind, f"{kind} {n}") for n, kind in enumerate(kinds)]
    assert levels.decided(found).problems is level


@pytest.mark.parametrize(
    ("kinds", "level"),
    [
        ([], Level.STRAIGHTFORWARD),
        (["test"], Level.STRAIGHTFORWARD),
        (["test", "test"], Level.LOW),
        (["test", "note"], Level.LOW),
        (["historian"], Level.LOW),
        (["test", "test", "historian"], Level.MODERATE),
        (["interpretation"], Level.MODERATE),
        (["discussion"], Level.MODERATE),
        (["interpretation", "discussion"], Level.HIGH),
        (["test", "test", "note", "discussion"], Level.HIGH),
        (["test", "test", "discussion"], Level.MODERATE),
    ],
)
def test_data_count_by_category(kinds: list[str], level: Level) -> None:
    found = [element(Axis.DATA, kind, f"{kind} {n}") for n, kind in enumerate(kinds)]
    assert levels.decided(found).data is level


def test_a_test_told_twice_counts_once() -> None:
    assert levels.decided([element(Axis.DATA, "test", "lipid panel")] * 3).data is Level.STRAIGHTFORWARD


def test_an_interpreted_test_is_not_counted_as_reviewed_too() -> None:
    tests = [element(Axis.DATA, "test", name) for name in ("ecg", "troponin", "bmp")]
    assert levels.decided([*tests, element(Axis.DATA, "interpretation", "ecg")]).data is Level.MODERATE
    assert levels.decided([*tests, element(Axis.DATA, "interpretation", "cxr")]).data is Level.HIGH


@pytest.mark.parametrize(
    ("minutes", "medicare", "codes"),
    [
        (29, False, []),
        (30, False, [("99291", 1)]),
        (74, True, [("99291", 1)]),
        (75, False, [("99291", 1), ("99292", 1)]),
        (103, True, [("99291", 1)]),
        (104, True, [("99291", 1), ("99292", 1)]),
        (105, False, [("99291", 1), ("99292", 2)]),
        (134, True, [("99291", 1), ("99292", 2)]),
    ],
)
def test_critical_care_by_minutes(minutes: int, medicare: bool, codes: list[tuple[str, int]]) -> None:
    assert list(levels.critical(minutes, medicare)) == codes


@pytest.mark.parametrize(
    ("code", "minutes", "medicare", "made"),
    [
        ("99215", 54, False, None),
        ("99215", 55, False, ("99417", 1, 55)),
        ("99205", 90, False, ("99417", 2, 75)),
        ("99205", 88, True, None),
        ("99205", 89, True, ("G2212", 1, 89)),
        ("99223", 90, True, ("G0316", 1, 90)),
        ("99245", 200, True, None),
        ("99214", 200, False, None),
    ],
)
def test_prolonged_service_by_minutes(
    code: str, minutes: int, medicare: bool, made: tuple[str, int, int] | None
) -> None:
    assert levels.prolonged(code, minutes, medicare, DAY) == made


def test_the_same_level_of_the_other_family() -> None:
    assert levels.beside("99204", "office-established", DAY) == "99214"


def test_a_family_has_no_code_before_its_rules() -> None:
    assert levels.codes("hospital-initial", date(2022, 12, 31)) == ()
    assert levels.by_time("nursing-initial", 45, date(2023, 6, 1)) == "99306"
    assert levels.by_time("nursing-initial", 45, DAY) == "99305"


def test_every_code_of_the_tables_is_in_the_fee_schedule(full_book: CodeBook) -> None:
    values = full_book.find(RelativeValues, DAY)
    assert values is not None
    codes = {row["code"] for row in rows("visits/codes")}
    codes |= {row[c] for row in rows("visits/preventive") for c in ("new", "established")}
    codes |= {row[c] for row in rows("visits/prolonged") for c in ("cpt", "medicare") if row[c]}
    assert not {code for code in codes if values.value(code) is None}
