"""The keys of the shipped cases as a person's coding, quoted from the chart: nothing to blame them for."""

from __future__ import annotations

import pytest

from leadterm import edits
from leadterm.cases import Case, KeyCode, load_cases
from leadterm.codesets import CodeBook
from leadterm.domain import Assignment, CodedEncounter, PathwayStep, Severity, Status, Step
from leadterm.pipeline import edits_options, with_facts

WAY = (PathwayStep(Step.INDEX, "as the key says"),)
OWN = frozenset(r.id for r in edits.rules() if r.family == "documentation")
# Diagnoses that the key wants and the chart bears out by halves: the chart is short, the finding true.
PARTLY = "ICD10CM:I.A.19/few-indicators"


def keyed(case: Case) -> CodedEncounter:
    """The case coded as its key says."""
    return CodedEncounter(case.encounter, tuple(_assignment(n, key) for n, key in enumerate(case.require, 1)))


def _assignment(number: int, key: KeyCode) -> Assignment:
    return Assignment(f"a{number}", key.code, None, key.role, number, 1.0, key.evidence, WAY, status=Status.ACCEPTED)


def test_no_key_is_blamed(book: CodeBook) -> None:
    options = edits_options()
    found = {
        (name, f.rule, f.codes)
        for name, case in load_cases().items()
        for f in edits.check(with_facts(keyed(case), book), book, options=options)
        if f.rule in OWN and (f.severity is not Severity.INFO or f.rule != PARTLY)
    }
    assert found == set()


@pytest.mark.parametrize("name", ["inf-covid-viral-sepsis-principal"])
def test_what_a_short_chart_shows_by_halves_is_told(name: str, book: CodeBook) -> None:
    case = next(c for n, c in load_cases().items() if n.endswith(name))
    found = edits.check(with_facts(keyed(case), book), book)
    assert [f.codes for f in found if f.rule == PARTLY] == [("J12.82",)]
