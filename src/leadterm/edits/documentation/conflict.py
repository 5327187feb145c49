"""Documents that contradict each other on a coded diagnosis: there or not, of which kind, on which side (I.A.19).

Records go on: what is denied first and found later is no conflict, nor is a denial that a later document takes back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import combinations

from leadterm.domain import Assertion, CodeSystem, Document, Evidence, Fact
from leadterm.edits._coding import Coding, Diagnosis
from leadterm.edits._findings import Check, Draft
from leadterm.edits._tables import read_table

from ._record import Record, is_disease, record_of

# Sections in which a provider concludes; elsewhere, people tell, examine and order.
CONCLUSIONS = frozenset(
    "assessment plan assessment-plan impression discharge-diagnosis postoperative-diagnosis hospital-course".split()
)
SYMPTOMS = "R"
SIDES = frozenset({"right", "left"})
SIDE = "side"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two documents that say different things of one diagnosis.

    Attributes:
        diagnosis: The coded one.
        what: What they differ on: `kind of heart failure`, `side`.
        one, other: What each says.
    """

    diagnosis: Diagnosis
    what: str
    one: Fact
    other: Fact


def _several(coding: Coding) -> Record | None:
    """The record, where it has more than one document that stands and facts were read in it."""
    record = coding.once(record_of)
    return record if record.facts and len(record.documents) - len(record.void) > 1 else None


def _denied(coding: Coding) -> Iterator[Draft]:
    record = _several(coding)
    if record is None:
        return
    places = _in_time(record)
    denials = [f for f in record.facts if f.assertion is Assertion.ABSENT and f.section in CONCLUSIONS and f.targets]
    for d in coding.diagnoses if denials else ():
        said = [f for f in record.standing(d.assignment) if f.assertion is Assertion.PRESENT and f.targets]
        if not said or not is_disease(d.code) or d.code.startswith(SYMPTOMS):
            continue
        last = max(places.get(f.mention.document, -1) for f in said)
        against = [f for f in denials if places[f.mention.document] > last and _same(f, said)]
        if against:
            message = f"{d.code} is documented, and a later document denies it."
            evidence = (said[0].mention, *(e for f in against for e in (f.mention, *f.cues)))
            yield Draft(message, (d.code,), (d.assignment.id,), evidence=evidence)


def _same(denial: Fact, said: list[Fact]) -> bool:
    """Whether a denial is of the disease itself: of its category, and no narrower than what is said."""
    return any(f.targets[0].startswith(denial.targets[0][:5]) or f.targets[0] == denial.targets[0] for f in said)


def differences(coding: Coding) -> tuple[Difference, ...]:
    """Where documents differ on kind or side of a coded diagnosis; ask `coding.once` for it."""
    record = _several(coding)
    if record is None:
        return ()
    said = [f for f in record.facts if f.assertion is Assertion.PRESENT and f.section in CONCLUSIONS and f.targets]
    return tuple(x for d in coding.diagnoses if d.assignment.code.system is CodeSystem.ICD10CM for x in _of(d, said))


def _of(d: Diagnosis, said: list[Fact]) -> Iterator[Difference]:
    for what, parts in _kinds():
        if what == SIDE and d.code.startswith(parts[0]):
            same = [f for f in said if f.targets[0][:3] == d.code[:3] and f.attributes.get("laterality")]
            yield from _parted(d, what, {f.id: f.attributes["laterality"] for f in same}, same, SIDES)
        elif what != SIDE and any(d.code.startswith(p) for p in parts):
            kinds = {f.id: str(n) for f in said for n, p in enumerate(parts) if f.targets[0].startswith(p)}
            same = [f for f in said if f.id in kinds]
            yield from _parted(d, what, kinds, same, frozenset(map(str, range(len(parts)))))


def _parted(
    d: Diagnosis, what: str, kinds: Mapping[str, str], facts: list[Fact], known: frozenset[str]
) -> Iterator[Difference]:
    """The first two documents of which each says one thing, and not the same."""
    by_document: dict[str, dict[str, Fact]] = defaultdict(dict)
    for f in facts:
        by_document[f.mention.document].setdefault(kinds[f.id], f)
    one_sided = [next(iter(said.items())) for said in by_document.values() if len(said) == 1]
    if len(one_sided) < len(by_document):
        return  # a document that tells of both knows of both
    for (kind, one), (another, other) in combinations(one_sided, 2):
        if kind != another and {kind, another} <= known:
            yield Difference(d, what, one, other)
            return


@cache
def _kinds() -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    rows = read_table("documentation/conflicts.tsv", ("what", "parts"))
    return tuple((what, tuple(tuple(p.split()) for p in parts.split(";"))) for what, parts in rows)


def _differ(coding: Coding) -> Iterator[Draft]:
    for x in coding.once(differences):
        message = f"The documents differ on the {x.what} of {x.diagnosis.code}."
        evidence: tuple[Evidence, ...] = (*x.one.evidence, *x.other.evidence)
        yield Draft(message, (x.diagnosis.code,), (x.diagnosis.assignment.id,), evidence=evidence)


def _in_time(record: Record) -> dict[str, int]:
    """The place of each document in time, by its day of service; one without a time follows the one before it."""
    last, moments = datetime.min.replace(tzinfo=UTC), {}
    for d in record.documents.values():
        last = _moment(d) or last
        moments[d.id] = last
    ordered = sorted(moments, key=moments.__getitem__)
    return {id: place for place, id in enumerate(ordered)}


def _moment(document: Document) -> datetime | None:
    moment = document.service_time
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


CHECKS: Mapping[str, Check[Coding]] = {
    "ICD10CM:I.A.19/documents-deny": _denied,
    "ICD10CM:I.B.14/documents-differ": _differ,
}
