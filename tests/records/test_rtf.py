"""RTF: words, characters in all their spellings, what is left out; hostile files."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.domain import InputError
from leadterm.records import rtf


def told(body: bytes) -> str:
    """The text of a file with this body."""
    return rtf.read(b"{\\rtf1\\ansi\\ansicpg1252\\deff0 " + body + b"}", "note.rtf")[0]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"Acute cough.", "Acute cough."),
        (b"Acute {\\b cough}.", "Acute cough."),
        (b"Acute\r\n cough.", "Acute cough."),
        (b"One\\par Two\\line Three", "One\nTwo\nThree"),
        (b"One\\\nTwo", "One\nTwo"),
        (b"Caf\\'e9 38 \\'b0C", "Café 38 °C"),
        (b"Caf\\u233? ok", "Café ok"),
        (b"Caf\\u233\\'e9 ok", "Café ok"),
        (b"{\\uc0 Caf\\u233 ok}", "Caféok"),
        (b"{\\uc2 Caf\\u233 ab ok}", "Café ok"),
        (b"\\u-10179?\\u-8704? fine", "😀 fine"),
        (b"\\{a\\} \\\\ b\\~c", "{a} \\ b\u00a0c"),
        (b"5\\endash 10\\rquote s", "5–10’s"),
        (b"{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red0;}{\\info{\\author X}}Cough", "Cough"),
        (b"{\\*\\generator Word;}Cough{\\pict 00ff}", "Cough"),
        (b"no {\\deleted fever }cough {\\v hidden}now", "no cough now"),
        (b"\\v hidden\\v0 shown", "shown"),
        (b"Asthma\\cell 1990\\cell\\row Gout", "Asthma | 1990 | \nGout"),
        (b"a\\bin4 {{{{b", "ab"),
        (b"{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt cough}}", "cough"),
    ],
)
def test_words(body: bytes, text: str) -> None:
    assert told(body) == text


def test_characters_are_found_by_their_bytes() -> None:
    raw = b"{\\rtf1 Caf\\'e9 {\\b ok}}"
    text, origin, _ = rtf.read(raw, "note.rtf", "Body")
    found = [(text[s.start : s.start + s.length], raw[s.at : s.at + s.length * s.width]) for s in origin]
    assert found == [("Caf", b"Caf"), ("é", b"\\'e9"), (" ", b" "), ("ok", b"ok")]
    assert {s.place for s in origin} == {"Body"}


@pytest.mark.parametrize("raw", [b"", b"cough", b"{\\rtf1" + b"{" * 101])
def test_what_is_no_rtf_is_refused(raw: bytes) -> None:
    with pytest.raises(InputError, match=r"no RTF|nests more than 100"):
        rtf.read(raw, "note.rtf")


@given(st.lists(st.sampled_from([b"{", b"}", b"\\", b"\\u", b"\\u55357", b"\\'9", b"\\bin9 ", b"\\v", b"x", b"\\par"])))
def test_any_file_is_read_or_refused(pieces: list[bytes]) -> None:
    try:
        text, origin, _ = rtf.read(b"{\\rtf1" + b"".join(pieces), "note.rtf")
    except InputError:
        return
    assert all(s.start + s.length <= len(text) for s in origin)


def test_time_is_linear() -> None:
    def seconds(count: int) -> float:
        raw = b"{\\rtf1 " + b"\\u233\\'e9{\\b x}\\par " * count + b"}"
        began = time.process_time()
        rtf.read(raw, "note.rtf")
        return time.process_time() - began

    assert min(seconds(20_000) for _ in range(3)) < 4 * min(seconds(10_000) for _ in range(3))
