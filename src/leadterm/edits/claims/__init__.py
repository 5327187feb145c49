"""Whether a claim is complete and agrees with itself: people, numbers, days, lines, diagnoses, earlier claims."""

from leadterm.edits._families import Family

from . import (
    accident,
    addresses,
    bill_type,
    claim,
    coordination,
    days,
    facility_codes,
    filing,
    lines,
    modifiers,
    parties,
    places,
    providers,
    repeats,
    revenue,
    stay,
    worths,
)

FAMILY = Family(
    "claims",
    "Is the claim complete, and does it agree with itself?",
    claims=(
        *(claim, bill_type, providers, addresses, parties, stay, days, facility_codes, worths),
        *(lines, places, modifiers, revenue, accident, coordination, filing, repeats),
    ),
)
