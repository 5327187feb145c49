from __future__ import annotations

from pathlib import Path

import pytest

from leadterm.codesets.lexicon import Synonym
from leadterm.codesets.search.asked import asked
from leadterm.codesets.search.entry import NONE, Candidate, Entry, candidate, unpacked
from leadterm.codesets.search.family import Family
from leadterm.codesets.search.index import WORDS
from leadterm.codesets.search.learned import learned
from leadterm.codesets.search.opening import Index, Words
from leadterm.codesets.search.sources import Phrase, diagnoses, supplies
from leadterm.codesets.search.words import search_words, stems
from leadterm.domain import DataMissing

from .searching import all_stores, built, made_store, made_stores

BROW = Synonym("brow ache", "pain of the glabella", "A10.1")


def surfaces(folder: Path, kind: str) -> set[tuple[str, str]]:
    return {(p.code, p.surface) for p in diagnoses(all_stores(folder), [BROW]) if p.kind == kind}


def test_titles_and_inclusion_terms_are_phrases(tmp_path: Path) -> None:
    assert ("A10.0", "Acute glabellitis") in surfaces(tmp_path, "title")
    assert surfaces(tmp_path, "inclusion") >= {("A10.0", "Quorn disease"), ("A10.9", "Glabellitis NOS")}


def test_codes_with_a_7th_character_have_no_phrase_of_their_own(tmp_path: Path) -> None:
    assert not [code for code, _ in surfaces(tmp_path, "title") if len(code) == 8]


def test_surface_and_term_of_a_synonym_are_phrases(tmp_path: Path) -> None:
    assert surfaces(tmp_path, "synonym") == {("A10.1", "brow ache"), ("A10.1", "pain of the glabella")}


def test_a_path_of_the_index_is_a_phrase_and_see_leads_to_the_code_that_is_meant(tmp_path: Path) -> None:
    assert surfaces(tmp_path, "index") == {
        ("A10.9", "Glabellitis (purple)"),
        ("A10.0", "Glabellitis (purple), acute"),
        ("A10.9", "Purple brow"),
    }


def test_sites_are_phrases_by_behavior(tmp_path: Path) -> None:
    assert surfaces(tmp_path, "neoplasm") == {
        ("A10.0", "Malignant neoplasm of brow"),
        ("A10.1", "Secondary malignant neoplasm of brow"),
        ("A10.9", "Neoplasm of uncertain behavior of brow"),
    }


def test_substances_are_phrases_by_intent(tmp_path: Path) -> None:
    assert surfaces(tmp_path, "drug") == {
        ("A10.0", "Poisoning by Glabellin, retard, accidental"),
        ("A10.1", "Adverse effect of Glabellin, retard"),
    }


def test_names_of_diseases_are_phrases_where_their_code_exists(tmp_path: Path) -> None:
    assert surfaces(tmp_path, "ontology") == {("A10.1", "browitis")}


def test_supplies_are_codes_without_modifiers_and_none_where_they_are_not_installed(tmp_path: Path) -> None:
    assert {p.code for p in supplies(all_stores(tmp_path))} == {"A0001"}
    assert list(supplies({})) == []


def test_a_header_means_the_code_that_says_no_more(tmp_path: Path) -> None:
    family = Family(made_stores(tmp_path)["icd10cm:tabular"])
    assert family.default("A10") == "A10.9"
    assert family.default("A11") == "A11"
    assert family.default("A10.0") == "A10.0"


def test_a_code_knows_the_titles_above_and_the_meanings_of_its_7th_characters(tmp_path: Path) -> None:
    above = Family(made_stores(tmp_path)["icd10cm:tabular"]).above("A11.0")
    assert above >= frozenset(stems(search_words("Fracture disease glabella initial encounter sequela")))


def test_an_index_without_the_optional_stores_is_whole(tmp_path: Path) -> None:
    folder = built(tmp_path, made_stores(tmp_path))
    assert sorted(p.name for p in folder.iterdir()) == ["hcpcs", "icd10cm", "icd10pcs", "words"]
    assert Index(folder / "hcpcs").empty


def test_an_index_of_two_builds_is_the_same(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = (Index(built(tmp_path / n, all_stores(tmp_path / n), [BROW]) / "icd10cm") for n in ("one", "two"))
    assert [one.entry(n) for n in range(20)] == [two.entry(n) for n in range(20)]


def test_a_phrase_that_is_held_back_is_not_there(tmp_path: Path) -> None:
    held = Phrase("icd10cm", "A10.0", "inclusion", "Quorn disease")
    index = Index(built(tmp_path, made_stores(tmp_path), without=[held]) / "icd10cm")
    assert index.found_in("words", "quorn") == 0
    assert index.found_in("near", "quorn") == 0


def test_nothing_is_left_beside_the_index(tmp_path: Path) -> None:
    built(tmp_path, made_stores(tmp_path))
    assert not list(tmp_path.glob(".tmp-*"))


def test_a_damaged_part_clears_the_whole_index(tmp_path: Path) -> None:
    folder = built(tmp_path, made_stores(tmp_path))
    (folder / WORDS / "meta.json").write_text("{")
    with pytest.raises(DataMissing, match="run the command again"):
        Words(folder / WORDS)
    assert not folder.exists()


def test_entries_and_candidates_come_back_as_they_went_in() -> None:
    entry = Entry("A10.0", "title", 5, "Acute glabellitis", "")
    own = Candidate(123_456, NONE, 7, 63)
    assert unpacked(entry.packed) == entry
    assert candidate(own.packed) == own


def test_a_tab_in_a_phrase_breaks_nothing() -> None:
    assert unpacked(Entry("A10.0", "title", 5, "Acute\tglabellitis", "").packed).surface == "Acute glabellitis"


def test_a_code_without_a_title_is_left_out(tmp_path: Path) -> None:
    stores = all_stores(tmp_path)
    rows = [("A0002", "code", "--", "Brow balm"), ("A0003", "code", "Brow soap", "")]
    stores["hcpcs:codes"] = made_store(tmp_path / "bare.sqlite", ("entry", "code, kind, long, short", rows))
    index = Index(built(tmp_path, stores) / "hcpcs")
    assert index.found_in("words", "balm") == 0
    assert index.found_in("words", "soap") == 1


def test_a_word_leads_to_the_words_of_the_titles_under_which_it_stands() -> None:
    titles = {f"A{n}": frozenset(("acute", f"site{n}")) for n in range(10)} | {"B": frozenset(("mild",))}
    phrases = [(f"A{n}", frozenset(("sudden", f"site{n}"))) for n in range(10)]
    phrases += [("B", frozenset((f"other{n}",))) for n in range(40)]
    assert learned(phrases, titles)["sudden"] == [("acute", 0.91)]


def test_a_word_that_stood_once_leads_nowhere() -> None:
    assert learned([("A", frozenset(("sudden",)))], {"A": frozenset(("acute",))}) == {}


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> tuple[Words, Index]:
    folder = tmp_path_factory.mktemp("words")
    path = built(folder, all_stores(folder), [BROW])
    return Words(path / WORDS), Index(path / "icd10cm")


def read(words: tuple[Words, Index], text: str) -> list[list[str]]:
    known, index = words
    said = asked(text, known, lambda word: index.rarity("words", word))
    return [[way for way, _ in word.ways] for word in said.words]


def test_a_word_that_is_known_is_what_it_says(words: tuple[Words, Index]) -> None:
    assert read(words, "chronic brow")[0] == ["chronic"]


def test_one_typo_is_forgiven_and_two_in_long_words(words: tuple[Words, Index]) -> None:
    assert read(words, "chrnic brow")[0] == ["chronic"]
    assert read(words, "glabelitus brow")[0] == ["glabellitis"]
    assert read(words, "crnc brow")[0] == []


def test_the_last_word_alone_may_be_unfinished(words: tuple[Words, Index]) -> None:
    assert "chronic" in read(words, "chro")[0]
    assert read(words, "chro brow")[0] == []


def test_a_completion_weighs_no_more_than_the_most_frequent(words: tuple[Words, Index]) -> None:
    known, index = words
    said = asked("gl", known, lambda word: index.rarity("words", word))
    ways = dict(said.words[0].ways)
    assert len({round(weight * index.rarity("words", w), 6) for w, weight in ways.items()}) == 1


def test_words_without_meaning_are_hopeless_when_most_are(words: tuple[Words, Index]) -> None:
    known, index = words
    assert asked("zzqx yyqx brow", known, lambda w: index.rarity("words", w)).hopeless
    assert not asked("zzqx brow", known, lambda w: index.rarity("words", w)).hopeless
