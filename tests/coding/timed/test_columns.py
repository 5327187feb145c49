"""Minutes in columns of tables, by the heads over them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.coding.timed.columns import entry

TABLES = {
    "blanks": ("Interventions                  min\n TherEx - pulleys, wand         18\n", "TherEx", 18),
    "bars": ("| Service | Min | Note |\n| Manual  | 13  | gr III |\n", "Manual", 13),
    "tabs": ("CPT\tWhat\tMinutes\n97110\tTherapeutic exercise\t30\n", "97110", 30),
    "minutes before units": ("Service      Minutes   Units\nGait         16        1\n", "Gait", 16),
    "a blank cell before": ("Service      By    Minutes\nGait               16\n", "Gait", 16),
    "began and ended": ("What     Start    Stop\nTA       9:05     9:20\n", "TA", 15),
    "a range under time": ("time | activity\n10:00-10:30 | TherEx\n", "TherEx", 30),
    "nothing": ("What | min\nGait | 0 (deferred)\n", "Gait", None),
    "a dash": ("What | min\nGait | -\n", "Gait", None),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_row_tells_its_minutes(name: str) -> None:
    text, word, minutes = TABLES[name]
    found = entry(text, text.index(word))
    assert found is not None
    assert (found.length.minutes if found.length else None) == minutes


@pytest.mark.parametrize(
    "text", ["TherEx 18 min, quads\n", "What | reps\nGait | 10\n", "S: pain 4/10 | min A\nGait: slow\n"]
)
def test_a_line_outside_of_such_a_table_tells_none(text: str) -> None:
    assert entry(text, text.rindex("\n", 0, len(text) - 1) + 1 if text.count("\n") > 1 else 0) is None


@given(st.lists(st.tuples(st.sampled_from(["Gait", "TherEx", "Manual"]), st.integers(1, 240)), min_size=1, max_size=4))
def test_each_row_tells_the_minutes_that_stand_in_it(rows: list[tuple[str, int]]) -> None:
    text, begins = "What | min\n", []
    for what, minutes in rows:
        begins.append(len(text))
        text += f"{what} | {minutes}\n"
    for at, (_, minutes) in zip(begins, rows, strict=True):
        found = entry(text, at)
        assert found is not None
        assert found.length is not None
        assert (found.length.minutes, found.length.span.of(text).strip()) == (minutes, str(minutes))


@given(st.text(alphabet="ab |\t\n.:0159-min", max_size=120), st.integers(0, 119))
def test_any_text_is_read_without_error(text: str, at: int) -> None:
    found = entry(text, min(at, len(text)))
    assert found is None or found.length is None or found.length.minutes >= 0
