"""Resources that are told more than once: copies, versions, and what differs with nothing to tell which holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from .notes import note

if TYPE_CHECKING:
    from .record import Record, Seen

TABLES = ("patients", "people", "covers", "binaries", "lent", "numbers", "quotes", "told")
# Those that others refer to.
REFERRED = TABLES[:-1]


def take_up(record: Record, other: Record) -> None:
    """Adds to a record what another file of its folder tells."""
    twice = [where for where in other.seen if where in record.seen]
    left = frozenset(twice)
    for table in TABLES:
        theirs = getattr(other, table)
        new = theirs if not left else {k: v for k, v in theirs.items() if k.partition("#")[0] not in left}
        getattr(record, table).update(new)
    for where in twice:
        meet(record, other, where)
    for name, where in other.aliases.items():
        record.alias(name, where)
    record.seen |= {where: seen for where, seen in other.seen.items() if where not in left}
    record.unclear |= other.unclear
    record.unsure |= other.unsure
    record.notes |= other.notes


def meet(record: Record, other: Record, where: str) -> None:
    """Settles what two files, or two places of one, tell of one resource; what is not the same is told."""
    mine, theirs = record.seen[where], other.seen[where]
    if _bare(record, where) == _bare(other, where):
        record.notes[note("fhir-twice", mine.kind)] = None
        return
    newer = _newer(mine, theirs)
    if newer is None or where in record.unsure:
        record.notes[note("fhir-differing", mine.kind)] = None
        _withdraw(record, other, where)
        return
    record.notes[note("fhir-versions", mine.kind)] = None
    if newer:
        _replace(record, other, where)


def _bare(record: Record, where: str) -> list[str]:
    """What a record holds of a resource, wherever it stood."""
    place = record.seen[where].place
    return [repr(getattr(record, table).get(where)).replace(place, "") for table in TABLES]


def _newer(mine: Seen, theirs: Seen) -> bool | None:
    """Whether the second is the newer version; None where that is not told."""
    if _counts(mine.version) and _counts(theirs.version) and mine.version != theirs.version:
        return int(mine.version or 0) < int(theirs.version or 0)
    try:
        before, after = datetime.fromisoformat(mine.updated or ""), datetime.fromisoformat(theirs.updated or "")
        return None if before == after else before < after
    except (TypeError, ValueError):
        return None


def _counts(version: str | None) -> bool:
    return bool(version) and version is not None and version.isascii() and version.isdigit() and len(version) < 10


def _replace(record: Record, other: Record, where: str) -> None:
    """The newer version takes the place of the older one."""
    for table in TABLES:
        mine, theirs = getattr(record, table), getattr(other, table)
        if where in theirs:
            mine[where] = theirs[where]
        else:
            mine.pop(where, None)
    record.seen[where] = other.seen[where]
    for name, of in other.aliases.items():
        if of == where:
            record.alias(name, where)


def _withdraw(record: Record, other: Record, where: str) -> None:
    """Nothing can be referred to as this resource; what both tell stands, each for itself."""
    record.unsure.add(where)
    for table in REFERRED:
        getattr(record, table).pop(where, None)
    told = other.told.get(where)
    if told is not None:
        number = 2
        while f"{where}.{number}" in record.told:
            number += 1
        drafts = [replace(draft, id=f"{draft.id}.{number}") for draft in told.drafts]
        record.told[f"{where}.{number}"] = replace(told, drafts=drafts)
