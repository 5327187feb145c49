"""Twins of the cases that the engine gets right: what must follow from one change does follow.

`twin_gaps.tsv` names the twins that do not yet; a new one fails, and so does a row that holds no longer.
Written by `python -m tests.cases.test_twins`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadterm.cases import Case, load_cases
from leadterm.domain import DIAGNOSIS_ROLES
from leadterm.pipeline import Coder

from .test_conformance import gaps
from .twins import Twin, twins

GAPS = Path(__file__).with_name("twin_gaps.tsv")
HEADER = """\
# Twins that the engine codes as if nothing had been changed. Written by `python -m tests.cases.test_twins`.
case\ttwin\tcode
"""


def failing(case: Case, coder: Coder) -> Iterator[tuple[str, str]]:
    """The twins of a case whose codes are not what they must be, as (kind, code)."""
    for twin in of(case, coder):
        given = {a.code.value for a in coder.code(twin.encounter).assignments if a.role in DIAGNOSIS_ROLES}
        if given & twin.gone or not twin.wanted <= given:
            yield twin.kind, twin.code


def of(case: Case, coder: Coder) -> list[Twin]:
    """The twins of a case; none where the engine does not get it right."""
    if next(gaps(case, coder), None):
        return []
    return list(twins(case, coder.code(case.encounter), coder.book))


def known() -> dict[str, set[tuple[str, str]]]:
    """The twins that are known to fail, by case."""
    found: dict[str, set[tuple[str, str]]] = {}
    for line in GAPS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "case\t")):
            case, kind, code = line.split("\t")
            found.setdefault(case, set()).add((kind, code))
    return found


@pytest.mark.parametrize("case", load_cases().values(), ids=lambda case: case.id)
def test_what_must_follow_follows(case: Case, coder: Coder) -> None:
    assert set(failing(case, coder)) == known().get(case.id, set())


def test_there_are_twins_of_every_kind(coder: Coder) -> None:
    missing = {"negated", "family", "mirrored", "subsequent", "outpatient", "earlier"}
    for case in load_cases().values():
        missing -= {twin.kind for twin in of(case, coder)}
        if not missing:
            break
    assert missing == set()


if __name__ == "__main__":
    one = Coder()
    made = Counter(twin.kind for case in load_cases().values() for twin in of(case, one))
    rows = [(case.id, kind, code) for case in load_cases().values() for kind, code in failing(case, one)]
    GAPS.write_text(HEADER + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    missed = Counter(kind for _, kind, _ in rows)
    print({kind: f"{n - missed[kind]} of {n}" for kind, n in made.items()})
    sys.exit(0)
