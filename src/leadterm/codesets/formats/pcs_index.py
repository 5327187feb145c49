"""The ICD-10-PCS Index (icd10pcs_index_YYYY.xml): main terms, subterms, and where each leads.

A term leads to a table (`tab`), to the beginning of codes (`codes`), to whole codes (`code`), to another term (`see`)
or to a value of the tables (`use`). Terms without a title are further such leads of the term above them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from leadterm.domain import InputError

from ..store import Store
from ._offered import Format, Offered, Part, Recognised, Table, insert
from ._pcs_xml import TEXT, Element, Source, recogniser

ROOT = "ICD10PCS.index"
WHAT = "ICD-10-PCS Index"
LEADS = ("see", "use", "code", "codes", "tab")
GRAMMAR = {
    ROOT: frozenset({"version", "title", "letter"}),
    "version": frozenset({TEXT}),
    "title": frozenset({TEXT}),
    "letter": frozenset({"title", "mainTerm"}),
    "mainTerm": frozenset({"title", "term", *LEADS}),
    "term": frozenset({"title", "term", "@level", *LEADS}),
    "see": frozenset({TEXT, "code", "codes", "tab"}),
    "use": frozenset({TEXT, "code", "codes", "tab"}),
    "code": frozenset({TEXT}),
    "codes": frozenset({TEXT}),
    "tab": frozenset({TEXT}),
}
# How many characters each kind of reference writes.
LENGTHS = {"tab": range(3, 4), "codes": range(4, 7), "code": range(7, 8)}
REFERENCE = re.compile(r"[0-9A-HJ-NP-Z]{3,7}")
WORD = re.compile(r"[^\W_]+")
STEP = " > "
COLUMNS = "id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, title TEXT NOT NULL, path TEXT NOT NULL, leads TEXT"
WORD_COLUMNS = "word TEXT, entry INTEGER, PRIMARY KEY (word, entry)"
Lead = tuple[str, str, list[str]]


def words_of(text: str) -> list[str]:
    """The words of a text as the index of words keeps them."""
    return WORD.findall(text.lower())


class _Reader:
    """Numbers terms in the order of the book and counts them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.rows: list[tuple[int, int, str, str, str | None]] = []
        self.counts = dict.fromkeys(("main terms", "subterms", "see", "use", "codes", "tables"), 0)

    def read(self, element: Element, parent: int, path: tuple[str, ...]) -> None:
        """Takes a titled term in, then those within."""
        title = self._source.one(element, "title").text
        if not title:
            raise self._source.refused(element.at, "a term has an empty title")
        number = len(self.rows) + 1
        bare = [term for term in element.all("term") if not term.all("title")]
        leads = [lead for holder in (element, *bare) for lead in self._leads(holder)]
        if stranger := next((term for term in bare if term.all("term") or not self._leads_of(term)), None):
            raise self._source.refused(stranger.at, "a term without a title leads nowhere, or has terms within")
        self.rows.append((number, parent, title, STEP.join((*path, title)), None))
        self.counts["subterms" if parent else "main terms"] += 1
        for term in element.all("term"):
            if term.attributes.get("level") != str(len(path) + 1):
                raise self._source.refused(term.at, f"a term of level {len(path) + 1} says another level")
            if term.all("title"):
                self.read(term, number, (*path, title))
        self.rows[number - 1] = (*self.rows[number - 1][:4], json.dumps(leads, ensure_ascii=False) if leads else None)

    def _leads_of(self, element: Element) -> list[Element]:
        return [child for child in element.children if child.name in LEADS]

    def _leads(self, element: Element) -> Iterator[Lead]:
        for child in self._leads_of(element):
            if child.name in LENGTHS:
                yield "code", "", self._references(child)
            else:
                self.counts[child.name] += 1
                if not child.text:
                    raise self._source.refused(child.at, f"{child.name} names nothing")
                yield child.name, child.text, [r for within in child.children for r in self._references(within)]

    def _references(self, element: Element) -> list[str]:
        found = [text for text in re.split(r"[\s,;]+", element.text) if text]
        wrong = [f for f in found if not REFERENCE.fullmatch(f) or len(f) not in LENGTHS[element.name]]
        if wrong or not found:
            raise self._source.refused(element.at, f"{element.name} holds no beginning of a code")
        self.counts["tables" if element.name == "tab" else "codes"] += len(found)
        return found


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    source = Source(files[0], WHAT, GRAMMAR)
    root = source.tree(ROOT)
    reader = _Reader(source)
    for letter in root.all("letter"):
        for term in letter.all("mainTerm"):
            reader.read(term, 0, ())
    if not reader.rows:
        raise InputError(f"The {WHAT} {files[0].name} has no terms; get the file anew from its owner.")
    words = sorted({(word, row[0]) for row in reader.rows for word in words_of(row[2])})
    entry = "CREATE TABLE entry ({}); CREATE INDEX entry_parent ON entry (parent); " + (
        "CREATE INDEX entry_title ON entry (title COLLATE NOCASE)"
    )
    return Table(
        tuple(reader.counts.items()),
        (
            Part(entry.format(COLUMNS), insert("entry", COLUMNS), reader.rows),
            Part(f"CREATE TABLE word ({WORD_COLUMNS}) WITHOUT ROWID", insert("word", WORD_COLUMNS), words),
        ),
    )


def entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every term by its path, with where it leads; terms that only head others lead nowhere."""
    told: dict[str, dict[str, list[str]]] = {}
    for path, leads in store.all("SELECT path, leads FROM entry ORDER BY id"):
        # One path may stand twice; both are one key.
        fields = told.setdefault(path, {"code": [], "see": [], "use": []})
        for kind, text, codes in json.loads(leads or "[]"):
            fields[kind].append(" ".join([text, *codes]).strip())
    for path, fields in told.items():
        yield path, {kind: "; ".join(texts) for kind, texts in fields.items()}


FORMATS = (Format(WHAT, recogniser(ROOT, "icd10pcs:index"), _read),)
DIFFERS = {"icd10pcs:index": entries}
