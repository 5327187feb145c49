"""Every rule of services by time and of supplies has a case that it shows in: a step, a finding or a question."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from tests.cases.test_services import encounter_of

from leadterm.cases import service_cases
from leadterm.pipeline import Coder

# Rules that are said by a question alone, with the case that asks it; the starter table has a test of its own.
ASKED = {
    "MCPM:5.20.3/minutes-missing": "timed-pt-missing-minutes",
    "MCPM:5.20.3/minutes-differ": "timed-pt-total-differs",
    "MCPM:5.20.4/attendance": "timed-pt-stimulation-unclear",
    "MCPM:20.10/which": "supplies-crutches-unclear",
    "MCPM:4.231/which-product": "supplies-blood-unclear",
}
ELSEWHERE = {"HCPCS:release/starter-table"}


@pytest.fixture(scope="module")
def shown(full_coder: Coder) -> set[str]:
    found: set[str] = set()
    for case in service_cases().values():
        if case.id.startswith(("timed-", "supplies-")):
            coded = full_coder.code(encounter_of(case))
            found |= {s.rule for a in coded.assignments for s in a.pathway if s.rule}
            found |= {f.rule for f in coded.findings}
    return found


@pytest.mark.parametrize("room", ["timed", "supplies"])
def test_every_rule_has_a_case(room: str, shown: set[str]) -> None:
    text = (files("leadterm.coding") / room / "rules.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(text)["rule"]) - set(ASKED) - ELSEWHERE <= shown


def test_the_cases_of_rules_that_ask_do_ask() -> None:
    assert all(service_cases()[case].ask for case in ASKED.values())


def test_without_a_release_the_starter_table_serves_and_says_so(coder: Coder) -> None:
    coded = coder.code(encounter_of(service_cases()["supplies-diabetic-strips"]))
    assert {"A4253", "A4259"} <= {a.code.value for a in coded.assignments}
    assert "HCPCS:release/starter-table" in {f.rule for f in coded.findings}
