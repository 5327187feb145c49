"""Segments out of bytes: separators, places in the file, tolerance, and the sentences of broken files."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from leadterm.domain import InputError
from leadterm.x12 import Segment, X12Error, read

from .files import BODY, ISA, WHOLE


def test_the_segments_of_an_interchange_come_in_order():
    assert [s.id for s in read(WHOLE.encode())] == ["ISA", "GS", "ST", "CLM", "SE", "GE", "IEA"]


def test_each_segment_tells_its_ordinal_and_its_byte():
    segments = list(read(WHOLE.encode()))
    assert [s.position for s in segments] == [1, 2, 3, 4, 5, 6, 7]
    assert all(WHOLE.encode()[s.offset :].startswith(s.text.encode()) for s in segments)


def test_elements_are_counted_from_one_and_absent_ones_are_empty():
    clm = next(s for s in read(WHOLE.encode()) if s.id == "CLM")
    assert (clm[1], clm[2], clm[3], clm[20], clm[0]) == ("A1", "12.5", "", "", "")


def test_composites_and_repeats_are_split_with_the_separators_of_the_file():
    text = WHOLE.replace("CLM*A1*12.5***11:B:1", "EB*1**30^35*11:B:1")
    eb = next(s for s in read(text.encode()) if s.id == "EB")
    assert (eb.components(4), eb.repeats(3), eb.components(1)) == (("11", "B", "1"), ("30", "35"), ("1",))


def test_every_file_names_its_own_separators():
    strange = WHOLE.replace("*", "|").replace(":", ">").replace("~", "!").replace("^", "@")
    assert list(read(strange.encode())) == [
        Segment(s.id, tuple(e.replace(":", ">").replace("^", "@") for e in s.elements)) for s in read(WHOLE.encode())
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", " \n"])
def test_line_breaks_after_segments_are_dropped(ending: str):
    assert list(read(WHOLE.replace("~", "~" + ending).encode())) == list(read(WHOLE.encode()))


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_line_break_may_be_the_terminator_itself(ending: str):
    assert list(read(WHOLE.replace("~", ending).encode())) == list(read(WHOLE.encode()))


def test_a_file_wrapped_at_eighty_columns_reads_as_it_was():
    wrapped = "\r\n".join(WHOLE[i : i + 80] for i in range(0, len(WHOLE), 80))
    assert list(read(wrapped.encode())) == list(read(WHOLE.encode()))


def test_a_byte_order_mark_and_leading_blank_lines_are_dropped_but_counted():
    first = next(read(b"\xef\xbb\xbf\r\n" + WHOLE.encode()))
    assert (first.id, first.offset) == ("ISA", 5)


@pytest.mark.parametrize("size", [1, 2, 3, 105, 106, 107, 4096])
def test_the_size_of_chunks_changes_nothing(size: int):
    data = WHOLE.encode()
    chunks = (data[i : i + size] for i in range(0, len(data), size))
    assert [(s, s.offset) for s in read(chunks)] == [(s, s.offset) for s in read(data)]


def test_a_binary_file_is_read_like_bytes():
    assert list(read(io.BytesIO(WHOLE.encode()))) == list(read(WHOLE.encode()))


def test_a_second_interchange_may_use_other_separators():
    other = WHOLE.replace("*", "|").replace("~", "!")
    segments = list(read((WHOLE + "\r\n" + other).encode()))
    assert [s.id for s in segments].count("ISA") == 2
    assert segments[-1].position == 14


def test_before_version_00402_nothing_repeats():
    old = WHOLE.replace("*^*00501*", "*U*00401*").replace("CLM*A1", "CLM*AUB^C")
    clm = next(s for s in read(old.encode()) if s.id == "CLM")
    assert (clm.repeats(1), clm.separators.repetition) == (("AUB^C",), None)


def test_letters_outside_ascii_are_utf8_or_else_latin_1():
    text = WHOLE.replace("A1", "JOSÉ")
    from_utf8 = next(s for s in read(text.encode()) if s.id == "CLM")
    from_latin = next(s for s in read(text.encode("latin-1")) if s.id == "CLM")
    assert from_utf8[1] == from_latin[1] == "JOSÉ"


def test_a_lost_last_terminator_is_forgiven():
    assert list(read(WHOLE[:-1].encode())) == list(read(WHOLE.encode()))


def test_a_segment_cannot_be_changed():
    with pytest.raises(AttributeError):
        next(read(WHOLE.encode())).id = "GS"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b" \r\n", "The file is empty"),
        (b"%PDF-1.7 and so on", "does not start with an ISA segment"),
        (b"ISA*00*    ", "ends inside its ISA segment"),
        (ISA.replace("SENDER   ", "SENDER ").encode() + b"X" * 20, "fixed widths"),
        ((ISA + BODY).encode(), "no IEA segment after segment 6"),
        ((ISA + BODY + "IE").encode(), "no IEA segment after segment 6"),
        ((ISA + BODY + WHOLE).encode(), "no IEA segment after segment 6"),
        ((WHOLE + "HELLO").encode(), "What follows the IEA segment is not an ISA segment"),
        (WHOLE.replace("CLM*", "clm*").encode(), "Segment 4 at byte 184 has no segment id"),
        (WHOLE.replace("CLM*A1", "~CLM*A1").encode(), "Segment 4 at byte 184 has no segment id"),
        (WHOLE.replace("*T*:~", "*T**~").encode(), "one character for two separators"),
        (WHOLE.replace("*T*:~", "*T*A~").encode(), "neither a letter, a digit nor a blank"),
    ],
)
def test_a_broken_file_ends_in_a_sentence(data: bytes, sentence: str):
    with pytest.raises(InputError, match=sentence):
        list(read(data))


def test_an_error_tells_the_place_and_never_the_data():
    with pytest.raises(X12Error) as told:
        list(read(WHOLE.replace("CLM*A1", "jane doe*A1").encode()))
    assert (told.value.position, told.value.offset) == (4, WHOLE.index("CLM"))
    assert "jane" not in str(told.value)


def test_what_was_read_before_a_break_has_been_handed_out():
    segments = read((ISA + BODY).encode())
    assert [next(segments).id for _ in range(6)][-1] == "GE"
    with pytest.raises(X12Error):
        next(segments)


def test_a_file_without_terminators_does_not_fill_the_memory():
    endless = iter([ISA.encode(), *([b"A" * 65536] * 40)])
    with pytest.raises(X12Error, match="A segment never ends"):
        list(read(endless))


def test_reading_takes_constant_memory():
    claim = b"CLM*A1*12.5***11:B:1~" * 3000
    chunks = iter([ISA.encode(), *([claim] * 12), b"IEA*0*000000001~"])
    tracemalloc.start()
    count = sum(1 for _ in read(chunks))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 36_002
    assert peak < 2_000_000
