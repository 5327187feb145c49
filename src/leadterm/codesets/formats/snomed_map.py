"""The maps of SNOMED CT to ICD-10-CM (and of its international edition to WHO's ICD-10), from the user's own release.

Layouts (RF2 "Complex and Extended Map Reference Sets"): `der2_iisssccRefset_ExtendedMap…` with the columns id,
effectiveTime, active, moduleId, refsetId, referencedComponentId, mapGroup, mapPriority, mapRule, mapAdvice, mapTarget,
correlationId, mapCategoryId; and NLM's `tls_Icd10cmHumanReadableMap_US1000124_….tsv`, the same with names beside the
identifiers. A Full file holds every version of a row: the last one counts, and only while it is active.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from leadterm.domain import CodeSystem, DateRange, InputError, dotted

from ..crosswalks.snomed_map import parse_rule
from ..store import Store
from ._dates import hints
from ._offered import Format, Offered, Recognised, Table, decoded, one_table

CM, WHO = "snomed:icd10cm-map", "snomed:icd10-map"
# Reference sets by component; the second of CM is the one that NLM maintained before 2016.
REFSETS = {CM: ("6011000124106", "5991000124107"), WHO: ("447562003",)}
EDITION = "us1000124"
LICENCE = "SNOMED International affiliate licence (US: UMLS Metathesaurus licence); the user's own release"
ID_COLUMNS = ("id", "effectivetime", "active", "refsetid", "referencedcomponentid")
MAP_COLUMNS = ("mapgroup", "mappriority", "maprule", "mapadvice", "maptarget", "mapcategoryid")
NEEDED = ID_COLUMNS + MAP_COLUMNS
COLUMNS = (
    "rank INTEGER PRIMARY KEY, concept TEXT NOT NULL, name TEXT, grouped INTEGER NOT NULL, priority INTEGER NOT NULL,"
    " rule TEXT NOT NULL, advice TEXT NOT NULL, target TEXT, target_name TEXT, category TEXT NOT NULL"
)
_NUMBER = re.compile(r"[0-9]{1,18}")  # the longest identifier of SNOMED CT
INDEXES = "CREATE INDEX by_concept ON entry (concept); CREATE INDEX by_target ON entry (target)"


def _recognise(offered: Offered) -> Recognised | None:
    if not offered.starts("id\teffectivetime\tactive\tmoduleid\trefsetid\treferencedcomponentid\t"):
        return None
    header, *lines = decoded(offered.head).splitlines()
    at = _header(header)
    if at is None:
        return None
    found = {cells[at["refsetid"]] for line in lines if len(cells := line.split("\t")) > at["refsetid"]}
    american = EDITION in offered.name.lower()  # its file holds the international map too, and may begin with it
    for name, refsets in REFSETS.items():
        if found & set(refsets) or (name == CM and american):
            return Recognised(name, DateRange(_day(offered)), LICENCE, int("referencedcomponentname" not in at))
    raise InputError(
        f"The map {offered.name} is of another reference set than ICD-10-CM's ({REFSETS[CM][0]}) or ICD-10's."
    )


def _header(line: str) -> dict[str, int] | None:
    at = {name.strip().lower(): i for i, name in enumerate(line.lstrip("\ufeff").split("\t"))}
    return at if all(name in at for name in NEEDED) else None


def _day(offered: Offered) -> date:
    """The day of the edition, which every file of a release bears in its name."""
    said = next((h for h in hints(offered) if h.month and h.day), None)
    if said is None:
        raise InputError(f"The map {offered.name} has no release date (YYYYMMDD) in its name; keep the original name.")
    return date(said.year, said.month or 1, said.day or 1)


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    file = files[0]
    refsets = REFSETS[recognised.name]
    lines = iter(file.lines())
    at = _header(next(lines, ""))
    if at is None:
        raise InputError(f"The map {file.name} lacks a column of the extended map layout; fetch it anew.")
    width = max(at.values()) + 1
    newest: dict[str, list[str]] = {}
    read = other = 0
    for number, line in enumerate(lines, 2):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) != width:
            raise InputError(f"{file.name}, line {number}: {len(cells)} columns where the header has {width}.")
        read += 1
        if cells[at["refsetid"]] not in refsets:
            other += 1
            continue
        _check(cells, at, f"{file.name}, line {number}")
        before = newest.get(cells[at["id"]])
        if before is None or before[at["effectivetime"]] < cells[at["effectivetime"]]:
            newest[cells[at["id"]]] = cells
    active = [cells for cells in newest.values() if cells[at["active"]] == "1"]
    if not active:
        raise InputError(f"The map {file.name} holds no active row of the reference set; fetch it anew.")
    rows = sorted(_row(cells, at) for cells in active)
    unread = sum(not parse_rule(row[4]).readable for row in rows)
    counts = (
        ("rows", read),
        ("active", len(rows)),
        ("inactive", len(newest) - len(active)),
        ("other_refsets", other),
        ("concepts", len({row[0] for row in rows})),
        ("targets", len({row[6] for row in rows if row[6]})),
        ("rules_kept_as_words", unread),
    )
    return one_table(counts, COLUMNS, ((rank, *_stored(row)) for rank, row in enumerate(rows)), INDEXES, rowid=True)


_Row = tuple[int, int, int, str, str, str, str, str, str]


def _check(cells: list[str], at: Mapping[str, int], where: str) -> None:
    for name in ("referencedcomponentid", "mapgroup", "mappriority", "effectivetime"):
        if not _NUMBER.fullmatch(cells[at[name]]):
            raise InputError(f"{where}: {name} is no number; fetch the file anew.")
    if cells[at["active"]] not in ("0", "1"):
        raise InputError(f"{where}: active is neither 0 nor 1; fetch the file anew.")


def _row(cells: list[str], at: Mapping[str, int]) -> _Row:
    def cell(name: str) -> str:
        return cells[at[name]].strip() if name in at else ""

    return (
        int(cell("referencedcomponentid")),
        int(cell("mapgroup")),
        int(cell("mappriority")),
        cell("referencedcomponentname") or cell("sctname"),
        cell("maprule"),
        cell("mapadvice"),
        dotted(cell("maptarget").upper().replace(".", ""), CodeSystem.ICD10CM),
        cell("maptargetname") or cell("icdname"),
        cell("mapcategoryid"),
    )


def _stored(row: _Row) -> tuple[str, str | None, int, int, str, str, str | None, str | None, str]:
    concept, group, priority, name, rule, advice, target, target_name, category = row
    return str(concept), name or None, group, priority, rule, advice, target or None, target_name or None, category


def _entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for concept, group, priority, rule, advice, target in store.all(
        "SELECT concept, grouped, priority, rule, advice, target FROM entry ORDER BY rank"
    ):
        yield f"{concept} {group}.{priority}", {"target": target or "", "rule": rule, "advice": advice}


FORMATS = (Format("SNOMED CT map to ICD-10", _recognise, _read),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = dict.fromkeys(REFSETS, _entries)
