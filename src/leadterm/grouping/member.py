"""Who is scored by risk adjustment: what a plan knows of a member beside the diagnoses.

Everything is optional. What is not told is assumed and said: lives in the community, not dually eligible, no low-income
subsidy, enrolled all of the year before, entitled by age from 65 on and by disability before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from leadterm.domain import InputError, Sex

# Original and current reason for entitlement: age, disability, ESRD, disability and ESRD (CMS, OREC and CREC).
ENTITLEMENTS = {"0": "age", "1": "disability", "2": "ESRD", "3": "disability and ESRD"}
ESRD = ("2", "3")
# Medicare-Medicaid dual eligibility in the month that counts: none, partial and full benefits.
NOT_DUAL = "00"
PARTIAL, FULL = ("01", "03", "05", "06"), ("02", "04", "08")
DUAL = (NOT_DUAL, *PARTIAL, *FULL)
# What the RxHCC coefficients were calibrated on: enrollees of MA-PD plans, of PDPs, of both.
PART_D = ("mapd", "pdp", "both")
MOST_MONTHS = 600
WORDS = {"orec": tuple(ENTITLEMENTS), "crec": tuple(ENTITLEMENTS), "dual": DUAL, "part_d": PART_D}


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """What is known of a member; None where it is not told.

    Attributes:
        age: Whole years on 1 February of the payment year; None: the patient's.
        sex: None: the patient's.
        orec, crec: Original and current reason for entitlement, `0` to `3`.
        dual: Dual eligibility, `00` to `08`.
        institutional: Long-term institutional, of 90 days and more.
        low_income: Whether the low-income subsidy is paid (RxHCC).
        new_enrollee: Less than twelve months of Part B in the year before.
        special_needs: In a chronic condition special needs plan (new enrollees of CMS-HCC).
        graft_months: Months since a kidney transplant (ESRD); None without one.
        part_d: `mapd`, `pdp` or `both`: the calibration of the RxHCC coefficients.
    """

    age: int | None = None
    sex: Sex | None = None
    orec: str | None = None
    crec: str | None = None
    dual: str | None = None
    institutional: bool | None = None
    low_income: bool | None = None
    new_enrollee: bool | None = None
    special_needs: bool | None = None
    graft_months: int | None = None
    part_d: str | None = None

    def __post_init__(self) -> None:
        for name, words in WORDS.items():
            value = getattr(self, name)
            if value is not None and value not in words:
                raise InputError(f"{name} of a member is one of: {', '.join(words)}.")
        if self.age is not None and not 0 <= self.age <= 130:
            raise InputError("age of a member is given in whole years from 0 to 130.")
        if self.graft_months is not None and not 1 <= self.graft_months <= MOST_MONTHS:
            raise InputError("graft_months of a member counts months since the transplant, from 1.")
        if self.sex is Sex.UNKNOWN:
            raise InputError("sex of a member is F or M.")

    @property
    def has_esrd(self) -> bool:
        """Whether the member is entitled by end-stage renal disease, or lives with a transplanted kidney."""
        return self.orec in ESRD or self.crec in ESRD or self.graft_months is not None


NAMES = tuple(field.name for field in fields(MemberRecord))
_KINDS: Mapping[str, type] = {
    **dict.fromkeys(("age", "graft_months"), int),
    **dict.fromkeys(("institutional", "low_income", "new_enrollee", "special_needs"), bool),
}


def member_of(told: Mapping[str, object]) -> MemberRecord:
    """The member that an object of JSON tells (leadterm.member/1); other keys than ours are refused.

    Raises InputError with the key, never with its value.
    """
    values = {name: value for name, value in told.items() if value is not None and name not in ("schema", "id")}
    for name, value in values.items():
        kind = _KINDS.get(name, str)
        if name not in NAMES:
            raise InputError(f"A member has no {name[:30]}; it has {', '.join(NAMES)}.")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise InputError(f"{name} of a member is a {'true or false' if kind is bool else kind.__name__}.")
    if isinstance(values.get("sex"), str):
        values["sex"] = _sex(str(values["sex"]))
    return MemberRecord(**values)  # type: ignore[arg-type]


def _sex(text: str) -> Sex:
    if text.upper() not in ("F", "M"):
        raise InputError("sex of a member is F or M.")
    return Sex(text.upper())
