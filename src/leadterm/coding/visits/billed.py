"""The level that was billed against the level that is documented, up and down alike."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.chart import Chart
from leadterm.coding.rules import reason
from leadterm.domain import Evidence, Finding, Severity

from . import levels
from .reading import sheets
from .sheet import Axis, Worksheet

RULE = "CPT:EM/billed"


def compared(chart: Chart) -> Iterator[Finding]:
    """A warning for each captured visit whose level, or kind of patient, the note does not support."""
    for charge in chart.encounter.charges:
        family = levels.family_of(charge.code.value) if charge.code else None
        if family is None or charge.code is None or family.endswith("discharge"):
            continue
        sheet = next((s for _, k, s in sheets(chart) if _same(s.family, family) and k.name != "preventive"), None)
        if sheet is not None and sheet.code is not None and sheet.code != charge.code.value:
            yield _differs(charge.code.value, sheet)


def _same(family: str, other: str) -> bool:
    """Whether two families are of one place: new and established, initial and subsequent are told apart by words."""
    return family.split("-")[0] == other.split("-")[0]


def _differs(code: str, sheet: Worksheet) -> Finding:
    """The finding that the note supports another code than the one charged."""
    told = sheet.decision
    parts = [f"{axis} {told.of(axis).word}" for axis in Axis]
    spent = f"; {sheet.time.minutes} minutes support {sheet.by_time or 'no level'}" if sheet.time else ""
    kind = "" if levels.family_of(code) == sheet.family else f" The note tells of {sheet.family.replace('-', ', ')}."
    return Finding(
        "s0",
        RULE,
        Severity.WARNING,
        f"{code} was charged, and the note supports {sheet.code}: {', '.join(parts)}, together "
        f"{told.level.word}{spent}.{kind}",
        "Compare the charge with the note, and correct whichever is wrong.",
        (code, sheet.code or ""),
        source=reason(RULE),
        evidence=_deciding(sheet),
    )


def _deciding(sheet: Worksheet) -> tuple[Evidence, ...]:
    """The first words of each element, and the time."""
    found = [e.evidence[0] for axis in Axis for e in sheet.on(axis)[:2] if e.evidence]
    return tuple(dict.fromkeys((*found, *((sheet.time.evidence,) if sheet.time else ()))))
