"""Accidents: what a claim must tell of one, and diagnoses and payers that speak of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from leadterm.domain import InputError, parse_date
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft

from .addresses import states

KINDS = frozenset({"auto", "employment", "other"})
DATED, LOCATED = frozenset({"auto", "other"}), frozenset({"auto"})
AT_WORK = "employment"
FOR_INCOME = "Y99.0"
CAUSES, HAPPENED = "CLM", "DTP*439"
# Payers who pay for one kind of accident alone.
PAYERS = {"workers-compensation": "employment", "auto": "auto"}


def _kinds(b: Billing) -> frozenset[str]:
    accident = b.claim.accident or {}
    return frozenset({str(accident.get("type")), *map(str, accident.get("also") or ())})


def _unknown(b: Billing) -> Iterable[Draft]:
    if not b.claim.accident or _kinds(b) <= KINDS:
        return ()
    return (Draft("The kind of accident is none of auto, employment and other.", location=b.at(CAUSES)),)


def _day(b: Billing) -> date | None:
    given = (b.claim.accident or {}).get("date")
    if isinstance(given, date):
        return given
    try:
        return parse_date(str(given)) if given else None
    except InputError:
        return None


def _undated(b: Billing) -> Iterable[Draft]:
    if not b.claim.accident or _day(b) is not None or not _kinds(b) & DATED:
        return ()
    return (Draft("The claim is for an accident, and its day is missing.", location=b.at(HAPPENED)),)


def _state(b: Billing) -> Iterable[Draft]:
    if not b.claim.accident or not _kinds(b) & LOCATED:
        return ()
    state = str(b.claim.accident.get("state") or "").upper()
    if state in states() or b.claim.accident.get("country"):
        return ()
    return (Draft("The claim is for an auto accident, and its state is missing or none.", location=b.at(CAUSES)),)


def _later(b: Billing) -> Iterable[Draft]:
    happened = _day(b) if b.claim.accident else None
    if happened is None or not b.claim.lines or happened <= max(line.end for line in b.claim.lines):
        return ()
    return (Draft(f"The accident, {happened}, is after the last service.", location=b.at(HAPPENED)),)


def _payer_of_accidents(b: Billing) -> Iterator[Draft]:
    kind = PAYERS.get(b.claim.payers[0].type or "") if b.claim.payers and b.professional else None
    if kind is not None and kind not in _kinds(b):
        yield Draft(f"The payer pays for accidents ({kind}), and the claim tells of none.", location=b.at(CAUSES))


def _at_work(b: Billing) -> Iterable[Draft]:
    if FOR_INCOME not in b.causes.values() or AT_WORK in _kinds(b):
        return ()
    message = f"{FOR_INCOME} says that the patient was at work, and the claim does not."
    return (Draft(message, (FOR_INCOME,), location=b.at(CAUSES)),)


def _injury(b: Billing) -> Iterable[Draft]:
    """An injury under active treatment that leads the claim, of which nothing tells how it came."""
    first = b.claim.diagnoses[0].code.value if b.claim.diagnoses else ""
    if not first.startswith("S") or not first.endswith("A") or b.claim.accident or b.causes:
        return ()
    message = f"{first} is an injury, and the claim tells neither an accident nor how it happened."
    return (Draft(message, (first,), location=b.at(CAUSES)),)


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837P/accident-kind": _unknown,
    "HIPAA:837P/accident-day": _undated,
    "HIPAA:837P/accident-state": _state,
    "HIPAA:837P/accident-later": _later,
    "LEADTERM:accident/payer": _payer_of_accidents,
    "LEADTERM:accident/at-work": _at_work,
    "LEADTERM:accident/injury": _injury,
}
