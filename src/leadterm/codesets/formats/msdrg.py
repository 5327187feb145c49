"""The inpatient prospective payment system: MS-DRG weights (table 5), CC and MCC (6J, 6I), CC exclusions (6K).

The first three have the schemas of the lists that a package carries (`compiler.py`). Only table 5 says of which year
it is; the others take it from their names, and without one they hold undated.

Table 6K, part 1: ` code level collection:count codes description`; then `PDX collection NNNN` with the principal
diagnoses that make of the code no CC; part 2: codes that count only for a patient discharged alive; part 3: codes that
do not count in some MS-DRGs, under `MDC 04 DRGs 177-179`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from leadterm.domain import CodeSystem, DateRange, InputError, dotted

from ..payment.drg_tables import read_diagnoses, read_weights
from ..sources import US_GOVERNMENT, fiscal_year
from ..store import Store
from ._dates import UNDATED, fiscal, hints
from ._offered import Format, Offered, Part, Recognised, Table, decoded

CODE_SCHEMA = "CREATE TABLE entry (code TEXT PRIMARY KEY) WITHOUT ROWID"
DRG_SCHEMA = (
    "CREATE TABLE entry (drg TEXT PRIMARY KEY, post_acute TEXT, special_pay TEXT, mdc TEXT, type TEXT, title TEXT,"
    " before_cap TEXT, weight TEXT, geometric TEXT, arithmetic TEXT) WITHOUT ROWID"
)
EXCLUSION_SCHEMA = (
    "CREATE TABLE entry (code TEXT PRIMARY KEY, level TEXT NOT NULL, collection TEXT NOT NULL,"
    " alive INTEGER NOT NULL) WITHOUT ROWID"
)
PRINCIPAL_SCHEMA = "CREATE TABLE principal (collection TEXT, code TEXT, PRIMARY KEY (collection, code)) WITHOUT ROWID"
GROUP_SCHEMA = "CREATE TABLE in_drg (first TEXT, last TEXT, code TEXT, PRIMARY KEY (code, first)) WITHOUT ROWID"
LISTS = {"CC": "msdrg:cc", "MCC": "msdrg:mcc"}
_HEADING = re.compile(r"(?i)table\s+6[ij]\b.{0,4}complete\s+(m?cc)\s+list")
_WEIGHTS = re.compile(r"(?i)table\s+5\b")
_YEAR = re.compile(r"(?i)fy ?(20[0-9]{2})")
_EXCLUSIONS = re.compile(r"(?i)table\s+6k\b.{0,4}complete list of cc exclusions")
_LIST = re.compile(r"(?i)\s*i10 dx\s+lev\s+pdx")
_SECONDARY = re.compile(
    r"(?i)\s*([A-Z][0-9A-Z]{2,6})\s+(M?CC)\s+(?:(\d{4}):([0-9][0-9,]{0,9}) codes?|no excl\w*)(?:\s.*)?"
)
_COLLECTION = re.compile(r"(?i)\s*pdx collection (\d{4})\s*")
_PRINCIPAL = re.compile(r"\s+([A-Z][0-9A-Z]{2,6})(?:\s.*)?")
_ALIVE = re.compile(r"(?i)\s*k part 2\b.*discharged alive")
_SELECT = re.compile(r"(?i)\s*k part 3\b.*select ms-drgs")
_DRGS = re.compile(r"(?i)\s*mdc \d\d drgs? (\d{3})(?:-(\d{3}))?\b.*")


def _recognise_weights(offered: Offered) -> Recognised | None:
    head = decoded(offered.head)[:600]
    found = _YEAR.search(head)
    if (
        not (_WEIGHTS.search(head[:200]) and offered.mentions("ms-drg", "geometric", "weight"))
        or b"\t" not in offered.head
    ):
        return None
    if found is None:
        raise InputError(f"The table {offered.name} does not say of which fiscal year it is (FY 2026).")
    year = int(found[1])
    return Recognised("msdrg:weights", DateRange(date(year - 1, 10, 1), date(year, 9, 30)), US_GOVERNMENT)


def _recognise_list(offered: Offered) -> Recognised | None:
    found = _HEADING.search(decoded(offered.head)[:400])
    return Recognised(LISTS[found[1].upper()], _named(offered), US_GOVERNMENT) if found else None


def _recognise_exclusions(offered: Offered) -> Recognised | None:
    fits = _EXCLUSIONS.search(decoded(offered.head)[:400])
    return Recognised("msdrg:cc-exclusions", _named(offered), US_GOVERNMENT) if fits else None


def _named(offered: Offered) -> DateRange:
    """The fiscal year that the text or the names tell."""
    if found := _YEAR.search(decoded(offered.head)[:600]):
        year = int(found[1])
        return DateRange(date(year - 1, 10, 1), date(year, 9, 30))
    return fiscal(offered) if any(True for _ in hints(offered)) else UNDATED


def _one(schema: str, columns: int, counts: tuple[tuple[str, int], ...], rows: Sequence[tuple[Any, ...]]) -> Table:
    return Table(counts, (Part(schema, f"INSERT INTO entry VALUES ({', '.join('?' * columns)})", rows),))


def _read_weights(files: Sequence[Offered], recognised: Recognised) -> Table:
    rows = read_weights(files[0].load(), fiscal_year(recognised.period.start))
    if not rows:
        raise InputError(f"The table {files[0].name} holds no MS-DRG; fetch it again.")
    if len({row[0] for row in rows}) != len(rows) or any(len(row) != 10 for row in rows):
        raise InputError(f"The table {files[0].name} gives an MS-DRG twice or with cells missing; fetch it again.")
    return _one(DRG_SCHEMA, 10, (("groups", len(rows)),), sorted(rows))


def _read_list(files: Sequence[Offered], recognised: Recognised) -> Table:
    rows = read_diagnoses(files[0].load())
    return _one(CODE_SCHEMA, 1, (("codes", len(rows)),), rows)


def _read_exclusions(files: Sequence[Offered], recognised: Recognised) -> Table:
    offered = files[0]
    found = _Exclusions()
    for number, line in enumerate(offered.lines(), 1):
        try:
            found.take(line)
        except ValueError as error:
            raise InputError(f"Line {number} of {offered.name} {error}; fetch the file again.") from None
    for collection, count in found.stated.items():
        if len(found.members.get(collection, ())) != count:
            raise InputError(
                f"Collection {collection} of {offered.name} has {len(found.members.get(collection, ()))} codes where "
                f"{count} are stated; fetch the file again."
            )
    if not found.codes or found.alive - set(found.codes):
        raise InputError(f"The file {offered.name} holds no list of CC codes that fits its parts; fetch it again.")
    levels = Counter(level for level, _ in found.codes.values())
    counts = (
        ("codes", len(found.codes)),
        *((name, levels[name]) for name in ("CC", "MCC")),
        ("collections", len(found.members)),
        ("principal diagnoses", sum(map(len, found.members.values()))),
        ("only when discharged alive", len(found.alive)),
        ("not in select MS-DRGs", sum(map(len, found.groups.values()))),
    )
    entries = [(code, *values, int(code in found.alive)) for code, values in sorted(found.codes.items())]
    principals = ((name, code) for name in sorted(found.members) for code in sorted(found.members[name]))
    groups = sorted((*drgs, code) for drgs, codes in found.groups.items() for code in codes)
    return Table(
        counts,
        (
            Part(EXCLUSION_SCHEMA, "INSERT INTO entry VALUES (?, ?, ?, ?)", entries),
            Part(PRINCIPAL_SCHEMA, "INSERT INTO principal VALUES (?, ?)", principals),
            Part(GROUP_SCHEMA, "INSERT INTO in_drg VALUES (?, ?, ?)", groups),
        ),
    )


class _Exclusions:
    """Takes the lines of table 6K one after the other.

    `codes`: level and collection; `stated`: the size that part 1 gives of a collection; `members`: what it holds;
    `alive`: part 2; `groups`: part 3, by first and last MS-DRG.
    """

    def __init__(self) -> None:
        self.codes: dict[str, tuple[str, str]] = {}
        self.stated: dict[str, int] = {}
        self.members: dict[str, set[str]] = {}
        self.alive: set[str] = set()
        self.groups: dict[tuple[str, str], set[str]] = {}
        self._into: set[str] | None = None
        self._listed = False

    def take(self, line: str) -> None:
        if found := _COLLECTION.fullmatch(line):
            self._into = self.members.setdefault(found[1], set())
        elif found := _DRGS.fullmatch(line):
            self._into = self.groups.setdefault((found[1], found[2] or found[1]), set())
        elif _ALIVE.match(line):
            self._into = self.alive
        elif self._into is not None and line.strip() and not _SELECT.match(line):
            self._into.add(_dotted(_PRINCIPAL.fullmatch(line)))
        elif _LIST.match(line):
            self._listed = True
        elif self._listed and line.strip() and not _SELECT.match(line):
            self._secondary(_SECONDARY.fullmatch(line))

    def _secondary(self, found: re.Match[str] | None) -> None:
        if found is None:
            raise ValueError("is no code with its level and its collection")
        collection = found[3] or ""
        size = int(found[4].replace(",", "")) if collection else 0
        if collection and self.stated.setdefault(collection, size) != size:
            raise ValueError(f"gives collection {collection} another size than before")
        values = (found[2].upper(), collection)
        if self.codes.setdefault(_dotted(found), values) != values:
            raise ValueError("gives a code a second time")


def _dotted(found: re.Match[str] | None) -> str:
    if found is None:
        raise ValueError("has no diagnosis code")
    return dotted(found[1], CodeSystem.ICD10CM)


def _weight_entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    names = ("title", "mdc", "type", "weight", "before_cap", "geometric", "arithmetic", "post_acute", "special_pay")
    for row in store.all(f"SELECT drg, {', '.join(names)} FROM entry ORDER BY drg"):
        yield row[0], dict(zip(names, row[1:], strict=True))


def _list_entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    return ((code, {}) for (code,) in store.all("SELECT code FROM entry ORDER BY code"))


def _exclusion_entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    sizes = dict(store.all("SELECT collection, count(*) FROM principal GROUP BY collection"))
    for code, level, collection, alive in store.all("SELECT * FROM entry ORDER BY code"):
        # Collections are numbered anew each year; what a coder notices is how many principal diagnoses exclude.
        fields = {"level": level, "principal_diagnoses": str(sizes.get(collection, 0))}
        yield code, {**fields, "only_when_alive": "yes" if alive else "no"}


FORMATS = (
    Format("MS-DRG weights (table 5)", _recognise_weights, _read_weights),
    Format("CC or MCC list (tables 6J, 6I)", _recognise_list, _read_list),
    Format("CC exclusions (table 6K)", _recognise_exclusions, _read_exclusions),
)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {
    "msdrg:weights": _weight_entries,
    "msdrg:cc": _list_entries,
    "msdrg:mcc": _list_entries,
    "msdrg:cc-exclusions": _exclusion_entries,
}
