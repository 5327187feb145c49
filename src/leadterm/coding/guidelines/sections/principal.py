"""II.A to II.K: the principal diagnosis of a hospital stay, what after study occasioned the admission.

The chart's own list is the beginning. Whatever else the record says weighs against its order: a heading that names the
principal diagnosis, "admitted for", what the patient came with, what began only during the stay; a symptom or a
disease that the patient lives with gives way to the disease that was treated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from leadterm.coding._tables import longest, prefixed, rows
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.poa import began_later
from leadterm.coding.rules import reason
from leadterm.coding.sequence import ATTENDANT, EXTERNAL, FIRST
from leadterm.domain import Fact

from .occasions import EVIDENCE, PAST, occasions, passages

WEIGHTS = "guidelines/sections/weights"
ADMISSION = "ICD10CM:II/admission"
SYMPTOM = "ICD10CM:II.A/symptom"
PLANNED = "ICD10CM:II.F/planned"
COMPLICATION = "ICD10CM:II.G/complication"
DURING = "ICD10CM:II/during"
NOT_CARRIED_OUT = "Z53"
# How much more must speak for another diagnosis than for the first of the chart's list.
MARGIN = 3
PRINCIPAL = (0, -1, 1)
_LIST = (12, 8, 5, 3)
_STAYS = -8  # of any disease that does not leave a patient (`chronic.tsv`)
_LATER = 40  # of what began during the stay
_BEHIND = 10  # of what the chart lists only among histories and problems
_ACUTE_TITLE = compiled(
    r"(?i)\b(?:acute|exacerbation|h?a?emorrhage|bleeding|ketoacidosis|hyperosmol\w+|coma|crisis|ruptur\w+"
    r"|obstruction|perforat\w+|abscess|status (?:asthmaticus|epilepticus|migrainosus)|unstable|ulcer|gangrene"
    r"|intoxication|withdrawal|peritonitis|hypoglycemia|fistula|lower respiratory infection)\b"
)
_WITHOUT = compiled(r"(?i)\bwithout\b.*")
_ACUTE = (
    r"(?:acute|rvr|rapid|exacerbat\w+|decompensat\w+|worsening|flare\w*|crisis|unstable|breakthrough|in relapse"
    r"|relapse|status epilepticus|refractory)\b"
)
_ACUTE_VALUE = compiled(rf"\b{_ACUTE}")
_ACUTE_BEHIND = compiled(rf"[^;\n.,]{{0,30}}?\b{_ACUTE}|, (?:with |in |now )?{_ACUTE}")


# What is only ever added to another code: organisms, severity of sepsis, the drug of an adverse effect or underdosing.
_ADDED = ("B95", "B96", "B97", "R65", "R29.7", "R40.2", "Y90", "F17")
_DRUG = compiled(r"T(?:3[6-9]|4\d|50)\.\w{2}[56]")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate with what speaks for it as principal diagnosis, and the words for its pathway."""

    candidate: Candidate
    points: int
    said: tuple[str, ...]
    kind: str


def select(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates, the diagnosis that occasioned the admission ahead of the others of its kind."""
    diseases = sorted((c for c in candidates if _is_eligible(c)), key=lambda c: c.rank)
    if not chart.encounter.codes_uncertain or len(diseases) < 2 or any(_is_settled(c) for c in candidates):
        return candidates
    weighed = [_weigh(chart, c, place, diseases) for place, c in enumerate(diseases)]
    best = max(weighed, key=lambda w: w.points)
    if best.points < weighed[0].points + MARGIN:
        return candidates
    rule = _rule(chart, weighed[0], best, candidates)
    told = "; ".join((f"{best.candidate.code} before {diseases[0].code}", *best.said))
    lead = best.candidate.stepped(f"{told}. {reason(rule)}", rule)
    return [replace(lead, rank=PRINCIPAL) if c is best.candidate else c for c in candidates]


def _rule(chart: Chart, first: Weighed, best: Weighed, candidates: list[Candidate]) -> str:
    """The paragraph by which another diagnosis goes before the first of the chart's list."""
    if _began_here(chart, first.candidate):
        return DURING
    if first.kind == "symptom":
        return SYMPTOM
    if best.kind == "complication":
        return COMPLICATION
    return PLANNED if any(c.code.startswith(NOT_CARRIED_OUT) for c in candidates) else ADMISSION


def _is_eligible(c: Candidate) -> bool:
    return not c.code.startswith((*EXTERNAL, *ATTENDANT, *FIRST, *_ADDED)) and not _DRUG.match(c.code)


def _is_settled(c: Candidate) -> bool:
    """Whether a rule that knows what led to the stay has placed it before everything."""
    return c.rank[0] < 0 or c.code.startswith(FIRST)


def _weigh(chart: Chart, c: Candidate, place: int, diseases: list[Candidate]) -> Weighed:
    kind, weight = _weight(chart, c)
    found = dict(_evidence(chart, c, kind == "symptom"))
    points = (_LIST[place] if place < len(_LIST) else 0) + weight + sum(found.values())
    points -= _BEHIND if c.rank[0] > 1 else 0
    if _began_here(chart, c):
        points -= _LATER
    if kind == "symptom" and any(chart.linked(c, o) for o in diseases if o is not c):
        points -= 30
    said = tuple(_words(name) for name in sorted(found, key=lambda name: -found[name]))
    return Weighed(c, points, said, kind)


def _weight(chart: Chart, c: Candidate) -> tuple[str, int]:
    """What kind of diagnosis it is by the table, and its points."""
    kind, points = longest(_weights(), c.code) or ("", 0)
    return (kind, 0) if kind == "chronic" and _is_acute(chart, c) else (kind, points)


@cache
def _weights() -> dict[str, tuple[str, int]]:
    """Kind and points by prefix: every disease that stays, and what the room's own table says."""
    stays = dict.fromkeys(prefixed("chronic", "name"), ("chronic", _STAYS))
    return stays | {row["prefix"]: (row["kind"], int(row["points"])) for row in rows(WEIGHTS)}


def _is_acute(chart: Chart, c: Candidate) -> bool:
    """Whether the title, or what the chart says of it, makes an acute thing of a disease that stays."""
    node = chart.book.node(c.code)
    if node and _ACUTE_TITLE.search(_WITHOUT.sub("", node.title)):
        return True
    return any(f.section not in PAST and _told_acute(chart, f) for f in c.facts)


def _told_acute(chart: Chart, fact: Fact) -> bool:
    text = chart.encounter.document(fact.mention.document).text
    behind = text[fact.mention.span.end : fact.mention.span.end + 50].lower()
    said = " ".join((fact.mention.text.lower(), *fact.attributes.values()))
    return bool(_ACUTE_VALUE.search(said) or _ACUTE_BEHIND.match(behind))


def _began_here(chart: Chart, c: Candidate) -> bool:
    """Whether the chart lets it begin during the stay, and nowhere says that it was there before."""
    told = [began_later(chart, f) for f in c.facts]
    return any(told) and not any(f.section in _BEFORE for f in c.facts)


_BEFORE = ("hpi", "chief-complaint", "admission-diagnosis", "past-medical-history", "preoperative-diagnosis")


def _evidence(chart: Chart, c: Candidate, symptom: bool) -> Iterator[tuple[str, int]]:
    """What the record says of the candidate's part in the admission, with its points."""
    points = {row["evidence"]: int(row["points"]) for row in rows(EVIDENCE)}
    for fact, evidence in occasions(chart):
        if not (symptom and points[evidence] < _TELLING) and (fact in c.facts or _alike(fact, c)):
            yield evidence, points[evidence]
    names = {" ".join(f.mention.text.lower().split()) for f in c.facts}
    for passage in passages(chart):
        # An operation swallows the name of what it is for: "repair of an inguinal hernia".
        if passage.evidence in _OF_OPERATIONS and any(len(n) >= _LONG and n in passage.words for n in names):
            yield passage.evidence, points[passage.evidence]


_OF_OPERATIONS = ("admitted", "operated")
_LONG = 6
_TELLING = 20  # below it, that a patient came with a symptom tells nothing


def _alike(fact: Fact, c: Candidate) -> bool:
    """Whether a fact that may stand behind no code opens where the candidate stands; of diabetes all would."""
    category = fact.targets[0][:3]
    return category == c.code[:3] and category not in _WIDE


_WIDE = ("E08", "E09", "E10", "E11", "E13", "I25", "Z51")


def _words(name: str) -> str:
    return next(row["says"] for row in rows(EVIDENCE) if row["evidence"] == name)
