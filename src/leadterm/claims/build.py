"""From a coded encounter to a professional claim, or one sentence that lists everything in the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from leadterm.domain import (
    Assignment,
    Claim,
    ClaimDiagnosis,
    ClaimType,
    Code,
    CodedEncounter,
    CodeSystem,
    InputError,
    ProviderRole,
    Role,
    plain_day,
)
from leadterm.domain.places import place_of

from .limits import FREQUENCIES, LONGEST_CLAIM_NUMBER, MOST_DIAGNOSES
from .lines import service_lines

EXTERNAL_CAUSE_CHAPTER = "VWXY"


def build(coded: CodedEncounter, claim_id: str | None = None) -> Claim:
    """The professional claim of a coded encounter; `claim_id` is CLM01, else derived from its account or id.

    At most twelve ICD-10-CM diagnoses, the first-listed first, an external cause never first, none twice; the lines
    are the coded charges, else those of the record, a coded one without a price taking that of the record's own line.
    A line without pointers points to the first diagnoses, up to four. Rejected assignments stay out, and so do lines
    that were read in the chart and that nobody has priced or decided on.
    Raises InputError with everything that is missing in one sentence, and for an institutional encounter.
    """
    encounter = coded.encounter
    if encounter.claim_type is ClaimType.INSTITUTIONAL:
        raise InputError(
            f"Encounter {encounter.id} has an institutional claim, which no 837P can carry; set claim_type to "
            "professional for the clinician's own claim."
        )
    if claim_id is not None and claim_id != claim_number(claim_id):
        raise InputError(f"A claim number has 1 to {LONGEST_CLAIM_NUMBER} letters and digits.")
    lacks: list[str] = []
    diagnoses = _diagnoses(coded, lacks)
    lines = service_lines(coded, diagnoses, lacks)
    if encounter.provider(ProviderRole.BILLING) is None:
        lacks.append("a billing provider")
    if not encounter.payers:
        lacks.append("a payer")
    frequency = encounter.frequency or "1"
    if frequency not in FREQUENCIES:
        lacks.append("a frequency of 1, 7 or 8")
    elif frequency != "1" and not encounter.payer_control_number:
        lacks.append(f"the payer's control number that frequency {frequency} refers to")
    if lacks:
        raise InputError(f"No claim can be built of encounter {encounter.id}; it lacks {_listed(lacks)}.")
    return Claim(
        id=claim_id or claim_number(encounter.account or encounter.id),
        claim_type=ClaimType.PROFESSIONAL,
        patient=encounter.patient,
        subscriber=encounter.payers[0].subscriber,
        payers=encounter.payers,
        providers=encounter.providers,
        diagnoses=diagnoses,
        lines=lines,
        frequency=frequency,
        payer_control_number=encounter.payer_control_number,
        place_of_service=place_of(encounter),
        admission=plain_day(encounter.admission),
        discharge=plain_day(encounter.discharge),
        prior_authorization=encounter.payers[0].prior_authorization,
        referral=encounter.referral,
        clia=encounter.clia,
        accident=encounter.accident,
    )


def claim_number(text: str) -> str:
    """A claim number of at most 20 letters and digits for an account or encounter id; the same for the same id.

    An id that already is one stays as it is. Any other keeps its first letters and digits and gets a digest of the
    whole, so that two ids that differ in a dash only do not meet.
    """
    if text.isascii() and text.isalnum() and len(text) <= LONGEST_CLAIM_NUMBER:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10].upper()
    plain = "".join(c for c in text if c.isascii() and c.isalnum())
    return plain[: LONGEST_CLAIM_NUMBER - len(digest)] + digest


def _diagnoses(coded: CodedEncounter, lacks: list[str]) -> tuple[ClaimDiagnosis, ...]:
    """In the coder's order, but for the first-listed, which is brought to the front."""
    codes: dict[Code, Assignment] = {}
    for assignment in coded.diagnoses:
        if assignment.code.system is CodeSystem.ICD10CM:
            codes.setdefault(assignment.code, assignment)
    may_lead = [a for a in codes.values() if not _is_external_cause(a)]
    if not codes:
        lacks.append("a diagnosis")
    elif not may_lead:
        lacks.append("a diagnosis that may stand first, which an external cause may not")
    if not may_lead:
        return ()
    first = next((a for a in may_lead if a.role in (Role.FIRST_LISTED, Role.PRINCIPAL)), may_lead[0])
    ordered = [first, *(a for a in codes.values() if a is not first)][:MOST_DIAGNOSES]
    return tuple(ClaimDiagnosis(a.code, _role(place, a)) for place, a in enumerate(ordered))


def _is_external_cause(assignment: Assignment) -> bool:
    return assignment.role is Role.EXTERNAL_CAUSE or assignment.code.value[0] in EXTERNAL_CAUSE_CHAPTER


def _role(place: int, assignment: Assignment) -> Role:
    if place == 0:
        return Role.FIRST_LISTED
    return Role.EXTERNAL_CAUSE if _is_external_cause(assignment) else Role.SECONDARY


def _listed(things: Iterable[str]) -> str:
    *most, last = things
    return f"{', '.join(most)} and {last}" if most else last
