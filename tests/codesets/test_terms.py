"""The dictionary: which phrases open which node, which source wins, what is dropped, and the kept file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pytest

from leadterm.codesets import CodeBook, lexicon
from leadterm.codesets import phrasebook as keeping
from leadterm.codesets.lexicon import Synonym
from leadterm.codesets.phrasebook import load_terms
from leadterm.codesets.terms import Term, compile_terms
from leadterm.codesets.wording import phrase
from leadterm.domain import InputError, Step


@dataclass(frozen=True)
class Row:
    """A row of an invented tabular list."""

    code: str
    title: str
    inclusion_terms: tuple[str, ...] = ()


def synonym(surface: str, code: str, context: str = "") -> Synonym:
    marks = context.split()
    needs, vetoes = (m for m in marks if m[0] != "!"), (m[1:] for m in marks if m[0] == "!")
    return Synonym(surface, surface, code, frozenset(needs), frozenset(vetoes))


def opened(text: str, rows: Iterable[Row], *synonyms: Synonym) -> list[tuple[str, str]]:
    """The nodes that `text` opens, each with its source."""
    return [(t.code, t.source.value) for t in compile_terms(rows, synonyms) if t.phrase == phrase(text)]


def nodes(text: str, *rows: Row) -> list[str]:
    return [code for code, _ in opened(text, rows)]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Pain in knee", "knee pain"),
        ("Pain in knee", "pain in the knee"),
        ("Asthma, unspecified", "asthma"),
        ("Type 2 diabetes mellitus", "type II diabetes mellitus"),
        ("Cholera, unspecified organism", "cholera"),
        ("Hypertension, essential", "essential hypertension"),
        ("Malignant neoplasm of colon", "colon cancer"),
        ("Malignant neoplasm of colon", "adenocarcinoma of the colon"),
        ("Malignant neoplasm of breast", "carcinoma of breast"),
        ("Secondary malignant neoplasm of bone", "bone mets"),
        ("Secondary malignant neoplasm of bone", "metastases to the bone"),
        ("Gout (acute)", "gout"),
        ("Gout (acute)", "gout acute"),
        ("Cutaneous abscess of neck", "abscess of neck"),
        ("Ménière's disease", "Meniere disease"),
        ("Primary osteoarthritis, ankle and foot", "primary osteoarthritis of ankle"),
        ("Primary osteoarthritis, right shoulder", "primary osteoarthritis of left shoulder"),
    ],
)
def test_a_title_is_known_by_the_turns_that_clinicians_give_it(title: str, said: str) -> None:
    assert nodes(said, Row("A00.1", title)) == ["A00.1"]


@pytest.mark.parametrize(
    "row",
    [
        Row("A00.8", "Other cholera"),
        Row("A00.8", "Unspecified cholera"),
        Row("A00.8", "Cholera in diseases classified elsewhere"),
        Row("W01", "Fall on same level"),
        Row("Y92", "Place of occurrence"),
        Row("R52", "Pain"),
        Row("R99", "7"),
        Row("R99", "AB"),
    ],
)
def test_a_title_that_says_nothing_by_itself_opens_nothing(row: Row) -> None:
    assert compile_terms([row], ()) == []


def test_the_lexicon_is_stronger_than_a_title() -> None:
    rows = [Row("I10", "Heart attack")]
    assert opened("heart attacks", rows, synonym("heart attack", "I21.9")) == [("I21.9", "lexicon")]


def test_a_title_is_stronger_than_an_inclusion_term() -> None:
    rows = [Row("A01", "Typhoid", ("Swamp fever",)), Row("B50", "Swamp fever")]
    assert opened("swamp fever", rows) == [("B50", "title")]


def test_a_stronger_source_hides_a_weaker_one_even_where_it_is_ambiguous() -> None:
    rows = [Row("A01", "Swamp fever"), Row("B50", "Swamp fever"), Row("C50", "Typhoid", ("Swamp fever",))]
    assert opened("swamp fever", rows) == []


def test_the_rows_may_be_read_only_once() -> None:
    rows = (row for row in [Row("A01", "Typhoid", ("Swamp fever",))])
    assert [t.code for t in compile_terms(rows, ()) if t.phrase == "swamp fever"] == ["A01"]


def test_a_phrase_of_two_categories_opens_neither() -> None:
    assert nodes("swamp fever", Row("A01", "Swamp fever"), Row("B50", "Fever, swamp")) == []


def test_on_one_branch_the_more_general_node_wins() -> None:
    assert nodes("swamp fever", Row("A01.21", "Swamp fever"), Row("A01.2", "Swamp fever, unspecified")) == ["A01.2"]


def test_two_branches_of_a_category_open_the_node_that_they_share() -> None:
    rows = [Row("A01.21", "Swamp fever"), Row("A01.22", "Fever, swamp")]
    assert nodes("swamp fever", *rows) == ["A01.2"]
    assert nodes("swamp fever", Row("A01.2", "Swamp fever"), Row("A01.9", "Fever, swamp")) == ["A01"]


def test_one_side_of_a_pair_does_not_stand_for_both() -> None:
    rows = [Row("M17.0", "Bilateral primary arthrosis of knee"), Row("M17.1", "Unilateral primary arthrosis of knee")]
    assert nodes("primary arthrosis of the left knee", *rows) == ["M17"]


def test_a_turn_that_ends_in_the_air_is_no_phrase() -> None:
    assert nodes("eye pain of", Row("H57.13", "Eye pain, bilateral")) == []


def test_the_order_of_the_rows_decides_nothing() -> None:
    rows = [Row("A01.21", "Swamp fever"), Row("A01.2", "Fever, swamp"), Row("B50", "Typhoid", ("Bog fever",))]
    assert {(t.phrase, t.code) for t in compile_terms(rows, ())} == {
        (t.phrase, t.code) for t in compile_terms(rows[::-1], ())
    }


def test_context_tells_two_readings_of_a_phrase_apart() -> None:
    chest, palsy = synonym("cp", "R07.9", "chest !palsy"), synonym("CP", "G80.9", "palsy")
    assert opened("cp", [], chest, palsy) == [("R07.9", "lexicon"), ("G80.9", "lexicon")]


def test_a_reading_that_never_decides_is_dropped() -> None:
    assert opened("gout", [], synonym("gout", "M10"), synonym("Gout", "M10.9", "toe")) == [("M10", "lexicon")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (synonym("MEN2A", "E31.22"), synonym("MEN 2A", "E31.22")),
        (synonym("pad", "I73.9", "claudication"), synonym("PAD", "I73.9")),
        (synonym("icd in place", "Z95.810", "!planned"), synonym("ICD in place", "Z95.810")),
        (synonym("disc bulge", "M51.26", "lumbar"), synonym("disc bulge", "M51.27", "l5-s1")),
    ],
)
def test_a_reading_that_holds_where_another_does_not_is_kept(first: Synonym, second: Synonym) -> None:
    assert len([t for t in compile_terms([], (first, second)) if t.phrase == phrase(first.surface)]) == 2


def test_a_row_of_the_lexicon_is_known_with_its_head_before_its_site() -> None:
    row = synonym("distal radius fracture", "S52.5", "!old")
    found = [t for t in compile_terms([], [row]) if t.phrase == "fracture of distal radius"]
    assert [(t.code, t.vetoes) for t in found] == [("S52.5", frozenset({"old"}))]


def test_a_row_as_written_is_stronger_than_the_turn_of_another() -> None:
    rows = [synonym("neck pain", "M54.2"), synonym("pain of neck", "R07.0")]
    assert opened("pain of neck", [], *rows) == [("R07.0", "lexicon")]


def test_a_generic_word_opens_nothing_unless_the_lexicon_says_so() -> None:
    assert nodes("swelling", Row("R60.9", "Swelling")) == []
    assert opened("swelling", [], synonym("swelling", "R60.9")) == [("R60.9", "lexicon")]


# --- the kept file ---


@dataclass(frozen=True)
class Shelf:
    """As much of a code book as the keeping needs."""

    folder: Path
    checksum: str = "sum"

    def titles(self) -> list[Row]:
        return [Row("A01.2", "Swamp fever", ("Bog fever",))]

    def release_for(self, name: str, on: object) -> Shelf:
        return self

    def find(self, face: object, on: object) -> None:
        return None


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    rows = (synonym("CP", "G80.9", "palsy !chest"), synonym("grippe", "J11.1"))
    monkeypatch.setattr(lexicon, "load", lambda: rows)
    monkeypatch.setattr(lexicon, "digest", lambda: "one")
    (tmp_path / "stores").mkdir()
    return Shelf(tmp_path / "stores")


def load(shelf: Shelf) -> list[Term]:
    return load_terms(shelf)  # type: ignore[arg-type]


def kept(shelf: Shelf) -> list[Path]:
    return sorted(shelf.folder.iterdir())


@pytest.fixture(scope="module")
def compiled(book: CodeBook) -> list[Term]:
    return compile_terms(list(book.titles()), lexicon.load())


def test_the_loaded_dictionary_is_the_compiled_one(book: CodeBook, compiled: list[Term]) -> None:
    load_terms(book)
    assert load_terms(book) == compiled


def test_every_term_opens_a_node_of_the_tabular_list(book: CodeBook, compiled: list[Term]) -> None:
    codes = {row.code for row in book.titles()}
    assert {t.code for t in compiled} <= codes


def test_the_tabular_list_gives_no_term_for_a_generic_word(compiled: list[Term]) -> None:
    text = (files("leadterm.codesets") / "generic.txt").read_text("utf-8")
    words = {phrase(line) for line in text.splitlines() if line and not line.startswith("#")}
    assert [t for t in compiled if t.phrase in words] == []


def test_every_phrase_can_be_said(compiled: list[Term]) -> None:
    assert all(t.phrase and t.phrase == " ".join(t.phrase.split()) for t in compiled)
    assert not any(t.phrase.replace(" ", "").isdigit() for t in compiled)


def test_a_phrase_has_two_readings_only_where_context_or_capitals_tell_them_apart(compiled: list[Term]) -> None:
    readings: dict[str, list[Term]] = {}
    for term in compiled:
        readings.setdefault(term.phrase, []).append(term)
    for terms in readings.values():
        conditions = [(t.exact, t.needs, t.vetoes) for t in terms]
        assert len(set(conditions)) == len(conditions), terms


def test_a_second_start_reads_what_the_first_has_kept(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load(shelf)
    monkeypatch.setattr(keeping, "compile_terms", lambda *_: pytest.fail("compiled again"))
    assert load(shelf) == first
    assert [t.source for t in first] == [Step.LEXICON, Step.LEXICON, Step.TITLE, Step.INCLUSION]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[", b"null", b"7", b"{}", b"[]", b"[1]", b'[["a"]]', b'[["a","b","c","no step",null,[],[]]]'],
)
def test_a_damaged_file_is_made_again(shelf: Shelf, content: bytes) -> None:
    terms = load(shelf)
    (file,) = kept(shelf)
    whole = file.read_bytes()
    file.write_bytes(content)
    assert load(shelf) == terms
    assert file.read_bytes() == whole


def test_a_file_cut_short_is_made_again(shelf: Shelf) -> None:
    terms = load(shelf)
    (file,) = kept(shelf)
    file.write_bytes(file.read_bytes()[:-9])
    assert load(shelf) == terms


def test_another_lexicon_or_release_makes_another_file(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    load(shelf)
    load(Shelf(shelf.folder, "other sum"))
    monkeypatch.setattr(lexicon, "digest", lambda: "two")
    load(shelf)
    assert len(kept(shelf)) == 3


def test_a_folder_that_cannot_be_written_costs_only_time(shelf: Shelf) -> None:
    absent = Shelf(shelf.folder / "absent")
    assert load(absent) == load(shelf)
    assert not absent.folder.exists()


def test_nothing_but_the_file_is_left_behind(shelf: Shelf) -> None:
    load(shelf)
    (file,) = kept(shelf)
    assert file.name.startswith("phrases-")
    assert sum(len(json.loads(line)) for line in file.read_bytes().splitlines()[1:]) == 4


# --- a user's own lists ---


def own_list(shelf: Shelf, text: str) -> None:
    folder = shelf.folder.parent / "terms"
    folder.mkdir(exist_ok=True)
    (folder / "ours.tsv").write_text(text, encoding="utf-8")


def test_a_users_list_wins_over_the_lexicon_and_the_titles(shelf: Shelf) -> None:
    load(shelf)
    own_list(shelf, "surface\tterm\tcode\tcontext\n# ours\ngrippe\tthe flu\tJ10.1\t!soap @plan\nbog fever\t\tA01.3\n")
    found: dict[str, Term] = {}
    for term in load(shelf):
        found.setdefault(term.phrase, term)
    assert (found["grippe"].concept, found["grippe"].code) == ("the flu", "J10.1")
    assert (found["grippe"].vetoes, found["grippe"].within) == (frozenset({"soap"}), frozenset({"plan"}))
    assert (found["bog fever"].concept, found["bog fever"].code) == ("bog fever", "A01.3")


@pytest.mark.parametrize(
    ("text", "line"), [("grippe\tflu\tnot a code\n", 1), ("# ours\n\tflu\tJ10.1\n", 2), ("a\tb\tJ10.1\tc\td\n", 1)]
)
def test_a_list_that_makes_no_sense_is_refused_with_its_line(shelf: Shelf, text: str, line: int) -> None:
    own_list(shelf, text)
    with pytest.raises(InputError, match=f"Line {line} of the list of terms ours.tsv"):
        load(shelf)


def test_a_list_that_is_no_text_is_refused(shelf: Shelf) -> None:
    own_list(shelf, "")
    (shelf.folder.parent / "terms" / "ours.tsv").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(InputError, match=r"ours\.tsv cannot be read as UTF-8"):
        load(shelf)


# --- the Alphabetic Index ---


def indexed(*paths: tuple[tuple[str, ...], str]) -> dict[str, str]:
    return {t.phrase: t.code for t in compile_terms([Row("A01.2", "Swamp fever", ())], (), paths)}


def test_a_path_of_the_index_is_said_in_both_orders() -> None:
    found = indexed((("Neuropathy, neuropathic", "ulnar nerve"), "G56.2"))
    assert {found["ulnar nerve neuropathy neuropathic"], found["neuropathy neuropathic ulnar nerve"]} == {"G56.2"}


def test_connecting_subterms_stay_in_their_place() -> None:
    found = indexed((("Marsh", "with cough"), "A01.3"))
    assert found["marsh with cough"] == "A01.3"
    assert "with cough marsh" not in found


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (("Collapse",), "R55"),
        (("Encounter", "for", "rest"), "Z00.0"),
        (("Fall", "from chair"), "W07"),
        (("A", "b", "c", "d", "e"), "A09"),
    ],
)
def test_a_path_that_a_chart_does_not_mean_gives_no_term(path: tuple[str, ...], code: str) -> None:
    assert code not in indexed((path, code)).values()


def test_a_title_wins_over_the_index() -> None:
    assert indexed((("Fever", "swamp"), "B99"))["swamp fever"] == "A01.2"
