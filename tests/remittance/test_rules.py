"""The rules of remittances: each is used, says what to do, and stands under an authority."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leadterm.remittance import finding, rules

SOURCE = Path(__file__).parents[2] / "src/leadterm"


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_a_rule_is_whole(rule):
    assert re.fullmatch(r"[A-Z0-9]+:[A-Za-z0-9.]+(/[a-z0-9-]+)", rule.id)
    assert all(text.strip() and len(text) <= 160 for text in (rule.citation, rule.reason, rule.fix))


def test_every_rule_is_raised_somewhere_and_nothing_else_is():
    written = "\n".join(
        p.read_text(encoding="utf-8") for f in ("remittance", "app") for p in (SOURCE / f).rglob("*.py")
    )
    raised = set(re.findall(r'"((?:X12|X221A1|LEDGER):[^"{]+)"', written))
    assert raised == set(rules())


def test_a_finding_bears_what_its_rule_says():
    rule = rules()["LEDGER:balance/credit"]
    made = finding(rule.id, "Something.", claim="A1", line=None)
    assert (made.severity, made.fix, made.source, made.location) == (
        rule.severity,
        rule.fix,
        rule.citation,
        {"claim": "A1"},
    )
