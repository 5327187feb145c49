"""The independent judge of 835 files: what a file says, from its bytes alone, sharing no line with the product.

`recompute` splits naively and gives a `Truth`; `generate.py` gives the `Truth` that it meant to write; a reader's
answer becomes one with `truth_of`. Three ways to the same value, compared with `==`. `oxedi_totals` asks a fourth, a
parser by others. Where oxedi 0.6 deviates (`test_generate.py` holds it to this):

- All interchanges of a file are cut with the separators of the first: others are lost or garbled where theirs differ.
  So each is handed to it alone.
- BPR03 is not read: `sum_payments` adds a debit as if it were paid, and no debit balances.
- What is no amount to the cent (`12.345` too) becomes null with the finding TypeMismatch, and the rest is read; so is a
  file that is cut off, an 837 or a 4010, with findings. Only what does not begin with an ISA is refused.
- CLP05, TS3, control numbers used twice, control characters, CARC and RARC are not judged.
- Modifiers, revenue code, SVC06, TS3, TS2, MIA, MOA and LQ are in no table, so remark codes cannot be compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, TypeVar

ZERO = Decimal(0)
NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
# Blanks that may stand between segments; separators can be control characters, which `str.strip` would eat.
BLANK = " \t\r\n"
Key = TypeVar("Key")
Named = tuple[str, str | None, str | None, str | None, str | None, str | None, str | None]


class Unreadable(ValueError):
    """What a file says cannot be told."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """One group, reason, amount and quantity of a CAS."""

    group: str
    reason: str
    amount: Decimal
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineTruth:
    """A service line; `end` is `start` where the file gives one day, both None where it gives none."""

    qualifier: str
    code: str
    charge: Decimal
    paid: Decimal
    modifiers: tuple[str, ...] = ()
    revenue_code: str | None = None
    units: Decimal = Decimal(1)
    submitted_code: str | None = None
    submitted_modifiers: tuple[str, ...] = ()
    submitted_units: Decimal | None = None
    start: date | None = None
    end: date | None = None
    control_number: str | None = None
    adjustments: tuple[Adjusted, ...] = ()
    remarks: tuple[str, ...] = ()
    # NCPDP reject codes (LQ*RX): not remark codes, and no field of a RemittedLine holds them.
    rejects: tuple[str, ...] = field(default=(), compare=False)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    references: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimTruth:
    """A claim; a party is (entity, name, first, middle, suffix, qualifier, id); `dates` holds all but 232 and 233."""

    id: str
    status: str
    charge: Decimal
    paid: Decimal
    patient: Decimal
    filing: str | None
    payer_control_number: str | None
    facility: str | None = None
    frequency: str | None = None
    drg: str | None = None
    provider: str | None = None
    start: date | None = None
    end: date | None = None
    adjustments: tuple[Adjusted, ...] = ()
    lines: tuple[LineTruth, ...] = ()
    inpatient: tuple[str, ...] = ()
    outpatient: tuple[str, ...] = ()
    parties: tuple[Named, ...] = ()
    dates: Mapping[str, date] = field(default_factory=dict)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    references: tuple[tuple[str, str], ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remark codes of MIA (05, 20 to 23), then of MOA (03 to 07)."""
        return tuple(r for r in (*self.inpatient[4:5], *self.inpatient[19:23], *self.outpatient[2:7]) if r)

    def all_adjustments(self) -> Iterator[Adjusted]:
        """Those of the claim, then those of each line."""
        return chain(self.adjustments, *(line.adjustments for line in self.lines))


@dataclass(frozen=True, slots=True)
class Settlement:
    """One pair of a PLB."""

    provider: str
    period_end: date
    reason: str
    reference: str | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class SummaryTruth:
    """A TS3, and the TS2 under it as written."""

    provider: str
    facility: str
    period_end: date
    claims: Decimal
    charge: Decimal
    inpatient: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """What sums up one payment or a file of them; mappings hold no zero."""

    payments: int
    amount: Decimal
    claims: int
    lines: int
    charge: Decimal
    paid: Decimal
    patient: Decimal
    line_charge: Decimal
    line_paid: Decimal
    adjustments: Mapping[tuple[str, str], Decimal]
    provider_adjustments: Mapping[str, Decimal]
    statuses: Mapping[str, int]
    remarks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PaymentTruth:
    """One transaction; `amount` is negative where BPR03 says debit."""

    control_number: str
    convention: str
    handling: str
    method: str
    amount: Decimal
    payment_date: date | None
    trace: str
    originator: str | None
    produced: date | None
    currency: str | None
    payer: str
    payee: str
    payee_id: str | None
    claims: tuple[ClaimTruth, ...] = ()
    summaries: tuple[SummaryTruth, ...] = ()
    provider_adjustments: tuple[Settlement, ...] = ()

    @property
    def totals(self) -> Totals:
        """Its sums."""
        return totals([self])


@dataclass(frozen=True, slots=True)
class Truth:
    """What a file says: its payments in file order."""

    payments: tuple[PaymentTruth, ...]

    @property
    def totals(self) -> Totals:
        """The sums over the whole file."""
        return totals(self.payments)


def totals(payments: Sequence[PaymentTruth]) -> Totals:
    """The sums over `payments`: money by (group, CARC) and by PLB reason, counts of statuses and remark codes."""
    claims = [claim for payment in payments for claim in payment.claims]
    lines = [line for claim in claims for line in claim.lines]
    adjusted = chain.from_iterable(claim.all_adjustments() for claim in claims)
    settled = chain.from_iterable(payment.provider_adjustments for payment in payments)
    return Totals(
        payments=len(payments),
        amount=sum((p.amount for p in payments), ZERO),
        claims=len(claims),
        lines=len(lines),
        charge=sum((c.charge for c in claims), ZERO),
        paid=sum((c.paid for c in claims), ZERO),
        patient=sum((c.patient for c in claims), ZERO),
        line_charge=sum((s.charge for s in lines), ZERO),
        line_paid=sum((s.paid for s in lines), ZERO),
        adjustments=_sums(((a.group, a.reason), a.amount) for a in adjusted),
        provider_adjustments=_sums((s.reason, s.amount) for s in settled),
        statuses=Counter(c.status for c in claims),
        remarks=Counter(chain(*(c.remarks for c in claims), *(s.remarks for s in lines))),
    )


def _sums(pairs: Iterable[tuple[Key, Decimal]]) -> dict[Key, Decimal]:
    out: dict[Key, Decimal] = {}
    for key, amount in pairs:
        out[key] = out.get(key, ZERO) + amount
    return {key: amount for key, amount in out.items() if amount}


def interchanges(content: bytes) -> Iterator[bytes]:
    """Each interchange of a file, ISA to IEA, alone."""
    text = content.removeprefix(b"\xef\xbb\xbf").lstrip(BLANK.encode())
    while text:
        if not text.startswith(b"ISA") or len(text) < 106:
            raise Unreadable("no ISA where an interchange should begin")
        ends = re.escape(text[105:106])
        end = re.search(rb"[ \t\r\n]*IEA" + re.escape(text[3:4]) + rb"[^A-Z]*?" + ends, text)
        if end is None:
            raise Unreadable("an interchange without IEA")
        yield text[: end.end()]
        text = text[end.end() :].lstrip(BLANK.encode())


def split(interchange: bytes) -> tuple[str, list[list[str]]]:
    """The component separator and the segments of one interchange, each a list of its elements (Latin-1)."""
    text = interchange.decode("latin-1")
    segments = [s.strip(BLANK) for s in text.split(text[105])]
    return text[104], [s.split(text[3]) for s in segments if s]


def recompute(content: bytes) -> Truth:
    """What a file of 835s says; Unreadable where it cannot be told or is no 005010X221A1."""
    payments: list[PaymentTruth] = []
    for interchange in interchanges(content):
        colon, segments = split(interchange)
        convention = ""
        body: list[list[str]] | None = None
        for segment in segments:
            if segment[0] == "GS":
                convention = ":".join((segment[1], segment[8]))
            elif segment[0] == "ST":
                body = []
            elif segment[0] == "SE" and body is not None:
                payments.append(_whole(convention, colon, body))
                body = None
            if body is not None:
                body.append(segment)
        if body:
            raise Unreadable("a transaction without SE")
    if not payments:
        raise Unreadable("no transaction")
    return Truth(tuple(payments))


def _whole(convention: str, colon: str, body: list[list[str]]) -> PaymentTruth:
    """A transaction; Unreadable where it is another one, or an element is absent or no number or day."""
    group, _, guide = convention.partition(":")
    if (group, guide, body[0][1:2]) != ("HP", "005010X221A1", ["835"]):
        raise Unreadable("not an 835 of version 005010X221A1")
    try:
        return _payment(guide, colon, body)
    except (IndexError, ValueError) as error:
        raise Unreadable(str(error)) from error


def _payment(convention: str, colon: str, body: list[list[str]]) -> PaymentTruth:
    """A transaction: what stands before the first LX or PLB, the claims of each LX, the PLBs."""
    first = next((n for n, s in enumerate(body) if s[0] in ("LX", "CLP", "PLB")), len(body))
    head = body[:first]
    money, trace, payer, payee = (_first(head, *key) for key in (("BPR",), ("TRN",), ("N1", "PR"), ("N1", "PE")))
    claims: list[ClaimTruth] = []
    summaries: list[SummaryTruth] = []
    for group in _cut(body[first:], "LX"):
        stated = _first(group, "TS3")
        if stated:
            counted, charged = number(stated[4]), cash(stated[5])
            more = tuple(_first(group, "TS2")[1:])
            summaries.append(SummaryTruth(stated[1], stated[2], day(stated[3]), counted, charged, more))
        provider = stated[1] if stated else None
        claims.extend(_claim(colon, c, provider) for c in _cut(group, "CLP") if c[0][0] == "CLP")
    return PaymentTruth(
        control_number=body[0][2],
        convention=convention,
        handling=_at(money, 1) or "",
        method=_at(money, 4) or "",
        amount=cash(money[2]) * (-1 if money[3] == "D" else 1),
        payment_date=_day(money, 16),
        trace=_at(trace, 2) or "",
        originator=_at(trace, 3),
        produced=_day(_first(head, "DTM", "405"), 2),
        currency=_at(_first(head, "CUR"), 2),
        payer=_at(payer, 2) or "",
        payee=_at(payee, 2) or "",
        payee_id=_at(payee, 4),
        claims=tuple(claims),
        summaries=tuple(summaries),
        provider_adjustments=tuple(chain.from_iterable(_settled(colon, s) for s in body if s[0] == "PLB")),
    )


def _settled(colon: str, plb: list[str]) -> Iterator[Settlement]:
    for reason, amount in zip(plb[3::2], plb[4::2], strict=True):
        code, _, reference = reason.partition(colon)
        yield Settlement(plb[1], day(plb[2]), code, reference or None, cash(amount))


def _claim(colon: str, segments: list[list[str]], provider: str | None) -> ClaimTruth:
    clp, *rest = segments
    own, *lines = _cut(rest, "SVC", keep_head=True)
    dates = {s[1]: day(s[2]) for s in own if s[0] == "DTM"}
    start, end = dates.pop("232", None), dates.pop("233", None)
    return ClaimTruth(
        id=clp[1],
        status=clp[2],
        charge=cash(clp[3]),
        paid=cash(clp[4]),
        patient=cash(_at(clp, 5) or "0"),
        filing=_at(clp, 6),
        payer_control_number=_at(clp, 7),
        facility=_at(clp, 8),
        frequency=_at(clp, 9),
        drg=_at(clp, 11),
        provider=provider,
        start=start or end,
        end=end or start,
        adjustments=_adjusted(own),
        lines=tuple(_line(colon, line) for line in lines),
        inpatient=tuple(_first(own, "MIA")[1:]),
        outpatient=tuple(_first(own, "MOA")[1:]),
        parties=tuple(
            (s[1], _at(s, 3), _at(s, 4), _at(s, 5), _at(s, 7), _at(s, 8), _at(s, 9)) for s in own if s[0] == "NM1"
        ),
        dates=dates,
        amounts=_valued(own, "AMT", cash),
        quantities=_valued(own, "QTY", number),
        references=tuple((s[1], s[2]) for s in own if s[0] == "REF"),
    )


def _line(colon: str, segments: list[list[str]]) -> LineTruth:
    svc = segments[0]
    if colon not in svc[1]:
        raise ValueError(f"SVC01 has one of two parts: {svc[1]!r}")
    qualifier, code, *modifiers = svc[1].split(colon)
    submitted = (_at(svc, 6) or "").split(colon)
    dates = {s[1]: day(s[2]) for s in segments if s[0] == "DTM"}
    start = dates.get("150") or dates.get("472")
    end = dates.get("151") or dates.get("472")
    references = [(s[1], s[2]) for s in segments if s[0] == "REF"]
    units = _at(svc, 7)
    return LineTruth(
        qualifier=qualifier,
        code=code,
        charge=cash(svc[2]),
        paid=cash(svc[3]),
        modifiers=tuple(m for m in modifiers[:4] if m),
        revenue_code=_at(svc, 4) or (code if qualifier == "NU" else None),
        units=number(_at(svc, 5) or "1"),
        submitted_code=submitted[1] if len(submitted) > 1 else None,
        submitted_modifiers=tuple(m for m in submitted[2:6] if m),
        submitted_units=number(units) if units else None,
        start=start or end,
        end=end or start,
        control_number=next((value for kind, value in references if kind == "6R"), None),
        adjustments=_adjusted(segments),
        remarks=tuple(s[2] for s in segments if s[:2] == ["LQ", "HE"]),
        rejects=tuple(s[2] for s in segments if s[:2] == ["LQ", "RX"]),
        amounts=_valued(segments, "AMT", cash),
        quantities=_valued(segments, "QTY", number),
        references=tuple(r for r in references if r[0] != "6R"),
    )


def _adjusted(segments: list[list[str]]) -> tuple[Adjusted, ...]:
    return tuple(
        Adjusted(s[1], s[n], cash(s[n + 1]), number(s[n + 2]) if _at(s, n + 2) else None)
        for s in segments
        if s[0] == "CAS"
        for n in range(2, len(s), 3)
    )


def _valued(segments: list[list[str]], kind: str, value: Callable[[str], Decimal]) -> dict[str, Decimal]:
    return {s[1]: value(s[2]) for s in segments if s[0] == kind}


def number(text: str) -> Decimal:
    """The value of an X12 decimal (type R without exponent); ValueError for anything else."""
    if not NUMBER.fullmatch(text):
        raise ValueError(f"not a number: {text!r}")
    return Decimal(text)


def cash(text: str) -> Decimal:
    """The amount of money that a number names; ValueError where it is finer than a cent."""
    amount = number(text)
    if amount != round(amount, 2):
        raise ValueError(f"finer than a cent: {text!r}")
    return amount


def day(text: str) -> date:
    """The day that CCYYMMDD names; ValueError for anything else."""
    if not re.fullmatch("[0-9]{8}", text):
        raise ValueError(f"not a day: {text!r}")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _day(segment: list[str], position: int) -> date | None:
    text = _at(segment, position)
    return day(text) if text else None


def _at(segment: list[str], position: int) -> str | None:
    """An element; None where it is absent or empty."""
    return (segment[position] or None) if position < len(segment) else None


def _first(segments: list[list[str]], *start: str) -> list[str]:
    """The first segment that begins with these elements; an empty one where there is none."""
    return next((s for s in segments if s[: len(start)] == list(start)), [])


def _cut(segments: list[list[str]], kind: str, *, keep_head: bool = False) -> list[list[list[str]]]:
    """The runs of segments that begin with `kind`; before them what precedes the first, if wanted or not empty."""
    runs: list[list[list[str]]] = [[]]
    for segment in segments:
        if segment[0] == kind:
            runs.append([])
        runs[-1].append(segment)
    return runs if keep_head or runs[0] else runs[1:]


def faults(content: bytes) -> frozenset[str]:
    """The levels at which a readable file does not add up: `service`, `claim`, `transaction`, `envelope`."""
    return frozenset(chain(_money_faults(recompute(content)), *map(_envelope_faults, interchanges(content))))


def _money_faults(truth: Truth) -> Iterator[str]:
    for payment in truth.payments:
        for claim in payment.claims:
            if any(line.charge - line.paid != _sum(line.adjustments) for line in claim.lines):
                yield "service"
            if claim.charge - claim.paid != _sum(claim.all_adjustments()):
                yield "claim"
            # What the patient owes is not said of a reversal (CLP05).
            owed = _sum(a for a in claim.all_adjustments() if a.group == "PR")
            if claim.status != "22" and claim.patient != owed:
                yield "claim"
        if payment.amount != _sum(payment.claims, "paid") - _sum(payment.provider_adjustments):
            yield "transaction"
        for summary, below in _under(payment):
            if summary.claims != Decimal(len(below)) or summary.charge != _sum(below, "charge"):
                yield "transaction"


def _sum(values: Iterable[Any], name: str = "amount") -> Decimal:
    return sum((getattr(value, name) for value in values), ZERO)


def _under(payment: PaymentTruth) -> Iterator[tuple[SummaryTruth, list[ClaimTruth]]]:
    """Each TS3 with the claims under it; generated files have one TS3 a provider."""
    for summary in payment.summaries:
        yield summary, [c for c in payment.claims if c.provider == summary.provider]


def _envelope_faults(interchange: bytes) -> Iterator[str]:
    """Counts and control numbers of SE, GE and IEA; control numbers said twice."""
    segments = split(interchange)[1]
    opened: dict[str, list[str]] = {}
    since: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    # Closing segment: what opens it, where that has its number, what is counted (None: segments).
    closing = {"SE": ("ST", 2, None), "GE": ("GS", 6, "ST"), "IEA": ("ISA", 13, "GS")}
    opening = {start: place for start, place, _ in closing.values()}
    for segment in segments:
        since.update([segment[0], ""])
        if segment[0] in opening:
            opened[segment[0]] = segment
            key = segment[0], segment[opening[segment[0]]]
            if key in seen:
                yield "envelope"
            seen.add(key)
            if segment[0] == "ST":
                since[""] = 1
            elif segment[0] == "GS":
                since["ST"] = 0
                seen = {k for k in seen if k[0] != "ST"}
        elif segment[0] in closing:
            start, place, counted = closing[segment[0]]
            opener = opened.pop(start, None)
            if opener is None or opener[place] != _at(segment, 2) or str(since[counted or ""]) != _at(segment, 1):
                yield "envelope"
    if opened:
        yield "envelope"


def truth_of(remittances: Iterable[Any]) -> Truth:
    """The `Truth` of what a reader answers (`leadterm.domain.Remittance`, by the names of its fields).

    Left out, being told by the file in no single way: positions, TS3 and TS2 elements, addresses, contacts, digests.
    """
    return Truth(tuple(_of_payment(r) for r in remittances))


def _of_payment(remittance: Any) -> PaymentTruth:
    h = remittance.header
    return PaymentTruth(
        **_same(h, "control_number convention handling method amount payment_date trace originator produced currency"),
        payer=h.payer.name or "",
        payee=h.payee.name or "",
        payee_id=h.payee.id,
        claims=tuple(_of_claim(c) for c in remittance.claims),
        summaries=tuple(
            SummaryTruth(**_same(s, "provider facility period_end claims charge inpatient"))
            for s in remittance.summaries
        ),
        provider_adjustments=tuple(
            Settlement(**_same(a, "provider period_end reason reference amount"))
            for a in remittance.provider_adjustments
        ),
    )


def _of_claim(claim: Any) -> ClaimTruth:
    names = "id status charge paid patient filing payer_control_number facility frequency drg provider"
    return ClaimTruth(
        **_same(claim, f"{names} inpatient outpatient amounts quantities references"),
        **_days(claim),
        dates={k: v for k, v in claim.dates.items() if k not in ("232", "233")},
        adjustments=_of_adjustments(claim),
        parties=tuple(
            (p.entity, p.name, p.first_name, p.middle_name, p.suffix, p.qualifier, p.id) for p in claim.parties
        ),
        lines=tuple(_of_line(line) for line in claim.lines),
    )


def _of_line(line: Any) -> LineTruth:
    names = "qualifier code charge paid modifiers revenue_code units submitted_code submitted_modifiers"
    return LineTruth(
        **_same(line, f"{names} submitted_units control_number remarks amounts quantities"),
        **_days(line),
        adjustments=_of_adjustments(line),
        references=tuple(r for r in line.references if r[0] != "6R"),
    )


def _of_adjustments(value: Any) -> tuple[Adjusted, ...]:
    return tuple(Adjusted(**_same(a, "group reason amount quantity")) for a in value.adjustments)


def _same(value: Any, names: str) -> dict[str, Any]:
    return {name: _plain(getattr(value, name)) for name in names.split()}


def _plain(value: Any) -> Any:
    """The Decimal of a Money, also inside a mapping; anything else as it is."""
    if isinstance(value, Mapping):
        return {key: _plain(v) for key, v in value.items()}
    return getattr(value, "amount", value)


def _days(value: Any) -> dict[str, Any]:
    return {"start": value.start or value.end, "end": value.end or value.start}


def oxedi_totals(content: bytes) -> tuple[Totals, list[Any]]:
    """The sums (without remark codes, which it has in no table) and findings of `oxedi`, interchange by interchange."""
    import oxedi
    import pyarrow  # type: ignore[import-untyped]

    tables: dict[str, list[dict[str, Any]]] = {}
    findings: list[Any] = []
    for interchange in interchanges(content):
        result = oxedi.parse(interchange)
        findings.extend(result.diagnostics)
        for name in result.tables:
            tables.setdefault(name, []).extend(pyarrow.table(result.tables[name]).to_pylist())
    return _oxedi_sums(tables), findings


def _oxedi_sums(tables: Mapping[str, list[dict[str, Any]]]) -> Totals:
    payments, claims, lines = tables["payments"], tables["claims"], tables["services"]

    def total(rows: list[dict[str, Any]], column: str) -> Decimal:
        return sum((row[column] or ZERO for row in rows), ZERO)

    debits = [row for row in payments if row["credit_debit_flag"] == b"D"]
    return Totals(
        payments=len(payments),
        amount=total(payments, "total_payment_amount") - 2 * total(debits, "total_payment_amount"),
        claims=len(claims),
        lines=len(lines),
        charge=total(claims, "charge_amount"),
        paid=total(claims, "payment_amount"),
        patient=total(claims, "patient_responsibility"),
        line_charge=total(lines, "charge_amount"),
        line_paid=total(lines, "payment_amount"),
        adjustments=_sums(
            ((r["group_code"].decode(), r["reason_code"].decode()), r["amount"]) for r in tables["adjustments"]
        ),
        provider_adjustments=_sums((r["reason_code"].decode(), r["amount"]) for r in tables["provider_adjustments"]),
        statuses=Counter(row["claim_status"].decode() for row in claims),
        remarks={},
    )
