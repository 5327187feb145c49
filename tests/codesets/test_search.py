from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from leadterm.codesets import CodeBook, lexicon, open_book
from leadterm.codesets.search_index import essential_words, search_words
from leadterm.domain import CodeSystem, DataMissing


def found(book: CodeBook, words: str, limit: int = 10, **more: object) -> list[str]:
    return [hit.code.value for hit in book.search(words, limit=limit, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("asthma", "J45"),
        ("acute appendicitis", "K35"),
        ("pain in right knee", "M25.561"),
        ("right knee pain", "M25.561"),
        ("hypertension", "I10"),
        ("Crohn's disease NOS", "K50.90"),
    ],
)
def test_the_phrase_itself_comes_first(book: CodeBook, words: str, code: str) -> None:
    assert found(book, words)[0] == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("diabetic kidney diseas", "E11.22"),
        ("alzhimers", "G30.9"),
        ("fractre of femur", "S72.90"),
        ("hypertensoin", "I10"),
        ("atrial fib", "I48.91"),
        ("persistant asthma", "J45.30"),
        ("oesophageal varices", "I85.00"),
    ],
)
def test_typos_and_unfinished_words_are_forgiven(book: CodeBook, words: str, code: str) -> None:
    assert code in found(book, words, limit=20)


def test_whole_words_come_before_typos(book: CodeBook) -> None:
    scores = [hit.score for hit in book.search("gout")]
    assert scores == sorted(scores, reverse=True)
    assert all("gout" in hit.description.lower() for hit in book.search("gout", limit=5))


@pytest.mark.parametrize("written", ["E11.2", "e112", "E11.2 "])
def test_the_beginning_of_a_code_lists_what_follows(book: CodeBook, written: str) -> None:
    assert found(book, written) == ["E11.2", "E11.21", "E11.22", "E11.29"]


def test_the_beginning_of_a_procedure_code_lists_what_follows(book: CodeBook) -> None:
    assert found(book, "0FT4") == ["0FT40ZZ", "0FT44ZG", "0FT44ZZ"]


def test_seventh_characters_do_not_flood(book: CodeBook) -> None:
    codes = found(book, "torus fracture of lower end of right radius", limit=20)
    assert codes[0] == "S52.521"
    assert len({code[:7] for code in codes}) == len(codes)


def test_a_seventh_character_is_found_by_its_words(book: CodeBook) -> None:
    assert found(book, "torus fracture lower end right radius sequela")[0] == "S52.521S"


def test_a_system_can_be_asked_for(book: CodeBook) -> None:
    hits = book.search("resection gallbladder", CodeSystem.ICD10PCS)
    assert hits
    assert {hit.code.system for hit in hits} == {CodeSystem.ICD10PCS}


def test_procedures_are_found_beside_diagnoses(book: CodeBook) -> None:
    assert "0FT44ZZ" in found(book, "resection gallbladder endoscopic")


def test_codes_not_in_force_on_the_day_are_left_out(book: CodeBook) -> None:
    ended = next(
        code for code, _ in book.procedures_starting("0", 100_000) if not book.search(code, on=date(2026, 4, 1))
    )
    assert found(book, ended) == [ended]


def test_the_limit_holds(book: CodeBook) -> None:
    assert len(found(book, "fracture", limit=3)) == 3


@pytest.mark.parametrize("words", ["", "  ", "?!", "(", "-", "purple xylophone zzzqqq", "a" * 500, "é" * 40])
def test_nonsense_finds_nothing_and_breaks_nothing(book: CodeBook, words: str) -> None:
    assert book.search(words) == []


def test_a_hit_says_what_matched(book: CodeBook) -> None:
    (hit,) = book.search("Crohn's disease NOS", limit=1)
    assert hit.matched == "inclusion term: Crohn's disease NOS"
    assert hit.description == "Crohn's disease, unspecified, without complications"


def test_every_synonym_of_the_lexicon_finds_its_code(book: CodeBook) -> None:
    rows = lexicon.load()
    if not rows:
        pytest.skip("the lexicon is empty")
    sample = [s for s in rows if book.node(s.code)][:: max(1, len(rows) // 100)]
    assert [s.surface for s in sample if s.code not in found(book, s.surface, limit=20)] == []


def test_a_changed_lexicon_compiles_the_index_again(
    book: CodeBook, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(home / "codesets", tmp_path / "codesets")
    row = lexicon.Synonym("zorblitis", "zorblitis of the invented kind", "J45.909")
    monkeypatch.setattr(lexicon, "load", lambda: (row,))
    monkeypatch.setattr(lexicon, "digest", lambda: "changed")
    changed = open_book(tmp_path)
    (hit,) = changed.search("zorblitis")
    assert len(list((tmp_path / "codesets").glob("search-*"))) == 1
    assert (hit.code.value, hit.matched) == ("J45.909", "synonym: zorblitis")


def test_a_damaged_index_is_told_and_heals_on_the_next_run(book: CodeBook, home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "codesets", tmp_path / "codesets")
    for meta in (tmp_path / "codesets").glob("search-*/meta.json"):
        meta.write_text("{")
    with pytest.raises(DataMissing, match="run the command again"):
        open_book(tmp_path).search("asthma")
    assert found(open_book(tmp_path), "asthma")[0] == "J45"


def test_a_home_that_cannot_be_written_is_searched_all_the_same(book: CodeBook, home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "codesets", tmp_path / "codesets")
    # What cannot be opened for writing stands for a read-only disk, also for who may write everywhere.
    for index in (tmp_path / "codesets").glob("search-*"):
        (index / ".tantivy-meta.lock").unlink(missing_ok=True)
        (index / ".tantivy-meta.lock").mkdir()
    assert found(open_book(tmp_path), "asthma")[0] == "J45"


def test_words_lose_accents_plurals_and_possessives() -> None:
    assert search_words("Ménière's  diseases, RIGHT") == ["meniere", "disease", "right"]


def test_nonessential_modifiers_stand_in_parentheses() -> None:
    assert essential_words("Hypertension (benign) (essential)") == ["hypertension"]
