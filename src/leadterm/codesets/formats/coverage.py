"""Medicare coverage: which diagnoses support a procedure, and the catalogue of determinations and articles.

- `coverage:lcd`: a derived list (JSON): for each procedure code the diagnoses that support it and those that do not,
  with the local coverage determinations.
- `coverage:articles`: the tables of the Medicare Coverage Database (`current_article.zip`, `current_lcd.zip`), read
  together: `article.csv`, `article_x_hcpc_code.csv`, `article_x_icd10_covered.csv`, `article_x_icd10_noncovered.csv`,
  `article_related_documents.csv`, `lcd.csv`, `lcd_x_hcpc_code.csv`. Descriptions (AMA) are not read.
- `coverage:documents`: the catalogue (CSV) of determinations and articles.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from leadterm.domain import Code, CodeSystem, DateRange, InputError

from ..sources import US_GOVERNMENT
from ..store import Store
from ._dates import UNDATED, calendar, hints
from ._offered import Format, Offered, Part, Recognised, Table, decoded, insert, one_table

LICENCE = f"{US_GOVERNMENT}; CPT code numbers AMA"
POLICY_COLUMNS = (
    "id INTEGER PRIMARY KEY, document TEXT NOT NULL, title TEXT NOT NULL, starts TEXT, ends TEXT,"
    " related TEXT NOT NULL, covered TEXT NOT NULL, not_covered TEXT NOT NULL"
)
PROCEDURE_COLUMNS = "code TEXT, policy INTEGER, PRIMARY KEY (code, policy)"
DOCUMENT_COLUMNS = (
    "id TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, contractor TEXT NOT NULL,"
    " effective TEXT, retired TEXT, note TEXT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (id, version)"
)
CATALOGUE = ("document_display_id", "document_type", "document_version", "effective_date", "retirement_date", "title")
# The tables of the database that are read: name -> the columns that must be there.
TABLES = {
    "article": ("article_id", "article_version", "title"),
    "article_x_hcpc_code": ("article_id", "article_version", "hcpc_code_id"),
    "article_x_icd10_covered": ("article_id", "article_version", "icd10_code_id"),
    "article_x_icd10_noncovered": ("article_id", "article_version", "icd10_code_id"),
    "article_related_documents": ("article_id", "article_version", "r_lcd_id"),
    "lcd": ("lcd_id", "lcd_version", "title"),
    "lcd_x_hcpc_code": ("lcd_id", "lcd_version", "hcpc_code_id"),
}
NEEDED = ("article", "article_x_hcpc_code", "article_x_icd10_covered")
BIGGEST_CELL = 1 << 24  # articles hold whole documents in one cell
_HCPCS = re.compile(r"[0-9A-Z]{5}")
_VERSION = re.compile(r"[0-9]{1,9}")
_UPDATED = re.compile(r",(\d{2}/\d{2}/\d{4}),\d{14},")
_Policy = tuple[str, str, str | None, str | None, str, list[str], list[str]]


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
    policies: dict[str, _Policy] = {}
    for code, (covered, not_covered, documents) in entries.items():
        if not _HCPCS.fullmatch(code) or not all(isinstance(x, list) for x in (covered, not_covered, documents)):
            raise InputError(f"The file {offered.name} has an entry that is no procedure code; fetch it again.")
        lists = _diagnoses(offered, covered), _diagnoses(offered, not_covered)
        policies[code] = ("", "", None, None, " ".join(map(str, documents)), *lists)
    return _policies({code: [code] for code in policies}, policies, ())


def _diagnoses(offered: Offered, given: Iterable[object]) -> list[str]:
    try:
        return [Code.parse(str(code), CodeSystem.ICD10CM).value for code in given]
    except InputError:
        raise InputError(
            f"The file {offered.name} has a diagnosis that is no ICD-10-CM code; fetch it again."
        ) from None


def _policies(
    procedures: Mapping[str, Iterable[str]], policies: Mapping[str, _Policy], counts: Sequence[tuple[str, int]]
) -> Table:
    """The tables, of policies by a key of theirs and the keys of those that name a procedure."""
    numbers = {key: number for number, key in enumerate(sorted(policies), 1)}
    rows = (
        (numbers[key], *policies[key][:5], " ".join(policies[key][5]), " ".join(policies[key][6]))
        for key in sorted(policies)
    )
    links = sorted((code, numbers[key]) for code, keys in procedures.items() for key in keys)
    counted = (
        ("procedures", len(procedures)),
        ("supporting diagnoses", sum(len(p[5]) for p in policies.values())),
        ("diagnoses that do not support", sum(len(p[6]) for p in policies.values())),
        ("documents", len({document for p in policies.values() for document in (p[0], *p[4].split()) if document})),
        *counts,
    )
    return Table(
        counted,
        (
            Part(f"CREATE TABLE policy ({POLICY_COLUMNS})", insert("policy", POLICY_COLUMNS), rows),
            Part(
                f"CREATE TABLE procedure ({PROCEDURE_COLUMNS}) WITHOUT ROWID",
                insert("procedure", PROCEDURE_COLUMNS),
                links,
            ),
        ),
    )


# --- the tables of the Medicare Coverage Database ---


def _recognise_articles(offered: Offered) -> Recognised | None:
    name = _table_name(offered)
    if name not in TABLES:
        return None
    header = _cells(decoded(offered.head).split("\n", 1)[0])
    if any(column not in header for column in TABLES[name]):
        return None
    return Recognised("coverage:articles", _open(offered), LICENCE)


def _table_name(offered: Offered) -> str:
    stem, _, suffix = offered.name.lower().rpartition(".")
    return stem if suffix == "csv" else ""


def _cells(line: str) -> list[str]:
    return [cell.strip(' "\r').lower() for cell in line.lstrip("\ufeff").split(",")]


@contextmanager
def _wide_cells() -> Iterator[None]:
    """Nothing; cells may be as wide as a document. The limit is the process's, so it is put back whatever happens."""
    before = csv.field_size_limit(BIGGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


@_wide_cells()
def _read_articles(files: Sequence[Offered], recognised: Recognised) -> Table:
    tables = {_table_name(offered): offered for offered in files}
    if missing := [name for name in NEEDED if name not in tables]:
        raise InputError(f"The table {missing[0]}.csv of the coverage database is missing; install the whole archive.")
    articles = {(r["article_id"], r["article_version"]): r for r in _records(tables["article"])}
    related: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in _records(tables.get("article_related_documents")):
        if row["r_lcd_id"]:
            related[_key(row)].add(f"L{row['r_lcd_id']}")
    lists: dict[str, dict[tuple[str, str], list[str]]] = {}
    left_out = 0
    for name in ("article_x_icd10_covered", "article_x_icd10_noncovered"):
        lists[name], unread = _listed(tables.get(name))
        left_out += unread
    policies: dict[str, _Policy] = {}
    for key, row in articles.items():
        covered, not_covered = (lists[name].get(key, []) for name in lists)
        dates = (
            _day(row.get("article_eff_date", "")),
            _day(row.get("article_end_date", "") or row.get("date_retired", "")),
        )
        policies[_policy("A", key)] = (
            f"A{key[0]}",
            row["title"],
            *dates,
            " ".join(sorted(related[key])),
            covered,
            not_covered,
        )
    for row in _records(tables.get("lcd")):
        dates = (
            _day(row.get("rev_eff_date", "") or row.get("orig_det_eff_date", "")),
            _day(row.get("date_retired", "")),
        )
        policies[_policy("L", (row["lcd_id"], row["lcd_version"]))] = (
            f"L{row['lcd_id']}",
            row["title"],
            *dates,
            "",
            [],
            [],
        )
    procedures: dict[str, set[str]] = defaultdict(set)
    for kind, name in (("A", "article_x_hcpc_code"), ("L", "lcd_x_hcpc_code")):
        for row in _records(tables.get(name)):
            code, policy = row["hcpc_code_id"].upper(), _policy(kind, _key(row))
            if _HCPCS.fullmatch(code) and policy in policies:
                procedures[code].add(policy)
            else:
                left_out += 1
    if not procedures:
        raise InputError(
            f"The tables beside {files[0].name} name no procedure of a document of theirs; fetch the archive again."
        )
    return _policies(procedures, policies, (("left out: no code, or of no document here", left_out),))


def _policy(kind: str, key: tuple[str, str]) -> str:
    return f"{kind}{key[0]} {key[1]}"


def _key(row: Mapping[str, str]) -> tuple[str, str]:
    kind = "article" if "article_id" in row else "lcd"
    return row[f"{kind}_id"], row[f"{kind}_version"]


def _listed(offered: Offered | None) -> tuple[dict[tuple[str, str], list[str]], int]:
    """Diagnoses by document, once each, and how many entries are none (`XX000`: not applicable)."""
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    unread = 0
    for row in _records(offered):
        try:
            found[_key(row)][Code.parse(row["icd10_code_id"], CodeSystem.ICD10CM).value] = None
        except InputError:
            unread += 1
    return {key: list(codes) for key, codes in found.items()}, unread


def _records(offered: Offered | None) -> Iterator[dict[str, str]]:
    """The rows of a table by the names of its columns, in lower case; of a table that is not there, none."""
    if offered is None:
        return
    try:
        rows = csv.reader(io.StringIO(offered.text(), newline=""))
        header = [cell.strip().lower() for cell in next(rows, [])]
        if missing := [name for name in TABLES.get(_table_name(offered), CATALOGUE) if name not in header]:
            raise InputError(f"The file {offered.name} has no column {missing[0]}; fetch it again.")
        for row in rows:
            if len(row) != len(header):
                if not any(row):
                    continue
                raise InputError(
                    f"Row {rows.line_num} of {offered.name} has not as many cells as the header; fetch the file again."
                )
            yield {name: cell.strip() for name, cell in zip(header, row, strict=True)}
    except csv.Error:
        raise InputError(f"The file {offered.name} is no CSV; fetch it again.") from None


def _day(text: str) -> str | None:
    """An ISO day of `2025-08-14 00:00:00` or `08/14/2025`; None for nothing, `N/A` and what is no day."""
    text = text.strip()
    try:
        if found := re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
            return date(int(found[3]), int(found[1]), int(found[2])).isoformat()
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None


# --- the catalogue ---


def _recognise_documents(offered: Offered) -> Recognised | None:
    header = _cells(decoded(offered.head).split("\n", 1)[0])
    if any(name not in header for name in CATALOGUE):
        return None
    days = [day for text in _UPDATED.findall(decoded(offered.head)) if (day := _day(text))]
    # The newest stand first: the catalogue holds from the last change on.
    period = DateRange(date.fromisoformat(max(days))) if days else _open(offered)
    return Recognised("coverage:documents", period, US_GOVERNMENT)


@_wide_cells()
def _read_documents(files: Sequence[Offered], recognised: Recognised) -> Table:
    found: dict[tuple[str, int], tuple[Any, ...]] = {}
    for row in _records(files[0]):
        if not _VERSION.fullmatch(row["document_version"]):
            raise InputError(f"The catalogue {files[0].name} has a document without a version; fetch it again.")
        key = (row["document_display_id"], int(row["document_version"]))
        found[key] = (
            *key,
            row["document_type"],
            row["title"],
            " ".join(row.get("contractor_name_type", "").split()),
            _day(row["effective_date"]),
            _day(row["retirement_date"]),
            row.get("note", ""),
            row.get("url", ""),
        )
    if not found:
        raise InputError(f"The catalogue {files[0].name} holds no documents; fetch it again.")
    counts = [("versions", len(found)), ("documents", len({document for document, _ in found}))]
    for kind in sorted({row[2] for row in found.values()}):
        counts.append((f"versions: {kind}", sum(row[2] == kind for row in found.values())))
    return one_table(counts, DOCUMENT_COLUMNS, (found[key] for key in sorted(found)))


def _policy_entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
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
    Format("tables of the Medicare Coverage Database", _recognise_articles, _read_articles, joins=True),
    Format("catalogue of coverage documents", _recognise_documents, _read_documents),
)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {
    "coverage:lcd": _policy_entries,
    "coverage:articles": _policy_entries,
    "coverage:documents": _document_entries,
}
