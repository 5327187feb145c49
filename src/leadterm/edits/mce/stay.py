"""The edit on the length of stay, computed here: that of the installed editor differs from the official program's.

One procedure is on its list, ventilation for more than 96 consecutive hours: four days, which a shorter stay cannot
have held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from leadterm.domain import plain_day
from leadterm.edits._coding import Coding, marks_on
from leadterm.edits._findings import Check, Draft

LEAST_DAYS = 4
MARK = "los"


def _too_short(coding: Coding) -> Iterator[Draft]:
    admission, discharge = plain_day(coding.encounter.admission), plain_day(coding.encounter.discharge)
    if not coding.stay or admission is None or discharge is None or coding.on is None:
        return
    days = (discharge - admission).days
    if days >= LEAST_DAYS:
        return
    for a in coding.procedures:
        if MARK in marks_on(coding.book, a.code, coding.on):
            message = f"{a.code} takes more than 96 hours, and the stay has {days} days; four are the least."
            yield Draft(message, (str(a.code),), (a.id,))


CHECKS: Mapping[str, Check[Coding]] = {"MCE:inconsistent-with-length-of-stay": _too_short}
