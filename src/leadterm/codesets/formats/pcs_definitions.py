"""The ICD-10-PCS definitions (icd10pcs_definitions_YYYY.xml): what root operations, approaches, types mean; the keys.

Body part key and device key are definitions too: a value of the tables, and the words of the chart that it includes.
The file ends with the device aggregation table: which value stands for a specific device elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from ..store import Store
from ._offered import Format, Offered, Part, Recognised, Table, insert
from ._pcs_xml import TEXT, Element, Source, recogniser

ROOT = "ICD10PCS.definitions"
WHAT = "ICD-10-PCS definitions"
_LEAF = frozenset({TEXT})
GRAMMAR = {
    ROOT: frozenset({"version", "title", "section", "deviceAggregation"}),
    "version": _LEAF,
    "title": _LEAF,
    "section": frozenset({"title", "axis", "@code"}),
    "axis": frozenset({"title", "terms", "@pos"}),
    "terms": frozenset({"title", "definition", "explanation", "includes"}),
    "definition": _LEAF,
    "explanation": _LEAF,
    "includes": _LEAF,
    "deviceAggregation": frozenset({"aggregate"}),
    "aggregate": frozenset({"device", "operation", "bodySys", "parent"}),
    "device": _LEAF,
    "operation": _LEAF,
    "bodySys": _LEAF,
    "parent": frozenset({TEXT, "@value"}),
}
COLUMNS = (
    "id INTEGER PRIMARY KEY, section TEXT NOT NULL, section_title TEXT NOT NULL, position INTEGER NOT NULL,"
    " axis TEXT NOT NULL, titles TEXT NOT NULL, definition TEXT, explanation TEXT, includes TEXT NOT NULL"
)
NAME_COLUMNS = "name TEXT COLLATE NOCASE, kind TEXT, entry INTEGER, PRIMARY KEY (name, kind, entry)"
DEVICE_COLUMNS = (
    "device TEXT COLLATE NOCASE, number INTEGER, operation TEXT NOT NULL, body_systems TEXT NOT NULL,"
    " value TEXT NOT NULL, parent TEXT NOT NULL, PRIMARY KEY (device, number)"
)
Row = tuple[int, str, str, int, str, str, str | None, str | None, str]


def _rows(source: Source, root: Element) -> Iterator[Row]:
    number = 0
    for section in root.all("section"):
        code, title = section.attributes.get("code", ""), source.one(section, "title").text
        for axis in section.all("axis"):
            position = axis.attributes.get("pos", "")
            if len(code) != 1 or position not in set("1234567"):
                raise source.refused(axis.at, "a section has no character, or an axis no place from 1 to 7")
            for terms in axis.all("terms"):
                number += 1
                name = source.one(axis, "title").text
                yield (number, code, title, int(position), name, *_term(source, terms))


def _term(source: Source, terms: Element) -> tuple[str, str | None, str | None, str]:
    titles = terms.texts("title")
    if not titles or not all(titles):
        raise source.refused(terms.at, "a term has no title")
    single = [terms.texts(name) for name in ("definition", "explanation")]
    if any(len(texts) > 1 for texts in single):
        raise source.refused(terms.at, "a term is defined or explained twice")
    definition, explanation = (next(iter(texts), None) for texts in single)
    if not (definition or explanation or terms.all("includes")):
        raise source.refused(terms.at, "a term has neither definition nor explanation nor includes")
    return _json(titles), definition, explanation, _json(terms.texts("includes"))


def _devices(source: Source, root: Element) -> Iterator[tuple[str, int, str, str, str, str]]:
    for part in root.all("deviceAggregation"):
        for number, row in enumerate(part.all("aggregate")):
            device, operation, parent = (source.one(row, name) for name in ("device", "operation", "parent"))
            systems = _json(row.texts("bodySys"))
            yield device.text, number, operation.text, systems, parent.attributes.get("value", ""), parent.text


def _json(texts: Sequence[str]) -> str:
    return json.dumps(texts, ensure_ascii=False)


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    source = Source(files[0], WHAT, GRAMMAR)
    root = source.tree(ROOT)
    rows = list(_rows(source, root))
    devices = list(_devices(source, root))
    if not rows:
        raise source.refused(root.at, "it defines nothing")
    names = {
        (text, kind, row[0]) for row in rows for kind, at in (("title", 5), ("includes", 8)) for text in _texts(row[at])
    }
    counts = {
        "sections": len(root.all("section")),
        "axes": len({(row[1], row[3]) for row in rows}),
        "terms": len(rows),
        "definitions": sum(row[6] is not None for row in rows),
        "explanations": sum(row[7] is not None for row in rows),
        "includes": sum(len(_texts(row[8])) for row in rows),
        "devices": len(devices),
    }
    return Table(
        tuple(counts.items()),
        (
            Part(f"CREATE TABLE entry ({COLUMNS})", insert("entry", COLUMNS), rows),
            Part(f"CREATE TABLE name ({NAME_COLUMNS}) WITHOUT ROWID", insert("name", NAME_COLUMNS), _unique(names)),
            Part(f"CREATE TABLE device ({DEVICE_COLUMNS}) WITHOUT ROWID", insert("device", DEVICE_COLUMNS), devices),
        ),
    )


def _texts(value: object) -> list[str]:
    texts: list[str] = json.loads(str(value))
    return texts


def _unique(names: set[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """The names sorted, one spelling each: their key in the store does not tell cases apart."""
    return sorted({(text.lower(), kind, entry): (text, kind, entry) for text, kind, entry in sorted(names)}.values())


def entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every term by section, axis and titles, with what is said of it; every device by what stands for it."""
    sql = "SELECT section, position, axis, titles, definition, explanation, includes FROM entry ORDER BY id"
    for section, position, axis, titles, definition, explanation, includes in store.all(sql):
        key = f"{section}.{position} {axis}: {' / '.join(json.loads(titles))}"
        said = {"definition": definition or "", "explanation": explanation or ""}
        yield key, {**said, "includes": "; ".join(json.loads(includes))}
    for device, operation, systems, value, parent in store.all(
        "SELECT device, operation, body_systems, value, parent FROM device ORDER BY number"
    ):
        key = f"device {device}: {operation}, {', '.join(json.loads(systems))}"
        yield key, {"parent": f"{value} {parent}"}


FORMATS = (Format(WHAT, recogniser(ROOT, "icd10pcs:definitions"), _read),)
DIFFERS = {"icd10pcs:definitions": entries}
