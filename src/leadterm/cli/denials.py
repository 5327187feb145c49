"""`leadterm denials` and `leadterm kpi`: the work that payers' answers make, and how it goes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadterm.app.settings import contract_days
from leadterm.domain import CodedEncounter, InputError

from ._ledger import database, day
from ._out import open_book, put_bytes, put_json, say, write_whole

if TYPE_CHECKING:
    from leadterm.app.denials import Known

denials = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Denials: list, show, appeal.")
AsOf = Annotated[str | None, typer.Option("--as-of", "--on", help="The day to look from, YYYY-MM-DD; else today.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON value.")]
Indicator = Annotated[
    str,
    typer.Option(
        "--modifier-indicator",
        help="Of the NCCI pair behind a bundling denial (0, 1, 9); else as the installed tables have it.",
    ),
]
Denial = Annotated[str, typer.Argument(help="Id of the denial, or the number of a claim with one denial.")]


@denials.command("list")
def list_(
    as_of: AsOf = None,
    every: Annotated[bool, typer.Option("--all", help="Those too that are reversed, superseded or settled.")] = False,
    category: Annotated[str | None, typer.Option(help="Of one kind only (timely-filing, bundling, …).")] = None,
    payer: Annotated[str | None, typer.Option(help="Of one payer only (its id).")] = None,
    json: Json = False,
) -> int:
    """List denials in the order to work them: what expires first, then what is worth most.

    Examples: leadterm denials list · leadterm denials list --category authorization --as-of 2026-06-30
    """
    from leadterm.app import denials as work
    from leadterm.schemas import encode_ledger as encode

    on = day(as_of, "--as-of")
    _refuse_unknown(category)
    with database() as kept:
        found = [
            item
            for item in work.denials(kept, on, every=every, known=_known())
            if (category is None or item.denial.category == category) and (payer is None or item.denial.payer == payer)
        ]
    if json:
        put_json(encode.denials(on, found))
    else:
        from .money import print_denials

        print_denials(found, work.total(found))
    return 0


def _known(modifier_indicator: str = "unknown") -> Known:
    """What is known beyond the remittances: contracts, and the tables of pairs that are installed."""
    from leadterm.app.denials import Known
    from leadterm.pipeline import pair_indicator

    return Known(contract_days(), modifier_indicator, partial(pair_indicator, open_book()))


def _refuse_unknown(category: str | None) -> None:
    from leadterm.remittance.reasons import categories

    if category is not None and category not in categories():
        raise InputError(f"--category takes one of: {', '.join(sorted(categories()))}.")


@denials.command("show")
def show(denial: Denial, as_of: AsOf = None, modifier_indicator: Indicator = "unknown", json: Json = False) -> int:
    """Show a denial: what the payer said, the likely cause, what to do, until when, and what is ruled out.

    Example: leadterm denials show CLM0001
    """
    from leadterm.app import denials as work
    from leadterm.schemas import encode_ledger as encode

    on = day(as_of, "--as-of")
    with database() as kept:
        item = work.denial(kept, denial, on, _known(modifier_indicator))
    if json:
        put_json(encode.denials(on, [item]))
    else:
        from .money import print_denial

        print_denial(item)
    return 0


@denials.command("appeal")
def appeal(
    denial: Denial,
    coded: Annotated[str, typer.Option("--coded", help="The coded encounter behind the claim (leadterm.coded/1).")],
    claim: Annotated[Path | None, typer.Option(help="The claim (leadterm.claim/1), for names and numbers.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where to write it; else standard output.")] = None,
    as_of: AsOf = None,
    modifier_indicator: Indicator = "unknown",
) -> int:
    """Draft an appeal letter with quotes that the chart really has; what is not known is left to fill in.

    Refuses, and says what to do instead, where an appeal is not the way or the chart has nothing that supports it.

    Example: leadterm denials appeal CLM0001 --coded visit.coded.json --out appeal.txt
    """
    from leadterm.app import denials as work
    from leadterm.remittance.letters import appeal_letter

    from .validate import read_subject

    subject = read_subject(coded)
    if not isinstance(subject, CodedEncounter):
        raise InputError("--coded takes a coded encounter (leadterm.coded/1).")
    sent = read_subject(str(claim)) if claim else None
    if isinstance(sent, CodedEncounter):
        raise InputError("--claim takes a claim (leadterm.claim/1).")
    on = day(as_of, "--as-of")
    with database() as kept:
        item = work.denial(kept, denial, on, _known(modifier_indicator))
    letter = appeal_letter(item.denial, subject, on, sent)
    if out is not None:
        write_whole(out, letter.text.encode())
        say(f"Wrote {out}. Read it and fill in what stands in brackets before you sign.")
    else:
        put_bytes(letter.text.encode())
    return 0


def kpi(as_of: AsOf = None, json: Json = False) -> int:
    """Key figures of the revenue cycle as of a day: days in A/R with ages, clean claims, denials, first-pass yield.

    Examples: leadterm kpi · leadterm kpi --as-of 2026-06-30 --json
    """
    from leadterm.app import figures
    from leadterm.schemas import encode_ledger as encode

    on = day(as_of, "--as-of")
    with database() as kept:
        measures = figures.kpi(kept, on)
    if json:
        put_json(encode.kpi(on, measures))
    else:
        from .money import print_kpi

        print_kpi(measures)
    return 0
