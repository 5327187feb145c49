"""Fractures around a joint prosthesis (I.C.19.c.3): M97 beside the fracture, by joint and side."""

from __future__ import annotations

import re

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.navigating import navigate
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.19.c.3/periprosthetic"
_TOLD = compiled(
    r"\bperi-?prosthetic\b[^.;]{0,80}|\bvancouver\b[^.;]{0,40}|\bfracture[^.;]{0,40}\baround\b[^.;]{0,30}(?:stem|prosthes\w+|arthroplasty)",
    re.IGNORECASE,
)
_JOINTS = (
    ("0", compiled(r"\b(?:hip|tha|thr|femoral stem|vancouver|acetabul\w+)\b", re.IGNORECASE)),
    ("1", compiled(r"\b(?:knee|tka|tkr)\b", re.IGNORECASE)),
    ("2", compiled(r"\bankle\b", re.IGNORECASE)),
    ("3", compiled(r"\bshoulder\b", re.IGNORECASE)),
    ("4", compiled(r"\belbow\b", re.IGNORECASE)),
)
BROKEN = ("S72", "S82", "S42", "S52", "S32.4", "M80", "M84")
_SIDES = {"1": "right", "2": "left"}


def periprosthetic(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the code for the prosthesis that the fracture is around."""
    broken = next((c for c in candidates if c.code.startswith(BROKEN)), None)
    if broken is None or any(c.code.startswith("M97") for c in candidates):
        return candidates
    text = " ".join(" ".join(d.text.split()) for d in chart.encounter.documents)
    told = _TOLD.search(text)
    if told is None or re.search(r"\bno (?:evidence of )?$", text[: told.start()], re.IGNORECASE):
        return candidates
    near = f"{told.group()} {text}"
    joint = next((n for n, p in _JOINTS if p.search(told.group())), None) or next(
        (n for n, p in _JOINTS if p.search(near)), None
    )
    node = chart.book.node(broken.code)
    title = node.title if node else ""
    side = next((n for n, word in _SIDES.items() if f"{word} " in f"{title} ".lower()), None)
    if joint is None or side is None:
        return candidates
    arrival = navigate(chart, broken.facts[0], f"M97.{joint}{side}", settled=True)
    if arrival is None:
        return candidates
    found = Candidate(arrival.code, broken.facts, arrival.steps, (), (*broken.rank, 1), broken.confidence)
    return [*candidates, found.stepped(reason(RULE), RULE)]
