"""Whether each code is one: known, complete, in force on the controlling date, once, and in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from leadterm.codesets.lists.cpt import Cpt
from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.codesets.payment.fees import RelativeValues
from leadterm.domain import Assignment, ClaimType, Code, CodeSystem, DateRange, Role
from leadterm.edits._coding import FIRST_ROLES, Coding, Diagnosis, in_force, named
from leadterm.edits._findings import Check, Draft

MOST_CHILDREN = 8
# HI of an 837P takes twelve diagnosis codes.
MOST_ON_CLAIM = 12
PROCEDURE_SYSTEMS = frozenset({CodeSystem.CPT, CodeSystem.HCPCS})


def _unknown(coding: Coding) -> Iterator[Draft]:
    for d in coding.diagnoses:
        if d.entry.node is None and coding.book.effective(d.assignment.code) is None:
            yield _about(d, f"{d.code} is no code of ICD-10-CM.")


def _not_billable(coding: Coding) -> Iterator[Draft]:
    for d in coding.diagnoses:
        if _incomplete(coding, d):
            yield _about(d, f"{named(d)} is not complete: the list divides it further.", fix=_more_characters(d))


def _more_characters(diagnosis: Diagnosis) -> str:
    """What to write instead of a code that is not complete: its children by code."""
    return _use_one(diagnosis.entry.node.children if diagnosis.entry.node else ())


def _not_in_force(coding: Coding) -> Iterator[Draft]:
    if coding.on is None:
        return
    for d in coding.diagnoses:
        if not coding.holds(d) and not d.entry.incomplete:
            period = coding.book.effective(d.assignment.code)
            if d.entry.node is not None or period is not None:
                message = f"{d.code} is not in force on {coding.on}{_days(period, coding.on)}."
                yield _about(d, message, fix=_replaced(coding, d.assignment.code, coding.on))


def _replaced(coding: Coding, code: Code, on: date) -> str | None:
    """What to write instead of a code of another time, where an installed release tells."""
    found = coding.book.replacements(code, on)
    return _use_one(found) if found else None


def _use_one(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - MOST_CHILDREN} more" if len(codes) > MOST_CHILDREN else ""
    several = "one of " if len(codes) > 1 else ""
    return f"Use {several}{', '.join(codes[:MOST_CHILDREN])}{more}, as the documentation supports."


def _incomplete(coding: Coding, diagnosis: Diagnosis) -> bool:
    """Whether the list divides the code further, unless the code was whole on a day before that list."""
    return diagnosis.entry.incomplete and not coding.holds(diagnosis)


def _days(period: DateRange | None, on: date) -> str:
    """Where the day lies against the code's own days, as the end of a sentence."""
    if period is None:
        return ""
    if on < period.start:
        return f": its first day is {period.start}"
    return f": its last day was {period.end}" if period.end and on > period.end else ""


def _procedure_not_in_force(coding: Coding) -> Iterator[Draft]:
    for a in coding.procedures:
        if coding.on is None or a.code.system is not CodeSystem.ICD10PCS:
            continue
        if not in_force(coding.book, a.code, coding.on):
            period = coding.book.effective(a.code)
            why = _days(period, coding.on) if period else ": the dated list does not have it"
            message = f"{a.code} is no ICD-10-PCS code in force on {coding.on}{why}."
            yield Draft(message, (str(a.code),), (a.id,), _replaced(coding, a.code, coding.on))


def _wrong_system(coding: Coding) -> Iterator[Draft]:
    for a in coding.reported:
        if a.code.system is not CodeSystem.ICD10CM:
            yield Draft(f"{a.code} is a code of {a.code.system}, not of ICD-10-CM.", (str(a.code),), (a.id,))


def _duplicate(coding: Coding) -> Iterator[Draft]:
    if len({d.code for d in coding.diagnoses}) == len(coding.reported):
        return
    by_code: dict[Code, list[Assignment]] = {}
    for a in coding.reported:
        by_code.setdefault(a.code, []).append(a)
    for code, several in by_code.items():
        if len(several) > 1:
            ids = tuple(sorted(a.id for a in several))
            yield Draft(f"{code} stands {len(several)} times on one encounter.", (str(code),), ids)


def _sequence(coding: Coding) -> Iterator[Draft]:
    diagnoses = coding.reported
    leading = [a for a in diagnoses if a.role in FIRST_ROLES]
    if diagnoses and len(leading) != 1:
        yield _several(f"{len(leading)} diagnoses are marked principal or first-listed instead of one.", leading)
    elif leading and leading[0].sequence != min(a.sequence for a in diagnoses):
        yield _several(f"{leading[0].code} is {leading[0].role} but does not come first in sequence.", leading)
    places: dict[int, list[Assignment]] = {}
    for a in diagnoses:
        places.setdefault(a.sequence, []).append(a)
    for place, several in places.items():
        if len(several) > 1:
            yield _several(f"{len(several)} diagnoses share place {place} of the sequence.", several)


def _first_role(coding: Coding) -> Iterator[Draft]:
    expected = Role.PRINCIPAL if coding.encounter.uses_section_two else Role.FIRST_LISTED
    for a in coding.reported:
        if a.role in FIRST_ROLES and a.role is not expected:
            yield Draft(f"{a.code} is {a.role} where this setting has a {expected} diagnosis.", (str(a.code),), (a.id,))


def _left_off(coding: Coding) -> Iterator[Draft]:
    """Diagnoses that a professional claim has no place for."""
    if coding.encounter.claim_type is not ClaimType.PROFESSIONAL:
        return
    beyond = sorted(coding.reported, key=lambda a: a.sequence)[MOST_ON_CLAIM:]
    if beyond:
        yield _several(
            f"{len(beyond)} diagnoses stand behind the {MOST_ON_CLAIM} that a professional claim holds.", beyond
        )


def _no_procedure_codes(coding: Coding) -> Iterator[Draft]:
    """One remark for all charges of a code set of which no release is installed that could be asked."""
    unread = [a for a in _charges(coding) if a.description is None and not _sources(coding, a)]
    if unread:
        codes = sorted({str(a.code) for a in unread})
        systems = " and ".join(sorted({a.code.system.upper() for a in unread}))
        message = f"No {systems} file is installed, so that procedure codes were checked by their shape only."
        yield Draft(message, tuple(codes), tuple(sorted(a.id for a in unread)))


def _unknown_service(coding: Coding) -> Iterator[Draft]:
    """Charges that no installed release of their code set, nor the fee schedule, knows."""
    for a in _charges(coding):
        sources = _sources(coding, a)
        if sources and not any(known for _, known in sources):
            named = " nor in ".join(name for name, _ in sources)
            yield Draft(f"{a.code} is not in {named}.", (str(a.code),), (a.id,))


def _service_ended(coding: Coding) -> Iterator[Draft]:
    """Charges of HCPCS Level II that the installed release calls ended on the day."""
    for a in _charges(coding):
        hcpcs = coding.book.find(Hcpcs, coding.on) if a.code.system is CodeSystem.HCPCS and coding.on else None
        entry = hcpcs.code(a.code.value, coding.on) if hcpcs else None
        if entry is not None and entry.ended:
            message = f"{a.code} is not in force on {coding.on}: its last day was {entry.terminated}."
            yield Draft(message, (str(a.code),), (a.id,), _use_one(entry.replaced) if entry.replaced else None)


def _charges(coding: Coding) -> list[Assignment]:
    return [a for a in coding.coded.charges if a.code.system in PROCEDURE_SYSTEMS]


def _sources(coding: Coding, a: Assignment) -> list[tuple[str, bool]]:
    """The installed releases that list codes of the charge's system, and whether each knows the code.

    The fee schedule has every code that Medicare prices or says that it does not.
    """
    code, found = a.code.value, list[tuple[str, bool]]()
    if a.code.system is CodeSystem.CPT and (cpt := coding.book.find(Cpt, coding.on)):
        found.append(("the licensed CPT file", cpt.code(code) is not None))
    if a.code.system is CodeSystem.HCPCS and (hcpcs := coding.book.find(Hcpcs, coding.on)):
        found.append(("the HCPCS file", hcpcs.code(code, coding.on) is not None))
    if fees := coding.book.find(RelativeValues, coding.on):
        found.append(("the physician fee schedule", bool(fees.values(code))))
    return found


def _waiting(coding: Coding) -> Iterator[Draft]:
    """One remark for all lines that were read in the chart and that nobody has priced or decided on."""
    waiting = coding.coded.waiting
    if waiting:
        codes = tuple(dict.fromkeys(str(a.code) for a in waiting))
        message = f"Read in the chart, but on no claim before they have a price or a decision: {', '.join(codes)}."
        yield Draft(message, codes, tuple(a.id for a in waiting))


def _about(diagnosis: Diagnosis, message: str, fix: str | None = None) -> Draft:
    return Draft(message, (diagnosis.code,), (diagnosis.assignment.id,), fix)


def _several(message: str, assignments: Iterable[Assignment]) -> Draft:
    ordered = sorted(assignments, key=lambda a: str(a.code))
    return Draft(message, tuple(str(a.code) for a in ordered), tuple(a.id for a in ordered))


CHECKS: Mapping[str, Check[Coding]] = {
    "ICD10CM:tabular/unknown-code": _unknown,
    "ICD10CM:I.B.2/not-billable": _not_billable,
    "ICD10CM:release/not-in-force": _not_in_force,
    "ICD10PCS:release/not-in-force": _procedure_not_in_force,
    "HIPAA:162.1002/diagnosis-code-set": _wrong_system,
    "ICD10CM:I.B.12/duplicate": _duplicate,
    "HIPAA:837P/diagnoses-left-off": _left_off,
    "LEADTERM:sequence/one-first": _sequence,
    "LEADTERM:sequence/first-role": _first_role,
    "LEADTERM:procedures/code-set-missing": _no_procedure_codes,
    "LEADTERM:procedures/unknown-code": _unknown_service,
    "LEADTERM:procedures/not-in-force": _service_ended,
    "LEADTERM:lines/waiting": _waiting,
}
