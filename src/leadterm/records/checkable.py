"""What can be checked, from JSON: coded encounters and claims, one, a list of them, or one a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from leadterm.domain import Claim, CodedEncounter, InputError
from leadterm.schemas import decode as wire

from .asked import BadRow
from .charts import Source
from .formats import Format
from .rows import lines_of
from .text import MOST_BYTES, decode

Readers = Mapping[str, Callable[[Any], CodedEncounter | Claim]]
READERS: Readers = {
    "leadterm.coded/1": wire.coded,
    "leadterm.claim/1": wire.claim,
}


@dataclass(frozen=True, slots=True)
class Checkable:
    """A coded encounter or a claim of a file.

    Attributes:
        id: Its own.
        content: What it is, or why a row could not be read.
        is_row: Whether it has a line of its own (jsonl): a failure then keeps to its line.
    """

    id: str
    content: CodedEncounter | Claim | BadRow
    is_row: bool


def read_checkable(source: Source, readers: Readers = READERS) -> Iterator[Checkable]:
    """What a file of JSON or jsonl holds; a bad row in its place. Raises InputError for a file that is neither.

    `readers`: by schema, who makes a coded encounter or a claim of it.
    """
    if source.format is Format.JSONL:
        yield from _rows(source.head, source.handle, readers)
        return
    whole = decode(source.head + source.handle.read(MOST_BYTES + 1), source.name)
    for value in _values(_json(whole, source.name), source.name):
        content = _content(value, source.name, readers)
        yield Checkable(_id(content), content, False)


def read_one(raw: bytes, name: str) -> CodedEncounter | Claim:
    """The one coded encounter or claim of a JSON text. Raises InputError in a sentence."""
    text = decode(raw, name)
    if text.lstrip().startswith("ISA"):
        raise InputError(f"{name} is X12; give leadterm.coded/1 or leadterm.claim/1 JSON.")
    return _content(_json(text, name), name, READERS)


def _rows(head: bytes, handle: BinaryIO, readers: Readers) -> Iterator[Checkable]:
    for number, line in enumerate(lines_of(head, handle), 1):
        if line is None or line.strip():
            yield _row(line, f"Line {number}", f"line-{number}", readers)


def _row(line: bytes | None, name: str, default: str, readers: Readers) -> Checkable:
    if line is None:
        error = f"{name} has more than {MOST_BYTES // 1_000_000} MB, the most that one coded encounter may have."
        return Checkable(default, BadRow(default, error), True)
    told = default
    try:
        value = _json(decode(line, name), name)
        if isinstance(value, dict) and isinstance(value.get("id"), (str, int)):
            told = str(value["id"])
        if isinstance(value, dict) and "error" in value and "schema" not in value:
            raise InputError(f"{name} could not be coded, so there is nothing to check.")
        content = _content(value, name, readers)
        return Checkable(_id(content), content, True)
    except InputError as error:
        return Checkable(told, BadRow(told, str(error)), True)


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(
            f"{name} is not JSON; give what `leadterm code --json` or `claim build --format json` wrote."
        ) from None


def _values(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        return [value]
    if not value:
        raise InputError(f"{name} is an empty list: there is nothing to check.")
    return value


def _content(value: Any, name: str, readers: Readers) -> CodedEncounter | Claim:
    schema = value.get("schema") if isinstance(value, dict) else None
    if not isinstance(schema, str) or schema not in readers:
        raise InputError(f"{name} has no schema that can be checked; it must be one of: {', '.join(readers)}.")
    return readers[schema](value)


def _id(content: CodedEncounter | Claim) -> str:
    return content.encounter.id if isinstance(content, CodedEncounter) else content.id
