"""The shipped cases of what was done against the engine: codes, units, modifiers, pointers, questions and findings.

`service_gaps.tsv` says where they differ, as `gaps.tsv` does for diagnoses: a new difference fails, and so does a row
that no longer holds. Cases that need official tables are run with the releases of the common data.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadterm.cases import ServiceCase, service_cases
from leadterm.domain import Encounter
from leadterm.pipeline import Coder
from leadterm.review import differences
from leadterm.schemas import decode

GAPS = Path(__file__).with_name("service_gaps.tsv")
HEADER = """\
# Where the engine and the key of a shipped case of services differ: `missing`, `extra`, `forbidden`, `units`,
# `modifiers`, `pointers`, `day`, `ask`, `clean`, `find`, `quiet`. Written by `python -m tests.cases.test_services`;
# LEADTERM_HOME is then a home that has the releases of the common data.
case\tgap\twhat
"""


def encounter_of(case: ServiceCase) -> Encounter:
    """The case as an encounter, read as any other record of the contract is."""
    return decode.encounter(dict(case.record), case.id)


def gaps(case: ServiceCase, coder: Coder) -> Iterator[tuple[str, str]]:
    """What differs, as (kind, what)."""
    yield from ((d.kind, d.what) for d in differences(case, coder.code(encounter_of(case))))


def known() -> dict[str, set[tuple[str, str]]]:
    """The differences that are known, by case."""
    found: dict[str, set[tuple[str, str]]] = {}
    for line in GAPS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "case\t")):
            case, kind, what = line.split("\t")
            found.setdefault(case, set()).add((kind, what))
    return found


@pytest.mark.parametrize("case", service_cases().values(), ids=lambda case: case.id)
def test_the_engine_codes_the_services_as_far_as_it_is_known_to(case: ServiceCase, full_coder: Coder):
    assert set(gaps(case, full_coder)) == known().get(case.id, set())


def test_no_gap_is_of_a_case_that_is_gone():
    assert set(known()) <= set(service_cases())


if __name__ == "__main__":
    one = Coder()
    rows = [f"{case.id}\t{kind}\t{what}\n" for case in service_cases().values() for kind, what in gaps(case, one)]
    GAPS.write_text(HEADER + "".join(rows), encoding="utf-8")
    sys.stdout.writelines(rows)
    sys.exit(0)
