"""I.C.10.a: exacerbation of COPD and of asthma."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.10.a.1/exacerbation"
# The plain code and what an exacerbation makes of it.
FLARES = {
    "J44.9": "J44.1",
    "J44.0": "J44.1",
    "J45.909": "J45.901",
    "J45.20": "J45.21",
    "J45.30": "J45.31",
    "J45.40": "J45.41",
    "J45.50": "J45.51",
}


def exacerbation(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """COPD and asthma at their code with exacerbation, where the chart says that this disease flares."""
    result = []
    for c in candidates:
        flaring = any(f.attributes.get("flare") == "exacerbation" for f in c.facts)
        if c.code in FLARES and flaring:
            code = FLARES[c.code]
            c = c.stepped(f"exacerbation: {code}. {reason(RULE)}", RULE, code=code)
        result.append(c)
    flared = {c.code for c in result}
    # A plain code from the history says nothing beside its exacerbation.
    return [c for c in result if not (c.code in FLARES and c.code != "J44.0" and FLARES[c.code] in flared)]
