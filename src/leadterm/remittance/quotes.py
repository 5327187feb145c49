"""The words of a chart that support a denied line: found through its diagnoses, verified against the documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from leadterm.domain import (
    Assignment,
    Claim,
    Code,
    CodedEncounter,
    CodeSystem,
    Document,
    Encounter,
    Evidence,
    InputError,
    plain_day,
)

from .denials import Denial

MOST_QUOTES = 3  # for each diagnosis: a reviewer reads the first ones


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a document with the place where a reviewer finds them.

    Attributes:
        evidence: Document, span and the words; `document.text[start:end]` is what is quoted.
        place: What the document is, of which day, by whom.
    """

    evidence: Evidence
    place: str

    @property
    def span(self) -> str:
        """The characters of the document, counted from 1."""
        return f"{self.evidence.span.start + 1} to {self.evidence.span.end}"


@dataclass(frozen=True, slots=True)
class Support:
    """What the chart has for a denied line: quotes, and the diagnoses (code, official title) that they prove."""

    quotes: tuple[Quote, ...]
    diagnoses: tuple[tuple[str, str], ...]


def support(denial: Denial, coded: CodedEncounter, claim: Claim | None = None) -> Support:
    """The quotes and diagnoses that support the denied line; of a claim denied as a whole, all of them.

    A line is found by its procedure code and day; its pointers name the diagnoses. Words of retracted documents, and of
    documents that another one replaces, are not quoted. Raises InputError when claim or encounter is another one's,
    when the line is not in it, when nothing supports it, or when a quote is not what its document says.
    """
    if claim is not None and claim.id != denial.claim:
        raise InputError("The claim is not the one that was denied; give the claim with the number of the denial.")
    if denial.service_date is not None and not _same_days(denial.service_date, coded.encounter):
        raise InputError("The encounter is of another day than the denied service; give the coding of that service.")
    proof = _proof(denial, coded, claim)
    quotes = tuple(_quotes(proof, coded.encounter))
    if not quotes:
        raise InputError(
            "The chart has no words that support the denied line, so there is nothing to argue with; correct the claim,"
            " ask the provider, or adjust the line."
        )
    in_icd = (a for a in proof if a.code.system is CodeSystem.ICD10CM)
    return Support(quotes, tuple((a.code.value, a.description or "") for a in in_icd))


def _same_days(day: date, encounter: Encounter) -> bool:
    first = plain_day(encounter.admission or encounter.date_of_service)
    last = plain_day(encounter.discharge or encounter.date_of_service) or first
    return first is None or last is None or first <= day <= last


def _proof(denial: Denial, coded: CodedEncounter, claim: Claim | None) -> list[Assignment]:
    """The assignments that the line stands on: what it points to, and the charge itself."""
    if denial.code is None:
        return list(coded.diagnoses)
    charges = [c for c in coded.charges if _is_line(denial, c.code, c.revenue_code, c.service_date)]
    pointed = {p for c in charges for p in c.pointers}
    proof = [d for d in coded.diagnoses if d.sequence in pointed] + charges
    codes = _claimed_codes(denial, claim) if claim is not None else set()
    if not charges and not codes:
        raise InputError(
            "The coded encounter has no charge with the code and day of the denied line; give the coding or the claim "
            "that the line was billed from."
        )
    # The claim says what was billed; where it speaks, its pointers win over those of the coding.
    return [d for d in coded.diagnoses if d.code.value in codes] + charges if codes else proof


def _claimed_codes(denial: Denial, claim: Claim) -> set[str]:
    lines = [s for s in claim.lines if _is_line(denial, s.code, s.revenue_code, s.start)]
    places = {p for line in lines for p in line.pointers}
    return {d.code.value for n, d in enumerate(claim.diagnoses, 1) if n in places}


def _is_line(denial: Denial, code: Code | None, revenue_code: str | None, day: date | None) -> bool:
    """Whether that is the denied line: by its procedure, or its revenue code where the payer names that."""
    same_day = day is None or denial.service_date is None or day == denial.service_date
    return same_day and denial.code in (code.value if code else None, revenue_code)


def _quotes(proof: Iterable[Assignment], encounter: Encounter) -> Iterator[Quote]:
    """The verified quotes in order, each once, at most three for each assignment."""
    standing = {d.id for d in encounter.standing}
    seen: set[tuple[str, int, int]] = set()
    for assignment in proof:
        kept = 0
        for evidence in assignment.evidence:
            document = encounter.document(evidence.document)
            if evidence.span.of(document.text) != evidence.text:
                raise InputError(
                    f"A quote of assignment {assignment.id} is not what document {document.id} says there; code the "
                    "chart again."
                )
            key = (document.id, evidence.span.start, evidence.span.end)
            if document.id in standing and key not in seen and kept < MOST_QUOTES:
                seen.add(key)
                kept += 1
                yield Quote(evidence, _place(document))


def _place(document: Document) -> str:
    when = document.service_time or document.signed_time
    said = [document.type or "document", f"of {when.date().isoformat()}" if when else ""]
    by = f", {document.author_role}" if document.author_role else ""
    return " ".join(part for part in said if part) + f"{by}, document {document.id}"
