"""Where a text names something of the dictionary: one automaton over all terms, then the longest from the left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation

from leadterm.codesets.terms import Term
from leadterm.codesets.wording import Wording


@dataclass(frozen=True, slots=True)
class Mention:
    """A term at a place of the source text; `terms` are its readings, best first."""

    start: int
    end: int
    terms: tuple[Term, ...]


class Dictionary:
    """All terms in one automaton; built once, shared by every chart.

    Phrases are matched in normal form with a space on either side, so that only whole words match.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        """Groups the terms by phrase; the order of `terms` decides between readings of one phrase."""
        grouped: dict[str, list[Term]] = {}
        for term in terms:
            grouped.setdefault(term.phrase, []).append(term)
        self._terms = [tuple(ts) for ts in grouped.values()]
        patterns = [f" {key} " for key in grouped]
        self._automaton = AhoCorasick(patterns, implementation=Implementation.ContiguousNFA)

    def __len__(self) -> int:
        return len(self._terms)

    def find(self, wording: Wording, text: str, bounds: Sequence[tuple[int, int]]) -> list[Mention]:
        """The mentions in order of the text, none overlapping, each inside one of `bounds` (the segments)."""
        hits = self._automaton.find_matches_as_indexes(f" {wording.text} ", overlapping=True)
        # Offsets of the padded text: the match without its two spaces lies at [start, end - 2) of the wording.
        places = sorted((a, -(b - 2), i) for i, a, b in hits)
        found: list[Mention] = []
        reached = -1
        segment = 0
        for a, negative_end, index in places:
            if a < reached:
                continue
            start, end = wording.source(a, -negative_end)
            while segment < len(bounds) and bounds[segment][1] <= start:
                segment += 1
            if segment == len(bounds) or not (bounds[segment][0] <= start and end <= bounds[segment][1]):
                continue
            terms = _readings(self._terms[index], text, start, end, bounds[segment])
            if terms:
                found.append(Mention(start, end, terms))
                reached = -negative_end
        return found


def _readings(terms: tuple[Term, ...], text: str, start: int, end: int, segment: tuple[int, int]) -> tuple[Term, ...]:
    return tuple(t for t in terms if _holds(t, text, start, end, segment))


def _holds(term: Term, text: str, start: int, end: int, segment: tuple[int, int]) -> bool:
    """Whether the capitals are those asked for, and the sentence has what the term needs and nothing that vetoes it."""
    if term.exact is not None and text[start:end] != term.exact:
        return False
    if not (term.needs or term.vetoes):
        return True
    sentence = set(text[segment[0] : segment[1]].lower().replace(",", " ").replace(".", " ").split())
    return (not term.needs or bool(term.needs & sentence)) and not (term.vetoes & sentence)
