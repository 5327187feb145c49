"""The shipped cases of what was done against the engine: codes, units, modifiers, pointers, questions and findings.

`service_gaps.tsv` says where they differ, as `gaps.tsv` does for diagnoses: a new difference fails, and so does a row
that no longer holds. Cases that need official tables are run with the releases of the common data.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadterm.cases import ServiceCase, ServiceKey, service_cases
from leadterm.domain import Assignment, Encounter
from leadterm.pipeline import Coder
from leadterm.schemas import decode

GAPS = Path(__file__).with_name("service_gaps.tsv")
HEADER = """\
# Where the engine and the key of a shipped case of services differ: `missing`, `extra`, `forbidden`, `units`,
# `modifiers`, `pointers`, `day`, `ask`, `clean`, `find`. Written by `python -m tests.cases.test_services`;
# LEADTERM_HOME is then a home that has the releases of the common data.
case\tgap\twhat
"""


def encounter_of(case: ServiceCase) -> Encounter:
    """The case as an encounter, read as any other record of the contract is."""
    return decode.encounter(dict(case.record), case.id)


def gaps(case: ServiceCase, coder: Coder) -> Iterator[tuple[str, str]]:
    """What differs, as (kind, what)."""
    coded = coder.code(encounter_of(case))
    mine = [a for a in coded.assignments if a.code.system in case.systems]
    wanted = list(case.require)
    for a in mine:
        key = next((k for k in wanted if k.code == a.code and not list(_line(k, a))), None) or next(
            (k for k in wanted if k.code == a.code), None
        )
        if key is not None:
            wanted.remove(key)
            yield from _line(key, a)
        elif a.code not in case.optional:
            yield "forbidden" if a.code in case.forbid else "extra", a.code.value
    yield from (("missing", key.code.value) for key in wanted)
    asked = [(q.reason, f"{q.question} {' '.join(q.options)}".lower()) for q in coded.queries]
    for reason, words in case.ask:
        if not any(r == reason and words.lower() in text for r, text in asked):
            yield "ask", f"{reason}: {words}"
    if case.clean:
        allowed = {reason for reason, _ in case.ask}
        yield from (("clean", r) for r, _ in asked if r in SERVICE_REASONS and r not in allowed)
    found = {f.rule for f in coded.findings}
    yield from (("find", rule) for rule in case.find if rule not in found)


# Reasons of questions that are about services.
SERVICE_REASONS = frozenset({"procedure", "time", "dose", "service"})


def _line(key: ServiceKey, a: Assignment) -> Iterator[tuple[str, str]]:
    """Where a line says other than its key."""
    if key.units is not None and str(a.units) != key.units:
        yield "units", f"{a.code}: {a.units}"
    if key.modifiers is not None and a.modifiers != key.modifiers:
        yield "modifiers", f"{a.code}: {' '.join(a.modifiers)}"
    if key.pointers is not None and a.pointers != key.pointers:
        yield "pointers", f"{a.code}: {a.pointers}"
    if key.day is not None and a.service_date != key.day:
        yield "day", f"{a.code}: {a.service_date}"


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
