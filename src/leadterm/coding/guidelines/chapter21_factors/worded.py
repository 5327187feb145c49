"""I.C.21.c: what a contact is for, in phrases that are no name of a disease; the table `phrases.tsv`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.guidelines._phrases import Found, phrases_of
from leadterm.coding.navigating import navigate
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact

RULE = "ICD10CM:I.C.21.c/phrase"
ADULT = 18
FIRST, BESIDE = -1, 6
SCREENING = ("Z12",)
INFECTED = ("Z21", "B20", "B19.10", "B19.20", "B18.2")
_SOURCE = compiled(
    r"\bneedle ?-?stick|\bsource (?:patient|person)|\bexposure to\b|\bexposed to\b|\bpartner\b[^.]{0,25}\b(?:hiv|hep)"
)
_ORDER = compiled(
    r"\b(?:due|ordered|order|recommend(?:ed|s)?|schedul(?:e|ed|ing)|refer(?:red|ral)?|utd|up to date|overdue"
    r"|declin(?:ed|es)|refus(?:ed|es)|discussed|will (?:get|do|need|have)|next year|at age)\b"
)


def phrases(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the codes that phrases of the chart say, those that lead the claim in front."""
    cancer = any(c.code.startswith("C") for c in candidates)
    found = {c.code: replace(c, rank=(BESIDE,)) if cancer and c.code.startswith("Z40") else c for c in _said(chart)}
    known = {c.code for c in candidates}
    kept = [replace(c, rank=(FIRST, *c.rank)) if _leads(found, c) else c for c in candidates]
    return [*kept, *(c for code, c in found.items() if code not in known)]


def of_the_source(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates without the infection of the person whom the patient was exposed to."""
    return [c for c in candidates if not (c.code in INFECTED and all(_of_source(chart, f) for f in c.facts))]


def _of_source(chart: Chart, fact: Fact) -> bool:
    return bool(_SOURCE.search(chart.sentence(fact)))


def without_ordered(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates without screenings that the chart only orders: they belong to the contact that does them."""
    return [c for c in candidates if not (c.code.startswith(SCREENING) and all(_ordered(chart, f) for f in c.facts))]


def _ordered(chart: Chart, fact: Fact) -> bool:
    return bool(_ORDER.search(chart.sentence(fact)))


def _leads(found: dict[str, Candidate], c: Candidate) -> bool:
    return c.code in found and found[c.code].rank[0] == FIRST


def _said(chart: Chart) -> Iterator[Candidate]:
    for found in phrases_of(chart, "chapter21_factors/phrases"):
        place = found.phrase.gives("place")
        if ("stay" in place and not chart.stay) or ("visit" in place and chart.stay):
            continue
        codes = found.phrase.gives("code").split("|")
        child = chart.age is not None and chart.age < ADULT
        if c := _candidate(chart, found, codes[0] if child else codes[-1], place.startswith("first")):
            yield c


def _candidate(chart: Chart, found: Found, node: str, first: bool) -> Candidate | None:
    arrival = navigate(chart, found.fact, node)
    if arrival is None:
        return None
    step = f"\u201c{found.words}\u201d: {arrival.code}. {reason(RULE)}"
    c = stated(arrival.code, (found.fact,), step, RULE)
    return replace(c, rank=(FIRST if first else BESIDE, found.fact.mention.span.start))
