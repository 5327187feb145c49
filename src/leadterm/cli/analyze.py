"""`leadterm analyze` and `leadterm export parquet`: answers from coded encounters, and count series watched."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadterm.domain import InputError, parse_date

from ._coded import encounters, opened, short_name, told, whole
from ._out import open_book, put_bytes, put_json, say

if TYPE_CHECKING:
    from leadterm.analytics import By, Question, Rate, Rates

analyze = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Answers from coded data: prevalence, incidence, surveillance."
)
export = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Coded data for other programs.")

Files = Annotated[
    list[str],
    typer.Argument(
        help="Coded encounters: .json, .jsonl, a folder of .coded.json, - for standard input. "
        "Or one folder that `leadterm export parquet` wrote."
    ),
]
ByWords = Annotated[
    list[str] | None,
    typer.Option("--by", help="One or more of code, category, grouping, month, age-band, sex; comma-separated."),
]
Codes = Annotated[list[str] | None, typer.Option("--code", help="Count this ICD-10-CM code; may be repeated.")]
Categories = Annotated[
    list[str] | None, typer.Option("--category", help="Count the codes of this category (E11); may be repeated.")
]
From = Annotated[str | None, typer.Option("--from", help="First day of the period, YYYY-MM-DD; else the data's first.")]
To = Annotated[str | None, typer.Option("--to", help="Last day of the period, YYYY-MM-DD; else the data's last.")]
Totals = Annotated[bool, typer.Option("--totals", help="Rows for all age bands and for all sexes too.")]
Suppress = Annotated[bool, typer.Option("--suppress", help="Keep back small counts and what would give them away.")]
Least = Annotated[int | None, typer.Option("--least", help="Smallest count that --suppress shows; 11.", min=3)]
Json = Annotated[bool, typer.Option("--json", help="One JSON value.")]
Csv = Annotated[bool, typer.Option("--csv", help="Comma-separated values.")]

KEPT_BACK = "–"


@analyze.command("surveillance")
def surveillance(
    series: Annotated[str, typer.Argument(help="CSV with one row a period and a column obs; - for standard input.")],
    method: Annotated[str, typer.Option(help="ears-c1, ears-c2 or ears-c3.")],
    json: Json = False,
) -> int:
    """Find the periods of a count series that lie above what the periods before them let expect.

    Examples: leadterm analyze surveillance weekly.csv --method ears-c1 ·
    leadterm analyze surveillance - --method ears-c3 --json < weekly.csv
    """
    from leadterm.analytics import ears, method_named, read_series, surveillance_json
    from leadterm.records import decode

    wanted, name = method_named(method), short_name(series)
    with ExitStack() as stack:
        raw = opened(series, stack).read()
    if not raw.strip():
        raise InputError(f"{name} is empty: give one row a period under the header obs.")
    counts = read_series(decode(raw, name), name)
    periods = ears(counts, wanted)
    if json:
        put_json(surveillance_json(wanted, len(counts), periods))
        return 0
    alarms = [period for period in periods if period.alarm]
    print(f"{wanted}: {len(periods):,} of {len(counts):,} periods judged, {len(alarms):,} with an alarm")
    rows = [[f"{p.index}", f"{p.observed:,}", f"{p.upperbound:,.2f}"] for p in alarms]
    _print_table(["index", "observed", "upper bound"], rows, texts=0)
    return 0


@analyze.command("prevalence")
def prevalence(
    files: Files,
    by: ByWords = None,
    code: Codes = None,
    category: Categories = None,
    start: From = None,
    end: To = None,
    totals: Totals = False,
    suppress: Suppress = False,
    least: Least = None,
    json: Json = False,
    csv: Csv = False,
) -> int:
    """How many of the persons seen in a period bore a condition in it, with 95 % intervals.

    Examples: leadterm analyze prevalence coded.jsonl --by category ·
    leadterm analyze prevalence mart --category E11 --by month,sex --from 2026-01-01 --suppress --csv
    """
    from leadterm.analytics import Measure, Question

    period = _day(start, "--from"), _day(end, "--to")
    asked = _by(by), *_conditions(code, category), *period, None, totals, _least(suppress, least)
    return _answer(files, Question(Measure.PREVALENCE, *asked), json=json, csv=csv)


@analyze.command("incidence")
def incidence(
    files: Files,
    by: ByWords = None,
    code: Codes = None,
    category: Categories = None,
    start: From = None,
    end: To = None,
    clean_days: Annotated[
        int | None,
        typer.Option(help="Look back so many days for an earlier occurrence (wash-out); else over all data.", min=1),
    ] = None,
    totals: Totals = False,
    suppress: Suppress = False,
    least: Least = None,
    json: Json = False,
    csv: Csv = False,
) -> int:
    """How many of the persons seen in a period and free of a condition before it bore it in the period.

    Examples: leadterm analyze incidence coded.jsonl --category I10 --from 2026-01-01 --by month ·
    leadterm analyze incidence mart --code E11.9 --from 2026-01-01 --clean-days 365 --by age-band --totals --json
    """
    from leadterm.analytics import Measure, Question

    period = _day(start, "--from"), _day(end, "--to")
    asked = _by(by), *_conditions(code, category), *period, clean_days, totals, _least(suppress, least)
    return _answer(files, Question(Measure.INCIDENCE, *asked), json=json, csv=csv)


@export.command("parquet")
def export_parquet(
    out: Annotated[Path, typer.Argument(help="Folder for encounters.parquet and diagnoses.parquet; made if absent.")],
    files: Files,
) -> int:
    """Write coded encounters as two flat Parquet tables, for `leadterm analyze` and for other programs.

    Example: leadterm export parquet mart coded.jsonl
    """
    from leadterm.analytics import blocks, gathered, write_parquet

    bad: list[str] = []
    with gathered(encounters(files, bad), blocks(open_book())) as mart:
        write_parquet(mart, out)
        say(f"Wrote {out}: {mart.encounters:,} encounters, {mart.diagnoses:,} diagnoses.")
    return told(bad)


@export.command("codes")
def export_codes(
    out: Annotated[Path, typer.Argument(help="The file to write: .csv, .xlsx or .parquet.")],
    files: Annotated[
        list[str],
        typer.Argument(help="Coded encounters: .json, .jsonl, a folder of .coded.json, - for standard input."),
    ],
    form: Annotated[
        str | None, typer.Option("--format", help="csv, xlsx or parquet, where the name does not tell.")
    ] = None,
) -> int:
    """Write one table with a row for each code: services, evidence with its place and words, findings.

    A text that a spreadsheet would take for a formula is written as text. Memory does not grow with the number of
    encounters.

    Examples: leadterm export codes codes.xlsx coded.jsonl · leadterm export codes codes.csv folder-of-codings
    """
    from leadterm.analytics.sheets import form_of, write_table

    kind, bad = form_of(out, form), list[str]()
    count, rows = write_table(encounters(files, bad, whole), out, kind)
    say(f"Wrote {out}: {rows:,} rows of {count:,} encounters.")
    return told(bad)


# --- the question ---


def _by(words: list[str] | None) -> tuple[By, ...]:
    from leadterm.analytics import By

    named = [word.strip().lower() for each in words or () for word in each.split(",")]
    if not set(named) <= set(By):
        raise InputError(f"--by takes one or more of: {', '.join(By)}.")
    return tuple(By(word) for word in named)


def _conditions(codes: list[str] | None, categories: list[str] | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    from leadterm.analytics import category_named, code_named

    return tuple(map(code_named, codes or ())), tuple(map(category_named, categories or ()))


def _day(text: str | None, flag: str) -> date | None:
    return parse_date(text, flag) if text is not None else None


def _least(suppress: bool, least: int | None) -> int | None:
    from leadterm.analytics import LEAST_SHOWN

    if least is not None and not suppress:
        raise InputError("--least tells --suppress what to show: add --suppress.")
    return (least or LEAST_SHOWN) if suppress else None


# --- the answer ---


def _answer(files: list[str], question: Question, *, json: bool, csv: bool) -> int:
    from leadterm.analytics import By, blocks, gathered, is_mart, measure, no_grouping, opened, rates_csv, rates_json

    if json and csv:
        raise InputError("--json and --csv are two forms of one answer: give one of them.")
    bad: list[str] = []
    tables = [Path(name) for name in files if name != "-" and is_mart(Path(name))]
    if tables and len(files) > 1:
        raise InputError(f"{tables[0]} is a folder of Parquet tables: give it alone.")
    with ExitStack() as stack:
        if tables:
            mart = stack.enter_context(opened(tables[0]))
        else:
            grouping = blocks(open_book()) if By.GROUPING in question.by else no_grouping
            mart = stack.enter_context(gathered(encounters(files, bad), grouping))
        rates = measure(mart, question)
    if bad:
        rates = replace(rates, notes=(*rates.notes, f"Rows that could not be read, left out: {len(bad):,}."))
    if json:
        put_json(rates_json(rates))
    elif csv:
        put_bytes(rates_csv(rates).encode())
        for note in rates.notes:
            say(note)
    else:
        _print_rates(rates)
    return told(bad)


def _print_rates(rates: Rates) -> None:
    question = rates.question
    period = f"from {question.first or 'the first day'} to {question.last or 'the last'}"
    print(f"{question.measure.capitalize()} {period}: {WHAT[question.measure]}.")
    titles = [*question.by, "cases", "persons", "%", "95 % low", "high"]
    _print_table(titles, [_cells(row) for row in rates.rows], texts=len(question.by))
    if any(row.suppressed for row in rates.rows):
        print(f"{KEPT_BACK} kept back: counts from 1 to {(question.least or 1) - 1}, and what would give them away.")
    for note in rates.notes:
        print(note)


WHAT = {
    "prevalence": "persons with the condition, of the persons seen",
    "incidence": "persons with the condition, of the persons seen who were free of it before",
}


def _cells(row: Rate) -> list[str]:
    group = ["all" if value is None else value for value in row.group.values()]
    counts = [KEPT_BACK if count is None else f"{count:,}" for count in (row.cases, row.persons)]
    rates = ["" if share is None else f"{100 * share:.2f}" for share in (row.rate, row.low, row.high)]
    return [*group, *counts, *rates]


def _print_table(titles: list[str], rows: list[list[str]], texts: int) -> None:
    """Columns as wide as their longest cell; the first `texts` of them to the left, numbers to the right."""
    from .plain import styled

    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]

    def line(cells: list[str]) -> str:
        sides = ["<"] * texts + [">"] * (len(cells) - texts)
        return "  ".join(f"{c:{side}{w}}" for c, side, w in zip(cells, sides, widths, strict=True)).rstrip()

    if rows:
        print(styled(line(titles), "bold"))
    for row in rows:
        print(line(row))
