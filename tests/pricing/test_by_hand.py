"""Prices reckoned by hand, against the engine: by the official files of October 2025, and by invented ones of 2026."""

from __future__ import annotations

import csv
import lzma
import re
from datetime import date
from pathlib import Path

import pytest
from tests.grouping.shelf import shelf as made

from leadterm.codesets import CodeBook
from leadterm.codesets.formats import fees, localities
from leadterm.pricing import Pricer

from .hand import Hand, cases, formulas, replayed, told

HERE = Path(__file__).parent
TABLES = ("by_hand.txt", "by_hand_frozen.txt")
HAND = [case for name in TABLES if (HERE / name).exists() for case in cases(HERE / name)]
YEAR_2026 = [*cases(HERE / "by_hand_2026.txt")] if (HERE / "by_hand_2026.txt").exists() else []
DAY, DAY_2026 = date(2025, 11, 3), date(2026, 2, 14)
PFS = "releases/pfs/rvu25d"
RVU = f"{PFS}/PPRRVU2025_Oct.descriptors-blanked.csv"
HEADER = 10
_ROW = re.compile(r"(?P<code>\w{5})(?:-(?P<modifier>26|TC|53))?")
_VALUES = re.compile(r"\((?P<work>[\d.]+)(?: × [\d.]+)? \+ (?P<pe>[\d.]+)(?: × [\d.]+)? \+ (?P<mp>[\d.]+)")


@pytest.fixture(scope="module")
def official(home: Path, book: CodeBook, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> CodeBook:
    """A code book of the rows that the tables name, out of the official files."""
    named = set(re.findall(r"\b\w{5}\b", " ".join(f"{c.bill} {' '.join(c.arithmetic)}" for c in HAND)))
    lines = (shared / RVU).read_text("cp1252").splitlines(keepends=True)
    rows = [line for line in lines[HEADER:] if line[:5] in named]
    (values,), (indices, _, anesthesia, zips) = fees.FORMATS, localities.FORMATS
    zip_lines = lzma.decompress((shared / "releases/pfs/zip/ZIP5_OCT2025.txt.xz").read_bytes()).decode("latin-1")
    kept = "".join(line for line in zip_lines.splitlines(keepends=True) if line[2:7] in ("94110", "10001"))
    given = (
        (values, "PPRRVU2025_Oct.csv", "".join((*lines[:HEADER], *rows))),
        (indices, "GPCI2025.csv", (shared / PFS / "GPCI2025.csv").read_text("cp1252")),
        (anesthesia, "ANES2025.csv", (shared / PFS / "ANES2025.csv").read_text("cp1252")),
        (zips, "ZIP5_OCT2025.txt", kept),
    )
    return made(home, tmp_path_factory.mktemp("official") / "home", given)


def test_there_are_more_than_a_hundred() -> None:
    assert len([*cases(HERE / "by_hand.txt")]) >= 100


@pytest.mark.parametrize("case", [*HAND, *YEAR_2026], ids=lambda case: case.title)
def test_a_pocket_calculator_replays_the_arithmetic(case: Hand) -> None:
    for _, formula, result in formulas(case):
        assert str(replayed(formula)) == result, formula


def test_the_figures_are_those_of_the_file(shared: Path) -> None:
    with (shared / RVU).open(encoding="cp1252", newline="") as file:
        rows = {(row[0], row[1]): row for row in [*csv.reader(file)][HEADER:]}
    checked = 0
    for case in HAND:
        for label, formula, _ in formulas(case):
            row, values = _ROW.match(label), _VALUES.match(formula)
            if row and values and "cap" not in label:
                found = rows[row["code"], row["modifier"] or ""]
                assert (values["work"], values["mp"]) == (found[5], found[10]), label
                assert values["pe"] in (found[6], found[8]), label
                checked += 1
    assert checked > len(HAND)


@pytest.mark.parametrize("case", HAND, ids=lambda case: case.title)
def test_the_engine_says_what_was_reckoned_by_hand(case: Hand, official: CodeBook) -> None:
    assert told(Pricer(official, case.terms).price(case.billed(DAY)), case.allowed) == case.allowed


@pytest.mark.parametrize("case", YEAR_2026, ids=lambda case: case.title)
def test_so_it_does_with_two_factors(case: Hand, schedule: CodeBook) -> None:
    assert told(Pricer(schedule, case.terms).price(case.billed(DAY_2026)), case.allowed) == case.allowed
