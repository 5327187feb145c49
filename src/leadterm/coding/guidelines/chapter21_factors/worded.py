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
AFTERCARE = ("Z47", "Z48")
NEAR = 200
# Sections that tell of other contacts, of what is found and of what is to be done.
_OF_OTHER_CONTACTS = frozenset(
    "plan past-medical-history past-surgical-history social-history obstetric-history medications exam vitals results"
    " imaging immunizations disposition".split()
)
_BEFORE = compiled(
    r"\b(?:from|at (?:the|her|his)|since|before|until|unchanged from|per|see|next|last|the)(?: \w+)?\s+$"
)
_AFTER = compiled(
    r"\s*(?:in|on) (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d+ (?:days|weeks|months)|(?:early|late) )"
)
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
    healing = any(c.code.startswith("S") and c.code[-1:] not in "AS" for c in candidates)
    found = {
        c.code: replace(c, rank=(BESIDE,)) if cancer and c.code.startswith("Z40") else c
        for c in _said(chart)
        if not (healing and c.code.startswith(AFTERCARE))
    }
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
        if place == "first visit" and not (_is_reason(chart, found) and _is_near(chart, found)):
            continue
        codes = found.phrase.gives("code").split("|")
        child = chart.age is not None and chart.age < ADULT
        if c := _candidate(chart, found, codes[0] if child else codes[-1], place.startswith("first")):
            yield c


def _is_reason(chart: Chart, found: Found) -> bool:
    """Whether the words tell what this contact is for, and not of another contact or what is to be done."""
    if not found.phrase.gives("code").startswith((*AFTERCARE, "Z01")):
        return True
    if found.fact.section in _OF_OTHER_CONTACTS:
        return False
    text = chart.encounter.document(found.fact.mention.document).text.lower()
    start, end = found.fact.mention.span.start, found.fact.mention.span.end
    return not (_BEFORE.search(text[max(0, start - 40) : start]) or _AFTER.match(text[end : end + 40]))


def _is_near(chart: Chart, found: Found) -> bool:
    """Whether aftercare names its operation: what the row needs stands near the words, not anywhere in the chart."""
    needs = found.phrase.needs
    if needs is None or not found.phrase.gives("code").startswith(AFTERCARE):
        return True
    text = chart.encounter.document(found.fact.mention.document).text.lower()
    return (
        needs.search(text[max(0, found.fact.mention.span.start - NEAR) : found.fact.mention.span.end + NEAR])
        is not None
    )


def _candidate(chart: Chart, found: Found, node: str, first: bool) -> Candidate | None:
    arrival = navigate(chart, found.fact, node)
    if arrival is None:
        return None
    step = f"\u201c{found.words}\u201d: {arrival.code}. {reason(RULE)}"
    c = stated(arrival.code, (found.fact,), step, RULE)
    return replace(c, rank=(FIRST if first else BESIDE, found.fact.mention.span.start))
