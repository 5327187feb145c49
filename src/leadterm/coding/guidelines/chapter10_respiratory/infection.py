"""The infection that COPD with an acute lower respiratory infection asks for, where one term names both."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.10.a.1/infection"
INFECTIONS = (
    "J09",
    "J10",
    "J11",
    "J12",
    "J13",
    "J14",
    "J15",
    "J16",
    "J17",
    "J18",
    "J20",
    "J21",
    "J22",
    "J69",
    "A48.1",
    "U07.1",
)
_NAMED = (
    (compiled(r"\bpneumonia\b"), "J18.9"),
    (compiled(r"\bbronchitis\b"), "J20.9"),
    (compiled(r"\blower respiratory (?:tract )?infection\b|\blrti\b"), "J22"),
)


def infection(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the infection that stands in the words of COPD with infection."""
    lung = next((c for c in candidates if c.code == "J44.0"), None)
    if lung is None or any(c.code.startswith(INFECTIONS) for c in candidates):
        return candidates
    words = " ".join(chart.sentence(f) for f in lung.facts)
    code = next((code for pattern, code in _NAMED if pattern.search(words)), None)
    if code is None:
        return candidates
    return [*candidates, stated(code, lung.facts, f"{code} with COPD. {reason(RULE)}", RULE, beside=lung)]
