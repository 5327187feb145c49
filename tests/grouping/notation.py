"""Cases of grouping as one line: `SETTING[/CLAIM TYPE] [SEX][AGE] [DATE]: CODES`, for example

    inpatient F76 2026-05-14: I50.23/Y J96.01/Y -N17.9 pcs:0SR9019 disp:06

The first code is principal or first-listed, further ones are secondary, `/Y` is present on admission (`/exempt` too),
`-` rejects. `born:1950-03-03` gives the birth date, `disp:` the discharge disposition, `pos:` the place of service,
`line:` a charge with modifiers and units (`line:71046-26x2`). A stay begins and ends on its date.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from leadterm.domain import (
    Assignment,
    ClaimType,
    Code,
    CodedEncounter,
    CodeSystem,
    Encounter,
    Evidence,
    PathwayStep,
    Patient,
    Poa,
    Role,
    Setting,
    Sex,
    Span,
    Status,
    Step,
)

_HEAD = re.compile(
    r"(?P<setting>[a-z-]+)(?:/(?P<type>[a-z]+))?(?: (?P<sex>[FMU])(?P<age>\d+)?)?(?: (?P<on>\d{4}-\d\d-\d\d))?"
)
_LINE = re.compile(r"(?P<code>\w{5})(?P<modifiers>(?:-\w\w)*)(?:x(?P<units>[\d.]+))?")
FIELDS = ("born", "disp", "pos")


def coded(text: str) -> CodedEncounter:
    """The coded encounter that a line writes."""
    head, _, body = text.partition(": ")
    words = body.split()
    told = dict(w.split(":", 1) for w in words if w.split(":")[0] in FIELDS)
    encounter = _encounter(head, told)
    codes = [w for w in words if w.split(":")[0] not in FIELDS]
    return CodedEncounter(encounter, tuple(_assignment(w, n, encounter) for n, w in enumerate(codes, 1)))


def _encounter(head: str, told: dict[str, str]) -> Encounter:
    found = _HEAD.fullmatch(head)
    assert found, f"no head of a case: {head}"
    day = date.fromisoformat(found["on"]) if found["on"] else None
    stay = found["setting"] == "inpatient"
    return Encounter(
        id="case",
        setting=Setting(found["setting"]),
        claim_type=ClaimType(found["type"]) if found["type"] else None,
        date_of_service=None if stay else day,
        admission=day if stay else None,
        discharge=day if stay else None,
        disposition=told.get("disp"),
        place_of_service=told.get("pos"),
        patient=Patient(
            sex=Sex(found["sex"] or "U"),
            age=int(found["age"]) if found["age"] else None,
            birth_date=date.fromisoformat(told["born"]) if "born" in told else None,
        ),
    )


def _assignment(word: str, place: int, encounter: Encounter) -> Assignment:
    status = Status.REJECTED if word.startswith("-") else Status.ADDED
    kind, _, value = word.lstrip("-").rpartition(":")
    id = f"a{place}"
    if kind == "pcs":
        return _given(id, Code(CodeSystem.ICD10PCS, value), Role.PROCEDURE, status)
    if kind == "line":
        return _charge(id, value, status)
    first = Role.PRINCIPAL if encounter.uses_section_two else Role.FIRST_LISTED
    written, _, poa = value.partition("/")
    role = first if place == 1 else Role.SECONDARY
    return _given(id, Code.parse(written, CodeSystem.ICD10CM), role, status, Poa(poa) if poa else None)


def _given(id: str, code: Code, role: Role, status: Status, poa: Poa | None = None) -> Assignment:
    proof = (Evidence("d1", Span(0, 5), "words"),), (PathwayStep(Step.TABULAR, "as the case has it"),)
    return Assignment(id, code, None, role, int(id[1:]), 1.0, *proof, poa=poa, status=status)


def _charge(id: str, text: str, status: Status) -> Assignment:
    found = _LINE.fullmatch(text)
    assert found, f"no charge: {text}"
    system = CodeSystem.CPT if found["code"][0].isdigit() else CodeSystem.HCPCS
    return Assignment(
        id,
        Code.parse(found["code"], system),
        None,
        Role.CHARGE,
        int(id[1:]),
        1.0,
        status=status,
        modifiers=tuple(found["modifiers"].split("-")[1:]),
        units=Decimal(found["units"]) if found["units"] else None,
    )
