"""I.C.21.c.7: aftercare, and what its notes ask for beside it."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding._tables import longest, prefixed
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.navigating import navigate
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion

RULE = "ICD10CM:I.C.21.c.7/joint"
AFTER_JOINT = "Z47.1"
ATTENTION, FOLLOW_UP = "ICD10CM:I.C.21.c.7/attention", "ICD10CM:I.C.21.c.8/resolved"
_REASONS = ("chief-complaint", "indication", "admission-diagnosis", "preoperative-diagnosis")
# The joint that the words of the aftercare name, and where its artificial one opens (use additional code at Z47.1).
_JOINTS = (
    (compiled(r"\b(?:knees?|tka|tkr)\b"), "Z96.65"),
    (compiled(r"\b(?:hips?|tha|thr)\b"), "Z96.64"),
    (compiled(r"\b(?:shoulders?|tsa|rtsa)\b"), "Z96.61"),
    (compiled(r"\belbows?\b"), "Z96.62"),
    (compiled(r"\bankles?\b"), "Z96.66"),
    (compiled(r"\bwrists?\b"), "Z96.63"),
)


def artificial_joint(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the joint that was replaced behind the aftercare of it."""
    after = next((c for c in candidates if c.code == AFTER_JOINT), None)
    if after is None or any(c.code.startswith("Z96.6") for c in candidates):
        return candidates
    for fact in after.facts:
        node = next((node for words, node in _JOINTS if words.search(chart.sentence(fact))), None)
        arrival = navigate(chart, fact, node) if node else None
        if arrival is not None:
            joint = replace(after, rank=(*after.rank, 1), alternatives=())
            return [*candidates, joint.stepped(reason(RULE), RULE, code=arrival.code)]
    return candidates


def attention(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Attention to an opening or a device where the contact is for it; its status where it is for something else."""
    table = prefixed("guidelines/chapter21_factors/attention", "status")
    kept = []
    for c in candidates:
        status = longest(table, c.code)
        if status is None or _is_reason(c, candidates):
            kept.append(c)
        elif status and not any(o.code.startswith(status[:5]) for o in candidates):
            kept.append(c.stepped(f"the contact is not for it: {status}. {reason(ATTENTION)}", ATTENTION, code=status))
    return kept


def _is_reason(c: Candidate, candidates: list[Candidate]) -> bool:
    """Whether the contact is for it: said as the reason, or before any disease."""
    if any(f.section in _REASONS for f in c.facts):
        return True
    return all(o.rank >= c.rank for o in candidates if not o.code.startswith(("Z", "V", "W", "X", "Y")))


def followed_up(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """At a follow-up after completed treatment, what is resolved as history; the rest as it is."""
    if not any(c.code in ("Z08", "Z09") for c in candidates):
        return candidates
    over = {f.targets[0][:3] for f in chart.facts if f.targets and f.assertion is Assertion.RESOLVED}
    kept = []
    for c in candidates:
        if c.code[:3] in over and not c.code.startswith("Z"):
            code = longest(prefixed("history", "personal"), c.code)
            if code:
                kept.append(c.stepped(f"resolved: {code}. {reason(FOLLOW_UP)}", FOLLOW_UP, code=code))
        else:
            kept.append(c)
    known = {c.code for c in kept}
    late = [c for c in _only_resolved(chart) if c.code not in known] if "Z09" in known else []
    return [*kept, *late]


def _only_resolved(chart: Chart) -> list[Candidate]:
    """History of what the chart names only as resolved."""
    codes = {
        code: f
        for f in chart.facts
        if f.targets
        and f.assertion is Assertion.RESOLVED
        and (code := longest(prefixed("history", "personal"), f.targets[0]))
    }
    return [stated(code, (f,), f"resolved: {code}. {reason(FOLLOW_UP)}", FOLLOW_UP) for code, f in codes.items()]
