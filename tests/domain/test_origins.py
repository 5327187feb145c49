"""Where the text of a document stood: places of spans, stretches over what a reader put in."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from leadterm.domain import Document, Evidence, Origin, Span
from leadterm.records.scribe import SINGLE, UTF_8, UTF_16, Scribe

# "Café" at byte 10 of one place, a line end that the reader put in, "ok" at byte 40 of another.
SCRIBE = Scribe()
SCRIBE.copy("Café", "a", 10, UTF_8)
SCRIBE.put("\n")
SCRIBE.write("ok", "b", 40, 1)
TEXT, ORIGIN = SCRIBE.text(), SCRIBE.origin()

ENCODINGS = {UTF_8: "utf-8", UTF_16: "utf-16-le", SINGLE: "latin-1"}


def test_a_span_is_named_by_its_place_and_bytes() -> None:
    assert ORIGIN.place(Span(0, 3)) == "a, bytes 10-13"
    assert ORIGIN.place(Span(2, 4)) == "a, bytes 12-15"
    assert ORIGIN.place(Span(3, 6)) == "a to b, bytes 13-41"


def test_what_the_reader_put_in_has_no_place() -> None:
    assert ORIGIN.place(Span(4, 5)) is None


def test_a_place_without_bytes_stands_alone() -> None:
    scribe = Scribe()
    scribe.write("ok", "page 3, box 72 540 90 552", 0, 0)
    assert scribe.origin().place(Span(0, 2)) == "page 3, box 72 540 90 552"


def test_a_quotation_bears_its_source() -> None:
    document = Document("d1", TEXT, origin=ORIGIN)
    assert Evidence.quote(document, Span(5, 7)).source == "b, bytes 40-42"
    assert Evidence.quote(replace(document, origin=None), Span(5, 7)).source is None


def test_documents_with_one_text_are_equal_wherever_it_stood() -> None:
    assert Document("d1", TEXT, origin=ORIGIN) == Document("d1", TEXT)


@given(
    st.sampled_from(sorted(ENCODINGS)),
    st.lists(st.text(st.characters(max_codepoint=255), min_size=1), min_size=1),
    st.data(),
)
def test_each_code_point_is_found_by_its_bytes(encoding: str, pieces: list[str], data: st.DataObject) -> None:
    scribe, source = Scribe(), b""
    for n, piece in enumerate(pieces):
        scribe.copy(piece, f"p{n}", len(source), encoding)
        source += piece.encode(ENCODINGS[encoding])
        if data.draw(st.booleans()):
            scribe.put("|")
    assert _rebuilt(scribe.origin(), source, ENCODINGS[encoding]) == "".join(pieces)


def _rebuilt(origin: Origin, source: bytes, encoding: str) -> str:
    """The text of all stretches, from the source alone."""
    return "".join(source[s.at : s.at + s.length * s.width].decode(encoding) for s in origin)


@given(st.integers(0, 6), st.integers(1, 7))
def test_stretches_of_a_span_cover_it_and_no_more(start: int, length: int) -> None:
    span = Span(start, min(start + length, len(TEXT)))
    covered = {n for s in ORIGIN.stretches(span) for n in range(s.start, s.start + s.length)}
    assert {n for n in range(span.start, span.end) if n != 4} <= covered
    assert all(s.start < span.end and s.start + s.length > span.start for s in ORIGIN.stretches(span))
