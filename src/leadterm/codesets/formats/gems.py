"""The General Equivalence Mappings of CMS and NCHS between ICD-9-CM and ICD-10, in both directions.

Layout of all four files (GEM documentation, "File layout"): source, target, five digits; padded to columns, CRLF.
The digits are approximate, no map, combination (each 0 or 1), scenario, choice list (each 0 to 9). Both directions
look alike, so which one a file is, its codes tell and not its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from leadterm.domain import CodeSystem, DateRange, InputError, dotted

from ..sources import US_GOVERNMENT, fiscal_year
from ..store import Store
from ._dates import fiscal
from ._offered import HEAD_BYTES, Format, Offered, Recognised, Table, decoded, one_table

# The mappings were published with ICD-10 year by year, for the last time for fiscal year 2018.
LAST_YEAR = 2018
NO_MAP = frozenset({"NODX", "NOPCS"})
COLUMNS = (
    "rank INTEGER PRIMARY KEY, source TEXT NOT NULL, target TEXT, approximate INTEGER NOT NULL,"
    " combination INTEGER NOT NULL, scenario INTEGER NOT NULL, choice INTEGER NOT NULL"
)
INDEXES = "CREATE INDEX by_source ON entry (source); CREATE INDEX by_target ON entry (target)"
# Without dots. A section of PCS begins with a digit or one of seven letters, so that S129XXA is none.
BARE: dict[CodeSystem, re.Pattern[str]] = {
    CodeSystem.ICD9CM: re.compile(r"[0-9]{3,5}|V[0-9]{2,4}|E[0-9]{3,4}"),
    CodeSystem.ICD9PROC: re.compile(r"[0-9]{2,4}"),
    CodeSystem.ICD10CM: re.compile(r"[A-Z][0-9][0-9A-Z]{1,5}"),
    CodeSystem.ICD10PCS: re.compile(r"[0-9BCDFGHX][0-9A-HJ-NP-Z]{6}"),
}
_LINE = re.compile(r"(?P<source>\w{2,7}) +(?P<target>\w{2,7}) +(?P<flags>[01]{3}[0-9]{2}) *")


@dataclass(frozen=True, slots=True)
class Direction:
    """From which system a mapping leads into which."""

    source: CodeSystem
    target: CodeSystem

    @property
    def name(self) -> str:
        """`gems:icd9cm-icd10cm`."""
        return f"gems:{self.source}-{self.target}"

    def fits(self, source: str, target: str) -> bool:
        """Whether two codes can stand in one line of it."""
        return bool(BARE[self.source].fullmatch(source)) and (
            target in NO_MAP or bool(BARE[self.target].fullmatch(target))
        )


DIRECTIONS = (
    Direction(CodeSystem.ICD9CM, CodeSystem.ICD10CM),
    Direction(CodeSystem.ICD10CM, CodeSystem.ICD9CM),
    Direction(CodeSystem.ICD9PROC, CodeSystem.ICD10PCS),
    Direction(CodeSystem.ICD10PCS, CodeSystem.ICD9PROC),
)


def _recognise(offered: Offered) -> Recognised | None:
    lines = decoded(offered.head).splitlines()
    if len(offered.head) >= HEAD_BYTES:
        lines.pop()  # the cut one
    found = [_LINE.fullmatch(line) for line in lines if line.strip()]
    if not found or not all(found):
        return None
    pairs = [(f["source"].upper(), f["target"].upper()) for f in found if f]
    fitting = [d for d in DIRECTIONS if all(d.fits(*pair) for pair in pairs)]
    if not fitting:
        return None
    if len(fitting) > 1:
        raise InputError(
            f"The mapping {offered.name} begins with too few codes to tell its direction; install the whole file."
        )
    return Recognised(fitting[0].name, _period(offered), US_GOVERNMENT)


def _period(offered: Offered) -> DateRange:
    start = fiscal(offered).start
    year = fiscal_year(start)
    return DateRange(start, None if year >= LAST_YEAR else date(year, 9, 30))


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    direction = next(d for d in DIRECTIONS if d.name == recognised.name)
    rows = list(_rows(files[0], direction))
    counts = (
        ("rows", len(rows)),
        ("sources", len({row[1] for row in rows})),
        ("no_map", sum(row[2] is None for row in rows)),
        ("approximate", sum(row[3] for row in rows)),
        ("combination", sum(row[4] for row in rows)),
    )
    return one_table(counts, COLUMNS, rows, INDEXES, rowid=True)


def _rows(file: Offered, direction: Direction) -> Iterator[tuple[int, str, str | None, int, int, int, int]]:
    seen: set[tuple[str, str, str]] = set()
    for number, line in enumerate(file.lines(), 1):
        if not line.strip():
            continue
        where = f"{file.name}, line {number}"
        found = _LINE.fullmatch(line)
        if found is None:
            raise InputError(
                f"{where}: a line of a mapping is a source, a target and five digits; fetch the file anew."
            )
        # One code of the 2018 file is written in lower case.
        source, target, flags = found["source"].upper(), found["target"].upper(), found["flags"]
        if not direction.fits(source, target):
            raise InputError(f"{where}: the codes are not of {direction.source} and {direction.target}.")
        if (source, target, flags) in seen:
            raise InputError(f"{where}: the line stands in the file twice.")
        seen.add((source, target, flags))
        approximate, no_map, combination, scenario, choice = map(int, flags)
        if bool(no_map) is not (target in NO_MAP):
            raise InputError(f"{where}: the flag for no map and the target contradict each other.")
        if bool(combination) is not bool(scenario and choice) or bool(scenario) is not bool(choice):
            raise InputError(f"{where}: scenario and choice list do not go with the combination flag.")
        to = None if no_map else dotted(target, direction.target)
        yield number, dotted(source, direction.source), to, approximate, combination, scenario, choice


def _entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    sql = "SELECT source, target, approximate, combination, scenario, choice FROM entry ORDER BY source, rank"
    fields: dict[str, list[str]] = {}
    for source, target, approximate, combination, scenario, choice in store.all(sql):
        flags = f"{approximate}{int(target is None)}{combination}{scenario}{choice}"
        fields.setdefault(source, []).append(f"{target or 'no map'} {flags}")
    for source, targets in fields.items():
        yield source, {"targets": "\n".join(targets)}


FORMATS = (Format("general equivalence mapping (GEM)", _recognise, _read),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {d.name: _entries for d in DIRECTIONS}
