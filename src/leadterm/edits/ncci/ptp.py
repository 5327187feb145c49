"""Procedure-to-procedure edits: of two services of one patient, provider and day, column 2 is not paid beside column 1.

A pair whose modifier indicator is 1 is paid where one of the NCCI-associated modifiers stands on either line; which
modifiers these are, from which day on, and what has to be true for each is told by `modifiers.tsv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import combinations

from leadterm.codesets.payment.ncci import (
    MedicaidDmePtp,
    MedicaidOutpatientPtp,
    MedicaidPractitionerPtp,
    OutpatientPtp,
    PractitionerPtp,
    PtpEdit,
)
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._ports import Book
from leadterm.edits._procedures import LENGTH, is_among
from leadterm.edits._tables import read_table

from ._services import OUTPATIENT, PRACTITIONER, SUPPLIER, Service, by_provider, is_judged, tables_of

# By whose tables are asked, and whether Medicaid's; Medicare has none for suppliers alone.
TABLES: Mapping[tuple[str, bool], type[PractitionerPtp]] = {
    (PRACTITIONER, False): PractitionerPtp,
    (OUTPATIENT, False): OutpatientPtp,
    (SUPPLIER, False): PractitionerPtp,
    (PRACTITIONER, True): MedicaidPractitionerPtp,
    (OUTPATIENT, True): MedicaidOutpatientPtp,
    (SUPPLIER, True): MedicaidDmePtp,
}
# CR 11168: from this day on these are looked for on both lines, before it on that of column 2 alone.
EITHER_LINE = date(2019, 7, 1)
VISITS = "92002-92014 99202-99499 G0380-G0384 G0402 G0438 G0439 G0463"
ALL = {True: ("all", "professional"), False: ("all", "institutional")}
DISTINCT = frozenset({"59", "XE", "XP", "XS", "XU"})
SITES = "the services were at different sites"
LIABILITY = "A notice to the patient (ABN) does not make it payable, nor shift it to the patient."


@dataclass(frozen=True, slots=True)
class Clash:
    """Two services that an edit does not pay together.

    Attributes:
        edit: The edit in force.
        column1, column2: The services.
        site: Where all that opens it is one site on both lines, that site; empty where nothing opens it.
    """

    edit: PtpEdit
    column1: Service
    column2: Service
    site: str = ""

    @property
    def own(self) -> Service:
        """The one on this claim that is to be looked at: column 2, unless that went before."""
        return self.column1 if self.column2.claim else self.column2

    @property
    def key(self) -> tuple[int, str, str, int, str]:
        """What it is told once for: a line, the pair, whether a modifier could open it, and the site that does."""
        return self.own.line, self.edit.column1, self.edit.column2, self.edit.modifier_indicator, self.site


def _without_exception(b: Billing) -> Iterator[Draft]:
    for clash in b.once(clashes):
        if clash.edit.modifier_allowed:
            continue
        one, two = clash.column1, clash.column2
        yield _draft(
            b,
            clash,
            f"{_pair(clash)}, modifier indicator 0: no modifier opens it.",
            f"Leave out {two.code}, or {one.code} where {two.code} is what was done; a denial can be appealed with "
            f"the record. {LIABILITY}",
        )


def _without_modifier(b: Billing) -> Iterator[Draft]:
    for clash in b.once(clashes):
        if clash.edit.modifier_allowed and not clash.site:
            yield _openable(b, clash, "no NCCI-associated modifier is on either line")


def _one_site(b: Billing) -> Iterator[Draft]:
    for clash in b.once(clashes):
        if clash.site:
            yield _openable(b, clash, f"both lines bear one site ({clash.site}), which tells no two of them")


def _openable(b: Billing, clash: Clash, why: str) -> Draft:
    return _draft(
        b,
        clash,
        f"{_pair(clash)}, modifier indicator 1, and {why}.",
        f"Leave out {clash.column2.code}, unless the record documents one of these: {ways(clash, b.professional)}. The "
        f"documented reason comes first, then the modifier. {LIABILITY}",
    )


def _pair(clash: Clash) -> str:
    one, two = clash.column1, clash.column2
    return (
        f"{two.name[0].upper()}{two.name[1:]} ({two.code}, column 2) is not paid beside {one.name} ({one.code}, "
        f"column 1) on {max(one.start, two.start)}"
    )


def _draft(b: Billing, clash: Clash, message: str, fix: str) -> Draft:
    codes = tuple(sorted({clash.column1.code, clash.column2.code}))
    source = f"{clash.edit.column1}/{clash.edit.column2} in force since {clash.edit.effective}: {clash.edit.rationale}"
    return Draft(
        message,
        codes,
        fix=fix,
        source=f"NCCI procedure-to-procedure edit {source.rstrip(': ')}; NCCI Policy Manual, chapter I, A and E",
        location=b.at(b.service, clash.own.line),
    )


def clashes(b: Billing) -> tuple[Clash, ...]:
    """Every pair of the claim's services, and of these with earlier ones, that is not paid together; once a line.

    Of several column 1 services the first one is named.
    """
    return tuple(_found(b)) if is_judged(b) else ()


def _found(b: Billing) -> Iterator[Clash]:
    if len(b.billed) + len(b.before) < 2:
        return
    table = b.table(TABLES[tables_of(b)])
    if table is None:
        return
    told: set[tuple[int, str, str, int, str]] = set()
    for own, before in b.once(by_provider):
        for one, other in (*combinations(own, 2), *((x, y) for x in own for y in before)):
            clash = _judged(table, one, other) if one.code != other.code and one.shares_day(other) else None
            if clash and clash.key not in told:
                told.add(clash.key)
                yield clash


def _judged(table: PractitionerPtp, one: Service, other: Service) -> Clash | None:
    on = max(one.start, other.start)
    edit = _edit(table, *sorted((one.code, other.code)), on)
    if edit is None:
        return None
    column1, column2 = (one, other) if edit.column1 == one.code else (other, one)
    if not edit.modifier_allowed:
        return Clash(edit, column1, column2)
    if opens(column1.code, column1.modifiers, column2.code, column2.modifiers, on):
        same = same_site(column1.modifiers, column2.modifiers)
        return Clash(edit, column1, column2, same) if same else None
    return Clash(edit, column1, column2)


def pair_of(
    book: Book, code: str, others: Iterable[str], on: date, *, professional: bool, medicaid: bool
) -> PtpEdit | None:
    """The edit by which a code is not paid beside one of others; of several that which no modifier opens.

    None where there is none, where the table is not installed, and for what has not the shape of a code.
    """
    table = book.find(TABLES[PRACTITIONER if professional else OUTPATIENT, medicaid], on)
    asked = [other for other in others if other != code and len(other) == len(code) == LENGTH]
    found = [e for other in asked if table is not None and (e := table.pair(other, code, on))]
    return min(found, key=lambda e: e.modifier_indicator, default=None)


@lru_cache(1 << 16)
def _edit(table: PractitionerPtp, code: str, other: str, on: date) -> PtpEdit | None:
    """The edit of two codes; should a table have one each way, that which no modifier opens, else the younger one."""
    found = [e for e in (table.pair(code, other, on), table.pair(other, code, on)) if e is not None]
    return min(found, key=lambda e: (e.modifier_indicator, -e.effective.toordinal(), e.column1), default=None)


@lru_cache(1 << 14)
def opens(code1: str, column1: tuple[str, ...], code2: str, column2: tuple[str, ...], on: date) -> bool:
    """Whether modifiers of the two lines open an edit that a modifier may open.

    A site on the line of a procedure tells nothing of a visit beside it.
    """
    sites_tell = not (is_among(code1, VISITS) or is_among(code2, VISITS))
    known = {m for m, row in _modifiers().items() if row.since <= on and (sites_tell or m not in _sites())}
    on_column1 = known if on >= EITHER_LINE else known - DISTINCT
    return not (known.isdisjoint(column2) and on_column1.isdisjoint(column1))


def same_site(column1: tuple[str, ...], column2: tuple[str, ...]) -> str:
    """The site that both lines bear where nothing else tells the services apart (`RT`); empty where something does."""
    telling = _modifiers().keys()
    one, other = telling & set(column1), telling & set(column2)
    return " ".join(sorted(one)) if one == other and one and one <= _sites() else ""


# --- what would have to be true ---


@dataclass(frozen=True, slots=True)
class _Modifier:
    since: date
    codes: str
    claims: str
    true_when: str


@cache
def _modifiers() -> Mapping[str, _Modifier]:
    rows = read_table("ncci/modifiers.tsv", ("modifiers", "since", "codes", "claims", "true_when", "source"))
    return {
        modifier: _Modifier(date.fromisoformat(since), codes, claims, true_when)
        for modifiers, since, codes, claims, true_when, _ in rows
        for modifier in modifiers.split()
    }


@cache
def _sites() -> frozenset[str]:
    return frozenset(m for m, row in _modifiers().items() if row.true_when.startswith(SITES))


def ways(clash: Clash, professional: bool) -> str:
    """What would have to be true, each with the modifiers that then say so."""
    codes = (clash.column1.code, clash.column2.code)
    visits = tuple(code for code in codes if is_among(code, VISITS))
    return ", or ".join(_ways(visits or codes, professional))


@lru_cache(1 << 12)
def _ways(codes: tuple[str, ...], professional: bool) -> tuple[str, ...]:
    found: dict[str, list[str]] = {}
    for modifier, row in _modifiers().items():
        if row.claims in ALL[professional] and all(is_among(code, row.codes) for code in codes):
            found.setdefault(row.true_when, []).append(modifier)
    return tuple(f"{when} ({_few(modifiers)})" for when, modifiers in found.items())


def _few(modifiers: list[str]) -> str:
    return f"{modifiers[0]} to {modifiers[-1]}" if len(modifiers) > 5 else " ".join(modifiers)


CHECKS: Mapping[str, Check[Billing]] = {
    "NCCI:I.A/pair": _without_exception,
    "NCCI:I.E/pair-modifier": _without_modifier,
    "NCCI:I.E/pair-one-site": _one_site,
}
