"""Builds the search index: one short document for every phrase that names a code.

The folder holds one index for each system, because a word that is rare among diagnoses may be common among procedures,
and one for the words themselves (typos, beginnings of words, what a word leads to).

A document knows its code's other phrases and the titles above, which weigh less than its own words. Codes with a 7th
character have no documents of their own (there would be 51,000 that differ in two words): the code they extend carries
the words of its extensions, and the search picks the extension that was asked for.
"""

from __future__ import annotations

import gc
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from sys import intern
from typing import Any, NamedTuple

from leadterm.domain import InternalError

from ..store import TEMPORARY, Store, sync
from .entry import BILLABLE, EXTENSION, FINAL, HEADER, NONE, Candidate, Entry
from .family import Family, Place
from .learned import learned
from .sources import CM, DRUG, HCPCS, KINDS, PCS, TITLE, Phrase, SynonymLike, diagnoses, procedures, supplies
from .words import SHORT, bag, essential, search_words, stems

# Enough for one segment (diagnoses with all that can be installed take 80 MB), so that documents keep their order:
# they are known by their numbers, and of equal matches the earlier comes first.
HEAP = 200_000_000
# A header weighs as if its title were this much longer: what can be billed comes first, unless it is wordier still.
NOT_BILLABLE = 12
WORDS = "words"  # the folder of the index of words
# Fields that hold words, fields that hold one string each.
SPLIT, RAW = ("words", "stems", "near", "begins"), ("whole", "bag", "mark", "code")
FAST = ("place", "parent")
# A code of so many words is one for all that has no other place; they say little of one another.
MOST_NEAR = 60


class _Said(NamedTuple):
    """A phrase with its words; stems and length are those of what is essential."""

    phrase: Phrase
    words: list[str]
    essential: list[str]
    stems: list[str]
    modifiers: frozenset[str]
    length: int


def build_index(
    path: Path,
    stores: Mapping[str, Store],
    lexicon: Iterable[SynonymLike],
    keep: Callable[[Phrase], bool] | None = None,
) -> None:
    """Nothing; `path` becomes the folder of the index, or stays absent if the process dies.

    Args:
        path: Where it will be.
        stores: By component; `icd10cm:tabular` and `icd10pcs:titles` must be among them.
        lexicon: Synonyms.
        keep: Whether a phrase goes in (None: all do); benchmarks hold some back.
    """
    temporary = path.with_name(f"{TEMPORARY}{path.name}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    with _uncollected():
        _write_all(temporary, stores, (p for p in diagnoses(stores, lexicon) if keep is None or keep(p)))
    for file in temporary.rglob("*"):
        sync(file)
    temporary.replace(path)
    sync(path.parent)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without collection of garbage: nothing made here refers to itself, and looking for what does takes a fifth."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _write_all(temporary: Path, stores: Mapping[str, Store], found: Iterable[Phrase]) -> None:
    family = Family(stores["icd10cm:tabular"])
    said = _titled(_said(p) for p in found if p.code in family.places)
    counted: Counter[str] = Counter(w for one in said for w in set(one.words))
    leads = _leads(said)
    _write(temporary / CM, _diagnoses(said, family))
    del said
    for system, phrases in ((PCS, procedures(stores)), (HCPCS, supplies(stores))):
        flat = sorted(_titled(map(_said, phrases)), key=lambda one: (one.length, one.phrase))
        counted.update(w for one in flat for w in set(one.words))
        _write(temporary / system, _flat(flat))
    _write_words(temporary / WORDS, counted, leads)


def _said(phrase: Phrase) -> _Said:
    words = [intern(word) for word in search_words(phrase.surface)]
    if "(" not in phrase.surface:
        return _Said(phrase, words, words, stems(words), frozenset(), len(phrase.surface))
    said = essential(phrase.surface)
    core = search_words(said) or words
    own = stems(core)
    return _Said(phrase, words, core, own, frozenset(stems(words)).difference(own), len(said))


def _titled(said: Iterable[_Said]) -> list[_Said]:
    """The phrases that have words, of codes whose title has."""
    worded = [one for one in said if one.words]
    titled = {one.phrase.code for one in worded if one.phrase.kind == TITLE}
    return [one for one in worded if one.phrase.code in titled]


def _leads(said: Iterable[_Said]) -> dict[str, list[tuple[str, float]]]:
    titles = {one.phrase.code: frozenset(one.stems) | one.modifiers for one in said if one.phrase.kind == TITLE}
    others = (one for one in said if one.phrase.kind not in (TITLE, DRUG))
    return learned(((one.phrase.code, frozenset(one.stems) | one.modifiers) for one in others), titles)


def _diagnoses(said: list[_Said], family: Family) -> Iterator[dict[str, Any]]:
    """The documents, short before long."""
    near: dict[str, set[str]] = {}
    for one in said:
        if one.phrase.kind != DRUG:
            near.setdefault(one.phrase.code, set()).update(one.stems, one.modifiers)
    said.sort(key=lambda one: (one.length + _burden(family.places[one.phrase.code]), one.phrase))
    titles, texts = _title_numbers(said), _title_texts(said)
    for one in said:
        code = one.phrase.code
        document = _document(one)
        document |= _kept(one.phrase, family.places[code], titles, texts)
        if one.phrase.kind != DRUG:
            own = set(one.stems)
            around = near[code] - own
            said_near = around if len(around) <= MOST_NEAR else one.modifiers
            document["near"] = " ".join((family.above(code) | said_near) - own)
        if one.phrase.kind == TITLE:
            document["mark"] = [TITLE, *(EXTENSION + word for word in family.extension_words(code))]
        yield document


def _burden(place: Place) -> int:
    return NOT_BILLABLE if place.flags & HEADER else 0


def _title_numbers(said: Iterable[_Said]) -> dict[str, int]:
    """The number of the document with the title of a code: documents are numbered in the order they are written."""
    return {one.phrase.code: number for number, one in enumerate(said) if one.phrase.kind == TITLE}


def _title_texts(said: Iterable[_Said]) -> dict[str, str]:
    return {one.phrase.code: one.phrase.surface for one in said if one.phrase.kind == TITLE}


def _kept(phrase: Phrase, place: Place, titles: Mapping[str, int], texts: Mapping[str, str]) -> dict[str, Any]:
    """What a document answers with."""
    default = titles.get(place.default, NONE)
    own = Candidate(titles[phrase.code], default, KINDS.index(phrase.kind), place.flags)
    title = "" if phrase.kind == TITLE else texts[phrase.code]
    entry = Entry(phrase.code, phrase.kind, place.flags, phrase.surface, title)
    return {"entry": entry.packed, "place": own.packed, "parent": titles.get(place.parent, NONE)}


def _flat(said: list[_Said]) -> Iterator[dict[str, Any]]:
    titles, texts = _title_numbers(said), _title_texts(said)
    place = Place("", FINAL | BILLABLE, "")
    for one in said:
        yield _document(one) | _kept(one.phrase, place, titles, texts)


def _document(one: _Said) -> dict[str, Any]:
    """The fields that every phrase has."""
    first = one.words[0]
    forms = (one.words,) if one.essential is one.words else (one.words, one.essential)
    document: dict[str, Any] = {
        "words": " ".join(dict.fromkeys(one.words)),
        "stems": " ".join(one.stems),
        "begins": " ".join(dict.fromkeys(first[:n] for n in range(1, SHORT + 1))),
        "whole": list(dict.fromkeys(" ".join(words) for words in forms)),
        "bag": list(dict.fromkeys(bag(words) for words in forms)),
    }
    if one.phrase.kind == TITLE:
        document |= {"mark": TITLE, "code": one.phrase.code.replace(".", "")}
    return document


def _write(folder: Path, documents: Iterable[dict[str, Any]]) -> None:
    import tantivy

    builder = tantivy.SchemaBuilder()
    for name in SPLIT:
        # With frequencies (always one): without them the library looks at every match, not at the best alone.
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in RAW:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FAST:
        builder.add_integer_field(name, fast=True)
    builder.add_bytes_field("entry", stored=True)
    _fill(folder, builder.build(), documents)


def _write_words(folder: Path, counted: Counter[str], leads: Mapping[str, list[tuple[str, float]]]) -> None:
    """The words, frequent before rare, and the stems that lead to others."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    for name in ("word", "stem"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("said", stored=True)
    words = ({"word": word, "said": word.encode()} for word, _ in sorted(counted.items(), key=lambda c: (-c[1], c[0])))
    lines = (
        {"stem": one, "said": " ".join(f"{word}:{share}" for word, share in found).encode()}
        for one, found in leads.items()
    )
    _fill(folder, builder.build(), (document for part in (words, lines) for document in part))


def _fill(folder: Path, schema: Any, documents: Iterable[dict[str, Any]]) -> None:
    import tantivy

    folder.mkdir()
    index = tantivy.Index(schema, path=str(folder))
    writer = index.writer(heap_size=HEAP, num_threads=1)
    for fields in documents:
        writer.add_document(tantivy.Document(**{name: kept for name, kept in fields.items() if kept or kept == 0}))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    if index.searcher().num_segments > 1:
        raise InternalError("The search index has come out in parts; raise HEAP in search_index.py.")
