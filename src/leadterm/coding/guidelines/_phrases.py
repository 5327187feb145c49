"""Phrases that say a code though they are no name of a disease: tables with `pattern`, `unless`, `needs`, and more.

A phrase stands in one sentence; its fact has the section and the speaker of the fact that stands nearest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, Table, compiled
from leadterm.domain import Assertion, Evidence, Fact, FactKind, Span

SILENT = ("instructions", "family-history", "review-of-systems", "allergies", "technique")
# A sentence ends at a stop; a line that goes on in small letters goes on.
_SENTENCE = compiled(r"[^.;\n]*(?:[.;](?=\d)[^.;\n]*|\n(?=[ \t]*[a-z(])[^.;\n]*)*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A row of a table of phrases; `rest` is what the table gives for it."""

    pattern: Pattern
    unless: Pattern | None
    needs: Pattern | None
    rest: tuple[tuple[str, str], ...]

    def gives(self, column: str) -> str:
        """A cell of the row."""
        return dict(self.rest)[column]


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase of the chart: the row, the words, the sentence in lower case, and the fact that they make."""

    phrase: Phrase
    words: str
    sentence: str
    fact: Fact


def phrases_of(chart: Chart, table: str) -> Iterator[Found]:
    """The phrases of a table that the chart's sentences hold, in order of the text."""
    for document in chart.encounter.documents:
        lower = document.text.lower()
        if len(lower) != len(document.text):
            continue
        phrases, letters = _table(table)
        there = [p for n in letters.standing(lower) if _stands(p := phrases[n], lower)]
        for m in _SENTENCE.finditer(lower) if there else ():
            yield from _in_sentence(chart, document.id, document.text, m, there)


def _stands(phrase: Phrase, lower: str) -> bool:
    """Whether a text holds a phrase, and what it needs beside it."""
    if not phrase.pattern.search(lower):
        return False
    return phrase.needs is None or phrase.needs.search(lower) is not None


def _in_sentence(
    chart: Chart, document: str, text: str, sentence: re.Match[str], there: list[Phrase]
) -> Iterator[Found]:
    for phrase in there if sentence.group() else ():
        m = phrase.pattern.search(sentence.group())
        if m is None or (phrase.unless and phrase.unless.search(sentence.group())):
            continue
        span = Span(sentence.start() + m.start(), sentence.start() + m.end())
        near = nearest(chart, document, span) or _alone(document, span, text)
        if near.section not in SILENT:
            yield Found(phrase, span.of(text), sentence.group(), worded(near, document, span, text))


def _alone(document: str, span: Span, text: str) -> Fact:
    """The words as a fact, where the document holds no other."""
    evidence = (Evidence(document, span, span.of(text)),)
    return Fact("p1", "phrase", FactKind.STATUS, Assertion.PRESENT, evidence=evidence, segment=span)


def nearest(chart: Chart, document: str, span: Span) -> Fact | None:
    """The fact of a document that begins nearest to a place; None where the document has none."""
    facts = [f for f in chart.facts if f.mention.document == document]
    return min(facts, key=lambda f: abs(f.mention.span.start - span.start), default=None)


def worded(near: Fact, document: str, span: Span, text: str) -> Fact:
    """Words that are no fact as one, in the place of the fact that stands nearest."""
    kept = {axis: value for axis, value in near.attributes.items() if axis in ("laterality", "site")}
    inside = kept if span.overlaps(near.mention.span) else {}
    evidence = (Evidence(document, span, span.of(text)),)
    return replace(
        near, concept="phrase", assertion=Assertion.PRESENT, attributes=inside, evidence=evidence, targets=(), cues=()
    )


@cache
def _table(name: str) -> tuple[tuple[Phrase, ...], Table]:
    """The phrases of a table, and their letters."""
    found = tuple(
        Phrase(
            compiled(row["pattern"]),
            compiled(row["unless"]) if row["unless"] else None,
            compiled(row["needs"]) if row["needs"] else None,
            tuple(row.items()),
        )
        for row in rows(f"guidelines/{name}")
    )
    return found, Table([phrase.pattern for phrase in found])
