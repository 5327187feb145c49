"""What stands beside a code: crosswalks, groups, edits, prices, each from the component that has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from leadterm.domain import Code, CodeSystem, Related

from .ccsr import DxCategories, PrCategories
from .chronic_conditions import ChronicConditions
from .coverage import Coverage
from .cpt import Cpt
from .crosswalks import Gem, Gem9To10, Gem9ToPcs, Gem10To9, GemPcsTo9
from .fees import RelativeValues
from .hcpcs import Hcpcs, Indicator
from .ncci import AddOn, MueDme, MueOutpatient, MuePractitioner
from .order import DiagnosisOrder, PoaExempt

if TYPE_CHECKING:
    from .book import CodeBook

CROSSWALK, GROUP, EDIT, DETAIL = "crosswalk", "group", "edit", "detail"
Rows = Iterator[Related]
Teller = Callable[["CodeBook", Code, date], Rows]
SEVERITY = {
    "MCC": "MCC: major complication or comorbidity",
    "CC": "CC: complication or comorbidity",
    None: "neither CC nor MCC",
}
# Marks of the dated lists, in words; a mark that is not here is shown as it is.
MARKS = {
    "ecodepdx": "external cause: never principal",
    "unacceptable": "unacceptable as principal diagnosis",
    "manifestation": "manifestation: never principal",
    "qadm": "questionable reason for admission",
    "reqsdx": "acceptable as principal with a secondary diagnosis",
    "unspecified": "unspecified side",
    "maternity": "maternity: 9 to 64 years",
    "newborn": "newborn: 0 years",
    "pediatric": "pediatric: 0 to 17 years",
    "adult": "adult: 15 to 124 years",
    "female": "female only",
    "male": "male only",
    "noncovered": "not covered",
    "lcov": "limited coverage",
    "wrngproc": "wrong procedure performed",
    "clintrial": "clinical trial",
    "vagdel": "vaginal delivery",
    "csect": "cesarean delivery",
    "delout": "outcome of delivery",
}
SETTINGS = {MuePractitioner: "practitioner", MueOutpatient: "outpatient hospital", MueDme: "equipment supplier"}
MAI = {1: "by claim line", 2: "by date of service (policy)", 3: "by date of service (clinical)"}


def related(book: CodeBook, code: Code, on: date) -> tuple[Related, ...]:
    """Everything that installed components say of a code on a day, in the order in which a coder asks."""
    return tuple(row for teller in TELLERS.get(code.system, ()) for row in teller(book, code, on))


def _severity(book: CodeBook, code: Code, on: date) -> Rows:
    if book.is_billable(code.value):
        level = book.severity(code)
        component = "msdrg:mcc" if level == "MCC" else "msdrg:cc"
        yield Related(GROUP, component, "As a secondary diagnosis", SEVERITY[level])


def _marks(book: CodeBook, code: Code, on: date) -> Rows:
    if marks := sorted(book.attributes(code, on)):
        text = ", ".join(MARKS.get(mark, mark) for mark in marks)
        yield Related(EDIT, f"{code.system}:validity", "Medicare Code Editor", text)


def _ccsr(book: CodeBook, code: Code, on: date) -> Rows:
    found = book.find(DxCategories, on)
    if found is None:
        return
    answer = found.of(code)
    for category in answer.categories:
        default = [w for w, c in (("inpatient", answer.inpatient), ("outpatient", answer.outpatient)) if c == category]
        marked = f" (default, {' and '.join(default)})" if default else ""
        yield Related(GROUP, found.COMPONENT, "CCSR", f"{category.name}{marked}", category.category, "ccsr")


def _ccsr_procedure(book: CodeBook, code: Code, on: date) -> Rows:
    found = book.find(PrCategories, on)
    if found and (category := found.of(code)):
        yield Related(GROUP, found.COMPONENT, "CCSR", category.name, category.category, "ccsr")


def _chronic(book: CodeBook, code: Code, on: date) -> Rows:
    found = book.find(ChronicConditions, on)
    for condition in found.of(code.bare, "ICD-10-CM") if found else ():
        yield Related(GROUP, ChronicConditions.COMPONENT, "Chronic condition", condition.name)


def _poa(book: CodeBook, code: Code, on: date) -> Rows:
    found = book.find(PoaExempt, on)
    if found and found.is_exempt(code):
        yield Related(EDIT, found.COMPONENT, "Present on admission", "exempt from reporting")


def _titles(book: CodeBook, code: Code, on: date) -> Rows:
    found = book.find(DiagnosisOrder, on)
    entry = found.entry(code) if found else None
    if entry and entry.short != entry.long:
        yield Related(DETAIL, DiagnosisOrder.COMPONENT, "Short title", entry.short)


def _gem(face: type[Gem], target: CodeSystem) -> Teller:
    def tell(book: CodeBook, code: Code, on: date) -> Rows:
        found = book.find(face, on)
        for row in found.rows(code.value) if found else ():
            if row.target is None:
                yield Related(CROSSWALK, face.COMPONENT, f"To {target}", "no equivalent")
                continue
            how = "approximate" if row.approximate else "same meaning"
            together = f", scenario {row.scenario} choice {row.choice}" if row.combination else ""
            yield Related(CROSSWALK, face.COMPONENT, f"To {target}", f"{how}{together}", row.target, target)

    return tell


def _mue(book: CodeBook, code: Code, on: date) -> Rows:
    for face, setting in SETTINGS.items():
        found = book.find(face, on)
        if found and (edit := found.edit(code.value)):
            counted = f" {MAI[edit.mai]}" if edit.mai else f" by {edit.basis}" if edit.basis else ""
            yield Related(EDIT, face.COMPONENT, "Medically unlikely edit", f"{setting}: at most {edit.value}{counted}")


def _add_on(book: CodeBook, code: Code, on: date) -> Rows:
    found = book.find(AddOn, on)
    edits = found.edits(code.value, on) if found else ()
    if edits:
        named = ", ".join(sorted({e.primary for e in edits})[:12])
        text = f"only beside a primary procedure (type {edits[0].type}): {named}"
        yield Related(EDIT, AddOn.COMPONENT, "Add-on code", text)


def _coverage(book: CodeBook, code: Code, on: date) -> Rows:
    found = book.find(Coverage, on)
    if found and (covered := found.covered(code.value, on)):
        text = f"{len(covered.covered):,} supporting diagnoses, in {', '.join(covered.documents)}"
        yield Related(EDIT, Coverage.COMPONENT, "Local coverage", text)


def _fees(book: CodeBook, code: Code, on: date) -> Rows:
    found = book.find(RelativeValues, on)
    for row in found.values(code.value) if found else ():
        modifier = f" with {row.modifier}" if row.modifier else ""
        office, facility = row.work + row.pe_nonfacility + row.mp, row.work + row.pe_facility + row.mp
        total = f"{office} RVU in the office, {facility} in a facility"
        text = f"status {row.status}, global days {row.global_days or 'none'}, {total}"
        yield Related(DETAIL, RelativeValues.COMPONENT, f"Fee schedule{modifier}", text)


def _hcpcs(book: CodeBook, code: Code, on: date) -> Rows:
    found = book.find(Hcpcs, on)
    entry = found.code(code.value, on) if found else None
    if entry is None:
        return
    if entry.short and entry.short != entry.long:
        yield Related(DETAIL, Hcpcs.COMPONENT, "Short description", entry.short)
    told = {"Coverage": (entry.coverage,), "Pricing": entry.pricing, "Type of service": entry.services}
    for label, indicators in told.items():
        yield from _indicators(label, indicators)
    for other in dict.fromkeys((*entry.replaced, *entry.crosswalk)):
        text = "stands in its place" if other in entry.replaced else "referred to"
        yield Related(CROSSWALK, Hcpcs.COMPONENT, "HCPCS reference", text, other, CodeSystem.HCPCS)


def _indicators(label: str, indicators: Iterable[Indicator | None]) -> Rows:
    for one in indicators:
        if one and one.value:
            yield Related(DETAIL, Hcpcs.COMPONENT, label, f"{one.value}: {one.meaning}" if one.meaning else one.value)


def _cpt(book: CodeBook, code: Code, on: date) -> Rows:
    found = book.find(Cpt, on)
    entry = found.code(code.value) if found else None
    if entry and entry.short and entry.short != entry.description:
        yield Related(DETAIL, Cpt.COMPONENT, "Short descriptor", entry.short)


BILLED: tuple[Teller, ...] = (_mue, _add_on, _coverage, _fees)
TELLERS: dict[CodeSystem, tuple[Teller, ...]] = {
    CodeSystem.ICD10CM: (_titles, _severity, _marks, _poa, _ccsr, _chronic, _gem(Gem10To9, CodeSystem.ICD9CM)),
    CodeSystem.ICD10PCS: (_marks, _ccsr_procedure, _gem(GemPcsTo9, CodeSystem.ICD9PROC)),
    CodeSystem.HCPCS: (_hcpcs, *BILLED),
    CodeSystem.CPT: (_cpt, *BILLED),
    CodeSystem.ICD9CM: (_gem(Gem9To10, CodeSystem.ICD10CM),),
    CodeSystem.ICD9PROC: (_gem(Gem9ToPcs, CodeSystem.ICD10PCS),),
}
