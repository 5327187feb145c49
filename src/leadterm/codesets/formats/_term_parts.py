"""Turns the terms of an index file into the tables of a store, the same for the index and its column tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from leadterm.domain import InputError

from ..alphabetic.words import is_connective, key, readings
from ..store import Store
from ._cross_references import CrossReferences, Target
from ._offered import Part, insert
from ._terms_xml import Term, Terms

CODE = re.compile(r"(?<![0-9A-Z.])(?:[A-Z][0-9]|QA)[0-9A-Z](?:\.[0-9A-Z]{0,4})?-?(?![0-9A-Z])")
RANGE = re.compile(
    r"(?P<letter>[A-Z])(?P<first>\d\d)-(?P=letter)(?P<last>\d\d)(?: with \.(?P<tail>[0-9A-Z]+))?(?![0-9A-Z.])"
)
# What may stand between the codes of one text.
BETWEEN = re.compile(r"[\s,;/\[\]()]|\b(?:and|or)\b")
REFERENCES = {"see": "see", "seeAlso": "see_also"}
HOLDS_CODES = frozenset(("code", "manif", "cell"))
CATEGORIES = frozenset(("seecat", "subcat"))
# Beyond this share of codes that cannot be read the file is not what it seems.
MOST_UNREAD = 0.01

ENTRY = (
    "id INTEGER PRIMARY KEY, parent INTEGER, last INTEGER NOT NULL, level INTEGER NOT NULL, title TEXT NOT NULL,"
    " essential TEXT NOT NULL, modifiers TEXT NOT NULL, connective INTEGER NOT NULL"
)
BESIDE = (
    "entry INTEGER, position INTEGER, kind TEXT NOT NULL, col INTEGER NOT NULL, text TEXT NOT NULL,"
    " code TEXT NOT NULL, incomplete INTEGER NOT NULL, sort TEXT NOT NULL, targets TEXT NOT NULL, rest TEXT NOT NULL,"
    " PRIMARY KEY (entry, position)"
)
LEAD = "key TEXT, entry INTEGER, PRIMARY KEY (key, entry)"
WORD = "word TEXT, entry INTEGER, reading INTEGER, size INTEGER NOT NULL, PRIMARY KEY (word, entry, reading)"
CODED = "stem TEXT, entry INTEGER, position INTEGER, PRIMARY KEY (stem, entry, position)"
Row = tuple[Any, ...]


def term_parts(read: Terms, references: CrossReferences) -> tuple[Counter[str], tuple[Part, ...]]:
    """What was counted, and the tables of the store. Raises InputError when too many codes cannot be read."""
    counts: Counter[str] = Counter()
    beside = [row for term in read.terms for row in _beside(term, references, counts)]
    coded = [(stem, row[0], row[1]) for row in beside for stem in _stems(row)]
    if counts["codes_unread"] > MOST_UNREAD * max(1, counts["codes"]):
        raise InputError(
            f"The file holds {counts['codes_unread']} codes without the shape of ICD-10-CM; hand over the right one."
        )
    plain = "CREATE TABLE {} ({}) WITHOUT ROWID"
    return counts, (
        Part(
            f"CREATE TABLE entry ({ENTRY}); CREATE INDEX below ON entry (parent)",
            insert("entry", ENTRY),
            _entries(read),
        ),
        Part(plain.format("beside", BESIDE), insert("beside", BESIDE), beside),
        Part(
            plain.format("lead", LEAD), insert("lead", LEAD), sorted({(key(m.title.printed), m.id) for m in read.mains})
        ),
        Part(plain.format("lead_word", WORD), insert("lead_word", WORD), sorted(_words(read.mains))),
        Part(plain.format("word", WORD), insert("word", WORD), sorted(_words(t for t in read.terms if t.level))),
        Part(plain.format("coded", CODED), insert("coded", CODED), sorted(coded)),
    )


def _entries(read: Terms) -> Iterator[Row]:
    for term in read.terms:
        title = term.title
        parent = term.parent.id if term.parent else None
        connective = int(bool(term.level) and is_connective(title.essential))
        fixed = (term.id, parent, term.last, term.level, title.printed, title.essential)
        yield (*fixed, "\n".join(title.modifiers), connective)


def _words(terms: Iterable[Term]) -> Iterator[Row]:
    for term in terms:
        own = readings(term.title.essential)
        # Whoever says "fracture" is shown "Fracture, traumatic": the lead alone leads to a main term.
        leads = readings(term.title.essential.partition(",")[0]) if not term.level else ()
        for number, reading in enumerate(dict.fromkeys((*own, *leads))):
            for word in reading:
                yield word, term.id, number, len(reading)


def _beside(term: Term, references: CrossReferences, counts: Counter[str]) -> Iterator[Row]:
    """What stands beside a title, one row a code."""
    position = 0
    for kind, column, text in term.beside:
        target = references.resolve(text) if kind in REFERENCES else Target("")
        if kind in REFERENCES:
            counts[_resolution(target.sort)] += 1
        for own_kind, code, incomplete in _codes(kind, text, counts):
            targets = " ".join(map(str, target.entries))
            yield term.id, position, own_kind, column, text, code, incomplete, target.sort, targets, target.rest
            position += 1


def _resolution(sort: str) -> str:
    return {"entry": "see_resolved", "unresolved": "see_unresolved"}.get(sort, "see_elsewhere")


def _codes(kind: str, text: str, counts: Counter[str]) -> list[tuple[str, str, int]]:
    """The codes of one text, with what they are (those in brackets are manifestations), or the text without a code."""
    if kind in CATEGORIES:
        return [(kind, _one(text), int(text.endswith("-")))]
    if kind not in HOLDS_CODES or not text.strip("-– "):
        return [(kind, "", 0)]
    found = [
        (_kind_of(kind, text, m.start()), m[0].rstrip("-").rstrip("."), int("-" in m[0])) for m in CODE.finditer(text)
    ]
    if not found:
        counts["notes" if kind == "manif" else "codes_unread"] += 1
        return [("note", "", 0)]
    if BETWEEN.sub("", CODE.sub("", text)):
        counts["codes_unread"] += 1
    for own_kind, _, _ in found:
        counts["manifestations" if own_kind == "manif" else "codes"] += 1
    return found


def _kind_of(kind: str, text: str, at: int) -> str:
    return "manif" if kind == "code" and text.rfind("[", 0, at) > text.rfind("]", 0, at) else kind


def _one(text: str) -> str:
    found = CODE.findall(text)
    return str(found[0]).rstrip("-").rstrip(".") if len(found) == 1 else ""


def _stems(row: Row) -> Iterator[str]:
    """The codes without dot by which a row is found; "E08-E13 with .21" is E08.21, E09.21 and so on."""
    kind, text, code = row[2], row[4], row[5]
    if code:
        yield code.replace(".", "")
    elif kind in CATEGORIES or row[7] == "category":
        if found := RANGE.search(text):
            # A whole range of categories leads to too much to be a way to one code.
            categories = range(int(found["first"]), int(found["last"]) + 1) if found["tail"] else ()
            yield from (f"{found['letter']}{number:02}{found['tail']}" for number in categories)
        else:
            yield from dict.fromkeys(one.rstrip("-").replace(".", "") for one in CODE.findall(text))


def compared(store: Store, columns: Mapping[int, str] | None = None) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every entry of a store by its path, with what may change between releases; equal paths are numbered.

    `columns`: names of the columns of a table, by number.
    """
    name = _naming(columns or {})
    fields: dict[int, dict[str, str]] = {}
    rows = store.all("SELECT entry, kind, col, text FROM beside ORDER BY entry, position")
    for entry, group in groupby(rows, key=lambda row: row[0]):
        said: dict[str, str] = {}
        for kind, column, text in dict.fromkeys(row[1:] for row in group):
            field = name(kind, column)
            said[field] = "; ".join(filter(None, (said.get(field, ""), text)))
        fields[entry] = said
    seen: Counter[str] = Counter()
    path: list[str] = []
    for number, level, title, essential in store.all("SELECT id, level, title, essential FROM entry ORDER BY id"):
        path[level:] = [essential]
        place = ", ".join(path)
        seen[place] += 1
        yield f"{place} ({seen[place]})" if seen[place] > 1 else place, {"title": title, **fields.get(number, {})}


def _naming(columns: Mapping[int, str]) -> Callable[[str, int], str]:
    fixed = {"manif": "manifestation", "seeAlso": "see_also", "seecat": "see_category", "subcat": "see_category"}

    def name(kind: str, column: int) -> str:
        return columns.get(column, f"column_{column}") if kind == "cell" else fixed.get(kind, kind)

    return name
