"""Small interchanges in X12's own notation, for tests."""

from __future__ import annotations

from datetime import datetime

from leadterm.x12 import Interchange, Separators

ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260514*0930*^*00501*000000001*0*T*:~"
BODY = (
    "GS*HC*SENDER*RECEIVER*20260514*0930*7*X*005010X222A1~"
    "ST*837*0001*005010X222A1~CLM*A1*12.5***11:B:1~SE*3*0001~GE*1*7~"
)
WHOLE = f"{ISA}{BODY}IEA*1*000000001~"


def interchange(separators: Separators = Separators()) -> Interchange:  # noqa: B008
    """An envelope of invented partners."""
    return Interchange(
        "SENDER", "RECEIVER", 1, datetime(2026, 5, 14, 9, 30), "T", group_control_number=7, separators=separators
    )
