"""R29.7 and R40.2: scores of the stroke scale and of the coma scale as codes (I.C.18.e, I.C.18.i, I.B.14)."""

from __future__ import annotations

import re
from decimal import Decimal

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact

STROKE = "ICD10CM:I.C.18.i/stroke-scale"
COMA = "ICD10CM:I.C.18.e/coma-scale"
_STROKE_SCALE = "R29.700"
HIGHEST = 42
# What the notes at R40.2 want before the coma scale: fracture of skull, intracranial injury.
_HEAD = ("S02.0", "S02.1", "S06")
_SCORE = compiled(
    r"\be(?:yes?)?\s?[-:=]?\s?(?P<eyes>[1-4])\b[^.\n]{0,40}?\bv(?:erbal)?\s?[-:=]?\s?(?P<verbal>[1-5])\b"
    r"[^.\n]{0,40}?\bm(?:otor)?\s?[-:=]?\s?(?P<motor>[1-6])\b|\be(?P<e>[1-4])v(?P<v>[1-5])m(?P<m>[1-6])\b",
    re.IGNORECASE,
)
_PARTS = (("eyes", "R40.21"), ("verbal", "R40.22"), ("motor", "R40.23"))
_WHEN = (
    ("1", compiled(r"\b(?:in the field|on scene|at (?:the )?scene|per ems|ems gcs|by ems|prehospital|ambulance)")),
    ("2", compiled(r"\b(?:ed|er|emergency (?:department|room)|trauma bay|on arrival|arrival|triage)\b")),
    ("3", compiled(r"\b(?:on|at) admission|\badmission gcs")),
)
_SEDATED = compiled(r"\bsedat|\bparalyz|\bmedically induced")
_BANDS = ((8, "R40.243"), (12, "R40.242"))


def stroke_scale(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the first score of the stroke scale beside the stroke whose note asks for it."""
    leader = next((c for c in candidates if any(chart.relations.links(c.code, _STROKE_SCALE, "use_additional"))), None)
    score = next((f for f in chart.said("NIHSS") if f.attributes.get("value", "").isdigit()), None)
    if leader is None or score is None or int(score.attributes["value"]) > HIGHEST:
        return candidates
    code = f"R29.7{int(score.attributes['value']):02d}"
    said = f"NIHSS {score.attributes['value']}: {code}. {reason(STROKE)}"
    return [*candidates, stated(code, (score,), said, STROKE, beside=leader)]


def coma_scale(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the three scores of the coma scale beside an injury of the head; with the total where only it is told."""
    leader = next((c for c in candidates if c.code.startswith(_HEAD)), None)
    scores = chart.said("Glasgow coma scale", "glasgow coma scale")
    score = next((f for f in scores if _SCORE.search(chart.sentence(f))), next(iter(scores), None))
    if leader is None or score is None or _SEDATED.search(chart.sentence(score)):
        return candidates
    codes = [f"{stem}{_when(chart, score)}" for stem in _stems(chart, score)]
    new = [
        stated(code, (score,), f"{score.mention.text}: {code}. {reason(COMA)}", COMA, beside=leader)
        for code in codes
        if chart.book.is_billable(code)
    ]
    return [*candidates, *new]


def _stems(chart: Chart, score: Fact) -> list[str]:
    parts = _SCORE.search(chart.sentence(score))
    if parts:
        values = {"eyes": parts["eyes"] or parts["e"], "verbal": parts["verbal"] or parts["v"]}
        values["motor"] = parts["motor"] or parts["m"]
        return [f"{stem}{values[part]}" for part, stem in _PARTS]
    total = Decimal(score.attributes.get("value", "15"))
    return [next(stem for top, stem in _BANDS if total <= top)] if total <= _BANDS[-1][0] else []


def _when(chart: Chart, score: Fact) -> str:
    """The last character: in the field, on reaching the emergency department, on admission, not said."""
    sentence = chart.sentence(score)
    return next((time for time, pattern in _WHEN if pattern.search(sentence)), "0")
