"""Every row of the lexicon: well formed, of the tabular list, and able to decide something."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from leadterm.abstraction.naming.mentions import Dictionary
from leadterm.codesets import CodeBook, lexicon
from leadterm.codesets.lexicon import COLUMNS, Synonym, load
from leadterm.codesets.terms import compile_terms
from leadterm.codesets.wording import BARRIER, normalise, phrase
from leadterm.domain import InternalError

FOLDER = files("leadterm.codesets") / "lexicon"
FILES = sorted(f.name for f in FOLDER.iterdir() if f.name.endswith(".tsv"))


def lines(name: str) -> list[str]:
    return (FOLDER / name).read_text("utf-8").splitlines()


def synonyms(name: str) -> list[Synonym]:
    return list(lexicon._rows(name, (FOLDER / name).read_text("utf-8")))


def generic() -> set[str]:
    text = (files("leadterm.codesets") / "generic.txt").read_text("utf-8")
    return {line for line in text.splitlines() if line and not line.startswith("#")}


@pytest.mark.parametrize("name", FILES)
class TestFile:
    def test_it_says_version_source_and_licence(self, name: str) -> None:
        head = " ".join(line for line in lines(name)[:5] if line.startswith("#"))
        assert "version" in head
        assert "licence Apache-2.0" in head
        assert "source" in head

    def test_every_row_has_four_columns(self, name: str) -> None:
        rows = [line.split("\t") for line in lines(name) if line and not line.startswith("#")]
        assert rows[0] == COLUMNS
        assert [row for row in rows if len(row) != 4] == []

    def test_every_cell_is_trimmed_and_every_row_says_surface_term_and_code(self, name: str) -> None:
        rows = [line.split("\t") for line in lines(name) if line and not line.startswith("#")]
        assert [row for row in rows if not all(row[:3])] == []
        assert [row for row in rows if any(cell != " ".join(cell.split()) for cell in row)] == []

    def test_every_code_is_in_the_tabular_list(self, name: str, book: CodeBook) -> None:
        assert [s for s in synonyms(name) if (node := book.node(s.code)) is None or "-" in node.code] == []

    def test_every_surface_has_a_normal_form(self, name: str) -> None:
        assert [s.surface for s in synonyms(name) if not phrase(s.surface)] == []

    def test_no_surface_reaches_over_the_end_of_a_sentence(self, name: str) -> None:
        assert [s.surface for s in synonyms(name) if BARRIER in normalise(s.surface.lower()).words] == []

    def test_no_surface_is_a_generic_word(self, name: str) -> None:
        words = {phrase(word) for word in generic()}
        assert [s.surface for s in synonyms(name) if phrase(s.surface) in words] == []

    def test_no_row_repeats_another_unless_context_or_capitals_tell_them_apart(self, name: str) -> None:
        seen: dict[tuple[object, ...], str] = {}
        for s in synonyms(name):
            key = (phrase(s.surface), s.surface if s.exact else None, s.needs, s.vetoes)
            assert key not in seen, (seen.get(key), s.surface)
            seen[key] = s.surface

    def test_every_row_as_written_is_known(self, name: str) -> None:
        rows = synonyms(name)
        codes: dict[str, set[str]] = {}
        for term in compile_terms((), rows):
            codes.setdefault(term.phrase, set()).add(term.code)
        assert [s.surface for s in rows if s.code not in codes[phrase(s.surface)]] == []

    def test_context_is_of_small_words(self, name: str) -> None:
        marks = {m for s in synonyms(name) for m in s.needs | s.vetoes}
        assert [m for m in marks if not m or m != m.lower() or m.startswith("!")] == []

    def test_no_row_asks_for_what_it_forbids(self, name: str) -> None:
        assert [s.surface for s in synonyms(name) if s.needs & s.vetoes] == []

    def test_no_row_forbids_its_own_words(self, name: str) -> None:
        assert [s.surface for s in synonyms(name) if s.vetoes & set(s.surface.lower().split())] == []


def test_the_lexicon_is_its_files_in_order() -> None:
    assert list(load()) == [s for name in FILES for s in synonyms(name)]
    assert len(load()) > 9_000


def test_a_bare_surface_without_conditions_is_found_in_a_sentence() -> None:
    terms = [t for t in compile_terms((), load()) if not (t.needs or t.vetoes)]
    dictionary = Dictionary(terms)
    silent = [s.surface for s in load() if not (s.needs or s.vetoes) and not _found(dictionary, s.surface)]
    assert silent == []


def _found(dictionary: Dictionary, surface: str) -> bool:
    text = f"x {surface} x"
    return bool(dictionary.find(text.lower(), text, [(0, len(text), "hpi")]))


def test_a_surface_with_a_capital_is_matched_as_written() -> None:
    assert Synonym("MS", "multiple sclerosis", "G35").exact
    assert not Synonym("ms contin", "opioid", "Z79.891").exact


def test_context_is_read_into_needs_and_vetoes() -> None:
    text = "\t".join(COLUMNS) + "\n# a remark\ncp\tchest pain\tR07.9\tchest !palsy sob @hpi !@exam\n"
    assert list(lexicon._rows("x.tsv", text)) == [
        Synonym(
            "cp",
            "chest pain",
            "R07.9",
            needs=frozenset({"chest", "sob"}),
            vetoes=frozenset({"palsy"}),
            within=frozenset({"hpi"}),
            outside=frozenset({"exam"}),
        )
    ]


def test_a_file_of_other_columns_is_refused() -> None:
    with pytest.raises(InternalError, match=r"x\.tsv has the columns"):
        list(lexicon._rows("x.tsv", "surface\tcode\n"))


def test_a_changed_file_changes_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def digest() -> str:
        lexicon.digest.cache_clear()
        return lexicon.digest()

    before = digest()
    assert digest() == before
    with monkeypatch.context() as patch:
        file = tmp_path / "a.tsv"
        file.write_text("\t".join(COLUMNS) + "\n", "utf-8")
        patch.setattr(lexicon, "_files", lambda: [file])
        one = digest()
        file.write_text("\t".join(COLUMNS) + "\ngout\tgout\tM10\t\n", "utf-8")
        assert len({before, one, digest()}) == 3
    assert digest() == before


def test_generic_words_stand_once_and_in_order() -> None:
    text = (files("leadterm.codesets") / "generic.txt").read_text("utf-8")
    words = [line for line in text.splitlines() if not line.startswith("#")]
    assert words == sorted(set(words))
