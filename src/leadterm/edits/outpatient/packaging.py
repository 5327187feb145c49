"""What is packaged: claims of which nothing is paid, drugs without a service, lines within the payment of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from leadterm.codesets.payment.packaging import HOSPITAL, How, OppsService, comprehensive
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._procedures import is_among

from ._judged import CLAIM, PART_B_OF_INPATIENTS, bill, judged, numbered, on_line, settled, when

PACKAGED, COMPREHENSIVE = "N", "J1"
DRUGS = frozenset({"G", "K"})
# A service that OPPS pays, beside which a drug is paid.
SERVICES = frozenset({"J1", "J2", "P", "Q1", "Q2", "Q3", "R", "S", "T", "U", "V"})
# Clotting factors, which patients give themselves, are paid alone.
FACTORS = "J7170-J7214"
CONDITIONAL = ("Q1", "Q2", "Q4")
SEVERAL = "; of several J1 the one with the highest rate, before any complexity adjustment"


@when(PACKAGED)
def _nothing_paid(b: Billing) -> Iterator[Draft]:
    services = judged(b)
    if len(services) < len(b.billed) or bill(b) not in (HOSPITAL, PART_B_OF_INPATIENTS):
        return
    if all(s.indicator == PACKAGED for s in services):
        codes = tuple(dict.fromkeys(s.row.code for s in services))
        said = f"Every service of the claim is packaged (status N): {numbered(s.line for s in services)}."
        yield Draft(said, codes, location=b.at(CLAIM))


@when(*DRUGS)
def _drug_alone(b: Billing) -> Iterator[Draft]:
    services = judged(b)
    drugs = [s for s in services if s.indicator in DRUGS and not is_among(s.row.code, FACTORS)]
    if not drugs or len(services) < len(b.billed) or any(s.indicator in SERVICES for s in services):
        return
    for s in drugs:
        drug = f"Line {s.line} is a drug ({s.row.code}, status {s.indicator})"
        yield on_line(b, s, f"{drug}, and no service that OPPS pays stands with it.")


@when(COMPREHENSIVE)
def _within_comprehensive(b: Billing) -> Iterator[Draft]:
    primary = comprehensive(judged(b))
    if primary is None:
        return
    within = [line for line, one in settled(b).items() if one.into == primary.line]
    if within:
        said = f"{_within(within)} line {primary.line} ({primary.row.code}, J1)"
        yield on_line(b, primary, f"{said}{SEVERAL if _is_beside(b, primary) else ''}.")


def _is_beside(b: Billing, primary: OppsService) -> bool:
    """Whether another comprehensive service stands on the claim."""
    return any(s.indicator == COMPREHENSIVE and s.line != primary.line for s in judged(b))


@when(*CONDITIONAL)
def _within_others(b: Billing) -> Iterator[Draft]:
    if any(one.apc for one in settled(b).values()) or comprehensive(judged(b)) is not None:
        return
    into: dict[int, list[OppsService]] = defaultdict(list)
    for s in judged(b):
        one = settled(b)[s.line]
        if s.indicator in CONDITIONAL and one.how is How.PACKAGED and one.into:
            into[one.into].append(s)
    by_line = {s.line: s for s in judged(b)}
    for line, within in into.items():
        named = ", ".join(f"{s.row.code} {s.indicator}" for s in within)
        said = f"{_within([s.line for s in within])} line {line} ({by_line[line].row.code}): {named}."
        yield on_line(b, by_line[line], said)


def _within(lines: Sequence[int]) -> str:
    """`Lines 2 and 3 are within the payment of`."""
    return f"{numbered(lines).capitalize()} {'are' if len(lines) > 1 else 'is'} within the payment of"


CHECKS: Mapping[str, Check[Billing]] = {
    "MCPM:4.10.4/nothing-paid": _nothing_paid,
    "MCPM:4.10.4/drug-alone": _drug_alone,
    "MCPM:4.10.2.3/comprehensive": _within_comprehensive,
    "MCPM:4.10.4/packaged": _within_others,
}
