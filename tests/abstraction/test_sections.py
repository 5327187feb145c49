"""Sections: invented notes with the kind of every line, what must always hold, and real notes where at hand."""

from __future__ import annotations

import json
import os
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction._tables import read_table
from leadterm.abstraction.layout.fold import fold
from leadterm.abstraction.layout.sections import find_sections

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


INSIDE = re.compile(r"( ?)¦([a-z-]+): ?")
WELL_KNOWN = {
    "Chief Complaint": "chief-complaint",
    "History of Present Illness": "hpi",
    "Past Medical History": "past-medical-history",
    "Past Surgical History": "past-surgical-history",
    "Family History": "family-history",
    "Social History": "social-history",
    "Obstetric History": "obstetric-history",
    "Problem List": "problem-list",
    "Current Medications": "medications",
    "Drug Allergies": "allergies",
    "Immunization History": "immunizations",
    "Review of Systems": "review-of-systems",
    "Vital Signs": "vitals",
    "Physical Exam": "exam",
    "Laboratory Data": "results",
    "Imaging Studies": "imaging",
    "Hospital Course": "hospital-course",
    "Discharge Diagnoses": "discharge-diagnosis",
    "Discharge Medications": "medications",
    "Discharge Instructions": "instructions",
    "Assessment and Plan": "assessment-plan",
}


Case = tuple[str, str, list[tuple[int, str]]]


def _cases() -> list[Case]:
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


def _whole_notes() -> list[Case]:
    """The cases of `sections_more.txt`, in their notation."""
    cases = []
    for block in (HERE / "sections_more.txt").read_text("utf-8").split("\n== ")[1:]:
        name, *lines = block.rstrip("\n").split("\n")
        text, expected = "", []
        for line in lines:
            kind, rest = line.split("|", 1)
            first, *others = INSIDE.split(rest)
            if kind.strip():
                expected.append((len(text), kind.strip()))
            text += first
            for blank, inner, part in zip(others[::3], others[1::3], others[2::3], strict=True):
                text += blank
                expected.append((len(text), inner))
                text += part
            text += "\n"
        cases.append((name, text, expected))
    return cases


def _runs(found: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Sections of one kind in a row as one; `unknown` is `other`."""
    runs: list[tuple[int, str]] = []
    for start, kind in found:
        kind = "other" if kind == "unknown" else kind
        if not runs or runs[-1][1] != kind:
            runs.append((start, kind))
    return runs


def sections(text: str):
    return find_sections(text, fold(text))


@pytest.mark.parametrize(("name", "text", "expected"), _cases(), ids=[name for name, _, _ in _cases()])
def test_sections_of_a_note(name, text, expected):
    assert [(s.start, s.kind) for s in sections(text)] == expected


@pytest.mark.parametrize(("name", "text", "expected"), _whole_notes(), ids=[name for name, _, _ in _whole_notes()])
def test_sections_of_a_whole_note(name, text, expected):
    assert _runs([(s.start, s.kind) for s in sections(text)]) == _runs(expected)


def test_there_are_sixty_whole_notes_of_different_make():
    assert len({name for name, _, _ in _whole_notes()}) >= 60


@pytest.mark.parametrize(("name", "text", "expected"), _whole_notes(), ids=[name for name, _, _ in _whole_notes()])
def test_trailing_blanks_and_carriage_returns_change_no_section(name, text, expected):
    kinds = [s.kind for s in sections(text)]
    assert [s.kind for s in sections(text.replace("\n", "\r\n"))] == kinds
    assert [s.kind for s in sections(text.replace("\n", "  \n"))] == kinds


def _note(names: list[str], end: str, between: str) -> str:
    return between.join(f"{name}{end}\nSaid of it in a sentence.\n" for name in names)


@pytest.mark.parametrize("case", [str.title, str.upper, str.lower])
@pytest.mark.parametrize("end", [":", "", " -", " :", "  "])
@pytest.mark.parametrize("between", ["", "\n"])
def test_neither_case_nor_colon_changes_the_kind_of_a_well_known_name(case, end, between):
    text = _note([case(name) for name in WELL_KNOWN], end, between)
    assert [s.kind for s in sections(text)] == list(WELL_KNOWN.values())


@pytest.mark.parametrize("before", ["## ", "**", "[", "=== ", "<h2>"])
def test_a_mark_around_a_well_known_name_changes_no_kind(before):
    after = {"## ": "", "**": "**", "[": "]", "=== ": " ===", "<h2>": "</h2>"}[before]
    text = _note([f"{before}{name}{after}" for name in WELL_KNOWN], "", "")
    assert [s.kind for s in sections(text)] == list(WELL_KNOWN.values())


@given(st.sampled_from([n for n in WELL_KNOWN if max(map(len, n.split())) >= 7]), st.integers(0, 30))
def test_one_wrong_letter_in_a_name_changes_no_kind(name, index):
    word = next(word for word in name.split() if len(word) >= 7)
    at = name.index(word) + 1 + index % (len(word) - 2)
    slipped = name[:at] + name[at + 1 :]
    assert [s.kind for s in sections(f"{slipped}: as told\n")] == [WELL_KNOWN[name]]


@pytest.mark.parametrize(
    "line",
    [
        "Denies chest pain: only with exertion.",
        "Plan to discharge home tomorrow",
        "Medications were reviewed with her.",
        "Follow up in 2 weeks with the nurse.",
        "Blood pressure: 120/80",
        "She takes it at 10:30",
        "Onset: yesterday",
        "| Diagnosis | ICD-10 | Status |",
    ],
)
def test_a_line_that_only_looks_like_a_header_opens_nothing(line):
    assert [s.kind for s in sections(f"HPI:\nTold by her.\n{line}\nMore of it.\n")] == ["hpi"]


@pytest.mark.parametrize(
    "line", ["HTN: stable", "# CKD", "PE: on apixaban", "Labs: CBC", "ANEMIA: iron", "Meds: refilled"]
)
def test_problems_and_orders_end_no_plan(line):
    text = f"ASSESSMENT AND PLAN:\nSeen today.\n{line}\nMore of it.\n"
    assert [s.kind for s in sections(text)] == ["assessment-plan"]


@pytest.mark.parametrize("piece", ["a: ", "plan\n", "A:,B", "AB CD ", "<p></p>", "* # ", "(", "HPI: x. ", "|a|b"])
def test_the_time_grows_with_the_length_and_no_faster(piece):
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        folded = fold(text)
        begun = time.process_time()
        find_sections(text, folded)
        return time.process_time() - begun

    short = min(seconds(50_000) for _ in range(3))
    assert seconds(400_000) < 8 * 4 * max(short, 0.005)


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
    rows = list(read_table("layout/sections.tsv", ("name", "kind", "match", "strength", "within")))
    assert {row["kind"] for row in rows} <= KINDS
    assert {kind for row in rows for kind in row["within"].split()} <= KINDS
    assert {row["match"] for row in rows} == {"whole", "tail", "lead", "system", "front", "back"}
    assert {row["strength"] for row in rows} == {"strong", "weak", "colon", "vague", "title"}
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
        "<h2>",
        "</h2>",
        "| ",
        ":,",
        "CC - ",
        "[Plan]",
        "Labs\t",
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


def test_what_other_charts_said_changes_nothing():
    """The beginnings of lines are remembered; what is remembered of one chart must hold for the next."""
    capitals = "HISTORY OF PRESENT ILLNESS The patient came in with a cough and went home again the same afternoon."
    expected = [s.kind for s in find_sections(capitals, fold(capitals))]
    for other in (
        "the patient went home without a cough and came back in the evening of the very same day\n",
        "plan:\n",
        "",
    ):
        find_sections(other, fold(other))
        assert [s.kind for s in find_sections(capitals, fold(capitals))] == expected == ["hpi"]
