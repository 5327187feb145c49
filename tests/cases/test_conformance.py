"""The shipped cases against the engine: what it gets, and what it does not get yet, case by case.

`gaps.tsv` says where the engine and a key differ. A new difference fails, and so does a row that no longer holds: it is
then taken out, and the case guards what was won. The keys are nobody's yet who is credentialed; a difference may be a
fault of the key.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from leadterm.cases import Case, load_cases
from leadterm.domain import DIAGNOSIS_ROLES, CodedEncounter
from leadterm.pipeline import Coder

GAPS = Path(__file__).with_name("gaps.tsv")
HEADER = """\
# Where the engine and the key of a shipped case differ: `missing` (required, not coded), `extra` (coded, neither
# required nor optional), `first` (another code stands first). Written by `python -m tests.cases.test_conformance`.
case\tgap\tcode
"""


def gaps(case: Case, coded: CodedEncounter) -> Iterator[tuple[str, str]]:
    """What differs, as (kind, code)."""
    given = [a.code for a in coded.assignments if a.role in DIAGNOSIS_ROLES]
    required = [key.code for key in case.require]
    neutral = {key.code for key in case.optional}
    yield from (("missing", code.value) for code in sorted(set(required) - set(given), key=str))
    yield from (("extra", code.value) for code in sorted(set(given) - set(required) - neutral, key=str))
    if given and given[0] != required[0]:
        yield "first", given[0].value


@cache
def known() -> dict[str, set[tuple[str, str]]]:
    """The differences that are known, by case."""
    found: dict[str, set[tuple[str, str]]] = {}
    for line in GAPS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "case\t")):
            case, kind, code = line.split("\t")
            found.setdefault(case, set()).add((kind, code))
    return found


def test_the_engine_codes_the_case_as_far_as_it_is_known_to(case: Case, coded: CodedEncounter):
    assert set(gaps(case, coded)) == known().get(case.id, set())


def test_no_gap_is_of_a_case_that_is_gone():
    assert set(known()) <= set(load_cases())


if __name__ == "__main__":
    one = Coder()
    rows = [
        f"{case.id}\t{kind}\t{code}\n"
        for case in load_cases().values()
        for kind, code in gaps(case, one.code(case.encounter))
    ]
    GAPS.write_text(HEADER + "".join(rows), encoding="utf-8")
    sys.exit(0)
