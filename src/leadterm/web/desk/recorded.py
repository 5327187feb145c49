"""Codes that the record bears, as the page of a chart shows them: leads with kind, status and what came of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from leadterm.desk import Work
from leadterm.domain import Document, LeadUse, RecordedCode, RecordLead, Status
from leadterm.records import in_words

from .remembered import remembered

SHOWN = 100
LONGEST = 200
SYSTEMS = {
    "icd10cm": "ICD-10-CM",
    "icd10pcs": "ICD-10-PCS",
    "icd9cm": "ICD-9-CM",
    "snomed": "SNOMED CT",
    "loinc": "LOINC",
    "rxnorm": "RxNorm",
    "cpt": "CPT",
    "hcpcs": "HCPCS",
    "cvx": "CVX",
    "ndc": "NDC",
}
# What is said of a lead that stands for a code of the chart, or did.
GONE = "A code stood on it or beside it, and no longer does."
ENTERED = "A person entered the code that it leads to."


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of a document that the record refers to."""

    text: str
    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Led:
    """A code that the record bears.

    Attributes:
        about: Kind, status, role and day, as far as the record tells them.
        to: Codes that it leads to.
        became: Whether one of them stands on the chart, in a word.
        why: Why, in a sentence.
        where: Its place in the original, in words; `source` as it is written.
    """

    code: str
    system: str
    text: str
    about: tuple[str, ...]
    to: tuple[str, ...]
    became: str
    why: str
    where: str
    source: str
    quote: Quoted | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The codes of a record: diagnoses and problems first; `more` are not shown."""

    leads: tuple[Led, ...]
    others: tuple[Led, ...]
    count: int
    more: int


def recorded(work: Work) -> Recorded:
    """The codes that the record of a chart bears."""
    standing = frozenset(a.code.value for a in work.coded.assignments if a.status is not Status.REJECTED)
    documents = {d.id: d for d in work.encounter.documents}
    others = _others(work.encounter.codes, work.coded.leads)
    count = len(work.coded.leads) + len(others)
    leads = tuple(_lead(lead, standing.intersection(lead.targets), documents) for lead in work.coded.leads[:SHOWN])
    rest = tuple(_led(code, documents) for code in others[:SHOWN])
    return Recorded(leads, rest, count, count - len(leads) - len(rest))


@remembered(32)
def _others(codes: tuple[RecordedCode, ...], leads: tuple[RecordLead, ...]) -> tuple[RecordedCode, ...]:
    told = {lead.recorded for lead in leads}
    return tuple(code for code in dict.fromkeys(codes) if code not in told)


def _lead(lead: RecordLead, standing: frozenset[str], documents: Mapping[str, Document]) -> Led:
    became, why = _became(lead, standing)
    return _led(lead.recorded, documents, lead.targets, became, why)


def _became(lead: RecordLead, standing: frozenset[str]) -> tuple[str, str]:
    if standing:
        return "on the chart", ENTERED if lead.use is LeadUse.OPEN else lead.why
    return "not on the chart", lead.why if lead.use is LeadUse.OPEN else GONE


def _led(
    code: RecordedCode, documents: Mapping[str, Document], to: tuple[str, ...] = (), became: str = "", why: str = ""
) -> Led:
    words, source = code.evidence, code.source or ""
    return Led(
        code.code[:LONGEST],
        SYSTEMS.get(code.system or "", code.system or "of no named system")[:LONGEST],
        (code.text or "")[:LONGEST],
        tuple(_about(code)),
        to,
        became,
        why,
        in_words(source, documents.get(words.document) if words else None),
        source[:LONGEST],
        Quoted(words.text, words.document, words.span.start, words.span.end)
        if words and words.document in documents
        else None,
    )


def _about(code: RecordedCode) -> Iterator[str]:
    yield code.kind.value if code.kind else "of no named kind"
    yield code.status[:LONGEST] if code.status else "status not said"
    if code.role:
        yield f"{code.role[:LONGEST]} diagnosis"
    if code.day:
        yield code.day.isoformat()
