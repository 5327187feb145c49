"""Claims as one line of text, as rules write them: what is changed in a good claim.

    lines.1.units = 0; frequency = 7        in the good professional claim, an office visit
    stay: disposition = none                in the good claim of a hospital stay
    visit: lines.2.code = none              in the good claim of a hospital's outpatient visit

`none` empties. The name of a role leads to the provider (`attending.npi`), `payer` to the first payer, `payers.2` to
the second, `lines.3` to a line. Fields that take several have words:

    lines = 51, payers = 2                  the first one, repeated
    diagnoses = I21.4/Y R07.9=admitting     with present on admission, with a role
    procedures = 0FT44ZZ@2026-05-11
    occurrences = 11@2026-05-01 74@2026-05-11/2026-05-12
    values = 80:4 54:3250
    statement = 2026-05-10/2026-05-14
    accident = auto 2026-05-01 NY
    add.referring = 1234567893              a person more
    adjudication = 90.00 CO45:35.00 @2026-06-01 owed:5.00 1:90.00/CO45:35.00     paid, adjusted, day, owed, of line 1

`received = 2027-05-15` says when the payer gets it, and what stands left of ` || ` is a claim that went before.
`tables = none` says that no edit tables are installed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from leadterm.domain import (
    Address,
    Adjudication,
    Claim,
    ClaimDiagnosis,
    ClaimProcedure,
    ClaimType,
    ClaimValue,
    Code,
    CodeSystem,
    DateRange,
    DrugCode,
    LineAdjudication,
    Money,
    Occurrence,
    Patient,
    Payer,
    Poa,
    PriorAdjustment,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
    Sex,
    Subscriber,
)
from leadterm.edits import Seen

_ADDRESS = Address("12 Sample Street", None, "Sampleton", "NY", "123456789")
_ADA = Patient(
    "p1", Sex.FEMALE, date(1959, 2, 11), first_name="Ada", middle_name="B", last_name="Sample", address=_ADDRESS
)
_PAYER = Payer("99999", "Sample Payer", "commercial", "W123456789", "G1")
_HOSPITAL = Provider(ProviderRole.BILLING, "1245319599", "282N00000X", "123456789", "Sample Hospital", address=_ADDRESS)
_ATTENDING = Provider(ProviderRole.ATTENDING, "1234567893", "207R00000X", first_name="Ben", last_name="Sample")


def _icd(code: str, role: Role = Role.SECONDARY, poa: Poa | None = None) -> ClaimDiagnosis:
    return ClaimDiagnosis(Code(CodeSystem.ICD10CM, code), role, poa)


def procedure(text: str) -> Code:
    """A code of CPT or HCPCS."""
    return Code.parse(text, CodeSystem.CPT if text[0].isdigit() else CodeSystem.HCPCS)


def _line(number: int, revenue: str, code: str | None, units: str, charge: str, **more: Any) -> ServiceLine:
    day = date(2026, 5, 14)
    days = {"start": day, "end": day} | more
    made = procedure(code) if code else None
    return ServiceLine(number, made, Decimal(units), Money.parse(charge), revenue_code=revenue, **days)


GOOD_CLAIM = Claim(
    id="CASE1",
    claim_type=ClaimType.PROFESSIONAL,
    patient=_ADA,
    subscriber=Subscriber(),
    payers=(_PAYER,),
    providers=(
        Provider(
            ProviderRole.BILLING, "1245319599", "207Q00000X", "123456789", "Sample Family Practice", address=_ADDRESS
        ),
        Provider(ProviderRole.RENDERING, "1234567893", "207Q00000X", first_name="Ben", last_name="Sample"),
    ),
    diagnoses=(_icd("E11.9", Role.FIRST_LISTED), _icd("I10")),
    lines=(
        ServiceLine(
            1,
            Code(CodeSystem.CPT, "99213"),
            Decimal(1),
            Money.parse("125.00"),
            date(2026, 5, 14),
            date(2026, 5, 14),
            ("25",),
            (1, 2),
        ),
    ),
    place_of_service="11",
)
_STAY_DAYS = {"start": date(2026, 5, 10), "end": date(2026, 5, 14), "dated": False}
GOOD_STAY = Claim(
    id="CASE1",
    claim_type=ClaimType.INSTITUTIONAL,
    patient=_ADA,
    subscriber=Subscriber(),
    payers=(_PAYER,),
    providers=(_HOSPITAL, _ATTENDING),
    diagnoses=(
        _icd("I21.4", Role.PRINCIPAL, Poa.YES),
        _icd("I10", Role.SECONDARY, Poa.YES),
        _icd("R07.9", Role.ADMITTING),
    ),
    lines=(
        _line(1, "0120", None, "4", "4000.00", unit="DA", **_STAY_DAYS),
        _line(2, "0250", None, "12", "300.00", **_STAY_DAYS),
        _line(3, "0300", None, "6", "600.00", **_STAY_DAYS),
    ),
    type_of_bill="0111",
    statement=DateRange(date(2026, 5, 10), date(2026, 5, 14)),
    admission=datetime(2026, 5, 10, 14, 0),
    discharge=datetime(2026, 5, 14, 11, 0),
    disposition="01",
    admit_type="1",
    admit_source="1",
    values=(ClaimValue("80", Money.parse(4)),),
)
GOOD_VISIT = Claim(
    id="CASE1",
    claim_type=ClaimType.INSTITUTIONAL,
    patient=_ADA,
    subscriber=Subscriber(),
    payers=(_PAYER,),
    providers=(_HOSPITAL, _ATTENDING),
    diagnoses=(_icd("R07.9", Role.FIRST_LISTED), _icd("I10"), _icd("R07.9", Role.REASON_FOR_VISIT)),
    lines=(
        _line(1, "0450", "99284", "1", "800.00", modifiers=("25",)),
        _line(2, "0300", "80053", "1", "90.00"),
        _line(3, "0636", "J1885", "2", "40.00"),
    ),
    type_of_bill="0131",
    statement=DateRange(date(2026, 5, 14), date(2026, 5, 14)),
    disposition="01",
    admit_type="1",
    admit_source="1",
)
_BASES = {"stay": GOOD_STAY, "visit": GOOD_VISIT}


@dataclass(frozen=True)
class Asked:
    """A claim as it is asked about; `tables`: whether edit tables are installed."""

    claim: Claim
    received: date | None = None
    earlier: Seen | None = None
    tables: bool = True


def asked(text: str) -> Asked:
    """The claim that a line writes, with the day of its receipt and the claims before it."""
    *before, last = text.split(" || ")
    earlier = Seen() if before else None
    for one in before:
        assert earlier is not None
        earlier.remember(claim(one))
    changes = [c for c in last.split("; ") if not c.startswith(("received = ", "tables = "))]
    days = [c.partition(" = ")[2] for c in last.split("; ") if c.startswith("received = ")]
    received = date.fromisoformat(days[0]) if days else None
    return Asked(claim("; ".join(changes)), received, earlier, tables="tables = none" not in last)


def claim(text: str = "") -> Claim:
    """The good claim with the changes that a line writes."""
    base, colon, rest = text.partition(":")
    known = bool(colon) and base in _BASES
    changed = _BASES[base] if known else GOOD_CLAIM
    for change in filter(None, (rest.lstrip() if known else text).split("; ")):
        path, _, value = change.partition(" = ")
        changed = _changed(changed, path.split("."), None if value == "none" else value)
    return changed


def _changed(value: Any, path: Sequence[str], new: str | None) -> Any:
    head, *rest = path
    if isinstance(value, Claim):
        if head == "add":
            person = Provider(ProviderRole(rest[0]), new, first_name="Cara", last_name="Sample")
            return replace(value, providers=(*value.providers, person))
        if head in set(ProviderRole):
            return replace(value, providers=_providers(value.providers, head, rest, new))
        if head == "payer":
            return _changed(value, ("payers", "1", *rest), new)
    if head in {"lines", "payers"} and rest:
        place, items = int(rest[0]) - 1, getattr(value, head)
        one = _changed(items[place], rest[1:], new)
        return replace(value, **{head: (*items[:place], one, *items[place + 1 :])})
    return replace(value, **{head: _changed(getattr(value, head), rest, new) if rest else _value(value, head, new)})


def _providers(
    providers: tuple[Provider, ...], role: str, rest: Sequence[str], new: str | None
) -> tuple[Provider, ...]:
    """Those with one changed, or without it."""
    if not rest:
        return tuple(p for p in providers if p.role != role)
    return tuple(_changed(p, rest, new) if p.role == role else p for p in providers)


def _value(owner: Any, name: str, text: str | None) -> Any:
    """The value that a field of that name takes."""
    if name == "lines":
        return tuple(replace(owner.lines[0], number=n) for n in range(1, int(text or 0) + 1))
    if name == "payers":
        return owner.payers[:1] * int(text or 0)
    if name == "providers":
        return ()
    if name in _ITEMS:
        return tuple(_ITEMS[name](word) for word in (text or "").split())
    return _VALUES.get(name, str)(text) if text is not None else None


def _diagnosis(word: str) -> ClaimDiagnosis:
    rest, _, role = word.partition("=")
    code, _, poa = rest.partition("/")
    return ClaimDiagnosis(Code.parse(code, CodeSystem.ICD10CM), Role(role or "secondary"), Poa(poa) if poa else None)


def _procedure(word: str) -> ClaimProcedure:
    code, _, day = word.partition("@")
    return ClaimProcedure(Code(CodeSystem.ICD10PCS, code), date.fromisoformat(day) if day else None)


def _occurrence(word: str) -> Occurrence:
    code, _, days = word.partition("@")
    start, _, end = days.partition("/")
    return Occurrence(code, date.fromisoformat(start), date.fromisoformat(end) if end else None)


def _worth(word: str) -> ClaimValue:
    code, _, amount = word.partition(":")
    return ClaimValue(code, Money.parse(amount))


def _period(text: str) -> DateRange:
    start, _, end = text.partition("/")
    return DateRange(date.fromisoformat(start), date.fromisoformat(end) if end else None)


def _moment(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _drug(text: str) -> DrugCode:
    code, quantity, unit = text.split()
    return DrugCode(code, Decimal(quantity), unit)


def _accident(text: str) -> Mapping[str, str]:
    return dict(zip(("type", "date", "state"), text.split(), strict=False))


def _adjustment(word: str) -> PriorAdjustment:
    reason, _, amount = word.partition(":")
    return PriorAdjustment(reason[:2], reason[2:], Money.parse(amount))


def _decided_line(word: str) -> LineAdjudication:
    line, _, rest = word.partition(":")
    paid, *adjustments = rest.split("/")
    return LineAdjudication(int(line), Money.parse(paid), adjustments=tuple(map(_adjustment, adjustments)))


def _adjudication(text: str) -> Adjudication:
    paid, *words = text.split()
    days = [date.fromisoformat(w[1:]) for w in words if w[0] == "@"]
    owed = [w.removeprefix("owed:") for w in words if w.startswith("owed:")]
    return Adjudication(
        Money.parse(paid),
        tuple(_adjustment(w) for w in words if w[0].isupper()),
        days[0] if days else None,
        Money.parse(owed[0]) if owed else None,
        lines=tuple(_decided_line(w) for w in words if w[0].isdigit()),
    )


_ITEMS: Mapping[str, Any] = {
    "diagnoses": _diagnosis,
    "procedures": _procedure,
    "occurrences": _occurrence,
    "values": _worth,
    "condition_codes": str,
    "pointers": int,
    "modifiers": str,
}
_VALUES: Mapping[str, Any] = {
    "birth_date": date.fromisoformat,
    "admission": _moment,
    "discharge": _moment,
    "start": date.fromisoformat,
    "end": date.fromisoformat,
    "statement": _period,
    "sex": Sex,
    "units": Decimal,
    "charge": Money.parse,
    "noncovered": Money.parse,
    "patient_paid": Money.parse,
    "code": procedure,
    "ndc": _drug,
    "accident": _accident,
    "adjudication": _adjudication,
    "claim_type": ClaimType,
}
