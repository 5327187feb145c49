"""The Disease Ontology's names and cross references: `HumanDO.tsv`, `allXREFinDO.tsv`, `doid_icd10cm.json`.

The first two are reports of the ontology's own repository (tab-separated with a header: id, label, subClassOf; id,
label, xref); a disease with several classes above it has several lines. The JSON, where there is one, has
`doid_to_icd10cm` (disease to codes) and `synonym_to_icd10cm` (name to code). What is handed over is joined; the
references of the JSON that the ontology's own list does not have are kept and counted apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from leadterm.domain import InputError

from ..store import Store
from ._dates import UNDATED
from ._offered import Format, Offered, Part, Recognised, Table, insert, separated

NAME = "doid:icd10cm"
LICENCE = "CC0 1.0, Disease Ontology"
PREFIX = "ICD10CM:"
_ID = re.compile(r"DOID:\d{1,8}")
# Codes, blocks and categories are referred to.
_CODE = re.compile(r"(?:[A-Z][0-9]|QA)[0-9A-Z](?:\.[0-9A-Z]{1,4}|-[A-Z][0-9][0-9A-Z])?")
ENTRY = "id TEXT PRIMARY KEY, label TEXT, parents TEXT NOT NULL"
XREF = "id TEXT NOT NULL, code TEXT NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (id, code)"
SYNONYM = "text TEXT NOT NULL, code TEXT NOT NULL, PRIMARY KEY (text, code)"
HEADERS = {"names": ["id", "label", "subclassof"], "references": ["id", "label", "xref"]}


def _kind(offered: Offered) -> str | None:
    if offered.starts("{") and offered.mentions('"doid_to_icd10cm"'):
        return "json"
    first = offered.head.decode("utf-8-sig", "replace").partition("\n")[0]
    header = [cell.strip().strip('"').lower() for cell in first.split("\t")]
    if not offered.mentions("doid:"):
        return None
    return next((kind for kind, names in HEADERS.items() if header == names), None)


def _recognise(offered: Offered) -> Recognised | None:
    return Recognised(NAME, UNDATED, LICENCE) if _kind(offered) else None


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    labels: dict[str, str] = {}
    parents: dict[str, dict[str, None]] = {}
    ontology: dict[tuple[str, str], None] = {}
    derived: dict[tuple[str, str], None] = {}
    synonyms: dict[tuple[str, str], None] = {}
    for file in files:
        kind = _kind(file)
        if kind == "json":
            pairs, words = _json(file)
            derived.update(dict.fromkeys(pairs))
            synonyms.update(dict.fromkeys(words))
            continue
        for number, (disease, label, third) in _rows(file):
            labels.setdefault(disease, label)
            if kind == "names":
                parents.setdefault(disease, {})[third] = None
            elif third.startswith(PREFIX):
                ontology[disease, _code(third.removeprefix(PREFIX), file, f", line {number}")] = None
    references = {**dict.fromkeys(derived, "derived"), **dict.fromkeys(ontology, "ontology")}
    for disease, _ in references:
        labels.setdefault(disease, "")
    counts = (
        ("diseases", len(labels)),
        ("references", len(ontology)),
        ("derived_references_beside", len(derived.keys() - ontology.keys())),
        ("derived_diseases", len({disease for disease, _ in derived})),
        ("synonyms", len(synonyms)),
    )
    entries = ((i, label or None, "\n".join(parents.get(i, ()))) for i, label in sorted(labels.items()))
    xrefs = ((disease, code, origin) for (disease, code), origin in sorted(references.items()))
    return Table(
        counts,
        (
            _part("entry", ENTRY, entries),
            _part("xref", XREF, xrefs, "; CREATE INDEX xref_by_code ON xref (code)"),
            _part("synonym", SYNONYM, sorted(synonyms), "; CREATE INDEX synonym_by_code ON synonym (code)"),
        ),
    )


def _part(table: str, columns: str, rows: Any, index: str = "") -> Part:
    return Part(f"CREATE TABLE {table} ({columns}) WITHOUT ROWID{index}", insert(table, columns), rows)


def _rows(file: Offered) -> Iterator[tuple[int, tuple[str, str, str]]]:
    rows = separated(file.lines(), file.name, "\t")
    next(rows, None)
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        if len(row) != 3 or not _ID.fullmatch(row[0]):
            raise InputError(f"{file.name}, line {number}: a line is a disease (DOID:…), its name and one more field.")
        yield number, (row[0], row[1].strip(), row[2].strip())


def _code(text: str, file: Offered, where: str) -> str:
    code = text.strip().upper()
    if not _CODE.fullmatch(code):
        raise InputError(f"{file.name}{where}: a reference is no code of ICD-10-CM; fetch the file anew.")
    return code


def _json(file: Offered) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    raw = file.json()
    try:
        diseases, synonyms = raw["doid_to_icd10cm"], raw.get("synonym_to_icd10cm", {})
        pairs = [(str(disease), _code(code, file, "")) for disease, codes in diseases.items() for code in codes]
        words = [(str(text), _code(code, file, "")) for text, code in synonyms.items()]
    except (KeyError, TypeError, AttributeError):
        raise InputError(f"The file {file.name} cannot be read as JSON of diseases; fetch it again.") from None
    if bad := next((disease for disease, _ in pairs if not _ID.fullmatch(disease)), None):
        raise InputError(f"The file {file.name} names a disease that is none ({bad[:16]!r}).")
    return pairs, words


def _entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    codes: dict[str, list[str]] = {}
    for disease, code in store.all("SELECT id, code FROM xref ORDER BY id, code"):
        codes.setdefault(disease, []).append(code)
    for disease, label, parents in store.all("SELECT id, label, parents FROM entry ORDER BY id"):
        yield disease, {"label": label or "", "parents": parents, "icd10cm": "\n".join(codes.get(disease, ()))}


FORMATS = (Format("Disease Ontology", _recognise, _read, joins=True, piece=_kind),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {NAME: _entries}
