"""`leadterm recode`: documents that came late to an encounter that was coded, and what they change."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.domain import CodedEncounter, InputError

from ._options import AsJson, Encoding
from ._out import json_bytes, open_book, put_json, write_whole
from .chart import paths_of
from .plain import styled
from .validate import Criteria, Rules

if TYPE_CHECKING:
    from leadterm.domain import Encounter
    from leadterm.review import CodeTurn, Recoding

MARKS = {"added": "+", "removed": "-", "changed": "~"}


def recode(
    coded: Annotated[Path, typer.Argument(help="What `leadterm code --json` wrote of the encounter.")],
    files: Annotated[list[str], typer.Argument(help="The late files, folders; - for standard input.")],
    together: Annotated[
        bool, typer.Option("--together", help="They are of this encounter, whatever numbers they bear.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write the new coding there too, whole or not at all.")] = None,
    json: AsJson = False,
    encoding: Encoding = None,
    rules: Rules = None,
    criteria: Criteria = None,
) -> int:
    """Code an encounter anew with documents that came late: codes added, removed and changed, with the words for it.

    What people accepted, rejected and added stays. Example: leadterm recode visit.coded.json addendum.xml
    --out visit.coded.json
    """
    from leadterm.app.settings import edit_options
    from leadterm.pipeline import Coder
    from leadterm.schemas import encode
    from leadterm.schemas.encode_recoding import recoding

    before = coded_of(coded)
    late = _late(paths_of(files), encoding)
    after, changed = Coder(open_book(), options=edit_options(rules, criteria)).recode(before, late, together=together)
    if out:
        write_whole(out, json_bytes(encode.coded(after)))
    if json:
        put_json(recoding(changed, after))
    else:
        print_recoding(changed)
    return int(any(f.stands for f in after.findings))


def coded_of(path: Path) -> CodedEncounter:
    """The coded encounter of a file. Raises InputError in a sentence."""
    from leadterm.records import decode as text_of
    from leadterm.records import must_exist, read_whole
    from leadterm.schemas import decode

    must_exist(path)
    return decode.coded(_parsed(text_of(read_whole(path), path.name), path.name))


def _parsed(text: str, name: str) -> Any:
    import json as jsons

    try:
        return jsons.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"{name} is not JSON: give what `leadterm code --json` wrote of one encounter.") from None


def _late(paths: list[Path | None], encoding: str | None) -> list[Encounter]:
    from dataclasses import replace

    from leadterm.records import BadRow, Overrides, read_charts

    found = []
    for path in paths:
        for chart in read_charts(path, sys.stdin.buffer, Overrides(), encoding):
            if isinstance(chart.content, BadRow):
                raise InputError(chart.content.error)
            name = path.name if path else None
            documents = tuple(replace(d, file=name) for d in chart.content.documents)
            found.append(replace(chart.content, documents=documents))
    return found


def print_recoding(changed: Recoding) -> None:
    """What late documents change, a code a line, its words below it."""
    count = f"{len(changed.late)} late {'document' if len(changed.late) == 1 else 'documents'}"
    fell = f", {len(changed.fallen)} no longer standing" if changed.fallen else ""
    state = "re-opened" if changed.reopened else "no code changes"
    print(f"{styled(changed.id, 'bold')}: {count}{fell}; {state}")
    if changed.leading:
        print(f"  first: {changed.leading[0] or 'none'} → {changed.leading[1] or 'none'}")
    for turn in changed.turns:
        _print_turn(turn)


def _print_turn(turn: CodeTurn) -> None:
    a = turn.assignment
    said = "".join(
        f"  {name}: {_shown(getattr(turn.before, name))} → {_shown(getattr(turn.after, name))}" for name in turn.aspects
    )
    print(f"  {MARKS[turn.turn]} {a.code.value}  {a.description or ''}{said}")
    for evidence in turn.evidence[:2]:
        print(f"      “{' '.join(evidence.text.split())}”  {evidence.document}{', late' if turn.by_late else ''}")


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
