"""The kept dictionary: it finds what the one that it was made from finds, and a damaged file is no dictionary."""

from __future__ import annotations

import os
from pathlib import Path

from leadterm.abstraction import Dictionary, image
from leadterm.codesets.terms import Term
from leadterm.domain import Step

TERMS = [
    Term("type 2 diabetes", "type 2 diabetes", "E11", Step.LEXICON),
    Term("knee pain", "knee pain", "M25.56", Step.TITLE),
    Term("diverticulitis", "diverticulitis", "K57.92", Step.INDEX),
    Term("pe", "pulmonary embolism", "I26.99", Step.LEXICON, "PE", frozenset({"lung"}), frozenset({"exam"})),
]
TEXT = "Type 2 diabetes. Pain, knee. Diverticulits. PE of the lung."


def found(dictionary: Dictionary) -> list[tuple[int, int, str]]:
    mentions = dictionary.find(TEXT.lower(), TEXT, [(0, len(TEXT), "assessment")])
    return [(m.start, m.end, m.terms[0].code) for m in mentions]


def test_a_kept_dictionary_finds_the_same(tmp_path: Path) -> None:
    made = Dictionary(TERMS)
    image.keep(tmp_path / "d.bin", made.image)
    kept = image.read(tmp_path / "d.bin")
    assert kept == made.image
    again = Dictionary((), image=kept)
    assert found(again) == found(made)
    assert "K57.92" in {code for _, _, code in found(again)}
    assert len(again) == len(made)


def test_a_damaged_file_is_none(tmp_path: Path) -> None:
    file = tmp_path / "d.bin"
    image.keep(file, Dictionary(TERMS).image)
    whole = file.read_bytes()
    for damaged in (b"", whole[:20], whole[:-1], whole[:40] + b"x" + whole[41:], b"\0" * len(whole)):
        file.write_bytes(damaged)
        assert image.read(file) is None
    assert image.read(tmp_path / "absent.bin") is None


def test_the_name_tells_what_it_was_made_from() -> None:
    assert image.digest("a", "b") == image.digest("a", "b") != image.digest("a", "c")


def test_old_ones_make_room(tmp_path: Path) -> None:
    whole = Dictionary(TERMS).image
    for number in range(5):
        file = tmp_path / f"dictionary-{number}.bin"
        image.keep(file, whole)
        os.utime(file, (number, number))
    image.keep(tmp_path / "dictionary-5.bin", whole)
    assert sorted(f.name for f in tmp_path.iterdir()) == [f"dictionary-{n}.bin" for n in (3, 4, 5)]
