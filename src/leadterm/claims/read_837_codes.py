"""What HI says: diagnoses, procedures, condition, occurrence and value codes, the group claimed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from leadterm.domain import ClaimDiagnosis, ClaimProcedure, ClaimValue, CodeSystem, Occurrence, Poa, Role
from leadterm.x12 import Segment

from .read_837_values import Notes, amount, code, day_of, span_of

# Diagnoses by qualifier: role and system. The ninth revision is read so that old claims can be judged as what they are.
DIAGNOSES = {
    "ABK": (Role.PRINCIPAL, CodeSystem.ICD10CM),
    "ABF": (Role.SECONDARY, CodeSystem.ICD10CM),
    "ABJ": (Role.ADMITTING, CodeSystem.ICD10CM),
    "APR": (Role.REASON_FOR_VISIT, CodeSystem.ICD10CM),
    "ABN": (Role.EXTERNAL_CAUSE, CodeSystem.ICD10CM),
    "BK": (Role.PRINCIPAL, CodeSystem.ICD9CM),
    "BF": (Role.SECONDARY, CodeSystem.ICD9CM),
    "BJ": (Role.ADMITTING, CodeSystem.ICD9CM),
    "PR": (Role.REASON_FOR_VISIT, CodeSystem.ICD9CM),
    "BN": (Role.EXTERNAL_CAUSE, CodeSystem.ICD9CM),
}
PROCEDURES = {
    "BBR": CodeSystem.ICD10PCS,
    "BBQ": CodeSystem.ICD10PCS,
    "BR": CodeSystem.ICD9PROC,
    "BQ": CodeSystem.ICD9PROC,
}
# First letters of the chapters that tell how it happened; a code of these is an external cause wherever it stands.
CAUSES = {CodeSystem.ICD10CM: "VWXY", CodeSystem.ICD9CM: "E"}
INDICATORS = {"Y": Poa.YES, "N": Poa.NO, "U": Poa.UNKNOWN, "W": Poa.UNDETERMINED, "1": Poa.EXEMPT}
POA_PLACE = 9


@dataclass(slots=True)
class Codes:
    """What the HI segments of a claim hold, in their order.

    Attributes:
        first: What the first diagnosis is called on such a claim.
    """

    first: Role
    diagnoses: list[ClaimDiagnosis] = field(default_factory=list)
    procedures: list[ClaimProcedure] = field(default_factory=list)
    condition_codes: list[str] = field(default_factory=list)
    occurrences: list[Occurrence] = field(default_factory=list)
    values: list[ClaimValue] = field(default_factory=list)
    drg: str | None = None


Parts = tuple[str, ...]


def coded(notes: Notes, hi: Segment, into: Codes) -> None:
    """Adds the codes of one HI; a composite that cannot be read is told and left out."""
    for number in range(1, len(hi.elements) + 1):
        if not hi.elements[number - 1]:
            continue
        parts = hi.components(number)
        if parts[0] in DIAGNOSES:
            _diagnosis(notes, hi, number, parts, into)
        elif parts[0] in PROCEDURES:
            _procedure(notes, hi, number, parts, into)
        elif parts[0] in KINDS:
            KINDS[parts[0]](notes, hi, number, parts, into)


def _diagnosis(notes: Notes, hi: Segment, number: int, parts: Parts, into: Codes) -> None:
    role, system = DIAGNOSES[parts[0]]
    found = code(notes, hi, (number, 2), _part(parts, 2), system)
    if found is None:
        return
    if role is Role.PRINCIPAL:
        role = into.first
    elif role is Role.SECONDARY and found.value[0] in CAUSES[system]:
        role = Role.EXTERNAL_CAUSE
    told = parts[POA_PLACE - 1] if len(parts) >= POA_PLACE else ""
    if told and told not in INDICATORS:
        _wrong(notes, hi, number, POA_PLACE, f"none of {', '.join(INDICATORS)}")
    into.diagnoses.append(ClaimDiagnosis(found, role, INDICATORS.get(told)))


def _procedure(notes: Notes, hi: Segment, number: int, parts: Parts, into: Codes) -> None:
    found = code(notes, hi, (number, 2), _part(parts, 2), PROCEDURES[parts[0]])
    if found is None:
        return
    done = day_of(_part(parts, 4))
    if done is None:
        _wrong(notes, hi, number, 4, "no day of the calendar written CCYYMMDD")
    into.procedures.append(ClaimProcedure(found, done))


def _condition(notes: Notes, hi: Segment, number: int, parts: Parts, into: Codes) -> None:
    if _known(notes, hi, number, parts):
        into.condition_codes.append(parts[1])


def _occurrence(notes: Notes, hi: Segment, number: int, parts: Parts, into: Codes) -> None:
    day = day_of(_part(parts, 4))
    if day is None:
        _wrong(notes, hi, number, 4, "no day of the calendar written CCYYMMDD")
    elif _known(notes, hi, number, parts):
        into.occurrences.append(Occurrence(parts[1], day))


def _span(notes: Notes, hi: Segment, number: int, parts: Parts, into: Codes) -> None:
    days = span_of(_part(parts, 3), _part(parts, 4))
    if days is None:
        _wrong(notes, hi, number, 4, "not days in order, written CCYYMMDD-CCYYMMDD")
    elif _known(notes, hi, number, parts):
        into.occurrences.append(Occurrence(parts[1], days.start, days.end))


def _value(notes: Notes, hi: Segment, number: int, parts: Parts, into: Codes) -> None:
    told = amount(_part(parts, 5))
    if told is None:
        _wrong(notes, hi, number, 5, "no amount of at most two decimal places")
    elif _known(notes, hi, number, parts):
        into.values.append(ClaimValue(parts[1], told))


def _group(notes: Notes, hi: Segment, number: int, parts: Parts, into: Codes) -> None:
    if _known(notes, hi, number, parts):
        into.drg = parts[1]


KINDS: dict[str, Callable[[Notes, Segment, int, Parts, Codes], None]] = {
    "BG": _condition,
    "BH": _occurrence,
    "BI": _span,
    "BE": _value,
    "DR": _group,
}


def _known(notes: Notes, hi: Segment, number: int, parts: Parts) -> bool:
    """Whether there is a code; without one it is told."""
    if _part(parts, 2).strip():
        return True
    _wrong(notes, hi, number, 2, "blank")
    return False


def _part(parts: Parts, place: int) -> str:
    return parts[place - 1] if len(parts) >= place else ""


def _wrong(notes: Notes, hi: Segment, number: int, place: int, what: str) -> None:
    told = _part(hi.components(number), place)
    element = f"HI{number:02}-{place}"
    notes.tell("X12:837/element", f"{element} is {what if told else 'empty'}.", hi, element)
