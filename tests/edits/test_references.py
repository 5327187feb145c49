"""Code references in tabular notes: every form that the list writes."""

from __future__ import annotations

import pytest

from leadterm.codesets import CodeBook, Node
from leadterm.edits._references import read_references


def names(note: str, bare: str) -> bool:
    return any(r.names(bare) for r in read_references(note).references)


def ends(note: str) -> list[tuple[str, str]]:
    return [(r.first, r.last) for r in read_references(note).references]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("gestational diabetes (O24.4-)", [("O24.4", "O24.4")]),
        ("stage of kidney disease (N18.1-N18.6)", [("N18.1", "N18.6")]),
        ("heart disease (I11-I13)", [("I11", "I13")]),
        ("hypertension in pregnancy (O10-O11, O13-O16)", [("O10", "O11"), ("O13", "O16")]),
        ("auricular canal (C43.2-,C44.2-)", [("C43.2", "C43.2"), ("C44.2", "C44.2")]),
        ("rheumatic fever with heart involvement (I01.0 -I01.9)", [("I01.0", "I01.9")]),
        ("atherosclerosis of the extremities (I70.2--I70.7-)", [("I70.2", "I70.7")]),
        ("deficits (I69.01-I69.11-, I69.81- I69.91-)", [("I69.01", "I69.11"), ("I69.81", "I69.91")]),
        ("apnea of newborn (P28.3- - P28.4-)", [("P28.3", "P28.4")]),
        ("nerve root compression (M50.1.-, M51.1.-)", [("M50.1", "M50.1"), ("M51.1", "M51.1")]),
        ("injuries classified in S06.1- to S06.6-, and S06.81-", [("S06.1", "S06.6"), ("S06.81", "S06.81")]),
        ("conditions classified to Q67.0-Q67.4", [("Q67.0", "Q67.4")]),
        ("acquired absence of knee joint (Z89.52-", [("Z89.52", "Z89.52")]),
        ("pneumoconiosis with tuberculosis, any type in A15 (J65)", [("J65", "J65")]),
        ("influenza A/H1N1 (J10.-)", [("J10", "J10")]),
        ("current injury - see injury of joint by body region", []),
    ],
)
def test_note_is_read(note: str, expected: list[tuple[str, str]]) -> None:
    assert ends(note) == expected


@pytest.mark.parametrize(
    ("note", "bare", "named"),
    [
        ("(E08-E13 with .36)", "E1136", True),
        ("(E08-E13 with .36)", "E1139", False),
        ("(E08-E13 with .51-.52)", "E1152", True),
        ("(E08-E13 with .51-.52)", "E1159", False),
        ("(E08-E13 with .62-)", "E11621", True),
        ("(I69. with final characters -23)", "I69323", True),
        ("(I69. with final characters -23)", "I69321", False),
        ("(S06.0X- with seventh character A)", "S060X0A", True),
        ("(S06.0X- with seventh character A)", "S060X0D", False),
        ("(S52.- with open fracture 7th character)", "S52501C", True),
        ("(S52.- with open fracture 7th character)", "S52501A", False),
        ("(F11-F19 with fifth to sixth characters 51)", "F11951", True),
        ("(F11-F19 with fifth to sixth characters 51)", "F11915", False),
        ("(F10-F19 with 5th character .6)", "F1026", True),
        ("(T36-T65 with fifth or sixth character 1-4)", "T400X1A", True),
        ("(T36-T65 with fifth or sixth character 1-4)", "T3692XA", True),
        ("(T36-T65 with fifth or sixth character 1-4)", "T39315A", False),
        ("underdosing (T36-T50) with fifth or sixth character 6", "T39316A", True),
        ("underdosing (T36-T50) with fifth or sixth character 6", "T39315A", False),
        ("categories E08-E10, E11, E13 with ketoacidosis", "E1110", True),
        ("categories E08-E10, E11, E13 with ketoacidosis", "E1165", False),
    ],
)
def test_condition_is_read(note: str, bare: str, named: bool) -> None:
    assert names(note, bare) is named


def test_a_condition_in_unknown_words_is_told_and_names_nothing() -> None:
    reading = read_references("something (E08-E13 with a full moon)")
    assert reading.unreadable
    assert reading.references == ()


@pytest.mark.parametrize(("bare", "named"), [("C7A00", False), ("C800", True), ("C760", True)])
def test_carcinoid_tumours_stand_before_ill_defined_sites(bare: str, named: bool) -> None:
    assert names("(C76-C80)", bare) is named


def _below(book: CodeBook, node: Node) -> list[str]:
    return [node.code, *(code for child in book.tree(node.code) for code in _below(book, child))]


@pytest.fixture(scope="module")
def listed(book: CodeBook) -> list[str]:
    """Every code without 7th character, in the order of the list."""
    return [row.code for row in book.titles()]


@pytest.fixture(scope="module")
def notes(book: CodeBook, listed: list[str]) -> list[tuple[str, str]]:
    """Every Excludes1 note of the list with the node that it stands at."""
    tops = list(book.tree())
    blocks = [block for chapter in tops for block in book.tree(chapter.code)]
    nodes = [*tops, *blocks, *(node for code in listed if (node := book.node(code)))]
    return [(node.code, note) for node in nodes for note in node.notes.get("excludes1", ())]


def test_every_excludes1_note_of_the_list_is_read(notes: list[tuple[str, str]]) -> None:
    readings = [read_references(note) for _, note in notes]
    assert not any(r.unreadable for r in readings)
    without = [note for (_, note), r in zip(notes, readings, strict=True) if not r.references]
    # Headings of lists, and notes that point into the Index or to "the condition" instead of a code.
    assert len(without) / len(notes) < 0.03


def test_excludes1_references_exist(book: CodeBook, notes: list[tuple[str, str]]) -> None:
    ends = {(end, at) for at, note in notes for r in read_references(note).references for end in (r.first, r.last)}
    # The list itself names one code that it does not have: R10.4, at R10.85.
    assert [pair for pair in sorted(ends) if book.node(pair[0]) is None] == [("R10.4", "R10.85")]


def test_ranges_hold_what_the_list_prints_between_their_ends(listed: list[str], notes: list[tuple[str, str]]) -> None:
    place = {code: n for n, code in enumerate(listed)}
    for _, note in notes:
        for r in read_references(note).references:
            if r.first == r.last or r.condition or not {r.first, r.last} <= set(place):
                continue
            stop = place[r.last] + 1
            while stop < len(listed) and listed[stop].startswith(r.last):
                stop += 1
            between = listed[place[r.first] : stop]
            around = listed[max(0, place[r.first] - 400) : place[r.first]] + listed[stop : stop + 400]
            assert all(r.names(code.replace(".", "")) for code in between), (note, r)
            assert not any(r.names(code.replace(".", "")) for code in around), (note, r)
