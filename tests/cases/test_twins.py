"""Twins of the cases that the engine gets right: what must follow from one change does follow.

`twin_gaps.tsv` names the twins that do not yet; a new one fails, and so does a row that holds no longer.
Written by `python -m tests.cases.test_twins`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from leadterm.cases import Case, load_cases
from leadterm.codesets import CodeBook
from leadterm.domain import DIAGNOSIS_ROLES, CodedEncounter
from leadterm.pipeline import Coder

from .test_conformance import gaps
from .twins import Twin, twins

GAPS = Path(__file__).with_name("twin_gaps.tsv")
HEADER = """\
# Twins that the engine codes as if nothing had been changed. Written by `python -m tests.cases.test_twins`.
case\ttwin\tcode
"""


def failing(case: Case, coded: CodedEncounter, coder: Coder) -> Iterator[tuple[str, str]]:
    """The twins of a case whose codes are not what they must be, as (kind, code)."""
    for twin in of(case, coded, coder.book):
        given = {a.code.value for a in coder.code(twin.encounter).assignments if a.role in DIAGNOSIS_ROLES}
        if given & twin.gone or not twin.wanted <= given:
            yield twin.kind, twin.code


def of(case: Case, coded: CodedEncounter, book: CodeBook) -> list[Twin]:
    """The twins of a case; none where the engine does not get it right."""
    return [] if next(gaps(case, coded), None) else list(twins(case, coded, book))


@cache
def known() -> dict[str, set[tuple[str, str]]]:
    """The twins that are known to fail, by case."""
    found: dict[str, set[tuple[str, str]]] = {}
    for line in GAPS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "case\t")):
            case, kind, code = line.split("\t")
            found.setdefault(case, set()).add((kind, code))
    return found


def test_what_must_follow_follows(case: Case, coded: CodedEncounter, coder: Coder) -> None:
    assert set(failing(case, coded, coder)) == known().get(case.id, set())


# Cases that have them: looked at first, so that all kinds are met soon.
MET = ("001-diabetes-kidney-visit", "002-wound-of-the-foot", "031-he-passed-out", "inj-ankle-sprain-atfl-stairs")


def test_there_are_twins_of_every_kind(coder: Coder) -> None:
    missing = {"negated", "family", "mirrored", "subsequent", "outpatient", "earlier"}
    for case in sorted(load_cases().values(), key=lambda case: case.id not in MET):
        missing -= {twin.kind for twin in of(case, coder.code(case.encounter), coder.book)}
        if not missing:
            break
    assert missing == set()


if __name__ == "__main__":
    one = Coder()
    codings = [(case, one.code(case.encounter)) for case in load_cases().values()]
    made = Counter(twin.kind for case, coded in codings for twin in of(case, coded, one.book))
    rows = [(case.id, kind, code) for case, coded in codings for kind, code in failing(case, coded, one)]
    GAPS.write_text(HEADER + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    missed = Counter(kind for _, kind, _ in rows)
    print({kind: f"{n - missed[kind]} of {n}" for kind, n in made.items()})
    sys.exit(0)
