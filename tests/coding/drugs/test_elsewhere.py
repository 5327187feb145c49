"""What stands apart from a drug's name: logs of running, other days, columns by place, numbers without a unit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.drugs.clock import times
from leadterm.coding.drugs.details import details
from leadterm.coding.drugs.elsewhen import stretches
from leadterm.coding.drugs.orphans import ends, is_short_for, running
from leadterm.coding.drugs.tables import rows_of
from leadterm.domain.places import SUPPLYING

DAY = date(2025, 12, 9)


def read(words: str) -> date | None:
    """A date as charts of one year write it."""
    month, day = words.split("/")[:2]
    return date(2025, int(month), int(day))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("on 10:02. off 10:16.", 14),
        ("hung 0910  down 0942", 32),
        ("1005 ->  1150, all in", 105),
        ("10:05a-10:37a", 32),
        ("up 1:15 pm, done 1:48 pm", 33),
        ("stopped 2024 after surgery", None),
    ],
)
def test_times_as_flowsheets_write_them(text: str, minutes: int | None) -> None:
    assert times(text).minutes == minutes


def test_a_year_after_stopped_is_no_time() -> None:
    assert times("stopped 2024 after surgery").stop is None


def test_columns_are_read_by_their_place_where_a_row_leaves_some_empty() -> None:
    table = (
        "order               start    stop    vol     comment\n"
        "ceftriaxone 1 g     1810     1840    1000    after cultures\n"
        "ketorolac 15 mg     ----     ----            dc'd\n"
    )
    first, second = rows_of(table)
    assert first.times is not None
    assert first.times.minutes == 30
    assert not second.given


def test_a_log_tells_how_long_it_ran_less_its_pauses() -> None:
    log = " 08:40  30  started, r hand\n 10:10  paused  ha 6/10\n 10:30  90  resumed\n 12:50  end  400 ml in\n"
    found = running(log)
    assert found is not None
    assert found[0].minutes == 230


@given(st.integers(0, 700), st.integers(1, 300), st.integers(1, 60), st.integers(1, 60))
def test_pauses_are_never_counted(begin: int, run: int, pause: int, rest: int) -> None:
    moments = (begin, begin + run, begin + run + pause, begin + run + pause + rest)
    written = [f"{m // 60:02}:{m % 60:02}" for m in moments]
    words = ("started", "paused", "resumed", "stopped")
    found = running("\n".join(f"{clock}  {word}" for clock, word in zip(written, words, strict=True)))
    assert found is not None
    assert found[0].minutes == run + rest


def test_a_short_name_in_a_log_ends_what_it_stands_for() -> None:
    [(at, what, _, _)] = ends("1105  k done\n1120  flush\n")
    assert at == 665
    assert is_short_for(what, ("potassium chloride",))
    assert not is_short_for(what, ("magnesium sulfate",))


@pytest.mark.parametrize(
    ("text", "word", "other"),
    [
        ("ns 1000 ml today\n\n--- copied from 12/2 ---\ngemcitabine 1700 mg 1040-1112\n", "gemcitabine", True),
        ("prior infusion 11/4:\nvenofer 200 mg ivp 0900\n\ntoday venofer 100 mg", "venofer 200", True),
        ("12/9 tue\n  venofer 200 mg ivp 0900\n12/2 tue\n  feraheme 510 mg\n", "feraheme", True),
        ("12/9 tue\n  venofer 200 mg ivp 0900\n12/2 tue\n  feraheme 510 mg\n", "venofer", False),
    ],
)
def test_stretches_of_another_day(text: str, word: str, other: bool) -> None:
    place = text.index(word)
    assert any(begin <= place < end for begin, end in stretches(text, frozenset((DAY,)), read)) is other


def test_a_number_without_a_unit_is_kept_apart_from_doses() -> None:
    told = details("toradol 60 im l glute", 7, "toradol 60 im l glute")
    assert told.bare == Decimal(60)
    assert not told.doses


def test_x2_counts_doses_and_no_cultures() -> None:
    cultures, doses = "ceftriaxone 1 g iv after cultures x2", "morphine 4 mg iv x2"
    assert details(cultures, 11, cultures).fold == 1
    assert details(doses, 8, doses).fold == 2


def test_an_office_is_no_facility() -> None:
    assert "11" not in SUPPLYING
