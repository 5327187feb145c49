"""`leadterm demo`: the whole way on the sample charts, from the chart's words to the payer's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.app.samples import sample_folder, samples
from leadterm.domain import Claim, CodedEncounter, DataMissing, Encounter, InputError, Role

from ._out import json_bytes, open_book, put_json, say, write_whole

if TYPE_CHECKING:
    from leadterm.app.denials import KeptDenial
    from leadterm.app.posting import Posting
    from leadterm.pipeline import Coder
    from leadterm.remittance import Measure

# What the sample payers answer to some of the sample claims, and a day after it all.
PAYER_ANSWER = "payer-answer.835"
LOOKED_BACK = date(2026, 9, 30)
LEDGER = "leadterm.db"


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of one sample chart."""

    coded: CodedEncounter
    made: Claim | None
    claim: Path | None
    accepted: bool | None
    why_not: str | None
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class WayBack:
    """What the payers answered to the sample claims, and what follows."""

    ledger: Path
    posting: Posting
    denials: tuple[KeptDenial, ...]
    measures: tuple[Measure, ...]


def demo(
    out: Annotated[Path, typer.Option(help="Folder for what is written.")] = Path("leadterm-demo"),
    json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
) -> int:
    """Code the sample charts, check them, write their claims, post what payers answer, and say where everything is.

    Example: leadterm demo --out /tmp/demo
    """
    from leadterm.pipeline import Coder

    coder = Coder(open_book())
    shown = [_one(coder, chart, out, number) for number, chart in enumerate(samples(), 1)]
    back = _way_back(coder, shown, out)
    if json:
        put_json(_value(shown, back))
        return 0
    from .render import print_coded

    for s in shown:
        print_coded(s.coded, chart=True)
        print(_claim_line(s))
        print()
    _print_way_back(back)
    print(
        f"{len(shown)} charts coded; {sum(s.claim is not None for s in shown)} claims written. Everything is in {out}."
    )
    say("Installed now: the embedded code sets (`leadterm codes status`). `leadterm codes update` adds the Alphabetic")
    say("Index, HCPCS Level II and the current fiscal year, `leadterm codes install` files that you have;")
    say("`leadterm serve` opens them as a code book.")
    return 0


def _way_back(coder: Coder, shown: list[Shown], out: Path) -> WayBack:
    """Submits the claims, posts the sample payers' answer, and asks the ledger what is to be done and how it goes."""
    from leadterm.app import denials, figures
    from leadterm.app.posting import post
    from leadterm.app.sending import submit
    from leadterm.storage import open_database

    answer = sample_folder() / PAYER_ANSWER
    with open_database(out, url=f"sqlite:///{out.absolute() / LEDGER}") as ledger:
        for s in shown:
            if s.made is not None:
                submit(ledger, s.made, coder.book, max(line.end for line in s.made.lines))
        with answer.open("rb") as file:
            posting = post(ledger, file)
        return WayBack(
            out / LEDGER, posting, tuple(denials.denials(ledger, LOOKED_BACK)), figures.kpi(ledger, LOOKED_BACK)
        )


def _print_way_back(back: WayBack) -> None:
    from leadterm.app.denials import total

    from .money import print_denials, print_kpi, print_posting
    from .plain import print_findings

    print_posting(PAYER_ANSWER, back.posting.payments)
    print_findings(back.posting.findings)
    print(f"\nDenials to work as of {LOOKED_BACK}:")
    print_denials(back.denials, total(back.denials))
    print(f"\nKey figures as of {LOOKED_BACK}:")
    print_kpi(back.measures)
    print()


def _claim_line(s: Shown) -> str:
    if s.claim is None:
        return f"no 837P: {s.why_not}"
    verdict = {
        True: "accepted by pyx12 (999 A)",
        False: "REJECTED by pyx12",
        None: "not validated (pip install 'leadterm[x12]')",
    }
    return f"837P: {s.claim} · {verdict[s.accepted]}"


def _one(coder: Coder, encounter: Encounter, out: Path, number: int) -> Shown:
    from leadterm.pipeline import build_claim, interchange
    from leadterm.schemas import encode

    coded = coder.code(encounter)
    whole, path, claim = (out / f"{encounter.id}.{kind}" for kind in ("coded.json", "837", "claim.json"))
    write_whole(whole, json_bytes(encode.coded(coded)))
    try:
        made, findings = build_claim(coded, coder.book)
    except (InputError, DataMissing) as error:
        return Shown(coded, None, None, None, str(error), (whole,))
    standing = [f for f in findings if f.stands]
    if standing:
        return Shown(coded, None, None, None, standing[0].message, (whole,))
    content = interchange(made, number, datetime.now(UTC))
    write_whole(path, content)
    write_whole(claim, json_bytes(encode.claim(made)))
    return Shown(coded, made, path, _accepted(content), None, (whole, path, claim))


def _accepted(content: bytes) -> bool | None:
    from leadterm.claims import accept_999

    try:
        return accept_999(content)[0]
    except DataMissing:
        return None


def _value(shown: list[Shown], back: WayBack) -> dict[str, Any]:
    from leadterm.schemas import encode_ledger as encode

    charts = [
        {
            "id": s.coded.encounter.id,
            "codes": [a.code.value for a in s.coded.assignments if a.role is not Role.CHARGE],
            "findings": len(s.coded.findings),
            "claim": str(s.claim) if s.claim else None,
            "accepted": s.accepted,
        }
        for s in shown
    ]
    return {
        "schema": "leadterm.demo/1",
        "charts": charts,
        "posting": encode.posting(back.posting.payments, back.posting.findings),
        "denials": encode.denials(LOOKED_BACK, back.denials),
        "kpi": encode.kpi(LOOKED_BACK, back.measures),
        "files": [str(p) for p in (*(p for s in shown for p in s.files), back.ledger)],
    }
