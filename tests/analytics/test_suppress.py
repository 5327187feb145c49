"""Small counts are kept back, and nothing that is shown gives one away."""

from __future__ import annotations

from itertools import count, islice
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.analytics.suppress import LEAST_SHOWN, Counts, Hidden, Path, hidden, with_totals

from .audit import Reader


def table(*cells: tuple[int, int]) -> dict[Path, Counts]:
    """A table of one dimension from (persons, cases), with its total."""
    return with_totals({(f"v{n}",): Counts(*cell) for n, cell in enumerate(cells)})


def v(*numbers: int) -> set[Path]:
    return {(f"v{n}",) for n in numbers}


def random_table(seed: int, incidence: bool) -> tuple[dict[Path, Counts], int]:
    """A table of one or two dimensions with many small, empty and full cells, and a threshold."""
    draw = Random(seed)
    rows, columns = draw.randint(1, 4), draw.randint(0, 3)
    scale = draw.choice([2, 3, 6, 12])
    leaves: dict[Path, Counts] = {}
    for row in range(rows):
        for column in range(max(columns, 1)):
            persons = draw.randint(0, draw.choice([scale, 3 * scale]))
            cases = draw.choice([0, persons, max(0, persons - draw.randint(0, 5)), draw.randint(0, persons)])
            if draw.random() < 0.9:
                earlier = draw.choice([0, draw.randint(0, scale)]) if incidence else 0
                leaves[(f"r{row}", f"c{column}") if columns else (f"r{row}",)] = Counts(persons, cases, earlier)
    return with_totals(leaves or {("r0",): Counts(2, 1)}), draw.choice([3, 5, LEAST_SHOWN, LEAST_SHOWN])


def seen_elsewhere(cells: dict[Path, Counts], least: int) -> frozenset[Path]:
    """Where another answer, on a condition that nobody bore before, shows how many were seen."""
    seen = {path: Counts(c.persons + c.earlier, 0) for path, c in cells.items()}
    return frozenset(cells) - hidden(seen, least).persons


def secrets(cells: dict[Path, Counts], seen: frozenset[Path], least: int) -> list[tuple[Path, str]]:
    """What must not be known: every count from 1 to `least` - 1, of persons, of cases, of persons who are none."""
    small = range(1, least)
    found = [(path, "persons") for path, c in cells.items() if c.persons in small]
    found += [(path, "cases") for path, c in cells.items() if c.cases in small]
    # Who knows how many were seen and how many of them are at risk knows who bore the condition before.
    found += [(p, "persons") for p, c in cells.items() if c.earlier in small and p in seen]
    # Who knows persons and cases knows the others: where persons are shown, cases must not be known.
    return found + [(p, "cases") for p, c in cells.items() if c.others in small and c.persons not in small]


@pytest.mark.parametrize("incidence", [False, True], ids=["prevalence", "incidence"])
@pytest.mark.parametrize(("tables", "most"), [(600, 20), pytest.param(3_000, 80, marks=pytest.mark.slow)])
def test_no_small_count_of_random_tables_can_be_told_from_what_is_shown(
    tables: int, most: int, incidence: bool
) -> None:
    made = (random_table(seed, incidence) for seed in count())
    for cells, least in islice((table for table in made if table[0][()].persons <= most), tables):
        # Who knows less has more tables to choose from, and can tell less.
        known = seen_elsewhere(cells, least)
        reader = Reader(cells, hidden(cells, least), knows_zeros=True, knows_seen=known)
        assert [secret for secret in secrets(cells, known, least) if reader.can_tell(*secret)] == [], cells


def test_the_reader_is_able_to_tell_where_one_cell_alone_is_hidden() -> None:
    cells = table((40, 5), (60, 20))
    alone = Hidden(cases=frozenset(v(0)))
    assert Reader(cells, alone).can_tell(("v0",), "cases")
    assert not Reader(cells, Hidden(cases=frozenset(v(0, 1)))).can_tell(("v0",), "cases")


@pytest.mark.parametrize("count", [1, 10])
def test_a_count_from_1_to_10_is_hidden(count: int) -> None:
    assert hidden(table((100, count))).cases == {("v0",), ()}


@pytest.mark.parametrize("count", [0, 11])
def test_zero_and_eleven_are_shown(count: int) -> None:
    assert hidden(table((100, count))) == Hidden()


def test_the_next_smallest_goes_with_one_that_is_hidden_alone() -> None:
    assert hidden(table((100, 5), (100, 40), (100, 30))).cases == v(0, 2)


def test_two_that_are_hidden_need_no_third() -> None:
    assert hidden(table((100, 5), (100, 6), (100, 30))).cases == v(0, 1)


def test_two_that_add_up_to_little_need_a_third() -> None:
    # Of 4 together each could only be 1, 2 or 3.
    assert hidden(table((100, 2), (100, 2), (100, 30), (100, 50))).cases == v(0, 1, 2)


def test_two_that_come_near_their_persons_need_a_third() -> None:
    # 60 of 12 and 50 persons: the first could only be 10, 11 or 12.
    assert hidden(table((12, 10), (50, 50), (90, 60), (90, 70))).cases == v(0, 1, 2)


def test_cases_that_go_with_hidden_persons_are_not_told_by_their_total() -> None:
    kept_back = hidden(table((4, 0), (30, 15), (90, 50), (200, 90)))
    assert (kept_back.persons, kept_back.cases) == (v(0, 1), v(0, 1))
    kept_back = hidden(table((9, 0), (20, 0), (90, 50), (200, 90)))
    assert (kept_back.persons, kept_back.cases) == (v(0, 1), v(0, 2))


def test_a_zero_is_hidden_only_where_nothing_else_is_left() -> None:
    # 47 of 50 would tell that 3 are no cases; the total of 47 of 100 would tell the 47.
    assert hidden(table((50, 47), (50, 0))).cases == v(0, 1)
    assert hidden(table((50, 5), (50, 0), (50, 20))).cases == v(0, 2)


def test_few_without_the_condition_are_kept_back_like_few_with_it() -> None:
    assert hidden(table((100, 95), (100, 40), (100, 30))).cases == v(0, 2)


def test_few_persons_are_hidden_with_their_cases() -> None:
    kept_back = hidden(table((4, 2), (30, 12), (90, 50)))
    assert kept_back.persons == v(0, 1)
    assert kept_back.cases >= v(0, 1)


def test_a_hidden_total_hides_below_itself() -> None:
    cells = with_totals(
        {("a", "x"): Counts(90, 40), ("a", "y"): Counts(90, 30), ("b", "x"): Counts(90, 2), ("b", "y"): Counts(90, 0)}
    )
    assert hidden(cells).cases == {("b", "x"), ("b",), ("a",), ("a", "y")}


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert hidden(table((100, 50), (100, 0), (200, 80))) == Hidden()


leaves = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")),
    st.integers(0, 60).flatmap(lambda persons: st.builds(Counts, st.just(persons), st.integers(0, persons))),
    min_size=1,
)


@settings(max_examples=50)
@given(leaves, st.integers(3, 20))
def test_every_small_count_is_hidden_and_cases_go_with_their_persons(cells: dict[Path, Counts], least: int) -> None:
    whole = with_totals(cells)
    kept_back = hidden(whole, least)
    for path, counts in whole.items():
        assert (0 < counts.persons < least) <= (path in kept_back.persons)
        assert (0 < counts.cases < least) <= (path in kept_back.cases)
        assert (path in kept_back.persons and counts.cases > 0) <= (path in kept_back.cases)


@settings(max_examples=50)
@given(leaves, st.randoms(use_true_random=False))
def test_the_order_of_the_cells_is_irrelevant(cells: dict[Path, Counts], shuffle: Random) -> None:
    shuffled = list(cells.items())
    shuffle.shuffle(shuffled)
    assert hidden(with_totals(dict(shuffled))) == hidden(with_totals(cells))


@settings(max_examples=50)
@given(leaves)
def test_a_total_is_the_sum_of_its_cells(cells: dict[Path, Counts]) -> None:
    whole = with_totals(cells)
    assert whole[()] == Counts(sum(c.persons for c in cells.values()), sum(c.cases for c in cells.values()))
    for row, _ in cells:
        assert whole[(row,)].cases == sum(c.cases for path, c in cells.items() if path[0] == row)
