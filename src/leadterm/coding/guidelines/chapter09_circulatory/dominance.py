"""Which side is dominant (I.C.6.a): as the chart says, else the right one."""

from __future__ import annotations

import re
from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason
from leadterm.domain import Fact

RULE = "ICD10CM:I.C.6.a/dominant"
_HAND = re.compile(
    r"\b(?P<hand>right|left|r|l|rt|lt)[- ]?(?:handed(?:ness)?|hand dominan\w+|hd)\b|\b(?P<both>ambidextrous)\b"
)
_NAMED = re.compile(r"\b(?P<non>non-?)?dominant\b")
_PARALYSIS = re.compile(r"G8(?:1\.[019]|3\.[123])0")
_CHARACTERS = {("right", True): "1", ("left", True): "2", ("right", False): "3", ("left", False): "4"}


def dominant(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Paralysis of a side that the chart names, at its code for the dominant or the other side."""
    return [_told(chart, c) if _PARALYSIS.fullmatch(c.code) else c for c in candidates]


def _told(chart: Chart, c: Candidate) -> Candidate:
    fact = next((f for f in c.facts if "laterality" in f.attributes), c.facts[0])
    found = character(chart, fact)
    if found == "9":
        return c
    code = c.code[:-1] + found
    return replace(c, facts=(fact, *(f for f in c.facts if f is not fact))).stepped(
        f"{fact.attributes['laterality']}: {code}. {reason(RULE)}", RULE, code=code
    )


def character(chart: Chart, fact: Fact) -> str:
    """The character for side and dominance; `9` where the chart names no side."""
    side = fact.attributes.get("laterality")
    if side not in ("left", "right"):
        return "9"
    named = _NAMED.search(chart.sentence(fact))
    return _CHARACTERS[side, not named["non"] if named else _is_dominant(chart, side)]


def _is_dominant(chart: Chart, side: str) -> bool:
    for document in chart.encounter.documents:
        said = _HAND.search(document.text.lower())
        if said:
            return bool(said["both"]) or {"r": "right", "l": "left"}[said["hand"][0]] == side
    return side == "right"
