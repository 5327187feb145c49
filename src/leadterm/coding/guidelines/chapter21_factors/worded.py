"""I.C.21.c: what a contact is for, in phrases that are no name of a disease; the table `phrases.tsv`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.navigating import navigate
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Evidence, Fact, Span

RULE = "ICD10CM:I.C.21.c/phrase"
ADULT = 18
_SILENT = ("instructions", "family-history", "review-of-systems", "allergies")
_SENTENCE = re.compile(r"[^.;\n]*(?:[.;](?=\d)[^.;\n]*|\n(?=[ \t]*[a-z(])[^.;\n]*)*")
FIRST, BESIDE = -1, 6
SCREENING = ("Z12",)
_ORDER = re.compile(
    r"\b(?:due|ordered|order|recommend(?:ed|s)?|schedul(?:e|ed|ing)|refer(?:red|ral)?|utd|up to date|overdue|declin(?:ed|es)|refus(?:ed|es)"
    r"|discussed|will (?:get|do|need|have)|next year|at age)\b"
)


@dataclass(frozen=True, slots=True)
class _Phrase:
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    needs: re.Pattern[str] | None
    codes: tuple[str, ...]
    first: bool
    stay: bool | None


def phrases(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the codes that phrases of the chart say, those that lead the claim in front."""
    cancer = any(c.code.startswith("C") for c in candidates)
    found = {c.code: replace(c, rank=(BESIDE,)) if cancer and c.code.startswith("Z40") else c for c in _said(chart)}
    known = {c.code for c in candidates}
    kept = [replace(c, rank=(FIRST, *c.rank)) if _leads(found, c) else c for c in candidates]
    return [*kept, *(c for code, c in found.items() if code not in known)]


def without_ordered(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates without screenings that the chart only orders: they belong to the contact that does them."""
    return [c for c in candidates if not (c.code.startswith(SCREENING) and all(_ordered(chart, f) for f in c.facts))]


def _ordered(chart: Chart, fact: Fact) -> bool:
    return bool(_ORDER.search(chart.sentence(fact)))


def _leads(found: dict[str, Candidate], c: Candidate) -> bool:
    return c.code in found and found[c.code].rank[0] == FIRST


def _said(chart: Chart) -> Iterator[Candidate]:
    for document in chart.encounter.documents:
        lower = document.text.lower()
        if len(lower) != len(document.text):
            continue
        there = [phrase for phrase in _table() if phrase.pattern.search(lower)]
        for sentence in _SENTENCE.finditer(lower) if there else ():
            for phrase in there:
                m = phrase.pattern.search(sentence.group()) if sentence.group() else None
                if (
                    m is None
                    or phrase.stay is (not chart.stay)
                    or (phrase.unless and phrase.unless.search(sentence.group()))
                ):
                    continue
                if phrase.needs is None or phrase.needs.search(lower):
                    span = Span(sentence.start() + m.start(), sentence.start() + m.end())
                    yield from _candidate(chart, document.id, document.text, span, phrase)


def _candidate(chart: Chart, document: str, text: str, span: Span, phrase: _Phrase) -> Iterator[Candidate]:
    near = _nearest(chart, document, span)
    if near is None or near.section in _SILENT:
        return
    child = chart.age is not None and chart.age < ADULT
    node = phrase.codes[0] if child else phrase.codes[-1]
    fact = replace(
        near,
        concept="reason for the contact",
        assertion=Assertion.PRESENT,
        attributes={},
        evidence=(Evidence(document, span, span.of(text)),),
        targets=(node,),
        cues=(),
    )
    arrival = navigate(chart, fact, node)
    if arrival is not None:
        c = stated(arrival.code, (fact,), f"\u201c{span.of(text)}\u201d: {arrival.code}. {reason(RULE)}", RULE)
        yield replace(c, rank=((FIRST if phrase.first else BESIDE), span.start))


def _nearest(chart: Chart, document: str, span: Span) -> Fact | None:
    """The fact that stands nearest to a phrase: its section and speaker are those of the phrase."""
    facts = [f for f in chart.facts if f.mention.document == document]
    return min(facts, key=lambda f: abs(f.mention.span.start - span.start), default=None)


@cache
def _table() -> tuple[_Phrase, ...]:
    return tuple(
        _Phrase(
            re.compile(row["pattern"]),
            re.compile(row["unless"]) if row["unless"] else None,
            re.compile(row["needs"]) if row["needs"] else None,
            tuple(row["code"].split("|")),
            row["place"].startswith("first"),
            True if "stay" in row["place"] else False if "visit" in row["place"] else None,
        )
        for row in rows("guidelines/chapter21_factors/phrases")
    )
