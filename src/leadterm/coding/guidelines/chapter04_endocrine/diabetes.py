"""I.C.4.a: diabetes, its control and its complications."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

DIABETES = ("E08", "E09", "E10", "E11", "E13")


def hyperglycemia(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Diabetes that the chart calls poorly controlled or with hyperglycemia, at its .65; hypoglycemia at its .649.

    "Uncontrolled" alone says neither and is left as it is (Index: Diabetes, uncontrolled, meaning …).
    """
    rule = "ICD10CM:I.C.4.a/hyperglycemia"
    suffixes = {"hyperglycemia": ".65", "hypoglycemia": ".649"}
    added = []
    for c in candidates:
        if not c.code.startswith(DIABETES):
            continue
        control = next((f.attributes["control"] for f in c.facts if f.attributes.get("control") in suffixes), None)
        code = c.code[:3] + suffixes.get(control or "", "")
        if control and code != c.code and chart.book.is_billable(code):
            telling = tuple(f for f in c.facts if f.attributes.get("control") == control)
            added.append(replace(c, facts=telling).stepped(f"{control}: {code}. {reason(rule)}", rule, code=code))
    return [*candidates, *added]


def only_complicated(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Without the code for uncomplicated diabetes where a complication of it is coded."""
    rule = "ICD10CM:I.C.4.a/complicated"
    categories = {c.code[:3] for c in candidates if c.code.startswith(DIABETES) and c.code[4:5] != "9"}
    plain = {c.code[:3]: c for c in candidates if c.code in {f"{d}.9" for d in DIABETES} and c.code[:3] in categories}
    kept = [c for c in candidates if c not in plain.values()]
    absorbed: set[str] = set()
    result = []
    for c in kept:
        base = plain.get(c.code[:3])
        if base is not None and c.code[:3] not in absorbed and c.code.startswith(DIABETES):
            absorbed.add(c.code[:3])
            c = c.joined(base).stepped(f"not {base.code}: {reason(rule)}", rule)
        result.append(c)
    return result
