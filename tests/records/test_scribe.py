"""Text with its origin: packed or not, every stretch comes back as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.domain import Span, Stretch
from leadterm.domain.origins import BLOCK
from leadterm.records.scribe import Scribe

Piece = tuple[str, str, int, int]
pieces = st.lists(
    st.tuples(
        st.sampled_from(("a", "é", "word", "😀", "\ud800")),
        st.sampled_from(("", "p", "q[2]", "\ud800", "a\0b")),
        st.integers(0, 40),
        st.integers(0, 12),
    ),
    min_size=1,
    max_size=12,
)


def written(told: list[Piece], times: int) -> tuple[str, list[Stretch], Scribe]:
    """The same pieces over and over; what stands in no place is put in between."""
    scribe, text, stretches, at = Scribe(), "", list[Stretch](), 0
    for _ in range(times):
        for words, place, further, width in told:
            at += further + 100  # never where the last one ended
            if place:
                stretches.append(Stretch(len(text), len(words), at, width, place))
                scribe.write(words, place, at, width)
            else:
                scribe.put(words)
            text += words
    return text, stretches, scribe


@settings(max_examples=15)
@given(pieces, st.sampled_from((1, BLOCK // 3, BLOCK)))
def test_many_stretches_come_back_as_they_were_written(told: list[Piece], times: int) -> None:
    text, stretches, scribe = written(told, times)
    assert scribe.text() == text
    origin = scribe.origin()
    assert list(origin) == stretches
    assert len(origin) == len(stretches)
    for start in (0, len(text) // 2, len(text) - 1):
        span = Span(start, min(start + 9, len(text)))
        touched = [s for s in stretches if s.start < span.end and s.start + s.length > span.start]
        assert list(origin.stretches(span)) == touched
        place = origin.place(span)
        assert (place is None) == (not touched)
        assert place is None or (place.startswith(touched[0].place) and touched[-1].place in place)


@pytest.mark.parametrize("piece", ["é", "a\u202e", "😀a", "&"], ids=ascii)
def test_a_stretch_takes_no_more_than_a_few_bytes(piece: str) -> None:
    scribe = Scribe()
    for n in range(20_000):
        scribe.write(piece, f"/table/tr[{n}]/td[1]", 7 * n, len(piece.encode()))
    held = sum(len(block) for block in scribe.origin().blocks)
    assert held < 10 * 20_000
