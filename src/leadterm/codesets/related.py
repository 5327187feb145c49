"""What stands beside a code: crosswalks, groups, edits, prices, each from the component that has it.

A component's class is imported when the component is installed and asked, so that a lookup without it costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from leadterm.domain import Code, CodeSystem, Related

if TYPE_CHECKING:
    from .book import CodeBook
    from .lists.hcpcs import Indicator

HCPCS = "hcpcs:codes"
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
MAI = {1: "by claim line", 2: "by date of service (policy)", 3: "by date of service (clinical)"}


def related(book: CodeBook, code: Code, on: date) -> tuple[Related, ...]:
    """Everything that installed components say of a code on a day, in the order in which a coder asks."""
    asked = (s for s in SOURCES.get(code.system, ()) if any(book.release_for(name, on) for name in s.components))
    return tuple(row for source in asked for row in source.tell(book, code, on))


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
    from .payment.ccsr import DxCategories

    found = book.find(DxCategories, on)
    if found is None:
        return
    answer = found.of(code)
    for category in answer.categories:
        default = [w for w, c in (("inpatient", answer.inpatient), ("outpatient", answer.outpatient)) if c == category]
        marked = f" (default, {' and '.join(default)})" if default else ""
        yield Related(GROUP, found.COMPONENT, "CCSR", f"{category.name}{marked}", category.category, "ccsr")


def _ccsr_procedure(book: CodeBook, code: Code, on: date) -> Rows:
    from .payment.ccsr import PrCategories

    found = book.find(PrCategories, on)
    if found and (category := found.of(code)):
        yield Related(GROUP, found.COMPONENT, "CCSR", category.name, category.category, "ccsr")


def _chronic(book: CodeBook, code: Code, on: date) -> Rows:
    from .lists.chronic_conditions import ChronicConditions

    found = book.find(ChronicConditions, on)
    for condition in found.of(code.bare, "ICD-10-CM") if found else ():
        yield Related(GROUP, ChronicConditions.COMPONENT, "Chronic condition", condition.name)


def _poa(book: CodeBook, code: Code, on: date) -> Rows:
    from .lists.order import PoaExempt

    found = book.find(PoaExempt, on)
    if found and found.is_exempt(code):
        yield Related(EDIT, found.COMPONENT, "Present on admission", "exempt from reporting")


def _titles(book: CodeBook, code: Code, on: date) -> Rows:
    from .lists.order import DiagnosisOrder

    found = book.find(DiagnosisOrder, on)
    entry = found.entry(code) if found else None
    if entry and entry.short != entry.long:
        yield Related(DETAIL, DiagnosisOrder.COMPONENT, "Short title", entry.short)


def _gem(target: CodeSystem) -> Teller:
    def tell(book: CodeBook, code: Code, on: date) -> Rows:
        from .crosswalks.gems import GEMS

        face = GEMS[code.system, target]
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
    from .payment.ncci import MueDme, MueOutpatient, MuePractitioner

    settings = {MuePractitioner: "practitioner", MueOutpatient: "outpatient hospital", MueDme: "equipment supplier"}
    for face, setting in settings.items():
        found = book.find(face, on)
        if found and (edit := found.edit(code.value)):
            counted = f" {MAI[edit.mai]}" if edit.mai else f" by {edit.basis}" if edit.basis else ""
            yield Related(EDIT, face.COMPONENT, "Medically unlikely edit", f"{setting}: at most {edit.value}{counted}")


def _add_on(book: CodeBook, code: Code, on: date) -> Rows:
    from .payment.ncci import AddOn

    found = book.find(AddOn, on)
    edits = found.edits(code.value, on) if found else ()
    if edits:
        named = ", ".join(sorted({e.primary for e in edits})[:12])
        text = f"only beside a primary procedure (type {edits[0].type}): {named}"
        yield Related(EDIT, AddOn.COMPONENT, "Add-on code", text)


def _coverage(book: CodeBook, code: Code, on: date) -> Rows:
    from .payment.coverage import ArticleCoverage, Coverage, NationalCoverage

    for face in (NationalCoverage, ArticleCoverage, Coverage):
        found = book.find(face, on)
        if found and (covered := found.covered(code.value, on)):
            text = f"{len(covered.covered):,} supporting diagnoses, in {', '.join(covered.documents)}"
            what = "National coverage" if face is NationalCoverage else "Local coverage"
            yield Related(EDIT, face.COMPONENT, what, text)


def _fees(book: CodeBook, code: Code, on: date) -> Rows:
    from .payment.fees import RelativeValues

    found = book.find(RelativeValues, on)
    for row in found.values(code.value) if found else ():
        modifier = f" with {row.modifier}" if row.modifier else ""
        office, facility = row.work + row.pe_nonfacility + row.mp, row.work + row.pe_facility + row.mp
        total = f"{office} RVU in the office, {facility} in a facility"
        text = f"status {row.status}, global days {row.global_days or 'none'}, {total}"
        yield Related(DETAIL, RelativeValues.COMPONENT, f"Fee schedule{modifier}", text)


def _outpatient(book: CodeBook, code: Code, on: date) -> Rows:
    from .payment.opps import AddendumB, status_indicators

    found = book.find(AddendumB, on)
    row = found.row(code.value) if found else None
    if row:
        meaning = status_indicators().get(row.indicator)
        said = f"status {row.indicator}{f' ({meaning.meaning})' if meaning else ''}"
        apc = f", APC {row.apc}" if row.apc else ""
        rate = f", national rate ${row.rate:,}" if row.rate is not None else ""
        yield Related(DETAIL, AddendumB.COMPONENT, "Outpatient hospital", f"{said}{apc}{rate}")


def _hcpcs(book: CodeBook, code: Code, on: date) -> Rows:
    from .lists.hcpcs import Hcpcs

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
            yield Related(DETAIL, HCPCS, label, f"{one.value}: {one.meaning}" if one.meaning else one.value)


def _cpt(book: CodeBook, code: Code, on: date) -> Rows:
    from .lists.cpt import Cpt

    found = book.find(Cpt, on)
    entry = found.code(code.value) if found else None
    if entry and entry.short and entry.short != entry.description:
        yield Related(DETAIL, Cpt.COMPONENT, "Short descriptor", entry.short)


@dataclass(frozen=True, slots=True)
class _Source:
    """Who is asked, and whose releases answer: nobody is asked where none of them is installed."""

    components: tuple[str, ...]
    tell: Teller


MUES = ("ncci:mue-practitioner", "ncci:mue-outpatient", "ncci:mue-dme")
COVERAGE = ("coverage:ncd", "coverage:articles", "coverage:lcd")
BILLED = (
    _Source(MUES, _mue),
    _Source(("ncci:add-on",), _add_on),
    _Source(COVERAGE, _coverage),
    _Source(("pfs:rvu",), _fees),
    _Source(("opps:addendum-b",), _outpatient),
)
SOURCES: dict[CodeSystem, tuple[_Source, ...]] = {
    CodeSystem.ICD10CM: (
        _Source(("icd10cm:order",), _titles),
        _Source(("msdrg:cc", "msdrg:mcc"), _severity),
        _Source(("icd10cm:validity",), _marks),
        _Source(("icd10cm:poa-exempt",), _poa),
        _Source(("ccsr:dx",), _ccsr),
        _Source(("reference:chronic-conditions",), _chronic),
        _Source(("gems:icd10cm-icd9cm",), _gem(CodeSystem.ICD9CM)),
    ),
    CodeSystem.ICD10PCS: (
        _Source(("icd10pcs:validity",), _marks),
        _Source(("ccsr:pr",), _ccsr_procedure),
        _Source(("gems:icd10pcs-icd9proc",), _gem(CodeSystem.ICD9PROC)),
    ),
    CodeSystem.HCPCS: (_Source((HCPCS,), _hcpcs), *BILLED),
    CodeSystem.CPT: (_Source(("cpt:codes",), _cpt), *BILLED),
    CodeSystem.ICD9CM: (_Source(("gems:icd9cm-icd10cm",), _gem(CodeSystem.ICD10CM)),),
    CodeSystem.ICD9PROC: (_Source(("gems:icd9proc-icd10pcs",), _gem(CodeSystem.ICD10PCS)),),
}
