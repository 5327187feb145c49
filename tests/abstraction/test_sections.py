"""Sections: invented notes with the kind of every line, what must always hold, and real notes where at hand."""

from __future__ import annotations

import json
import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction._fold import fold
from leadterm.abstraction._tables import read_table
from leadterm.abstraction.sections import find_sections

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("LEADTERM_SHARED", str(HERE.parents[2] / "shared")))
NOTES = SHARED / "benchmarks" / "aci-bench" / "notes.jsonl"
KINDS = set(
    "chief-complaint hpi past-medical-history past-surgical-history family-history social-history obstetric-history"
    " problem-list medications allergies immunizations review-of-systems exam vitals results imaging assessment plan"
    " assessment-plan hospital-course admission-diagnosis discharge-diagnosis preoperative-diagnosis"
    " postoperative-diagnosis procedure findings indication technique impression consults instructions disposition"
    " other unknown".split()
)


def _cases() -> list[tuple[str, str, list[tuple[int, str]]]]:
    """Each case: its name, its text, and the beginning and kind of each section expected."""
    cases = []
    for block in (HERE / "sections.txt").read_text("utf-8").split("\n== ")[1:]:
        name, *lines = block.rstrip("\n").split("\n")
        text, expected = "", []
        for line in lines:
            kind, rest = line.split("|", 1)
            for index, part in enumerate(rest.split(" | ")):
                if index:
                    kind, part = part.split(": ", 1)
                    text = text[:-1] + " "
                if kind.strip():
                    expected.append((len(text), kind.strip()))
                text += part + "\n"
        cases.append((name, text, expected))
    return cases


def sections(text: str):
    return find_sections(text, fold(text))


@pytest.mark.parametrize(("name", "text", "expected"), _cases(), ids=[name for name, _, _ in _cases()])
def test_sections_of_a_note(name, text, expected):
    assert [(s.start, s.kind) for s in sections(text)] == expected


def test_the_body_follows_the_header():
    text = "Intro.\nAssessment: HTN\nPLAN\nrest"
    assert [text[s.body : s.end].strip() for s in sections(text)] == ["Intro.", "HTN", "rest"]


def test_an_empty_text_has_no_sections():
    assert sections("") == ()


def test_text_without_headers_is_unknown():
    assert [(s.kind, s.start, s.end, s.body) for s in sections("just words")] == [("unknown", 0, 10, 0)]


def test_carriage_returns_change_no_section():
    text = "HPI:\nwell\n\nASSESSMENT\n\nGout.\n"
    assert [s.kind for s in sections(text.replace("\n", "\r\n"))] == [s.kind for s in sections(text)]


def test_the_table_knows_only_the_kinds_of_the_contract():
    rows = list(read_table("sections.tsv", ("name", "kind", "match", "strength", "within")))
    assert {row["kind"] for row in rows} <= KINDS
    assert {kind for row in rows for kind in row["within"].split()} <= KINDS
    assert {row["match"] for row in rows} == {"whole", "tail", "lead", "system"}
    assert {row["strength"] for row in rows} == {"strong", "weak", "colon"}
    assert all(row["name"] == fold(row["name"]) for row in rows)


def _tiles(text: str) -> bool:
    found = sections(text)
    edges = [(s.start, s.end) for s in found]
    return (
        all(start <= s.body <= end for s, (start, end) in zip(found, edges, strict=True))
        and all(a[1] == b[0] and a[0] < a[1] for a, b in pairwise(edges))
        and (not text or (edges[0][0] == 0 and edges[-1][1] == len(text)))
    )


PIECES = st.sampled_from(
    [
        "HPI:",
        "ASSESSMENT",
        "Plan:",
        "# Plan",
        "1. ",
        "• ",
        "**A/P**",
        "\n",
        "\n\n",
        ": ",
        "Neck",
        "Vitals:",
        "----\n",
        "S:",
        "no pain. ",
        "İ",
        "\r\n",
    ]
)


@given(st.lists(PIECES | st.text(max_size=8)).map("".join))
def test_sections_tile_any_text(text):
    assert _tiles(text)
    assert all(s.kind in KINDS for s in sections(text))


@given(st.text())
def test_fold_keeps_the_length_of_any_text(text):
    assert len(fold(text)) == len(text)


@given(st.text(), st.text())
def test_fold_folds_character_by_character(left, right):
    if not (left.endswith("\r") and right.startswith("\n")):
        assert fold(left + right) == fold(left) + fold(right)


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_fold_knows_every_character():
    assert all(len(fold(chr(point))) == 1 for point in range(0x110000))


def test_fold_writes_plain_marks_and_letters():
    assert fold("Sjögren’s “B₁₂” –\tX\u00a0İ") == 'sjogren\'s "b12" - x i'


@pytest.mark.shared
@pytest.mark.skipif(not NOTES.exists(), reason="needs the ACI-Bench notes of the common data (LEADTERM_SHARED)")
def test_real_visit_notes_have_an_assessment_and_tile():
    texts = [json.loads(line)["text"] for line in NOTES.read_text("utf-8").splitlines()]
    found = [{s.kind for s in sections(text)} for text in texts]
    assert all(map(_tiles, texts))
    assert sum(bool(kinds & {"assessment", "assessment-plan"}) for kinds in found) >= 0.98 * len(texts)
