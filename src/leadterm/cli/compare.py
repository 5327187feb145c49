"""`leadterm compare`: what changed between two codings of a corpus."""

from __future__ import annotations

import json as jsons
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.domain import InputError

from ._out import put_json
from .plain import styled

if TYPE_CHECKING:
    from leadterm.review import Change, Coding

SCHEMA = "leadterm.coded/1"
MOST_SHOWN = 200
MOST_COUNTED = 12
Coded = Annotated[Path, typer.Argument(help="What `leadterm code --jsonl` printed; a single JSON answer too.")]


def compare(
    before: Coded,
    after: Coded,
    json: Annotated[bool, typer.Option("--json", help="One JSON value, leadterm.comparison/1.")] = False,
    limit: Annotated[int, typer.Option(help="Changed charts that are listed; 0 for all.", min=0)] = MOST_SHOWN,
) -> int:
    """Compare two codings of the same charts: codes added and removed, what leads, present on admission.

    Charts are matched by their id; their order does not matter. Example: leadterm code notes.jsonl --jsonl >
    before.jsonl; (change a list of terms, a release, a policy); leadterm code notes.jsonl --jsonl > after.jsonl;
    leadterm compare before.jsonl after.jsonl
    """
    from leadterm.review import compare as compared

    was, now = _read(before), _read(after)
    ids = list(dict.fromkeys((*was, *now)))
    changes = [change for id in ids if (change := compared(was.get(id), now.get(id)))]
    if json:
        put_json(_json(len(ids), changes))
    else:
        _show(len(ids), changes, limit)
    return 0


def _read(file: Path) -> dict[str, Coding]:
    """The codings of a file by chart. Raises InputError, naming the line, for what is none, and for a chart twice."""
    found: dict[str, Coding] = {}
    for where, value in _values(file):
        coding = _coding(value, where)
        if coding.id in found:
            raise InputError(
                f"{where}: the chart {coding.id[:60]} stands there a second time; charts are matched by id."
            )
        found[coding.id] = coding
    return found


def _values(file: Path) -> Iterator[tuple[str, Any]]:
    """Every JSON value of a file and where it stands: one a line, else one or a list over all lines."""
    from leadterm.records import decode, must_exist, read_whole

    must_exist(file)
    text = decode(read_whole(file), file.name)
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if lines and lines[0][1].rstrip() in ("{", "["):
        whole = _parsed(text, file.name)
        values = whole if isinstance(whole, list) else [whole]
        yield from ((f"{file.name}, answer {n}", value) for n, value in enumerate(values, 1))
    else:
        yield from ((f"{file.name}, line {n}", _parsed(line, f"{file.name}, line {n}")) for n, line in lines)


def _parsed(text: str, where: str) -> Any:
    try:
        return jsons.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"{where}: this is not JSON.") from None


def _coding(value: Any, where: str) -> Coding:
    from leadterm.review import Coding

    if isinstance(value, dict) and isinstance(value.get("id"), str):
        if isinstance(value.get("error"), str):
            return Coding(value["id"], error=value["error"])
        if value.get("schema") == SCHEMA and isinstance(value.get("assignments"), list):
            return _of(value["id"], value["assignments"], where)
    raise InputError(f"{where}: this is no {SCHEMA}; compare what `leadterm code --jsonl` prints.")


def _of(id: str, assignments: list[Any], where: str) -> Coding:
    from leadterm.review import Coding

    try:
        kept = [a for a in assignments if a.get("status") != "rejected"]
        codes = {f"{a['system']} {a['code']}": a.get("poa") for a in kept}
    except (AttributeError, KeyError, TypeError):
        raise InputError(f"{where}: an assignment has no system or no code.") from None
    return Coding(id, tuple(codes), {code: poa for code, poa in codes.items() if poa})


def _json(charts: int, changes: list[Change]) -> dict[str, Any]:
    from leadterm.review import totals

    added, removed = totals(changes)
    return {
        "schema": "leadterm.comparison/1",
        "charts": charts,
        "changed": len(changes),
        "added": [{"code": code, "charts": n} for code, n in added.most_common()],
        "removed": [{"code": code, "charts": n} for code, n in removed.most_common()],
        "changes": [_change(change) for change in changes],
    }


def _change(c: Change) -> dict[str, Any]:
    return {
        "id": c.id,
        "added": list(c.added),
        "removed": list(c.removed),
        "leading": {"before": c.leading[0], "after": c.leading[1]} if c.leading else None,
        "reordered": c.reordered,
        "poa": [{"code": code, "before": was, "after": now} for code, was, now in c.poa],
        "missing": c.missing,
        "errors": {"before": c.errors[0], "after": c.errors[1]} if c.errors else None,
    }


def _show(charts: int, changes: list[Change], limit: int) -> None:
    from leadterm.review import totals

    added, removed = totals(changes)
    for change in changes[: limit or None]:
        print(f"{styled(change.id, 'bold')}  {_told(change)}")
    if limit and len(changes) > limit:
        print(f"… and {len(changes) - limit} more (--limit 0 lists all)")
    print(f"{len(changes)} of {charts} {'chart' if charts == 1 else 'charts'} changed.")
    for word, counted in (("added", added), ("removed", removed)):
        if counted:
            most = ", ".join(f"{_short(code)} × {n}" for code, n in counted.most_common(MOST_COUNTED))
            print(f"{word}: {sum(counted.values())} ({most}{', …' if len(counted) > MOST_COUNTED else ''})")


def _told(c: Change) -> str:
    if c.missing:
        return f"is not in the file {'before' if c.missing == 'before' else 'after'}"
    parts = [f"+{_short(code)}" for code in c.added] + [f"-{_short(code)}" for code in c.removed]
    if c.leading:
        parts.append(f"first: {_short(c.leading[0])} → {_short(c.leading[1])}")
    elif c.reordered:
        parts.append("another order")
    parts += [f"POA {_short(code)}: {was or '-'} → {now or '-'}" for code, was, now in c.poa]
    if c.errors:
        parts.append(f"error: {c.errors[0] or 'none'} → {c.errors[1] or 'none'}")
    return "  ".join(parts)


def _short(code: str | None) -> str:
    """The code alone; only another system than ICD-10-CM is named."""
    return (code or "none").removeprefix("icd10cm ")
