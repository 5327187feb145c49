"""Coverage that users write down themselves, as csv: lists of national determinations, and limits of frequency.

- `coverage:ncd`: `ncd,hcpcs,icd10,list,effective,end`, a row for each procedure and diagnosis that a national coverage
  determination names. `list` is `covered`, `noncovered` (does not support it) or `denied` (never covered for it); the
  two days may be empty. CMS publishes the lists as workbooks with each change request, in no layout that stays.
- `coverage:frequency`: the columns of `payment.limits.FIELDS`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from leadterm.domain import Code, CodeSystem, InputError

from ..payment.limits import FIELDS, limit_of
from ..sources import US_GOVERNMENT
from ..store import Store
from ._coverage_tables import PolicyRow, policies
from ._csv_rows import numbered
from ._dates import UNDATED, calendar
from ._offered import Format, Offered, Recognised, Table, decoded, one_table, quoted
from .coverage import policy_entries

NCD, FREQUENCY = "coverage:ncd", "coverage:frequency"
NCD_HEADER = ("ncd", "hcpcs", "icd10", "list", "effective", "end")
COVERED, NONCOVERED, DENIED = "covered", "noncovered", "denied"
SCHEMA = f"line INTEGER PRIMARY KEY, {', '.join(f'{name} TEXT NOT NULL' for name in FIELDS)}"
_HCPCS = re.compile(r"[0-9A-Z]{5}")
_NCD = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){0,3}")


def _recogniser(name: str, header: tuple[str, ...], licence: str) -> Callable[[Offered], Recognised | None]:
    def recognise(offered: Offered) -> Recognised | None:
        first = next(iter(decoded(offered.head).splitlines()), "").lower().replace('"', "").split(",")
        if tuple(cell.strip("\ufeff ") for cell in first) != header:
            return None
        try:
            return Recognised(name, calendar(offered, None), licence)
        except InputError:
            return Recognised(name, UNDATED, licence)

    return recognise


# --- national determinations ---


def _read_ncd(files: Sequence[Offered], recognised: Recognised) -> Table:
    lists: dict[tuple[str, ...], dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for where, row in numbered(files[0], len(NCD_HEADER)):
        ncd, hcpcs, icd10, kind, effective, end = row
        if not _NCD.fullmatch(ncd):
            raise InputError(f"{where}: the determination is no number like 190.23; correct the row.")
        if not _HCPCS.fullmatch(hcpcs.upper()):
            raise InputError(f"{where}: {quoted(hcpcs)} is no CPT or HCPCS code; correct the row.")
        if kind.lower() not in (COVERED, NONCOVERED, DENIED):
            raise InputError(f"{where}: the list is covered, noncovered or denied; correct the row.")
        key = ncd, hcpcs.upper(), _day(where, effective), _day(where, end)
        lists[key][COVERED if kind.lower() == COVERED else NONCOVERED][_diagnosis(where, icd10)] = None
    if not lists:
        raise InputError(f"{files[0].name} holds no diagnoses; get the file again.")
    procedures: dict[str, set[str]] = defaultdict(set)
    rows: dict[str, PolicyRow] = {}
    for (ncd, hcpcs, effective, end), by_list in lists.items():
        name = " ".join((ncd, hcpcs, effective, end))
        procedures[hcpcs].add(name)
        rows[name] = PolicyRow(
            document=f"NCD {ncd}",
            starts=effective or None,
            ends=end or None,
            covered=sorted(by_list[COVERED]),
            not_covered=sorted(by_list[NONCOVERED]),
        )
    return policies(procedures, rows)


def _diagnosis(where: str, text: str) -> str:
    try:
        return Code.parse(text, CodeSystem.ICD10CM).value
    except InputError:
        raise InputError(f"{where}: the diagnosis is no ICD-10-CM code; correct the row.") from None


def _day(where: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise InputError(f"{where}: a day is written 2026-01-01, or left empty; correct the row.") from None


# --- limits ---


def _read_limits(files: Sequence[Offered], recognised: Recognised) -> Table:
    rows = []
    for where, row in numbered(files[0], len(FIELDS)):
        try:
            limit_of(row)
        except InputError as error:
            raise InputError(f"{where}: {error}") from None
        rows.append(tuple(row))
    if not rows:
        raise InputError(f"{files[0].name} holds no limits; get the file again.")
    counts = (("limits", len(rows)), ("codes", len({code for row in rows for code in row[1].upper().split()})))
    return one_table(counts, SCHEMA, ((n, *row) for n, row in enumerate(rows, 1)), rowid=True)


def _limit_entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for line, *values in store.all(f"SELECT line, {', '.join(FIELDS)} FROM entry ORDER BY line"):
        fields = dict(zip(FIELDS, values, strict=True))
        yield f"{fields['codes']} {line}", fields


FORMATS = (
    Format("coverage by national determinations", _recogniser(NCD, NCD_HEADER, US_GOVERNMENT), _read_ncd),
    Format("limits of frequency", _recogniser(FREQUENCY, FIELDS, "the user's own"), _read_limits),
)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {
    NCD: policy_entries,
    FREQUENCY: _limit_entries,
}
