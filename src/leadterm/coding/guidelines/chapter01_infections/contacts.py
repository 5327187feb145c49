"""I.C.21.c.1, I.C.1.g.1.e: contact with communicable disease, told by whose the disease is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.passages import holds
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact

from ._growth import ROOM

RULE = "ICD10CM:I.C.21.c.1/contact"
_TELLING = frozenset("hpi unknown other assessment plan assessment-plan impression chief-complaint indication".split())
_CONTACT = compiled(
    r"\bexpos(?:ed|ure)\b|\bcontact (?:investigation|tracing)\b|\b(?:close|sick|known|household|direct) contacts?\b"
    r"|\bcontact (?:to|with|of)\b|\bin contact with\b"
)
_PERSON = (
    r"(?:wife|husband|spouse|partner|girlfriend|boyfriend|son|daughter|child|kids?|mother|father|mom|dad|brother|sister"
    r"|siblings?|room-?mate|co-?worker|colleague|household(?: member)?|family member|classmate|friend|grand\w+"
    r"|neighbou?r|teacher|boss|caregiver|aide|staff|resident|contacts?|outbreak|fianc[eé]e?)"
)
_SICK = compiled(
    rf"\b{_PERSON}(?:'s)?\b[^.;]{{0,60}}?\b(?:has|had|have|with|tested|tests|diagnosed|sick|ill|confirmed|positive|recently)\b"
)


@dataclass(frozen=True, slots=True)
class Contact:
    """One row of `contacts.tsv`."""

    disease: tuple[str, ...]
    code: str
    persons: bool


@cache
def _table() -> tuple[Contact, ...]:
    return tuple(
        Contact(tuple(row["disease"].split()), row["contact"], row["persons"] == "yes")
        for row in rows(f"{ROOM}/contacts")
    )


def contacts(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with contact to the diseases of others, and without those as the patient's own."""
    for row in _table():
        candidates = _one(chart, candidates, row)
    return candidates


def _one(chart: Chart, candidates: list[Candidate], row: Contact) -> list[Candidate]:
    named = [f for f in _telling(chart) if _names(row, f)]
    of_others = {f.id: f for f in named if _of_others(chart, f, row)}
    if not of_others:
        return candidates
    kept: list[Candidate] = []
    for c in candidates:
        own = tuple(f for f in c.facts if f.id not in of_others)
        if c.code.startswith(row.disease):
            if not own:
                continue
            c = replace(c, facts=own)
        kept.append(c)
    if any(c.code.startswith((*row.disease, row.code)) for c in kept):
        return kept
    facts = tuple(of_others.values())[:1]
    return [*kept, replace(stated(row.code, facts, f"of another person. {reason(RULE)}", RULE), rank=(5, 0))]


def _telling(chart: Chart) -> list[Fact]:
    return chart.once("chapter01.telling", lambda: [f for f in chart.facts if f.section in _TELLING])


def _names(row: Contact, fact: Fact) -> bool:
    """Whether a fact names the disease, by its target or, for tests and plain words, by its organism."""
    if fact.targets:
        return fact.targets[0].startswith(row.disease)
    return row.code == "Z20.822" and fact.attributes.get("organism") == "sars-cov-2"


def _of_others(chart: Chart, fact: Fact, row: Contact) -> bool:
    if fact.assertion is Assertion.HISTORICAL and not row.persons:
        return False
    sentence = chart.sentence(fact)
    if holds(_CONTACT, sentence):
        return True
    return (
        row.persons and bool(_SICK.search(sentence)) and not re.search(r"\b(?:no|denies)\b[^.;]{0,30}$", sentence[:40])
    )
