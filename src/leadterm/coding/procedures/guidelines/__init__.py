"""The ICD-10-PCS guidelines as steps over the procedures of a chart, in their order."""

from __future__ import annotations

from collections.abc import Callable

from leadterm.coding.chart import Chart
from leadterm.coding.procedures.candidates import Procedure, joined

from . import both_hearts, both_sides, components, converted, deeds, drains, principal, retold, robotic, sited

Step = Callable[[Chart, list[Procedure]], list[Procedure]]
STEPS: tuple[Step, ...] = (
    deeds.apply,
    sited.apply,
    retold.apply,
    drains.apply,
    both_hearts.apply,
    both_sides.apply,
    components.apply,
    converted.apply,
    robotic.apply,
    principal.apply,
)


def apply_all(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures after every guideline, codes unique, principal first."""
    for step in STEPS:
        procedures = joined(step(chart, procedures))
    return procedures
