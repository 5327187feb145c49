"""Documents that say the same: copies of one text, and texts that stand whole in another.

Two texts are one where their words agree, whatever their case and lines; one stands in another where all its runs of
five words do. Only documents of one day, or of days that are not told, can be copies: what is copied into the note of
another day is that day's statement, and abstraction says where its words come from. Nor can those of authors of two
roles: what a nurse wrote does not become a physician's by being written twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from leadterm.domain import Document, DocumentStatus, ReadingNote

from .versions import FINALITY

RUN = 5
LEAST_WORDS = 20
LONG = 8  # letters of a word that begins a run by which texts are compared
MOST_COMPARED = 12
NEAR = 0.9


class _Text:
    """The words of a document, and the runs of them that begin with a long word."""

    def __init__(self, document: Document) -> None:
        self.words = document.text.casefold().split()
        self.key = " ".join(self.words)
        starts = (n for n, word in enumerate(self.words[: 1 - RUN]) if len(word) >= LONG)
        self.runs = frozenset(tuple(self.words[n : n + RUN]) for n in starts)

    def within(self, other: _Text) -> bool:
        """Whether it stands whole in a longer text."""
        if len(self.words) >= len(other.words) or not self.runs <= other.runs:
            return False
        return self._all() <= other._all()

    def _all(self) -> set[tuple[str, ...]]:
        return {tuple(self.words[n : n + RUN]) for n in range(len(self.words) - RUN + 1)}


def told(documents: Sequence[Document], standing: Sequence[Document], notes: list[ReadingNote]) -> list[Document]:
    """The documents, those among the standing ones that repeat another marked as the same; notes say how many."""
    texts = {d.id: _Text(d) for d in standing}
    same = dict(_copies(standing, texts))
    left = [d for d in standing if d.id not in same]
    within = dict(_within(left, texts))
    near = sum(1 for _ in _near([d for d in left if d.id not in within], texts))
    notes += filter(None, (_note(COPY, len(same)), _note(WITHIN, len(within)), _note(NEAR_COPY, near)))
    same |= within
    return [replace(d, same_as=same[d.id]) if d.id in same else d for d in documents]


def _copies(standing: Sequence[Document], texts: dict[str, _Text]) -> Iterator[tuple[str, str]]:
    """Each document whose words are another's, with that one: the most final, else the first."""
    by_words: defaultdict[str, list[Document]] = defaultdict(list)
    for document in standing:
        if texts[document.id].words:
            by_words[texts[document.id].key].append(document)
    for same in by_words.values():
        kept: list[Document] = []
        for document in sorted(same, key=lambda d: -FINALITY[d.status]):
            if original := next((k for k in kept if _may_be_one(k, document)), None):
                yield document.id, original.id
            else:
                kept.append(document)


def _within(left: Sequence[Document], texts: dict[str, _Text]) -> Iterator[tuple[str, str]]:
    """Each document that stands whole in another, which is no less final, with that one."""
    gone: set[str] = set()
    for document, others in _pairs(left, texts):
        words = texts[document.id]
        for other in others:
            text = texts[other.id]
            final = FINALITY[other.status] >= FINALITY[document.status]
            if final and other.id not in gone and words.within(text):
                gone.add(document.id)
                yield document.id, other.id
                break


def _near(left: Sequence[Document], texts: dict[str, _Text]) -> Iterator[str]:
    """Each document most of whose runs another, that was met before, has too."""
    met: set[str] = set()
    for document, others in _pairs(left, texts):
        mine = texts[document.id].runs
        alike = (len(mine & texts[o.id].runs) / len(mine | texts[o.id].runs) for o in others if o.id in met)
        if any(share >= NEAR for share in alike):
            yield document.id
        met.add(document.id)


def _pairs(left: Sequence[Document], texts: dict[str, _Text]) -> Iterator[tuple[Document, list[Document]]]:
    """Each document of some length with those that may be copies of it and share one of its rarest runs."""
    holders: defaultdict[tuple[str, ...], list[Document]] = defaultdict(list)
    long = [d for d in left if len(texts[d.id].words) >= LEAST_WORDS and texts[d.id].runs]
    for document in long:
        for run in texts[document.id].runs:
            holders[run].append(document)
    for document in long:
        shared = sorted((len(holders[r]), r) for r in texts[document.id].runs if len(holders[r]) > 1)
        found = {o.id: o for _, run in shared[:3] for o in islice(holders[run], MOST_COMPARED) if o is not document}
        if others := [o for o in found.values() if _may_be_one(o, document)]:
            yield document, others


def _may_be_one(one: Document, other: Document) -> bool:
    """Whether two documents may be one: of one day and one role of authors, so far as they tell."""
    days = one.service_time and other.service_time and one.service_time.date() != other.service_time.date()
    roles = one.author_role and other.author_role and one.author_role.casefold() != other.author_role.casefold()
    # An addendum goes on with a text; repeating it is no reason to leave either out.
    added = DocumentStatus.ADDENDUM in (one.status, other.status) and one.status is not other.status
    return not (days or roles or added)


def _note(rule: str, count: int) -> ReadingNote | None:
    if not count:
        return None
    return ReadingNote(rule, f"{count} {'document is' if count == 1 else 'documents are'} {SAID[rule]}.")


COPY, WITHIN, NEAR_COPY = (
    "LEADTERM:records/joined-copy",
    "LEADTERM:records/joined-within",
    "LEADTERM:records/joined-near",
)
SAID = {
    COPY: "word for word another of this encounter, and read once",
    WITHIN: "contained whole in another of this encounter, and read once",
    NEAR_COPY: "nearly the same as another of this encounter; both were read",
}
