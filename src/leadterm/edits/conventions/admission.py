"""Present on admission (Appendix I): asked of hospital stays alone, and what it cannot be.

Whether a code is exempt says the official list, where it is installed. Some hospitals report no indicators at all, so
that a bill without any is pointed out and no more; who reports them for one diagnosis owes them for the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from leadterm.codesets.lists.order import PoaExempt
from leadterm.codesets.relations.references import names_one
from leadterm.domain import Assignment, CodeSystem, Poa
from leadterm.edits._coding import Coding, Diagnosis, Entry, named
from leadterm.edits._findings import Check, Draft
from leadterm.edits._ranges import codes_of
from leadterm.edits._tables import read_table

from ._bits import ENTRIES_KEPT

CONGENITAL, OBSTETRIC = "Q", "O"
# Facility and classification in a type of bill.
HOSPITAL_INPATIENT = "11"


def _not_asked(coding: Coding) -> Iterator[Draft]:
    if not coding.stay:
        for a in coding.once(_given):
            message = f"{a.code} is marked {a.poa} for present on admission, and this is no hospital stay."
            yield Draft(message, (str(a.code),), (a.id,))


def _given(coding: Coding) -> tuple[Assignment, ...]:
    """The ICD-10-CM diagnoses that bear an indicator."""
    return tuple(a for a in coding.reported if a.poa is not None and a.code.system is CodeSystem.ICD10CM)


def _none(coding: Coding) -> Iterator[Draft]:
    bill = (coding.encounter.type_of_bill or "").removeprefix("0")
    if not coding.stay or not bill.startswith(HOSPITAL_INPATIENT) or coding.once(_given):
        return
    if any(not _may_lack(coding, d) for d in coding.diagnoses):
        yield Draft("No diagnosis of this hospital bill bears an indicator of presence on admission.")


def _missing(coding: Coding) -> Iterator[Draft]:
    if not coding.stay or not coding.once(_given):
        return
    for d in coding.diagnoses:
        if d.assignment.poa is None and not _may_lack(coding, d):
            yield _about(d, f"{named(d)} bears no indicator, and others of this stay do.")


def _may_lack(coding: Coding, d: Diagnosis) -> bool:
    """Whether the code is exempt; without the official list, whether it may be."""
    exempt = coding.book.find(PoaExempt, coding.on)
    return exempt.is_exempt(d.code) if exempt else _row(d.entry) == "perhaps exempt"


@lru_cache(maxsize=ENTRIES_KEPT)
def _row(entry: Entry) -> str | None:
    """What `poa.tsv` says of a code: `always` present, or `perhaps exempt`."""
    rows = read_table("conventions/poa.tsv", ("codes", "is"))
    return next((is_ for codes, is_ in rows if names_one(codes_of(codes), entry.bare)), None)


def _exempt(coding: Coding) -> Iterator[Draft]:
    for d in _marked(coding, Poa.EXEMPT):
        exempt = coding.book.find(PoaExempt, coding.on)
        if (exempt and not exempt.is_exempt(d.code)) or _row(d.entry) == "always":
            yield _about(d, f"{named(d)} is marked exempt, and is not on the list of exempt codes.")


def _marked(coding: Coding, *marks: Poa) -> tuple[Diagnosis, ...]:
    if not coding.stay or not coding.once(_given):
        return ()
    return tuple(d for d in coding.diagnoses if d.assignment.poa in marks)


def _congenital(coding: Coding) -> Iterator[Draft]:
    for d in _marked(coding, Poa.NO, Poa.UNKNOWN, Poa.UNDETERMINED):
        if d.code[0] == CONGENITAL:
            yield _about(d, f"{named(d)} was there at birth, and is marked {d.assignment.poa}.")


def _lasting(coding: Coding) -> Iterator[Draft]:
    for d in _marked(coding, Poa.NO):
        if _row(d.entry) == "always":
            yield _about(d, f"{named(d)} lasts for years, and is marked as not present on admission.")


def _principal(coding: Coding) -> Iterator[Draft]:
    for d in _marked(coding, Poa.NO):
        if d is coding.first and d.code[0] not in (CONGENITAL, OBSTETRIC) and _row(d.entry) != "always":
            yield _about(d, f"{named(d)} is the reason for the admission, and is marked as not present on it.")


def _about(d: Diagnosis, message: str) -> Draft:
    return Draft(message, (d.code,), (d.assignment.id,))


CHECKS: Mapping[str, Check[Coding]] = {
    "ICD10CM:Appendix.I/not-asked": _not_asked,
    "ICD10CM:Appendix.I/none": _none,
    "ICD10CM:Appendix.I/missing": _missing,
    "ICD10CM:Appendix.I/not-exempt": _exempt,
    "ICD10CM:Appendix.I/congenital": _congenital,
    "ICD10CM:Appendix.I/lasting": _lasting,
    "ICD10CM:Appendix.I/principal": _principal,
}
