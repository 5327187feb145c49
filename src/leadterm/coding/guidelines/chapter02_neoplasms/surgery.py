"""Surgery as purpose: healthy organs removed for their risk (I.C.21.c.14), aftercare of surgery (Z48.3), grafts."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, FactKind, Setting

from .cues import cue
from .places import ROOM

PROPHYLACTIC, AFTERCARE, GRAFT = (
    "ICD10CM:I.C.21.c.14/prophylactic",
    "ICD10CM:I.C.21.c.7/aftercare-neoplasm",
    "ICD10CM:I.C.2.r/transplanted",
)
_FOR_RISK = compiled(r"\b(?:prophyla\w+|risk[- ]reduc\w+|preventive|preventative)\b")
_BESIDE = 60  # characters to either side of an operation that can say why it is done
_LIVE = (Assertion.PRESENT, Assertion.PLANNED, Assertion.HYPOTHETICAL)


def prophylactic_removal(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the removal of a healthy organ that the contact is for; first where no cancer is treated at it."""
    if any(c.code.startswith("Z40.0") for c in candidates):
        return candidates
    found: dict[str, Candidate] = {}
    for fact in chart.facts:
        code = _removed(chart, fact)
        if code is not None and code not in found:
            found[code] = stated(
                code, (fact,), f"\u201c{fact.mention.text}\u201d for risk: {code}. {reason(PROPHYLACTIC)}", PROPHYLACTIC
            )
    if found and not any(c.code.startswith(("C", "D0")) for c in candidates):
        found = {code: replace(c, rank=(-1,)) for code, c in found.items()}
    return [*candidates, *found.values()]


def _removed(chart: Chart, fact: Fact) -> str | None:
    """The code of the removal that an operation is, where its own words say that it is done now and for the risk."""
    if fact.kind is not FactKind.PROCEDURE or fact.assertion not in _LIVE:
        return None
    said = fact.mention.text.lower()
    code = next((code for operation, code in _operations() if operation.search(said)), None)
    if code is None or chart.encounter.setting is Setting.EMERGENCY:
        return None
    sentence = chart.sentence(fact)
    at = sentence.find(" ".join(said.split()))
    near = sentence[max(0, at - _BESIDE) : at + len(said) + _BESIDE]
    now = chart.stay or fact.section in ("procedure", "indication") or cue("done now").search(sentence)
    return code if _FOR_RISK.search(near) and now and not cue("only talk").search(near) else None


@cache
def _operations() -> tuple[tuple[Pattern, str], ...]:
    """The operations that remove a healthy organ, each with the code of its removal for risk."""
    return tuple((compiled(rf"\b(?:{r['operation']})"), r["code"]) for r in rows(f"{ROOM}/prophylactic"))


def surgical_aftercare(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With aftercare of surgery for a neoplasm in the place of that of its organ system, and first."""
    cancer = next((c for c in candidates if c.code.startswith(("C", "D0", "D1", "D2", "D3", "D4"))), None)
    text = " ".join(" ".join(d.text.lower().split()) for d in chart.encounter.documents)
    general = [c for c in candidates if c.code.startswith("Z48.81")]
    home = chart.encounter.setting in (Setting.HOME_HEALTH, Setting.SKILLED_NURSING)
    if cancer is None or not (general or (home and cue("aftercare").search(text))) or not _operated(chart, cancer):
        return candidates
    if any(c.code == "Z48.3" for c in candidates):
        return candidates
    after = stated(
        "Z48.3", cancer.facts, f"aftercare of surgery for {cancer.code}: Z48.3. {reason(AFTERCARE)}", AFTERCARE
    )
    return [replace(after, rank=(-1,)), *(c for c in candidates if c not in general)]


def _operated(chart: Chart, cancer: Candidate) -> bool:
    """Whether a sentence about the cancer tells of an operation."""
    return any(re.search(r"\w+ectom(?:y|ies)|resect\w+|excis\w+|\bsurgery\b", chart.sentence(f)) for f in cancer.facts)


_ORGAN = r"liver|kidney|lung|heart|pancreas"
_GRAFTED = compiled(rf"\b(?:transplanted (?P<one>{_ORGAN})|(?P<two>{_ORGAN})? ?(?:graft|allograft))\b")


def in_transplant(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the complication of the transplant and the malignancy of it ahead of a cancer that arose in a graft."""
    for c in candidates:
        row = next((r for r in rows(f"{ROOM}/grafts") if c.code.startswith(tuple(r["cancer"].split()))), None)
        said = [f for f in c.facts if row and _in_graft(chart.sentence(f), row["organ"])]
        if row is not None and said:
            first, second = (
                replace(
                    stated(code, said, f"cancer of a graft: {code}. {reason(GRAFT)}", GRAFT), rank=(c.rank[0], -1, n)
                )
                for n, code in enumerate((row["complication"], "C80.2"))
            )
            return [first, second, *(o for o in candidates if not o.code.startswith(row["status"]))]
    return candidates


def _in_graft(sentence: str, organ: str) -> bool:
    """Whether the sentence speaks of a graft of the organ."""
    m = _GRAFTED.search(sentence)
    return m is not None and (m["one"] or m["two"] or organ) == organ
