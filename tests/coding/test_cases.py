"""Charts in, codes out: the cases of `cases.toml`, and that every guideline rule has one."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leadterm import coding
from leadterm.domain import ClaimType, CodedEncounter, Document, Encounter, Patient, Setting, Sex
from leadterm.pipeline import Coder

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))["case"]
# Rules about place and order, which every case exercises, and the policy, which has tests of its own.
EVERYWHERE = {"ICD10CM:II/principal", "ICD10CM:III/policy", "ICD10CM:Appendix.I/poa"}


def coded(coder: Coder, case: dict[str, Any]) -> CodedEncounter:
    setting = Setting(case.get("setting", "outpatient"))
    stay = setting in (Setting.INPATIENT, Setting.SKILLED_NURSING)
    day = date(2026, 5, 14)
    encounter = Encounter(
        "case",
        setting,
        ClaimType(case["claim_type"]) if "claim_type" in case else None,
        date_of_service=None if stay else day,
        admission=date(2026, 5, 10) if stay else None,
        discharge=day if stay else None,
        patient=Patient(sex=Sex(case.get("sex", "F")), age=case.get("age", 60)),
        documents=(Document("d1", case["text"]),),
    )
    return coder.code(encounter)


@pytest.mark.parametrize("case", CASES, ids=[f"{n}: {c['text'][:60]}" for n, c in enumerate(CASES, 1)])
def test_the_chart_gives_the_codes(coder: Coder, case: dict[str, Any]) -> None:
    given = [a.code.value for a in coded(coder, case).diagnoses]
    expected = case["codes"]
    if case.get("any_order"):
        given, expected = sorted(given), sorted(expected)
    assert given == expected


@pytest.mark.parametrize("case", [c for c in CASES if "rule" in c and not c.get("near")], ids=lambda c: c["text"][:50])
def test_the_rule_leaves_its_line_in_the_pathway_or_a_finding(coder: Coder, case: dict[str, Any]) -> None:
    answer = coded(coder, case)
    named = {s.rule for a in answer.assignments for s in a.pathway} | {f.rule for f in answer.findings}
    left = {x.why_not for a in answer.assignments for x in a.alternatives}
    reason = coding.guideline_rules()[case["rule"]].reason
    assert case["rule"] in named or any(reason in why for why in left)


def test_every_guideline_rule_has_a_case() -> None:
    # Rules of what was done have their cases in `leadterm.cases.services`.
    diagnoses = {rule for rule in coding.guideline_rules() if rule.startswith("ICD10CM:")}
    assert diagnoses - EVERYWHERE <= {c.get("rule") for c in CASES}
