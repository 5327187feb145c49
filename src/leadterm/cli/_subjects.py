"""What `leadterm group` reads, one at a time: coded encounters, encounters with codes, claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadterm.domain import CodedEncounter, InputError

from ._coded import opened, short_name, values

SHAPES = ("leadterm.coded/1", "leadterm.encounter/1", "leadterm.claim/1")


@dataclass(frozen=True, slots=True)
class Subject:
    """What stood in one place: a coded encounter, or the id of a bad row and what is wrong with it."""

    id: str
    coded: CodedEncounter | None
    is_row: bool
    error: str = ""


def subjects(files: Iterable[str]) -> Iterator[Subject]:
    """Everything that files hold, in order. A bad row of a jsonl is a `Subject` with its error, the rest goes on.

    Raises InputError in a sentence for a file that cannot be read as a whole.
    """
    for name in files:
        with ExitStack() as stack:
            found = False
            for line, value in values(name, opened(name, stack)):
                found = True
                yield _subject(name, line, value)
            if not found:
                raise InputError(f"{short_name(name)} is empty: there is nothing to group.")


def _subject(name: str, line: int | None, value: Any) -> Subject:
    id = str(value["id"]) if isinstance(value, dict) and isinstance(value.get("id"), str) else Path(name).stem
    try:
        return Subject(id, coded(value, id), line is not None)
    except InputError as error:
        if line is None:
            raise InputError(f"{short_name(name)}: {error}") from None
        named = id if isinstance(value, dict) and "id" in value else str(line)
        return Subject(named, None, True, str(error))


def coded(value: Any, default_id: str) -> CodedEncounter:
    """The coded encounter that a JSON value tells. Raises InputError for a shape that is not grouped."""
    from leadterm.grouping import encounter_of, encounter_of_record
    from leadterm.schemas import decode

    schema = value.get("schema") if isinstance(value, dict) else None
    if schema == "leadterm.coded/1":
        return decode.coded(value)
    if schema == "leadterm.claim/1":
        return encounter_of(decode.claim(value))
    if schema == "leadterm.encounter/1":
        return encounter_of_record(decode.encounter(value, default_id))
    if isinstance(value, dict) and "error" in value and schema is None:
        raise InputError("This row was not coded; mend it and code it again.")
    raise InputError(f"There is no schema here that can be grouped; it must be one of: {', '.join(SHAPES)}.")
