"""Causes that our table of mechanisms does not know, or knows less of: by the Index to External Causes.

Where the index is not installed, the titles of chapter 20 stand in its place.
"""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.navigating import cause_index
from leadterm.coding.navigating.cause_index import Reached, Ways, leading, reached, spoken
from leadterm.coding.navigating.cause_terms import mains
from leadterm.domain import Assertion

from .mechanism import explains
from .story import Hit, account, anchor, cause, is_denied

RULE = "ICD10CM:I.C.20.a/mechanism"
# Causes that say little: whatever the account leads to in the index says more.
VAGUE = tuple("W18.3 W19 W20.8 W22.0 W22.8 W31.9 W40.9 W49.9 W64 X37.9 X58 X78.9 X99.9 X95.9 Y04.0 Y09".split())
# Of a fall only another fall says more, of an assault another assault, of self-harm other self-harm.
_KINDS = (("W0", "W1"), ("X9", "Y0"), ("X7", "X8"))


def listed(chart: Chart, told: Candidate | None, effects: tuple[str, ...]) -> Candidate | None:
    """The cause by the index where `told` is none, or says less than the index; None where it is enough.

    `effects`: codes injured.
    """
    if told is not None and told.code.startswith("V"):
        return None
    index = chart.causes_index
    ways = cause_index.listed(index) if index else cause_index.titled(chart.book)
    for hit, way in sorted(_hits(chart, ways), key=lambda pair: -len(pair[1].told)):
        if not explains(way.way.code, effects):
            continue
        if told is None or _says_more(ways, told, hit, way):
            return cause(chart, hit, way.way.code, RULE, 0, way.way.quoted)
    return None


def _hits(chart: Chart, ways: Ways) -> Iterator[tuple[Hit, Reached]]:
    """What each sentence of the account leads to first, with its words."""
    for document, text in account(chart):
        start = 0
        for sentence in text.split(". "):
            way = next(reached(ways, text, start, start + len(sentence)), None)
            start += len(sentence) + 2
            if way is None or is_denied(text, way.start):
                continue
            hit = Hit(document, way.start, way.end, sentence)
            near = anchor(chart, hit)
            if near is not None and near.assertion is not Assertion.FAMILY:
                yield hit, way


def _says_more(ways: Ways, told: Candidate, hit: Hit, way: Reached) -> bool:
    """Whether the index takes all the words of what was told, and more, and tells the same kind of thing."""
    code = told.facts[0].targets[0] if told.facts[0].targets else told.code
    if code == way.way.code or any(code.startswith(k) and not way.way.code.startswith(k) for k in _KINDS):
        return False
    if code.startswith(VAGUE):
        return True
    words = told.facts[0].mention
    if not hit.start <= words.span.start <= hit.end:
        return False
    said = spoken(words.text)
    ours = leading(ways, code, said, mains())
    mine = (ours.taken(said | ours.main) or frozenset()) - ours.main if ours else frozenset()
    return bool(mine) and mine < way.taken - way.way.main
