"""How well search finds the code that is meant: held-out inclusion terms and index entries, everyday phrasings, titles.

The terms that are asked are not in the index: they are held back with every index path, synonym of the lexicon and
name of the Disease Ontology that has the same words. Two halves by hash: `test`, which is reported, and `dev`
(`python -m benchmarks.retrieval dev`), on which search may be tuned.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from leadterm.codesets import CodeBook, lexicon, open_book
from leadterm.codesets.formats import all_formats
from leadterm.codesets.installing.offering import offers
from leadterm.codesets.search.engine import Search
from leadterm.codesets.search.index import build_index
from leadterm.codesets.search.sources import INCLUSION, INDEX, SYNONYM, TITLE, Phrase, diagnoses
from leadterm.codesets.search.words import OPTIONAL, essential, search_words
from leadterm.codesets.store import SEARCHED, Manifest, Store, searched, write_store
from leadterm.domain import CodeSystem

from .figures import AT_LEAST, ROOT, Figure, answer, shared
from .tfidf import Characters, Peer, Words

TOP = 10
SAMPLE, QUICK = 3_000, 300
TEST, DEV = "test", "dev"
PHRASES = ROOT / "benchmarks" / "frozen" / "phrases.tsv"
# What is installed from the common data where the home lacks it.
FILES = {
    "icd10cm:index": "icd10cm/2025-04/reconstructed-icd10cm-index-2025.xml.xz",
    "icd10cm:eindex": "icd10cm/2026-04/icd10cm-eindex-April-1-2026-XML.xml",
    "icd10cm:neoplasm": "icd10cm/2026-04/icd10cm-neoplasm-April-1-2026-XML.xml",
    "icd10cm:drug": "icd10cm/2026-04/icd10cm-drug-April-1-2026-XML.xml",
    "doid:icd10cm": "doid/doid_icd10cm.json",
    "hcpcs:codes": "hcpcs/2025-10/derived-HCPC2025_OCT_ANWEB.csv",
}
# Kinds of phrases that an arm has; None: all.
ARMS: dict[str, frozenset[str] | None] = {
    "titles": frozenset((TITLE,)),
    "titles, terms, lexicon": frozenset((TITLE, INCLUSION, SYNONYM)),
    "everything": None,
}
WHOLE = "everything"
# As `WHOLE`, but only phrases with all the same words are held back, not those that differ in nonessential modifiers.
LENIENT = "everything, modifiers apart"
# Pure Python counts trigrams slowly.
CHARACTER_QUERIES = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """What is typed, and the codes that are right; one that ends in a dash stands for those below it."""

    text: str
    codes: frozenset[str]

    def rank(self, found: Sequence[str]) -> int | None:
        """The place of the first right code, from 0."""
        return next((n for n, code in enumerate(found) if any(_is(code, c) for c in self.codes)), None)

    def related(self, found: Sequence[str]) -> int | None:
        """The same, codes above and below a right one being right too."""
        right = [c.rstrip("-").rstrip(".") for c in self.codes]
        return next((n for n, f in enumerate(found) if any(f.startswith(c) or c.startswith(f) for c in right)), None)


def _is(code: str, right: str) -> bool:
    return code.startswith(right.rstrip("-").rstrip(".")) if right.endswith("-") else code == right


@dataclass(frozen=True, slots=True)
class Score:
    """Shares in percent: right at the top, among the ten, by mean reciprocal rank; `related` see `Asked.related`."""

    asked: int
    top_1: float
    top_10: float
    mrr: float
    related_1: float
    related_10: float

    @classmethod
    def of(cls, asked: Sequence[Asked], search: Callable[[str], list[str]]) -> Score:
        """The score of a search."""
        ranks, related = [], []
        for one in asked:
            found = search(one.text)
            ranks.append(one.rank(found))
            related.append(one.related(found))
        n = len(asked) or 1

        def share(places: list[int | None], below: int) -> float:
            return round(100 * sum(1 for p in places if p is not None and p < below) / n, 1)

        mrr = round(100 * sum(1 / (p + 1) for p in ranks if p is not None) / n, 1)
        return cls(len(asked), share(ranks, 1), share(ranks, TOP), mrr, share(related, 1), share(related, TOP))

    def row(self) -> dict[str, float]:
        """As JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def measure(quick: bool, half: str = TEST) -> dict[str, Any]:
    """Figures of one half."""
    book = open_book()
    with tempfile.TemporaryDirectory(prefix="leadterm-retrieval-") as folder, ExitStack():
        stores, skipped = _stores(book, Path(folder))
        bench = _Bench(book, stores, Path(folder), half, QUICK if quick else SAMPLE)
        arms = {name: bench.arm(kinds) for name, kinds in ARMS.items()}
        removed = dict(bench.removed)
        if not quick:
            arms[LENIENT] = bench.arm(None, lenient=True)
        peers = bench.peers()
        product = bench.product()
        titles = bench.titles(product, 50 if quick else 1)
        phrases = {part: Score.of(asked, product) for part, asked in everyday(half).items()}
    return answer(
        [*_figures(arms, peers, phrases), Figure("exact title, itself at the top", titles, "%", 100, AT_LEAST)],
        skipped=skipped,
        inputs=[PHRASES],
        half=half,
        removed=removed,
        scores={
            "inclusion terms": {arm: terms.row() for arm, (terms, _) in arms.items()}
            | {name: score.row() for name, score in peers.items()},
            "index entries": {arm: entries.row() for arm, (_, entries) in arms.items()},
            "everyday phrasings": {part: score.row() for part, score in phrases.items()},
        },
    )


def _figures(
    arms: Mapping[str, tuple[Score, Score]], peers: Mapping[str, Score], phrases: Mapping[str, Score]
) -> list[Figure]:
    figures = []
    for arm, (terms, entries) in arms.items():
        floors = (35.0, 75.0) if arm == WHOLE else (None, None)
        figures += _shares(f"held-out inclusion term ({arm})", terms, floors)
        figures += _shares(f"held-out index entry ({arm})", entries)
    for part, score in phrases.items():
        figures += _shares(f"everyday phrasing, {part} half ({WHOLE})", score)
    for peer, score in peers.items():
        figures += _shares("held-out inclusion term (titles)", score, of=peer)
    return figures


def _shares(
    name: str, score: Score, floors: tuple[float | None, float | None] = (None, None), of: str = "Leadterm"
) -> list[Figure]:
    direction = AT_LEAST if floors[0] is not None else None
    return [
        Figure(f"{name}: top 1", score.top_1, "%", floors[0], direction, of),
        Figure(f"{name}: top 10", score.top_10, "%", floors[1], direction, of),
        Figure(f"{name}: MRR", score.mrr, "%", of=of),
    ]


class _Bench:
    """One half of the held-out phrases, and the indexes without them."""

    def __init__(self, book: CodeBook, stores: Mapping[str, Store], folder: Path, half: str, most: int) -> None:
        self._book = book
        self._stores = stores
        self._folder = folder
        phrases = list(diagnoses(stores, lexicon.load()))
        self._titles = [p for p in phrases if p.kind == TITLE]
        self._known = {p.code for p in self._titles}
        inclusion = {p for p in phrases if p.kind == INCLUSION and p.code in self._known}
        includes = {Phrase(*p) for p in _includes(stores["icd10cm:tabular"])}
        self.terms = _asked(_half(inclusion - includes, half, most))
        self.entries = _asked(_half({p for p in phrases if p.kind == INDEX}, half, most))
        self._held = {form for one in (*self.terms, *self.entries) for form in forms(one.text)}
        self.removed: Counter[str] = Counter()

    def arm(self, kinds: frozenset[str] | None, lenient: bool = False) -> tuple[Score, Score]:
        """The scores of held-out inclusion terms and index entries over an index with some kinds of phrases."""
        self.removed.clear()
        words = frozenset(all_words(one.text) for one in (*self.terms, *self.entries))

        def keep(phrase: Phrase) -> bool:
            if phrase.kind == TITLE:
                return True
            if kinds is not None and phrase.kind not in kinds:
                return False
            if lenient:
                return all_words(phrase.surface) not in words
            held = not forms(phrase.surface).isdisjoint(self._held)
            self.removed[phrase.kind] += held
            return not held

        search = self._built(keep)
        return Score.of(self.terms, search), Score.of(self.entries, search)

    def peers(self) -> dict[str, Score]:
        """The scores of tf-idf over titles on held-out inclusion terms."""
        titles = [(p.code, p.surface) for p in self._titles]
        few = self.terms[:: max(1, len(self.terms) // CHARACTER_QUERIES)]
        made: list[tuple[Peer, Sequence[Asked]]] = [(Words(titles), self.terms), (Characters(titles), few)]
        return {peer.NAME: Score.of(asked, lambda text, p=peer: p.find(text, TOP)) for peer, asked in made}  # type: ignore[misc]

    def product(self) -> Callable[[str], list[str]]:
        """Search over all phrases, as it is installed."""
        return self._built(None)

    def titles(self, search: Callable[[str], list[str]], step: int) -> float:
        """For which share of the titles the code itself (or another of the same title) is at the top, in percent."""
        by_title: dict[str, set[str]] = {}
        for title in self._titles:
            by_title.setdefault(title.surface.lower(), set()).add(title.code)
        asked = self._titles[::step]
        right = sum(1 for t in asked if (found := search(t.surface)) and found[0] in by_title[t.surface.lower()])
        return 100 * right / len(asked)

    def _built(self, keep: Callable[[Phrase], bool] | None) -> Callable[[str], list[str]]:
        folder = Path(tempfile.mkdtemp(dir=self._folder)) / "index"
        build_index(folder, self._stores, lexicon.load(), keep)
        search = Search(self._book, folder)

        def find(text: str) -> list[str]:
            return [_base(self._book, hit.code.value) for hit in search.find(text, CodeSystem.ICD10CM, None, TOP)]

        return find


def _base(book: CodeBook, code: str) -> str:
    """The code without its 7th character, which terms and entries leave out."""
    node = book.node(code) if len(code) == 8 else None
    return node.parent if node and node.kind == "seventh" and node.parent else code


def _includes(tabular: Store) -> Iterable[tuple[str, str, str, str]]:
    """The "includes" notes, which stand beside inclusion terms and are none."""
    for code, packed in tabular.all("SELECT code, notes FROM entry WHERE notes LIKE '%\"includes\"%'"):
        for term in json.loads(packed).get("includes", ()):
            yield "icd10cm", code, INCLUSION, term


@cache
def all_words(text: str) -> str:
    """The words of a phrase in alphabetic order, small ones left out."""
    return " ".join(sorted({w for w in search_words(text) if w not in OPTIONAL})) or text


@cache
def forms(text: str) -> frozenset[str]:
    """`all_words` of a phrase with and without its nonessential modifiers."""
    return frozenset((all_words(text), all_words(essential(text))))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _half(phrases: Iterable[Phrase], half: str, most: int) -> list[Phrase]:
    """The first so many of a half, in the order of their hashes."""
    odd = half == DEV
    hashed = sorted((_digest(f"{p.code}|{p.surface}"), p) for p in phrases)
    return [p for h, p in hashed if int(h[-1], 16) % 2 == odd][:most]


def _asked(phrases: Iterable[Phrase]) -> list[Asked]:
    """Each text once, with every code under which it stands."""
    codes: dict[str, set[str]] = {}
    for phrase in phrases:
        codes.setdefault(phrase.surface, set()).add(phrase.code)
    return [Asked(text, frozenset(found)) for text, found in codes.items()]


def everyday(half: str) -> dict[str, list[Asked]]:
    """The everyday phrasings: the frozen half for `test`, the other for `dev`."""
    lines = (line for line in PHRASES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    rows = [line.split("\t") for line in lines][1:]
    frozen = [Asked(text, frozenset((code,))) for text, code in rows if int(_digest(text), 16) % 2]
    others = [Asked(text, frozenset((code,))) for text, code in rows if not int(_digest(text), 16) % 2]
    return {"frozen": frozen, "development": others} if half == TEST else {"development": others}


def _stores(book: CodeBook, folder: Path) -> tuple[dict[str, Store], list[str]]:
    """The stores that search looks into: those of the home, else made of the common data; and what is missing."""
    kept = searched(Manifest.load(book.folder).kept)
    stores = {name: Store(book.folder / one.release.path) for name, one in kept.items()}
    skipped = []
    for name in SEARCHED:
        if name not in stores:
            path = shared() / "releases" / FILES[name]
            if path.exists():
                stores[name] = _made(name, path, folder)
            else:
                skipped.append(f"{name}: neither installed nor in the common data")
    return stores, skipped


def _made(name: str, path: Path, folder: Path) -> Store:
    for offered in offers([path]):
        for form in all_formats():
            found = form.recognise(offered)  # type: ignore[arg-type]
            if found and found.name == name:
                store = folder / f"{name.replace(':', '-')}.sqlite"
                write_store(store, form.read([offered], found).parts)  # type: ignore[list-item]
                return Store(store)
    raise AssertionError(f"{path.name} is not recognised as {name}")


if __name__ == "__main__":
    json.dump(measure("--quick" in sys.argv, DEV if DEV in sys.argv else TEST), sys.stdout, indent=1)
