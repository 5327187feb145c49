"""Mentions: whole words, the longest from the left, inside one segment, with the capitals and context asked for."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction import Dictionary
from leadterm.abstraction.layout.fold import fold
from leadterm.abstraction.layout.segments import split
from leadterm.codesets import CodeBook
from leadterm.codesets.lexicon import Synonym, marks
from leadterm.codesets.phrasebook import load_terms
from leadterm.codesets.terms import Term, compile_terms
from leadterm.codesets.wording import phrase
from leadterm.domain import Step


def term(surface: str, code: str = "X00", context: str = "") -> Term:
    marks = context.split()
    return Term(
        phrase(surface),
        surface,
        code,
        Step.LEXICON,
        surface if surface != surface.lower() else None,
        frozenset(m for m in marks if m[0] != "!"),
        frozenset(m[1:] for m in marks if m[0] == "!"),
    )


SMALL = Dictionary(
    [
        term("pain"),
        term("knee pain"),
        term("chronic knee pain"),
        term("pain in knee"),
        term("heart failure"),
        term("right heart failure"),
        term("chronic kidney disease stage 3"),
        term("ckd 3b"),
        term("hepatitis"),
        term("hepatitis a"),
        term("e coli"),
        term("asthma"),
        term("abscess"),
        term("MS", "G35", "relapsing"),
        term("MS", "I05", "mitral"),
        term("ms contin", "Z79"),
        term("MEN 2A"),
        term("PCO"),
        term("CP", "G80", "palsy"),
        term("cp", "R07", "chest !palsy"),
        term("PE", "I26", "dvt parkinson's"),
        term("pacemaker", "Z95", "!no !d-dimer"),
    ]
)


def find(text: str, bounds: list[tuple[int, int]] | None = None) -> list[str]:
    segments = split(text, 0, len(text)) if bounds is None else bounds
    return [text[m.start : m.end] for m in SMALL.find(fold(text), text, [(a, b, "hpi") for a, b in segments])]


def codes(text: str) -> list[str]:
    found = SMALL.find(fold(text), text, [(0, len(text), "hpi")])
    return [t.code for m in found for t in m.terms]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("asthma", ["asthma"]),
        ("ASTHMA, Asthma", ["ASTHMA", "Asthma"]),
        ("asthmatic postasthma", []),
        ("painful spain", []),
        ("(asthma)", ["asthma"]),
        ("asthma/pain", ["asthma", "pain"]),
        ("abscesses", ["abscesses"]),
        ("asthma2", []),
        ("2asthma", []),
        ("PCO2 of 40", []),
        ("PCO", ["PCO"]),
        ("CKD3b", ["CKD3b"]),
        ("E. coli", ["E. coli"]),
        ("Hepatitis A", ["Hepatitis A"]),
        ("hepatitis, a disease", ["hepatitis"]),
    ],
)
def test_only_whole_words_are_matched(text: str, expected: list[str]) -> None:
    assert find(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chronic knee pain", ["chronic knee pain"]),
        ("knee pain in knee", ["knee pain"]),
        ("pain in the left knee pain", ["pain in the left knee", "pain"]),
        ("right heart failure", ["right heart failure"]),
        ("right\nheart failure", ["right\nheart failure"]),
        ("knee heart failure pain", ["heart failure", "pain"]),
    ],
)
def test_the_longest_from_the_left_is_taken(text: str, expected: list[str]) -> None:
    assert find(text, [(0, len(text))]) == expected


def test_a_mention_covers_the_words_that_a_phrase_leaves_out() -> None:
    assert find("chronic kidney disease, stage III") == ["chronic kidney disease, stage III"]
    assert find("chronic LEFT knee pain") == ["chronic LEFT knee pain"]


@pytest.mark.parametrize("text", ["knee. Pain", "knee\n\npain", "knee; pain", "1. knee\n2. pain", "• knee • pain"])
def test_no_mention_reaches_over_the_end_of_a_sentence_or_item(text: str) -> None:
    assert [m.lower() for m in find(text)] == ["pain"]


def test_a_mention_lies_inside_one_segment() -> None:
    text = "chronic knee pain"
    assert find(text, [(0, 8), (8, 17)]) == ["knee pain"]
    assert find(text, [(0, 12), (12, 17)]) == ["pain"]
    assert find(text, [(0, 12)]) == []
    assert find(text, []) == []


def test_a_shorter_mention_is_found_where_the_longer_one_does_not_hold() -> None:
    assert find("MS contin") == ["MS contin"]
    assert find("chronic knee pain", [(8, 17)]) == ["knee pain"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("relapsing MS", ["G35"]),
        ("relapsing ms", []),
        ("relapsing Ms", []),
        ("MS", []),
        ("MS with mitral regurgitation", ["I05"]),
        ("relapsing MS, mitral", ["G35", "I05"]),
        ("MS contin", ["Z79"]),
        ("has MEN 2A", ["X00"]),
        ("has MEN\n2A", ["X00"]),
        ("has men 2a", []),
        ("CP with palsy", ["G80"]),
        ("cp in the chest", ["R07"]),
        ("CP in the chest", ["R07"]),
        ("cp with palsy", []),
    ],
)
def test_capitals_count_where_the_surface_has_them(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "PE and DVT",
        "PE (DVT)",
        "PE/DVT",
        "DVT; PE",
        "PE, dvt.",
        "*DVT* PE",
        "DVT:PE",
        "PE in Parkinson’s",
        "PE with\nDVT",
    ],
)
def test_a_needed_word_counts_whatever_marks_stand_around_it(text: str) -> None:
    assert codes(text) == ["I26"]


@pytest.mark.parametrize("text", ["PE", "PE and DVTs", "PE with SDVT", "PE in a Parkinson"])
def test_a_needed_word_is_a_whole_word(text: str) -> None:
    assert codes(text) == []


def test_a_needed_word_stands_in_the_same_segment() -> None:
    text = "PE found. DVT too"
    assert SMALL.find(fold(text), text, [(0, 9, "hpi"), (10, 17, "hpi")]) == []


@pytest.mark.parametrize(
    "text", ["no pacemaker", "No, pacemaker", "(no) pacemaker", "pacemaker: no", "pacemaker d-dimer"]
)
def test_a_veto_silences(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize("text", ["pacemaker", "non pacemaker", "68-no-one pacemaker", "pacemaker dimer"])
def test_other_words_do_not_veto(text: str) -> None:
    assert codes(text) == ["Z95"]


def test_readings_keep_the_order_of_the_terms() -> None:
    both = Dictionary([term("gout", "M10"), term("gout", "M1A")])
    (mention,) = both.find("gout", "gout", [(0, 4, "hpi")])
    assert [t.code for t in mention.terms] == ["M10", "M1A"]
    assert len(both) == 1


WORDS = st.sampled_from(
    "chronic knee pain in the left heart failure right MS relapsing CP palsy chest E. coli hepatitis A CKD3b ² PCO2 "
    "asthma\n\n ½ . , ; -".split(" ")
)


@given(st.lists(WORDS).map(" ".join), st.lists(st.integers(0, 80)))
def test_mentions_come_in_order_without_overlap_each_inside_a_segment(text: str, cuts: list[int]) -> None:
    edges = sorted({0, len(text), *(c for c in cuts if c < len(text))})
    bounds = list(pairwise(edges))
    found = SMALL.find(fold(text), text, [(a, b, "hpi") for a, b in bounds])
    ends = [edge for m in found for edge in (m.start, m.end)]
    assert ends == sorted(ends)
    for m in found:
        assert any(a <= m.start < m.end <= b for a, b in bounds)
        assert all(phrase(fold(text[m.start : m.end])) == t.phrase for t in m.terms) or "-" in text
        assert text[m.start : m.end].strip() == text[m.start : m.end]


# --- the product's own terms: other orders, shared words, slips ---


def _rows() -> list[tuple[str, str]]:
    lines = (Path(__file__).parent / "mentions.tsv").read_text("utf-8").splitlines()
    rows = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    assert rows[0] == ("sentence", "codes")
    return rows[1:]


@pytest.fixture(scope="module")
def product(book: CodeBook) -> Dictionary:
    return Dictionary(load_terms(book))


@pytest.mark.parametrize(("sentence", "expected"), _rows())
def test_what_a_sentence_names(sentence: str, expected: str, product: Dictionary) -> None:
    found = product.find(fold(sentence), sentence, [(0, len(sentence), "assessment")])
    assert (" ".join(m.terms[0].code for m in found) or "-") == expected


def test_shared_words_are_shown_with_both() -> None:
    dictionary = Dictionary([term("type 1 diabetes", "E10"), term("type 2 diabetes", "E11"), term("diabetes", "E11")])
    text = "Type 1 and 2 diabetes"
    found = dictionary.find(fold(text), text, [(0, len(text), "hpi")])
    assert [(text[m.start : m.end], [text[a:b] for a, b in m.shared]) for m in found] == [
        ("Type 1", ["diabetes"]),
        ("2 diabetes", ["Type"]),
    ]


def test_shared_words_stand_in_the_same_segment() -> None:
    dictionary = Dictionary([term("knee pain"), term("hip pain")])
    text = "hip and knee pain"
    found = dictionary.find(text, text, [(0, 3, "hpi"), (4, len(text), "hpi")])
    assert [text[m.start : m.end] for m in found] == ["knee pain"]


@pytest.mark.parametrize(("section", "expected"), [("exam", ["R41.82"]), ("assessment", ["G35"]), ("hpi", [])])
def test_a_section_decides_between_readings(section: str, expected: list[str]) -> None:
    rows = [Synonym("MS", "x", code, *marks(c)) for code, c in (("R41.82", "@exam"), ("G35", "!@exam !@hpi"))]
    dictionary = Dictionary(compile_terms((), rows))
    found = dictionary.find("ms intact", "MS intact", [(0, 9, section)])
    assert [t.code for m in found for t in m.terms] == expected


@pytest.mark.parametrize(
    "piece", ["knee and ", "pain, ", "hip/", "failuer ", "chronic kidney ", "type 1 and 2 ", "aaaaaaaa"]
)
def test_time_grows_with_the_text(piece: str, product: Dictionary) -> None:
    def spent(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        product.find(text, text, [(0, len(text), "hpi")])
        return time.process_time() - start

    spent(20_000)
    # Twenty times the text; a busy machine may disturb one measurement, squares would give 400.
    assert any(spent(400_000) < 60 * max(spent(20_000), 0.002) for _ in range(3))
