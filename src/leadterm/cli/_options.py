"""Options that several commands take of a chart, with the same words for all."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Setting = Annotated[
    str | None, typer.Option(help="inpatient, outpatient, emergency, professional, skilled-nursing, home-health.")
]
ClaimType = Annotated[str | None, typer.Option(help="professional or institutional.")]
Age = Annotated[int | None, typer.Option(help="Age in years.")]
Sex = Annotated[str | None, typer.Option(help="F, M or U.")]
Beside = Annotated[Path | None, typer.Option(help="Encounter JSON that goes with a text.")]
Encoding = Annotated[str | None, typer.Option(help="Encoding of a text that is not UTF-8.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON value.")]
AsJsonl = Annotated[bool, typer.Option("--jsonl", help="One JSON object a line.")]
