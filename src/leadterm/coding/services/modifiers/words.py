"""Words that give a reason for a modifier: found where they are affirmed, with their exact place in the documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import Document, Evidence, Passage, Span

# What is told there is of other days, other people, or not done.
ELSEWHERE = frozenset(
    "past-surgical-history past-medical-history family-history instructions allergies social-history obstetric-history"
    " review-of-systems".split()
)
_DENIED = compiled(
    r"\b(?:no|not|without|never|denies|denied|nor|neither|declined|if|may|might|would|consider|possible|plan(?:s|ned)?"
    r" to)\b[^.;:\n]{0,30}\Z",
    re.IGNORECASE,
)
REACH = 200  # characters: no pattern of the tables is longer
_BLANK = re.compile(r"(?<!\\)[ ]")


@cache
def asked(says: str) -> Pattern:
    """A pattern of a table, for small letters: a blank stands for any blanks, and what lies between holds no denial."""
    says = says.replace("[^.;]{", r"(?:(?!\b(?:not|never|nor)\b)[^.;]){")
    plain = says.replace("[- ]", "[-\\s]").replace(" ?", "\\s*")
    return compiled(_BLANK.sub(r"\\s+", plain))


def stated(chart: Chart, says: str, gate: str = "") -> Evidence | None:
    """The first place where the documents say it of this encounter and do not deny it.

    `gate`: letters without which nothing of it is said, parted by `|`; only what stands near them is looked at.
    """
    pattern = asked(says)
    for document, low in chart.once("modifiers.low", lambda: _lowered(chart)):
        for start, end in _windows(low, gate):
            for found in pattern.finditer(low, start, end):
                before = low[max(0, found.start() - 60) : found.start()]
                if not _DENIED.search(before) and _kind(chart, document.id, found.start()) not in ELSEWHERE:
                    return Evidence.quote(document, Span(found.start(), found.end()))
    return None


def _lowered(chart: Chart) -> tuple[tuple[Document, str], ...]:
    """The documents with their text in small letters, of the same length as it is."""
    pairs = ((d, d.text.lower()) for d in chart.encounter.documents)
    return tuple((d, low if len(low) == len(d.text) else d.text) for d, low in pairs)


def _windows(text: str, gate: str) -> Iterator[tuple[int, int]]:
    """The stretches around the letters of a gate, none twice; all of the text where there is no gate."""
    if not gate:
        yield 0, len(text)
        return
    places = sorted(at for letters in gate.split("|") for at in _places(text, letters))
    done = 0
    for at in places:
        if at + REACH > done:
            yield max(done, at - REACH), min(len(text), at + 2 * REACH)
            done = at + REACH
    return


def _places(text: str, letters: str) -> Iterator[int]:
    at = text.find(letters)
    while at >= 0:
        yield at
        at = text.find(letters, at + 1)


def told(chart: Chart, name: str) -> Evidence | None:
    """What `words.tsv` has under a name, where the documents say it of this encounter."""
    return stated(chart, _says()[name])


@cache
def _says() -> dict[str, str]:
    return {row["name"]: row["says"] for row in rows("services/modifiers/words")}


def passage_at(chart: Chart, document: str, at: int) -> Passage | None:
    """The section that a place of a document lies in."""
    return next((p for p in chart.passages if p.document == document and p.start <= at < p.end), None)


def sentence_at(chart: Chart, document: str, at: int) -> tuple[int, int]:
    """The sentence or list item that a place lies in; the place alone where none is told."""
    passage = passage_at(chart, document, at)
    return next(((a, b) for a, b in (passage.segments if passage else ()) if a <= at < b), (at, at))


def same_sentence(chart: Chart, one: Evidence, other: Evidence) -> bool:
    """Whether two places stand in one sentence."""
    if one.document != other.document:
        return False
    start, end = sentence_at(chart, one.document, one.span.start)
    return start <= other.span.start < end


def _kind(chart: Chart, document: str, at: int) -> str:
    passage = passage_at(chart, document, at)
    return passage.kind if passage else ""
