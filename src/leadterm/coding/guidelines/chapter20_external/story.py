"""The account of what happened, as text that patterns run over, and facts that show the words found in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.navigating import cause_quoted, navigate
from leadterm.coding.navigating.episode import INITIAL, episode
from leadterm.coding.patterns import Pattern, Table, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Document, Evidence, Fact, FactKind, PathwayStep, Span, Step

# Short forms of the tables.
_FORMS = {
    "<FELL>": r"(?:fell|falls?|fallen|falling|slipp?(?:ed|ing|s)?|slid|tripp?(?:ed|ing|s)?|stumbl\w+|tumbl\w+"
    r"|lost (?:\w+ )?(?:balance|footing)|came off|thrown|jumped|plunged|toppled)",
    "<GAP>": r"\b[^.;]{0,45}?\b",
}
_DENIED = compiled(r"\b(?:no|not|denie[sd]|denying|without|never|negative for|nor)\b[^.;,]{0,25}$")
_BLANK = compiled(r"[^\S ]")
RANK = 90


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of the account: where they stand, and the sentence around them, in small letters."""

    document: Document
    start: int
    end: int
    sentence: str


@cache
def spelled(pattern: str) -> Pattern:
    """A pattern of a table with its short forms written out."""
    for form, written in _FORMS.items():
        pattern = pattern.replace(form, written)
    return compiled(pattern)


# Sections that tell what the patient had, has or is told to do, not what happened.
ELSEWHERE = frozenset(
    "past-medical-history past-surgical-history family-history social-history obstetric-history medications allergies"
    " immunizations review-of-systems exam vitals results instructions".split()
)


def account(chart: Chart) -> tuple[tuple[Document, str], ...]:
    """Each document in small letters, one blank for every blank and for what tells of something else; none moves."""
    return chart.once("chapter20.account", lambda: tuple((d, _told(chart, d)) for d in chart.encounter.documents))


def _told(chart: Chart, document: Document) -> str:
    """The text of a document with blanks for the sections that tell no accident, as far as facts show them."""
    text = _BLANK.sub(" ", document.text.lower())
    elsewhere = ELSEWHERE if episode(chart) == INITIAL else ELSEWHERE - {"past-medical-history"}
    facts = [f for f in chart.facts if f.mention.document == document.id and f.segment]
    for section, run in groupby(facts, key=lambda f: f.section):
        segments = [f.segment for f in run if f.segment]
        if section in elsewhere:
            start, end = segments[0].start, max(s.end for s in segments)
            text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


@cache
def _letters(table: str) -> Table:
    return Table([spelled(row["pattern"]) for row in rows(f"guidelines/chapter20_external/{table}")])


def standing(chart: Chart, table: str) -> list[dict[str, str]]:
    """The rows of a table whose pattern the account can hold, in order."""
    found = {n for _, text in account(chart) for n in _letters(table).standing(text)}
    every = rows(f"guidelines/chapter20_external/{table}")
    return [every[n] for n in sorted(found)]


def hits(chart: Chart, pattern: str, *, denied: bool = True) -> Iterator[Hit]:
    """Where a pattern is found and not denied; `denied`: whether denials are looked for."""
    for document, text in account(chart):
        for match in spelled(pattern).finditer(text):
            start = max(text.rfind(". ", 0, match.start()) + 2, 0) if ". " in text[: match.start()] else 0
            end = text.find(". ", match.end())
            end = len(text) if end < 0 else end
            if not denied or not is_denied(text, match.start(), start):
                yield Hit(document, match.start(), match.end(), text[start:end])


def is_denied(text: str, at: int, since: int = 0) -> bool:
    """Whether the words right before a place deny what stands there; `since`: where its sentence begins."""
    return _DENIED.search(text[max(since, at - 40) : at]) is not None


def cause(chart: Chart, hit: Hit, node: str, rule: str, order: int, path: str | None = None) -> Candidate | None:
    """The candidate for a node of chapter 20 with the words found; None where it leads to no code.

    `path`: how the index leads there; without it the installed index is asked.
    """
    near = anchor(chart, hit)
    if near is None:
        return None
    words = Evidence.quote(hit.document, Span(hit.start, hit.end))
    fact = replace(near, kind=FactKind.CIRCUMSTANCE, evidence=(words,), attributes={}, targets=(node,))
    arrival = navigate(chart, fact, node, settled=True)
    if arrival is None:
        return None
    path = path or cause_quoted(chart, node, words.text) or cause_quoted(chart, node, hit.sentence) or node
    found = PathwayStep(Step.INDEX, f"\u201c{words.text}\u201d: {path}")
    because = PathwayStep(Step.GUIDELINE, reason(rule), rule)
    return Candidate(arrival.code, (fact,), (found, *arrival.steps, because), (), (RANK, order), 0.7)


def anchor(chart: Chart, hit: Hit) -> Fact | None:
    """The fact that stands where the words are, else nearest to them."""
    facts = [f for f in chart.facts if f.mention.document == hit.document.id]
    return min(
        facts,
        key=lambda f: max(f.mention.span.start - hit.end, hit.start - f.mention.span.end, 0),
        default=None,
    )
