"""All that one encounter groups to (leadterm.groups/1), and all that several encounters of one member do together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from leadterm.codesets import CodeBook
from leadterm.domain import CodedEncounter, Setting, plain_day

from ._drg import Drg
from ._why import WhyNot
from .ccsr import Ccsr, ccsr_of
from .comorbidity import Comorbidity, comorbidity_of, comorbidity_of_year
from .hcc import NOBODY, Hccs, hccs_of, hccs_of_year
from .member import MemberRecord
from .ms_drg import drg_of

# The models that are asked where nobody says which, the one that pays first.
ASKED = ("V28", "V24", "RxHCC")
OF_ONE = WhyNot("Several encounters are put together; an MS-DRG is of one stay.")
CCSR_OF_ONE = WhyNot("Several encounters are put together; CCSR counts each by itself.")


@dataclass(frozen=True, slots=True)
class Groups:
    """What one encounter, or several of a member, group to; each part, or why there is none.

    Attributes:
        id: Of the encounter, or of the patient where several are put together.
        setting, on: Of the (last) encounter.
        encounters: The ids of those that were put together; empty for one alone.
        drg, hccs, ccsr, comorbidity: The answers.
    """

    id: str
    setting: Setting
    on: date | None
    drg: Drg | WhyNot
    hccs: tuple[Hccs, ...] | WhyNot
    ccsr: Ccsr | WhyNot
    comorbidity: Comorbidity | WhyNot
    encounters: tuple[str, ...] = ()


def groups_of(
    coded: CodedEncounter, book: CodeBook, member: MemberRecord = NOBODY, asked: Sequence[str] = ASKED
) -> Groups:
    """What the codes of an encounter that are not rejected group to.

    Raises InputError for a model (of `asked`) that nobody knows.
    """
    return Groups(
        coded.encounter.id,
        coded.encounter.setting,
        _day(coded),
        drg_of(coded, book),
        hccs_of(coded, member=member, asked=asked),
        ccsr_of(coded, book),
        comorbidity_of(coded),
    )


def groups_together(
    encounters: Sequence[CodedEncounter], member: MemberRecord = NOBODY, asked: Sequence[str] = ASKED
) -> Groups:
    """What the encounters of one member and one year group to together.

    Raises InputError where they are of several years or patients, or there are none.
    """
    last = max(encounters, key=lambda one: _day(one) or date.min)
    hccs = hccs_of_year((*(one for one in encounters if one is not last), last), member=member, asked=asked)
    ids = tuple(one.encounter.id for one in encounters)
    patient = next((one.encounter.patient.id for one in encounters if one.encounter.patient.id), None)
    return Groups(
        patient or last.encounter.id,
        last.encounter.setting,
        _day(last),
        OF_ONE,
        hccs,
        CCSR_OF_ONE,
        comorbidity_of_year((*(one for one in encounters if one is not last), last)),
        ids,
    )


def _day(coded: CodedEncounter) -> date | None:
    return plain_day(coded.on or coded.encounter.controlling_date)
