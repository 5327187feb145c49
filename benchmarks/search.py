"""Typo-tolerant search, at every keystroke too, beside SQLite's FTS5 over titles and inclusion terms."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import leadterm as face
from leadterm.codesets import CodeBook, open_book
from leadterm.codesets.search.engine import Search
from leadterm.codesets.store import Manifest

from .figures import AT_MOST, Figure, answer, percentile
from .keystrokes import beginnings, keystrokes
from .process import python
from .queries import KINDS, Query, queries

TOP = 10
# Trigrams take a third of a second each.
PEER_QUERIES = 200
WORKER = """
from leadterm.codesets import open_book
book = open_book()
for text in {texts!r}:
    book.search(text, limit=10)
"""
P50, P99 = 0.5, 0.99


def measure(quick: bool) -> dict[str, Any]:
    """Figures over queries made from official titles: CPU a query, and how often the right code is in the top 10."""
    book = open_book()
    asked = queries([(row.code, row.title) for row in book.titles()], 200 if quick else 2400)
    face.search("warm")
    ours, found = _timed(asked, _ours)
    typed, begun = _spent(keystrokes()), _spent(beginnings()[:: 20 if quick else 1])
    few = asked[:: max(1, len(asked) // PEER_QUERIES)]
    words, trigrams = _peers(book, few)
    return answer(
        [
            Figure("a query, CPU p50", percentile(ours, P50), "ms", 2, AT_MOST),
            Figure("a query, CPU p99", percentile(ours, P99), "ms", 10, AT_MOST),
            Figure("right code in the top 10", _share(found), "%"),
            Figure("a keystroke, CPU p50", percentile(typed, P50), "ms", 2, AT_MOST),
            Figure("a keystroke, CPU p99", percentile(typed, P99), "ms", 10, AT_MOST),
            Figure("one to three letters, CPU p50", percentile(begun, P50), "ms", 2, AT_MOST),
            Figure("one to three letters, CPU p99", percentile(begun, P99), "ms", 10, AT_MOST),
            Figure("how many there are, CPU p99", percentile(_spent(keystrokes(), _counted), P99), "ms", 10, AT_MOST),
            Figure("a worker after 1,000 queries, RSS", _worker([q.text for q in asked[:1000]]), "MB", 150, AT_MOST),
            *words,
            *trigrams,
            Figure("p50, ratio to FTS5 words", words[0].value / percentile(ours, P50), "×"),
        ],
        queries=len(asked),
        peer_queries=len(few),
        by_kind={kind: _of_kind(kind, asked, ours, found) for kind in KINDS},
    )


def _share(found: Sequence[bool]) -> float:
    return round(100 * sum(found) / len(found), 1)


def _of_kind(kind: str, asked: Sequence[Query], spent: Sequence[float], found: Sequence[bool]) -> dict[str, float]:
    chosen = [n for n, query in enumerate(asked) if query.kind == kind]
    times = [spent[n] for n in chosen]
    p50, p99 = (round(percentile(times, share), 2) for share in (P50, P99))
    return {"queries": len(chosen), "p50_ms": p50, "p99_ms": p99, "top_10_percent": _share([found[n] for n in chosen])}


def _timed(asked: Sequence[Query], search: Callable[[Query], set[str]]) -> tuple[list[float], list[bool]]:
    """Milliseconds of CPU of each query, and whether the right code or a code of the same title came back."""
    spent, found = [], []
    for query in asked:
        began = time.process_time()
        answers = search(query)
        spent.append((time.process_time() - began) * 1000)
        found.append(bool(answers & {query.code, query.title}))
    return spent, found


def _ours(query: Query) -> set[str]:
    hits = face.search(query.text, limit=TOP)
    return {value for hit in hits for value in (hit.code.value, hit.description)}


def _spent(texts: Sequence[str], work: Callable[[str], object] | None = None) -> list[float]:
    """Milliseconds of CPU of each text."""
    work = work or (lambda text: face.search(text, limit=TOP))
    spent = []
    for text in texts:
        began = time.process_time()
        work(text)
        spent.append((time.process_time() - began) * 1000)
    return spent


def _counted(text: str) -> object:
    return open_search().count(text)


@cache
def open_search() -> Search:
    """The search of the code book."""
    book = open_book()
    return Search(book, book.folder / Manifest.load(book.folder).search)


def _worker(texts: Sequence[str]) -> float:
    """Megabytes that a process holds which does nothing but open the book and search."""
    return python(WORKER.format(texts=list(texts))).rss


def _peers(book: CodeBook, asked: Sequence[Query]) -> tuple[list[Figure], list[Figure]]:
    """FTS5 by words (the last one as a prefix) and by trigrams, which forgives typos; both rank by bm25."""
    phrases = [(row.code, t) for row in book.titles() for t in (row.title, *row.inclusion_terms)]
    phrases += book.procedures_starting("", 10**6)
    peer = f"SQLite {sqlite3.sqlite_version} FTS5"
    by_words = _fts(phrases, "unicode61", asked, lambda w: " OR ".join([*(f'"{x}"' for x in w[:-1]), f'"{w[-1]}"*']))
    by_trigrams = _fts(phrases, "trigram", asked, lambda w: " OR ".join(f'"{t}"' for t in _trigrams(w)))
    return _figures(f"{peer} words", by_words), _figures(f"{peer} trigrams", by_trigrams)


def _fts(
    phrases: Sequence[tuple[str, str]], tokenizer: str, asked: Sequence[Query], match: Callable[[list[str]], str]
) -> tuple[list[float], list[bool]]:
    store = sqlite3.connect(":memory:")
    store.execute(f"CREATE VIRTUAL TABLE f USING fts5(code UNINDEXED, phrase, tokenize='{tokenizer}')")
    store.executemany("INSERT INTO f VALUES (?, ?)", phrases)
    sql = "SELECT code, phrase FROM f WHERE f MATCH ? ORDER BY rank LIMIT ?"

    def search(query: Query) -> set[str]:
        rows = store.execute(sql, (match(query.words), TOP)).fetchall()
        return {value for row in rows for value in row}

    return _timed(asked, search)


def _trigrams(words: list[str]) -> list[str]:
    text = " ".join(words)
    return list(dict.fromkeys(text[n : n + 3] for n in range(len(text) - 2)))


def _figures(peer: str, measured: tuple[list[float], list[bool]]) -> list[Figure]:
    spent, found = measured
    return [
        Figure("a query, CPU p50", percentile(spent, P50), "ms", of=peer),
        Figure("a query, CPU p99", percentile(spent, P99), "ms", of=peer),
        Figure("right code in the top 10", _share(found), "%", of=peer),
    ]
