"""Blood and blood products: what was transfused is told, and blood that was bought stands on two lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from leadterm.codesets.payment.packaging import OppsService
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft

from ._judged import judged, on_line, when

TRANSFUSIONS = frozenset({"36430", "36440", "36450", "36455", "36460"})
BLOOD, PRODUCT = "R", "P9"
BOUGHT = "BL"
ITSELF, PROCESSING = "038", "039"


@when(*TRANSFUSIONS)
def _product(b: Billing) -> Iterator[Draft]:
    given = [s for s in judged(b) if s.row.code in TRANSFUSIONS]
    if any(s.indicator == BLOOD or s.row.code.startswith(PRODUCT) for s in judged(b)):
        return
    for s in given:
        yield on_line(b, s, f"Line {s.line} is a transfusion ({s.row.code}), and no line tells what was transfused.")


@when(BOUGHT)
def _two_lines(b: Billing) -> Iterator[Draft]:
    bought = [s for s in judged(b) if BOUGHT in s.modifiers]
    for s in bought:
        own = _revenue(b, s)
        wanted = {ITSELF: PROCESSING, PROCESSING: ITSELF}.get(own)
        if wanted and not any(_revenue(b, other) == wanted and _is_same(s, other) for other in bought):
            yield on_line(
                b,
                s,
                f"Line {s.line} ({s.row.code}-BL, revenue code {own}x) has no line beside it of the same day and units "
                f"under {wanted}x.",
            )


def _revenue(b: Billing, s: OppsService) -> str:
    return (b.claim.lines[s.line - 1].revenue_code or "")[:3]


def _is_same(one: OppsService, other: OppsService) -> bool:
    return (one.row.code, one.day, one.units) == (other.row.code, other.day, other.units)


CHECKS: Mapping[str, Check[Billing]] = {
    "MCPM:4.231.8/product": _product,
    "MCPM:4.231.2/two-lines": _two_lines,
}
