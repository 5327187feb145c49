"""What was coded, and what is claimed for it, as a FHIR R4 Bundle (collection).

Conditions and procedures bear the words that they rest on: as references to documents, and as extensions of this
project (`urn:leadterm:fhir:evidence`) that quote them by their code points. A Provenance beside each names the engine
with its releases, the person who decided, and the way from the words to the code.
"""

from __future__ import annotations

from datetime import datetime

from leadterm.domain import Claim, CodedEncounter

from .claim import add_claim
from .coding import add_coded
from .sheet import Json, Sheet, dumps

__all__ = ["claim_bundle", "coded_bundle", "dumps"]


def coded_bundle(answer: CodedEncounter, recorded: datetime, claim: Claim | None = None) -> Json:
    """A coded encounter, and the claim made of it where there is one; write it with `dumps`.

    Args:
        answer: What was coded; codes that were rejected are left out.
        recorded: When it is written, with its zone. Raises InputError where it has none.
        claim: The claim of the same patient.
    """
    sheet = Sheet(answer.encounter.id, recorded)
    add_coded(sheet, answer)
    if claim is not None:
        add_claim(sheet, claim)
    return sheet.bundle()


def claim_bundle(claim: Claim, recorded: datetime) -> Json:
    """A claim with its people and payers; otherwise as `coded_bundle`."""
    sheet = Sheet(claim.id, recorded)
    add_claim(sheet, claim)
    return sheet.bundle()
