"""Relations between codes: what the notes of the Tabular List say, asked both ways."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.codesets import CodeBook, Node
from leadterm.codesets.formats import Recognised, Table
from leadterm.codesets.formats._dates import UNDATED
from leadterm.codesets.formats.icd10cm_tabular import tabular_table
from leadterm.codesets.relations.references import bare
from leadterm.codesets.relations.relations import KINDS, Link, Relation, Relations, relation_part
from leadterm.codesets.sources import EMBEDDED, US_GOVERNMENT, locate
from leadterm.codesets.tabular import read_tabular

from .made import release, store


def made(folder: Path, source: bytes, nodes: list[Node], year: int) -> Relations:
    """The relations of a Tabular List, in a store of their own."""
    whole = tabular_table(source, year)
    table = Table(whole.counts, (whole.parts[0], relation_part(nodes)))
    return Relations(store(folder, table), release(Recognised("icd10cm:tabular", UNDATED, US_GOVERNMENT), table))


@pytest.fixture(scope="module")
def nodes(book: CodeBook) -> list[Node]:
    """Every node of the official list."""

    def below(node: Node) -> list[Node]:
        return [node, *(n for child in book.tree(node.code) for n in below(child))]

    return [n for chapter in book.tree() for n in below(chapter)]


@pytest.fixture(scope="module")
def official(nodes: list[Node], tmp_path_factory: pytest.TempPathFactory) -> Relations:
    """The relations of the official list."""
    found = next(f for s in EMBEDDED if s.name == "icd10cm:tabular" and (f := locate(s)))
    return made(tmp_path_factory.mktemp("relations"), found.read(), nodes, 2026)


@pytest.fixture(scope="module")
def codes(nodes: list[Node]) -> list[str]:
    """Every code of the list that may stand on a claim."""
    return [n.code for n in nodes if n.billable]


def stands(relations: tuple[Relation, ...]) -> set[tuple[str, str]]:
    return {(r.kind, r.at) for r in relations}


def kinds(links: tuple[Link, ...]) -> set[tuple[str, str, str]]:
    return {(x.relation.kind, x.holder, x.named) for x in links}


# --- from a code ---


@pytest.mark.parametrize(
    ("kind", "code", "at", "first"),
    [
        ("excludes1", "E10.9", "E10", "E11"),
        ("excludes1", "I63.9", "I60-I69", "S06"),
        ("excludes2", "A56.01", "A56", "A74"),
        ("code_first", "N18.30", "N18", "E11.22"),
        ("use_additional", "E11.22", "E11.22", "N18.1"),
        ("use_additional", "H26.101", "H26.1", "V00"),
        ("code_also", "I16.1", "I16.1", "I71.0"),
    ],
)
def test_notes_hold_for_what_lies_below(official: Relations, kind: str, code: str, at: str, first: str) -> None:
    found = getattr(official, kind)(code)
    assert all(r.kind == kind for r in found)
    assert any(r.at == at and any(e.first == first for e in r.references) for r in found)


def test_notes_are_told_nearest_first(official: Relations) -> None:
    found = [r.at for r in official.excludes1("E11.9")]
    assert found == sorted(found, key=["E11.9", "E11", "E08-E13", "4"].index)
    assert {"E11", "4"} <= set(found)


def test_seventh_character_code_has_the_notes_above_it(official: Relations) -> None:
    assert official.of("S06.0X0A") == official.of("S06.0")


def test_line_of_a_list_has_its_heading(official: Relations) -> None:
    headings = {r.text: r.heading for r in official.excludes1("G01") if r.at == "G01"}
    assert headings["Lyme disease (A69.21)"] == "meningitis (in):"
    outside = "meningoencephalitis and meningomyelitis in bacterial diseases classified elsewhere (G05)"
    assert headings[outside] == "", "the order of the alphabet begins anew, so the list has ended"
    assert {r.heading for r in official.use_additional("I13.0") if r.at == "I13.0"} == {""}


def test_instruction_for_some_codes_is_silent_at_the_others(official: Relations) -> None:
    assert any(r.names("F0280") for r in official.use_additional("G31.83"))
    assert not any(r.at == "G31" for r in official.use_additional("G31.84"))
    assert official.between("G31.84", "F02.80", "use_additional") == ()


@pytest.mark.parametrize("written", ["n18.30", "N1830", " n1830 "])
def test_code_may_be_written_any_way(official: Relations, written: str) -> None:
    assert official.of(written) == official.of("N18.30") != ()
    assert official.named_by(written) == official.named_by("N18.30") != ()


def test_unknown_code_has_no_notes_and_is_named_by_its_characters(official: Relations) -> None:
    assert official.of("N18.999") == ()
    assert ("excludes1", "N19") in stands(official.named_by("N18.999"))
    assert official.named_by("!") == ()


# --- to a code ---


def test_stage_of_kidney_disease_is_asked_for_by_diabetes_and_hypertension(official: Relations) -> None:
    found = {r.at for r in official.named_by("N18.30", "use_additional")}
    assert found == {"E08.22", "E09.22", "E10.22", "E11.22", "E13.22", "I12.9", "I13.0", "I13.10", "I75.81", "Q87.81"}
    assert "I12.0" in {r.at for r in official.named_by("N18.6", "use_additional")}


def test_category_is_named_with_what_lies_below_when_asked(official: Relations) -> None:
    assert "I12.0" not in {r.at for r in official.named_by("N18")}
    assert "I12.0" in {r.at for r in official.named_by("N18", below=True)}


def test_whole_chapter_is_named(official: Relations) -> None:
    assert ("use_additional", "H26.1") in stands(official.named_by("W01.0XXA"))


@pytest.mark.parametrize(
    ("code", "named"), [("T39.315A", True), ("T36.95XA", True), ("T39.314A", False), ("T36.91XA", False)]
)
def test_adverse_effect_is_told_by_fifth_or_sixth_character(official: Relations, code: str, named: bool) -> None:
    assert (("use_additional", "L51") in stands(official.named_by(code))) is named


# --- between two codes ---


def test_relations_between_two_codes_are_told_from_both_sides(official: Relations) -> None:
    found = kinds(official.between("E11.22", "N18.30"))
    assert ("use_additional", "E11.22", "N18.30") in found
    assert ("code_first", "N18.30", "E11.22") in found


@pytest.mark.parametrize(("seventh", "kind"), [("A", "excludes1"), ("S", "code_also")])
def test_seventh_character_decides(official: Relations, seventh: str, kind: str) -> None:
    links = official.between("F07.81", f"S06.0X0{seventh}")
    assert {x.relation.kind for x in links if x.relation.at == "F07.81"} == {kind}


def test_later_encounter_stands_in_no_relation_to_the_syndrome(official: Relations) -> None:
    assert not [x for x in official.between("F07.81", "S06.0X0D") if x.relation.at == "F07.81"]


def test_order_of_the_two_codes_changes_nothing(official: Relations) -> None:
    assert set(official.between("E10.9", "E11.9")) == set(official.between("E11.9", "E10.9"))


def test_link_tells_note_node_and_the_words_that_name(official: Relations) -> None:
    (link,) = official.between("I69.320", "R47.01", "excludes1")
    assert (link.holder, link.named, link.relation.at) == ("R47.01", "I69.320", "R47.01")
    assert link.relation.text == "aphasia following cerebrovascular disease (I69. with final characters -20)"
    assert link.reference.condition == "with final characters -20"


# --- etiology and manifestation ---


@pytest.mark.parametrize("code", ["G63", "D63.1", "H42", "M14.80", "J91.0", "I68.0"])
def test_manifestation_requires_another_code_first(official: Relations, code: str) -> None:
    note = official.requires_first(code)
    assert note is not None
    assert note.references


@pytest.mark.parametrize("code", ["I10", "E11.9", "E66.9", "I50.32", "S52.501A"])
def test_what_may_lead_requires_nothing_first(official: Relations, code: str) -> None:
    assert official.requires_first(code) is None


@pytest.mark.parametrize(
    ("code", "expected"), [("G63", True), ("F02.80", True), ("I68.0", True), ("I10", False), ("R79.89", False)]
)
def test_manifestation_is_told_by_title(official: Relations, code: str, expected: bool) -> None:
    assert official.is_manifestation(code) is expected


def test_lines_of_a_code_first_note_are_taken_together(official: Relations) -> None:
    (note,) = official.code_first_notes("H42")
    assert note.text.startswith("underlying condition, such as: ")
    assert len(note.references) > 5


def test_pair_is_found_from_both_sides(official: Relations) -> None:
    (pair,) = [p for p in official.pairs("H42") if p.etiology.names("Q131")]
    assert pair in official.pairs("Q13.1")
    assert pair.manifestation == pair.code_first.at == "H42"
    assert [r.at for r in pair.use_additional] == ["Q13.1"]


def test_additional_code_may_name_codes_below_the_manifestation(official: Relations) -> None:
    pairs = [p for p in official.pairs("G30.9") if p.manifestation == "F02"]
    assert pairs
    assert all({r.at for r in p.use_additional} == {"G30"} for p in pairs)


def test_all_pairs_are_those_of_their_codes(official: Relations) -> None:
    pairs = list(official.all_pairs())
    # Of the list's own 265 pairs, 48 have the Use additional code note on the other side.
    assert (len(pairs), sum(bool(p.use_additional) for p in pairs)) == (265, 48)
    for pair in pairs:
        assert pair in official.pairs(pair.manifestation)
        assert pair in official.pairs(pair.etiology.first) or pair.etiology.condition


# --- both ways alike ---


def test_named_by_is_what_a_search_through_all_notes_finds(
    official: Relations, nodes: list[Node], codes: list[str]
) -> None:
    every = [r for n in nodes if n.notes for r in official.of(n.code) if r.at == n.code]
    for code in Random(7).sample(codes, 40):
        wanted = {(r.kind, r.at, r.text) for r in every if r.names(bare(code))}
        assert {(r.kind, r.at, r.text) for r in official.named_by(code)} == wanted


def test_what_names_a_code_holds_below_its_node(official: Relations, codes: list[str]) -> None:
    for code in Random(8).sample(codes, 400):
        for relation in official.named_by(code):
            assert relation in [*official.of(relation.at), *_scoped(official, relation)]
            assert relation.names(bare(code))


def _scoped(official: Relations, relation: Relation) -> list[Relation]:
    """A line for some codes only is found at one of these."""
    return [r for reference in relation.scope for r in official.of(reference.first)]


def test_what_a_note_names_knows_it(official: Relations, codes: list[str]) -> None:
    for holder in Random(9).sample(codes, 200):
        for relation in official.of(holder):
            for reference in relation.references:
                if not reference.condition:
                    assert relation in official.named_by(reference.first, relation.kind)


@settings(max_examples=100)
@given(data=st.data())
def test_forward_and_reverse_agree_on_any_two_codes(data: st.DataObject, official: Relations, codes: list[str]) -> None:
    holder = data.draw(st.sampled_from(codes))
    ends = [r.first for relation in official.of(holder) for r in relation.references]
    # Two codes at random have seldom to do with each other, so the notes of the one propose the other.
    named = data.draw(st.sampled_from(codes) | st.sampled_from(ends or codes))
    own = set(official.of(holder))
    assert {x.relation for x in official.links(holder, named)} == {r for r in official.named_by(named) if r in own}


# --- speed ---


def test_between_takes_microseconds(official: Relations, codes: list[str]) -> None:
    pairs = list(pairwise(Random(10).sample(codes, 401)))

    def seconds() -> float:
        start = time.process_time()
        for one, other in pairs:
            official.between(one, other)
        return time.process_time() - start

    assert min(seconds() for _ in range(5)) / len(pairs) < 50e-6


def test_reverse_takes_milliseconds(official: Relations, codes: list[str]) -> None:
    asked = Random(11).sample(codes, 200)

    def seconds() -> float:
        start = time.process_time()
        for code in asked:
            official.named_by(code)
        return time.process_time() - start

    assert min(seconds() for _ in range(3)) / len(asked) < 2e-3


def test_table_is_made_in_seconds(nodes: list[Node]) -> None:
    start = time.process_time()
    rows = list(relation_part(nodes).rows)
    assert time.process_time() - start < 5
    assert len(rows) == len({row[0] for row in rows}) > 1500


# --- a list of our own ---

LIST = b"""<?xml version="1.0"?><ICD10CM.tabular><version>2026</version>
<chapter><name>1</name><desc>One (A00-B99)</desc>
<section id="A00-A09"><desc>Fevers (A00-A09)</desc>
 <excludes2><note>rashes, except blue ones (A05-A07 except A06)</note></excludes2>
 <diag><name>A00</name><desc>Red fever</desc>
  <excludes1><note>hot (A01 with a full moon)</note><note>A00 itself, A01.1</note></excludes1>
  <useAdditionalCode><note>code, if applicable, for codes A00.0, to identify:</note><note>spots (A05.-)</note>
   <note>code to identify the day (A07)</note></useAdditionalCode>
  <diag><name>A00.0</name><desc>Dark red fever</desc></diag>
  <diag><name>A00.1</name><desc>Pale fever</desc></diag></diag>
 <diag><name>A01</name><desc>Blue fever in diseases classified elsewhere</desc>
  <codeFirst><note>underlying disease, such as:</note><note>red fever (A00.-)</note></codeFirst>
  <diag><name>A01.1</name><desc>Light blue fever</desc></diag></diag>
 <diag><name>A05</name><desc>Rash</desc></diag><diag><name>A06</name><desc>Blue rash</desc></diag>
 <diag><name>A07</name><desc>Day rash</desc></diag>
</section></chapter></ICD10CM.tabular>"""


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Relations:
    return made(tmp_path_factory.mktemp("invented"), LIST, list(read_tabular(LIST).nodes), 2026)


def test_exceptions_survive_the_store(invented: Relations) -> None:
    assert stands(invented.named_by("A05", "excludes2")) == {("excludes2", "A00-A09")}
    assert invented.named_by("A06", "excludes2") == ()
    (line,) = invented.excludes2("A01.1")
    assert invented.named_by("A05", "excludes2") == (line,)


def test_scope_survives_the_store(invented: Relations) -> None:
    (line,) = invented.named_by("A05", "use_additional")
    assert line in invented.use_additional("A00.0")
    assert line not in invented.use_additional("A00.1")
    assert [r.text for r in invented.use_additional("A00.1")] == ["code to identify the day (A07)"]


def test_unreadable_condition_names_nothing(invented: Relations) -> None:
    assert [r.references for r in invented.excludes1("A00.0") if "moon" in r.text] == [()]
    assert invented.named_by("A01", "excludes1") == ()


def test_note_that_names_its_own_code_is_told_once(invented: Relations) -> None:
    assert len(invented.between("A00.0", "A00.0", "excludes1")) == 1


def test_pairs_of_the_invented_list(invented: Relations) -> None:
    (pair,) = invented.pairs("A00.1")
    assert (pair.manifestation, pair.etiology.first, pair.use_additional) == ("A01", "A00", ())
    assert invented.pairs("A01.1") == (pair,) == tuple(invented.all_pairs())


def test_list_without_notes_names_nobody(tmp_path: Path) -> None:
    bare_list = LIST[: LIST.index(b" <excludes2>")] + b"</section></chapter></ICD10CM.tabular>"
    empty = made(tmp_path, bare_list, list(read_tabular(bare_list).nodes), 2026)
    assert empty.named_by("A00.0") == empty.of("A00-A09") == ()
    assert list(empty.all_pairs()) == []


def test_book_opens_the_relations_of_its_list(book: CodeBook) -> None:
    relations = book.component(Relations)
    assert any(r.at == "E11" for r in relations.excludes1("E11.9"))
    assert set(KINDS) >= {r.kind for r in relations.of("E11.9")}
