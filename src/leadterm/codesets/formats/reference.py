"""Reference lists that a claim needs: one table a list, out of CSV files whose header tells what they are.

A list whose header says only `code,description` is known by the name of its file. What belongs to the NUBC, the NUCC or
the AMA is read from the user's own file and never shipped.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from leadterm.domain import DateRange, InputError

from ..formats import abbreviations, chronic_conditions, reportable
from ..sources import US_GOVERNMENT
from ..store import Store
from ._csv_rows import numbered
from ._dates import UNDATED, calendar, hints
from ._offered import Format, Offered, Recognised, Table, decoded, one_table, quoted

OF_THE_FILE = "under the terms of whoever published the file"
APACHE = "Apache-2.0 (The Tuva Project)"
CMS = f"{US_GOVERNMENT} (CMS)"
NUBC = "NUBC, under the licence of whoever installed it"
AMA = "CPT, copyright American Medical Association; under the licence of whoever installed it"
# Single-level CCS, with the four digits of external causes.
CCS = r"[0-9]{1,4}"
NUCC = "NUCC, under the licence of whoever installed it"
PLAIN = frozenset(("code", "description"))
_VERSION = re.compile(r"taxonomy[_ -]*v?(?P<year>[0-9]{2})\.?(?P<half>[01])(?![0-9])", re.IGNORECASE)
_CCS = {"code": "ccs_diagnosis_category", "description": "description"}


@dataclass(frozen=True, slots=True)
class ListFormat:
    """How one list comes and what is kept of it.

    Attributes:
        component: `place-of-service`, below `reference:`.
        what: In words, for messages.
        columns: Column of the store → name in the header, in lower case. The first is the code.
        shape: What a code looks like.
        licence: Terms of the content.
        digits: Codes of digits alone get the zeros back that a spreadsheet took, up to this width.
        keys: How many of the first columns tell two rows apart.
        optional: Names that the header of an older file may lack.
        named: What the file's name must say where the header is `code,description`; empty: such a file is not taken.
    """

    component: str
    what: str
    columns: Mapping[str, str]
    shape: str
    licence: str = OF_THE_FILE
    digits: int = 0
    keys: int = 1
    optional: frozenset[str] = frozenset()
    named: str = ""

    @property
    def name(self) -> str:
        """`reference:place-of-service`."""
        return f"reference:{self.component}"

    def fits(self, header: Sequence[str], name: str) -> bool:
        """Whether a file with these names of columns and this name is such a list."""
        given, known = frozenset(header), frozenset(self.columns.values())
        if given == PLAIN:
            return bool(self.named) and re.search(self.named, name, re.IGNORECASE) is not None
        if self.optional:
            return known - self.optional <= given
        return given == known


def _pairs(component: str, what: str, code: str, shape: str, **more: object) -> ListFormat:
    """A list of codes and descriptions; `code`: the first name of its header, and the second where it is not that."""
    first, _, second = code.partition(",")
    return ListFormat(component, what, {"code": first, "description": second or "description"}, shape, **more)  # type: ignore[arg-type]


LISTS: tuple[ListFormat, ...] = (
    _pairs(
        "place-of-service",
        "place of service codes",
        "place_of_service_code",
        r"[0-9]{2}",
        licence=CMS,
        digits=2,
        named=r"place[_ -]?of[_ -]?service|\bpos[_ -]codes?",
    ),
    _pairs(
        "discharge-status",
        "patient discharge status codes",
        "discharge_disposition_code",
        r"[0-9]{2}",
        digits=2,
        named=r"discharge[_ -]?(?:status|disposition)",
    ),
    _pairs(
        "admit-source",
        "points of origin for admission",
        "admit_source_code",
        r"[0-9A-Z]",
        named=r"admi(?:t|ssion)[_ -]?source|point[_ -]?of[_ -]?origin",
    ),
    _pairs(
        "admit-type",
        "priorities of admission",
        "admit_type_code",
        r"[0-9]",
        named=r"admi(?:t|ssion)[_ -]?type",
    ),
    _pairs(
        "poa",
        "present on admission indicators",
        "present_on_admit_code",
        r"[YNUW1]",
        named=r"present[_ -]?on[_ -]?admi|\bpoa[_ -]?(?:code|indicator)s?",
    ),
    _pairs(
        "revenue-codes",
        "revenue codes",
        "revenue_center_code,revenue_center_description",
        r"[0-9]{4}",
        licence=NUBC,
        digits=4,
        named=r"rev(?:enue)?[_ -]?(?:code|cent)|ub04[_ -]?rev",
    ),
    _pairs("modifiers", "CPT modifiers", "modifier_code", r"[0-9A-Z]{2}", licence=AMA, named=r"modifier"),
    _pairs(
        "acute-diagnosis-ccs",
        "acute diagnoses that make a readmission unplanned (CCS)",
        _CCS["code"],
        CCS,
        licence=APACHE,
    ),
    _pairs(
        "planned-procedure-ccs",
        "procedures that may be planned (CCS)",
        "ccs_procedure_category",
        CCS,
        licence=APACHE,
    ),
    _pairs(
        "planned-procedure-pcs",
        "procedures that may be planned (ICD-10-PCS)",
        "icd_10_pcs",
        r"[0-9A-HJ-NP-Z]{7}",
        licence=APACHE,
    ),
    ListFormat(
        "excluded-diagnosis-ccs",
        "diagnoses that the readmission measure leaves out (CCS)",
        {**_CCS, "category": "exclusion_category"},
        CCS,
        APACHE,
    ),
    ListFormat(
        "specialty-cohort",
        "specialty cohorts of the readmission measure (CCS)",
        {"code": "ccs", "kind": "procedure_or_diagnosis", "description": "description", "cohort": "specialty_cohort"},
        CCS,
        APACHE,
        keys=2,
    ),
    ListFormat(
        "taxonomy",
        "health care provider taxonomy",
        {
            "code": "code",
            "description": "display name",
            "grouping": "grouping",
            "classification": "classification",
            "specialization": "specialization",
            "definition": "definition",
            "section": "section",
        },
        r"[0-9A-Z]{9}X",
        NUCC,
        optional=frozenset(("section",)),
    ),
)


def _recognise(one: ListFormat, offered: Offered) -> Recognised | None:
    header = _header(next(iter(decoded(offered.head).splitlines()), ""))
    return Recognised(one.name, _period(offered), one.licence) if one.fits(header, offered.name) else None


def _header(line: str) -> list[str]:
    return [cell.strip().lower() for cell in next(csv.reader([line]), [])]


def _period(offered: Offered) -> DateRange:
    """From the day that the file's own name tells; undated lists hold for every day."""
    if version := _VERSION.search(offered.name):
        # 25.1 is the second of the two releases of 2025: the NUCC publishes in January and in July.
        return DateRange(date(2000 + int(version["year"]), 7 if version["half"] == "1" else 1, 1))
    own = Offered(offered.name, b"", bytes)
    return calendar(own, None) if any(hints(own)) else UNDATED


def _read(one: ListFormat, files: Sequence[Offered], recognised: Recognised) -> Table:
    """The table of a list. Raises InputError for a cut row, and for a code of another shape or given twice."""
    rows = list(_rows(one, files[0]))
    if not rows:
        raise InputError(f"{files[0].name} holds no code; get the file again.")
    names = list(one.columns)
    columns = ", ".join(f"{name} TEXT NOT NULL" for name in names)
    return one_table([("codes", len(rows))], f"{columns}, PRIMARY KEY ({', '.join(names[: one.keys])})", sorted(rows))


def _rows(one: ListFormat, offered: Offered) -> Iterator[tuple[str, ...]]:
    header = _header(next(iter(decoded(offered.head).splitlines()), ""))
    wanted = sorted(PLAIN) if frozenset(header) == PLAIN else one.columns.values()
    places = [header.index(name) if name in header else None for name in wanted]
    seen: set[tuple[str, ...]] = set()
    for where, cells in numbered(offered, len(header)):
        code, *others = (cells[at] if at is not None else "" for at in places)
        code = code.upper().zfill(one.digits)
        if not re.fullmatch(one.shape, code):
            raise InputError(f"{where}: {quoted(code)} is not a code of {one.what}; hand over the right file.")
        key = (code, *others[: one.keys - 1])
        if key in seen:
            raise InputError(f"{where}: {code} stands in the list twice; correct the file.")
        seen.add(key)
        yield code, *others


def _differs(one: ListFormat, store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    names = list(one.columns)
    for row in store.all(f"SELECT {', '.join(names)} FROM entry ORDER BY {', '.join(names[: one.keys])}"):
        yield " ".join(row[: one.keys]), dict(zip(names[one.keys :], row[one.keys :], strict=True))


FORMATS: tuple[Format, ...] = (
    *(Format(one.what, partial(_recognise, one), partial(_read, one)) for one in LISTS),
    *chronic_conditions.FORMATS,
    *abbreviations.FORMATS,
    *reportable.FORMATS,
)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {
    **{one.name: partial(_differs, one) for one in LISTS},
    **chronic_conditions.DIFFERS,
    **abbreviations.DIFFERS,
    **reportable.DIFFERS,
}
