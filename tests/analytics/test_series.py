"""Count series out of CSV: what is taken, and the sentence for what is not."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.analytics import read_series
from leadterm.domain import InputError

TAKEN = {
    "obs\n1\n0\n12\n": (1, 0, 12),
    "obs\r\n1\r\n0\r\n": (1, 0),
    "\ufeffobs\n7\n": (7,),
    '"obs"\n"3"\n4\n': (3, 4),
    "week,obs,place\n2026-W01,5,\n2026-W02,6,x\n": (5, 6),
    " obs \n 8 \n": (8,),
    "obs\n1\n\n\n": (1,),
    "obs\n007": (7,),
    'note,obs\n"two\nlines",2\n': (2,),
    "obs\n999999999999999\n": (999_999_999_999_999,),
    "obs\n": (),
}
REFUSED = {
    "obs\n1\n-2\n": "line 3: obs is not a whole number",
    "obs\n1.5\n": "line 2: obs is not a whole number",
    "obs\n3.0\n": "line 2: obs is not a whole number",
    "obs\n1e3\n": "line 2: obs is not a whole number",
    "obs\n+1\n": "line 2: obs is not a whole number",
    "obs\nNA\n": "line 2: obs is not a whole number",
    "obs\n٣\n": "line 2: obs is not a whole number",
    "obs\n１\n": "line 2: obs is not a whole number",
    "obs\n1_000\n": "line 2: obs is not a whole number",
    f"obs\n{'9' * 16}\n": "line 2: obs is not a whole number",
    f"obs\n{'9' * 5000}\n": "line 2: obs is not a whole number",
    'obs\n1\n"1,000"\n': "line 3: obs is not a whole number",
    "week,obs\n1,\n": "line 2: obs is blank",
    'obs\n1\n" "\n2\n': "line 3: obs is blank",
    "obs\n1\n\n2\n": "line 3, is blank: give every period a row, with 0",
    "obs\n1,000\n": "line 2, has 2 cells where the header has 1",
    "week,obs\n1,2\n3\n": "line 3, has 1 cell where the header has 2",
    "count\n1\n": "needs one column obs in its first line, comma-separated; it has 0",
    "week;obs\n1;2\n": "it has 0",
    "obs,obs\n1,2\n": "it has 2",
    "OBS\n1\n": "it has 0",
    "": "it has 0",
    "1\n2\n": "it has 0",
    'obs\n"1\n': "is not CSV: check its quotation marks",
    'obs\n"1"2\n': "line 2, is not CSV",
}


@pytest.mark.parametrize(("text", "counts"), TAKEN.items(), ids=ascii)
def test_a_series_is_read(text: str, counts: tuple[int, ...]) -> None:
    assert read_series(text, "weekly.csv") == counts


@pytest.mark.parametrize(("text", "sentence"), REFUSED.items(), ids=lambda text: ascii(text)[:40])
def test_a_wrong_series_is_told_where_and_why(text: str, sentence: str) -> None:
    with pytest.raises(InputError) as refused:
        read_series(text, "weekly.csv")
    assert str(refused.value).startswith("weekly.csv")
    assert sentence in str(refused.value)


def test_a_wrong_value_is_never_repeated() -> None:
    with pytest.raises(InputError) as refused:
        read_series("obs\nQuillfeather\n", "weekly.csv")
    assert "Quillfeather" not in str(refused.value)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    with suppress(InputError):
        assert all(count >= 0 for count in read_series(text, "weekly.csv"))


@given(st.lists(st.integers(0, 10**15 - 1), max_size=30), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_was_written_is_read_back(counts: list[int], end: str) -> None:
    assert read_series(end.join(["obs", *map(str, counts)]) + end, "weekly.csv") == tuple(counts)
