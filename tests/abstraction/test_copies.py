"""Passages that stood already earlier."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction.provenance.copies import Copy, copy_at, find_copies
from leadterm.domain import Document, DocumentStatus

PASSAGE = (
    "Patient is a 65-year-old man with chronic obstructive pulmonary disease on two liters of home oxygen, admitted for"
    " pneumonia."
)


def documents(*texts: str) -> list[Document]:
    return [Document(f"d{number}", text) for number, text in enumerate(texts, 1)]


def told(*given: Document) -> list[tuple[str, str, str, str]]:
    """Each copy as document, words, origin, words there."""
    texts = {d.id: d.text for d in given}
    return [
        (c.document, texts[c.document][c.start : c.end], c.of_document, texts[c.of_document][c.of_start : c.of_end])
        for c in find_copies(given)
    ]


def test_a_passage_of_an_earlier_document_is_a_copy() -> None:
    day1, day2 = documents(f"Monday. {PASSAGE}", f"Tuesday. {PASSAGE} Better today.")
    assert told(day1, day2) == [("d2", PASSAGE, "d1", PASSAGE)]


def test_a_passage_that_stood_earlier_in_the_same_document_is_a_copy() -> None:
    (day,) = documents(f"{PASSAGE}\n\nSeen by surgery.\n\n{PASSAGE}")
    (copy,) = find_copies([day])
    assert (copy.start, copy.of_start) == (day.text.rindex(PASSAGE), 0)


@pytest.mark.parametrize(
    "changed",
    [
        PASSAGE.replace(" on two", "\r\n   on two"),
        PASSAGE.upper(),
        "- " + PASSAGE,
        "3. " + PASSAGE,
        PASSAGE.replace("disease on", "disease\n• on"),
    ],
)
def test_wrapping_case_and_marks_of_lists_make_no_difference(changed: str) -> None:
    day1, day2 = documents(PASSAGE, changed)
    assert [(c.of_document, c.of_start, c.of_end) for c in find_copies([day1, day2])] == [("d1", 0, len(PASSAGE))]


def test_a_passage_is_a_copy_as_far_as_it_agrees() -> None:
    edited = PASSAGE.replace("pneumonia.", "a fall.")
    assert [c[1] for c in told(*documents(PASSAGE, edited))] == [edited.removesuffix(" a fall.")]


def test_eleven_words_are_how_people_write() -> None:
    line = "chronic obstructive pulmonary disease and hypertension treated with oxygen since March"
    assert told(*documents(f"He has {line} here.", f"Known {line} there.")) == []
    assert len(told(*documents(f"He has {line} 2020 here.", f"Known {line} 2020 there."))) == 1


def test_a_whole_line_of_an_earlier_document_is_a_copy() -> None:
    line = "Acute on chronic systolic heart failure"
    day1, day2 = documents(f"1. {line}\n2. Gout\n", f"Plan\n1. Gout\n2. {line}\n")
    assert told(day1, day2) == [("d2", f"2. {line}", "d1", f"1. {line}")]


def test_a_line_repeated_in_one_document_is_no_copy() -> None:
    assert told(*documents("Acute on chronic systolic heart failure\n" * 2)) == []


def test_a_header_is_no_copy() -> None:
    header = "HISTORY OF THE PRESENT ILLNESS, AS TAKEN:\n"
    assert told(*documents(header + "Cough.", header + "Fever.")) == []


def test_a_long_passage_comes_in_pieces_with_the_words_they_repeat() -> None:
    text = " ".join(f"something{n}" for n in range(70))
    found = told(*documents(text, text))
    assert [len(words.split()) for _, words, _, _ in found] == [30, 30, 10]
    assert all(words == origin for _, words, _, origin in found)


def test_the_origin_is_where_the_words_stood_first() -> None:
    day1, day2, day3 = documents(PASSAGE, f"Two. {PASSAGE}", f"Three. {PASSAGE}")
    assert {c.of_document for c in find_copies([day1, day2, day3])} == {"d1"}


def test_earlier_is_by_service_time_where_it_is_known() -> None:
    late = Document("late", PASSAGE, service_time=datetime(2026, 5, 2, tzinfo=UTC))
    early = Document("early", PASSAGE, service_time=datetime(2026, 5, 1, 8))
    assert [(c.document, c.of_document) for c in find_copies([late, early])] == [("late", "early")]


def test_a_document_without_a_time_follows_the_one_before_it() -> None:
    late = Document("late", "Seen.", service_time=datetime(2026, 5, 2))
    after = Document("after", PASSAGE)
    early = Document("early", PASSAGE, service_time=datetime(2026, 5, 1))
    assert [(c.document, c.of_document) for c in find_copies([late, after, early])] == [("after", "early")]


def test_what_a_document_replaces_is_no_origin() -> None:
    first = Document("first", PASSAGE)
    assert find_copies([first, Document("second", PASSAGE, supersedes="first")]) == ()


def test_what_was_retracted_is_no_origin() -> None:
    first = Document("first", PASSAGE, status=DocumentStatus.RETRACTED)
    assert find_copies([first, Document("second", PASSAGE)]) == ()


# --- what the note itself says ---


@pytest.mark.parametrize(
    "remark",
    [
        "copied from prior note",
        "[copied forward]",
        "(copy-forward from yesterday's progress note)",
        "unchanged from prior note dated 5/1/2026",
        "carried forward from previous visit",
        "Imported from the previous discharge summary",
    ],
)
def test_a_line_that_is_said_to_be_copied_is_a_copy(remark: str) -> None:
    (copy,) = told(*documents(f"Cough.\nCOPD on oxygen, {remark}\nGout."))
    assert copy[1].startswith("COPD on oxygen, ")
    assert copy[1].endswith(remark)
    assert copy[3] in remark


def test_a_remark_that_begins_its_line_speaks_of_the_paragraph() -> None:
    (copy,) = told(*documents("Cough.\n[Copied from prior note 5/1/2026]\nCOPD.\nGout.\n\nPneumonia."))
    assert copy[1:] == (
        "[Copied from prior note 5/1/2026]\nCOPD.\nGout.",
        "d1",
        "[Copied from prior note 5/1/2026]",
    )


@pytest.mark.parametrize(
    "line",
    ["Nodule unchanged from prior.", "Looking forward to the visit.", "Results copied to Dr. Roe.", "Leaned forward."],
)
def test_other_words_declare_nothing(line: str) -> None:
    assert told(*documents(line)) == []


# --- looking up ---


def test_the_copy_that_covers_a_place_is_found() -> None:
    copies = (Copy("a", 5, 9, "x", 0, 4), Copy("b", 0, 3, "x", 0, 3), Copy("b", 7, 9, "x", 5, 7))
    found = [
        copy_at(copies, document, at) for document, at in [("a", 4), ("a", 5), ("a", 9), ("b", 2), ("b", 8), ("c", 0)]
    ]
    assert found == [None, copies[0], None, copies[1], copies[2], None]


def test_nothing_is_found_among_no_copies() -> None:
    assert copy_at((), "a", 0) is None


# --- what always holds ---

WORDS = st.lists(
    st.sampled_from(["pulmonary", "obstructive", "a", "of", "1.", "-", "\n", "\r\n", "İstanbul"]), max_size=120
)


def words(text: str) -> list[str]:
    return [w for w in text.lower().split() if w not in ("1.", "-")]


@given(st.lists(WORDS, min_size=1, max_size=3))
def test_a_copy_says_what_its_origin_says_and_copies_do_not_overlap(texts: list[list[str]]) -> None:
    given = documents(*(" ".join(text) for text in texts))
    for _, copied, _, origin in told(*given):
        assert words(copied) == words(origin)
    found = find_copies(given)
    for before, after in pairwise(found):
        assert before.document != after.document or before.end <= after.start
    for copy in found:
        assert copy.document != copy.of_document or copy.of_end <= copy.start


@pytest.mark.parametrize(
    "part",
    [
        "Patient verbalized understanding of the plan.\n",
        "constant ",
        "Line of thirty characters here.\n",
        "copied forward\n",
    ],
)
def test_a_megabyte_of_repetition_takes_its_share_of_time(part: str) -> None:
    def seconds(size: int) -> float:
        text = part * (size // len(part))
        start = time.process_time()
        find_copies(documents(text, text))
        return time.process_time() - start

    seconds(20_000)
    assert seconds(400_000) < 40 * seconds(40_000) + 0.05
