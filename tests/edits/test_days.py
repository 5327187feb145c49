"""Services are found by their days as by looking at each of them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.edits._days import ByDay


class Span(NamedTuple):
    start: date
    end: date


DAYS = st.one_of(st.dates(date(2026, 5, 1), date(2026, 5, 20)), st.sampled_from((date.min, date.max)))
SPANS = st.lists(st.builds(Span, DAYS, DAYS), max_size=12)  # also such as end before they begin


@settings(max_examples=60)
@given(first=SPANS, later=SPANS, gone=SPANS, asked=st.builds(Span, DAYS, DAYS))
def test_what_has_a_day_in_a_period(first: list[Span], later: list[Span], gone: list[Span], asked: Span) -> None:
    known = ByDay(first)
    for one in (*later, *gone):
        known.add(one)
    for one in gone:
        known.discard(one)
    plainly = [x for x in (*first, *later) if x.start <= asked.end and asked.start <= x.end]
    assert sorted(known.during(*asked)) == sorted(plainly)
    assert len(known) == len(first) + len(later)
