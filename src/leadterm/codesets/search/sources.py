"""Where the phrases of search come from: titles, inclusion terms, the lexicon, and what else is installed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from ..store import Store
from .words import essential

TITLE, INCLUSION, SYNONYM = "title", "inclusion", "synonym"
INDEX, EXTERNAL, NEOPLASM, DRUG, ONTOLOGY = "index", "external", "neoplasm", "drug", "ontology"
KINDS = (TITLE, INCLUSION, SYNONYM, INDEX, EXTERNAL, NEOPLASM, DRUG, ONTOLOGY)
CM, PCS, HCPCS = "icd10cm", "icd10pcs", "hcpcs"
# What the columns of the two tables say, in their order (formats/column_tables.py).
NEOPLASMS = (
    "Malignant neoplasm of {}",
    "Secondary malignant neoplasm of {}",
    "Carcinoma in situ of {}",
    "Benign neoplasm of {}",
    "Neoplasm of uncertain behavior of {}",
    "Neoplasm of unspecified behavior of {}",
)
DRUGS = (
    "Poisoning by {}, accidental",
    "Poisoning by {}, intentional self-harm",
    "Poisoning by {}, assault",
    "Poisoning by {}, undetermined",
    "Adverse effect of {}",
    "Underdosing of {}",
)


class Phrase(NamedTuple):
    """A phrase that names a code: `kind` says where it stands, `surface` is as it stands there."""

    system: str
    code: str
    kind: str
    surface: str


class SynonymLike(Protocol):
    """A row of the lexicon."""

    @property
    def surface(self) -> str: ...  # noqa: D102
    @property
    def term(self) -> str: ...  # noqa: D102
    @property
    def code(self) -> str: ...  # noqa: D102


def diagnoses(stores: Mapping[str, Store], lexicon: Iterable[SynonymLike]) -> Iterator[Phrase]:
    """The phrases that name diagnoses, from every store that is there; codes without their 7th character."""
    tabular = stores["icd10cm:tabular"]
    known: set[str] = set()
    rows = tabular.all("SELECT code, title, notes FROM entry WHERE kind IN ('category', 'subcategory', 'code')")
    for code, title, packed in rows:
        known.add(code)
        yield Phrase(CM, code, TITLE, title)
        notes = json.loads(packed) if packed else {}
        # "Includes" names the content of a category as an inclusion term names that of a code (I10: hypertension).
        for term in (*notes.get("inclusion_terms", ()), *notes.get("includes", ())):
            yield Phrase(CM, code, INCLUSION, term)
    for synonym in lexicon:
        for phrase in dict.fromkeys((synonym.surface, synonym.term)):
            yield Phrase(CM, synonym.code, SYNONYM, phrase)
    for name, read in READERS.items():
        if name in stores:
            # An index of another year may name codes that have ended since.
            yield from (phrase for phrase in read(stores[name]) if phrase.code in known)


def procedures(stores: Mapping[str, Store]) -> Iterator[Phrase]:
    """The titles of procedures."""
    for code, title in stores["icd10pcs:titles"].all("SELECT code, value FROM entry"):
        yield Phrase(PCS, code, TITLE, title)


def supplies(stores: Mapping[str, Store]) -> Iterator[Phrase]:
    """The long descriptions of HCPCS Level II, and the short ones as what else they are called; none where absent."""
    if "hcpcs:codes" not in stores:
        return
    for code, long, short in stores["hcpcs:codes"].all("SELECT code, long, short FROM entry WHERE kind = 'code'"):
        yield Phrase(HCPCS, code, TITLE, long or short)
        if long and short:
            yield Phrase(HCPCS, code, SYNONYM, short)


def _paths(store: Store) -> dict[int, tuple[str, ...]]:
    """Titles from the main term down, by the number of an entry."""
    paths: dict[int, tuple[str, ...]] = {}
    for number, parent, title in store.all("SELECT id, parent, title FROM entry ORDER BY id"):
        paths[number] = (*paths[parent], title) if parent else (title,)
    return paths


def _index(kind: str) -> Callable[[Store], Iterator[Phrase]]:
    def read(store: Store) -> Iterator[Phrase]:
        """Every path with its code; where it says "see" instead, with the code of the one entry that is meant."""
        paths = _paths(store)
        rows = store.all("SELECT entry, code FROM beside WHERE kind = 'code' AND code != '' ORDER BY entry, position")
        coded: dict[int, str] = {}
        for number, code in rows:
            coded.setdefault(number, code)
            yield Phrase(CM, code, kind, ", ".join(paths[number]))
        for number, targets in store.all("SELECT entry, targets FROM beside WHERE kind = 'see' AND sort = 'entry'"):
            if targets.isdecimal() and number not in coded and int(targets) in coded:
                yield Phrase(CM, coded[int(targets)], kind, ", ".join(paths[number]))

    return read


def _cells(store: Store) -> Iterator[tuple[tuple[str, ...], tuple[Any, ...]]]:
    paths = _paths(store)
    for number, *codes in store.all("SELECT entry, c1, c2, c3, c4, c5, c6 FROM cells"):
        yield paths[number], tuple(codes)


def _neoplasms(store: Store) -> Iterator[Phrase]:
    for path, codes in _cells(store):
        site = ", ".join(path[1:]).translate({ord(mark): None for mark in "*#◊†"}).strip()
        for said, code in zip(NEOPLASMS, codes, strict=True):
            if code and site:
                yield Phrase(CM, _whole(code), NEOPLASM, said.format(site))


def _drugs(store: Store) -> Iterator[Phrase]:
    for path, codes in _cells(store):
        substance = ", ".join(essential(title).strip() for title in path)
        for said, code in zip(DRUGS, codes, strict=True):
            if code:
                yield Phrase(CM, _whole(code), DRUG, said.format(substance))


def _whole(code: str) -> str:
    """`code` without the dash that says that characters are missing."""
    return code.rstrip("-*").rstrip(".")


def _ontology(store: Store) -> Iterator[Phrase]:
    for text, code in store.all("SELECT text, code FROM synonym ORDER BY text"):
        yield Phrase(CM, code, ONTOLOGY, text)


READERS: dict[str, Callable[[Store], Iterator[Phrase]]] = {
    "icd10cm:index": _index(INDEX),
    "icd10cm:eindex": _index(EXTERNAL),
    "icd10cm:neoplasm": _neoplasms,
    "icd10cm:drug": _drugs,
    "doid:icd10cm": _ontology,
}
