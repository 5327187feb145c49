"""Code references in tabular notes: every form that the list writes."""

from __future__ import annotations

import re
from bisect import bisect_left

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.codesets import CodeBook, Node
from leadterm.codesets.relations.references import CHAPTERS, Reading, bare, names_one, place, read_references
from leadterm.codesets.relations.relations import KINDS


def names(note: str, code: str) -> bool:
    return names_one(read_references(note).references, code)


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
        ("drug abuse and dependence (F11.-F17.-)", [("F11", "F17")]),
        ("nerve root compression (M50.1.-, M51.1.-)", [("M50.1", "M50.1"), ("M51.1", "M51.1")]),
        ("injuries classified in S06.1- to S06.6-, and S06.81-", [("S06.1", "S06.6"), ("S06.81", "S06.81")]),
        ("conditions classified to Q67.0-Q67.4", [("Q67.0", "Q67.4")]),
        ("acquired absence of knee joint (Z89.52-", [("Z89.52", "Z89.52")]),
        ("electrolyte imbalance (E87.8}", [("E87.8", "E87.8")]),
        ("intracranial hemorrhage (I60.-. I61.-, I62.-)", [("I60", "I60"), ("I61", "I61"), ("I62", "I62")]),
        ("acute respiratory infection (J00-J06; J20-J22)", [("J00", "J06"), ("J20", "J22")]),
        ("drugs (A00-R94 and T80-T88.6, T88.8)", [("A00", "R94"), ("T80", "T88.6"), ("T88.8", "T88.8")]),
        ("code from category T31 or T32 to identify extent", [("T31", "T31"), ("T32", "T32")]),
        ("code(s) from F11-F16 and F18-F19 to identify use", [("F11", "F16"), ("F18", "F19")]),
        ("pneumoconiosis with tuberculosis, any type in A15 (J65)", [("J65", "J65")]),
        ("influenza A/H1N1 (J10.-)", [("J10", "J10")]),
        ("hepatic fibrosis, stage F4", []),
        ("vitamin B12 deficiency", []),
        ("current injury - see injury of joint by body region", []),
    ],
)
def test_note_is_read(note: str, expected: list[tuple[str, str]]) -> None:
    assert ends(note) == expected
    assert read_references(note).unread == ()


@pytest.mark.parametrize(
    ("note", "code", "named"),
    [
        ("(E08-E13 with .36)", "E1136", True),
        ("(E08-E13 with .36)", "E1139", False),
        ("(E08-E13 with .51-.52)", "E1152", True),
        ("(E08-E13 with .51-.52)", "E1159", False),
        ("(E08-E13 with .62-)", "E11621", True),
        ("(F10-F19, with .17, .27, .97)", "F1997", True),
        ("(F10-F19, with .17, .27, .97)", "F1994", False),
        ("(F11-F19 with .15. .25, .95)", "F11259", True),
        ("(E08, E09, E11, E13 with final characters .00 or .01)", "E0801", True),
        ("(E08, E09, E11, E13 with final characters .00 or .01)", "E0810", False),
        ("(I69. with final characters -23)", "I69323", True),
        ("(I69. with final characters -23)", "I69321", False),
        ("(I69. with final characters -20)", "I69220", True),
        ("(I69. with final characters -20)", "I6920", False),
        ("(T36-T50 with final character 6)", "T39316A", True),
        ("(T36-T50 with final character 6)", "T3696XD", True),
        ("(T36-T50 with final character 6)", "T39311A", False),
        ("(S06.0X- with seventh character A)", "S060X0A", True),
        ("(S06.0X- with seventh character A)", "S060X0D", False),
        ("(S52.- with open fracture 7th character)", "S52501C", True),
        ("(S52.- with open fracture 7th character)", "S52501A", False),
        ("(S92.-with 7th character B)", "S92001B", True),
        ("(F11-F19 with fifth to sixth characters 51)", "F11951", True),
        ("(F11-F19 with fifth to sixth characters 51)", "F11915", False),
        ("(F10-F19 with 5th character .6)", "F1026", True),
        ("(A37 with fifth-character 1)", "A3701", True),
        ("(A37 with fifth-character 1)", "A3700", False),
        ("(T36-T65 with fifth or sixth character 1-4)", "T400X1A", True),
        ("(T36-T65 with fifth or sixth character 1-4)", "T3692XA", True),
        ("(T36-T65 with fifth or sixth character 1-4)", "T39315A", False),
        ("(T36-T65 with fifth or sixth character 1-4 or 6)", "T39316A", True),
        ("(T36-T50 with fifth or six character 5)", "T39315A", True),
        ("(T39.0-, with sixth character 5)", "T39015A", True),
        ("underdosing (T36-T50) with fifth or sixth character 6", "T39316A", True),
        ("underdosing (T36-T50) with fifth or sixth character 6", "T39315A", False),
        ("categories E08-E10, E11, E13 with ketoacidosis", "E1110", True),
        ("categories E08-E10, E11, E13 with ketoacidosis", "E1165", False),
        ("leukemia in remission C91.0-C95.9 with 5th character 1", "C9201", True),
        ("leukemia in remission C91.0-C95.9 with 5th character 1", "C9200", False),
        ("(E08-E13 with .51-.52, F10-F19 with .17)", "F1017", True),
        ("(E08-E13 with .51-.52, F10-F19 with .17)", "E1117", False),
        ("T40.0X1 is named with its 7th character (T40.0X1)", "T400X1S", True),
    ],
)
def test_condition_is_read(note: str, code: str, named: bool) -> None:
    assert names(note, code) is named


def test_a_condition_in_unknown_words_is_told_and_names_nothing() -> None:
    reading = read_references("something (E08-E13 with a full moon)")
    assert reading.unread == ("with a full moon",)
    assert reading.references == ()


def test_an_unknown_condition_between_codes_names_nothing_before_it() -> None:
    reading = read_references("something (E08-E13 with a full moon, F10)")
    assert reading.unread
    assert not names("something (E08-E13 with a full moon, F10)", "E119")


@pytest.mark.parametrize(
    ("note", "code", "named"),
    [
        ("infections (A00-B99 except A15-A19)", "A150", False),
        ("infections (A00-B99 except A15-A19)", "A200", True),
        ("infections (A00-B99, excluding A15, B20)", "B20", False),
        ("infections (A00-B99 other than codes A15; C00)", "C000", True),
        ("conditions in A00-B99 except A15", "A150", False),
        ("conditions in A00-B99 except A15", "A009", True),
    ],
)
def test_what_is_excepted_is_not_named(note: str, code: str, named: bool) -> None:
    assert names(note, code) is named


@pytest.mark.parametrize("note", ["any code other than Z00-Z99", "poisoning (other than T40)"])
def test_all_but_some_codes_names_none_and_is_told(note: str) -> None:
    assert read_references(note).references == ()
    assert read_references(note).unread


def test_a_chapter_is_named_as_a_whole() -> None:
    (reference,) = read_references("code (Chapter 20) to identify external cause").references
    assert (reference.first, reference.last, reference.chapter) == ("V00", "Y99", "20")
    assert reference.names("W010XXA")


def test_codes_that_a_note_is_for_are_its_scope() -> None:
    reading = read_references("code, if applicable, for codes G31.0-G31.83, G31.85-G31.9, to identify:")
    assert [(r.first, r.last) for r in reading.scope] == [("G31.0", "G31.83"), ("G31.85", "G31.9")]
    assert reading.references == ()


def test_reference_keeps_the_exact_words_of_its_brackets() -> None:
    one, two = read_references("neck (S12.0-S12.3-, S22.0-), open").references
    assert one.words == two.words == "S12.0-S12.3-, S22.0-"
    (adverse,) = read_references("drug (T36-T50 with fifth or sixth character 5)").references
    assert adverse.condition == "with fifth or sixth character 5"


@pytest.mark.parametrize(("code", "named"), [("C7A00", False), ("C800", True), ("C760", True)])
def test_carcinoid_tumours_stand_before_ill_defined_sites(code: str, named: bool) -> None:
    assert names("(C76-C80)", code) is named


@settings(max_examples=300)
@given(text=st.text("ABES0123456789.-,; ()withandcept", max_size=60))
def test_any_text_is_read(text: str) -> None:
    reading = read_references(text)
    assert isinstance(reading, Reading)
    for reference in reading.references:
        reference.names("E119")


# --- the official list ---

# What could be a code, judged apart from the reader's own notion of one; "vitamin B12" and the virus H1N1 are none.
_CODE_LIKE = re.compile(r"(?<![0-9A-Za-z.])[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]+)?(?![0-9A-Za-z])")


def _below(book: CodeBook, node: Node) -> list[Node]:
    return [node, *(below for child in book.tree(node.code) for below in _below(book, child))]


@pytest.fixture(scope="module")
def nodes(book: CodeBook) -> list[Node]:
    """Every node of the list that has notes."""
    return [node for chapter in book.tree() for node in _below(book, chapter) if node.notes]


@pytest.fixture(scope="module")
def listed(book: CodeBook) -> list[str]:
    """Every code without 7th character, in the order of the list."""
    return [row.code for row in book.titles()]


@pytest.fixture(scope="module")
def notes(nodes: list[Node]) -> list[tuple[str, str, str]]:
    """Every line of the five kinds with the node that it stands at."""
    return [(kind, node.code, text) for node in nodes for kind in KINDS for text in node.notes.get(kind, ())]


def test_nothing_beside_a_code_is_left_unread(notes: list[tuple[str, str, str]]) -> None:
    assert [(at, text) for _, at, text in notes if read_references(text).unread] == []


def test_every_code_in_brackets_is_an_end_of_a_reference(notes: list[tuple[str, str, str]]) -> None:
    missed = []
    for _, at, text in notes:
        found = {end for r in read_references(text).references for end in (r.first, r.last)}
        for brackets in re.findall(r"\(([^()]*)", text):
            missed += [(at, text, code) for code in _CODE_LIKE.findall(brackets) if code not in found]
    assert missed == []


@pytest.mark.parametrize(
    ("kind", "lines", "with_codes"),
    [
        ("excludes1", 5407, 5280),
        ("excludes2", 2520, 2486),
        ("code_first", 809, 599),
        ("use_additional", 1485, 1171),
        ("code_also", 655, 473),
    ],
)
def test_most_lines_name_codes(notes: list[tuple[str, str, str]], kind: str, lines: int, with_codes: int) -> None:
    # The others are headings of lists, and lines that point into the Index or to "the condition" instead of a code.
    texts = [text for k, _, text in notes if k == kind]
    assert (len(texts), sum(bool(read_references(t).references) for t in texts)) == (lines, with_codes)


@pytest.fixture(scope="module")
def every_code(nodes: list[Node], book: CodeBook, listed: list[str]) -> list[tuple[tuple[str, str], str]]:
    """Every code of the list without its dot, those with 7th characters too, by its place."""
    sevenths = [c for code in listed if (node := book.node(code)) and node.kind == "code" for c in node.children]
    return sorted((place(bare(code)), bare(code)) for code in (*listed, *sevenths))


def test_every_reference_names_a_code_of_the_list(
    every_code: list[tuple[tuple[str, str], str]], notes: list[tuple[str, str, str]]
) -> None:
    nothing = set()
    for _, at, text in notes:
        for r in read_references(text).references:
            start = bisect_left(every_code, (r.low, ""))
            stop = bisect_left(every_code, ((r.high[0], r.high[1] + "\x7f"), ""))
            if not any(r.names(code) for _, code in every_code[start:stop]):
                nothing.add((r.first, r.last, at))
    # A slip of the list itself: it has no G31.90.
    assert nothing == {("G31.90", "G31.90", "F02")}


def test_ends_of_references_exist(book: CodeBook, notes: list[tuple[str, str, str]]) -> None:
    read = [(at, r) for _, at, text in notes for r in read_references(text).references if not r.chapter]
    ends = {(end, at) for at, r in read for end in (r.first, r.last)}
    # The list itself names two codes that it does not have.
    assert sorted(pair for pair in ends if book.node(pair[0]) is None) == [("G31.90", "F02"), ("R10.4", "R10.85")]


def test_chapters_begin_and_end_as_their_titles_say(book: CodeBook) -> None:
    titles = {chapter.code: chapter.title for chapter in book.tree()}
    assert {code: f"({first}-{last})" for code, (first, last) in CHAPTERS.items()} == {
        code: title[title.rindex("(") :] for code, title in titles.items()
    }


def test_ranges_hold_what_the_list_prints_between_their_ends(
    listed: list[str], notes: list[tuple[str, str, str]]
) -> None:
    rank = {code: n for n, code in enumerate(listed)}
    for _, _, note in notes:
        for r in read_references(note).references:
            if r.first == r.last or r.condition or not {r.first, r.last} <= set(rank):
                continue
            stop = rank[r.last] + 1
            while stop < len(listed) and listed[stop].startswith(r.last):
                stop += 1
            between = listed[rank[r.first] : stop]
            around = listed[max(0, rank[r.first] - 400) : rank[r.first]] + listed[stop : stop + 400]
            assert all(r.names(bare(code)) for code in between), (note, r)
            assert not any(r.names(bare(code)) for code in around), (note, r)
