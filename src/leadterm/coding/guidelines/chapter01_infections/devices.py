"""I.C.1.d.5, I.C.19.g: an infection that the chart ties to a device, a prosthesis or an opening made by a surgeon."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.passages import holds
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact

from ._growth import ROOM
from .organisms import CONCLUDED

RULE = "ICD10CM:I.C.19.g/device"
_INFECTION = r"(?:infections?|infected|peritonitis|endocarditis|bacteremia|sepsis|septicemia|uti|bsi|cellulitis)"
_LINK = r"(?:due to|from|secondary to|associated with|related to|caused by)"
_PART = r"(?:associated|related|induced|pocket|lead|site|exit[- ]site|line|tube|bloodstream|driveline)"
_FEW = r"(?:[\w-]+\s+){0,4}?"
_SIDE = re.compile(r"\b(?:(?P<right>right|rt|r)|(?P<left>left|lt|l))\b")


@dataclass(frozen=True, slots=True)
class Device:
    """One row of `devices.tsv`."""

    tied: re.Pattern[str]
    says: re.Pattern[str]
    code: str
    sides: dict[str, str]
    drops: tuple[str, ...]


@cache
def _devices() -> tuple[Device, ...]:
    return tuple(_device(row) for row in rows(f"{ROOM}/devices"))


def _device(row: dict[str, str]) -> Device:
    name = rf"\b{row['device']}\b"
    tied = re.compile(
        rf"\binfected\s+{_FEW}{name}|\binfection\s+(?:of|in|due to|from|involving)\s+{_FEW}{name}"
        rf"|{name}[- ](?:{_PART}\s+){{0,3}}{_INFECTION}\b"
        rf"|\b{_INFECTION}\b[^.;\n]{{0,25}}\b{_LINK}\s+{_FEW}{name}"
    )
    plain, *sided = row["codes"].split()
    return Device(tied, re.compile(row["says"]), plain, dict(s.split("=") for s in sided), tuple(row["drops"].split()))


def devices(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the infection of a device that a conclusion of the chart names."""
    for fact in chart.facts:
        if fact.section not in CONCLUDED or fact.assertion not in (Assertion.PRESENT, Assertion.RESOLVED):
            continue
        found = _found(chart, fact)
        if found is not None:
            return _with(candidates, fact, *found)
    return candidates


def _found(chart: Chart, fact: Fact) -> tuple[Device, str] | None:
    sentence = chart.sentence(fact)
    for device in _devices():
        if holds(device.tied, sentence) and device.says.search(sentence):
            side = _SIDE.search(sentence)
            return device, device.sides.get(side.lastgroup or "", device.code) if side else device.code
    return None


def _with(candidates: list[Candidate], fact: Fact, device: Device, code: str) -> list[Candidate]:
    kept = [c for c in candidates if not (device.drops and c.code.startswith(device.drops))]
    if any(c.code[:5] == code[:5] for c in kept):
        return kept
    new = stated(code, (fact,), f"infection of the device: {code}. {reason(RULE)}", RULE)
    return [*kept, replace(new, rank=(0, fact.mention.span.start - 1))]
