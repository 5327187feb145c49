"""Finds diagnoses: what shares rare words with the query comes first, whichever of a code's phrases says them."""

from __future__ import annotations

from collections.abc import Mapping

from .asked import Asked
from .entry import BILLABLE, EXTENDED, HEADER, OTHER, UNSPECIFIED, candidate
from .kin import Kin, Ranked
from .opening import Index, Words
from .sources import DRUG, EXTERNAL, KINDS, ONTOLOGY, SYNONYM, TITLE
from .words import bag, search_words, stem, stems

# Candidates taken from the index; what is not among them is not wanted.
CANDIDATES = 64
# What a word weighs as it is written, by its stem, in the code's other phrases and the titles above, and the stems
# that it leads to. Found by trying on the development half of benchmarks/retrieval.py.
AS_WRITTEN, BY_STEM, NEAR, LEADS = 0.3, 1.0, 0.5, 0.9
# Words that are looked for near a phrase, and stems that are led to: those that say most.
TOLD = 6
# Words from which on a phrase that says them all is enough.
MANY = 4
# Completions beyond these are looked for as they are written alone.
FULLY = 4
# What is added to a phrase by where it stands.
BY_KIND = {SYNONYM: -0.05, EXTERNAL: -0.05, ONTOLOGY: -0.15, DRUG: -0.15}
# The phrase is a title; says what was asked, in its order, in another; begins as what was typed.
IS_TITLE, IS_PHRASE, SAME_WORDS, BEGINS = 3.0, 0.4, 0.25, 3.0
# Of two that differ in a plural, the one that was typed.
TO_THE_LETTER = 0.5
# Begins so, and what was typed is a word.
BEGINS_KNOWN = 0.5
# A further phrase of the same code that matches, up to so many.
FURTHER, MOST_FURTHER = 0.1, 2
# A header is rarely meant, least where "unspecified" is asked for.
IS_HEADER, HEADER_UNSPECIFIED = 0.05, 0.2
# "Unspecified" that was asked for; "other" where words of the query are nowhere.
SAYS_UNSPECIFIED, SAYS_OTHER = 0.15, 0.04
_MERITS = tuple(BY_KIND.get(kind, 0.0) for kind in KINDS)
# A name of the ontology is as good as another order of words: it often stands for a wider class.
_AS_PHRASE = tuple({TITLE: IS_TITLE, ONTOLOGY: SAME_WORDS}.get(kind, IS_PHRASE) for kind in KINDS)


class Diagnoses:
    """Search over the index of diagnoses."""

    def __init__(self, index: Index, words: Words) -> None:
        self._index = index
        self._words = words
        self._kin = Kin(index)

    def named(self, asked: Asked) -> list[Ranked]:
        """The codes of which a phrase is just what was typed."""
        whole = self._same("whole", " ".join(asked.typed))
        found = self._by_code(dict.fromkeys(whole, 1.0), frozenset(whole), frozenset(), asked)
        self._kin.add_defaults(found)
        return _in_order(found)

    def find(self, asked: Asked, most: int) -> list[Ranked]:
        """The best codes, best first."""
        if asked.hopeless or not asked.words:
            return []
        hits, ideal = self._hits(asked, max(CANDIDATES, 2 * most))
        whole = frozenset(self._same("whole", " ".join(asked.typed)))
        same = frozenset(self._same("bag", bag(asked.read)))
        scores = {number: score / ideal for score, number in hits}
        for number in whole | same:
            scores.setdefault(number, 1.0)
        found = self._by_code(scores, whole, same, asked)
        self._kin.add(found, asked)
        return _in_order(found)

    def extended(self, words: list[str]) -> list[str]:
        """The codes of this title that take a 7th character."""
        entries = [self._index.entry(number) for number in self._same("whole", " ".join(words))]
        return [e.code for e in entries if e.kind == TITLE and e.flags & EXTENDED]

    def count(self, asked: Asked) -> int:
        """How many codes have every word in one of their phrases or another, or in the titles above."""
        index = self._index
        if not asked.words or not all(word.ways for word in asked.words):
            return 0
        parts = [index.term("mark", TITLE)]
        for word in asked.words:
            fields = [(f, stem(way)) for way, _ in word.ways for f in ("stems", "near")]
            parts.append(index.any_of(index.term(f, w) for f, w in dict.fromkeys(fields)))
        return index.count(index.all_of(parts))

    def _same(self, field: str, text: str) -> list[int]:
        if not text or not self._index.found_in(field, text):
            return []
        return [n for _, n in self._index.hits(self._index.term(field, text), CANDIDATES)]

    def _hits(self, asked: Asked, most: int) -> tuple[list[tuple[float, int]], float]:
        """The best phrases, and what one would score that says just what was asked.

        Where a phrase says all of it, what stands near phrases is not asked for: that is half of the cost.
        """
        index, parts, ideal = self._index, [], 0.0
        near: dict[str, float] = {}
        for word in asked.words:
            best = 0.0
            for n, (way, weight) in enumerate(word.ways):
                root = stem(way)
                written, by_stem = index.rarity("words", way), index.rarity("stems", root)
                around = index.rarity("near", root)
                own_weight = AS_WRITTEN * written + BY_STEM * by_stem
                best = max(best, own_weight or NEAR * around)
                if written:
                    parts.append(index.term("words", way, AS_WRITTEN * weight))
                if by_stem:
                    parts.append(index.term("stems", root, BY_STEM * weight))
                if around and n < (1 if asked.short else FULLY):
                    near[root] = max(near.get(root, 0.0), weight)
            ideal += best
        if asked.short:
            known = index.rarity("words", asked.typed[0]) > 0
            parts.append(index.term("begins", asked.typed[0], BEGINS_KNOWN if known else BEGINS))
        hits = index.hits(index.any_of(parts), most) if parts else []
        if len(asked.words) < MANY or not self._says_all(hits, asked):
            told = sorted(near, key=lambda root: -near[root] * index.rarity("near", root))[:TOLD]
            parts += [index.term("near", root, NEAR * near[root]) for root in told]
            # What a word less likely means would be a guess upon a guess.
            likely = {stem(word.ways[0][0]) for word in asked.words if word.ways}
            meant = {root: weight for root, weight in near.items() if root in likely}
            parts += [index.term("stems", led, LEADS * share) for led, share in self._led(meant)]
            hits = index.hits(index.any_of(parts), most) if parts else []
        return hits, ideal or 1.0

    def _says_all(self, hits: list[tuple[float, int]], asked: Asked) -> bool:
        """Whether the best phrase has every word."""
        if not hits:
            return False
        said = set(stems(search_words(self._index.entry(hits[0][1]).surface)))
        return all(any(stem(way) in said for way, _ in word.ways) for word in asked.words)

    def _led(self, roots: Mapping[str, float]) -> list[tuple[str, float]]:
        """The stems that the stems of the query lead to, those that say most."""
        found: dict[str, float] = {}
        for root, weight in roots.items():
            for led, share in self._words.leads(root):
                if led not in roots:
                    found[led] = max(found.get(led, 0.0), share * weight)
        says = self._index.rarity
        return sorted(found.items(), key=lambda f: -f[1] * says("stems", f[0]))[:TOLD]

    def _by_code(
        self, scores: dict[int, float], whole: frozenset[int], same: frozenset[int], asked: Asked
    ) -> dict[int, Ranked]:
        """The codes of the phrases, each with its best one."""
        found: dict[int, Ranked] = {}
        numbers = sorted(scores, key=lambda n: -scores[n])
        for number, packed in zip(numbers, self._index.places(numbers), strict=True):
            own, fit = candidate(packed), scores[number]
            score, is_same = fit + _MERITS[own.kind], number in whole or number in same
            if number in whole:
                score += _AS_PHRASE[own.kind] + self._to_the_letter(number, asked)
            elif is_same:
                score += SAME_WORDS
            first = found.get(own.title)
            if first is None:
                found[own.title] = Ranked(number, own, score + _merit(own.flags, fit, asked), same=is_same)
            elif is_same:
                score += _merit(own.flags, fit, asked)
                if score > first.score:
                    found[own.title] = Ranked(number, own, score, MOST_FURTHER, same=True)
            elif first.further < MOST_FURTHER:
                first.score += FURTHER * score
                first.further += 1
        return found

    def _to_the_letter(self, number: int, asked: Asked) -> float:
        return TO_THE_LETTER * (self._index.entry(number).surface.casefold() == asked.text.strip().casefold())


def _in_order(found: dict[int, Ranked]) -> list[Ranked]:
    """Best first; of equals what can be billed, then what has the shorter title."""
    return sorted(found.values(), key=lambda r: (-r.score, not r.own.flags & BILLABLE, r.own.title))


def _merit(flags: int, fit: float, asked: Asked) -> float:
    """What speaks for a code and against it, whatever phrase of it matched."""
    merit = 0.0
    if flags & HEADER:
        merit -= HEADER_UNSPECIFIED if asked.unspecified else IS_HEADER
    if flags & UNSPECIFIED and asked.unspecified:
        merit += SAYS_UNSPECIFIED
    if flags & OTHER and not asked.other:
        merit += SAYS_OTHER * max(0.0, 1 - fit)
    return merit
