"""The shipped cases of what was done against the engine: codes, units, modifiers, pointers, questions and findings.

`service_gaps.tsv` says where they differ, as `gaps.tsv` does for diagnoses: a new difference fails, and so does a row
that no longer holds. Cases that need official tables are run with the releases of the common data.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from leadterm.cases import ServiceCase, service_cases
from leadterm.coding import guideline_rules
from leadterm.domain import CodedEncounter, Encounter
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


def gaps(case: ServiceCase, coded: CodedEncounter) -> Iterator[tuple[str, str]]:
    """What differs, as (kind, what)."""
    yield from ((d.kind, d.what) for d in differences(case, coded))


def known() -> dict[str, set[tuple[str, str]]]:
    """The differences that are known, by case."""
    found: dict[str, set[tuple[str, str]]] = {}
    for line in GAPS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "case\t")):
            case, kind, what = line.split("\t")
            found.setdefault(case, set()).add((kind, what))
    return found


def shown(coded: CodedEncounter) -> set[str | None]:
    """The rules that a coding names."""
    return {step.rule for a in coded.assignments for step in a.pathway} | {f.rule for f in coded.findings}


class Engine(NamedTuple):
    """What the engine makes of all cases: the differences of those that have some, and the rules that it names."""

    gaps: dict[str, set[tuple[str, str]]]
    shown: set[str | None]


@pytest.fixture(scope="module")
def engine(full_coder: Coder) -> Engine:
    """Each case is coded once for all tests of this module."""
    said = Engine({}, set())
    for case in service_cases().values():
        coded = full_coder.code(encounter_of(case))
        said.shown.update(shown(coded))
        if found := set(gaps(case, coded)):
            said.gaps[case.id] = found
    return said


def test_the_engine_codes_the_services_as_far_as_it_is_known_to(engine: Engine):
    assert engine.gaps == known()


# What shows itself in a question or by what is left out, or needs a charge master, coverage files or a home without
# releases: tests of its own room show it.
UNSHOWN = frozenset(
    "CMS:100-04.26.10.4/pointer-coverage CMS:100-04.4.20.6.4/when-discontinued HCPCS:drugs/starter "
    "HCPCS:release/starter-table ICD10PCS:A10/complete "
    "ICD10PCS:A9/titles ICD10PCS:B3.1/components ICD10PCS:C1/delivery ICD10PCS:F/principal "
    "LEADTERM:charges/licensed-descriptor LEADTERM:charges/master-price LEADTERM:charges/master-row "
    "LEADTERM:charges/no-words LEADTERM:charges/several-rows MCPM:20.10/which MCPM:4.231/which-product "
    "MCPM:5.20.3/minutes-differ MCPM:5.20.3/minutes-missing MCPM:5.20.4/attendance".split()
)


def test_every_rule_of_services_is_shown_by_a_case(engine: Engine):
    rules = {rule for rule in guideline_rules() if not rule.startswith("ICD10CM:")}
    assert rules - engine.shown <= UNSHOWN


def test_no_gap_is_of_a_case_that_is_gone():
    assert set(known()) <= set(service_cases())


if __name__ == "__main__":
    one = Coder()
    rows = [
        f"{case.id}\t{kind}\t{what}\n"
        for case in service_cases().values()
        for kind, what in gaps(case, one.code(encounter_of(case)))
    ]
    GAPS.write_text(HEADER + "".join(rows), encoding="utf-8")
    sys.stdout.writelines(rows)
    sys.exit(0)
