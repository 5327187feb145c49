"""Where a text names something of the dictionary: one automaton over all terms, then the longest from the left.

The automaton reads words as if they were letters: each word of the dictionary is one character, so that a term is a
short string, only whole words can match, and a note of 3 KB is a text of some 500 characters. What no automaton can
find (words in another order, words shared by two terms, misspelt words) is looked for where the words allow it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from leadterm.codesets.terms import Term
from leadterm.codesets.wording import normalise, phrase
from leadterm.domain import FactKind, Step

from .._vocabulary import Entry
from ._alphabet import UNKNOWN, Alphabet, words_of
from ._candidate import Candidate
from ._elliptical import Ellipsis
from ._permuted import Permuted, bags_of
from ._spelling import Speller, shortened_words
from .image import Image
from .sense import Sense, sense_of

_MARKS = ".,;:?!()[]{}\"'*"
_JOINTS = re.compile(r"[/,;:()+&]")
# Terms of the phrases that charts use; the others stay packed.
UNPACKED_KEPT = 20_000
Segment = tuple[int, int, str]
"""Start, end and kind of section of a segment."""


class Mention(NamedTuple):
    """A term at a place of the source text.

    Attributes:
        start, end: The words that are its own.
        terms: Its readings, best first.
        shared: Where the words stand that it shares with a neighbour ("diabetes" of "type 1" in "type 1 and 2
            diabetes"), in order.
    """

    start: int
    end: int
    terms: tuple[Term, ...]
    shared: tuple[tuple[int, int], ...] = ()


class Dictionary:
    """All terms in one automaton; built once, shared by every chart.

    Attributes:
        sense: What the readings of a mention make of it; remembered.
    """

    def __init__(self, terms: Iterable[Term], entries: Sequence[Entry] = (), image: Image | None = None) -> None:
        """Groups the terms by phrase, those of the vocabulary last; the order decides between readings of a phrase.

        With the `image` of a dictionary of the same terms and entries the terms are not asked for.
        """
        self._entries: dict[str, list[Entry]] = {}
        for entry in entries:
            self._entries.setdefault(entry.concept, []).append(entry)
        self._image = image or self._made(chain(terms, map(_uncoded, entries)))
        self._packed = self._image.packed
        self._terms = lru_cache(UNPACKED_KEPT)(self._unpacked)
        self.sense = lru_cache(UNPACKED_KEPT)(self._sense)
        self._alphabet = Alphabet(self._image.words)
        spelt = self._image.spelt
        self._automaton = AhoCorasick(spelt, implementation=Implementation.ContiguousNFA)
        self._ellipsis = Ellipsis({spelt[n]: n for n in self._image.things}, self._alphabet)
        self._permuted = Permuted(self._image.permuted, self._alphabet)
        self._speller = Speller(self._alphabet.words, self._image.misspelt)

    @property
    def image(self) -> Image:
        """What it is made of, to be kept."""
        return self._image

    def _made(self, terms: Iterable[Term]) -> Image:
        # One string a phrase: strings are no business of the garbage collector, which would otherwise walk over a
        # hundred thousand terms again and again (measured: a third of the time of a chart).
        grouped: dict[str, str] = {}
        for term in terms:
            known = grouped.get(term.phrase)
            grouped[term.phrase] = f"{known}\n{_packed(term)}" if known else _packed(term)
        self._packed = list(grouped.values())
        alphabet = Alphabet(words_of(grouped))
        return Image(
            self._packed,
            alphabet.words,
            [alphabet.read(phrase.split()) for phrase in grouped],
            [number for number in range(len(grouped)) if self._is_thing(number)],
            bags_of(((p, n) for n, p in enumerate(grouped) if self._permutes(n)), alphabet),
            shortened_words(alphabet.words),
        )

    def _entry(self, term: Term) -> Entry | None:
        """The row of the vocabulary that a term was made of; None where it was made of none."""
        return next((e for e in self._entries.get(term.concept, ()) if _uncoded(e) == term), None)

    def _sense(self, terms: tuple[Term, ...]) -> Sense:
        uncoded = next((term for term in terms if not term.code), None)
        return sense_of(terms, self._entry(uncoded) if uncoded else None)

    def __len__(self) -> int:
        return len(self._packed)

    def _is_thing(self, number: int) -> bool:
        """Whether a phrase is more than a bare finding ("swelling"), which may be part of a term with a neighbour."""
        row = self._packed[number].partition("\n")[0]
        if row.split("\t", 3)[2]:
            return True  # most phrases have a code, and unpacking a hundred thousand takes half a second
        entry = self._entry(_term(row))
        return entry is None or entry.kind not in (FactKind.FINDING, FactKind.CONDITION)

    def _permutes(self, number: int) -> bool:
        """Whether the first reading of a phrase is a disease, an injury or a symptom whatever the order of words."""
        _, _, code, _, exact, *_ = self._packed[number].partition("\n")[0].split("\t")
        return "A" <= code[:1] <= "T" and not exact

    def _unpacked(self, number: int) -> tuple[Term, ...]:
        return tuple(map(_term, self._packed[number].split("\n")))

    def find(self, folded: str, text: str, segments: Sequence[Segment]) -> list[Mention]:
        """The mentions in order of the text, none overlapping, each inside one of the segments."""
        return _Search(self, folded, text, segments).mentions()


class _Search:
    """One text with its words and segments, and what is found in it."""

    def __init__(self, dictionary: Dictionary, folded: str, text: str, segments: Sequence[Segment]) -> None:
        self.dictionary, self.folded, self.text, self.segments = dictionary, folded, text, segments
        wording = normalise(folded)
        self.words, self.starts, self.ends = wording.words, wording.starts, wording.ends
        self.letters = dictionary._alphabet.read(self.words)
        self._mend()
        self._begins = [s[0] for s in segments]
        self._said: dict[int, _Sentence] = {}

    def _mend(self) -> None:
        """Reads misspelt words as the words that they are meant to be."""
        at = self.letters.find(UNKNOWN)
        if at < 0:
            return
        letters: list[str] | None = None
        correct = self.dictionary._speller.correct
        while at >= 0:
            meant = correct(self.words[at])
            if meant is not None:
                letters = list(self.letters) if letters is None else letters
                letters[at] = self.dictionary._alphabet.letter(meant)
            at = self.letters.find(UNKNOWN, at + 1)
        if letters is not None:
            self.letters = "".join(letters)

    def mentions(self) -> list[Mention]:
        found = self._contiguous()
        extra = [
            *self.dictionary._permuted.find(self.letters, self._punctuated),
            *self.dictionary._ellipsis.find(self.letters, self.folded, self.starts, self.ends),
        ]
        if extra:
            found = self._joined(found, extra)
        return self._with_refused(found) if self._refused else found

    def _with_refused(self, found: list[Mention]) -> list[Mention]:
        """The mentions, and as such without a code those terms of several words whose sentence vetoes their code.

        "Esophageal varices" in cirrhosis have another code than those of nothing known, but they are varices.
        """
        for first, last, number in self._refused:
            term = self.dictionary._terms(number)[0]
            start, end = self.starts[first], self.ends[last - 1]
            at = bisect_right(self._begins, start) - 1
            if not term.code or term.exact or term.needs or at < 0 or end > self.segments[at][1]:
                continue
            if self.segments[at][2] in term.outside or (term.within and self.segments[at][2] not in term.within):
                continue
            place = bisect_right(found, start, key=lambda m: m.end)
            if place == len(found) or found[place].start >= end:
                found.insert(place, Mention(start, end, (term._replace(code=""),)))
        return found

    def _contiguous(self) -> list[Mention]:
        hits = self.dictionary._automaton.find_matches_as_indexes(self.letters, overlapping=True)
        found: list[Mention] = []
        reached = -1
        self._taken: set[tuple[int, int]] = set()
        self._refused: list[tuple[int, int, int]] = []
        for first, negative_last, number in sorted((a, -b, n) for n, a, b in hits):
            last = -negative_last
            if first < reached or (last - first > 1 and self._reaches_over(first, last)):
                continue
            if mention := self._mention(first, last, number):
                found.append(mention)
                reached = last
                self._taken.add((first, last))
            elif last - first > 1:
                self._refused.append((first, last, number))
        return found

    def _reaches_over(self, first: int, last: int) -> bool:
        """Whether the last word, behind a comma, belongs to the next thing: "gout, chronic kidney disease"."""
        if "," not in self.folded[self.ends[last - 2] : self.starts[last - 1]]:
            return False
        trailing = self.folded[self.starts[last - 1] : self.ends[last - 1]]
        return trailing in _TRAILING and bool(_WORD_AFTER.match(self.folded, self.ends[last - 1]))

    def _mention(self, first: int, last: int, number: int, shared: tuple[tuple[int, int], ...] = ()) -> Mention | None:
        """The words `first` to `last` as a mention, if they are whole words inside one segment that bears them out."""
        start, end = self.starts[first], self.ends[last - 1]
        folded = self.folded
        if folded[end : end + 1].isalnum() or (start and folded[start - 1].isalnum()):
            return None  # "PCO" of "PCO2"
        at = bisect_right(self._begins, start) - 1
        if at < 0 or end > self.segments[at][1]:
            return None
        places: tuple[tuple[int, int], ...] = ()
        if shared:
            places = tuple((self.starts[a], self.ends[b - 1]) for a, b in shared)
            if any(a < self.segments[at][0] or b > self.segments[at][1] for a, b in places):
                return None
        terms = self.dictionary._terms(number)
        if len(terms) == 1 and terms[0].plain:
            return Mention(start, end, terms, places)
        said = self._said.get(at)
        if said is None:
            said = self._said[at] = _Sentence(folded, *self.segments[at])
        written = self.text[start:end]
        borne = tuple(t for t in terms if said.supports(t, written))
        return Mention(start, end, borne, places) if borne else None

    def _joined(self, found: list[Mention], extra: list[Candidate]) -> list[Mention]:
        """The mentions with further ones, which take the place of those that say less of the same words."""
        for candidate in sorted(extra, key=lambda c: -c.size):
            if (candidate.first, candidate.last) in self._taken:
                continue
            mention = self._mention(candidate.first, candidate.last, candidate.phrase, candidate.shared)
            if mention is None:
                continue
            low = bisect_right(found, mention.start, key=lambda m: m.end)
            high = low
            while high < len(found) and found[high].start < mention.end:
                high += 1
            within = all(mention.start <= m.start and m.end <= mention.end and not m.shared for m in found[low:high])
            if within and all(_size(m) < candidate.size or _says_less(m, mention) for m in found[low:high]):
                found[low:high] = [mention]
        return found

    def _punctuated(self, first: int, last: int) -> Iterator[int]:
        """After which of the words a mark stands that parts it from the next, for words `first` to `last` - 1."""
        for at in range(first, last - 1):
            gap = self.folded[self.ends[at] : self.starts[at + 1]]
            if any(mark in gap for mark in ",/()-&") and gap.strip() != "-":
                yield at


# Words that stand behind their noun in an index and before it in a chart.
_TRAILING = frozenset("acute chronic subacute recurrent severe primary secondary ulcer ulcers".split())
_WORD_AFTER = re.compile(r" (?!(?:with|without|and|or|on|in|of|due|to|from|for|by|at|since|now|is|was|x)\b)[a-z]")


def _says_less(mention: Mention, than: Mention) -> bool:
    """Whether a mention opens at no code where another does."""
    return bool(than.terms[0].code) and not mention.terms[0].code


def _size(mention: Mention) -> int:
    return len(mention.terms[0].phrase.split())


def _uncoded(e: Entry) -> Term:
    """An entry of the vocabulary as a term that opens at no code."""
    exact = e.surface if e.exact else None
    return Term(phrase(e.surface), e.concept, "", Step.LEXICON, exact, e.needs, e.vetoes, e.within, e.outside)


def _packed(t: Term) -> str:
    marks = (" ".join(sorted(m)) for m in (t.needs, t.vetoes, t.within, t.outside))
    return "\t".join((t.phrase, t.concept, t.code, t.source.value, t.exact or "", *marks))


def _term(row: str) -> Term:
    phrase, concept, code, source, exact, *marks = row.split("\t")
    return Term(phrase, concept, code, Step(source), exact or None, *(frozenset(m.split()) for m in marks))


class _Sentence:
    """A segment and, once a term asks for them, its words."""

    def __init__(self, folded: str, start: int, end: int, section: str) -> None:
        self.folded, self.start, self.end, self.section = folded, start, end, section
        self._words: set[str] | None = None

    def supports(self, term: Term, written: str) -> bool:
        """Whether capitals, section and sentence are those that the term asks for."""
        if term.exact is not None and " ".join(written.split()) != term.exact:
            return False
        if self.section in term.outside or (term.within and self.section not in term.within):
            return False
        if not (term.needs or term.vetoes):
            return True
        return (not term.needs or not term.needs.isdisjoint(self.words)) and term.vetoes.isdisjoint(self.words)

    @property
    def words(self) -> set[str]:
        """Everything between blanks, also without the marks around it, and its parts: "PE/DVT" is also "dvt"."""
        if self._words is None:
            found = self.folded[self.start : self.end]
            whole = found.split()
            whole += [word.strip(_MARKS) for word in whole]
            self._words = {*whole, *_JOINTS.sub(" ", " ".join(whole)).split()}
        return self._words
