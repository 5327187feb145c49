"""Finds codes by words or by the beginning of a code.

Order: the whole phrase is a title; the whole phrase is an inclusion term or synonym; all words are there; all words
are there but for typos; most words are there. Within one step, what the query covers better comes first, then what
can be billed, then what is shorter.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol

from leadterm.domain import Code, CodeSystem, DataMissing, Hit

from .nodes import Node
from .search_index import INCLUSION, SYNONYM, TITLE, essential_words, search_words
from .tree import Tree

# Candidates taken from the index for each step; what is not among them is too long to be wanted.
CANDIDATES = 60
MOST_WORDS = 12
# Letters from which on one typo, and two, are forgiven.
ONE_TYPO, TWO_TYPOS = 4, 8
# Weights of a word that is there whole, begun, with one typo, with two.
WHOLE, BEGUN, TYPO, TYPOS = 4.0, 3.0, 2.0, 1.0
# Words that a title may lack.
OPTIONAL = frozenset(
    "a,an,and,as,at,by,due,for,from,in,into,is,nos,of,on,or,the,to,unspecified,with,without".split(",")
)
_DIAGNOSIS = re.compile(r"[A-Z][0-9A-Z]{2}(\.?[0-9A-Z]{1,4}|\.)?")
_PROCEDURE = re.compile(r"(?=.*[0-9])[0-9A-HJ-NP-Z]{3,7}")
# Score at the bottom of each step, and how much better coverage can make it.
STEPS = {"title": (1.0, 0.0), "phrase": (0.95, 0.0), "all": (0.6, 0.3), "typos": (0.3, 0.25), "some": (0.05, 0.2)}
MATCHED = {TITLE: "title", INCLUSION: "inclusion term: {}", SYNONYM: "synonym: {}"}


class Book(Protocol):
    """What the search asks of the code book."""

    def node(self, code: str) -> Node | None: ...  # noqa: D102
    def tree_for(self, on: date | None) -> Tree: ...  # noqa: D102
    def procedures_starting(self, prefix: str, limit: int) -> list[tuple[str, str]]: ...  # noqa: D102
    def valid_on(self, code: Code, on: date) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class _Found:
    """A candidate: a phrase of the index that matched, in which step and how well."""

    system: str
    code: str
    kind: str
    surface: str
    score: float
    billable: bool


class Search:
    """Search over one compiled index; threads may share it."""

    def __init__(self, book: Book, folder: Path) -> None:
        import tantivy

        self._book = book
        self._tantivy = tantivy
        self._schema, self._searcher = _opened(folder)

    def find(self, text: str, system: CodeSystem | None, on: date | None, limit: int) -> list[Hit]:
        """The best `limit` hits."""
        coded = list(self._by_code(text, system, limit))
        # "DM2" begins procedures of radiation therapy, and is what clinicians call type 2 diabetes.
        steps = ("phrase",) if coded else tuple(STEPS)
        hits: Iterable[Hit] = chain(self._by_words(text, system, limit, steps), coded)
        if on:
            hits = (hit for hit in hits if not hit.billable or self._book.valid_on(hit.code, on))
        return list(islice(hits, limit))

    # --- by the beginning of a code ---

    def _by_code(self, text: str, system: CodeSystem | None, limit: int) -> Iterator[Hit]:
        written = text.strip().upper()
        if system in (None, CodeSystem.ICD10CM) and _DIAGNOSIS.fullmatch(written):
            bare = written.replace(".", "")
            prefix = f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 or written.endswith(".") else bare
            for code in self._book.tree_for(None).starting(prefix, limit):
                if node := self._book.node(code):
                    yield Hit(Code(CodeSystem.ICD10CM, code), node.title, node.billable, "code", 1.0)
        if system in (None, CodeSystem.ICD10PCS) and _PROCEDURE.fullmatch(written):
            for code, title in self._book.procedures_starting(written, limit):
                yield Hit(Code(CodeSystem.ICD10PCS, code), title, True, "code", 1.0)

    # --- by words ---

    def _by_words(self, text: str, system: CodeSystem | None, limit: int, steps: tuple[str, ...]) -> Iterator[Hit]:
        words = search_words(text)[:MOST_WORDS]
        if not words:
            return
        asked = frozenset(words)
        best: dict[str, _Found] = {}
        for step, query in self._queries(words, system):
            if step not in steps:
                break
            for found in self._candidates(step, query, asked, max(CANDIDATES, limit)):
                if found.code not in best or best[found.code].score < found.score:
                    best[found.code] = found
            if len(best) >= limit or (best and step in ("typos", "some")):
                break
        ranked = sorted(best.values(), key=lambda f: (-f.score, not f.billable, len(f.surface), f.code))
        for found in ranked:
            yield self._hit(found, asked)

    def _queries(self, words: list[str], system: CodeSystem | None) -> Iterator[tuple[str, Any]]:
        needed = [w for w in words if w not in OPTIONAL] or words
        unfinished = words[-1] if words[-1] == needed[-1] else None
        query = self._tantivy.Query
        yield "phrase", self._within(system, [query.term_query(self._schema, "whole", " ".join(words))])
        exact = [self._word(w, w == unfinished, typos=False) for w in needed]
        yield "all", self._within(system, exact)
        # A word that the code sets use is what it seems to be; where all are, any of them may stand for another.
        strange = {w for w in needed if not self._known(w)} or set(needed)
        tolerant = [self._word(w, w == unfinished, typos=w in strange) for w in needed]
        yield "typos", self._within(system, tolerant)
        if len(needed) > 1:
            # Words as they are first: forgiving typos in many words at once is what costs.
            for parts in (exact, tolerant):
                yield "some", self._within(system, [self._any(parts, len(needed) - 1)])
            for parts in (exact, tolerant):
                yield "some", self._within(system, [self._any(parts, (len(needed) + 1) // 2)])

    def _known(self, word: str) -> bool:
        return bool(self._searcher.doc_freq("words", word) or self._searcher.doc_freq("extension", word))

    def _within(self, system: CodeSystem | None, parts: list[Any]) -> Any:
        must = self._tantivy.Occur.Must
        query = self._tantivy.Query
        if system:
            term = query.term_query(self._schema, "system", system.value)
            parts = [*parts, query.const_score_query(term, 0.0)]
        return query.boolean_query([(must, part) for part in parts])

    def _any(self, parts: list[Any], least: int) -> Any:
        should = self._tantivy.Occur.Should
        return self._tantivy.Query.boolean_query([(should, p) for p in parts], minimum_number_should_match=least)

    def _word(self, word: str, unfinished: bool, typos: bool) -> Any:
        """One word, whole, or begun where it is the last, or with typos; also among a code's extensions."""
        query, schema = self._tantivy.Query, self._schema
        ways = [(query.term_query(schema, "words", word), WHOLE), (query.term_query(schema, "extension", word), TYPOS)]
        if unfinished:
            ways.append((query.fuzzy_term_query(schema, "words", word, 0, True, True), BEGUN))
        if typos and len(word) >= ONE_TYPO:
            ways.append((query.fuzzy_term_query(schema, "words", word, 1, True, unfinished), TYPO))
        if typos and len(word) >= TWO_TYPOS:
            ways.append((query.fuzzy_term_query(schema, "words", word, 2, True, unfinished), TYPOS))
        return query.disjunction_max_query([query.const_score_query(q, weight) for q, weight in ways])

    def _candidates(self, step: str, query: Any, asked: frozenset[str], most: int) -> Iterator[_Found]:
        hits = self._searcher.search(query, most, count=False).hits
        top = len(asked) * WHOLE
        for score, address in hits:
            system, code, kind, billable, surface = self._searcher.doc(address)["entry"][0].split("\t")
            named = "title" if step == "phrase" and kind == TITLE else step
            points = _score(named, asked, surface, min(1.0, score / top))
            yield _Found(system, code, kind, surface, points, billable == "1")

    def _hit(self, found: _Found, asked: frozenset[str]) -> Hit:
        matched = MATCHED[found.kind].format(found.surface)
        code = Code(CodeSystem(found.system), found.code)
        node = self._book.node(found.code) if code.system is CodeSystem.ICD10CM else None
        if node is None:
            return Hit(code, found.surface, True, matched, found.score)
        if wanted := asked.difference(search_words(found.surface)):
            node = self._extended(node, wanted)
        return Hit(Code(CodeSystem.ICD10CM, node.code), node.title, node.billable, matched, found.score)

    def _extended(self, node: Node, wanted: frozenset[str]) -> Node:
        """The code with the 7th character whose meaning has most of the words that the title lacks, else `node`."""
        best, most = node, 0
        for code in node.children:
            child = self._book.node(code)
            if child is None or child.kind != "seventh":
                return node
            found = len(wanted.intersection(search_words(child.title[len(node.title) :])))
            if found > most:
                best, most = child, found
        return best


def _opened(folder: Path) -> tuple[Any, Any]:
    """Schema and searcher of the index. Damage raises DataMissing and clears the folder."""
    try:
        return _searcher(folder)
    except ValueError as error:
        if "Lockfile" not in str(error):
            shutil.rmtree(folder, ignore_errors=True)
            raise DataMissing("The search index was damaged; run the command again to compile it anew.") from None
    # The library locks a file even for reading, which a read-only home refuses: it reads a copy then.
    with tempfile.TemporaryDirectory(prefix="leadterm-search-") as copy:
        for file in folder.iterdir():
            if not file.name.endswith(".lock"):
                shutil.copy(file, copy)
        return _searcher(Path(copy))


def _searcher(folder: Path) -> tuple[Any, Any]:
    import tantivy

    index = tantivy.Index.open(str(folder))
    return index.schema, index.searcher()


def _score(step: str, asked: frozenset[str], surface: str, fit: float) -> float:
    """From 0 to 1: the step's base, better for phrases that hold little else than what was asked."""
    base, span = STEPS[step]
    own = frozenset(essential_words(surface))
    coverage = min(1.0, len(asked - OPTIONAL or asked) / len(own - OPTIONAL or own))
    return round(base + span * coverage * fit, 4)
