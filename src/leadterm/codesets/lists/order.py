"""The flat lists as they are asked: order files, code descriptions, addenda, the POA-exempt list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from leadterm.domain import Code, CodeSystem, Release, dotted

from ..store import Store

LAST = "\x7f"  # after every character of a code


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """One line of an order file.

    Attributes:
        code: With its dot.
        number: Its place in the classification.
        billable: Whether it may stand on a claim; a header may not.
        short, long: Its titles; the short one has at most 60 characters.
    """

    code: str
    number: int
    billable: bool
    short: str
    long: str


@dataclass(frozen=True, slots=True)
class Described:
    """A code and its title."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """One change of an addenda.

    Attributes:
        kind: `addition`, `deletion`, `revision`.
        code: With its dot.
        billable: The flag of the line, None where the addenda has none.
        short, long: Titles of the code that is added or deleted, or the new ones.
        old_short, old_long: What a revision replaces, else None.
    """

    kind: str
    code: str
    billable: bool | None
    short: str | None
    long: str
    old_short: str | None
    old_long: str | None


class _Flat:
    """What the faces over flat lists share."""

    SYSTEM: ClassVar[CodeSystem]

    def __init__(self, store: Store, release: Release) -> None:
        self.release = release
        self._store = store

    def _bare(self, code: Code | str) -> str:
        """The code as the store has it; anything else is found nowhere."""
        text = code.value if isinstance(code, Code) else code
        return dotted(text.strip().upper().replace(".", ""), self.SYSTEM)

    def _between(self, start: str) -> tuple[str, str]:
        begin = self._bare(start) if start else ""
        return begin, begin + LAST


class DiagnosisOrder(_Flat):
    """The ICD-10-CM order file of one release."""

    COMPONENT: ClassVar[str] = "icd10cm:order"
    WHAT: ClassVar[str] = "ICD-10-CM order file"
    SYSTEM: ClassVar[CodeSystem] = CodeSystem.ICD10CM

    def entry(self, code: Code | str) -> OrderEntry | None:
        """The line of a code or header; None when the file does not have it."""
        return next(iter(self._lines("code = ?", self._bare(code))), None)

    def is_billable(self, code: Code | str) -> bool:
        """Whether it is a code for claims; False for headers and the unknown."""
        found = self.entry(code)
        return found is not None and found.billable

    def starting(self, start: str = "", limit: int = -1) -> Iterator[OrderEntry]:
        """The lines whose code begins with `start`, in the order of the file."""
        return self._lines("code >= ? AND code < ?", *self._between(start), limit=limit)

    def _lines(self, where: str, *values: str, limit: int = -1) -> Iterator[OrderEntry]:
        sql = f"SELECT code, number, billable, short, long FROM entry WHERE {where} ORDER BY number LIMIT ?"
        for code, number, billable, short, long in self._store.all(sql, *values, limit):
            yield OrderEntry(code, number, bool(billable), short, long)


class ProcedureOrder(DiagnosisOrder):
    """The ICD-10-PCS order file of one release; its headers are the tables."""

    COMPONENT: ClassVar[str] = "icd10pcs:order"
    WHAT: ClassVar[str] = "ICD-10-PCS order file"
    SYSTEM: ClassVar[CodeSystem] = CodeSystem.ICD10PCS


class DiagnosisCodes(_Flat):
    """The ICD-10-CM code descriptions of one release: every code that is valid for claims."""

    COMPONENT: ClassVar[str] = "icd10cm:codes"
    WHAT: ClassVar[str] = "list of ICD-10-CM code descriptions"
    SYSTEM: ClassVar[CodeSystem] = CodeSystem.ICD10CM

    def title(self, code: Code | str) -> str | None:
        """The long title; None when the list does not have the code."""
        row = self._store.one("SELECT title FROM entry WHERE code = ?", self._bare(code))
        return row[0] if row else None

    def starting(self, start: str = "", limit: int = -1) -> Iterator[Described]:
        """The codes that begin with `start`, in order."""
        sql = "SELECT code, title FROM entry WHERE code >= ? AND code < ? ORDER BY code LIMIT ?"
        return (Described(code, title) for code, title in self._store.all(sql, *self._between(start), limit))


class ProcedureCodes(DiagnosisCodes):
    """The ICD-10-PCS code descriptions of one release."""

    COMPONENT: ClassVar[str] = "icd10pcs:codes"
    WHAT: ClassVar[str] = "list of ICD-10-PCS code descriptions"
    SYSTEM: ClassVar[CodeSystem] = CodeSystem.ICD10PCS


class PoaExempt(DiagnosisCodes):
    """The ICD-10-CM codes that are exempt from reporting present on admission."""

    COMPONENT: ClassVar[str] = "icd10cm:poa-exempt"
    WHAT: ClassVar[str] = "list of codes exempt from POA reporting"

    def is_exempt(self, code: Code | str) -> bool:
        """Whether the code is on the list."""
        return self.title(code) is not None


class DiagnosisNodes(_Flat):
    """The bare ICD-10-CM list: which chapters, blocks and codes there are."""

    COMPONENT: ClassVar[str] = "icd10cm:code-list"
    WHAT: ClassVar[str] = "ICD-10-CM code list"
    SYSTEM: ClassVar[CodeSystem] = CodeSystem.ICD10CM

    def kind(self, node: Code | str) -> str | None:
        """`chapter`, `block` or `code`; None when the list does not have it."""
        text = node.value if isinstance(node, Code) else node.strip().upper()
        row = self._store.one("SELECT kind FROM entry WHERE code IN (?, ?)", text, self._bare(text))
        return row[0] if row else None

    def codes(self) -> Iterator[str]:
        """Every code, header or not, in the order of the list."""
        return (code for (code,) in self._store.all("SELECT code FROM entry WHERE kind = 'code' ORDER BY number"))


class DiagnosisOrderAddenda(_Flat):
    """What changed in the ICD-10-CM order file."""

    COMPONENT: ClassVar[str] = "icd10cm:order-addenda"
    WHAT: ClassVar[str] = "list of changes of the ICD-10-CM order file"
    SYSTEM: ClassVar[CodeSystem] = CodeSystem.ICD10CM

    def changes(self, kind: str | None = None) -> Iterator[Amendment]:
        """Every change, or those of one kind, in the order of the file."""
        return self._changes("?1 IS NULL OR action = ?1", kind)

    def of(self, code: Code | str) -> tuple[Amendment, ...]:
        """The changes of one code."""
        return tuple(self._changes("code = ?1", self._bare(code)))

    def _changes(self, where: str, value: str | None) -> Iterator[Amendment]:
        rows: list[tuple[Any, ...]] = self._store.all(
            f"SELECT action, code, billable, short, long, old_short, old_long FROM entry WHERE {where} ORDER BY number",
            value,
        )
        for kind, code, billable, *titles in rows:
            yield Amendment(kind, code, None if billable is None else bool(billable), *titles)


class ProcedureOrderAddenda(DiagnosisOrderAddenda):
    """What changed in the ICD-10-PCS order file."""

    COMPONENT: ClassVar[str] = "icd10pcs:order-addenda"
    WHAT: ClassVar[str] = "list of changes of the ICD-10-PCS order file"
    SYSTEM: ClassVar[CodeSystem] = CodeSystem.ICD10PCS


class DiagnosisCodesAddenda(DiagnosisOrderAddenda):
    """What changed in the ICD-10-CM code descriptions."""

    COMPONENT: ClassVar[str] = "icd10cm:codes-addenda"
    WHAT: ClassVar[str] = "list of changes of the ICD-10-CM code descriptions"


class ProcedureCodesAddenda(ProcedureOrderAddenda):
    """What changed in the ICD-10-PCS code descriptions."""

    COMPONENT: ClassVar[str] = "icd10pcs:codes-addenda"
    WHAT: ClassVar[str] = "list of changes of the ICD-10-PCS code descriptions"
