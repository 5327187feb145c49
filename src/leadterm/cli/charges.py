"""`leadterm charges`: the user's own charge master: taken in, shown, taken out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadterm.domain import DataMissing

from ._out import Bar, open_book, put_json, say

if TYPE_CHECKING:
    from leadterm.codesets.charge_master import ChargeMaster
    from leadterm.domain import ChargeRow, ChargesRead

Json = Annotated[bool, typer.Option("--json", help="One JSON value.")]
From = Annotated[str | None, typer.Option("--from", help="First day of the charge master, YYYY-MM-DD; else every day.")]
SHOWN = 20

charges = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Your charge master: import it, look at it, take it out."
)


@charges.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV file or workbook (.xlsx) with a header.")],
    columns: Annotated[
        str, typer.Option("--columns", help="Headers where they are not recognised: code=HCPCS,price=Amount.")
    ] = "",
    since: From = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be imported.")] = False,
    json: Json = False,
) -> int:
    """Import a charge description master: your code, description, CPT or HCPCS, revenue code, price, modifiers.

    Rows that cannot be used are told with their line and what to do, the others are taken, and exit is 1. The file
    stays on this machine. Undo: leadterm charges remove.

    Examples: leadterm charges import chargemaster.xlsx · leadterm charges import cdm.csv --columns
    "local=Item,price=Gross"
    """
    from leadterm.codesets.charge_master import import_master, read_master
    from leadterm.codesets.charge_master.columns import mapping
    from leadterm.domain import parse_date
    from leadterm.schemas import encode_charges

    told, day = mapping(columns), parse_date(since, "--from") if since else None
    if dry_run:
        read, status, first = read_master(file, told), encode_charges.PLANNED, None
    else:
        done = import_master(file, told, day, progress=Bar("Importing the charge master"))
        read, status, first = done.read, done.status, done.release.period.start
    if json:
        put_json(encode_charges.imported(read, file.name, status, first))
    else:
        _tell(read, file.name, dry_run)
    return int(bool(read.problems))


def _tell(read: ChargesRead, name: str, dry_run: bool) -> None:
    print(f"{'Would import' if dry_run else 'Imported'} {len(read.rows)} charges from {name}.")
    print("Columns: " + ", ".join(f"{field} = “{header}”" for field, header in read.columns.items()))
    if read.inactive:
        print(f"{read.inactive} rows are inactive and were left.")
    for problem in read.problems[:SHOWN]:
        say(f"line {problem.line}: {problem.reason}." + (f" ({problem.column})" if problem.column else ""))
    if len(read.problems) > SHOWN:
        say(f"and {len(read.problems) - SHOWN} more; --json lists them all.")


@charges.command("list")
def list_(
    words: Annotated[str, typer.Argument(help="Words of the description, or the beginning of a code; none: all.")] = "",
    limit: Annotated[int, typer.Option(help="How many rows are shown; --json shows all.", min=1)] = 50,
    json: Json = False,
) -> int:
    """List the rows of the charge master, all or those that words or a code find.

    Examples: leadterm charges list · leadterm charges list "chest 2" · leadterm charges list 7104
    """
    master = _master()
    rows = [row for row in master.rows if _has(row, words)]
    return _show(master, rows, json, limit)


@charges.command("show")
def show(
    code: Annotated[str, typer.Argument(help="Your own code, or a CPT or HCPCS code.")],
    json: Json = False,
) -> int:
    """Show the rows of one code, your own or CPT or HCPCS; exit 1 where there is none.

    Example: leadterm charges show 20610
    """
    master = _master()
    rows = list(dict.fromkeys((*master.of_local(code), *master.of_code(code))))
    _show(master, rows, json, len(rows))
    if not rows:
        say(f"The charge master has no row of {code[:20]}.")
    return int(not rows)


@charges.command("remove")
def remove(since: From = None, json: Json = False) -> int:
    """Take the charge master out again: all, or the one that begins on a day.

    Example: leadterm charges remove
    """
    from leadterm.codesets.charge_master import remove_master
    from leadterm.domain import parse_date
    from leadterm.schemas import encode_releases

    gone = remove_master(parse_date(since, "--from") if since else None, progress=Bar("Removing the charge master"))
    if json:
        put_json(encode_releases.removal(gone))
    else:
        for one in gone:
            print(f"removed the charge master of {one.period.start} ({dict(one.counts).get('charges', 0)} charges)")
    return 0


def _master() -> ChargeMaster:
    """The charge master of today. Raises DataMissing where none was imported."""
    from leadterm.codesets.charge_master import ChargeMaster

    found = open_book().find(ChargeMaster)
    if found is None:
        raise DataMissing("No charge master was imported: `leadterm charges import FILE`.")
    return found


def _has(row: ChargeRow, words: str) -> bool:
    text = f"{row.local} {row.description} {row.code} {row.revenue}".casefold()
    return all(word in text for word in words.casefold().split())


def _show(master: ChargeMaster, rows: list[ChargeRow], json: bool, limit: int) -> int:
    from leadterm.schemas import encode_charges

    if json:
        put_json(encode_charges.charges(master.source, master.period.start, rows))
        return 0
    for row in rows[:limit]:
        price = str(row.price) if row.price is not None else "no price"
        code = " ".join((row.code or "-----", *row.modifiers))
        print(f"{row.local or '-':<12} {code:<12} {row.revenue or '----'}  {price:>12}  {row.description}")
    if len(rows) > limit:
        print(f"and {len(rows) - limit} more of {len(rows)}.")
    return 0
