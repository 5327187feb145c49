"""A facility's bill by its type: what it is of, and where the care took place."""

from __future__ import annotations

from leadterm.domain import Claim, ClaimType, Setting

# Type of bill by facility and bill classification (its second and third digit): where the care took place.
SETTINGS = {
    **dict.fromkeys(("11", "41"), Setting.INPATIENT),
    **dict.fromkeys(("18", "21", "51", "61"), Setting.SKILLED_NURSING),
    **dict.fromkeys(("32", "33", "34"), Setting.HOME_HEALTH),
}


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
