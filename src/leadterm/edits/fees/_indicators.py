"""What one line contradicts by itself: indicator columns of the schedule, their values, and the modifiers of the line.

`status.tsv` and `policy.tsv` have a row for each contradiction: the field and its values, and what else has to hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from leadterm.codesets.payment.fees import RelativeValue, RelativeValues
from leadterm.domain.places import FACILITY_RATE, HOSPITAL, OFFICE_RATE
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Draft
from leadterm.edits._procedures import is_among
from leadterm.edits._tables import read_table

from ._schedule import KEPT, Gated, Service, remarked, services

TABLES = ("fees/status.tsv", "fees/policy.tsv")
COLUMNS = (
    *("rule", "field", "values", "statuses", "also", "modifiers", "without", "places", "except", "when"),
    *("what", "fix", "source"),
)
LABELS = {
    "status": "status",
    "pctc": "PC/TC indicator",
    "global_days": "global days",
    "multiple": "multiple procedure indicator",
    "bilateral": "bilateral indicator",
    "assistant": "assistant indicator",
    "co_surgeon": "co-surgeon indicator",
    "team": "team indicator",
    "nonfacility_na": "NA in the non-facility column",
    "facility_na": "NA in the facility column",
}
# Telehealth has no place, and of `other` nobody knows which it is.
PLACES = {
    "hospital": HOSPITAL,
    "facility": FACILITY_RATE - {"02"},
    "facility-outside-hospital": FACILITY_RATE - HOSPITAL - {"02"},
    "office": OFFICE_RATE - {"10", "99"},
    "outside-ASC": FACILITY_RATE - {"24"} | OFFICE_RATE,
}
PENNY = Decimal("0.01")  # the charge of a code that only reports, where a system takes no zero
PERFORMANCE = "F"  # how category II codes end


class Facts(NamedTuple):
    """What is asked of a line beside its code, modifiers and place.

    Attributes:
        several: More than one unit.
        reported: Sent for information: no charge, among lines with charges.
        priced: With a charge above a cent.
    """

    several: bool
    reported: bool
    priced: bool


class Row(NamedTuple):
    """A contradiction of a table, with its sets."""

    rule: str
    field: str
    values: frozenset[str]
    statuses: frozenset[str]
    also: tuple[str, frozenset[str]] | None
    modifiers: frozenset[str]
    without: frozenset[str]
    places: frozenset[str] | None
    excepted: str
    when: str
    what: str
    fix: str
    source: str

    def speaks(self, code: str, row: RelativeValue, modifiers: frozenset[str], place: str | None) -> bool:
        """Whether the line contradicts its row of the schedule in this way, `when` apart."""
        return (
            value_of(row, self.field) in self.values
            and (not self.statuses or row.status in self.statuses)
            and (self.also is None or value_of(row, self.also[0]) in self.also[1])
            and (not self.modifiers or not self.modifiers.isdisjoint(modifiers))
            and self.without.isdisjoint(modifiers)
            and (self.places is None or place in self.places)
            and not (self.excepted and is_among(code, self.excepted))
        )


WHEN: Mapping[str, Callable[[Facts], bool]] = {
    "several": lambda facts: facts.several,
    "asked": lambda facts: not facts.reported,
    "priced": lambda facts: facts.priced,
}


class Said(NamedTuple):
    """What is said of a line: the rule, when, and message and fix without the line's number."""

    rule: str
    when: str
    what: str
    fix: str
    source: str


def value_of(row: RelativeValue, field: str) -> str:
    """A field as the tables write it: `yes` for a flag that is set."""
    value = getattr(row, field)
    return value if isinstance(value, str) else "yes" if value else "no"


@cache
def rows() -> tuple[Row, ...]:
    """The rows of both tables."""
    return tuple(_read(*row) for name in TABLES for row in read_table(name, COLUMNS))


def _read(*cells: str) -> Row:
    rule, field, values, statuses, also, modifiers, without, places, excepted, when, what, fix, source = cells
    name, _, among = also.partition("=")
    return Row(
        *(rule, field, frozenset(values.split()), frozenset(statuses)),
        (name, frozenset(among.split(","))) if name else None,
        *(frozenset(modifiers.split()), frozenset(without.split())),
        PLACES[places] if places else None,
        *(excepted, when, what, fix, source),
    )


@lru_cache(KEPT)
def _of_line(
    table: RelativeValues, row_of: str, code: str, modifiers: tuple[str, ...], place: str | None
) -> tuple[Said, ...]:
    """What is said of such a line; `row_of`: the modifier of its row."""
    row, given = table.value(code, row_of), frozenset(modifiers)
    if row is None:
        return ()
    return tuple(_said(each, row, code, modifiers) for each in rows() if each.speaks(code, row, given, place))


def _said(each: Row, row: RelativeValue, code: str, modifiers: tuple[str, ...]) -> Said:
    named = " ".join(m for m in modifiers if m in each.modifiers)
    value = value_of(row, each.field)
    indicator = LABELS[each.field] if value == "yes" else f"{LABELS[each.field]} {value}"
    words = {"code": code, "modifier": named}
    return Said(
        each.rule, each.when, f"{each.what.format(**words)} ({indicator})", each.fix.format(**words), each.source
    )


def of_claim(b: Billing) -> Mapping[str, list[Draft]]:
    """What the tables say of the claim's lines, by rule."""
    found: dict[str, list[Draft]] = {}
    everywhere = b.claim.place_of_service
    for s in services(b):
        line = s.line
        for said in _of_line(s.table, s.row.modifier, s.code, line.modifiers, line.place_of_service or everywhere):
            if not said.when or WHEN[said.when](_facts(b, s)):
                found.setdefault(said.rule, []).append(_draft(b, s, said))
    return found


def _facts(b: Billing, s: Service) -> Facts:
    priced = s.line.charge.amount > PENNY
    informs = s.code[-1] == PERFORMANCE or any(line.charge.amount for line, _ in b.billed)
    return Facts(s.line.units > 1, not priced and informs, priced)


def _draft(b: Billing, s: Service, said: Said) -> Draft:
    message = f"Line {s.line.number} has {said.what}."
    return Draft(message, (s.code,), fix=said.fix, source=said.source, location=b.at(b.service, s.line.number))


def of_tables(*rules: str) -> Gated:
    """Rules that the tables write, behind their gate."""
    return (lambda b: b.once(of_claim)), {rule: remarked(of_claim, rule) for rule in rules}
