"""Files of 835s as payers send them, valid by 005010X221A1 and balanced to the cent, each with its truth.

`generate(seed)` always gives the same bytes. What is said is drawn apart from how it is written: separators, line
breaks and control numbers (`Shape`) leave the payments as they are. Patients, providers and payers are invented.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .recompute import (
    ZERO,
    Adjusted,
    ClaimTruth,
    LineTruth,
    Named,
    PaymentTruth,
    Settlement,
    SummaryTruth,
    Truth,
)

# An element: text, or the components of a composite.
Element = str | tuple[str, ...]
Segment = tuple[Element, ...]

CONVENTION = "005010X221A1"
EPOCH = date(2026, 1, 5)

# Element, repetition, component separator and segment terminator.
SEPARATORS = ("*^:~", "*^>~", "|^:~", "*{>~", "*^:\n", "\x1d\x1e\x1f\x1c", "|!>%", "*^<\r")
NEWLINES = ("", "\n", "\r\n")
TAILS = ("", "\n", "\r\n", "  \n\n", " ")

LAST = "ALDERMERE BRINDLE CASTELOW DUNMARCH EVENLODE FARROWAY HOLLOWAY-PIKE IVERNE O'TARN QUILLON ST-VANE".split()
FIRST = "ADA BRAM CORA DORIAN ELKE FINN GRETA HUGO IDA JONAS".split()
MIDDLE = ("", "", "Q", "R", "MARLOW")
PAYERS = ("NORTH MEADOW HEALTH PLAN", "BLUE HERON MUTUAL", "COUNTY BENEFIT TRUST", "HARBOR & VALE INSURANCE")
PAYEES = ("WILLOW CREEK CLINIC", "SAINT ELOWEN HOSPITAL", "STONE BRIDGE MEDICAL GROUP", "LOW FELL PHYSIOTHERAPY")
CITIES = (("MAPLETON", "OH", "43001"), ("EAST HARROW", "PA", "170550001"), ("PINE HOLLOW", "TX", "75001"))
STREETS = ("1 ORCHARD LANE", "2200 MILL ROAD", "PO BOX 4410", "77 QUARRY STREET")

PROCEDURES = "99213 99214 99285 71046 80053 85025 93000 20610 97110 36415 45380 J1885 G0439 A0428".split()
MODIFIERS = "25 59 26 TC LT RT 76 GT KX XS 95".split()
REVENUE = "0120 0250 0270 0300 0450 0510 0636 0710".split()
REMARKS = "N130 N362 N290 N19 N20 N56 N95 N115 N180 N425 N657 M15 M20 M51 M76 MA04 MA63 MA130".split()
ALERTS = "MA01 MA07 MA13 MA18 MA62 MA67".split()
# Patterns of what payers say of a denied charge.
DENIALS = tuple(
    tuple(pair.split("-"))
    for pair in (
        "CO-16 CO-18 CO-22 CO-29 CO-50 CO-96 PR-96 CO-97 CO-109 PR-119 CO-151 PR-204 CO-197 CO-236 CO-252 CO-B7 CO-4 "
        "CO-11 PR-27 PR-31 PI-204 OA-18 CO-24 CO-256 OA-A1 CO-P1"
    ).split()
)
WRITE_OFFS = tuple(
    tuple(p.split("-")) for p in "CO-45 CO-45 CO-45 CO-131 CO-59 CO-222 CO-237 PI-45 OA-B13 CO-223".split()
)
# Reason of a PLB: the sign that it usually bears (0: either).
SETTLEMENTS = {
    "WO": 1, "FB": 0, "L6": -1, "72": 1, "CS": 0, "IR": 1, "50": 1, "51": 1, "AP": 1, "B2": -1, "C5": -1, "J1": 1,
    "LE": 1, "90": -1, "BN": -1, "AM": 1, "CV": -1, "IS": -1, "OB": 0, "PI": -1, "RA": 0, "E3": 1, "LS": -1, "AH": 1,
}  # fmt: skip
FILINGS = "12 13 14 15 16 AM CH HM MA MB MC OF TV VA WC".split()


@dataclass(frozen=True, slots=True)
class Shape:
    """What a caller fixes; None is drawn from the seed.

    Attributes:
        interchanges, groups, transactions: In the file, in each interchange, in each group.
        separators: Element, repetition and component separator, segment terminator (four characters).
        newline, bom, tail: What follows each segment, whether a byte-order mark leads, what follows the last segment.
        amounts: `plain` (`100.5`), `short` (`.5`), `cents` (`100.50`) or `mixed`.
        control: The first control number: another one changes nothing else.
        encoding: Not `ascii`: names hold letters outside it.
        scenarios: Names of `SCENARIOS` to draw claims from.
        summaries, settlements: Whether there are TS3 (and TS2), whether there are PLB.
        debits: Whether a negative payment may be a debit (BPR03 `D`); else it is carried forward to zero.
    """

    interchanges: int | None = None
    groups: int | None = None
    transactions: int | None = None
    separators: str | None = None
    newline: str | None = None
    bom: bool | None = None
    tail: str | None = None
    amounts: str | None = None
    control: int = 1
    encoding: str = "ascii"
    scenarios: tuple[str, ...] = ()
    summaries: bool | None = None
    settlements: bool | None = None
    debits: bool = True


@dataclass(frozen=True, slots=True)
class Generated:
    """A file and what it says."""

    content: bytes
    truth: Truth


def generate(seed: int, claims: int | None = None, **shape: Any) -> Generated:
    """A file of `claims` claims in all (none given: up to 24) and its truth; `shape` as in `Shape`."""
    wanted = Shape(**shape)
    say, lay = random.Random(f"{seed} said"), random.Random(f"{seed} laid out")
    total = say.randint(0, 24) if claims is None else claims
    counts = [
        [
            _or(wanted.transactions, say.choice((1, 1, 1, 2, 3)))
            for _ in range(_or(wanted.groups, say.choice((1, 1, 2))))
        ]
        for _ in range(_or(wanted.interchanges, say.choice((1, 1, 1, 2, 3))))
    ]
    shares = _shares(say, total, sum(map(sum, counts)))
    numbers = _Numbers(wanted.control)
    content = b""
    payments: list[PaymentTruth] = []
    for interchange in counts:
        groups = []
        for group in interchange:
            drawn = [_transaction(say, wanted, next(shares), numbers) for _ in range(group)]
            payments.extend(truth for truth, _ in drawn)
            groups.append([segments for _, segments in drawn])
        content += _laid_out(lay, wanted, numbers, groups)
    mark = b"\xef\xbb\xbf" if _or(wanted.bom, lay.random() < 0.1) else b""
    return Generated(mark + content, Truth(tuple(payments)))


def _or(wanted: Any, drawn: Any) -> Any:
    return drawn if wanted is None else wanted


def _shares(say: random.Random, total: int, parts: int) -> Iterator[int]:
    """`total` in `parts` shares, some of them possibly empty."""
    marks = sorted(say.randint(0, total) for _ in range(parts - 1))
    return (b - a for a, b in zip([0, *marks], [*marks, total], strict=True))


class _Numbers:
    """Control numbers: never the same twice in a file."""

    def __init__(self, first: int) -> None:
        self._next = first

    def __call__(self) -> int:
        self._next += 1
        return self._next - 1


# Layout: separators, envelope, line breaks.


def _laid_out(lay: random.Random, wanted: Shape, numbers: _Numbers, groups: list[list[list[Segment]]]) -> bytes:
    """One interchange as bytes."""
    drawn = lay.choice((*SEPARATORS[:2], *SEPARATORS))
    element, repetition, component, terminator = tuple(wanted.separators or drawn)
    newline, tail = _or(wanted.newline, lay.choice(NEWLINES)), _or(wanted.tail, lay.choice(TAILS))
    if terminator in "\r\n":
        newline = ""
    number = f"{numbers():09}"
    sender, receiver = "INVENTEDPAYER".ljust(15), "INVENTEDCLINIC".ljust(15)
    moment = ("260105", "0930")
    isa = ("ISA", "00", " " * 10, "00", " " * 10, "ZZ", sender, "ZZ", receiver, *moment, repetition, "00501", number)
    segments: list[Segment] = [(*isa, "0", "P", component)]
    for transactions in groups:
        group = str(numbers())
        segments.append(("GS", "HP", sender.strip(), receiver.strip(), "20260105", "0930", group, "X", CONVENTION))
        for transaction in transactions:
            segments.extend(transaction)
        segments.append(("GE", str(len(transactions)), group))
    segments.append(("IEA", str(len(groups)), number))
    text: str = (terminator + newline).join(_joined(s, element, component) for s in segments) + terminator + tail
    return text.encode(wanted.encoding)


def _joined(segment: Segment, element: str, component: str) -> str:
    parts = [part if isinstance(part, str) else component.join(part).rstrip(component) for part in segment]
    while not parts[-1]:
        parts.pop()
    return element.join(parts)


# What is said: lines, then claims, then payments. Amounts are drawn in cents.


def _money(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _cents(amount: Decimal) -> int:
    return int(amount.scaleb(2))


def npi(say: random.Random) -> str:
    """Ten digits whose last is the check digit (Luhn over 80840 and the rest)."""
    body = "1" + "".join(say.choices("0123456789", k=8))
    doubled = [int(d) * (2 - n % 2) for n, d in enumerate(reversed("80840" + body))]
    return body + str(-sum(n // 10 + n % 10 for n in doubled) % 10)


def routing(say: random.Random) -> str:
    """Nine digits whose last is the check digit of a bank's routing number (weights 3, 7, 1)."""
    body = "0" + "".join(say.choices("0123456789", k=7))
    return body + str(-sum(int(d) * w for d, w in zip(body, (3, 7, 1) * 3, strict=False)) % 10)


def _pieces(say: random.Random, cents: int, parts: int) -> list[int]:
    """`cents` in at most `parts` parts, none of them zero."""
    marks = sorted({say.randint(1, max(1, abs(cents) - 1)) for _ in range(parts - 1)} - {abs(cents)})
    sign = 1 if cents > 0 else -1
    return [sign * (b - a) for a, b in zip([0, *marks], [*marks, abs(cents)], strict=True) if b > a]


def _shared_out(say: random.Random, cents: int, reasons: Sequence[tuple[str, ...]]) -> list[Adjusted]:
    """`cents` over distinct ones of `reasons`, mostly over one, sometimes over six or more."""
    if not cents:
        return []
    chosen = list(dict.fromkeys(say.choices(reasons, k=say.choice((1, 1, 1, 1, 2, 3, 9)))))
    parts = _pieces(say, cents, len(chosen))
    return [
        Adjusted(group, reason, _money(part), Decimal(say.choice("12")) if say.random() < 0.08 else None)
        for (group, reason), part in zip(chosen, parts, strict=False)
    ]


def _line(say: random.Random, day: date, number: int) -> LineTruth:
    """A professional line as billed, not judged yet."""
    end = day + timedelta(days=say.choice((0, 0, 0, 0, 3)))
    dated = say.random() < 0.93
    return LineTruth(
        qualifier="HC",
        code=say.choice(PROCEDURES),
        modifiers=tuple(say.sample(MODIFIERS, say.choice((0, 0, 0, 1, 1, 2, 3, 4)))),
        charge=_money(
            say.choice((*[say.randint(500, 90_000)] * 5, *[say.randint(5, 900) * 100] * 4, say.randint(1, 99)))
        ),
        paid=ZERO,
        units=Decimal(say.choice(("1", "1", "1", "2", "15", "2.5", "0.75"))),
        start=day if dated else None,
        end=end if dated else None,
        control_number=f"{say.randint(10_000, 99_999)}L{number}" if say.random() < 0.7 else None,
    )


def _judged(line: LineTruth, adjustments: Sequence[Adjusted], **more: Any) -> LineTruth:
    """`line` with `adjustments`, paid what they leave."""
    left = line.charge - sum((a.amount for a in adjustments), ZERO)
    return replace(line, adjustments=tuple(adjustments), paid=left, **more)


def _paid(say: random.Random, line: LineTruth, owed: Sequence[str] = ("1", "2", "3")) -> LineTruth:
    """`line` paid by contract: a write-off, what the patient owes, sometimes a sequestration or an incentive."""
    charge = _cents(line.charge)
    allowed = say.choice((charge, say.randint(charge * 3 // 10, charge), say.randint(charge * 3 // 10, charge)))
    adjustments = _shared_out(say, charge - allowed, WRITE_OFFS)
    left = allowed
    for reason in say.sample(owed, say.randint(0, len(owed))):
        if share := say.randint(0, left // 3):
            adjustments.append(Adjusted("PR", reason, _money(share)))
            left -= share
    # Two in a hundred, half up: the step is the payer's.
    if say.random() < 0.3 and (withheld := (left * 2 + 50) // 100):
        adjustments.append(Adjusted("CO", "253", _money(withheld)))
    if say.random() < 0.04:
        adjustments.append(Adjusted("CO", "144", _money(-say.randint(1, 2000))))
    extras: dict[str, Any] = {"amounts": {"B6": _money(allowed)}} if say.random() < 0.7 else {}
    if say.random() < 0.1:
        extras["amounts"] = {**extras.get("amounts", {}), say.choice(("KH", "T", "ZK")): _money(say.randint(1, 500))}
    if say.random() < 0.05:
        extras["quantities"] = {say.choice(("ZK", "ZL", "ZM")): Decimal(say.choice(("1", "2.5")))}
    if say.random() < 0.15:
        extras["remarks"] = (say.choice(REMARKS),)
    if say.random() < 0.08:
        extras |= {"submitted_units": line.units, "units": Decimal(1)}
    return _judged(line, adjustments, references=_line_references(say), **extras)


def _line_references(say: random.Random) -> tuple[tuple[str, str], ...]:
    drawn = (
        ("LU", "11", 0.2), ("1S", "0442", 0.05), ("G1", "AUTH77120", 0.05), ("RB", "00042", 0.02),
        ("HPI", npi(say), 0.25), ("1C", "J44120", 0.05), ("0K", "L35001", 0.05),
    )  # fmt: skip
    return tuple((kind, value) for kind, value, chance in drawn if say.random() < chance)


def _denied(say: random.Random, line: LineTruth) -> LineTruth:
    """`line` with its whole charge adjusted away and a remark code or two."""
    adjustments = _shared_out(say, _cents(line.charge), DENIALS)
    codes = tuple(say.sample(REMARKS, say.choice((0, 1, 1, 2))))
    return _judged(line, adjustments, remarks=codes, references=_line_references(say))


def _whole(say: random.Random, line: LineTruth, group: str, reason: str) -> LineTruth:
    """`line` with its whole charge under one reason."""
    return _judged(line, [Adjusted(group, reason, line.charge)])


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the claims of one payment have in common."""

    filing: str
    names: tuple[str, ...]
    day: date

    def claim(self, say: random.Random, lines: Sequence[LineTruth], status: str = "1", **more: Any) -> ClaimTruth:
        """A claim over judged `lines`, closed to the cent, with its people, dates and numbers."""
        start = self.day - timedelta(days=say.randint(5, 90))
        needs_days = not all(line.start for line in lines) or not lines
        dated = needs_days or say.random() < 0.6
        drawn = ClaimTruth(
            id=say.choice((f"{say.randint(1, 10**9)}", f"ACC{say.randint(1, 9999):06}-{say.randint(1, 9)}")),
            status=status,
            charge=sum((line.charge for line in lines), ZERO),
            paid=ZERO,
            patient=ZERO,
            filing=self.filing,
            payer_control_number=f"{say.choice(('26', 'X'))}{say.randint(10**9, 10**10)}",
            facility=say.choice((None, "11", "22")),
            start=start if dated else None,
            end=start + timedelta(days=say.choice((0, 0, 1, 6))) if dated else None,
            lines=tuple(lines),
            parties=_people(say, self.names),
            references=_claim_references(say),
        )
        drawn = replace(drawn, frequency="1" if drawn.facility else None)
        if say.random() < 0.2:
            drawn = replace(drawn, dates={"050": self.day - timedelta(days=say.randint(1, 4))})
        return _closed(replace(drawn, **more))


def _closed(claim: ClaimTruth) -> ClaimTruth:
    """`claim` with what is paid and what the patient owes, as its adjustments have it."""
    adjustments = list(claim.all_adjustments())
    return replace(
        claim,
        paid=claim.charge - sum((a.amount for a in adjustments), ZERO),
        patient=sum((a.amount for a in adjustments if a.group == "PR"), ZERO),
    )


def _people(say: random.Random, names: Sequence[str]) -> tuple[Named, ...]:
    """Patient, and sometimes subscriber, corrected name and rendering provider."""

    def person(entity: str, qualifier: str, number: str) -> Named:
        middle, suffix = say.choice(MIDDLE) or None, say.choice((None, None, None, "JR"))
        return entity, say.choice(names), say.choice(FIRST), middle, suffix, qualifier, number

    people = [person("QC", say.choice(("MI", "HN", "MR")), f"M{say.randint(10**6, 10**9)}")]
    if say.random() < 0.3:
        people.append(person("IL", "MI", f"S{say.randint(10**6, 10**9)}"))
    if say.random() < 0.08:
        people.append(person("74", "C", f"C{say.randint(10**6, 10**9)}"))
    if say.random() < 0.5:
        people.append(person("82", "XX", npi(say)))
    elif say.random() < 0.3:
        people.append(("82", say.choice(PAYEES), None, None, None, "XX", npi(say)))
    return tuple(people)


def _claim_references(say: random.Random) -> tuple[tuple[str, str], ...]:
    drawn = (
        ("1L", "GRP0042", 0.3),
        ("EA", f"MRN{say.randint(1, 9999)}", 0.2),
        ("CE", "PPO1", 0.2),
        ("1C", "P4410", 0.1),
    )
    return tuple((kind, value) for kind, value, chance in drawn if say.random() < chance)


def _lines(say: random.Random, desk: _Desk, most: int = 5) -> list[LineTruth]:
    day = desk.day - timedelta(days=say.randint(10, 100))
    return [_line(say, day, n) for n in range(1, say.randint(1, most) + 1)]


def _moa(*remarks: str, rate: str = "", payable: str = "") -> tuple[str, ...]:
    """The elements of a MOA; none where it would be empty."""
    return (rate, payable, *remarks) if remarks else ()


def _other_payer(say: random.Random, entity: str) -> Named:
    return entity, say.choice(PAYERS), None, None, None, "PI", f"P{say.randint(1000, 99999)}"


def _ordinary(say: random.Random, desk: _Desk) -> list[ClaimTruth]:
    """Paid by contract; some of its lines may be denied, some amounts adjusted for the claim as a whole."""
    lines = [_denied(say, s) if say.random() < 0.12 else _paid(say, s) for s in _lines(say, desk)]
    if say.random() < 0.06:
        reported = replace(lines[-1], charge=ZERO, paid=ZERO, code="G8427", amounts={}, quantities={})
        lines.append(_judged(reported, say.choice(([], [Adjusted("CO", "246", ZERO)])), remarks=("N620",)))
    amounts: dict[str, Decimal] = {}
    if say.random() < 0.15:
        amounts["I"] = _money(say.randint(1, 900))
    if say.random() < 0.3:
        amounts["AU"] = sum((s.charge for s in lines), ZERO)
    if say.random() < 0.1:
        amounts |= {"F5": _money(say.randint(0, 3000)), "T": _money(say.randint(1, 90))}
    claim = desk.claim(say, lines, amounts=amounts)
    if say.random() < 0.1 and claim.paid > 1:
        claim = _closed(replace(claim, adjustments=(Adjusted("PR", "3", Decimal(1)),)))
    remarks = say.sample(ALERTS, say.choice((0, 1, 2)))
    return [replace(claim, outpatient=_moa(*remarks, rate=say.choice(("", "", "0.8"))))]


def _deductible(say: random.Random, desk: _Desk) -> list[ClaimTruth]:
    """Nothing paid, all of it the patient's."""
    return [desk.claim(say, [_whole(say, s, "PR", "1") for s in _lines(say, desk)])]


def _refused(say: random.Random, desk: _Desk) -> list[ClaimTruth]:
    """Denied line by line."""
    more: dict[str, Any] = {}
    if say.random() < 0.3:
        more["dates"] = {"036": desk.day - timedelta(days=say.randint(100, 400))}
    return [desk.claim(say, [_denied(say, s) for s in _lines(say, desk)], "4", **more)]


def _refused_whole(say: random.Random, desk: _Desk) -> list[ClaimTruth]:
    """Denied as a whole, no lines."""
    charge = say.randint(100, 500_000)
    adjustments = tuple(_shared_out(say, charge, DENIALS))
    return [desk.claim(say, [], "4", charge=_money(charge), adjustments=adjustments, outpatient=_moa("MA130"))]


def _after_another(say: random.Random, desk: _Desk) -> list[ClaimTruth]:
    """Judged as second or third payer: what the earlier ones did stands under OA-23."""
    lines = []
    for line in _lines(say, desk):
        earlier = say.randint(0, _cents(line.charge))
        rest = _paid(say, replace(line, charge=line.charge - _money(earlier)), ("3",))
        before = [Adjusted("OA", "23", _money(earlier))] if earlier else []
        lines.append(_judged(replace(rest, charge=line.charge), [*before, *rest.adjustments]))
    claim = desk.claim(say, lines, say.choice(("2", "2", "3")))
    extra = [_other_payer(say, "PR")] if say.random() < 0.5 else []
    if extra and say.random() < 0.5:
        extra.append(("GB", say.choice(desk.names), say.choice(FIRST), None, None, "MI", f"G{say.randint(1, 10**6)}"))
    return [replace(claim, parties=(*claim.parties, *extra))]


def _forwarded(say: random.Random, desk: _Desk) -> list[ClaimTruth]:
    """Paid and handed on to the next payer."""
    claim = desk.claim(say, [_paid(say, s) for s in _lines(say, desk)], say.choice(("19", "19", "20", "21")))
    return [replace(claim, parties=(*claim.parties, _other_payer(say, "TT")), outpatient=_moa("MA18"))]


def _not_ours(say: random.Random, desk: _Desk) -> list[ClaimTruth]:
    claim = desk.claim(say, [_whole(say, s, "OA", "B11") for s in _lines(say, desk)], "23")
    return [replace(claim, parties=(*claim.parties, _other_payer(say, "TT")))]


def _predetermined(say: random.Random, desk: _Desk) -> list[ClaimTruth]:
    """An estimate: what would be paid stands under OA-101, and nothing is."""
    lines = []
    for line in _lines(say, desk):
        paid = _paid(say, line)
        lines.append(
            _judged(paid, [*paid.adjustments, Adjusted("OA", "101", paid.paid)] if paid.paid else paid.adjustments)
        )
    return [desk.claim(say, lines, "25")]


def _stay(say: random.Random, desk: _Desk) -> list[ClaimTruth]:
    """An inpatient claim paid by DRG: adjusted as a whole, mostly without lines."""
    charge = say.randint(400_000, 9_000_000)
    lines = _revenue_lines(say, desk) if say.random() < 0.4 else []
    if lines:
        charge = _cents(sum((s.charge for s in lines), ZERO))
    left = charge - sum(_cents(a.amount) for s in lines for a in s.adjustments)
    paid = say.randint(left // 4, left)
    owed = say.randint(0, paid // 5)
    adjustments = [Adjusted("CO", "45", _money(left - paid))] if left > paid else []
    adjustments += [Adjusted("PR", "1", _money(owed))] if owed else []
    remarks = say.sample(ALERTS, say.choice((1, 3, 5)))
    days = str(say.randint(0, 20))
    more_remarks = [*[""] * 14, *remarks[1:]] if len(remarks) > 1 else []
    mia = (days, "", "", str(_money(paid)), remarks[0], *more_remarks)
    more: dict[str, Any] = {
        "adjustments": tuple(adjustments),
        "facility": "11",
        "frequency": say.choice(("1", "7")),
        "drg": say.choice(("470", "871", "0193")),
        "inpatient": mia if say.random() < 0.7 else (days, "", "", str(_money(paid))),
        "outpatient": _moa("MA02") if say.random() < 0.1 else (),
        "quantities": {"CA": Decimal(days), **({"LA": Decimal(2)} if say.random() < 0.1 else {})},
        "amounts": {"AU": _money(charge)} if say.random() < 0.5 else {},
    }
    return [desk.claim(say, lines, "1", charge=_money(charge), **more)]


def _revenue_lines(say: random.Random, desk: _Desk) -> list[LineTruth]:
    """Lines of a facility: by revenue code alone or beside a procedure; some without dates."""
    out = []
    for line in _lines(say, desk):
        room = say.choice(REVENUE)
        if say.random() < 0.5:
            line = replace(line, qualifier="NU", code=room, modifiers=())
        out.append(_paid(say, replace(line, revenue_code=room)))
    return out


def _clinic(say: random.Random, desk: _Desk) -> list[ClaimTruth]:
    """An outpatient facility claim, its sequestration taken from the claim."""
    claim = desk.claim(
        say, _revenue_lines(say, desk), facility="13", frequency="1", outpatient=_moa("MA01", payable="12.5")
    )
    withheld = (_cents(claim.paid) * 2 + 50) // 100
    return [_closed(replace(claim, adjustments=(Adjusted("CO", "253", _money(withheld)),))) if withheld > 0 else claim]


def _bundled(say: random.Random, desk: _Desk) -> list[ClaimTruth]:
    """Several lines judged as one procedure: the first bears the payment, the others are included in it."""
    billed = _lines(say, desk)
    code = "80053"
    lines = []
    for n, line in enumerate(billed):
        other = replace(line, code=code, modifiers=(), submitted_code=line.code, submitted_modifiers=line.modifiers)
        if n:
            other = replace(other, submitted_units=other.units, units=ZERO)
            lines.append(_whole(say, other, "CO", "97"))
        else:
            more = _money(say.randint(0, 5000))
            lines.append(_judged(other, [Adjusted("OA", "94", -more)] if more else []))
    return [desk.claim(say, lines)]


def _unbundled(say: random.Random, desk: _Desk) -> list[ClaimTruth]:
    """One line judged as two: the second has no charge and is paid in excess of it."""
    line = _lines(say, desk, 1)[0]
    first = _paid(say, replace(line, code="85025", submitted_code=line.code, submitted_modifiers=line.modifiers))
    worth = _money(say.randint(1, 5000))
    bare = replace(line, code="85049", charge=ZERO, submitted_code=line.code, modifiers=())
    return [desk.claim(say, [first, _judged(bare, [Adjusted("OA", "94", -worth)])])]


def _dispensed(say: random.Random, desk: _Desk) -> list[ClaimTruth]:
    """Drugs by NDC."""
    lines = []
    for line in _lines(say, desk, 3):
        drug = replace(line, qualifier="N4", code=f"{say.randint(10**10, 10**11 - 1)}", modifiers=(), units=Decimal(30))
        judged = _denied(say, drug) if say.random() < 0.3 else _paid(say, drug)
        lines.append(replace(judged, rejects=("75",)) if not judged.paid else judged)
    return [desk.claim(say, lines)]


def _taken_back(say: random.Random, desk: _Desk) -> list[ClaimTruth]:
    """A reversal of an earlier payment and, mostly, the claim judged anew."""
    (was,) = _ordinary(say, desk)
    was = replace(was, lines=tuple(s for s in was.lines if s.charge), adjustments=(), amounts={}, outpatient=())
    signed = say.random() < 0.5
    lines = tuple(
        replace(
            _negated(s),
            charge=-s.charge,
            paid=-s.paid,
            units=-s.units if signed else s.units,
            amounts={},
            quantities={},
        )
        for s in was.lines
    )
    references = (("F8", was.payer_control_number or ""), *was.references)
    back = replace(was, status="22", charge=-was.charge, lines=lines, references=references)
    # What the patient owes is not said of a reversal.
    back = replace(_closed(back), patient=ZERO)
    if say.random() < 0.2:
        return [back]
    anew = [_paid(say, replace(s, amounts={}, quantities={}, adjustments=(), remarks=())) for s in was.lines]
    number = f"26{say.randint(10**9, 10**10)}"
    return [back, _closed(replace(was, lines=tuple(anew), payer_control_number=number))]


def _negated(line: LineTruth) -> LineTruth:
    return replace(line, adjustments=tuple(replace(a, amount=-a.amount) for a in line.adjustments))


Scenario = Callable[[random.Random, _Desk], list[ClaimTruth]]
# Name: how often, and what it draws.
SCENARIOS: Mapping[str, tuple[int, Scenario]] = {
    "ordinary": (30, _ordinary),
    "deductible": (6, _deductible),
    "refused": (9, _refused),
    "refused whole": (3, _refused_whole),
    "after another": (8, _after_another),
    "forwarded": (5, _forwarded),
    "not ours": (2, _not_ours),
    "predetermined": (2, _predetermined),
    "stay": (8, _stay),
    "clinic": (6, _clinic),
    "bundled": (4, _bundled),
    "unbundled": (3, _unbundled),
    "dispensed": (3, _dispensed),
    "taken back": (7, _taken_back),
}


def _claims(say: random.Random, desk: _Desk, count: int, names: Sequence[str]) -> list[ClaimTruth]:
    """`count` claims; a reversal and its correction stand side by side."""
    chosen = names or list(SCENARIOS)
    weights = [SCENARIOS[name][0] for name in chosen]
    out: list[ClaimTruth] = []
    while len(out) < count:
        out.extend(SCENARIOS[say.choices(chosen, weights)[0]][1](say, desk))
    return out[:count]


def _transaction(
    say: random.Random, wanted: Shape, count: int, numbers: _Numbers
) -> tuple[PaymentTruth, list[Segment]]:
    """One payment: its truth and its segments, ST to SE."""
    names = LAST if wanted.encoding == "ascii" else [*LAST, "MUÑOZ", "LÖFGREN"]
    desk = _Desk(say.choice(FILINGS), tuple(names), EPOCH + timedelta(days=say.randint(0, 300)))
    pen = _Pen(say, wanted.amounts or say.choice(("plain", "short", "cents", "mixed")))
    claims = _claims(say, desk, count, wanted.scenarios)
    summarised = _or(wanted.summaries, say.random() < 0.4)
    blocks = [b for b in _blocks(say, claims, summarised) if b[1]]
    claims = [claim for _, block in blocks for claim in block]
    settled = _settlements(say, desk, claims, wanted)
    due = sum((c.paid for c in claims), ZERO) - sum((s.amount for s in settled), ZERO)
    carry_on = due < 0 and not (wanted.debits and say.random() < 0.5)
    if carry_on:
        settled.append(Settlement(npi(say), _year_end(desk.day), "FB", f"FWD{say.randint(1, 9999)}", due))
        due = ZERO
    number = f"{numbers():04}"
    tax = "".join(say.choices("0123456789", k=9))
    truth = PaymentTruth(
        control_number=number,
        convention=CONVENTION,
        handling=say.choice("ICUX") if due else "H",
        method=say.choice(("ACH", "ACH", "CHK", "FWT", "BOP") if due > 0 else ("ACH",) if due else ("NON",)),
        amount=due,
        payment_date=desk.day,
        trace=f"{say.choice(('', 'EFT', '000'))}{say.randint(10**5, 10**9)}",
        originator="1" + tax,
        produced=desk.day - timedelta(days=1) if say.random() < 0.9 else None,
        currency="USD" if say.random() < 0.1 else None,
        payer=say.choice(PAYERS),
        payee=say.choice(PAYEES),
        payee_id=npi(say),
        claims=tuple(claims),
        summaries=tuple(summary for summary, _ in blocks if summary),
        provider_adjustments=tuple(settled),
    )
    body = [*pen.head(truth), *(s for n, block in enumerate(blocks, 1) for s in pen.block(n, *block))]
    body += pen.settlements(settled)
    return truth, [("ST", "835", number), *body, ("SE", str(len(body) + 2), number)]


Block = tuple[SummaryTruth | None, list[ClaimTruth]]


def _blocks(say: random.Random, claims: list[ClaimTruth], summarised: bool) -> list[Block]:
    """The claims under one LX or several, each with its TS3 where there are any."""
    sizes = _shares(say, len(claims), say.choice((1, 1, 2, 3)))
    rest = iter(claims)
    return [_block(say, [next(rest) for _ in range(size)], summarised) for size in sizes]


def _block(say: random.Random, claims: list[ClaimTruth], summarised: bool) -> Block:
    if not summarised or not claims:
        return None, claims
    provider = npi(say)
    below = [replace(c, provider=provider) for c in claims]
    charge = sum((c.charge for c in below), ZERO)
    more = tuple(str(_money(say.randint(1, 10**6))) for _ in range(say.randint(1, 6))) if say.random() < 0.3 else ()
    count = Decimal(len(below))
    return SummaryTruth(provider, say.choice(("11", "13", "22")), _year_end(EPOCH), count, charge, more), below


def _year_end(day: date) -> date:
    return date(day.year, 12, 31)


def _settlements(say: random.Random, desk: _Desk, claims: list[ClaimTruth], wanted: Shape) -> list[Settlement]:
    """Interest that claims announce (AMT*I), then what else moves outside claims."""
    provider, period_end = npi(say), _year_end(desk.day)
    out = [
        Settlement(provider, period_end, "L6", claim.payer_control_number, -claim.amounts["I"])
        for claim in claims
        if "I" in claim.amounts
    ]
    if not _or(wanted.settlements, say.random() < 0.4):
        return out
    for _ in range(say.choice((1, 2, 3, 6, 9))):
        reason = say.choice(list(SETTLEMENTS))
        sign = SETTLEMENTS[reason] or say.choice((1, -1))
        reference = f"REF{say.randint(1, 10**6)}" if reason in ("WO", "FB", "CS") or say.random() < 0.6 else None
        if say.random() < 0.15:
            provider = npi(say)
        out.append(Settlement(provider, period_end, reason, reference, _money(sign * say.randint(1, 200_000))))
    return out


# How it is written: segments from truth.


class _Pen:
    """How one payer writes: its habit with amounts, and the segments of each loop in the order of the guide."""

    def __init__(self, say: random.Random, style: str) -> None:
        self._say, self._style = say, style

    def amount(self, value: Decimal) -> str:
        """`value` in this payer's way; a zero may be negative."""
        style = self._say.choice(("plain", "short", "cents")) if self._style == "mixed" else self._style
        if not value:
            return self._say.choice({"plain": ("0",), "short": ("0", "-0", ".00"), "cents": ("0.00",)}[style])
        if style == "cents":
            return f"{value:.2f}"
        text = f"{value:.2f}".rstrip("0").rstrip(".")
        return text.replace("0.", ".", 1) if style == "short" and abs(value) < 1 else text

    def head(self, truth: PaymentTruth) -> Iterator[Segment]:
        """BPR to the payee's loop."""
        say, paid_on = self._say, _ccyymmdd(truth.payment_date)
        flag = "D" if truth.amount < 0 else "C"
        banks: tuple[str, ...] = ("",) * 11
        if truth.method in ("ACH", "FWT", "BOP"):
            ours = ("01", routing(say), "DA", f"{say.randint(10**6, 10**9)}")
            theirs = ("01", routing(say), say.choice(("DA", "SG")), f"{say.randint(10**6, 10**9)}")
            form = say.choice(("CCP", "CTX")) if truth.method == "ACH" else ""
            banks = (form, *ours, truth.originator or "", say.choice(("", "9" * 9)), *theirs)
        yield ("BPR", truth.handling, self.amount(abs(truth.amount)), flag, truth.method, *banks, paid_on)
        yield ("TRN", "1", truth.trace, truth.originator or "", say.choice(("", "", "SUBPLAN4")))
        if truth.currency:
            yield ("CUR", "PR", truth.currency)
        yield from self._some(("REF", "EV", "CLEARING01", 0.5), ("REF", "F2", "V2.1", 0.1))
        if truth.produced:
            yield ("DTM", "405", _ccyymmdd(truth.produced))
        yield ("N1", "PR", truth.payer, *say.choice(((), ("XV", "88442"))))
        yield from self._address(always=True)
        yield from self._some(("REF", "2U", "H4410", 0.5), ("REF", "NF", "99410", 0.2))
        if say.random() < 0.5:
            yield ("PER", "CX", "CLAIMS", "TE", "5550100100", *say.choice(((), ("EX", "12"), ("FX", "5550100101"))))
        yield (
            "PER",
            "BL",
            say.choice(("", "EDI DESK")),
            "TE",
            "5550100199",
            *say.choice(((), ("EM", "edi@example.org"))),
        )
        if say.random() < 0.4:
            yield ("PER", "IC", "", "UR", "www.example.org/policies")
        yield ("N1", "PE", truth.payee, "XX", truth.payee_id or "")
        yield from self._address(always=False)
        yield from self._some(("REF", "TJ", f"{say.randint(10**8, 10**9 - 1)}", 0.6), ("REF", "PQ", "88110", 0.2))
        if say.random() < 0.1:
            yield say.choice((("RDM", "BM"), ("RDM", "OL", "DESK", "portal.example.org")))

    def block(self, number: int, summary: SummaryTruth | None, claims: Sequence[ClaimTruth]) -> Iterator[Segment]:
        """LX, TS3, TS2 and the claims under them."""
        yield ("LX", str(number))
        if summary:
            counted = str(summary.claims), self.amount(summary.charge)
            more = ("", "", "", "", "", "", "", "10.5") if self._say.random() < 0.2 else ()
            yield ("TS3", summary.provider, summary.facility, _ccyymmdd(summary.period_end), *counted, *more)
            if summary.inpatient:
                yield ("TS2", *summary.inpatient)
        for claim in claims:
            yield from self.claim(claim)

    def claim(self, claim: ClaimTruth) -> Iterator[Segment]:
        """CLP to the end of its last line."""
        say = self._say
        owed = self.amount(claim.patient) if claim.patient or (claim.status != "22" and say.random() < 0.3) else ""
        drg = (claim.drg, *say.choice(((), ("1.9015",), ("1.9", ".75")))) if claim.drg else ()
        place = (claim.facility or "", claim.frequency or "", "", *drg)
        money = self.amount(claim.charge), self.amount(claim.paid), owed
        yield ("CLP", claim.id, claim.status, *money, claim.filing or "", claim.payer_control_number or "", *place)
        yield from self._adjustments(claim.adjustments)
        order = "QC IL 74 82 TT PR GB".split()
        for entity, name, first, middle, suffix, kind, number in sorted(claim.parties, key=lambda p: order.index(p[0])):
            person = (name or "", first or "", middle or "", "", suffix or "")
            yield ("NM1", entity, "1" if first else "2", *person, kind or "", number or "")
        for kind, elements in (("MIA", claim.inpatient), ("MOA", claim.outpatient)):
            if elements:
                yield (kind, *elements)
        yield from (("REF", kind, value) for kind, value in claim.references)
        if claim.start:
            yield ("DTM", "232", _ccyymmdd(claim.start))
            if claim.end != claim.start or say.random() < 0.5:
                yield ("DTM", "233", _ccyymmdd(claim.end))
        yield from (("DTM", kind, _ccyymmdd(d)) for kind, d in claim.dates.items())
        if say.random() < 0.1:
            yield ("PER", "CX", "APPEALS", "TE", "5550100142")
        yield from (("AMT", kind, self.amount(value)) for kind, value in claim.amounts.items())
        yield from (("QTY", kind, str(value)) for kind, value in claim.quantities.items())
        for line in claim.lines:
            yield from self.line(line)

    def line(self, line: LineTruth) -> Iterator[Segment]:
        """SVC to its last remark code."""
        say = self._say
        original = (line.qualifier, line.submitted_code, *line.submitted_modifiers) if line.submitted_code else ""
        counted = str(line.submitted_units) if line.submitted_units is not None else ""
        units = "" if line.units == 1 and say.random() < 0.4 else str(line.units)
        room = line.revenue_code if line.revenue_code and line.qualifier != "NU" else ""
        money = self.amount(line.charge), self.amount(line.paid)
        yield ("SVC", (line.qualifier, line.code, *line.modifiers), *money, room, units, original, counted)
        if line.start and line.start == line.end and say.random() < 0.8:
            yield ("DTM", "472", _ccyymmdd(line.start))
        elif line.start:
            yield from (("DTM", "150", _ccyymmdd(line.start)), ("DTM", "151", _ccyymmdd(line.end)))
        yield from self._adjustments(line.adjustments)
        kinds = ("LU", "1S", "G1", "RB")
        yield from (("REF", kind, value) for kind, value in line.references if kind in kinds)
        if line.control_number:
            yield ("REF", "6R", line.control_number)
        yield from (("REF", kind, value) for kind, value in line.references if kind not in kinds)
        yield from (("AMT", kind, self.amount(value)) for kind, value in line.amounts.items())
        yield from (("QTY", kind, str(value)) for kind, value in line.quantities.items())
        yield from (("LQ", "HE", code) for code in line.remarks)
        yield from (("LQ", "RX", code) for code in line.rejects)

    def settlements(self, settled: Sequence[Settlement]) -> Iterator[Segment]:
        """PLBs of up to six pairs, one provider each."""
        for provider, period_end, some in _runs(self._say, settled, 6, lambda s: (s.provider, s.period_end)):
            pairs = [((s.reason, s.reference) if s.reference else s.reason, self.amount(s.amount)) for s in some]
            yield ("PLB", provider, _ccyymmdd(period_end), *(part for pair in pairs for part in pair))

    def _adjustments(self, adjustments: Sequence[Adjusted]) -> Iterator[Segment]:
        """CASs of up to six triples, one group each."""
        for group, some in _runs(self._say, adjustments, 6, lambda a: (a.group,)):
            triples = [(a.reason, self.amount(a.amount), str(a.quantity) if a.quantity else "") for a in some]
            yield ("CAS", group, *(part for triple in triples for part in triple))

    def _address(self, *, always: bool) -> Iterator[Segment]:
        if always or self._say.random() < 0.7:
            yield ("N3", self._say.choice(STREETS), *self._say.choice(((), ("SUITE 4",))))
            yield ("N4", *self._say.choice(CITIES))

    def _some(self, *choices: tuple[str, str, str, float]) -> Iterator[Segment]:
        for *segment, chance in choices:
            if self._say.random() < chance:
                yield tuple(str(part) for part in segment)


def _runs(say: random.Random, values: Sequence[Any], most: int, key: Callable[[Any], tuple[Any, ...]]) -> Iterator[Any]:
    """Neighbours of the same key, `most` at most together: (*key, values); some payers write each alone."""
    most = say.choice((1, most, most))
    run: list[Any] = []
    for value in values:
        if run and (len(run) == most or key(run[0]) != key(value)):
            yield (*key(run[0]), run)
            run = []
        run.append(value)
    if run:
        yield (*key(run[0]), run)


def _ccyymmdd(day: date | None) -> str:
    return f"{day:%Y%m%d}" if day else ""
