"""I.C.10.a.1: asthma once, with the severity and the flare that the chart says of it in different places."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.10.a.1/asthma"
SEVERITIES = {("mild", "intermittent"): "2", ("mild", "persistent"): "3", ("moderate", "persistent"): "4"}
_PLAIN, _FLARE, _STATUS = "0", "1", "2"


def asthma(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with asthma in one code: its highest severity, and status asthmaticus before an exacerbation."""
    own = [c for c in candidates if c.code.startswith(("J45.2", "J45.3", "J45.4", "J45.5", "J45.90"))]
    if not own:
        return candidates
    severity = max((s for c in own if (s := _severity(c))), default="")
    flare = max(_flare(c) for c in own)
    code = f"J45.{severity}{flare}" if severity else f"J45.90{flare if flare != _PLAIN else '9'}"
    first = own[0]
    if len(own) == 1 and first.code == code:
        return candidates
    whole = first.joined(*own[1:]).stepped(f"severity and flare together: {code}. {reason(RULE)}", RULE, code=code)
    return [whole if c is first else c for c in candidates if c is first or c not in own]


def _severity(c: Candidate) -> str:
    if c.code[4] != "9":
        return c.code[4]
    said = {(f.attributes.get("severity"), f.attributes.get("course")) for f in c.facts}
    if ("severe", "persistent") in said:
        return "5"
    return max((digit for pair, digit in SEVERITIES.items() if pair in said), default="")


def _flare(c: Candidate) -> str:
    said = {f.attributes.get("flare") for f in c.facts}
    if "status asthmaticus" in said or c.code[-1] == _STATUS:
        return _STATUS
    return _FLARE if "exacerbation" in said or c.code[-1] == _FLARE else _PLAIN
