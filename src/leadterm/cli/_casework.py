"""What the commands on case files share: their options, the database behind them, and how a case is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from ._ledger import database, day
from ._out import put_json

if TYPE_CHECKING:
    from leadterm.app.compliance import Case, Compliance
    from leadterm.compliance.casefile import Action

CaseName = Annotated[str, typer.Argument(metavar="CASE", help="Id of the case file, or of its signal (sg-…).")]
By = Annotated[str | None, typer.Option("--by", help="Who does it; else the name of the machine's account.")]
On = Annotated[str | None, typer.Option("--on", "--as-of", help="The day to look from, YYYY-MM-DD; else today.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON value.")]


@contextmanager
def at_work() -> Iterator[Compliance]:
    """Case files over the database, closed again behind the block."""
    from leadterm.app.compliance import Compliance
    from leadterm.app.settings import people

    with database() as kept:
        yield Compliance(kept, people())


def account() -> str:
    """The name of the machine's account: who does it where nobody says."""
    from leadterm.app.people import account_name

    return account_name()


def act(name: str, actions: Iterable[Action], by: str | None, *, json: bool, on: str | None = None) -> int:
    """Does actions on a case, all or none, and shows it after them."""
    with at_work() as work:
        answer(work.act_all(name, list(actions), by or account()), on, json=json)
    return 0


def answer(case: Case, on: str | None, *, json: bool) -> None:
    """Nothing; the case is told."""
    if json:
        put_cases([case], on)
    else:
        from ._compliance import print_case

        print_case(case, day(on, "--on"))


def put_cases(cases: Iterable[Case], on: str | None) -> None:
    """Prints case files as JSON, with their clocks as of a day."""
    from leadterm.schemas import encode_compliance as encode

    put_json(encode.cases(day(on, "--on"), cases))
