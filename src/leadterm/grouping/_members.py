"""A member as a model takes one: what the record tells, what the patient's data tell, what is assumed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from leadterm.domain import Patient, Sex

from ._ports import Member
from ._why import WhyNot
from .member import ENTITLEMENTS, FULL, NOT_DUAL, PARTIAL, MemberRecord

AGED = 65


def completed(record: MemberRecord, patient: Patient, year: int) -> Member | WhyNot:
    """The member of a payment year, or what is not known of one."""
    age = record.age if record.age is not None else patient.age_on(date(year, 2, 1))
    sex = record.sex or patient.sex
    if age is None or sex is Sex.UNKNOWN:
        lacking = [word for word, lacks in (("age", age is None), ("sex", sex is Sex.UNKNOWN)) if lacks]
        return WhyNot(f"No score without the patient's {' and '.join(lacking)}.")
    return Member(
        age,
        sex,
        record.orec or ("0" if age >= AGED else "1"),
        record.crec or "0",
        record.dual or NOT_DUAL,
        bool(record.institutional),
        bool(record.low_income),
        bool(record.new_enrollee),
        bool(record.special_needs),
        record.graft_months,
        record.part_d,
    )


def described(member: Member, record: MemberRecord, patient: Patient) -> Iterator[str]:
    """How the member was taken, in two sentences."""
    told = record.age is not None or patient.birth_date is None
    age = "as the record gives it" if told else "on 1 February of the payment year"
    yield f"Entitled by {ENTITLEMENTS[member.orec]}, {member.age} years old ({age})."
    yield f"{_lives(member)}, {_dual(member)}, {_enrolled(member)}."


def _lives(member: Member) -> str:
    income = " with the low-income subsidy" if member.low_income else ""
    return f"Lives in {'an institution' if member.institutional else 'the community'}{income}"


def _dual(member: Member) -> str:
    known = {**dict.fromkeys(PARTIAL, "with partial benefits"), **dict.fromkeys(FULL, "with full benefits")}
    return f"dually eligible {known[member.dual]}" if member.dual in known else "not dually eligible"


def _enrolled(member: Member) -> str:
    return "newly enrolled" if member.new_enrollee else "enrolled all of the year before"
