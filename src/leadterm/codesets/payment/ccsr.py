"""CCSR: the clinical categories of AHRQ that diagnoses and procedures fall into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from leadterm.domain import Code, CodeSystem, Release

from ..store import Store

# The pseudo-categories that stand as default where a code may not be principal or first-listed.
UNACCEPTABLE = {"inpatient": "XXX000", "outpatient": "XXX111"}
CODES_KEPT = 1 << 13


@dataclass(frozen=True, slots=True)
class CcsrCategory:
    """A clinical category.

    Attributes:
        category: `END003`; its first three letters are the body system.
        name: In words.
        domain: Clinical domain, of procedures only; empty otherwise.
    """

    category: str
    name: str
    domain: str = ""


@dataclass(frozen=True, slots=True)
class DxCcsr:
    """What a diagnosis falls into.

    Attributes:
        code: ICD-10-CM, with its dot.
        categories: One to six, in the order of the file; empty when the code is not mapped.
        inpatient: Default category as principal diagnosis; None when there is none, or the code may not be principal.
        outpatient: Default category as first-listed diagnosis; None likewise.
        mapped: Whether the installed version knows the code; a code that is newer than the version is not mapped.
    """

    code: str
    categories: tuple[CcsrCategory, ...]
    inpatient: CcsrCategory | None
    outpatient: CcsrCategory | None
    mapped: bool


class _Categories:
    """The names of categories in one store."""

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._category = lru_cache(1024)(self._read_category)

    def category(self, category: str) -> CcsrCategory | None:
        """The category; None for the unknown."""
        return self._category(category.upper())

    def categories(self) -> tuple[CcsrCategory, ...]:
        """All categories, in order."""
        rows = self._store.all("SELECT category, name, domain FROM category ORDER BY category")
        return tuple(CcsrCategory(*row) for row in rows)

    def _read_category(self, category: str) -> CcsrCategory | None:
        row = self._store.one("SELECT category, name, domain FROM category WHERE category = ?", category)
        return CcsrCategory(*row) if row else None


class DxCategories(_Categories):
    """CCSR for ICD-10-CM diagnoses."""

    COMPONENT: ClassVar[str] = "ccsr:dx"
    WHAT: ClassVar[str] = "CCSR for ICD-10-CM diagnoses"

    def __init__(self, store: Store, release: Release) -> None:
        super().__init__(store, release)
        self._of = lru_cache(CODES_KEPT)(self._read)

    def of(self, code: Code | str) -> DxCcsr:
        """What a diagnosis falls into; `mapped` is false for one that the installed version does not know.

        Raises InputError for what has not the shape of an ICD-10-CM code.
        """
        return self._of(code.value if isinstance(code, Code) else Code.parse(code, CodeSystem.ICD10CM).value)

    def unmapped(self, codes: Iterable[Code | str]) -> tuple[str, ...]:
        """Those of `codes` that the installed version does not map, in their order: to be reported, never guessed."""
        return tuple(found.code for code in codes if not (found := self.of(code)).mapped)

    def _read(self, code: str) -> DxCcsr:
        row = self._store.one("SELECT categories, inpatient, outpatient FROM entry WHERE code = ?", code)
        if row is None:
            return DxCcsr(code, (), None, None, False)
        categories = tuple(self.category(c) or CcsrCategory(c, "") for c in row[0].split())
        defaults = (self.category(c) if c not in UNACCEPTABLE.values() else None for c in row[1:])
        inpatient, outpatient = defaults
        return DxCcsr(code, categories, inpatient, outpatient, True)


class PrCategories(_Categories):
    """CCSR for ICD-10-PCS procedures."""

    COMPONENT: ClassVar[str] = "ccsr:pr"
    WHAT: ClassVar[str] = "CCSR for ICD-10-PCS procedures"

    def of(self, code: Code | str) -> CcsrCategory | None:
        """The category of a procedure; None when the installed version does not map it.

        Raises InputError for what has not the shape of an ICD-10-PCS code.
        """
        value = code.value if isinstance(code, Code) else Code.parse(code, CodeSystem.ICD10PCS).value
        row = self._store.one("SELECT category FROM entry WHERE code = ?", value)
        return self.category(row[0]) if row else None


class PrCategoryNames(_Categories):
    """The categories of procedures alone, without the codes that fall into them."""

    COMPONENT: ClassVar[str] = "ccsr:pr-categories"
    WHAT: ClassVar[str] = "names of the CCSR categories of procedures"
