"""Finds codes by words or by the beginning of a code.

First comes what is a title word for word, then what is another phrase word for word, then what shares the rarest words
with the query. Typing errors are forgiven in words that no phrase has; the last word may be unfinished.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Protocol

from leadterm.domain import Code, CodeSystem, Hit

from ..nodes import Node
from ..tree import Tree
from .asked import Asked, asked
from .diagnoses import Diagnoses
from .entry import BILLABLE, EXTENDED, EXTENSION
from .flat import Flat
from .index import WORDS
from .kin import Ranked
from .opening import Index, Words
from .sources import CM, DRUG, EXTERNAL, HCPCS, INCLUSION, INDEX, NEOPLASM, ONTOLOGY, PCS, SYNONYM, TITLE
from .words import OPTIONAL, search_words, stem

# Beyond so many codes `count` does not count on.
MOST_COUNTED = 10_000
# Of a text that is longer the beginning counts; no title has so many.
MOST_CHARACTERS = 1_000
# Answers kept: beginnings of words are typed again and again.
FOUND_KEPT = 512
# Score of a hit (0 to 1) by what the ranking says: HALF stands for 0.5.
HALF = 0.5
# Parts of a title, set off by commas, that may be the meaning of a 7th character.
MOST_COMMAS = 4
_DIAGNOSIS = re.compile(r"[A-Z][0-9]([0-9A-Z](\.?[0-9A-Z]{1,4}|\.)?)?|QA[0-9A-Z]?")
_PROCEDURE = re.compile(r"(?=.*[0-9])[0-9A-HJ-NP-Z]{3,7}")
_SUPPLY = re.compile(r"[A-V][0-9]{1,4}")
MATCHED = {
    TITLE: "title",
    INCLUSION: "inclusion term: {}",
    SYNONYM: "synonym: {}",
    INDEX: "index: {}",
    EXTERNAL: "index of external causes: {}",
    NEOPLASM: "Neoplasm Table: {}",
    DRUG: "Table of Drugs: {}",
    ONTOLOGY: "Disease Ontology: {}",
}


class Book(Protocol):
    """What the search asks of the code book."""

    def node(self, code: str) -> Node | None: ...  # noqa: D102
    def tree_for(self, on: date | None) -> Tree: ...  # noqa: D102
    def procedures_starting(self, prefix: str, limit: int) -> list[tuple[str, str]]: ...  # noqa: D102
    def valid_on(self, code: Code, on: date) -> bool: ...  # noqa: D102


class Search:
    """Search over one compiled index; threads may share it."""

    def __init__(self, book: Book, folder: Path) -> None:
        self._book = book
        self._indexes = {system: Index(folder / system) for system in (CM, PCS, HCPCS)}
        self._words = Words(folder / WORDS)
        self._diagnoses = Diagnoses(self._indexes[CM], self._words)
        self._flat = {system: Flat(self._indexes[system]) for system in (PCS, HCPCS)}
        self._found = lru_cache(FOUND_KEPT)(self._find)

    def find(self, text: str, system: CodeSystem | None, on: date | None, limit: int) -> list[Hit]:
        """The best `limit` hits."""
        return list(self._found(text[:MOST_CHARACTERS], system, on, limit))

    def _find(self, text: str, system: CodeSystem | None, on: date | None, limit: int) -> tuple[Hit, ...]:
        coded = list(self._by_code(text, system, limit))
        titled = list(self._seventh_titles(text)) if system in (None, CodeSystem.ICD10CM) else []
        # "DM2" begins procedures of radiation therapy, and is what clinicians call type 2 diabetes.
        hits: Iterable[Hit] = _once(chain(titled, self._by_words(text, system, limit, bool(coded)), coded))
        if on:
            hits = (hit for hit in hits if not hit.billable or self._book.valid_on(hit.code, on))
        return tuple(islice(hits, limit))

    def count(self, text: str, system: CodeSystem | None = None) -> int:
        """How many codes (without their 7th characters) have every word of `text` in one of their phrases, or begin
        like it; not beyond 10,000. It may be less than `find` gives, which also tells of codes that lack a word.
        """
        text = text[:MOST_CHARACTERS]
        if coded := self._coded(text, system):
            return min(coded, MOST_COUNTED)
        found = self._diagnoses.count(self._asked(text, CM)) if system in (None, CodeSystem.ICD10CM) else 0
        flats = [(name, flat) for name, flat in self._flat.items() if system in (None, name)]
        found += sum(flat.count(self._asked(text, name)) for name, flat in flats)
        return min(found, MOST_COUNTED)

    # --- by the beginning of a code ---

    def _by_code(self, text: str, system: CodeSystem | None, limit: int) -> Iterator[Hit]:
        written = text.strip().upper()
        if system in (None, CodeSystem.ICD10CM) and _DIAGNOSIS.fullmatch(written):
            yield from self._diagnoses_starting(written, limit)
        if system in (None, CodeSystem.ICD10PCS) and _PROCEDURE.fullmatch(written):
            for code, title in self._book.procedures_starting(written, limit):
                yield Hit(Code(CodeSystem.ICD10PCS, code), title, True, "code", 1.0)
        if system in (None, CodeSystem.HCPCS) and _SUPPLY.fullmatch(written):
            index = self._indexes[HCPCS]
            for code in index.starting("code", written, limit):
                number = index.hits(index.term("code", code), 1)[0][1]
                yield Hit(Code(CodeSystem.HCPCS, code), index.entry(number).surface, True, "code", 1.0)

    def _diagnoses_starting(self, written: str, limit: int) -> Iterator[Hit]:
        for code in self._book.tree_for(None).starting(_prefix(written), limit):
            if node := self._book.node(code):
                yield Hit(Code(CodeSystem.ICD10CM, code), node.title, node.billable, "code", 1.0)

    def _coded(self, text: str, system: CodeSystem | None) -> int:
        """How many codes begin like `text`."""
        written, found = text.strip().upper(), 0
        if system in (None, CodeSystem.ICD10CM) and _DIAGNOSIS.fullmatch(written):
            found += len(self._book.tree_for(None).starting(_prefix(written), MOST_COUNTED))
        if system in (None, CodeSystem.ICD10PCS) and _PROCEDURE.fullmatch(written):
            found += len(self._book.procedures_starting(written, MOST_COUNTED))
        if system in (None, CodeSystem.HCPCS) and _SUPPLY.fullmatch(written):
            found += len(self._indexes[HCPCS].starting("code", written, MOST_COUNTED))
        return found

    # --- by words ---

    def _asked(self, text: str, system: str) -> Asked:
        index = self._indexes[system]
        # Words of 7th characters stand near the phrases alone.
        return asked(text, self._words, lambda word: index.rarity("words", word) or index.rarity("near", stem(word)))

    def _by_words(self, text: str, system: CodeSystem | None, limit: int, coded: bool) -> Iterator[Hit]:
        """Hits by words, best first, made as they are asked for.

        `coded`: the text is also the beginning of a code; only what is named just so is given then.
        """
        found: list[tuple[str, Asked, Ranked]] = []
        if system in (None, CodeSystem.ICD10CM):
            said = self._asked(text, CM)
            ranked = self._diagnoses.named(said) if coded else self._diagnoses.find(said, limit)
            found += ((CM, said, one) for one in ranked)
        if not coded and system is not CodeSystem.ICD10CM:
            for name, flat in self._flat.items():
                if system == name:
                    said = self._asked(text, name)
                    found += ((name, said, one) for one in flat.find(said, limit, whole=False))
                elif system is None and self._beside(flat, said, len(found) >= limit):
                    said_here = self._asked(text, name)
                    found += ((name, said_here, one) for one in flat.find(said_here, limit, whole=bool(found)))
        found.sort(key=lambda f: -f[2].score)
        return (self._hit(name, one, said) for name, said, one in found)

    @staticmethod
    def _beside(flat: Flat, said: Asked, enough: bool) -> bool:
        """Whether to look into a flat list beside diagnoses: a letter or two begin too much of it."""
        return not enough or (not said.short and flat.may_have(said))

    def _seventh_titles(self, text: str) -> Iterator[Hit]:
        """The codes with a 7th character that have this title: that of the code they extend, a comma, a meaning."""
        wanted, base = text.strip().casefold(), text
        for _ in range(min(MOST_COMMAS, text.count(","))):
            base = base.rpartition(",")[0]
            for code in self._diagnoses.extended(search_words(base)):
                node = self._book.node(code)
                for child in (self._book.node(c) for c in node.children) if node else ():
                    if child and child.title.casefold() == wanted:
                        yield Hit(
                            Code(CodeSystem.ICD10CM, child.code), child.title, child.billable, "title", _score(4.0)
                        )

    def _hit(self, system: str, ranked: Ranked, said: Asked) -> Hit:
        index = self._indexes[system]
        entry = index.entry(ranked.phrase)
        matched = MATCHED[entry.kind].format(entry.surface)
        if ranked.borrowed:
            entry = index.entry(ranked.own.title)
        title = entry.description
        code, billable = entry.code, bool(entry.flags & BILLABLE)
        if entry.flags & EXTENDED and (extended := self._extended(code, title, said)):
            code, title, billable = extended.code, extended.title, extended.billable
        return Hit(Code(CodeSystem(system), code), title, billable, matched, _score(ranked.score))

    def _extended(self, code: str, title: str, said: Asked) -> Node | None:
        """The code with the 7th character whose meaning has most of the words that the title lacks."""
        marks, there = self._indexes[CM], title.lower()
        lacking = (word for word in set(said.typed) - OPTIONAL if word not in there)
        wanted = frozenset(word for word in lacking if marks.found_in("mark", EXTENSION + word))
        node = self._book.node(code) if wanted else None
        best, most = None, 0
        for child in (self._book.node(c) for c in node.children) if node else ():
            found = len(wanted.intersection(search_words(child.title[len(title) :]))) if child else 0
            if found > most:
                best, most = child, found
        return best


def _once(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The hits, each code once."""
    seen: set[Code] = set()
    for hit in hits:
        if hit.code not in seen:
            seen.add(hit.code)
            yield hit


def _prefix(written: str) -> str:
    """The beginning of a diagnosis code as the Tabular List writes it."""
    bare = written.replace(".", "")
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 or written.endswith(".") else bare


def _score(ranking: float) -> float:
    return round(max(0.0, ranking) / (max(0.0, ranking) + HALF), 4)
