"""`leadterm visit`: the worksheet of a visit, and for auditors and teachers what an element more or less would do."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.domain import Encounter, InputError, purpose_of

from ._options import Age, AsJson, AsJsonl, Beside, ClaimType, Encoding, Setting, Sex
from ._out import open_book, put_json, put_line, say
from .chart import Files, day_of, overrides_of, refuse_missing

if TYPE_CHECKING:
    from leadterm.pipeline import Coder
    from leadterm.records import Overrides


def visit(
    files: Files,
    setting: Setting = None,
    claim_type: ClaimType = None,
    age: Age = None,
    sex: Sex = None,
    date: Annotated[str | None, typer.Option("--date", "--on", help="Date of the visit, YYYY-MM-DD.")] = None,
    encounter: Beside = None,
    what_if: Annotated[
        bool, typer.Option("--what-if", help="What an element or a minute more or less would do; needs --purpose.")
    ] = False,
    purpose: Annotated[str | None, typer.Option(help="audit or education.")] = None,
    json: AsJson = False,
    jsonl: AsJsonl = False,
    encoding: Encoding = None,
) -> int:
    """The worksheet of each visit: problems, data, risk and time with their words, and the level that they support.

    --what-if is refused without --purpose; it lists changes in the order of the note, up and down alike.

    Examples: leadterm visit visit.txt --setting outpatient --date 2026-05-14 ·
    leadterm visit visit.txt --what-if --purpose audit --json
    """
    from leadterm.pipeline import Coder

    if purpose and not what_if:
        raise InputError("--purpose goes with --what-if.")
    if what_if:
        purpose_of(purpose)
    overrides = overrides_of(setting, claim_type, age, sex, encounter)
    refuse_missing(files)
    coder = Coder(open_book(), day_of(date))
    worst, whole = 0, []
    for value, is_line in _answers(coder, files, overrides, encoding, purpose if what_if else None):
        worst = max(worst, int("error" in value))
        if jsonl or is_line:
            put_line(value)
        elif json:
            whole.append(value)
        elif "error" in value:
            say(f"leadterm: {value['id']}: {value['error']}")
        else:
            print_visits(value)
    if whole:
        put_json(whole[0] if len(whole) == 1 else whole)
    return worst


def _answers(
    coder: Coder, files: Iterable[str], overrides: Overrides, encoding: str | None, purpose: str | None
) -> Iterator[tuple[dict[str, Any], bool]]:
    """One answer a chart, in order, and whether it is a line's; a row that cannot be read bears its error."""
    from leadterm.records import BadRow, read_charts

    for name in files:
        for chart in read_charts(None if name == "-" else Path(name), sys.stdin.buffer, overrides, encoding):
            content = chart.content
            if isinstance(content, BadRow):
                yield {"id": content.id, "error": content.error}, chart.is_line
                continue
            try:
                yield _answer(coder, content, purpose), chart.is_line
            except InputError as error:
                if not chart.is_row:
                    raise
                yield {"id": content.id, "error": str(error)}, chart.is_line


def _answer(coder: Coder, encounter: Encounter, purpose: str | None) -> dict[str, Any]:
    from leadterm.coding.visits import what_if
    from leadterm.schemas.encode_visits import visits

    sheets = coder.visits(encounter)
    tried = [what_if(sheet, purpose=purpose, on=coder.on) for sheet in sheets] if purpose else []
    return visits(encounter, sheets, tried)


def print_visits(value: dict[str, Any]) -> None:
    """The worksheets for people."""
    if "error" in value:
        say(f"leadterm: {value['id']}: {value['error']}")
        return
    if not value["visits"]:
        print(f"{value['id']}: no note of a visit whose level goes by decision making or time.")
    for one in value["visits"]:
        _print_sheet(one)


def _print_sheet(one: dict[str, Any]) -> None:
    family = f"{one['family']} or {one['or_family']}, not told" if one["or_family"] else one["family"]
    print(f"{one['day'] or 'no day'} · {family} · {one['code'] or 'no code'}")
    for axis in ("problems", "data", "risk"):
        print(f"  {axis}: {one['decision'][axis]}")
        for element in (e for e in one["elements"] if e["axis"] == axis):
            print(f"    {element['name']}: {element['why']}")
            for words in element["evidence"]:
                print(f"      “{' '.join(words['text'].split())}”")
    print(f"  two of three: {one['decision']['level']}, {one['by_decision'] or 'no code'}")
    if one["time"]:
        print(f"  time: {one['time']['minutes']} minutes, {one['by_time'] or 'no code'}")
    if one["what_if"]:
        _print_tried(one["what_if"])


def _print_tried(tried: dict[str, Any]) -> None:
    print(f"  what if (for {tried['purpose']}; each by itself)")
    for one in tried["outcomes"]:
        what = f"{one['kind']} minutes" if one["change"] == "minutes" else f"{one['axis']} {one['name'] or one['kind']}"
        print(f"    {one['change']} {what}: {one['level'] or ''} {one['code'] or 'no code'}".replace(":  ", ": "))
