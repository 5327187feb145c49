"""The tables that a check of this claim asked for and did not find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from leadterm.codesets.faces import brought_by
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft

CLAIM = "CLM"
UNCHECKED = "LEADTERM:unchecked/tables"


def _tables(b: Billing) -> Iterator[Draft]:
    if b.missing:
        what = "; ".join(face.WHAT for face in b.missing)
        yield Draft(
            f"Not checked, because not installed: {what}.",
            fix=f"To have it checked, {brought_by(*b.missing)}.",
            location=b.at(CLAIM),
        )


CHECKS: Mapping[str, Check[Billing]] = {UNCHECKED: _tables}
