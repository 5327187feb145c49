"""Procedure-to-procedure edits: of two services of one patient, provider and day, column 2 is not paid beside column 1.

A pair whose modifier indicator is 1 is paid where one of the NCCI-associated modifiers stands on either line; which
modifiers these are, from which day on, and what has to be true for each is told by `modifiers.tsv` (`_modifiers.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations, product

from leadterm.codesets.payment.ncci import (
    MedicaidDmePtp,
    MedicaidOutpatientPtp,
    MedicaidPractitionerPtp,
    OutpatientPtp,
    PractitionerPtp,
    PtpEdit,
)
from leadterm.edits._billing import Billing
from leadterm.edits._days import ByDay
from leadterm.edits._findings import Check, Draft, Gate
from leadterm.edits._ports import Book
from leadterm.edits._procedures import LENGTH

from ._modifiers import misplaced, one_site, opens, unheard, what_is_true
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
# What fifty lines, the most of a professional claim, make among themselves; above it the table is asked what can clash.
MOST_MEETINGS = 2_500
LIABILITY = "A notice to the patient (ABN) does not make it payable, nor shift it to the patient."


@dataclass(frozen=True, slots=True)
class Clash:
    """Two services that an edit does not pay together.

    Attributes:
        edit: The edit in force.
        column1, column2: The services.
        site: Where all that opens it is one site on both lines, that site; empty where nothing opens it.
        misplaced: Where all that opens it stands on a code of which it can tell nothing, the line's code with it.
    """

    edit: PtpEdit
    column1: Service
    column2: Service
    site: str = ""
    misplaced: str = ""

    @property
    def own(self) -> Service:
        """The one on this claim that is to be looked at: column 2, unless that went before."""
        return self.column1 if self.column2.claim else self.column2

    @property
    def on(self) -> date:
        """The first day that both share."""
        return max(self.column1.start, self.column2.start)

    @property
    def key(self) -> tuple[int, str, str, int, str]:
        """What it is told once for: a line, the pair, whether a modifier could open it, and what does."""
        opened = self.site or self.misplaced
        return self.own.line, self.edit.column1, self.edit.column2, self.edit.modifier_indicator, opened

    @property
    def is_opened(self) -> bool:
        """Whether a modifier opens it, though it tells nothing."""
        return bool(self.site or self.misplaced)


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
        if clash.edit.modifier_allowed and not clash.is_opened:
            why = unheard(clash.column1.modifiers, clash.column2.modifiers, clash.on)
            yield _openable(b, clash, why or "no NCCI-associated modifier is on either line")


def _one_site(b: Billing) -> Iterator[Draft]:
    for clash in b.once(clashes):
        if clash.site:
            yield _openable(b, clash, f"both lines bear one site ({clash.site}), which tells no two of them")


def _misplaced(b: Billing) -> Iterator[Draft]:
    for clash in b.once(clashes):
        if clash.misplaced:
            yield _openable(b, clash, f"it is opened by {clash.misplaced}, which tells nothing of that code")


def _openable(b: Billing, clash: Clash, why: str) -> Draft:
    reasons = what_is_true((clash.column1.code, clash.column2.code), b.professional)
    return _draft(
        b,
        clash,
        f"{_pair(clash)}, modifier indicator 1, and {why}.",
        f"Leave out {clash.column2.code}, unless the record documents one of these: {', or '.join(reasons)}. The "
        f"documented reason comes first, then the modifier. {LIABILITY}",
    )


def _pair(clash: Clash) -> str:
    one, two = clash.column1, clash.column2
    return (
        f"{two.name[0].upper()}{two.name[1:]} ({two.code}, column 2) is not paid beside {one.name} ({one.code}, "
        f"column 1) on {clash.on}"
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
        for one, other in _meeting(table, own, before):
            clash = _judged(table, one, other) if one.code != other.code and one.shares_day(other) else None
            if clash and clash.key not in told:
                told.add(clash.key)
                yield clash


def _meeting(
    table: PractitionerPtp, own: Sequence[Service], before: Sequence[Service]
) -> Iterable[tuple[Service, Service]]:
    """Services of the claim with each other and with earlier ones: all, or of very many those that may clash."""
    if len(own) * (len(own) + len(before)) > MOST_MEETINGS:
        return _that_may_clash(table, own, before)
    return (*combinations(own, 2), *product(own, before))


def _that_may_clash(
    table: PractitionerPtp, own: Sequence[Service], before: Sequence[Service]
) -> Iterator[tuple[Service, Service]]:
    """Each service of the claim with the first of every kind that its code has an edit with."""
    kinds: dict[Hashable, Service] = {}
    for s in (*own, *before):
        kinds.setdefault((s.code, s.modifiers, s.start, s.end, s.claim is None), s)
    by_code: dict[str, list[Service]] = defaultdict(list)
    for s in kinds.values():
        by_code[s.code].append(s)
    beside = _beside(table, by_code.keys())
    found = {code: ByDay(services) for code, services in by_code.items()}
    for s in own:
        for code in beside[s.code]:
            yield from ((s, other) for other in found[code].during(s.start, s.end))


def _beside(table: PractitionerPtp, codes: Set[str]) -> Mapping[str, list[str]]:
    """The codes of these with which each of them ever had an edit."""
    found: dict[str, set[str]] = {code: set() for code in codes}
    for column1 in codes:
        for column2 in table.column2(column1, codes):
            found[column1].add(column2)
            found[column2].add(column1)
    return {code: sorted(others) for code, others in found.items()}


def _judged(table: PractitionerPtp, one: Service, other: Service) -> Clash | None:
    on = max(one.start, other.start)
    edit = _edit(table, *sorted((one.code, other.code)), on)
    if edit is None:
        return None
    column1, column2 = (one, other) if edit.column1 == one.code else (other, one)
    if not edit.modifier_allowed:
        return Clash(edit, column1, column2)
    if opens(column1.code, column1.modifiers, column2.code, column2.modifiers, on):
        same, wrong = one_site(column1.modifiers, column2.modifiers), _opened_wrongly(column1, column2, on)
        return Clash(edit, column1, column2, same, wrong) if same or wrong else None
    return Clash(edit, column1, column2)


def _opened_wrongly(column1: Service, column2: Service, on: date) -> str:
    """`45380-25`, where nothing opens the pair but what can tell nothing of the code it stands on; else empty."""
    one, two = misplaced(column1.code, column1.modifiers), misplaced(column2.code, column2.modifiers)
    if not (one or two):
        return ""
    telling = [tuple(m for m in s.modifiers if m not in wrong) for s, wrong in ((column1, one), (column2, two))]
    if opens(column1.code, telling[0], column2.code, telling[1], on):
        return ""
    return " and ".join("-".join((s.code, *sorted(wrong))) for s, wrong in ((column1, one), (column2, two)) if wrong)


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


CHECKS: Mapping[str, Check[Billing]] = {
    "NCCI:I.A/pair": _without_exception,
    "NCCI:I.E/pair-modifier": _without_modifier,
    "NCCI:I.E/pair-one-site": _one_site,
    "NCCI:I.E/pair-misplaced": _misplaced,
}
GATE: Gate[Billing] = clashes
