"""Medicare coverage: which diagnoses support a procedure, and the catalogue of determinations and articles.

- `coverage:lcd`: a derived list (JSON): for each procedure code the diagnoses that support it and those that do not,
  with the local coverage determinations.
- `coverage:articles`: the tables of the Medicare Coverage Database (`current_article.zip`, `current_lcd.zip`), read
  together (`_coverage_database.TABLES`). Descriptions (AMA) are not read.
- `coverage:documents`: the catalogue (CSV) of determinations and articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from leadterm.domain import Code, CodeSystem, DateRange, InputError

from ..sources import US_GOVERNMENT
from ..store import Store
from . import _coverage_database
from ._coverage_tables import PolicyRow, cells, day, policies, records, wide_cells
from ._dates import UNDATED, calendar, hints
from ._offered import Format, Offered, Recognised, Table, decoded, one_table

LICENCE = f"{US_GOVERNMENT}; CPT code numbers AMA"
DOCUMENT_COLUMNS = (
    "id TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, contractor TEXT NOT NULL,"
    " effective TEXT, retired TEXT, note TEXT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (id, version)"
)
CATALOGUE = ("document_display_id", "document_type", "document_version", "effective_date", "retirement_date", "title")
_HCPCS = re.compile(r"[0-9A-Z]{5}")
_VERSION = re.compile(r"[0-9]{1,9}")
_UPDATED = re.compile(r",(\d{2}/\d{2}/\d{4}),\d{14},")


def _open(offered: Offered) -> DateRange:
    """From the day that the names tell, until replaced; undated where they tell none."""
    if not any(True for _ in hints(offered)):
        return UNDATED
    return calendar(offered, None)


# --- the derived list ---


def _recognise_lcd(offered: Offered) -> Recognised | None:
    fits = offered.starts("{") and offered.mentions('"covered"') and offered.name.lower().endswith(".json")
    keys = re.match(r'\s*\{\s*"[0-9A-Z]{5}"\s*:\s*\{', decoded(offered.head))
    return Recognised("coverage:lcd", _open(offered), LICENCE) if fits and keys else None


def _read_lcd(files: Sequence[Offered], recognised: Recognised) -> Table:
    offered = files[0]
    given = offered.json()
    try:
        entries = {code: (e["covered"], e["notCovered"], e["lcdIds"]) for code, e in given.items()}
    except (KeyError, TypeError, AttributeError):
        raise InputError(
            f"The file {offered.name} is no whole list of coverage by procedure; fetch it again."
        ) from None
    rows: dict[str, PolicyRow] = {}
    for code, (covered, not_covered, documents) in entries.items():
        if not _HCPCS.fullmatch(code) or not all(isinstance(x, list) for x in (covered, not_covered, documents)):
            raise InputError(f"The file {offered.name} has an entry that is no procedure code; fetch it again.")
        rows[code] = PolicyRow(
            related=tuple(map(str, documents)),
            covered=_diagnoses(offered, covered),
            not_covered=_diagnoses(offered, not_covered),
        )
    return policies({code: [code] for code in rows}, rows)


def _diagnoses(offered: Offered, given: Iterable[object]) -> list[str]:
    try:
        return [Code.parse(str(code), CodeSystem.ICD10CM).value for code in given]
    except InputError:
        raise InputError(
            f"The file {offered.name} has a diagnosis that is no ICD-10-CM code; fetch it again."
        ) from None


# --- the tables of the Medicare Coverage Database ---


def _recognise_articles(offered: Offered) -> Recognised | None:
    return Recognised("coverage:articles", _open(offered), LICENCE) if _coverage_database.is_table(offered) else None


# --- the catalogue ---


def _recognise_documents(offered: Offered) -> Recognised | None:
    header = cells(decoded(offered.head).split("\n", 1)[0])
    if any(name not in header for name in CATALOGUE):
        return None
    days = [found for text in _UPDATED.findall(decoded(offered.head)) if (found := day(text))]
    # The newest stand first: the catalogue holds from the last change on.
    period = DateRange(date.fromisoformat(max(days))) if days else _open(offered)
    return Recognised("coverage:documents", period, US_GOVERNMENT)


@wide_cells()
def _read_documents(files: Sequence[Offered], recognised: Recognised) -> Table:
    found: dict[tuple[str, int], tuple[Any, ...]] = {}
    for row in records(files[0], CATALOGUE):
        if not _VERSION.fullmatch(row["document_version"]):
            raise InputError(f"The catalogue {files[0].name} has a document without a version; fetch it again.")
        key = (row["document_display_id"], int(row["document_version"]))
        found[key] = (
            *key,
            row["document_type"],
            row["title"],
            " ".join(row.get("contractor_name_type", "").split()),
            day(row["effective_date"]),
            day(row["retirement_date"]),
            row.get("note", ""),
            row.get("url", ""),
        )
    if not found:
        raise InputError(f"The catalogue {files[0].name} holds no documents; fetch it again.")
    counts = [("versions", len(found)), ("documents", len({document for document, _ in found}))]
    for kind in sorted({row[2] for row in found.values()}):
        counts.append((f"versions: {kind}", sum(row[2] == kind for row in found.values())))
    return one_table(counts, DOCUMENT_COLUMNS, (found[key] for key in sorted(found)))


def policy_entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """By procedure, all that the policies say together."""
    sql = (
        "SELECT code, group_concat(covered, ' '), group_concat(not_covered, ' '),"
        " group_concat(document || ' ' || related, ' ') FROM procedure JOIN policy ON id = policy GROUP BY code"
    )
    names = ("covered", "not_covered", "documents")
    for code, *lists in store.all(sql):
        yield code, {name: " ".join(sorted(set(text.split()))) for name, text in zip(names, lists, strict=True)}


def _document_entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    names = ("version", "title", "effective", "retired", "note")
    sql = f"SELECT id, {', '.join(names)} FROM entry e WHERE version = (SELECT max(version) FROM entry WHERE id = e.id)"
    for document, *values in store.all(f"{sql} ORDER BY id"):
        yield document, {name: str(value or "") for name, value in zip(names, values, strict=True)}


FORMATS = (
    Format("coverage by procedure and diagnosis", _recognise_lcd, _read_lcd),
    Format(
        "tables of the Medicare Coverage Database",
        _recognise_articles,
        _coverage_database.read,
        joins=True,
        piece=_coverage_database.piece,
    ),
    Format("catalogue of coverage documents", _recognise_documents, _read_documents),
)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {
    "coverage:lcd": policy_entries,
    "coverage:articles": policy_entries,
    "coverage:documents": _document_entries,
}
