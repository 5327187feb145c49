"""Visits of pregnant and puerperal patients who have no complication, and those of a high-risk pregnancy (I.C.15.b, o)."""

from __future__ import annotations

import re

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.rules import reason
from leadterm.domain import Fact, Setting

from .mother import Mother, State, mother
from .phases import entered

NORMAL = "ICD10CM:I.C.15.b.1/supervision"
AFTER = "ICD10CM:I.C.15.o/after-delivery"
EXCLUDED = "ICD10CM:I.C.15.b.2/high-risk"
_VISIT = re.compile(
    r"\bob\b|\bprenatal\b|\bantenatal\b|\bfundal|\bfh\b|\bfht|\bfhr\b|\brob\b|\bfetal mov|\bfm\b|\bkick|\biup\b|\bpnv\b|\bgc\b|\bglucola|\banatomy|\bbaby active|\bleopold|\bobstetric|\bmidwi|\bnob\b|\bpregnan"
)
_POSTPARTUM = re.compile(
    r"\b(?:postpartum|post-partum|pp|postnatal) (?:visit|check\w*|exam\w*|follow|f/u|appointment)|\b(?:\d+|six|two|four|three)[- ]?(?:wk|week)s? (?:postpartum|pp|post-partum)\b|\b(?:\d+|six|two|four|three)[- ]?(?:wk|week)s? (?:s/p|after|post) (?:n?svd|vaginal|c/?s|cesarean|c-section|delivery|birth|[pr]?ltcs)"
)
_BEFORE = re.compile(
    r"\bafter delivering\b|\bdelivered (?:at home|en route|in (?:the|an?) |prior to|before)|\bbba\b|\bdelivery (?:at home|outside|en route|in the)|\bhome (?:birth|delivery)\b|\b(?:born|birth) (?:in the car|en route|before arrival)"
)


def early_visit(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the supervision of a pregnancy, or the care after birth, that a visit is where nothing in it says so by name."""
    her = mother(chart)
    conditions = [c for c in candidates if not c.code.startswith(("Z", "R"))]
    if conditions or chart.encounter.setting is Setting.EMERGENCY:
        return candidates
    if her.state is State.PREGNANT and not chart.stay and her.weeks is not None and chart.tells(_VISIT):
        if any(c.code.startswith(("Z34", "Z33", "Z32", "Z36", "Z31", "O09")) for c in candidates):
            return candidates
        return [*candidates, stated(_normal(chart, her), (her.weeks,), reason(NORMAL), NORMAL)]
    if her.state is State.PUERPERIUM and not any(c.code.startswith(("Z39", "F53")) for c in candidates):
        code = (
            "Z39.0"
            if chart.stay and _BEFORE.search(chart.text)
            else "Z39.2"
            if not chart.stay and chart.tells(_POSTPARTUM)
            else None
        )
        if code and chart.facts:
            return [*candidates, stated(code, _telling(chart), f"{code}: {reason(AFTER)}", AFTER)]
    return candidates


def _telling(chart: Chart) -> tuple[Fact, ...]:
    named = chart.said("vaginal delivery", "cesarean section", "lactation", "liveborn infant")
    return (named or chart.present or chart.facts)[:1]


def _normal(chart: Chart, her: Mother) -> str:
    node = "Z34.9" if her.parous is None else "Z34.8" if her.parous else "Z34.0"
    return entered(chart.book, node, her, her.phase)


def supervised(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Supervision by parity and trimester; none of a normal pregnancy where anything of chapter 15 stands beside it."""
    her = mother(chart)
    if not her.expecting:
        return candidates
    chapter = [c for c in candidates if c.code[0] == "O"]
    ill = [c for c in chapter if not c.code.startswith("O09")]
    kept = []
    for c in candidates:
        if c.code.startswith("Z34"):
            if chapter or chart.encounter.setting is Setting.EMERGENCY or _otherwise_ill(candidates):
                continue
            c = c.stepped(reason(NORMAL), NORMAL, code=_normal(chart, her))
        elif c.code.startswith("O09") and chart.stay and ill:
            continue
        elif c.code.startswith("O09.9") and (
            ill or any(o.code.startswith("O09") and o.code[:5] != "O09.9" for o in chapter)
        ):
            continue
        elif c.code.startswith("Z39") and (ill or any(o.code.startswith("F53") for o in candidates)):
            continue
        elif c.code.startswith("Z39.1") and any(o.code.startswith("Z39.2") for o in candidates):
            continue
        elif c.code.startswith(("Z32.0", "Z97.5")) and any(
            o.code.startswith(("Z34", "O", "Z30", "Z39")) for o in candidates if o is not c
        ):
            continue
        kept.append(c)
    return kept


def _otherwise_ill(candidates: list[Candidate]) -> bool:
    return any(not c.code.startswith(("Z", "R", "O")) for c in candidates)
