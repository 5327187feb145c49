"""De-identification of the annotated notes: what is removed, what in vain, how fast; and what coding loses by it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from leadterm.cases import AnnotatedNote, annotated_notes, load_cases, read_notes
from leadterm.codesets import open_book
from leadterm.codesets.store import data_home
from leadterm.deidentification import Dates, Options, Text, deidentify
from leadterm.domain import Document, Encounter
from leadterm.pipeline import Coder

from .figures import Figure, answer, cpu_seconds, median_of

FROZEN = Path(__file__).parent / "frozen"
SETS = {
    "frozen": FROZEN / "deidentification.toml",
    "later": FROZEN / "deidentification_later.toml",
    "third": FROZEN / "deidentification_third.toml",
}
SAMPLE = 200
LONG = 3000
TOKEN = re.compile(r"\w+")


@dataclass(slots=True)
class Score:
    """Identifiers and their words: all, those that were removed, those that were removed by their kind."""

    spans: Counter[str] = field(default_factory=Counter)
    spans_gone: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    words_gone: Counter[str] = field(default_factory=Counter)
    words_of_kind: Counter[str] = field(default_factory=Counter)
    replaced: int = 0
    in_vain: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    kept_gone: int = 0
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    vain: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Of the words of identifiers, those that were removed."""
        return self.words_gone.total() / self.words.total()

    @property
    def span_recall(self) -> float:
        """Of the identifiers, those of which no word is left."""
        return self.spans_gone.total() / self.spans.total()

    @property
    def precision(self) -> float:
        """Of the words that were removed, those of identifiers."""
        return 1 - self.in_vain.total() / self.replaced


def deidentified(note: AnnotatedNote) -> Text:
    """The note as a chart of its own, without a header."""
    return _without(note.text)


def score(notes: Iterable[AnnotatedNote]) -> Score:
    """The notes de-identified and held against their marks, word by word."""
    total = Score()
    for note in notes:
        _add(total, note, deidentified(note))
    return total


def _add(total: Score, note: AnnotatedNote, done: Text) -> None:
    gone = {n: str(r.kind) for r in done.replaced for n in range(r.start, r.end)}
    meant: set[int] = set()
    for kind, span in note.identifiers:
        meant.update(range(span.start, span.end))
        words = list(TOKEN.finditer(note.text, span.start, span.end))
        out = [w for w in words if all(n in gone for n in range(*w.span()))]
        total.spans[kind] += 1
        total.spans_gone[kind] += len(out) == len(words)
        total.words[kind] += len(words)
        total.words_gone[kind] += len(out)
        total.words_of_kind[kind] += sum(gone[w.start()] == kind for w in out)
        if len(out) < len(words):
            total.missed.append((note.id, kind, span.of(note.text)))
    for r in done.replaced:
        words = list(TOKEN.finditer(note.text, r.start, r.end))
        total.replaced += len(words)
        vain = [w for w in words if not meant.intersection(range(*w.span()))]
        total.in_vain[str(r.kind)] += len(vain)
        total.vain += [(note.id, r.rule, w[0]) for w in vain]
    total.kept += len(note.kept)
    total.kept_gone += sum(any(n in gone for n in range(s.start, s.end)) for s in note.kept)


def measure(quick: bool) -> dict[str, Any]:
    """Recall and precision of the shipped and of the frozen notes, and the rate."""
    notes = annotated_notes()
    figures = []
    for name, some in (("suite", notes), *((name, _frozen(name)) for name in SETS)):
        total = score(some)
        figures += [
            Figure(f"{name}, {len(some)} notes: words of identifiers removed", total.recall * 100, "%"),
            Figure(f"{name}: identifiers of which nothing is left", total.span_recall * 100, "%"),
            Figure(f"{name}: removed words that were identifiers'", total.precision * 100, "%"),
            Figure(f"{name}: look-alikes kept", (1 - total.kept_gone / total.kept) * 100, "%"),
        ]
        figures += [_of_kind(name, kind, total) for kind in sorted(total.words)]
    texts = list(_long(notes))
    seconds = median_of(1 if quick else 5, partial(cpu_seconds, lambda: [_without(text) for text in texts]))
    size = sum(map(len, texts))
    figures.append(Figure("texts of 3,000 characters a second", size / LONG / seconds, "/s"))
    figures += _codes(20 if quick else SAMPLE)
    return answer(figures, inputs=list(SETS.values()))


def _long(notes: Iterable[AnnotatedNote]) -> Iterator[str]:
    """The notes put together to texts of 3,000 characters and some more."""
    text = ""
    for note in notes:
        text += f"{note.text}\n\n"
        if len(text) >= LONG:
            yield text
            text = ""


def _without(text: str) -> Text:
    return deidentify(Encounter("chart", documents=(Document("d1", text),))).texts["d1"]


def _codes(count: int) -> list[Figure]:
    """Coding cases, drawn by chance, that have the same codes before and after; and their words that are replaced."""
    cases = list(load_cases().values())
    Random(11).shuffle(cases)
    coder, figures = Coder(open_book(data_home())), []
    before = {case.id: _code_set(coder, case.encounter) for case in cases[:count]}
    for options in (Options(), Options(Dates.SHIFT, key=b"not so secret: benchmarks")):
        after = [_code_set(coder, deidentify(case.encounter, options).encounter) for case in cases[:count]]
        same = sum(a == b for a, b in zip(before.values(), after, strict=True))
        figures.append(Figure(f"{count} coding cases, dates by {options.dates}: same codes", same, "cases"))
    return figures


def _code_set(coder: Coder, encounter: Encounter) -> frozenset[str]:
    return frozenset(str(one.code) for one in coder.code(encounter).assignments)


def _of_kind(name: str, kind: str, total: Score) -> Figure:
    return Figure(
        f"{name}: {kind}, {total.words[kind]} words, removed", total.words_gone[kind] / total.words[kind] * 100, "%"
    )


def _frozen(name: str) -> tuple[AnnotatedNote, ...]:
    return tuple(read_notes(SETS[name].read_text(encoding="utf-8")))
