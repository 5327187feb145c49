"""The Clinical Classifications Software Refined of AHRQ.

- Diagnoses: `DXCCSR_v2026-1.CSV` (cells between apostrophes; the defaults by name, then six categories) or the sheet
  `DX_to_CCSR_Mapping` of `DXCCSR-Reference-File-v2023-1.xlsx` (one row a code and category; `Y` marks the default, `X`
  a code that may not be principal).
- Procedures: `PRCCSR_v2026-1.CSV`; and a list of the categories alone (`CCSR_PR_categories.csv`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from leadterm.domain import Code, CodeSystem, DateRange, InputError

from ..payment.ccsr import UNACCEPTABLE
from ..store import Store
from ._dates import UNDATED
from ._offered import Format, Offered, Part, Recognised, Table, insert

LICENCE = "AHRQ (HCUP), free to use; cite the version"
MOST_CATEGORIES = 6
_VERSION = re.compile(r"(?i)(dx|pr)ccsr\D*?v(20\d\d)[-.](\d)")
DX_COLUMNS = "code TEXT PRIMARY KEY, categories TEXT NOT NULL, inpatient TEXT NOT NULL, outpatient TEXT NOT NULL"
PR_COLUMNS = "code TEXT PRIMARY KEY, category TEXT NOT NULL"
CATEGORY_COLUMNS = "category TEXT PRIMARY KEY, name TEXT NOT NULL, domain TEXT NOT NULL"
_CATEGORY = re.compile(r"[A-Z]{3}\d{3}")
_PCS = re.compile(r"[0-9A-HJ-NP-Z]{7}")


def _recognise_dx(offered: Offered) -> Recognised | None:
    workbook = offered.is_workbook and offered.head.startswith(b"PK")
    if workbook:
        return _versioned("ccsr:dx", offered, 1) if offered.name.lower().startswith("dxccsr") else None
    first = offered.head.split(b"\n", 1)[0].upper()
    if b"ICD-10-CM CODE" in first and b"CCSR CATEGORY 1" in first:
        return _versioned("ccsr:dx", offered, 0)
    return None


def _recognise_pr(offered: Offered) -> Recognised | None:
    first = offered.head.split(b"\n", 1)[0].upper()
    fits = b"ICD-10-PCS" in first and b"PRCCSR" in first and b"CLINICAL DOMAIN" in first
    return _versioned("ccsr:pr", offered, 0) if fits else None


def _recognise_categories(offered: Offered) -> Recognised | None:
    first = [
        cell.strip().strip("\ufeff") for cell in offered.head.split(b"\n", 1)[0].decode("utf-8", "replace").split(",")
    ]
    fits = first[:3] == ["CCSR", "CCSR_desc", "clinical_domain"]
    return Recognised("ccsr:pr-categories", UNDATED, LICENCE) if fits else None


def _versioned(component: str, offered: Offered, rank: int) -> Recognised:
    """Version 2023.1 is made for the codes of fiscal year 2023; of several of a year the last is read."""
    found = next((f for place in offered.places if (f := _VERSION.search(place))), None)
    if found is None:
        raise InputError(
            f"The file {offered.name} does not say of which version it is; keep the name it was published under "
            "(DXCCSR_v2026-1)."
        )
    year = int(found[2])
    return Recognised(component, DateRange(date(year - 1, 10, 1), date(year, 9, 30)), LICENCE, rank - 2 * int(found[3]))


def _rows(offered: Offered) -> Iterator[list[str]]:
    """Cells without the apostrophes around them."""
    for row in offered.table():
        yield [cell.strip().strip("'").strip() for cell in row]


def _fault(offered: Offered, line: int, why: str) -> InputError:
    return InputError(f"Row {line} of {offered.name} {why}; fetch the file again.")


def _diagnosis(text: str) -> str:
    return Code.parse(text, CodeSystem.ICD10CM).value


# --- diagnoses ---


def _read_dx(files: Sequence[Offered], recognised: Recognised) -> Table:
    offered = files[0]
    names: dict[str, str] = {}
    found: dict[str, tuple[str, ...]] = {}
    workbook = offered.is_workbook
    for line, code, categories, inpatient, outpatient in (
        _dx_sheet(offered, names) if workbook else _dx_text(offered, names)
    ):
        if not 0 < len(categories) <= MOST_CATEGORIES or len(set(categories)) != len(categories):
            raise _fault(offered, line, f"gives {code} other than one to six categories")
        values = (code, " ".join(categories), inpatient, outpatient)
        if found.setdefault(code, values) != values:
            raise _fault(offered, line, f"gives {code} a second time")
    if not found:
        raise InputError(f"The file {offered.name} maps no diagnosis; fetch it again.")
    used = {category for row in found.values() for category in row[1].split()}
    counts = (
        ("codes", len(found)),
        ("categories", len(used)),
        ("assignments", sum(len(row[1].split()) for row in found.values())),
        ("not principal", sum(row[2] == UNACCEPTABLE["inpatient"] for row in found.values())),
    )
    return _table(counts, DX_COLUMNS, [found[code] for code in sorted(found)], names)


def _table(counts: tuple[tuple[str, int], ...], columns: str, rows: list[Any], names: Mapping[str, Any]) -> Table:
    categories = ((c, *n) if isinstance(n, tuple) else (c, n, "") for c, n in sorted(names.items()))
    return Table(
        counts,
        (
            Part(f"CREATE TABLE entry ({columns}) WITHOUT ROWID", insert("entry", columns), rows),
            Part(
                f"CREATE TABLE category ({CATEGORY_COLUMNS}) WITHOUT ROWID",
                insert("category", CATEGORY_COLUMNS),
                categories,
            ),
        ),
    )


_Dx = tuple[int, str, tuple[str, ...], str, str]


def _dx_text(offered: Offered, names: dict[str, str]) -> Iterator[_Dx]:
    rows = _rows(offered)
    header = [cell.upper() for cell in next(rows, [])]
    try:
        places = {
            "code": header.index("ICD-10-CM CODE"),
            "inpatient": header.index("DEFAULT CCSR CATEGORY IP"),
            "outpatient": header.index("DEFAULT CCSR CATEGORY OP"),
        }
        categories = [header.index(f"CCSR CATEGORY {n}") for n in range(1, MOST_CATEGORIES + 1)]
    except ValueError:
        raise InputError(f"The file {offered.name} lacks a column of its layout; fetch it again.") from None
    for line, row in enumerate(rows, 2):
        if not any(row):
            continue
        if len(row) != len(header):
            raise _fault(offered, line, "has not as many cells as the header")
        given = tuple(row[place] for place in categories if row[place])
        defaults = [row[places[name]] for name in ("inpatient", "outpatient")]
        for place in (*categories, places["inpatient"], places["outpatient"]):
            if row[place]:
                names.setdefault(row[place], row[place + 1])
        if not all(_CATEGORY.fullmatch(category) for category in (*given, *filter(None, defaults))):
            raise _fault(offered, line, "has a category that is not three letters and three digits")
        try:
            yield line, _diagnosis(row[places["code"]]), given, defaults[0], defaults[1]
        except InputError:
            raise _fault(offered, line, "has no ICD-10-CM code") from None


def _dx_sheet(offered: Offered, names: dict[str, str]) -> Iterator[_Dx]:
    """The workbook: rows of one code stand together; the default of each setting is marked."""
    rows = [[str(cell).strip() for cell in row] for row in offered.sheet("DX_to_CCSR_Mapping")]
    start = next((i for i, row in enumerate(rows[:10]) if row[:1] == ["ICD-10-CM Code"]), None)
    if start is None or len(rows[start]) < 6:
        raise InputError(f"The workbook {offered.name} has no mapping of six columns; fetch it again.")
    for row in offered.sheet("CCSR_Categories")[2:]:
        if len(row) > 1 and _CATEGORY.fullmatch(str(row[0]).strip()):
            names[str(row[0]).strip()] = str(row[1]).strip()
    found: dict[str, tuple[int, list[str], dict[str, str]]] = {}
    for line, row in enumerate(rows[start + 1 :], start + 2):
        if not any(row):
            continue
        if not _CATEGORY.fullmatch(row[2]) or {row[4], row[5]} - {"Y", "N", "X"}:
            raise _fault(offered, line, "has no category or no default marked Y, N or X")
        try:
            _, categories, defaults = found.setdefault(_diagnosis(row[0]), (line, [], {}))
        except InputError:
            raise _fault(offered, line, "has no ICD-10-CM code") from None
        categories.append(row[2])
        names.setdefault(row[2], row[3])
        for setting, mark in (("inpatient", row[4]), ("outpatient", row[5])):
            if mark != "N":
                defaults[setting] = row[2] if mark == "Y" else UNACCEPTABLE[setting]
    for code, (line, categories, defaults) in found.items():
        yield line, code, tuple(categories), defaults.get("inpatient", ""), defaults.get("outpatient", "")


# --- procedures ---


def _read_pr(files: Sequence[Offered], recognised: Recognised) -> Table:
    offered = files[0]
    rows = _rows(offered)
    header = [cell.upper() for cell in next(rows, [])]
    wanted = ("ICD-10-PCS", "PRCCSR", "PRCCSR DESCRIPTION", "CLINICAL DOMAIN")
    if any(name not in header for name in wanted):
        raise InputError(f"The file {offered.name} lacks a column of its layout; fetch it again.")
    places = [header.index(name) for name in wanted]
    names: dict[str, tuple[str, str]] = {}
    found: dict[str, str] = {}
    for line, row in enumerate(rows, 2):
        if not any(row):
            continue
        if len(row) != len(header):
            raise _fault(offered, line, "has not as many cells as the header")
        code, category, name, domain = (row[place] for place in places)
        if not _PCS.fullmatch(code) or not _CATEGORY.fullmatch(category):
            raise _fault(offered, line, "has no ICD-10-PCS code or no category")
        if found.setdefault(code, category) != category:
            raise _fault(offered, line, f"gives {code} a second category")
        names.setdefault(category, (name, domain))
    if not found:
        raise InputError(f"The file {offered.name} maps no procedure; fetch it again.")
    counts = (("codes", len(found)), ("categories", len(names)))
    return _table(counts, PR_COLUMNS, sorted(found.items()), names)


def _read_categories(files: Sequence[Offered], recognised: Recognised) -> Table:
    offered = files[0]
    found: dict[str, tuple[str, str, str]] = {}
    for line, row in enumerate(offered.table(), 1):
        if line == 1 or not any(row):
            continue
        if len(row) < 3 or not _CATEGORY.fullmatch(row[0].strip()):
            raise _fault(offered, line, "has no category of three letters and three digits")
        values = (row[0].strip(), row[1].strip(), row[2].strip())
        if found.setdefault(values[0], values) != values:
            raise _fault(offered, line, f"gives {values[0]} a second time")
    if not found:
        raise InputError(f"The file {offered.name} holds no categories; fetch it again.")
    part = Part(
        f"CREATE TABLE category ({CATEGORY_COLUMNS}) WITHOUT ROWID",
        insert("category", CATEGORY_COLUMNS),
        [found[key] for key in sorted(found)],
    )
    return Table((("categories", len(found)),), (part,))


def _dx_entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for code, categories, inpatient, outpatient in store.all("SELECT * FROM entry ORDER BY code"):
        yield (
            code,
            {"categories": " ".join(sorted(categories.split())), "inpatient": inpatient, "outpatient": outpatient},
        )


def _pr_entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for code, category in store.all("SELECT * FROM entry ORDER BY code"):
        yield code, {"category": category}


FORMATS = (
    Format("CCSR for ICD-10-CM diagnoses", _recognise_dx, _read_dx),
    Format("CCSR for ICD-10-PCS procedures", _recognise_pr, _read_pr),
    Format("CCSR procedure categories", _recognise_categories, _read_categories),
)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {
    "ccsr:dx": _dx_entries,
    "ccsr:pr": _pr_entries,
}
