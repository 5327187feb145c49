"""Payment policy indicators and the modifiers of a line: parts, places, sides, assistants, co-surgeons, teams, shares.

What a line contradicts by itself stands in `policy.tsv`; here is what it takes two lines for.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import date

from leadterm.edits._billing import Billing
from leadterm.edits._findings import Draft

from ._indicators import of_tables
from ._schedule import PAYABLE, checks, services

LEFT, RIGHT = "LT", "RT"
COUNTS_BOTH = "2"


def _has_both_sides(b: Billing) -> bool:
    return LEFT in b.modifiers and RIGHT in b.modifiers


def _sides_apart(b: Billing) -> Iterator[Draft]:
    first: dict[tuple[str, date, Hashable], dict[str, int]] = {}
    for s in services(b):
        if s.row.bilateral != COUNTS_BOTH or s.row.status not in PAYABLE:
            continue
        sides = first.setdefault((s.code, s.line.start, b.provider_of(s.line)), {})
        for side in {LEFT, RIGHT} & set(s.line.modifiers):
            sides.setdefault(side, s.line.number)
    for (code, _, _), sides in first.items():
        if len(sides) == 2:
            one, last = sorted(sides.values())
            where = f"Line {last} has" if one == last else f"Lines {one} and {last} have"
            yield Draft(
                f"{where} the two sides of {code}, whose values count both already (bilateral indicator 2).",
                (code,),
                fix=f"Report {code} once, without LT and RT.",
                location=b.at(b.service, last),
            )


CHECKS, GATE = checks(
    of_tables(
        "MCPM:23.50.6/component",
        "MCPM:13.20.2/technical-part",
        "MCPM:13.20.2/whole-test",
        "MCPM:23.50.6/incident-to",
        "MCPM:12.20.4.3/assistant",
        "MCPM:12.40.8/co-surgeons",
        "MCPM:12.40.8/team",
        "MCPM:12.40.2/no-shares",
        "MCPM:4.20.6.4/discontinued",
        "MCPM:12.40.7/both-sides",
        "NCCI:I.V/both-sides-units",
        "MCPM:23.50.6/no-parts",
        "MCPM:23.50.6/no-surgery",
        "MCPM:23.50.6/rarely-there",
        "MCPM:23.50.6/rarely-in-facility",
        "MCPM:12.20.4.3/assistant-documents",
        "MCPM:12.40.8/co-surgeons-documents",
        "MCPM:12.40.8/team-documents",
        "MCPM:12.40.6/multiple",
    ),
    (_has_both_sides, {"MCPM:12.40.7/sides-apart": _sides_apart}),
)
