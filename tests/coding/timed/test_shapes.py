"""Layouts of notes of therapy, observation and monitoring: what each file of the room reads of them."""

from __future__ import annotations

from datetime import date

import pytest

from leadterm.coding.timed.given import stated_total
from leadterm.coding.timed.heads import headed
from leadterm.coding.timed.minutes import last_day, pairs, stamp, stamped_day
from leadterm.coding.timed.plans import of
from leadterm.coding.timed.therapy import kinds
from leadterm.domain import Document, Span

ON = date(2025, 11, 12)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Manual - GH mobs 13\n", ["97140"]),
        ("97112 | NMR | 9\n", ["97112"]),
        ("TE 23, MT 15, TA 8.\n", ["97110", "97140", "97530"]),
        ("R knee AROM / stretch 12'\n", ["97110"]),
        ("He walks; gait 8 min\n", ["97116"]),
        ("Manualized treatment was read about\n", []),
    ],
)
def test_heads_of_lines_name_services(text: str, codes: list[str]) -> None:
    assert [kinds()[n].codes[0] for n, _ in headed(Document("d", text))] == codes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Session start 14:22, session end 14:58", [36]),
        ("Start: 10:02 AM   Stop: 10:56 AM", [54]),
        ("Time in 13:05  Time out 14:02", [57]),
        ("Start 0902, scope out later", []),
    ],
)
def test_a_named_start_and_end_are_a_length(text: str, minutes: list[int]) -> None:
    assert [x.minutes for x in pairs(text, 0, len(text))] == minutes


def test_a_line_of_a_timeline_has_its_day_from_above() -> None:
    text = "11/04/2025\n[16:20] placed\n11/05/2025\n[10:30] left\n"
    at = text.index("[10")
    found = stamp(text, Span(at, len(text)), ON)
    assert found is not None
    assert (found.minute, found.day) == (630, date(2025, 11, 5))
    assert stamped_day(text, Span(0, 10), ON) == date(2025, 11, 4)
    assert last_day(text, 0, at, ON) == date(2025, 11, 5)
    assert last_day("none", 0, 4, ON) is None


@pytest.mark.parametrize(
    ("title", "letter"),
    [
        ("10-21-25 PT tx note.", "P"),
        ("OUTPATIENT PHYSICAL THERAPY - DAILY NOTE", "P"),
        ("OUTPATIENT REHAB - OT", "O"),
        ("Speech therapy session note", "S"),
        ("Pt seen in clinic for cough", None),
        ("Referred after a long and winding course of care to PT eval", None),
    ],
)
def test_a_title_tells_whose_therapy_it_is(title: str, letter: str | None) -> None:
    found = of(Document("d", f"{title}\nSeen today.\n"))
    assert (found.letter if found else None) == letter


@pytest.mark.parametrize(
    ("text", "total"), [("Total timed 39", 39), ("Timed: 38  Untimed: 15", 38), ("Untimed: 15", None)]
)
def test_a_total_of_timed_minutes(text: str, total: int | None) -> None:
    found = stated_total([Document("d", text)])
    assert (found.minutes if found else None) == total
