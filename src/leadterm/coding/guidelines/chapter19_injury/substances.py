"""Drugs and other substances that a sentence names, each with its stem in the Table of Drugs and Chemicals (I.C.19.e).

The stem is the code before the character that says intent: 1 to 4 poisoning, 5 adverse effect, 6 underdosing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from leadterm.codesets.alphabetic.columns import DrugTable
from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Names
from leadterm.domain import Assertion, Evidence, Fact, FactKind, Span

TABLE = "guidelines/chapter19_injury/drug_stems"
KEPT = 4_000
# What the chart says in words that the vocabulary knows as a class and not as a drug.
_CLASS_NAMES = frozenset("opioid corticosteroid steroid fluoroquinolone cephalosporin biologic vaccine".split())


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document, in lower case with the offsets of the document, and the facts that stand in it."""

    document: str
    span: Span
    text: str
    facts: tuple[Fact, ...]
    section: str

    def between(self, start: int, end: int) -> str:
        """The words between two places of the document."""
        return self.text[max(0, start - self.span.start) : max(0, end - self.span.start)]


@dataclass(frozen=True, slots=True)
class Substance:
    """A substance where a sentence names it: its stem, its place, and the fact that it is, where it is one."""

    name: str
    stem: str
    start: int
    end: int
    fact: Fact | None


def evidence_of(sentence: Sentence, s: Substance, text: str) -> Fact | None:
    """The fact that a substance is; where it is none, its words, in the place of the nearest fact of the sentence."""
    if s.fact is not None or not sentence.facts:
        return s.fact
    near = min(sentence.facts, key=lambda f: abs(f.mention.span.start - s.start))
    span = Span(s.start, s.end)
    return replace(near, concept=s.name, evidence=(Evidence(sentence.document, span, span.of(text)),), cues=())


def sentences(chart: Chart) -> list[Sentence]:
    """The sentences that hold facts, in order of the text."""
    return chart.once("drugs:sentences", lambda: _sentences(chart))


def _sentences(chart: Chart) -> list[Sentence]:
    held: dict[tuple[str, int, int], list[Fact]] = {}
    for f in chart.facts:
        whole = f.segment or f.mention.span
        held.setdefault((f.mention.document, whole.start, whole.end), []).append(f)
    return [
        Sentence(document, Span(start, end), _flat(chart, document, start, end), tuple(facts), facts[0].section)
        for (document, start, end), facts in held.items()
        if end - start <= LONGEST
    ]


LONGEST = 2_000
_BLANK = re.compile(r"\s")


def _flat(chart: Chart, document: str, start: int, end: int) -> str:
    """The words between two places, in small letters, every blank as a space."""

    def read() -> str:
        return _BLANK.sub(" ", chart.encounter.document(document).text)

    return chart.once(f"drugs:blanks:{document}", read)[start:end].lower()


def substances(chart: Chart, sentence: Sentence) -> list[Substance]:
    """The substances that a sentence names: those that the vocabulary knows, then words of the table."""
    place = f"drugs:{sentence.document}:{sentence.span.start}"
    return chart.once(place, lambda: _substances(chart, sentence))


def _substances(chart: Chart, sentence: Sentence) -> list[Substance]:
    found = [s for f in sentence.facts if (s := _known(chart, f)) is not None]
    taken = [(s.start, s.end) for s in found]
    for m in _words().finditer(sentence.text):
        start, end = m.start() + sentence.span.start, m.end() + sentence.span.start
        if not any(a < end and start < b for a, b in taken):
            entry = _table().get(("word", m.group())) or _table()["concept", m.group()]
            near = next((f for f in sentence.facts if f.mention.span.start <= start < f.mention.span.end), None)
            found.append(Substance(m.group(), _refined(chart, entry[0], entry[1]), start, end, near))
    return sorted(found, key=lambda s: s.start)


def _known(chart: Chart, f: Fact) -> Substance | None:
    if f.kind is not FactKind.DRUG or f.assertion is Assertion.FAMILY:
        return None
    stem = stem_of(chart, f)
    return Substance(f.concept, stem, f.mention.span.start, f.mention.span.end, f) if stem else None


def stem_of(chart: Chart, f: Fact) -> str | None:
    """The stem of a drug of the vocabulary: its own, that of the official table, that of its class."""
    own = _table().get(("concept", f.concept))
    if own:
        return own[0]
    kind = f.attributes.get("class", "")
    of_class = _table().get(("class", kind))
    if f.concept == kind or f.concept in _CLASS_NAMES:
        return _refined(chart, of_class[0], of_class[1]) if of_class else None
    listed = _listed(chart.drug_table, f.concept) or _listed(chart.drug_table, f.mention.text.lower())
    return listed or (of_class[0] if of_class else None)


def stem_named(chart: Chart, name: str) -> str | None:
    """The stem of what these words name, the whole or one of them; None where they name no substance."""
    for words in (name, *name.split()):
        entry = _table().get(("concept", words)) or _table().get(("word", words))
        if entry:
            return _refined(chart, *entry)
        if len(words) > SHORT and (stem := _listed(chart.drug_table, words)):
            return stem
    return None


SHORT = 4


def _refined(chart: Chart, stem: str, classes: Iterable[str]) -> str:
    """The stem of the one drug of these classes that the chart names; the general one where there is not one."""
    wanted = tuple(classes)
    named = {
        s
        for f in chart.facts
        if wanted
        and f.kind is FactKind.DRUG
        and f.attributes.get("class", "").replace(" ", "_") in wanted
        and f.concept != f.attributes.get("class")
        and f.concept not in _CLASS_NAMES
        and (s := stem_of(chart, f))
    }
    return next(iter(named)) if len(named) == 1 else stem


@lru_cache(maxsize=KEPT)
def _listed(table: DrugTable | None, name: str) -> str | None:
    """The stem that the official table has for exactly this name."""
    for row in table.find(name, 3) if table else ():
        code = row.adverse_effect or row.accidental
        if code and row.path.lower().split(" (")[0] == name:
            return code.code[:-1]
    return None


@cache
def _table() -> dict[tuple[str, str], tuple[str, tuple[str, ...]]]:
    return {(r["kind"], r["name"]): (r["stem"], tuple(r["classes"].split())) for r in rows(TABLE)}


@cache
def _words() -> Names:
    return Names(name for kind, name in _table() if kind != "class")


def with_intent(chart: Chart, stem: str, intent: str, episode: str = "A") -> str | None:
    """The billable code of a stem with its characters of intent and episode; None where the list has none."""
    for filler in ("", "X", "XX"):
        if chart.book.is_billable(code := f"{stem}{intent}{filler}{episode}"):
            return code
    return None
