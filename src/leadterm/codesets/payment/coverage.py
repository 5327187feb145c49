"""Medicare coverage: the diagnoses that support a procedure, and the documents that say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import ClassVar

from leadterm.domain import Code, CodeSystem, Release

from ..store import Store

PROCEDURES_KEPT = 256


@dataclass(frozen=True, slots=True)
class Policy:
    """What one document (or one entry of a derived list) says of the procedures that it names.

    Attributes:
        document: `A57642`, `L38773`; empty in a derived list, which names only `related`.
        title: Of the document; may be empty.
        starts, ends: First and last day; None where the source does not tell.
        related: The determinations that it belongs to.
        covered: Diagnoses that support the procedure.
        not_covered: Diagnoses that do not support it.
    """

    document: str
    title: str
    starts: date | None
    ends: date | None
    related: tuple[str, ...]
    covered: frozenset[str]
    not_covered: frozenset[str]

    def in_force(self, on: date) -> bool:
        """Whether the document holds on a day; True where the source tells no dates."""
        return (self.starts is None or self.starts <= on) and (self.ends is None or on <= self.ends)


@dataclass(frozen=True, slots=True)
class ProcedureCoverage:
    """All that is known of the coverage of a procedure.

    Attributes:
        code: CPT or HCPCS.
        covered: Diagnoses that support it by at least one policy, in order.
        not_covered: Diagnoses that do not support it by at least one policy, in order.
        documents: The documents, in order.
        policies: Each document by itself: contractors differ, so that one supports what another does not.
    """

    code: str
    covered: tuple[str, ...]
    not_covered: tuple[str, ...]
    documents: tuple[str, ...]
    policies: tuple[Policy, ...]

    def supports(self, diagnosis: Code | str) -> bool | None:
        """Whether a diagnosis supports the procedure; None where no list of diagnoses speaks of it.

        True when a policy covers it; False when one refuses it, or when policies list what they cover and it is not
        among them. Raises InputError for what has not the shape of an ICD-10-CM code.
        """
        value = diagnosis.value if isinstance(diagnosis, Code) else Code.parse(diagnosis, CodeSystem.ICD10CM).value
        if any(value in policy.covered for policy in self.policies):
            return True
        if any(policy.covered or value in policy.not_covered for policy in self.policies):
            return False
        return None


class Coverage:
    """Coverage by procedure, of a derived list."""

    COMPONENT: ClassVar[str] = "coverage:lcd"
    WHAT: ClassVar[str] = "local coverage by procedure and diagnosis"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._policies = lru_cache(PROCEDURES_KEPT)(self._read_policies)

    def covered(self, hcpcs: str, on: date | None = None) -> ProcedureCoverage | None:
        """What policies say of a procedure (on a day: those in force); None when none names it."""
        found = tuple(p for p in self._policies(hcpcs.upper()) if on is None or p.in_force(on))
        if not found:
            return None
        documents = {name for policy in found for name in (policy.document, *policy.related) if name}
        return ProcedureCoverage(
            hcpcs.upper(),
            tuple(sorted(frozenset[str]().union(*(policy.covered for policy in found)))),
            tuple(sorted(frozenset[str]().union(*(policy.not_covered for policy in found)))),
            tuple(sorted(documents)),
            found,
        )

    def _read_policies(self, code: str) -> tuple[Policy, ...]:
        rows = self._store.all(
            "SELECT document, title, starts, ends, related, covered, not_covered FROM procedure JOIN policy"
            " ON id = policy WHERE code = ? ORDER BY document, id",
            code,
        )
        return tuple(
            Policy(
                document,
                title,
                _day(starts),
                _day(ends),
                tuple(related.split()),
                frozenset(covered.split()),
                frozenset(not_covered.split()),
            )
            for document, title, starts, ends, related, covered, not_covered in rows
        )


class ArticleCoverage(Coverage):
    """Coverage by procedure, of the Medicare Coverage Database."""

    COMPONENT: ClassVar[str] = "coverage:articles"
    WHAT: ClassVar[str] = "Medicare Coverage Database (articles and determinations)"


@dataclass(frozen=True, slots=True)
class CoverageDocument:
    """A version of a determination or article.

    Attributes:
        document: `L38773`, `A57642`.
        version: Counted from 1.
        kind: `LCD` or `Article`.
        title: As published.
        contractor: Who published it.
        effective, retired: First day and day of retirement; None where there is none.
        note: `Future`, `Retired`, … as in the catalogue; empty for a current one.
        url: Where it is published.
    """

    document: str
    version: int
    kind: str
    title: str
    contractor: str
    effective: date | None
    retired: date | None
    note: str
    url: str


class CoverageDocuments:
    """The catalogue of determinations and articles."""

    COMPONENT: ClassVar[str] = "coverage:documents"
    WHAT: ClassVar[str] = "catalogue of coverage determinations and articles"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def versions(self, document: str) -> tuple[CoverageDocument, ...]:
        """The versions of a document that the catalogue has, in order; empty for the unknown."""
        rows = self._store.all(
            "SELECT id, version, kind, title, contractor, effective, retired, note, url FROM entry WHERE id = ?"
            " ORDER BY version",
            document.upper(),
        )
        return tuple(
            CoverageDocument(name, version, kind, title, contractor, _day(effective), _day(retired), note, url)
            for name, version, kind, title, contractor, effective, retired, note, url in rows
        )

    def document(self, document: str, on: date | None = None) -> CoverageDocument | None:
        """The version in force on a day (None: the newest); None when there is none."""
        found = self.versions(document)
        if on is not None:
            found = tuple(
                v for v in found if (v.effective is None or v.effective <= on) and (v.retired is None or on < v.retired)
            )
        return found[-1] if found else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
