"""One record of the HCPCS Level II file as CMS names its fields, and the row of the store that it becomes.

Sources: the record layout that CMS publishes with the file (columns of the text, names of the workbook).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from leadterm.domain import InputError

# What stands in RECID: the first record of a procedure or modifier, and the records that continue its description.
PROCEDURE, MORE_PROCEDURE, MODIFIER, MORE_MODIFIER = "3478"
KINDS = {PROCEDURE: "code", MORE_PROCEDURE: "code", MODIFIER: "modifier", MORE_MODIFIER: "modifier"}
CONTINUES = frozenset((MORE_PROCEDURE, MORE_MODIFIER))
SHAPES = {"code": re.compile(r"[A-V][0-9]{4}"), "modifier": re.compile(r"[A-Z0-9]{2}")}
# The dental codes belong to the American Dental Association; CMS leaves them out, and so does whoever reads its file.
DENTAL = re.compile(r"D[0-9]{4}")
DATES = ("ASC_DT", "OPPS_DT", "ADD DT", "ACT EFF DT", "TERM DT")

# Column of the store → field or fields of the file; several are kept in one column, with `SEPARATOR` between them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "short": ("SHORT DESCRIPTION",),
    "long": ("LONG DESCRIPTION",),
    "coverage": ("COV",),
    "pricing": ("PRICE1", "PRICE2", "PRICE3", "PRICE4"),
    "multiple": ("MULT_PI",),
    "betos": ("BETOS",),
    "services": ("TOS1", "TOS2", "TOS3", "TOS4", "TOS5"),
    "asc_group": ("ASC_GRP",),
    "asc_from": ("ASC_DT",),
    "anesthesia": ("ANEST_BU",),
    "statute": ("STATUTE",),
    "cim": ("CIM1", "CIM2", "CIM3"),
    "mcm": ("MCM1", "MCM2", "MCM3"),
    "laboratory": tuple(f"LABCERT{n}" for n in range(1, 9)),
    "crosswalk": ("XREF1", "XREF2", "XREF3", "XREF4", "XREF5"),
    "note": ("PROCNOTE",),
    "action": ("ACTION CD",),
    "added": ("ADD DT",),
    "effective": ("ACT EFF DT",),
    "terminated": ("TERM DT",),
}
SEPARATOR = "|"  # references contain blanks


@dataclass(frozen=True, slots=True)
class Record:
    """One line or row.

    Attributes:
        line: Where it stands in the file, from 1.
        kind: RECID: `3`, `4`, `7` or `8`.
        code: Without the blanks before a modifier.
        fields: By the names of the workbook; dates as YYYYMMDD, empty where nothing is said.
    """

    line: int
    kind: str
    code: str
    fields: dict[str, str]


def joined(records: Iterable[Record], name: str) -> Iterator[Record]:
    """One record a code, its long description put together again. Raises InputError for a continuation of nothing."""
    last: Record | None = None
    for record in records:
        if record.kind not in CONTINUES:
            if last:
                yield last
            last = record
            continue
        if last is None or (last.code, KINDS[last.kind]) != (record.code, KINDS[record.kind]):
            raise InputError(
                f"{name}, line {record.line}: it continues {record.code}, whose record does not stand before it; "
                "get the file again."
            )
        long = f"{last.fields['LONG DESCRIPTION']} {record.fields['LONG DESCRIPTION']}"
        last = Record(last.line, last.kind, last.code, {**last.fields, "LONG DESCRIPTION": long})
    if last:
        yield last


def row(record: Record, name: str) -> tuple[str, ...]:
    """The row of the store: code, kind, and `COLUMNS`. Raises InputError with the line for what cannot be."""
    kind = KINDS.get(record.kind, "")
    if not kind or not SHAPES[kind].fullmatch(record.code):
        raise InputError(
            f"{name}, line {record.line}: record type {record.kind[:4]!r} with code {record.code[:8]!r} is not of "
            "HCPCS Level II; get the file again from CMS."
        )
    if not record.fields.get("LONG DESCRIPTION"):
        raise InputError(f"{name}, line {record.line}: {record.code} has no description; get the file again.")
    for field in DATES:
        check_date(record.fields.get(field, ""), f"{name}, line {record.line}, {field}")
    return (record.code, kind, *(SEPARATOR.join(_parts(record.fields, fields)) for fields in COLUMNS.values()))


def _parts(fields: dict[str, str], names: tuple[str, ...]) -> list[str]:
    return [value for name in names if (value := fields.get(name, ""))]


def check_date(text: str, where: str) -> None:
    """Nothing. Raises InputError unless `text` is empty or a day as YYYYMMDD."""
    if not text:
        return
    try:
        if not (len(text) == len("20261001") and text.isascii() and text.isdigit()):
            raise ValueError
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise InputError(
            f"{where}: {text[:10]!r} is no date (YYYYMMDD); the layout is an older one, or the file is damaged."
        ) from None


def rows(records: Iterable[Record], name: str) -> tuple[list[tuple[str, ...]], Counter[str]]:
    """The rows of a file in the order of their codes, and what was read, by kind.

    Raises InputError for two records of one code and for a file without any.
    """
    found: dict[str, tuple[str, ...]] = {}
    counts: Counter[str] = Counter(codes=0, modifiers=0)
    for record in joined(records, name):
        if DENTAL.fullmatch(record.code):
            counts["dental codes left out"] += 1
            continue
        if record.code in found:
            raise InputError(f"{name}, line {record.line}: {record.code} stands in the file twice; get it again.")
        found[record.code] = row(record, name)
        counts[f"{KINDS[record.kind]}s"] += 1
        counts["with a last day"] += bool(record.fields.get("TERM DT"))
    if not found:
        raise InputError(f"{name} holds no HCPCS Level II code; get it again from CMS.")
    return [found[code] for code in sorted(found)], counts
