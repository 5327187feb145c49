from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from leadterm.codesets import CodeBook, Node
from leadterm.codesets.tabular import read_tabular
from leadterm.domain import Code, CodeSystem, InputError

LEAVES = 74_719


def below(book: CodeBook, node: Node) -> list[Node]:
    found = [node]
    for child in book.tree(node.code):
        found += below(book, child)
    return found


@pytest.fixture(scope="module")
def nodes(book: CodeBook) -> list[Node]:
    return [node for chapter in book.tree(None) for node in below(book, chapter)]


@pytest.fixture(scope="module")
def flat_list() -> set[str]:
    """The official flat list: the codes that no longer code extends."""
    spec = find_spec("simple_icd_10_cm")
    assert spec is not None
    assert spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0]) / "data" / "code-list-April-2026.txt"
    lines = sorted({line for line in path.read_text().split() if "-" not in line and len(line) > 2})
    return {a for a, b in zip(lines, [*lines[1:], ""], strict=True) if not b.startswith(a)}


def test_the_leaves_are_exactly_those_of_the_official_flat_list(nodes: list[Node], flat_list: set[str]) -> None:
    leaves = {n.code.replace(".", "") for n in nodes if not n.children and n.kind not in ("chapter", "block")}
    assert len(flat_list) == LEAVES
    assert leaves == flat_list


def test_every_leaf_is_billable_and_nothing_else_is(nodes: list[Node]) -> None:
    codes = [n for n in nodes if n.kind not in ("chapter", "block")]
    assert all(n.billable == (not n.children) for n in codes)
    assert sum(n.billable for n in nodes) == LEAVES


def test_every_code_of_the_list_has_the_shape_of_a_code(nodes: list[Node]) -> None:
    codes = [n.code for n in nodes if n.kind not in ("chapter", "block")]
    assert [Code(CodeSystem.ICD10CM, c).value for c in codes] == codes


@pytest.mark.parametrize(
    ("what", "count"),
    [
        ("chapter", 22),
        ("section", 297),
        ("diag", 46_881),
        ("sevenChrDef", 508),
        ("excludes1", 2_644),
        ("excludes2", 1_165),
        ("codeFirst", 363),
        ("useAdditionalCode", 844),
        ("codeAlso", 320),
        ("billable", LEAVES),
    ],
)
def test_the_release_counts_what_was_read(book: CodeBook, what: str, count: int) -> None:
    release = book.release_for("icd10cm:tabular", None)
    assert release is not None
    assert dict(release.counts)[what] == count


@pytest.mark.parametrize(
    ("code", "kind", "title", "parent"),
    [
        ("4", "chapter", "Endocrine, nutritional and metabolic diseases (E00-E89)", None),
        ("E08-E13", "block", "Diabetes mellitus (E08-E13)", "4"),
        ("B20-B20", "block", "Human immunodeficiency virus [HIV] disease (B20)", "1"),
        ("B20", "category", "Human immunodeficiency virus [HIV] disease", "B20-B20"),
        ("E11", "category", "Type 2 diabetes mellitus", "E08-E13"),
        ("E11.2", "subcategory", "Type 2 diabetes mellitus with kidney complications", "E11"),
        ("E11.22", "code", "Type 2 diabetes mellitus with diabetic chronic kidney disease", "E11.2"),
        ("H21.1X", "subcategory", "Other vascular disorders of iris and ciliary body", "H21.1"),
        ("S52.521", "code", "Torus fracture of lower end of right radius", "S52.52"),
    ],
)
def test_a_node_stands_where_the_list_prints_it(
    book: CodeBook, code: str, kind: str, title: str, parent: str | None
) -> None:
    node = book.node(code)
    assert node is not None
    assert (node.kind, node.title, node.parent) == (kind, title, parent)


@pytest.mark.parametrize(
    ("code", "base", "title"),
    [
        ("H40.40X2", "H40.40", "Glaucoma secondary to eye inflammation, unspecified eye, moderate stage"),
        ("R40.2112", "R40.211", "Coma scale, eyes open, never, at arrival to emergency department"),
        ("T07.XXXA", "T07", "Unspecified multiple injuries, initial encounter"),
        ("E11.37X3", "E11.37", None),
        ("O36.0111", "O36.011", None),
        (
            "S52.521A",
            "S52.521",
            "Torus fracture of lower end of right radius, initial encounter for closed fracture",
        ),
    ],
)
def test_a_seventh_character_makes_a_code_of_its_own(book: CodeBook, code: str, base: str, title: str | None) -> None:
    node, below = book.node(code), book.node(base)
    assert node is not None
    assert below is not None
    assert (node.kind, node.parent, node.extension, node.billable) == ("seventh", base, code[-1], True)
    assert code in below.children
    assert not below.billable
    assert title is None or node.title == title


def test_the_nearest_definition_of_seventh_characters_holds(book: CodeBook) -> None:
    # S52 itself offers open fractures (B, C); a torus fracture is never open.
    torus = book.node("S52.521")
    shaft = book.node("S52.301")
    assert torus is not None
    assert shaft is not None
    assert [c[-1] for c in torus.children] == list("ADGKPS")
    assert [c[-1] for c in shaft.children] == list("ABCDEFGHJKMNPQRS")


@pytest.mark.parametrize("code", ["S06.1X7D", "S06.1X8S", "S06.307D", "S06.898S", "S06.9X7S"])
def test_no_later_encounter_follows_a_death_before_regaining_consciousness(book: CodeBook, code: str) -> None:
    assert book.node(code) is None


@pytest.mark.parametrize("code", ["S06.1X7A", "S06.1X8A", "S06.1X6D", "S06.1X9S"])
def test_other_seventh_characters_of_intracranial_injury_stand(book: CodeBook, code: str) -> None:
    assert book.is_billable(code)


def test_notes_are_kept_by_kind_where_they_stand(book: CodeBook) -> None:
    node = book.node("E11.22")
    above = book.node("E11")
    assert node is not None
    assert above is not None
    assert node.notes["use_additional"] == ("code to identify stage of chronic kidney disease (N18.1-N18.6)",)
    assert "type 1 diabetes mellitus (E10.-)" in above.notes["excludes1"]
    assert set(above.notes) == {"includes", "use_additional", "excludes1"}


def test_notes_up_the_tree_come_nearest_first(book: CodeBook) -> None:
    entry = book.lookup("E11.22")
    assert entry is not None
    assert [n.at for n in entry.notes.use_additional] == ["E11.22"] + ["E11"] * 5
    assert [n.at for n in entry.notes.excludes1][-1] == "4"


def test_an_inclusion_term_is_not_handed_down_but_to_the_same_code(book: CodeBook) -> None:
    entry = book.lookup("R40.2112")
    assert entry is not None
    assert [n.at for n in entry.notes.inclusion_terms] == ["R40.211"]
    torus = book.lookup("E11.9")
    assert torus is not None
    assert torus.notes.inclusion_terms == ()


def test_only_the_nearest_seventh_character_instruction_holds(book: CodeBook) -> None:
    entry = book.lookup("S52.521A")
    assert entry is not None
    assert {n.at for n in entry.notes.seventh} == {"S52.52"}


def test_the_table_of_visual_impairment_is_kept_as_notes(book: CodeBook) -> None:
    node = book.node("H54.8")
    assert node is not None
    assert "Category 5 of visual impairment: No light perception" in node.notes["general"]


def test_titles_leave_out_seventh_characters_blocks_and_chapters(book: CodeBook) -> None:
    rows = {row.code: row for row in book.titles()}
    assert len(rows) == 46_881
    assert "S52.521" in rows
    assert not rows["S52.521"].billable
    assert "S52.521A" not in rows
    assert "E08-E13" not in rows
    assert rows["N18.5"].inclusion_terms == ()
    assert "Chronic kidney disease requiring chronic dialysis" in rows["N18.6"].inclusion_terms


def test_ancestors_run_from_the_nearest_to_the_chapter(book: CodeBook) -> None:
    found = [n.code for n in book.ancestors("H40.40X2")]
    assert found == ["H40.40", "H40.4", "H40", "H40-H42", "7"]


def test_the_top_of_the_tree_are_the_chapters(book: CodeBook) -> None:
    assert [n.code for n in book.tree(None)] == [str(n) for n in range(1, 23)]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"<!DOCTYPE x><ICD10CM.tabular/>", "DOCTYPE"),
        (b"<ICD10CM.index/>", "no ICD-10-CM Tabular List"),
        (b"<ICD10CM.tabular><chapter>", "not well-formed"),
        (b"not xml at all", "not well-formed"),
        (
            b"<ICD10CM.tabular><chapter><name>1</name><newKind><note>x</note></newKind></chapter></ICD10CM.tabular>",
            "newKind",
        ),
    ],
)
def test_what_is_no_tabular_list_is_refused(source: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_tabular(source)


def test_a_code_that_stands_twice_is_refused() -> None:
    diag = "<diag><name>A00</name><desc>x</desc></diag>"
    section = f"<section id='A00-A09'>{diag * 2}</section>"
    source = f"<ICD10CM.tabular><chapter><name>1</name>{section}</chapter></ICD10CM.tabular>"
    with pytest.raises(InputError, match="twice"):
        read_tabular(source.encode())
