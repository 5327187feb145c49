"""The words of the contract as the codes of an 837P: tables, each with what stands where nothing fits."""

from __future__ import annotations

from leadterm.domain import ProviderRole

# SBR09. Self-pay has had no code of its own since version 5010 (09 went with 4010): it is ZZ, as is a type
# that nobody named, "not known" being what ZZ says.
FILING_INDICATORS = {
    "medicare": "MB",
    "medicaid": "MC",
    "commercial": "CI",
    "bcbs": "BL",
    "tricare": "CH",
    "workers-compensation": "WC",
    "auto": "AM",
    "hmo": "HM",
    "va": "VA",
    "self-pay": "ZZ",
    "other": "ZZ",
}
UNKNOWN_FILING = "ZZ"
# The types that SBR09 names, for reading: those above, and the codes that say more than a type does.
FILING_TYPES = {code: word for word, code in FILING_INDICATORS.items() if code != UNKNOWN_FILING} | {
    "MA": "medicare",
    "16": "medicare",
    **dict.fromkeys(("12", "13", "14", "15", "17"), "commercial"),
    **dict.fromkeys(("11", "DS", "FI", "LM", "OF", "TV"), "other"),
}

# SBR02 and PAT01: the patient's relationship to the subscriber. Whatever is not listed is another one (G8).
RELATIONSHIPS = {
    "self": "18",
    "spouse": "01",
    "child": "19",
    "employee": "20",
    "unknown": "21",
    "organ-donor": "39",
    "cadaver-donor": "40",
    "life-partner": "53",
    "other": "G8",
}
OTHER_RELATIONSHIP = "G8"
RELATIONSHIP_WORDS = {code: word for word, code in RELATIONSHIPS.items()}

# SBR01, by place among the payers.
RESPONSIBILITY = "PSTABCDEFGH"

# CLM11-1.
ACCIDENTS = {"auto": "AA", "employment": "EM", "other": "OA"}
ACCIDENT_WORDS = {code: word for word, code in ACCIDENTS.items()}
# Accidents whose day and, for the first, whose state the guide asks for.
NEEDS_DATE = frozenset({"auto", "other"})
NEEDS_STATE = frozenset({"auto"})

# NM101, by loop: who may be only a person, and who may be either.
ENTITIES = {
    ProviderRole.REFERRING: "DN",
    ProviderRole.RENDERING: "82",
    ProviderRole.FACILITY: "77",
    ProviderRole.SUPERVISING: "DQ",
    ProviderRole.ORDERING: "DK",
}
# The same for reading, with those of an institutional claim: attending, operating, and a second operating.
ENTITY_ROLES = {code: role for role, code in ENTITIES.items()} | {
    "71": ProviderRole.ATTENDING,
    "72": ProviderRole.OPERATING,
    "ZZ": ProviderRole.OPERATING,
}
PERSONS_ONLY = (ProviderRole.REFERRING, ProviderRole.SUPERVISING, ProviderRole.ORDERING)

NDC_UNITS = frozenset({"F2", "GR", "ME", "ML", "UN"})


def filing_indicator(payer_type: str | None) -> str:
    """SBR09 for a payer's type."""
    return FILING_INDICATORS.get((payer_type or "").strip().lower(), UNKNOWN_FILING)


def relationship(word: str) -> str:
    """SBR02 or PAT01 for a relationship."""
    return RELATIONSHIPS.get(word.strip().lower(), OTHER_RELATIONSHIP)
