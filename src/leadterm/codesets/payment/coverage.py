"""Medicare coverage: the diagnoses that support a procedure, and the documents that say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from sys import intern
from typing import ClassVar

from leadterm.domain import Code, CodeSystem, Release

from ..store import Store

PROCEDURES_KEPT = 4_096
POLICIES_KEPT = 2_048


@dataclass(frozen=True, slots=True)
class CoveredGroup:
    """A group of diagnoses of an article.

    Attributes:
        number: As the article counts it.
        covered: Its diagnoses.
        needs: Groups that its paragraph names in a sentence about what must be reported; it takes a person to read it.
    """

    number: int
    covered: frozenset[str]
    needs: frozenset[int]


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
        version: Of the document; of several in force on a day the newest holds. 0 where the source counts none.
        contractors: Whose document it is; empty where the source does not tell, and for a national one.
        states: Where these contractors decide, as postal abbreviations; empty where the source does not tell.
        groups: The diagnoses as the document groups them, where one of the groups asks for another; else empty.
    """

    document: str
    title: str
    starts: date | None
    ends: date | None
    related: tuple[str, ...]
    covered: frozenset[str]
    not_covered: frozenset[str]
    version: int = 0
    contractors: tuple[str, ...] = ()
    states: frozenset[str] = frozenset()
    groups: tuple[CoveredGroup, ...] = ()

    @property
    def name(self) -> str:
        """The document, or the determinations that a list without documents names."""
        return self.document or " ".join(self.related)

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
        self._policy = lru_cache(POLICIES_KEPT)(self._read_policy)
        rows = store.all("SELECT name FROM sqlite_master WHERE name = 'place'")
        # Stores of other sources, and of before places were read, have none.
        self._placed = bool(rows)

    @cached_property
    def procedures(self) -> frozenset[str]:
        """Every procedure that some policy names, in force or not."""
        return frozenset(intern(code) for (code,) in self._store.all("SELECT DISTINCT code FROM procedure"))

    def policies(self, hcpcs: str, on: date | None = None) -> tuple[Policy, ...]:
        """The policies that name a procedure; on a day those in force, and of a document its newest version."""
        found = [p for p in self._policies(hcpcs) if on is None or p.in_force(on)]
        if on is None:
            return tuple(found)
        newest: dict[str, int] = {}
        for policy in found:
            newest[policy.document] = max(policy.version, newest.get(policy.document, 0))
        return tuple(p for p in found if p.version == newest[p.document])

    def covered(self, hcpcs: str, on: date | None = None) -> ProcedureCoverage | None:
        """What policies say of a procedure (on a day: those in force); None when none names it."""
        found = self.policies(hcpcs.upper(), on)
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
            "SELECT id FROM procedure JOIN policy ON id = policy WHERE code = ? ORDER BY document, id", code
        )
        return tuple(self._policy(number) for (number,) in rows)

    def _read_policy(self, number: int) -> Policy:
        row = self._store.one(
            "SELECT document, title, starts, ends, related, covered, not_covered FROM policy WHERE id = ?", number
        )
        assert row is not None, "a procedure is linked with policies that there are"
        document, title, starts, ends, related, covered, not_covered = row
        return Policy(
            document,
            title,
            _day(starts),
            _day(ends),
            tuple(related.split()),
            _codes(covered),
            _codes(not_covered),
            *(self._read_place(number) if self._placed else ()),
        )

    def _read_place(self, number: int) -> tuple[int, tuple[str, ...], frozenset[str], tuple[CoveredGroup, ...]]:
        row = self._store.one("SELECT version, contractors, states FROM place WHERE policy = ?", number)
        version, contractors, states = row or (0, "", "")
        rows = self._store.all(
            "SELECT number, covered, needs FROM covered_group WHERE policy = ? ORDER BY number", number
        )
        groups = tuple(CoveredGroup(n, _codes(c), frozenset(map(int, needs.split()))) for n, c, needs in rows)
        return version, tuple(filter(None, contractors.split("\n"))), frozenset(states.split()), groups


class ArticleCoverage(Coverage):
    """Coverage by procedure, of the Medicare Coverage Database."""

    COMPONENT: ClassVar[str] = "coverage:articles"
    WHAT: ClassVar[str] = "Medicare Coverage Database (articles and determinations)"


class NationalCoverage(Coverage):
    """Coverage by procedure, of national determinations (NCD)."""

    COMPONENT: ClassVar[str] = "coverage:ncd"
    WHAT: ClassVar[str] = "national coverage by procedure and diagnosis"


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


def _codes(text: str) -> frozenset[str]:
    # The same few thousand diagnoses stand in hundreds of documents.
    return frozenset(map(intern, text.split()))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
