"""The type of bill of an institutional claim: known on the day, and in agreement with the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache

from leadterm.domain import CodeSystem, DateRange
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._procedures import words
from leadterm.edits._tables import read_table

LENGTH = 4
STAY, VISIT = "stay", "visit"
CLAIM, CHANGE_REASON = "CLM", "HI*BG"
# Why Medicare is asked to change a claim that it has (condition codes), by the frequency of the new one.
CANCELLED = frozenset({"D5", "D6"})
CHANGED = frozenset({"D0", "D1", "D2", "D3", "D4", "D7", "D8", "D9", "E0"})
REASONS = {"7": CHANGED, "8": CANCELLED}


@cache
def _types() -> Mapping[str, tuple[str, DateRange]]:
    rows = read_table("claims/bill_types.tsv", ("type", "kind", "from", "to", "words"))
    return {
        code: (kind, DateRange(date.fromisoformat(start), date.fromisoformat(end) if end else None))
        for code, kind, start, end, _ in rows
    }


@cache
def _frequencies() -> frozenset[str]:
    return frozenset(code for code, _ in read_table("claims/bill_frequencies.tsv", ("frequency", "words")))


def kind_of_bill(b: Billing) -> str:
    """`stay`, `visit` or `other`, by its type of bill; of an unknown one `other`."""
    return _types().get(b.bill_type, ("other",))[0]


def _missing(b: Billing) -> Iterable[Draft]:
    if b.claim.type_of_bill:
        return ()
    return (Draft("The claim has no type of bill.", location=b.at(CLAIM)),)


def _unknown(b: Billing) -> Iterator[Draft]:
    written = b.claim.type_of_bill
    if not written:
        return
    if len(written) != LENGTH or written[0] != "0":
        yield Draft("The type of bill is not a zero and three characters.", location=b.at(CLAIM))
        return
    _, used = _types().get(written[1:3], ("", None))
    if used is None or (b.controlling_day is not None and b.controlling_day not in used):
        yield Draft(f"The type of bill {written} was not in use on the day.", location=b.at(CLAIM))


def _frequency(b: Billing) -> Iterator[Draft]:
    written = b.claim.type_of_bill or ""
    if b.claim.frequency not in _frequencies():
        yield Draft("The claim frequency is none of the list.", location=b.at(CLAIM))
    elif len(written) == LENGTH and written[-1] != b.claim.frequency:
        message = f"The type of bill {written} has another frequency than the claim, {b.claim.frequency}."
        yield Draft(message, location=b.at(CLAIM))


def _change_reason(b: Billing) -> Iterator[Draft]:
    wanted = REASONS.get(b.claim.frequency)
    if wanted is None or not b.medicare:
        return
    given = b.conditions & (CHANGED | CANCELLED)
    if len(given) != 1 or not given <= wanted:
        message = f"A Medicare claim of frequency {b.claim.frequency} has one of the condition codes {words(wanted)}."
        yield Draft(message, location=b.at(CHANGE_REASON))


def _change_of_nothing(b: Billing) -> Iterable[Draft]:
    given = b.conditions & (CHANGED | CANCELLED)
    if not given or b.claim.frequency != "1":
        return ()
    message = f"Condition code {words(given)} changes an earlier claim, and this one is an original."
    return (Draft(message, location=b.at(CHANGE_REASON)),)


def _procedures(b: Billing) -> Iterable[Draft]:
    codes = [str(p.code) for p in b.claim.procedures if p.code.system is CodeSystem.ICD10PCS]
    if not codes or kind_of_bill(b) != VISIT:
        return ()
    message = "The claim is for outpatient care, and has procedures of ICD-10-PCS."
    return (Draft(message, tuple(codes), location=b.at("HI*BBR")),)


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837I/bill-type-missing": _missing,
    "HIPAA:837I/bill-type": _unknown,
    "HIPAA:837I/frequency": _frequency,
    "MCPM:1.130.1/change-reason": _change_reason,
    "MCPM:1.130.1/change-of-nothing": _change_of_nothing,
    "HIPAA:162.1002/procedures-of-stays": _procedures,
}
