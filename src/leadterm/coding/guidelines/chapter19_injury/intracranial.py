"""Intracranial injury (S06): what bleeds or is bruised, and how long consciousness was lost."""

from __future__ import annotations

import re
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, Opening
from leadterm.coding.patterns import Pattern, Table, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, FactKind, PathwayStep, Step

from .phrases import phrase
from .reading import is_trauma

RULE = "ICD10CM:I.C.19.b/consciousness"
_NOT_TRAUMATIC = compiled(
    r"\b(?:spontaneous|non-?traumatic|aneurysm\w*|hypertensive|history of|h/o|post-?concussi\w+)\b"
)
_HEAD = compiled(r"\bhead (?:injury|trauma)\b", re.IGNORECASE)
_NONE = compiled(
    r"\b(?:no|denies|denied|without|negative for|-|never|not) ?(?:any |a )?(?:brief )?(?:loc\b|loss of consciousness"
    r"|lost consciousness)"
    r"|\bdid not (?:lose|black|pass)|\bloc:? ?(?:-|neg\w*|none|no\b)|stayed (?:awake|conscious|on (?:her|his) feet)"
)
_UNKNOWN = compiled(
    r"(?:unknown|uncertain|unclear|unsure of|questionable|possible|\?) ?(?:if |of |whether )?(?:\w+ )?(?:loc\b"
    r"|loss of consciousness|lost)"
    r"|(?:loc|loss of consciousness) (?:status )?(?:is )?(?:unknown|unclear|uncertain)"
)
_LOST = compiled(
    r"\b(?:\+ ?loc|positive loc|with loc|loc\b|loss of consciousness|lost consciousness|knocked (?:out|unconscious)"
    r"|unconscious|unresponsive|passed out|blacked out|(?:was |went )?out cold|out for)\b"
)
_TIME = compiled(
    r"(?P<number>\d+(?:\.\d+)?|a few|few|several|one|two|three|five|ten|fifteen|twenty|half an)[ -]*"
    r"(?P<unit>sec\w*|min\w*|hours?\b|hrs?\b|h\b|days?\b)|\b(?P<brief>brief(?:ly)?|momentar\w+|moment"
    r"|transient(?:ly)?)\b"
)
_NUMBERS = {
    "a few": 3,
    "few": 3,
    "several": 5,
    "one": 1,
    "two": 2,
    "three": 3,
    "five": 5,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
}
_MINUTES = {"s": 1 / 60, "m": 1.0, "h": 60.0, "d": 1440.0}
_BANDS = ((30, "1"), (59, "2"), (359, "3"), (1440, "4"))
_NEAR = 60


@cache
def _letters() -> Table:
    return Table([row[0] for row in _table()])


@cache
def _table() -> tuple[tuple[Pattern, str, bool], ...]:
    table = rows("guidelines/chapter19_injury/intracranial")
    return tuple((compiled(r["pattern"], re.IGNORECASE), r["node"], r["trauma"] == "x") for r in table)


def intracranial(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of an intracranial injury with its loss of consciousness; None for what is none."""
    if fact.kind not in (FactKind.CONDITION, FactKind.FINDING) or fact.assertion is Assertion.FAMILY:
        return None
    text = fact.mention.text
    if text.lower().startswith(("hematoma", "contusion", "hemorrhage")):
        text = f"{text} \n {phrase(chart, fact).text}"
    rows = (_table()[n] for n in _letters().standing(text.lower()))
    hit = next((row for row in rows if row[0].search(text)), None)
    if hit is None and _HEAD.search(fact.mention.text) and consciousness(chart) in "123459":
        hit = (_HEAD, "S06.9X", False)
    if hit is None or _NOT_TRAUMATIC.search(chart.sentence(fact)):
        return None
    _, node, needs_force = hit
    told = "traumatic" in f"{fact.mention.text} {chart.sentence(fact)}".lower()
    if needs_force and not (told or is_trauma(chart)):
        return None
    code = f"{_sided(node, fact)}{consciousness(chart)}"
    below = chart.book.node(code)
    if below is None:
        return None
    step = PathwayStep(Step.TABULAR, f"\u201c{fact.mention.text}\u201d: {code} {below.title}", RULE)
    return Opening(code, (step,), settled=True)


def _sided(node: str, fact: Fact) -> str:
    side = fact.attributes.get("laterality", "")
    number = {"right": 1, "left": 2}.get(side, 3)
    return node.format(s=number, h=number + 3)


def consciousness(chart: Chart) -> str:
    """The 6th character: 0 none, 1 to 4 by duration, 5 longer than a day, 9 duration not said, A not documented."""
    text = " ".join(" ".join(d.text.lower().split()) for d in chart.encounter.documents)
    lost = [m for m in _LOST.finditer(text) if not _NONE.search(text[max(0, m.start() - 25) : m.end()])]
    if _UNKNOWN.search(text):
        return "A"
    for m in lost:
        before = text[max(0, m.start() - 25) : m.start()].split(". ")[-1]
        near = before + text[m.start() : m.end() + _NEAR].split(". ")[0]
        if time := _TIME.search(near):
            return _band(time)
    if _NONE.search(text):
        return "0"
    return "9" if lost else "A"


def _band(time: re.Match[str]) -> str:
    if time["brief"]:
        return "1"
    number = time["number"]
    count = 0.5 if number == "half an" else float(_NUMBERS.get(number, 0) or number)
    minutes = count * _MINUTES[time["unit"][0]]
    return next((band for most, band in _BANDS if minutes <= most), "5")


def without_concussion(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates without concussion beside another intracranial injury (Excludes1 at S06.0), S06.9 beside any."""
    others = [c for c in candidates if c.code.startswith("S06") and not c.code.startswith(("S06.0", "S06.9"))]
    clear = others or [c for c in candidates if c.code.startswith("S06.0")]
    gone = ("S06.0", "S06.9", "S09.90") if others else ("S06.9", "S09.90") if clear else ()
    if not gone:
        return candidates
    kept = [c for c in candidates if not c.code.startswith(gone)]
    return [c.stepped(reason(RULE), RULE) if c is clear[0] else c for c in kept]
