"""Visits of pregnant and puerperal patients without a complication, and of high-risk pregnancies (I.C.15.b, o)."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, Setting

from .mother import Mother, State, mother
from .phases import entered

NORMAL = "ICD10CM:I.C.15.b.1/supervision"
AFTER = "ICD10CM:I.C.15.o/after-delivery"
_VISIT = compiled(
    r"\bob\b|\bprenatal\b|\bantenatal\b|\bfundal|\bfh\b|\bfht|\bfhr\b|\brob\b|\bfetal mov|\bfm\b"
    r"|\bkick|\biup\b|\bpnv\b|\bgc\b|\bglucola|\banatomy|\bbaby active|\bleopold|\bobstetric"
    r"|\bmidwi|\bnob\b|\bpregnan"
)
_POSTPARTUM = compiled(
    r"\b(?:postpartum|post-partum|pp|postnatal) (?:visit|check\w*|exam\w*|follow|f/u|appointment)"
    r"|\b(?:\d+|six|two|four|three)[- ]?(?:wk|week)s? (?:postpartum|pp|post-partum)\b|\b(?:\d+|six"
    r"|two|four|three)[- ]?(?:wk|week)s? (?:s/p|after|post) (?:n?svd|vaginal|c/?s|cesarean"
    r"|c-section|delivery|birth|[pr]?ltcs)"
)
_BEFORE = compiled(
    r"\bafter delivering\b|\bdelivered (?:at home|en route|in (?:the|an?) |prior to|before)"
    r"|\bbba\b|\bdelivery (?:at home|outside|en route|in the)|\bhome (?:birth|delivery)\b"
    r"|\b(?:born|birth) (?:in the car|en route|before arrival)"
)


def early_visit(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the supervision of a pregnancy or the care after birth that a visit is, where nothing says so by name."""
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
        elif _redundant(chart, c, candidates, bool(ill)):
            continue
        kept.append(c)
    return kept


def _redundant(chart: Chart, c: Candidate, candidates: list[Candidate], ill: bool) -> bool:
    """Whether supervision, care or a test is no code of its own beside what else this visit or stay is for."""
    others = [o.code for o in candidates if o is not c]
    if c.code.startswith("O09.9") and (ill or any(o.startswith("O09") for o in others)):
        return True
    if c.code.startswith("O09"):
        return chart.stay and ill
    if c.code.startswith("Z39"):
        settled = ("Z39.2",) if c.code.startswith("Z39.1") else ()
        return ill or any(o.startswith(("F53", *settled)) for o in others)
    return c.code.startswith(("Z32.0", "Z97.5")) and any(o.startswith(("Z34", "O", "Z30", "Z39")) for o in others)


def _otherwise_ill(candidates: list[Candidate]) -> bool:
    return any(not c.code.startswith(("Z", "R", "O")) for c in candidates)
