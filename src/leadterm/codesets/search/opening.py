"""Opens the indexes of search, each with its schema, its reader and how many documents it has."""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from leadterm.domain import DataMissing

from .entry import Entry, unpacked

_KEPT = 16_384


class Index:
    """One index, opened for reading; threads may share it."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self.tantivy = tantivy
        self.schema, self._searcher = _opened(folder)
        self._documents = self._searcher.num_docs
        self.rarity = lru_cache(_KEPT)(self._rarity)

    @property
    def empty(self) -> bool:
        """Whether nothing was installed for it."""
        return not self._documents

    def found_in(self, field: str, word: str) -> int:
        """How many documents have the word."""
        count: int = self._searcher.doc_freq(field, word)
        return count

    def _rarity(self, field: str, word: str) -> float:
        """The inverse document frequency, as BM25 has it: what a word weighs; 0 for one that is nowhere."""
        found = self.found_in(field, word)
        return math.log(1 + (self._documents - found + 0.5) / (found + 0.5)) if found else 0.0

    def hits(self, query: Any, most: int) -> list[tuple[float, int]]:
        """Score and number of the best documents."""
        return [(score, address.doc) for score, address in self._searcher.search(query, most, count=False).hits]

    def places(self, numbers: Iterable[int], field: str = "place") -> list[int]:
        """The numbers that documents keep in a field, quicker to come by than what `stored` gives."""
        address = self.tantivy.DocAddress
        values: list[int] = self._searcher.fast_field_values(field, [address(0, n) for n in numbers])
        return values

    def count(self, query: Any) -> int:
        """How many documents match."""
        found: int = self._searcher.search(query, 1, count=True).count
        return found

    def stored(self, number: int, field: str) -> bytes:
        """What a document keeps."""
        kept: bytes = self._searcher.doc(self.tantivy.DocAddress(0, number))[field][0]
        return kept

    def entry(self, number: int) -> Entry:
        """The entry of a document."""
        return unpacked(self.stored(number, "entry"))

    def starting(self, field: str, beginning: str, most: int) -> list[str]:
        """The words of a field that begin so, in their order."""
        found = self._searcher.terms_with_prefix(field, beginning, limit=most) if beginning else []
        return [word for word, _ in found]

    # --- queries ---

    def term(self, field: str, word: str, weight: float = 1.0) -> Any:
        """Documents with the word, by BM25 times `weight`."""
        query = self.tantivy.Query
        return query.boost_query(query.term_query(self.schema, field, word, "freq"), weight)

    def any_of(self, parts: Iterable[Any]) -> Any:
        """Documents that match at least one."""
        should = self.tantivy.Occur.Should
        return self.tantivy.Query.boolean_query([(should, part) for part in parts])

    def all_of(self, parts: Iterable[Any]) -> Any:
        """Documents that match all."""
        must = self.tantivy.Occur.Must
        return self.tantivy.Query.boolean_query([(must, part) for part in parts])

    def near(self, field: str, word: str, typos: int, begun: bool = False) -> Any:
        """Documents with a word that differs by so many typos, or that begins like that."""
        return self.tantivy.Query.fuzzy_term_query(self.schema, field, word, typos, True, begun)


def _opened(folder: Path) -> tuple[Any, Any]:
    """Schema and searcher of an index. Damage raises DataMissing and clears the folder of which it is part."""
    try:
        return _searcher(folder)
    except ValueError as error:
        if "Lockfile" not in str(error):
            shutil.rmtree(folder.parent, ignore_errors=True)
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


class Words:
    """The words of all indexes: what a typing error may have meant, how a beginning may go on, where a word leads."""

    def __init__(self, folder: Path) -> None:
        self._index = Index(folder)
        self.meant = lru_cache(_KEPT)(self._meant)
        self.completed = lru_cache(_KEPT)(self._completed)
        self.leads = lru_cache(_KEPT)(self._leads)

    def _meant(self, word: str, typos: int, begun: bool, most: int) -> tuple[str, ...]:
        """Words that differ from `word` by at most so many typos (or begin like that), frequent ones first."""
        return tuple(self._said(self._index.near("word", word, typos, begun), most))

    def _completed(self, beginning: str, most: int) -> tuple[str, ...]:
        """Longer words that begin so, frequent ones first."""
        found = self._said(self._index.near("word", beginning, 0, begun=True), most + 1)
        return tuple(word for word in found if word != beginning)[:most]

    def _leads(self, stem: str) -> tuple[tuple[str, float], ...]:
        """The stems of titles that a stem leads to, with how often it does."""
        line = next(self._said(self._index.term("stem", stem), 1), "")
        return tuple((word, float(share)) for word, _, share in (lead.partition(":") for lead in line.split()))

    def _said(self, query: Any, most: int) -> Iterator[str]:
        for _, number in self._index.hits(query, most):
            yield self._index.stored(number, "said").decode()
