"""Whose bill a claim is, by its type and who bills: what it is of, and where the care took place."""

from __future__ import annotations

from leadterm.domain import Claim, ClaimType, ProviderRole, Setting

# Type of bill by facility and bill classification (its second and third digit): where the care took place.
SETTINGS = {
    **dict.fromkeys(("11", "41"), Setting.INPATIENT),
    **dict.fromkeys(("18", "21", "51", "61"), Setting.SKILLED_NURSING),
    **dict.fromkeys(("32", "33", "34"), Setting.HOME_HEALTH),
}
# Paid by visit, treatment or day: rural and federally qualified health centers, dialysis, hospice.
BY_VISIT = frozenset({"71", "72", "73", "77", "81", "82"})
# Services at home that no plan of care covers; those of a plan are paid by the period (32x, 33x).
OUTSIDE_A_PLAN = "34"
SURGICAL_CENTER = "261QA1903X"  # taxonomy


def bill_type_of(claim: Claim) -> str:
    """Facility and classification of the type of bill, two digits, whatever is written before and behind them."""
    return (claim.type_of_bill or "").removeprefix("0")[:2]


def setting_of(claim: Claim) -> Setting:
    """Where the care took place, by claim type and type of bill; without one, a claim with a stay is inpatient."""
    if claim.claim_type is ClaimType.PROFESSIONAL:
        return Setting.PROFESSIONAL
    bill_type = bill_type_of(claim)
    stay = not bill_type and claim.admission and claim.discharge
    return Setting.INPATIENT if stay else SETTINGS.get(bill_type, Setting.OUTPATIENT)


def is_by_service(claim: Claim) -> bool:
    """Whether each service is claimed, and paid, by its code: practitioners, outpatients, and home care without a plan.

    Not of a stay, nor where payment is by visit, treatment, day or period. It is of these that NCCI speaks (Policy
    Manual, introduction: hospitals' outpatients, and 22x, 23x, 34x, 74x, 75x).
    """
    setting, bill_type = setting_of(claim), bill_type_of(claim)
    if setting is Setting.OUTPATIENT:
        return bill_type not in BY_VISIT
    return setting is Setting.PROFESSIONAL or bill_type == OUTSIDE_A_PLAN


def is_of_surgical_center(claim: Claim) -> bool:
    """Whether an ambulatory surgical center bills, which comes on the form of practitioners."""
    billing = next((p for p in claim.providers if p.role is ProviderRole.BILLING), None)
    return claim.claim_type is ClaimType.PROFESSIONAL and billing is not None and billing.taxonomy == SURGICAL_CENTER
