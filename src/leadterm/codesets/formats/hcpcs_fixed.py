"""Reads the HCPCS Level II text of CMS: records of 320 columns, after a few lines of words.

Columns from 1, both ends included, as in the record layout that CMS publishes with the file. A line that lost its
trailing blanks is whole as long as it reaches the action code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadterm.domain import InputError

from ._offered import Offered
from .hcpcs_record import CONTINUES, Record

WIDTH = 320
LAYOUT: dict[str, tuple[int, int]] = {
    "HCPC": (1, 5),
    "SEQNUM": (6, 10),
    "RECID": (11, 11),
    "LONG DESCRIPTION": (12, 91),
    "SHORT DESCRIPTION": (92, 119),
    **{f"PRICE{n}": (118 + 2 * n, 119 + 2 * n) for n in range(1, 5)},
    "MULT_PI": (128, 128),
    **{f"CIM{n}": (123 + 6 * n, 128 + 6 * n) for n in range(1, 4)},
    **{f"MCM{n}": (139 + 8 * n, 146 + 8 * n) for n in range(1, 4)},
    "STATUTE": (171, 180),
    **{f"LABCERT{n}": (178 + 3 * n, 180 + 3 * n) for n in range(1, 9)},
    **{f"XREF{n}": (200 + 5 * n, 204 + 5 * n) for n in range(1, 6)},
    "COV": (230, 230),
    "ASC_GRP": (231, 232),
    "ASC_DT": (233, 240),
    "OPPS": (241, 243),
    "OPPS_PI": (244, 244),
    "OPPS_DT": (245, 252),
    "PROCNOTE": (253, 256),
    "BETOS": (257, 259),
    "TOS1": (261, 261),
    "TOS2": (262, 262),
    "TOS3": (263, 263),
    "TOS4": (264, 264),
    "TOS5": (265, 265),
    "ANEST_BU": (266, 268),
    "ADD DT": (269, 276),
    "ACT EFF DT": (277, 284),
    "TERM DT": (285, 292),
    "ACTION CD": (293, 293),
}
LAST = LAYOUT["ACTION CD"][1]
BEGINS = re.compile(r"(?:[A-V][0-9]{4}|   [A-Z0-9]{2})[0-9]{5}[3478]")


def records(offered: Offered) -> Iterator[Record]:
    """The records of the text, in its order. Raises InputError for a record that is cut or of an older layout."""
    begun = False
    for number, line in enumerate(offered.lines(), 1):
        if BEGINS.match(line):
            begun = True
            yield _record(line, number, offered.name)
        elif begun and line.strip("\x1a \t"):  # a DOS end-of-file mark may follow the last record
            raise InputError(
                f"{offered.name}, line {number}: this is no HCPCS record of {WIDTH} columns; the file is damaged or of "
                "another layout: get it again from CMS."
            )


def _record(line: str, number: int, name: str) -> Record:
    kind = line[LAYOUT["RECID"][0] - 1]
    if len(line) > WIDTH or (len(line) < LAST and kind not in CONTINUES):
        raise InputError(
            f"{name}, line {number}: the record has {len(line)} columns in place of {WIDTH}; the file is cut or of an "
            "older layout: get the current one from CMS."
        )
    fields = {field: " ".join(line[first - 1 : last].split()) for field, (first, last) in LAYOUT.items()}
    return Record(number, kind, fields["HCPC"], fields)
