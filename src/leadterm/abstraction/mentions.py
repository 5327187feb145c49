"""Where a text names something of the dictionary: one automaton over all terms, then the longest from the left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, Implementation

from leadterm.codesets.terms import Term
from leadterm.codesets.wording import Wording
from leadterm.domain import Step

from ._fold import fold

_MARKS = ".,;:?!()[]{}\"'*"
_JOINTS = re.compile(r"[/,;:()+&]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A term at a place of the source text; `terms` are its readings, best first."""

    start: int
    end: int
    terms: tuple[Term, ...]


# Terms of the phrases that charts use; the others stay packed.
UNPACKED_KEPT = 20_000
# A term as strings alone. Tuples of strings are no business of the garbage collector, which would otherwise walk over
# a hundred thousand terms again and again: measured, that took a third of the time of a chart.
_Row = tuple[str, str, str, str, str | None, str, str]


def _packed(t: Term) -> _Row:
    return (t.phrase, t.concept, t.code, t.source.value, t.exact, " ".join(t.needs), " ".join(t.vetoes))


def _unpacked(row: _Row) -> Term:
    phrase, concept, code, source, exact, needs, vetoes = row
    return Term(phrase, concept, code, Step(source), exact, frozenset(needs.split()), frozenset(vetoes.split()))


class Dictionary:
    """All terms in one automaton; built once, shared by every chart.

    Phrases are matched in normal form with a space on either side, so that only whole words match.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        """Groups the terms by phrase; the order of `terms` decides between readings of one phrase."""
        grouped: dict[str, list[Term]] = {}
        for term in terms:
            grouped.setdefault(term.phrase, []).append(term)
        self._packed = [tuple(_packed(t) for t in ts) for ts in grouped.values()]
        self._terms = lru_cache(UNPACKED_KEPT)(self._unpacked)
        patterns = [f" {key} " for key in grouped]
        self._automaton = AhoCorasick(patterns, implementation=Implementation.ContiguousNFA)

    def __len__(self) -> int:
        return len(self._packed)

    def _unpacked(self, index: int) -> tuple[Term, ...]:
        return tuple(_unpacked(row) for row in self._packed[index])

    def find(self, wording: Wording, text: str, bounds: Sequence[tuple[int, int]]) -> list[Mention]:
        """The mentions in order of the text, none overlapping, each inside one of `bounds` (the segments)."""
        hits = self._automaton.find_matches_as_indexes(f" {wording.text} ", overlapping=True)
        # Offsets of the padded text: the match without its two spaces lies at [start, end - 2) of the wording.
        places = sorted((a, -(b - 2), i) for i, a, b in hits)
        found: list[Mention] = []
        reached = -1
        segment, said = 0, _Sentence(text, -1, -1)
        for a, negative_end, index in places:
            if a < reached:
                continue
            start, end = wording.source(a, -negative_end)
            if text[end : end + 1].isalnum() or text[max(0, start - 1) : start].isalnum():
                continue  # "PCO" of "PCO2"
            while segment < len(bounds) and bounds[segment][1] <= start:
                segment += 1
            if segment == len(bounds) or not (bounds[segment][0] <= start and end <= bounds[segment][1]):
                continue
            if said.start != bounds[segment][0]:
                said = _Sentence(text, *bounds[segment])
            words = text[start:end]
            terms = tuple(t for t in self._terms(index) if said.supports(t, words))
            if terms:
                found.append(Mention(start, end, terms))
                reached = -negative_end
        return found


class _Sentence:
    """A segment and, once a term asks for them, its words."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self._words: set[str] | None = None

    def supports(self, term: Term, written: str) -> bool:
        """Whether the capitals are those asked for, and the sentence has what the term needs and no veto."""
        if term.exact is not None and " ".join(written.split()) != term.exact:
            return False
        if not (term.needs or term.vetoes):
            return True
        return (not term.needs or not term.needs.isdisjoint(self.words)) and term.vetoes.isdisjoint(self.words)

    @property
    def words(self) -> set[str]:
        """Everything between blanks, also without the marks around it, and its parts: "PE/DVT" is also "dvt"."""
        if self._words is None:
            found = fold(self.text[self.start : self.end])
            whole = {form for w in found.split() for form in (w, w.strip(_MARKS))}
            self._words = whole | {part for w in whole for part in _JOINTS.split(w)}
        return self._words
