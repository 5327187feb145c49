"""`leadterm deidentify`: charts without the identifiers that rules find, to share in bug reports and research."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.domain import InputError

from ._options import AsJson, AsJsonl, Encoding
from ._out import choice, json_bytes, put_bytes, put_json, put_line, say
from .chart import refuse_missing

if TYPE_CHECKING:
    from leadterm.deidentification import Deidentified, Options

Files = Annotated[list[str], typer.Argument(help="A record of any format that `leadterm code` reads; - for stdin.")]


def deidentify(
    files: Files,
    dates: Annotated[
        str, typer.Option(help="year (years alone, as Safe Harbor asks), or shift: by each patient's secret offset.")
    ] = "year",
    weekdays: Annotated[bool, typer.Option("--weekdays", help="Shifted dates keep their day of the week.")] = False,
    surrogates: Annotated[
        bool, typer.Option("--surrogates", help="Invented names and numbers in the place of [NAME 1].")
    ] = False,
    key: Annotated[
        Path | None, typer.Option(help="File of the secret key; made where there is none (data home by default).")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder: an encounter of JSON and a text for each document.")] = None,
    offsets: Annotated[
        Path | None, typer.Option("--map", help="File for the offsets of old and new text; keep it with the charts.")
    ] = None,
    json: AsJson = False,
    jsonl: AsJsonl = False,
    encoding: Encoding = None,
) -> int:
    """Replace identifiers (45 CFR 164.514(b)(2)) in charts: a tool, not a determination; review what it writes.

    Names, places, dates, ages over 89, contacts and numbers become typed placeholders. What is read as C-CDA, FHIR or
    HL7 v2 comes out as text or encounter JSON, never in its own format.

    Examples: leadterm deidentify visit.txt · leadterm deidentify record.xml --dates shift --out shared --json
    """
    refuse_missing(files)
    options = _options(dates, weekdays, surrogates, key)
    worst, whole, maps = 0, [], []
    for number, (done, is_line) in enumerate(_answers(files, encoding, options), 1):
        value = _json(done, options) if not isinstance(done, str) else {"id": f"chart-{number}", "error": done}
        worst = max(worst, int(isinstance(done, str)))
        if jsonl or is_line:
            put_line(value)
        elif json:
            whole.append(value)
        elif not isinstance(done, str) and out is None:
            _print(done)
        if isinstance(done, str):
            say(f"leadterm: chart-{number}: {done}")
        else:
            _report(done)
            maps.append(_map(done))
            if out is not None:
                _write(out, done)
    if whole:
        put_json(whole[0] if len(whole) == 1 else whole)
    if offsets is not None:
        _put(offsets, b"".join(json_bytes(one, indent=None) for one in maps))
    return worst


def _options(dates: str, weekdays: bool, surrogates: bool, key: Path | None) -> Options:
    """What the flags ask for, with the key where it is needed."""
    from leadterm.app import shift_key
    from leadterm.codesets.store import data_home
    from leadterm.deidentification import Dates, Options

    mode = choice(dates, Dates, "dates", [str(d) for d in Dates]) or Dates.YEAR
    if weekdays and mode is not Dates.SHIFT:
        raise InputError("--weekdays goes with --dates shift.")
    needed = surrogates or mode is Dates.SHIFT
    if key is not None and not needed:
        raise InputError("--key goes with --dates shift or --surrogates: nothing else needs it.")
    file = key or data_home() / shift_key.FILE
    return Options(mode, weekdays, surrogates, shift_key.kept(file) if needed else b"", date.today().year)


def _answers(files: Sequence[str], encoding: str | None, options: Options) -> Iterator[tuple[Deidentified | str, bool]]:
    """One chart after the other, or why a row could not be read, and whether it is a line's."""
    from leadterm.deidentification import deidentify as done
    from leadterm.records import BadRow, Overrides, read_charts

    number = 0
    for name in files:
        try:
            for chart in read_charts(None if name == "-" else Path(name), sys.stdin.buffer, Overrides(), encoding):
                number += 1
                if isinstance(chart.content, BadRow):
                    yield chart.content.error, chart.is_line
                else:
                    yield done(chart.content, options, f"chart-{number}"), chart.is_line
        except InputError as error:
            # One of several files that cannot be read keeps the others from nothing.
            if len(files) < 2:
                raise
            number += 1
            yield str(error), False


def _json(done: Deidentified, options: Options) -> dict[str, Any]:
    from leadterm.deidentification import kinds
    from leadterm.schemas import encode

    return {
        "schema": "leadterm.deidentified/1",
        "id": done.encounter.id,
        "dates": options.dates.value,
        "surrogates": options.surrogates,
        "encounter": encode.encounter(done.encounter),
        "replaced": [
            {"kind": kind.value, "paragraph": letter, "title": title, "count": done.counts[kind]}
            for kind, (letter, title) in kinds().items()
            if done.counts.get(kind)
        ],
        "notes": list(done.notes),
    }


def _map(done: Deidentified) -> dict[str, Any]:
    """The pieces of each text that were replaced: where they stood and where their stand-ins are."""
    documents = [
        {
            "id": done.documents[old],
            "replaced": [
                {"kind": r.kind.value, "start": r.start, "end": r.end, "new_start": r.new_start, "new_end": r.new_end}
                for r in text.replaced
            ],
        }
        for old, text in done.texts.items()
    ]
    return {"id": done.encounter.id, "documents": documents}


def _print(done: Deidentified) -> None:
    for document in done.encounter.documents:
        text = document.text if document.text.endswith("\n") else f"{document.text}\n"
        put_bytes(text.encode("utf-8", "backslashreplace"))


def _report(done: Deidentified) -> None:
    """What was replaced, by kind, without a word of it."""
    from leadterm.deidentification import kinds

    titles = kinds()
    told = ", ".join(f"{n} × {titles[kind][1]}" for kind, n in sorted(done.counts.items()))
    say(f"{done.encounter.id}: {told or 'no identifier was found'}.")
    for note in done.notes:
        say(f"  {note}")


def _write(folder: Path, done: Deidentified) -> None:
    from leadterm.schemas import encode

    id = done.encounter.id
    _put(folder / f"{id}.json", json_bytes(encode.encounter(done.encounter)))
    for document in done.encounter.documents:
        _put(folder / f"{id}-{document.id}.txt", document.text.encode("utf-8", "backslashreplace"))


def _put(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}.") from None
