"""Puts together what the code book knows of one code into the answer of `lookup`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol

from leadterm.domain import Code, CodeEntry, CodeSystem, DateRange, Finding, Release, Severity

from .releases import remark
from .tree import Tree, chapter_title, parent_codes
from .validity import Validity

NO_TITLE = "CODESETS:titles/missing"
NO_LICENCE = "CODESETS:cpt/licence"


class Book(Protocol):
    """What an answer is put together from."""

    def validity(self, code: Code) -> Validity: ...  # noqa: D102
    def valid_on(self, code: Code, on: date) -> bool: ...  # noqa: D102
    def tree_for(self, on: date | None) -> Tree: ...  # noqa: D102
    def title_of(self, code: str) -> str | None: ...  # noqa: D102
    def release_for(self, name: str, on: date | None) -> Release | None: ...  # noqa: D102


def describe(book: Book, code: Code, on: date | None) -> CodeEntry | None:
    """What `code` is on a day (None: the newest release); None when no installed release knows it."""
    teller = TELLERS.get(code.system)
    return teller(book, code, on) if teller else None


def _diagnosis(book: Book, code: Code, on: date | None) -> CodeEntry | None:
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


def _procedure(book: Book, code: Code, on: date | None) -> CodeEntry | None:
    title = book.title_of(code.value)
    findings = _remarks(book.release_for("icd10pcs:validity", on), on)
    if title is None:
        return _untitled(book, code, on, findings)
    day = on or _newest_day(book)
    return CodeEntry(code, title, True, book.valid_on(code, day), _period(book.validity(code), day), findings=findings)


def _untitled(book: Book, code: Code, on: date | None, findings: tuple[Finding, ...]) -> CodeEntry | None:
    """A code that the dated list has and the installed titles have not: newer than they are, or ended before them."""
    validity = book.validity(code)
    if not validity.periods:
        return None
    day = on or _newest_day(book)
    message = f"The code {code} is in the dated list of valid codes, but the installed release has no title for it."
    fix = "Upgrade the packages that carry the code sets (`leadterm codes status` names them)."
    finding = Finding(f"f{len(findings) + 1}", NO_TITLE, Severity.INFO, message, fix, (code.value,))
    return CodeEntry(code, None, True, book.valid_on(code, day), _period(validity, day), findings=(*findings, finding))


def _cpt(book: Book, code: Code, on: date | None) -> CodeEntry:
    message = f"No licensed CPT file is installed, so {code} is known by its shape alone."
    fix = "Look the words up in your licensed file of the AMA; this version cannot load it yet."
    return CodeEntry(code, None, True, True, findings=(Finding("f1", NO_LICENCE, Severity.INFO, message, fix),))


TELLERS: dict[CodeSystem, Callable[[Book, Code, date | None], CodeEntry | None]] = {
    CodeSystem.ICD10CM: _diagnosis,
    CodeSystem.ICD10PCS: _procedure,
    CodeSystem.CPT: _cpt,
}


def _newest_day(book: Book) -> date:
    """The day that stands for "now" when none is given: the first of the newest Tabular List."""
    release = book.release_for("icd10cm:tabular", None)
    return release.period.start if release else date.min


def _remarks(release: Release | None, on: date | None) -> tuple[Finding, ...]:
    found = remark(release, on) if release and on else None
    return (found,) if found else ()


def _period(validity: Validity, day: date) -> DateRange | None:
    """The period around `day`, else the latest."""
    return validity.during(day) or (validity.periods[-1] if validity.periods else None)
