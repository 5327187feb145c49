"""Phrases that say a code though they are no name of a disease: tables with `pattern`, `unless`, `needs`, and more.

A phrase stands in one sentence; its fact has the section and the speaker of the fact that stands nearest.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, Table, compiled
from leadterm.domain import Assertion, Document, Evidence, Fact, FactKind, Span

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
        for sentence, there in _standing(chart, document.id, lower, letters):
            yield from _in_sentence(chart, document, lower, sentence, [phrases[n] for n in there])


def _standing(chart: Chart, document: str, lower: str, letters: Table) -> Iterator[tuple[Span, list[int]]]:
    """The sentences of a text that may hold phrases of a table, with the numbers of these."""
    sentences = chart.once(f"phrases.{document}", lambda: [Span(*m.span()) for m in _SENTENCE.finditer(lower) if m[0]])
    starts = chart.once(f"phrases.starts.{document}", lambda: [s.start for s in sentences])
    there: dict[int, set[int]] = {}
    for run, at in letters.runs(lower):
        there.setdefault(bisect(starts, at) - 1, set()).add(run)
    none: set[int] = set()
    # Most sentences hold nothing of a table: without a pattern for anywhere only the others are looked at.
    for place in range(len(sentences)) if letters.always else sorted(there):
        if place >= 0 and (asked := letters.among(there.get(place, none), sentences[place].of(lower))):
            yield sentences[place], asked


def _in_sentence(chart: Chart, document: Document, lower: str, sentence: Span, there: list[Phrase]) -> Iterator[Found]:
    text, said = document.text, sentence.of(lower)
    for phrase in there:
        m = phrase.pattern.search(said)
        if m is None or (phrase.unless and phrase.unless.search(said)):
            continue
        if phrase.needs is not None and not phrase.needs.search(lower):
            continue
        span = Span(sentence.start + m.start(), sentence.start + m.end())
        near = nearest(chart, document.id, span) or _alone(document.id, span, text)
        if near.section not in SILENT:
            yield Found(phrase, span.of(text), said, worded(near, document.id, span, text))


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
