"""What a chart says of tobacco, alcohol and drugs: which, whether used, abused, given up, never used; how much; when.

Guideline I.C.5.b: use, abuse and dependence are three things, and of several stated the gravest is coded; a use
disorder is by its stated severity abuse (mild) or dependence (moderate, severe); remission is only what the chart
calls so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from leadterm.domain import Assertion

from . import _substance_words as words
from ._squeeze import squeeze
from ._substance_details import details, ordered
from ._substance_names import sentence
from ._substance_status import statuses
from ._substance_words import ABUSE, CURRENT, DEPENDENCE, EXPOSED, FORMER, IN_REMISSION, NEVER, NONE, USE_DISORDER

CONCEPTS = {
    "tobacco": "tobacco use",
    "alcohol": "alcohol use",
    "opioids": "opioid use",
    "cannabis": "cannabis use",
    "cocaine": "cocaine use",
    "stimulants": "stimulant use",
    "sedatives": "sedative use",
    "hallucinogens": "hallucinogen use",
    "inhalants": "inhalant use",
    "other": "drug use",
}
# Of two patterns in one sentence the later of this list counts.
_RANKS = (NONE, NEVER, FORMER, CURRENT, USE_DISORDER, ABUSE, DEPENDENCE, IN_REMISSION)
_ASSERTIONS = {NONE: Assertion.ABSENT, NEVER: Assertion.ABSENT, FORMER: Assertion.HISTORICAL}
# Products that only say more of a substance of which something is said already.
_FORMS = frozenset(("cigarettes", "cigars", "edibles", "heroin"))
# No sentence is followed farther than this to either side of the word that it was found by.
_LONGEST = 320
_SENTENCE_ENDS = (". ", "! ", "; ", "\n")
_SENTENCE_END = re.compile(r"[.!](?=\s|$)|;\s|\n")


@dataclass(frozen=True, slots=True)
class Substance:
    """What a chart says of one substance at one place.

    Attributes:
        substance: tobacco, alcohol, opioids, cannabis, cocaine, stimulants, sedatives, hallucinogens, inhalants, other.
        pattern: `current use`, `abuse`, `dependence`, `use disorder` (of no stated severity), `in remission`, `former`,
            `never`, `none` (denied, without "never"), `exposure`.
        start: Where the words begin that say so.
        end: Where they end.
        attributes: `product`, `route`, `quantity`, `duration`, `quit`, `severity`, `remission`, `time`, in the words
            of the folded text.
    """

    substance: str
    pattern: str
    start: int
    end: int
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def concept(self) -> str:
        """What the fact is about (`tobacco use`)."""
        return "secondhand smoke exposure" if self.pattern == EXPOSED else CONCEPTS[self.substance]

    @property
    def assertion(self) -> Assertion:
        """What the shape itself says: present, historical (given up, history of), absent (never, denied)."""
        if ("time", "history") in self.attributes:
            return Assertion.HISTORICAL
        return _ASSERTIONS.get(self.pattern, Assertion.PRESENT)


@cache
def _gates() -> AhoCorasick:
    return AhoCorasick(words.GATES, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)


def find_substances(folded: str) -> Iterator[Substance]:
    """What a folded text says of tobacco, alcohol and drugs, in order: one of each substance and product a sentence."""
    page = squeeze(folded)
    for said in _found(page.text):
        if page.cuts:
            start, end = page.original(said.start, said.end)
            said = replace(said, start=start, end=end)
        yield said


def _found(folded: str) -> Iterator[Substance]:
    reached = 0
    # With a blank before the text a word that opens it has something before it, as the short ones need.
    for _, start, end in _gates().find_matches_as_indexes(" " + folded):
        if start >= reached:
            first, reached = _sentence(folded, max(0, start - 1), end - 1, reached)
            yield from _in_sentence(folded, first, reached)


def _sentence(folded: str, start: int, end: int, after: int) -> tuple[int, int]:
    """The sentence or line around a place, no longer than `_LONGEST` to either side."""
    first = max(after, start - _LONGEST)
    found = ((folded.rfind(mark, first, start), len(mark)) for mark in _SENTENCE_ENDS)
    first = max((at + size for at, size in found if at >= 0), default=first)
    stop = _SENTENCE_END.search(folded, end, end + _LONGEST)
    return first, (stop.start() if stop else min(len(folded), end + _LONGEST))


def _in_sentence(folded: str, first: int, last: int) -> Iterator[Substance]:
    exposed = words.EXPOSURE.search(folded, first, last)
    if exposed and _is_stated(folded, first, exposed.start()):
        yield Substance("tobacco", EXPOSED, exposed.start(), exposed.end())
    found: dict[tuple[str, str], Substance] = {}
    for said in _statements(folded, first, last):
        if exposed and exposed.start() <= said.start < exposed.end():
            continue
        key = (said.substance, dict(said.attributes).get("product", ""))
        found[key] = _graver(found[key], said) if key in found else said
    yield from sorted(_merged(list(found.values())), key=lambda s: s.start)


def _is_stated(folded: str, first: int, start: int) -> bool:
    """Whether an exposure is neither advised against nor denied."""
    cue = words.CUE.search(folded, first, start)
    return not words.ADVICE.search(folded, first, start) and not (cue and cue.lastgroup in ("none", "never"))


def _statements(folded: str, first: int, last: int) -> Iterator[Substance]:
    """What the sentence says at each name; a product right behind its substance says but its form."""
    previous: Substance | None = None
    for around, pattern in statuses(sentence(folded, first, last)):
        anchor = around.anchor
        if pattern:
            attributes, end = details(around, pattern)
            previous = Substance(anchor.substance, pattern, anchor.start, end, attributes)
            yield previous
        elif previous and anchor.product and anchor.substance == previous.substance:
            yield replace(previous, end=anchor.end, attributes=(("product", anchor.product),))


def _graver(one: Substance, other: Substance) -> Substance:
    """Of two statements of a sentence the one that counts, with what the other adds."""
    if _RANKS.index(other.pattern) > _RANKS.index(one.pattern):
        one, other = other, one
    own = dict(one.attributes)
    added = tuple((k, v) for k, v in other.attributes if k not in own and k != "time")
    start, end = min(one.start, other.start), max(one.end, other.end)
    return replace(one, start=start, end=end, attributes=ordered((*one.attributes, *added)))


def _merged(found: list[Substance]) -> list[Substance]:
    """The statements without those that but give the form of a substance (smokes … cigarettes)."""
    plain = {s.substance: s for s in found if "product" not in dict(s.attributes)}
    merged = []
    for said in found:
        product = dict(said.attributes).get("product")
        if said.substance in plain and product in _FORMS:
            plain[said.substance] = _graver(plain[said.substance], said)
        elif product:
            merged.append(said)
    return [*merged, *plain.values()]
