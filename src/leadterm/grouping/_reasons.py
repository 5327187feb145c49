"""An MS-DRG in sentences: how the stay came into its group, what counts, what does not, what is paid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ._drg import Drg
from ._why import WhyNot
from .transfer import Transfer

LEVELS = {"MCC": "a major complication or comorbidity (MCC)", "CC": "a complication or comorbidity (CC)"}
# A stay that an organ transplant or a tracheostomy puts into its group before any category is asked.
PRE_MDC = "00"


def reasons(drg: Drg) -> Iterator[str]:
    """The sentences, in the order of the grouping."""
    yield from _category(drg)
    yield from _kind(drg)
    yield from _level(drg)
    yield from _acquired(drg)
    yield from _weight(drg)
    if drg.transfer:
        yield _transfer(drg.transfer)


def _category(drg: Drg) -> Iterator[str]:
    if drg.mdc == PRE_MDC:
        yield "A procedure of the stay leads to a group before any major diagnostic category is asked."
    else:
        yield f"The principal diagnosis {drg.principal} leads to MDC {drg.mdc}, {drg.mdc_title}."


def _kind(drg: Drg) -> Iterator[str]:
    deciding = [code for code in drg.procedures if code in drg.deciding]
    others = [code for code in drg.procedures if code not in drg.deciding]
    kind = f"The group is {drg.kind}" if drg.kind else "Table 5 does not say whether the group is medical or surgical"
    how = f": the {_procedures(deciding)} {_verb(deciding, 'decides')}" if deciding else ""
    yield f"{kind}{how}."
    if others:
        yield f"The {_procedures(others)} {_verb(others, 'changes')} nothing."


def _procedures(codes: list[str]) -> str:
    return f"procedure{'s' if len(codes) > 1 else ''} {listed(codes)}"


def _verb(codes: list[str], verb: str) -> str:
    return verb if len(codes) == 1 else verb.removesuffix("s")


def _level(drg: Drg) -> Iterator[str]:
    for level, codes in (("MCC", drg.mccs), ("CC", drg.ccs)):
        for code in codes:
            lower = level == "CC" and drg.level == "MCC"
            yield f"{code} is {LEVELS[level]}{', which changes nothing beside an MCC' if lower else ''}."
    if drg.level is None and not drg.secondary:
        yield "No secondary diagnosis is a CC or MCC."
    for one in drg.secondary:
        if one.why_not:
            yield f"{one.code} is {LEVELS[one.level]} and does not count. {one.why_not}"


def _acquired(drg: Drg) -> Iterator[str]:
    if drg.acquired is None:
        return
    for code, hac in drg.acquired.met:
        yield f"{code}, not present on admission, is hospital-acquired condition {hac.number:02}, {hac.title}."
    if drg.acquired.changes:
        told = f"{drg.acquired.drg} ({drg.acquired.title})"
        weight = f", weight {drg.acquired.weight}" if drg.acquired.weight is not None else ""
        yield f"Were nothing acquired in the hospital, the group would be {told}{weight}."
    else:
        yield "That does not change the group."


def _weight(drg: Drg) -> Iterator[str]:
    if isinstance(drg.weight, WhyNot):
        yield drg.weight.sentence
        return
    mean = f", geometric mean stay {drg.weight.geometric_los} days" if drg.weight.geometric_los is not None else ""
    yield f"Its relative weight is {drg.weight.relative}{mean}."
    if drg.weight.remark:
        yield drg.weight.remark


def _transfer(transfer: Transfer) -> str:
    what = f"Discharge status {transfer.status}, to {transfer.to}, is a transfer ({transfer.paragraph})"
    if transfer.fraction is None:
        lacking = "the day of admission" if transfer.days is None else "the mean length of stay of the group"
        return f"{what}; whether it reduces the payment cannot be told without {lacking}."
    stay = f"the stay of {_days(transfer.days)} and one day more"
    if not transfer.reduces:
        return f"{what}; {stay} reach the mean of {transfer.mean} days, so the whole is paid."
    how = "half of it, and half by the day" if transfer.special_pay else "by the day, the first day twice"
    less = f"{stay} are less than the mean of {transfer.mean} days"
    return f"{what}; {less}: {transfer.fraction} of the payment is made ({how})."


def _days(number: int | None) -> str:
    return "1 day" if number == 1 else f"{number} days"


def listed(codes: Iterable[str]) -> str:
    """`A`, `A and B`, `A, B and C`; empty for none."""
    *most, last = [*codes] or [""]
    return f"{', '.join(most)} and {last}" if most else last
