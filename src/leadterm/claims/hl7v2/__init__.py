"""What was coded, as an HL7 version 2.6 message DFT^P03 (post detail financial transaction, chapter 6).

2.6 is the first version whose DG1 says whether a diagnosis was present on admission.
"""

from __future__ import annotations

from datetime import datetime

from leadterm.domain import CodedEncounter, InputError

from .bills import charges, diagnoses, insurance
from .people import identification, visit
from .segments import Line, segment, stamp

__all__ = ["VERSION", "write_dft"]

VERSION = "2.6"
OURS = "LEADTERM"
LONGEST_NAME = 20
_CHARACTERS = "UNICODE UTF-8"


def write_dft(
    coded: CodedEncounter,
    control: int,
    at: datetime,
    sender: str = "",
    receiver: str = "",
    *,
    production: bool = False,
) -> bytes:
    """The message in UTF-8, each segment closed by a carriage return.

    Args:
        coded: What was coded; codes that were rejected are left out, and charges that wait for a price and a decision.
        control: Number of the message (MSH-10).
        at: When it is written.
        sender, receiver: `APPLICATION` or `APPLICATION/FACILITY` (MSH-3 to MSH-6); else ours, and none.
        production: Whether it is marked P instead of T.

    Raises InputError where there is no charge to post, and for names that are longer than theirs may be.
    """
    encounter = coded.encounter
    posted = list(charges(coded, at))
    if not posted:
        raise InputError("A DFT message posts charges and there is none here: give the encounter its charges.")
    lines = [
        _header(control, at, sender or OURS, receiver, production),
        segment("EVN", {2: stamp(at)}),
        identification(encounter),
        visit(encounter),
        *posted,
        *diagnoses(coded),
        *insurance(encounter),
    ]
    return "".join(f"{line}\r" for line in lines).encode("utf-8", "replace")


def _header(control: int, at: datetime, sender: str, receiver: str, production: bool) -> Line:
    here, there = _named(sender), _named(receiver)
    fields = {
        3: here[0],
        4: here[1],
        5: there[0],
        6: there[1],
        7: stamp(at),
        9: ("DFT", "P03", "DFT_P03"),
        10: f"{control}",
        11: "P" if production else "T",
        12: VERSION,
        18: _CHARACTERS,
    }
    return segment("MSH", fields)


def _named(text: str) -> tuple[str, str]:
    """Application and facility."""
    application, _, facility = (part.strip() for part in text.partition("/"))
    if max(len(application), len(facility)) > LONGEST_NAME:
        raise InputError(f"Application and facility of a DFT message have at most {LONGEST_NAME} characters each.")
    return application, facility
