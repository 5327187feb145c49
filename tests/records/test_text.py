"""Bytes to text: by its mark, by name, else UTF-8; nothing changed on the way."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.domain import InputError
from leadterm.records import MOST_BYTES, decode
from leadterm.records.text import beginning, has_wide_lines
from strategies import texts

MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
# The mark of UTF-16 with a NUL behind it is that of UTF-32.
said = texts.filter(lambda text: text.strip() and not text.startswith(("\ufeff", "\0")))


@given(said.filter(lambda text: "\0" not in text))
def test_utf8_is_decoded_and_nothing_else_happens_to_it(text: str) -> None:
    assert decode(text.encode(), "x") == text


@given(said, st.sampled_from(sorted(MARKS)))
def test_a_mark_names_the_encoding_and_is_dropped(text: str, encoding: str) -> None:
    assert decode(MARKS[encoding] + text.encode(encoding), "x") == text


@given(said, st.sampled_from(sorted(MARKS)))
def test_a_mark_wins_over_the_encoding_that_is_named(text: str, encoding: str) -> None:
    assert decode(MARKS[encoding] + text.encode(encoding), "x", "latin-1") == text


@given(said.filter(lambda text: "\0" not in text), st.sampled_from(["utf-16-le", "utf-32-be", "utf-7"]))
def test_an_encoding_without_a_mark_is_read_when_it_is_named(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "x", encoding) == text


@given(st.binary(max_size=60))
def test_any_bytes_are_a_text_or_a_sentence(raw: bytes) -> None:
    try:
        found = decode(raw, "x").strip()
    except InputError as error:
        found = str(error)
    assert found


@pytest.mark.parametrize("raw", [b"", b" \n", b"\xef\xbb\xbf \r\n", "\u3000".encode(), "\n".encode("utf-16")])
def test_nothing_but_blanks_is_empty(raw: bytes) -> None:
    with pytest.raises(InputError, match="x is empty"):
        decode(raw, "x")


def test_one_document_has_a_bound() -> None:
    assert len(decode(b"x" * MOST_BYTES, "x")) == MOST_BYTES
    with pytest.raises(InputError, match="x has more than 20 MB"):
        decode(b"x" * (MOST_BYTES + 1), "x")


def test_what_does_not_fit_is_told_with_its_byte() -> None:
    with pytest.raises(InputError, match="x is not utf-8: byte 3 does not fit"):
        decode(b"caf\xe9 au lait", "x")


def test_the_beginning_of_a_file_may_end_within_a_character() -> None:
    assert beginning("{é".encode()[:-1], None) == "{\ufffd"


@pytest.mark.parametrize(
    ("raw", "encoding", "wide"),
    [
        (b"{", None, False),
        (b"\xef\xbb\xbf{", None, False),
        (b"{", "windows-1252", False),
        (b"\xff\xfe{\0", None, True),
        (b"{\0", "utf-16-le", True),
        (b"{", "cp500", True),
    ],
)
def test_where_bytes_can_be_cut_into_lines(raw: bytes, encoding: str | None, wide: bool) -> None:
    assert has_wide_lines(raw, encoding) is wide
