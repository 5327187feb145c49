"""Remittances written by hand, files turned around, and short ways to post them and to read the ledger.

    era("CLP A1 1 100 60 0; SVC 99213-25 100 60; DTM 472 20260501; CAS CO 45 40")

A text is a claim, in the segments that say it: `CLP` number, status, charge, paid, patient's part, the payer's number
(left out: `ICN` and ours); `SVC` code with modifiers, charge, paid, and after `<` what was billed instead; every other
segment element by element. The payment is what its claims and its PLB come to.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from claims.cases import claim
from leadterm.app.posting import Posting, post
from leadterm.app.sending import Submission, submit
from leadterm.codesets import CodeBook
from leadterm.domain import Claim, Code, CodeSystem, DateRange, Finding, Money, ServiceLine, Severity
from leadterm.storage import Database
from leadterm.storage.tables import claims, entries
from leadterm.storage.tables import matches as kept_matches
from remittance.recompute import interchanges, split

LATER = date(2035, 1, 1)
ZERO = Decimal(0)
ISA = "ISA*00*          *00*          *ZZ*INVENTEDPAYER  *ZZ*INVENTEDCLINIC *260105*0930*^*00501*{:09}*0*P*:"


def era(
    *claims: str,
    trace: str = "T1",
    day: str = "20260601",
    payer: str = "PAYER1",
    originator: str = "1999999999",
    plb: tuple[str, ...] = (),
    control: int = 1,
) -> bytes:
    """A file of one payment."""
    return file(payment(*claims, trace=trace, day=day, payer=payer, originator=originator, plb=plb), control=control)


def file(*payments: list[str], control: int = 1) -> bytes:
    """A file of those payments in one group."""
    body = []
    for number, segments in enumerate(payments, start=control):
        body += [f"ST*835*{number:04}", *segments, f"SE*{len(segments) + 2}*{number:04}"]
    group = f"GS*HP*INVENTEDPAYER*INVENTEDCLINIC*20260105*0930*{control}*X*005010X221A1"
    ends = (f"GE*{len(payments)}*{control}", f"IEA*1*{control:09}")
    return "".join(f"{s}~\n" for s in (ISA.format(control), group, *body, *ends)).encode()


def payment(
    *claims: str,
    trace: str = "T1",
    day: str = "20260601",
    payer: str = "PAYER1",
    originator: str = "1999999999",
    plb: tuple[str, ...] = (),
) -> list[str]:
    """The segments of a payment between its ST and its SE."""
    said = [_claim(text) for text in claims]
    paid = sum((Decimal(s.split("*")[4]) for claim in said for s in claim if s.startswith("CLP*")), ZERO)
    due = paid - sum((Decimal(text.split()[1]) for text in plb), ZERO)
    how = "CHK" if due > 0 else "ACH" if due < 0 else "NON"
    bank = f"CCP*01*011000015*DA*1*{originator}**01*011000015*DA*2" if how == "ACH" else "*" * 10
    return [
        f"BPR*I*{abs(due)}*{'D' if due < 0 else 'C'}*{how}*{bank}*{day}",
        f"TRN*1*{trace}*{originator}",
        f"N1*PR*{payer} PLAN*XV*{payer}",
        "N3*1 ORCHARD LANE",
        "N4*MAPLETON*OH*43001",
        "PER*BL*DESK*TE*5550100199",
        "N1*PE*WILLOW CREEK CLINIC*XX*1234567893",
        *(["LX*1"] if claims else []),
        *(segment for claim in said for segment in claim),
        *("PLB*1234567893*20261231*{}*{}".format(*text.split()) for text in plb),
    ]


def _claim(text: str) -> list[str]:
    """The segments of one claim; its patient stands behind the adjustments of the claim as a whole."""
    segments = [_segment(*written.split()) for written in text.split(";")]
    own = next((n for n, s in enumerate(segments) if n and not s.startswith("CAS*")), len(segments))
    return [*segments[:own], "NM1*QC*1*DOE*ANA****MI*M1", *segments[own:]]


def _segment(name: str, *words: str) -> str:
    if name == "CLP":
        number, status, charge, paid, owed, *control = words
        return f"CLP*{number}*{status}*{charge}*{paid}*{owed}*12*{control[0] if control else f'ICN{number}'}"
    if name == "SVC":
        code, charge, paid, *billed = words
        instead = f"**1*{_procedure(billed[0].lstrip('<'))}" if billed else ""
        return f"SVC*{_procedure(code)}*{charge}*{paid}{instead}"
    return "*".join((name, *words))


def _procedure(text: str) -> str:
    return ":".join(("HC", *text.split("-")))


def posted(database: Database, content: bytes | Path, **options: Any) -> Posting:
    """What became of a file."""
    raw = content if isinstance(content, bytes) else content.read_bytes()
    return post(database, io.BytesIO(raw), **options)


def outcomes(posting: Posting) -> list[str]:
    return [p.outcome for p in posting.payments]


def rules(posting: Posting) -> list[str]:
    return [f.rule for f in posting.findings]


def ledger(database: Database, **wanted: Any) -> list[Mapping[str, Any]]:
    """The rows of the entries of this organisation in which those columns hold those values, oldest first."""
    asked = select(entries).where(entries.c.organisation == database.organisation).order_by(entries.c.key)
    with database.reading() as connection:
        found = [dict(row) for row in connection.execute(asked).mappings()]
    return [row for row in found if all(row[name] == value for name, value in wanted.items())]


def cents(rows: list[Mapping[str, Any]]) -> int:
    return sum(int(row["amount"]) for row in rows)


# What makes an entry that entry, whenever and with whatever it was recorded.
SAID = (
    "kind amount effective claim line group reason disposition reference claim_number segment position offset part"
).split()


def said(database: Database) -> list[tuple[str, ...]]:
    """What the entries say, in an order that does not hang on when they were made."""
    return sorted(tuple(str(row[name]) for name in SAID) for row in ledger(database))


def undone(content: bytes) -> bytes:
    """The file that takes everything of another one back: a reversal of each claim, each PLB turned around."""
    return b"".join(_undone(*split(one), one) for one in interchanges(content))


# Where segments of these names bear amounts.
AMOUNTS = {"CLP": (3, 4, 5), "SVC": (2, 3), "CAS": range(3, 20, 3), "PLB": range(4, 15, 2), "TS3": (5,)}


def _undone(component: str, segments: list[list[str]], content: bytes) -> bytes:
    element, terminator = chr(content[3]), chr(content[105])
    return "".join(element.join(_turned(s)) + terminator for s in segments).encode("latin-1")


def _turned(segment: list[str]) -> list[str]:
    out = list(segment)
    for place in AMOUNTS.get(out[0], ()):
        if place < len(out) and out[place]:
            out[place] = out[place][1:] if out[place].startswith("-") else f"-{out[place]}"
    # What was only foretold was not paid and is not taken back.
    if out[0] == "CLP" and out[2] != "25":
        out[2] = "22"
    elif out[0] == "BPR" and Decimal(out[2]):
        out[3:5] = ["C" if out[3] == "D" else "D", "ACH"]
    elif out[0] == "TRN":
        out[2] = f"BACK{out[2]}"
    return out


def sent(number: str, *lines: str, **changes: Any) -> Claim:
    """A claim of that number with those lines: `99213-25 100 05-01`, procedure, charge, day of 2026."""
    built = [_sent(n, *line.split()) for n, line in enumerate(lines, start=1)]
    return claim(id=number, lines=tuple(built), **changes)


def _sent(number: int, procedure: str, charge: str, day: str = "05-01") -> ServiceLine:
    value, *modifiers = procedure.split("-")
    code = Code(CodeSystem.CPT if value.isdigit() else CodeSystem.HCPCS, value)
    when = date.fromisoformat(day if len(day) > len("05-01") else f"2026-{day}")
    return ServiceLine(
        number, code, Decimal(1), Money.parse(charge), when, when, tuple(modifiers), (1,), place_of_service="11"
    )


def submitted(database: Database, made: Claim, day: str = "2026-05-03", errors: int = 0) -> Submission:
    """What becomes of a claim that is sent on that day and whose check finds so many errors."""
    found = tuple(
        Finding(f"f{n}", "TEST:check/error", Severity.ERROR, "Something is wrong.", "Mend it.") for n in range(errors)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("leadterm.app.sending.check_claim", lambda claim, book, options: found)
        patch.setattr("leadterm.app.sending.covered", lambda book: (DateRange(date(2000, 1, 1)),))
        return submit(database, made, CodeBook.__new__(CodeBook), date.fromisoformat(day))


def matches(database: Database) -> list[tuple[Any, ...]]:
    """Which remitted line answers which line of which claim, by what the claim's document says and not by keys."""
    m = kept_matches.c
    asked = select(m.remittance, m.claim_number, m.number, claims.c.digest, m.line, m.how).join(
        claims, claims.c.key == m.claim_key
    )
    with database.reading() as connection:
        found = connection.execute(asked.where(m.organisation == database.organisation))
        return sorted(tuple(row) for row in found)


def table(database: Database, wanted: Table) -> list[Mapping[str, Any]]:
    """The rows of a table that are this organisation's."""
    asked = select(wanted).where(wanted.c.organisation == database.organisation)
    with database.reading() as connection:
        return [dict(row) for row in connection.execute(asked).mappings()]
