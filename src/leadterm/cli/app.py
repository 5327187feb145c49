"""The tree of commands. Heavy imports stay inside the commands, so that `--help` and `lookup` start at once."""

from __future__ import annotations

from typing import Annotated

import typer

from leadterm import __version__

from . import (
    analyze,
    book,
    casework,
    charges,
    chart,
    claim,
    codes,
    compare,
    compliance,
    denials,
    edits,
    group,
    health,
    index,
    overpayment,
    pcs,
    practice,
    price,
    recode,
    remit,
    rules,
    serve,
    translate,
    validate,
    visit,
    watch,
)
from .deidentify import deidentify
from .demo import demo

app = typer.Typer(
    name="leadterm",
    help="Open-source medical coding: from the chart to the checked claim, offline, with proof.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"leadterm {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Open-source medical coding: from the chart to the checked claim, offline, with proof."""


app.command()(demo)
app.command("code")(chart.code)
app.command()(recode.recode)
app.command()(watch.watch)
app.command()(validate.validate)
app.command()(validate.permit)
app.command()(edits.edits)
app.command()(group.group)
app.command()(price.price)
app.command()(visit.visit)
app.command()(compare.compare)
app.command()(deidentify)
app.command()(book.lookup)
app.command()(book.search)
app.command()(book.tree)
app.command()(pcs.pcs)
app.command()(index.index)
app.command()(translate.translate)
app.command()(serve.serve)
app.add_typer(codes.codes, name="codes")
app.add_typer(claim.claim, name="claim")
app.add_typer(charges.charges, name="charges")
app.add_typer(remit.remit, name="remit")
app.add_typer(denials.denials, name="denials")
app.command()(denials.kpi)
app.add_typer(compliance.compliance, name="compliance")
for verb, command in casework.COMMANDS.items():
    compliance.compliance.command(verb)(command)
compliance.compliance.command("clock")(overpayment.clock)
app.add_typer(practice.practice, name="practice")
app.add_typer(analyze.analyze, name="analyze")
app.add_typer(analyze.export, name="export")
app.command()(rules.explain)
app.command()(health.doctor)
