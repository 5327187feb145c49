"""The lines of drugs: units of the day's dose, what was discarded, the National Drug Code, what to ask and to tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.services.service import Offer, Service
from leadterm.domain import DrugCode, Evidence, Finding, PathwayStep, Query, Severity, Step

from .amounts import Amount, units_given
from .doses import Dose, Doses
from .formulary import Product
from .waste import Discarded, State, discarded

UNITS, WEIGHT = (f"CMS:claims-processing.17/{slug}" for slug in ("units", "weight"))
JW, JZ, MULTIPLE, CONTAINERS, AMOUNT = (
    f"CMS:claims-processing.17.40/{slug}"
    for slug in ("discarded", "none-discarded", "multiple-dose", "containers", "amount")
)
NDC, STARTER = "HIPAA:837/drug", "HCPCS:drugs/starter"
SURE, LIKELY = 0.85, 0.7
_NO_WASTE = frozenset((State.NONE, State.WHOLE, State.SMALL))


@dataclass(frozen=True, slots=True)
class Billed:
    """One drug on one day.

    Attributes:
        product, day, doses: What was given.
        amount: The day's amount.
        units: Billing units, rounded up once.
        discarded: What was discarded.
    """

    product: Product
    day: date
    doses: tuple[Dose, ...]
    amount: Amount
    units: Decimal
    discarded: Discarded


def billed(found: Doses) -> tuple[Billed, ...]:
    """Every drug of which the amount is known, by day, in order of the text."""
    groups: dict[tuple[str, date], list[Dose]] = {}
    for dose in found.given:
        if dose.product is None or dose.amount is None or dose.product.code.value in found.supplied:
            continue
        groups.setdefault((dose.product.code.value, dose.day), []).append(dose)
    return tuple(_billed(tuple(doses), found.wastes) for doses in groups.values())


def _billed(doses: tuple[Dose, ...], wastes: Iterable[Dose]) -> Billed:
    product, day = doses[0].product, doses[0].day
    assert product is not None
    total = Amount(sum((d.amount.value for d in doses if d.amount), Decimal(0)), product.unit.kind)
    lost = [w for w in wastes if w.product is not None and w.product.code == product.code and w.day == day]
    units = units_given(total, product.unit)
    return Billed(product, day, doses, total, units, discarded(product, total, doses, lost))


def lines(found: Doses, official: bool) -> Offer:
    """The drug lines, with what to know and what to ask of them."""
    bills = billed(found)
    return Offer(
        tuple(service for b in bills for service in _services(b)),
        (*(f for b in bills for f in _findings(b)), *_starter(bills, official)),
        (*(q for b in bills for q in _queries(b)), *_open(found)),
    )


# --- lines ---


def _services(b: Billed) -> Iterator[Service]:
    """The line of a drug of a day, and that of what was discarded."""
    evidence = tuple(dict.fromkeys(e for d in b.doses for e in d.evidence))
    line = Service(
        b.product.code,
        "drug",
        evidence,
        (_named(b), *_computed(b), PathwayStep(Step.GUIDELINE, _arithmetic(b), UNITS)),
        (),
        SURE if b.product.title else LIKELY,
        (6, b.doses[0].mention.start),
        (),
        b.product.title or None,
        b.units,
        day=b.day,
        ndc=_drug_code(b),
    )
    if line.ndc is not None:
        line = line.stepped(f"NDC {line.ndc.code} as documented. {reason(NDC)}", NDC)
    if b.discarded.state in _NO_WASTE:
        line = line.modified("JZ", f"{_nothing(b)}. {reason(JZ)}", JZ)
    yield line
    if b.discarded.state is State.SOME:
        yield _waste_line(b, line)


def _named(b: Billed) -> PathwayStep:
    name = " ".join(b.doses[0].name.split())
    said = b.product.title or f"one unit is {b.product.unit}"
    return PathwayStep(Step.TABLE, f"“{name}” {b.product.code.value}: {said}")


def _computed(b: Billed) -> Iterator[PathwayStep]:
    for how in dict.fromkeys(d.by_weight for d in b.doses if d.by_weight):
        yield PathwayStep(Step.GUIDELINE, f"the dose by {how}. {reason(WEIGHT)}", WEIGHT)


def _arithmetic(b: Billed) -> str:
    several = f"{len(b.doses)} doses, together " if len(b.doses) > 1 else ""
    return f"{several}{b.amount} given, {b.product.unit} a unit: {b.units}. {reason(UNITS)}"


def _nothing(b: Billed) -> str:
    if b.discarded.state is State.NONE:
        return "the record says that nothing was discarded"
    if b.discarded.state is State.SMALL:
        return f"what was discarded ({b.discarded.lost}) is no whole unit beside those rounded up"
    return f"whole containers hold {b.amount}, and no waste is documented"


def _waste_line(b: Billed, line: Service) -> Service:
    """The line of what was discarded, with the words that tell it."""
    words = tuple(
        d.mention.quote(d.mention.low + d.told.waste.begin, d.mention.low + d.told.waste.end)
        for d in b.doses
        if d.told.waste is not None
    )
    left = replace(
        line,
        evidence=words or line.evidence,
        pathway=line.pathway[:1],
        units=b.discarded.units,
        modifiers=(),
        rank=(*line.rank, 1),
    )
    return left.modified(
        "JW", f"{b.discarded.lost} discarded, {b.discarded.units} whole units of {b.product.unit}. {reason(JW)}", JW
    )


def _drug_code(b: Billed) -> DrugCode | None:
    return next((d.told.ndc for d in b.doses if d.told.ndc is not None), None)


# --- findings ---


def _findings(b: Billed) -> Iterator[Finding]:
    code, lost = b.product.code.value, b.discarded
    evidence = b.doses[0].evidence
    if lost.state is State.MULTIPLE and lost.lost is not None and lost.lost.value:
        message = f"Waste of {code} is documented, and its container is a multiple-dose one: it is not billed."
        yield _finding(MULTIPLE, Severity.INFO, message, "Check the container; bill what was given.", code, evidence)
    if lost.state is State.GUESSED:
        message = f"No single-dose container of {code} on our list holds {b.amount}, and the record is silent on waste."
        fix = "Document the amount that was discarded, or that nothing was: the line needs JW or JZ."
        yield _finding(AMOUNT, Severity.WARNING, message, fix, code, evidence)
    if not lost.fits:
        gone = f" and {lost.lost} discarded" if lost.lost is not None else ""
        message = f"Of {code} {lost.given} was given{gone}, but the opened containers held {lost.opened}."
        fix = "Correct the amounts: together they are what the containers held."
        yield _finding(CONTAINERS, Severity.WARNING, message, fix, code, evidence)


def _starter(bills: Sequence[Billed], official: bool) -> Iterator[Finding]:
    if bills and not official:
        codes = tuple(dict.fromkeys(b.product.code.value for b in bills))
        evidence = tuple(e for b in bills for e in b.doses[0].evidence[:1])
        yield Finding(
            "d0",
            STARTER,
            Severity.INFO,
            "Drugs were coded from the starter table, which no release of HCPCS Level II confirms.",
            "Install a release: leadterm codes update, or leadterm codes install FILE.",
            codes,
            source=reason(STARTER),
            evidence=evidence,
        )


def _finding(
    rule: str, severity: Severity, message: str, fix: str, code: str, evidence: tuple[Evidence, ...]
) -> Finding:
    return Finding("d0", rule, severity, message, fix, (code,), source=reason(rule), evidence=evidence)


# --- questions ---


def _queries(b: Billed) -> Iterator[Query]:
    name, code = _quoted(b.doses[0]), (b.product.code.value,)
    evidence = [e for d in b.doses for e in d.evidence]
    if b.discarded.state is State.UNKNOWN:
        question = f"How much of {name} was discarded?"
        yield query("dose", question, code, ("the amount discarded (please state)", "nothing was discarded"), evidence)
    if b.discarded.state is State.UNSAID:
        question = (
            f"The containers of {name} held {b.discarded.opened}, and {b.amount} was given. What became of the rest?"
        )
        options = ("it was discarded (please state the amount)", "it was given", "it was kept for use")
        yield query("dose", question, code, options, evidence)


def _open(found: Doses) -> Iterator[Query]:
    """What the record leaves open: the product, the amount, whether it was given, whether it is one dose or two."""
    for dose in found.given:
        if dose.choices:
            options = tuple(dict.fromkeys(_called(p) for p in dose.choices))[:6]
            yield query("dose", f"Which product of {_quoted(dose)} was given?", _codes(dose), options, dose.evidence)
        elif dose.amount is None:
            question = f"How much of {_quoted(dose)} was given?"
            yield query("dose", question, _codes(dose), ("the amount given (please state)",), dose.evidence)
    for dose in found.unsaid:
        options = ("yes, it was given", "no, it was not given")
        yield query("service", f"Was {_quoted(dose)} given at this encounter?", _codes(dose), options, dose.evidence)
    for one, other in found.unclear:
        yield _two_or_one(one, other)


def _two_or_one(one: Dose, other: Dose) -> Query:
    evidence = (*one.evidence, *other.evidence)
    if one.amount == other.amount:
        question = f"Is {_quoted(one)}, told twice without a time, one dose or two?"
        return query("dose", question, _codes(one), ("one dose", "two doses"), evidence)
    question = f"The record tells {one.amount} and {other.amount} of {_quoted(one)}. Which was given?"
    return query(
        "dose", question, _codes(one), (str(one.amount), str(other.amount), "both, one after the other"), evidence
    )


def _called(product: Product) -> str:
    return product.title or f"{product.code.value}, {product.unit} a unit"


def _codes(dose: Dose) -> tuple[str, ...]:
    return tuple(p.code.value for p in ((dose.product,) if dose.product else dose.choices))


def _quoted(dose: Dose) -> str:
    return f"“{' '.join(dose.name.split())}”"
