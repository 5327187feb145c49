"""Diseases of the blood by their cause (Alphabetic Index: "due to"), and the fever that goes with them."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.navigating import navigate
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact

FEVER = "ICD10CM:I.A.17/fever"
_DUE = compiled(
    r"^[\s,(]*(?:\w+ ){0,2}?(?:due to|2/2|secondary to|d/t|from|of|caused by|because of|attributed to|related to"
    r"|in (?:the )?setting of|in|with|on)\s+(?:(?:her|his|the|a|chronic|known|ongoing)\s+)*(?P<what>[^.;,\n]{2,60})"
)
_INDUCED = compiled(r"(?P<what>[\w-]+)[ -](?:induced|related|associated)\s*$")


def by_cause(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with each disease of the blood at the code that its documented cause gives."""
    return [_caused(chart, c) if c.code.startswith("D") else c for c in candidates]


def _caused(chart: Chart, c: Candidate) -> Candidate:
    for f in c.facts:
        due = cause_of(chart, f)
        for codes, cause, gives, rule in _causes():
            if due and c.code.startswith(codes) and cause.search(due):
                arrival = navigate(chart, f, gives)
                if arrival is not None:
                    return c.stepped(f"due to {due}: {arrival.code}. {reason(rule)}", rule, code=arrival.code)
    return c


@cache
def _causes() -> tuple[tuple[tuple[str, ...], Pattern, str, str], ...]:
    return tuple(
        (tuple(row["code"].split()), compiled(rf"\b(?:{row['cause']})(?!\w)"), row["gives"], row["rule"])
        for row in rows("guidelines/chapter03_blood/causes")
    )


def cause_of(chart: Chart, fact: Fact) -> str:
    """The words that the chart gives as the cause of a fact; empty where it gives none."""
    text = chart.encounter.document(fact.mention.document).text.lower()
    whole, span = fact.segment or fact.mention.span, fact.mention.span
    after = " ".join(text[span.end : whole.end].split())
    before = " ".join(text[whole.start : span.start].split())
    said = [
        fact.attributes.get("cause", ""),
        fact.mention.text.lower() if "due to" in fact.mention.text.lower() else "",
    ]
    if m := _DUE.match(f" {after}"):
        said.append(m["what"])
    if m := _INDUCED.search(before):
        said.append(m["what"])
    return " ".join(dict.fromkeys(w for w in said if w))


_WITH_FEVER = ("D57.0", "D57.2", "D57.4", "D57.8", "D57.1", "D70", "D61.81", "C91", "C92", "C93", "C95")
_FEBRILE = compiled(
    r"\b(?:neutropenic fevers?|febrile neutropenia|fn\b|neutropeni\w+ (?:with|and|w/) fevers?"
    r"|fevers? (?:with|and|in|due to) (?:the |her |his )?(?:neutropeni\w+|sickle)|fever and neutropenia"
    r"|neutropenic and febrile|febrile and neutropenic)"
)


_NAMES_FEVER = compiled(r"\bfever|febrile")


def fever(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the fever that presents with a disease of the blood, in the place of plain fever (notes at D57 and D70)."""
    every = sorted((c for c in candidates if c.code.startswith(_WITH_FEVER)), key=lambda c: c.code.startswith("C"))
    asking = next(iter(every), None)
    if asking is None or any(c.code == "R50.81" for c in candidates):
        return candidates
    plain = [c for c in candidates if c.code == "R50.9"]
    said = tuple(f for f in (*asking.facts, *_fevers(chart)) if _FEBRILE.search(chart.sentence(f)))
    neutropenic = asking.code.startswith(("D70", "D61"))
    if not said and not (neutropenic and plain and not _infected(candidates)):
        return candidates
    step = f"fever with {asking.code}: R50.81. {reason(FEVER)}"
    facts = tuple(f for f in said if _NAMES_FEVER.search(f.mention.text.lower())) or (
        plain[0].facts if plain else said[-1:]
    )
    return [*(c for c in candidates if c not in plain), stated("R50.81", facts, step, FEVER, asking)]


def _fevers(chart: Chart) -> list[Fact]:
    return [f for f in chart.facts if f.targets[:1] == ("R50.9",) and f.assertion is Assertion.PRESENT]


def _infected(candidates: list[Candidate]) -> bool:
    """Whether an infection stands in the chart that the fever may be of."""
    return any(c.code.startswith(("A", "B", "J1", "J0", "N39.0", "N10", "L03", "K35")) for c in candidates)
