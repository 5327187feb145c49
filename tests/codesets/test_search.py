from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from leadterm.codesets import CodeBook, lexicon, open_book
from leadterm.codesets.installing import compiler
from leadterm.codesets.search.engine import MOST_COUNTED
from leadterm.codesets.search.index import build_index
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
        code for code, _ in book.procedures_starting("0SG", 100_000) if not book.search(code, on=date(2026, 4, 1))
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


@pytest.fixture
def asthma_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compiled again holds the phrases of asthma and no procedure: a hundredth of the work."""
    monkeypatch.setattr(compiler, "build_index", partial(build_index, keep=lambda phrase: phrase.code[:3] == "J45"))
    monkeypatch.setattr("leadterm.codesets.search.index.procedures", lambda stores: ())


@pytest.mark.usefixtures("asthma_alone")
def test_a_changed_lexicon_compiles_the_index_again(
    book: CodeBook, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(home / "codesets", tmp_path / "codesets")
    row = lexicon.Synonym("zorblitis", "zorblitis of the invented kind", "J45.909")
    monkeypatch.setattr(lexicon, "load", lambda: (row,))
    monkeypatch.setattr(lexicon, "digest", lambda: "changed")
    changed = open_book(tmp_path)
    (hit,) = changed.search("zorblitis", limit=1)
    assert len(list((tmp_path / "codesets").glob("search-*"))) == 1
    assert (hit.code.value, hit.matched) == ("J45.909", "synonym: zorblitis")


@pytest.mark.usefixtures("asthma_alone")
def test_a_damaged_index_is_told_and_heals_on_the_next_run(book: CodeBook, home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "codesets", tmp_path / "codesets")
    for meta in (tmp_path / "codesets").glob("search-*/icd10cm/meta.json"):
        meta.write_text("{")
    with pytest.raises(DataMissing, match="run the command again"):
        open_book(tmp_path).search("asthma")
    assert found(open_book(tmp_path), "asthma")[0] == "J45"


def test_a_home_that_cannot_be_written_is_searched_all_the_same(book: CodeBook, home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "codesets", tmp_path / "codesets")
    # What cannot be opened for writing stands for a read-only disk, also for who may write everywhere.
    for index in (tmp_path / "codesets").glob("search-*"):
        for lock in [f / ".tantivy-meta.lock" for f in index.iterdir()]:
            lock.unlink(missing_ok=True)
            lock.mkdir()
    assert found(open_book(tmp_path), "asthma")[0] == "J45"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("copd", "J44.9"),
        ("heart attack", "I21.9"),
        ("htn", "I10"),
        ("COPD flare up", "J44.1"),
        ("type 2 diabetes", "E11.9"),
        ("fever", "R50.9"),
        ("type 2 diabetes mellitus with kidney complications", "E11.2"),
    ],
)
def test_what_coders_mean_comes_first(book: CodeBook, words: str, code: str) -> None:
    assert found(book, words)[0] == code


def test_a_diabetic_kidney_is_that_of_type_2(book: CodeBook) -> None:
    assert all(code.startswith("E11.2") for code in found(book, "diabetic kidney", limit=2))


def test_a_header_named_by_its_title_comes_before_the_code_that_says_no_more(book: CodeBook) -> None:
    assert found(book, "gout", limit=2) == ["M10", "M10.9"]


@pytest.mark.parametrize("step", range(10))
def test_a_title_finds_its_code(book: CodeBook, step: int) -> None:
    rows = list(book.titles())
    same: dict[str, set[str]] = {}
    for row in rows:
        same.setdefault(row.title.lower(), set()).add(row.code)
    sample = rows[step * 31 :: 907]
    assert [row.code for row in sample if found(book, row.title, limit=1)[0] not in same[row.title.lower()]] == []


@pytest.mark.parametrize("code", ["E08.3211", "S06.322D", "S52.521S", "W54.0XXA"])
def test_the_title_of_a_code_with_a_7th_character_finds_it(book: CodeBook, code: str) -> None:
    node = book.node(code)
    assert node
    assert found(book, node.title, limit=2)[0] == code


def test_of_titles_that_differ_in_a_plural_the_one_that_was_typed_comes_first(book: CodeBook) -> None:
    assert found(book, "Other bipolar disorders")[0] == "F31.8"
    assert found(book, "Other bipolar disorder")[0] == "F31.89"


@pytest.mark.parametrize("text", ["x" * 100_000, "hypertensoin" * 10_000, "heart attack " * 50_000, "zqxwvb " * 20_000])
def test_an_endless_text_costs_no_more_than_a_long_one(book: CodeBook, text: str) -> None:
    began = time.process_time()
    book.search(text)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("length", range(1, 21))
def test_every_keystroke_finds_something(book: CodeBook, length: int) -> None:
    assert found(book, "diabetic nephropathy"[:length])


@pytest.mark.parametrize("words", ["hypertensoin", "hypertesnion", "hyprtension"])
def test_a_mistyped_word_is_read_as_what_it_most_likely_means(book: CodeBook, words: str) -> None:
    assert found(book, words)[0] == "I10"


def test_two_words_written_as_one_are_found(book: CodeBook) -> None:
    assert "I21.9" in found(book, "heartattack")


def test_a_word_written_as_two_is_found(book: CodeBook) -> None:
    assert "F43.10" in found(book, "post traumatic stress disorder")


def test_words_in_a_long_query_that_say_nothing_do_not_crowd_out_the_others(book: CodeBook) -> None:
    long = "i have had a very bad and painful swelling of the big toe on my right foot and they say it is gout"
    assert any(code.startswith("M10") for code in found(book, long, limit=20))


def test_not_otherwise_specified_prefers_the_code_that_says_so(book: CodeBook) -> None:
    assert found(book, "Acute pharyngitis NOS")[0] == "J02.9"


def test_two_letters_may_begin_a_code(book: CodeBook) -> None:
    assert found(book, "e1", limit=3) == ["E10", "E10.1", "E10.10"]


def test_a_count_tells_how_many_codes_have_every_word(book: CodeBook) -> None:
    search = book._search()
    assert search.count("gout tophus") > 0
    assert search.count("gout") > search.count("gout wrist") > 0
    assert search.count("purple xylophone zzzqqq") == 0
    assert search.count("E11.2") == 4
    assert search.count("S") == MOST_COUNTED


def test_a_count_keeps_to_the_system(book: CodeBook) -> None:
    search = book._search()
    both = search.count("gallbladder")
    assert search.count("gallbladder", CodeSystem.ICD10CM) + search.count("gallbladder", CodeSystem.ICD10PCS) == both


def test_scores_lie_between_nothing_and_one_and_fall(book: CodeBook) -> None:
    scores = [hit.score for hit in book.search("diabetic foot ulcer")]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_threads_share_a_search(book: CodeBook) -> None:
    words = ["asthma", "gout", "heart attack", "hypertensoin", "fracture of femur"] * 8
    alone = [found(book, w) for w in words]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda w: found(book, w), words)) == alone
