"""An 835 of any size, written in constant memory: what posting is measured on.

1,000 claims a transaction, two lines a claim, four ledger rows a line: the payment, CO-45, CO-253 and what the patient
owes (PR-1 or PR-2). Balanced to the cent at all levels, valid by 005010X221A1; everybody in it is invented. The same
seed gives the same bytes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO

CLAIMS_A_TRANSACTION = 1000
LINES_A_CLAIM = 2
ROWS_A_CLAIM = 8
PROCEDURES = ("99213", "99214", "71046", "80053", "85025", "93000", "97110", "45380")
LAST = ("ALDERMERE", "BRINDLE", "CASTELOW", "DUNMARCH", "EVENLODE", "FARROWAY", "IVERNE", "QUILLON")
FIRST = ("ADA", "BRAM", "CORA", "DORIAN", "ELKE", "FINN", "GRETA", "HUGO")
HEAD = (
    "ISA*00*          *00*          *ZZ*INVENTEDPAYER  *ZZ*INVENTEDCLINIC *260105*0930*^*00501*000000001*0*P*:~\n"
    "GS*HP*INVENTEDPAYER*INVENTEDCLINIC*20260105*0930*1*X*005010X221A1~\n"
)


@dataclass(slots=True)
class Written:
    """What a file holds: counts, bytes, and sums in cents (of adjustments by group and reason)."""

    transactions: int = 0
    claims: int = 0
    size: int = 0
    charge: int = 0
    paid: int = 0
    adjustments: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """Service lines."""
        return self.claims * LINES_A_CLAIM

    @property
    def rows(self) -> int:
        """Rows of a ledger: each a payment, an adjustment or what the patient owes."""
        return self.claims * ROWS_A_CLAIM


def write(target: BinaryIO, *, claims: int | None = None, megabytes: float | None = None, seed: int = 1) -> Written:
    """Writes one interchange to `target`; says what is in it.

    It ends with the claim that makes `claims`, or else with the transaction that fills `megabytes` (millions of bytes).
    """
    if (claims is None) == (megabytes is None):
        raise ValueError("Say how many claims or how many megabytes, one of the two.")
    done = Written()
    draw = random.Random(seed)

    def put(text: str) -> None:
        done.size += target.write(text.encode("ascii"))

    put(HEAD)
    while done.claims < claims if claims is not None else done.size < (megabytes or 0) * 1e6:
        wanted = CLAIMS_A_TRANSACTION if claims is None else min(CLAIMS_A_TRANSACTION, claims - done.claims)
        put(_transaction(draw, done, wanted))
    put(f"GE*{done.transactions}*1~\nIEA*1*000000001~\n")
    return done


def _transaction(draw: random.Random, done: Written, claims: int) -> str:
    """One payment over `claims` claims; what it holds is added to `done`."""
    done.transactions += 1
    number, before = f"{done.transactions:06}", done.paid
    body = [_claim(draw, done, n) for n in range(done.claims, done.claims + claims)]
    done.claims += claims
    head = [
        f"ST*835*{number}~\n",
        f"BPR*I*{_dollars(done.paid - before)}*C*ACH*CCP*01*011000015*DA*4410001*1123456789*",
        "*01*021000021*DA*770002*20260105~\n",
        f"TRN*1*EFT{number}*1123456789~\nREF*EV*INVENTEDCLINIC~\nDTM*405*20260104~\n",
        "N1*PR*NORTH MEADOW HEALTH PLAN~\nN3*1 ORCHARD LANE~\nN4*MAPLETON*OH*43001~\n",
        "PER*CX*CLAIMS*TE*5550100100~\nPER*BL*EDI DESK*TE*5550100199~\n",
        "N1*PE*WILLOW CREEK CLINIC*XX*1234567893~\nREF*TJ*123456789~\nLX*1~\n",
    ]
    segments = sum(part.count("~") for part in head) + sum(part.count("~") for part in body) + 1
    return "".join((*head, *body, f"SE*{segments}*{number}~\n"))


def _claim(draw: random.Random, done: Written, n: int) -> str:
    day = f"202512{1 + n % 28:02}"
    owed_as = "1" if n % 3 else "2"
    lines, charge, paid, owed = [], 0, 0, 0
    for k in range(1, LINES_A_CLAIM + 1):
        billed = draw.randrange(5_000, 60_000)
        allowed = billed * draw.randrange(40, 80) // 100
        patient = allowed * draw.randrange(5, 20) // 100
        # Two in a hundred of what is left, at least a cent.
        withheld = max(1, (allowed - patient) * 2 // 100)
        line = allowed - patient - withheld
        for key, cents in ((("CO", "45"), billed - allowed), (("CO", "253"), withheld), (("PR", owed_as), patient)):
            done.adjustments[key] = done.adjustments.get(key, 0) + cents
        charge, paid, owed = charge + billed, paid + line, owed + patient
        lines.append(
            f"SVC*HC:{PROCEDURES[draw.randrange(8)]}*{_dollars(billed)}*{_dollars(line)}**1~\nDTM*472*{day}~\n"
            f"CAS*CO*45*{_dollars(billed - allowed)}**253*{_dollars(withheld)}~\n"
            f"CAS*PR*{owed_as}*{_dollars(patient)}~\nREF*6R*{n:08}{k}~\nAMT*B6*{_dollars(allowed)}~\n"
        )
    done.charge += charge
    done.paid += paid
    return (
        f"CLP*CLM{n:09}*1*{_dollars(charge)}*{_dollars(paid)}*{_dollars(owed)}*MB*26{n:011}*11*1~\n"
        f"NM1*QC*1*{LAST[n % 8]}*{FIRST[n // 8 % 8]}****MI*M{n:09}~\n"
        f"NM1*82*1*{LAST[n // 3 % 8]}*ADA****XX*1234567893~\nREF*1L*GRP{n % 500:05}~\n"
        f"DTM*050*20251230~\n{''.join(lines)}"
    )


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def dollars(cents: int) -> Decimal:
    """An amount of `Written` as a Decimal."""
    return Decimal(cents).scaleb(-2)
