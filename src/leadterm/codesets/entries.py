"""Puts together what the code book knows of one code into the answer of `lookup`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from leadterm.domain import Code, CodeEntry, CodeSystem, DateRange, Finding, Release, Severity

from .releases import remark
from .tree import chapter_title, parent_codes
from .validity import Validity

if TYPE_CHECKING:
    from .book import CodeBook

Teller = Callable[["CodeBook", Code, date | None], CodeEntry | None]
# ICD-9-CM was in force to the day before ICD-10-CM (45 CFR 162.1002).
ICD9_END = date(2015, 9, 30)
ICD9 = DateRange(date(1979, 1, 1), ICD9_END)
NOT_LISTED = "CODESETS:cpt/not-listed"
WORDS_BY = {CodeSystem.ICD10CM: "icd10cm", CodeSystem.ICD10PCS: "icd10pcs:order"}
NO_TITLE = "CODESETS:titles/missing"
NO_LICENCE = "CODESETS:cpt/licence"


def describe(book: CodeBook, code: Code, on: date | None) -> CodeEntry | None:
    """What `code` is on a day (None: the newest release); None when no installed release knows it."""
    teller = TELLERS.get(code.system)
    return teller(book, code, on) if teller else None


def newest_day(book: CodeBook) -> date:
    """The day that stands for "now" when none is given: the first of the newest Tabular List."""
    release = book.release_for("icd10cm:tabular", None)
    return release.period.start if release else date.min


def _diagnosis(book: CodeBook, code: Code, on: date | None) -> CodeEntry | None:
    tree = book.tree_for(on)
    node = tree.node(code.value)
    release = book.release_for("icd10cm:tabular", on)
    findings = _remarks(release, on)
    if node is None:
        return _untitled(book, code, on, findings)
    above = tree.ancestors(node.code)
    day = on or (release.period.start if release else date.min)
    return CodeEntry(
        code,
        node.title,
        node.billable,
        node.billable and book.valid_on(code, day),
        _period(book.validity(code), day),
        chapter_title(above),
        parent_codes(above),
        node.children,
        tree.notes(node.code),
        findings,
    )


def _procedure(book: CodeBook, code: Code, on: date | None) -> CodeEntry | None:
    title = book.title_of(code.value, on)
    findings = _remarks(book.release_for("icd10pcs:validity", on), on)
    if title is None:
        return _untitled(book, code, on, findings)
    day = on or newest_day(book)
    return CodeEntry(code, title, True, book.valid_on(code, day), _period(book.validity(code), day), findings=findings)


def _untitled(book: CodeBook, code: Code, on: date | None, findings: tuple[Finding, ...]) -> CodeEntry | None:
    """A code that the dated list has and the installed titles have not: newer than they are, or ended before them."""
    validity = book.validity(code)
    if not validity.periods:
        return None
    day = on or newest_day(book)
    message = f"The code {code} is in the dated list of valid codes, but the installed release has no title for it."
    fix = f"Run `leadterm codes update {WORDS_BY[code.system]}`, or install the official files of that year."
    finding = Finding(f"f{len(findings) + 1}", NO_TITLE, Severity.INFO, message, fix, (code.value,))
    return CodeEntry(code, None, True, book.valid_on(code, day), _period(validity, day), findings=(*findings, finding))


def _cpt(book: CodeBook, code: Code, on: date | None) -> CodeEntry:
    from .lists.cpt import Cpt  # only who asks about the system pays for importing its list; likewise below

    found = book.find(Cpt, on)
    if found is None:
        message = f"No licensed CPT file is installed, so {code} is known by its shape alone."
        fix = "Install your licensed file of the AMA: leadterm codes install PATH."
        return CodeEntry(code, None, True, True, findings=(Finding("f1", NO_LICENCE, Severity.INFO, message, fix),))
    remarks = _remarks(book.release_for(Cpt.COMPONENT, on), on)
    entry = found.code(code.value)
    if entry:
        return CodeEntry(code, entry.description, True, True, findings=remarks)
    message = f"The installed CPT file does not have {code}."
    fix = "Check the code, or install the file of its year."
    unknown = Finding(f"f{len(remarks) + 1}", NOT_LISTED, Severity.WARNING, message, fix, (code.value,))
    return CodeEntry(code, None, True, False, findings=(*remarks, unknown))


def _hcpcs(book: CodeBook, code: Code, on: date | None) -> CodeEntry | None:
    from .lists.hcpcs import Hcpcs

    found = book.find(Hcpcs, on)
    release = book.release_for(Hcpcs.COMPONENT, on)
    if found is None or release is None:
        return None
    day = on or release.period.start
    entry = found.code(code.value, day)
    if entry is None:
        return None
    # A list without dates says no more than that the code stands in it.
    valid = entry.in_force is not False
    return CodeEntry(code, entry.long or entry.short, True, valid, entry.period, findings=_remarks(release, on))


def _icd9(book: CodeBook, code: Code, on: date | None) -> CodeEntry | None:
    from .crosswalks.gems import GEMS, ICD9_TITLES

    face, gem = ICD9_TITLES[code.system]
    found, mapped = book.find(face, on), book.find(GEMS[gem], on)
    title = found.title(code.value) if found else None
    valid = on is not None and on <= ICD9_END
    if title:
        return CodeEntry(code, title, True, valid, ICD9)
    # The crosswalk knows which codes there were, and no words of them.
    if found or mapped is None or not mapped.rows(code.value):
        return None
    message = f"The code {code} is in the crosswalk, but no titles of {code.system} are installed."
    fix = "Install the official titles (CMS32_DESC_LONG_DX.txt and its like): leadterm codes install PATH."
    untitled = Finding("f1", NO_TITLE, Severity.INFO, message, fix, (code.value,))
    return CodeEntry(code, None, True, valid, ICD9, findings=(untitled,))


TELLERS: dict[CodeSystem, Teller] = {
    CodeSystem.ICD10CM: _diagnosis,
    CodeSystem.ICD10PCS: _procedure,
    CodeSystem.CPT: _cpt,
    CodeSystem.HCPCS: _hcpcs,
    CodeSystem.ICD9CM: _icd9,
    CodeSystem.ICD9PROC: _icd9,
}


def _remarks(release: Release | None, on: date | None) -> tuple[Finding, ...]:
    found = remark(release, on) if release and on else None
    return (found,) if found else ()


def _period(validity: Validity, day: date) -> DateRange | None:
    """The period around `day`, else the latest."""
    return validity.during(day) or (validity.periods[-1] if validity.periods else None)
