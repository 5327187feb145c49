"""Files to encounters: text, encounter JSON, and jsonl with one a line (contract: `leadterm code FILE`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

from leadterm.domain import ClaimType, Document, Encounter, InputError, Setting, Sex, default_claim_type
from leadterm.schemas import decode as wire

from .formats import READ, Format, detect
from .text import MOST_BYTES, decode

HEAD = 4096


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of a jsonl that could not be read: it keeps its place, the rest goes on."""

    id: str
    error: str


@dataclass(frozen=True, slots=True)
class Overrides:
    """What flags say about a chart; None leaves what the file says.

    Attributes:
        encounter: Encounter data without the text (`--encounter E.json`).
        encounter: Encounter data without documents; what a file holds beside them is then left aside.
    """

    setting: Setting | None = None
    claim_type: ClaimType | None = None
    age: int | None = None
    sex: Sex | None = None
    date_of_service: date | None = None
    encounter: Encounter | None = None

    def applied(self, encounter: Encounter) -> Encounter:
        """The encounter with what the flags say."""
        base = replace(self.encounter, documents=encounter.documents) if self.encounter else encounter
        setting = self.setting or base.setting
        claim_type = self.claim_type or (default_claim_type(setting) if self.setting else base.claim_type)
        patient = base.patient
        if self.sex is not None:
            patient = replace(patient, sex=self.sex)
        if self.age is not None:
            patient = replace(patient, age=self.age, birth_date=None)
        return replace(
            base,
            setting=setting,
            claim_type=claim_type,
            patient=patient,
            date_of_service=self.date_of_service or base.date_of_service,
        )


def read_encounter(path: Path) -> Encounter:
    """The encounter of a JSON file (`--encounter E.json`). Raises InputError in a sentence."""
    return _json_encounter(decode(_bytes(path), path.name), path.name, path.stem)


def read_charts(
    path: Path | None, stream: BinaryIO, overrides: Overrides, encoding: str | None = None
) -> Iterator[Encounter | BadRow]:
    """The encounters of a file (`path`), or of `stream` when the path is None; a bad row of a jsonl in its place.

    Raises InputError when the file as a whole cannot be read.
    """
    name = path.name if path else "standard input"
    if path is not None:
        _must_be_file(path)
        with path.open("rb") as handle:
            yield from _read(handle, name, path.stem, overrides, encoding)
    else:
        yield from _read(stream, name, "chart", overrides, encoding)


def _must_be_file(path: Path) -> None:
    if not path.exists():
        raise InputError(f"There is no file {path}.")
    if path.is_dir():
        raise InputError(f"{path} is a folder; give its files, or use `leadterm code {path}/*.txt`.")


def _bytes(path: Path) -> bytes:
    _must_be_file(path)
    return path.read_bytes()


def _read(
    handle: BinaryIO, name: str, stem: str, overrides: Overrides, encoding: str | None
) -> Iterator[Encounter | BadRow]:
    try:
        head = handle.read(HEAD)
        kind = detect(head.decode(encoding or "utf-8", "replace"), name)
        if kind not in READ:
            raise InputError(f"{name} is {kind}; this version reads text, encounter JSON and jsonl.")
        if kind is Format.JSONL or (name == "standard input" and kind is Format.JSON and _many(head)):
            yield from _rows(head, handle, name, overrides, encoding)
            return
        raw = head + handle.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or 'input error'}.") from None
    text = decode(raw, name, encoding)
    if kind is Format.JSON:
        yield overrides.applied(_json_encounter(text, name, stem))
    else:
        yield overrides.applied(Encounter(stem, documents=(Document("d1", text),)))


def _many(head: bytes) -> bool:
    """Whether the first line of standard input is a JSON object by itself."""
    first = head.split(b"\n", 1)[0]
    try:
        return b"\n" in head and isinstance(json.loads(first), dict)
    except ValueError:
        return False


def _json_encounter(text: str, name: str, stem: str) -> Encounter:
    try:
        value = json.loads(text)
    except ValueError as error:
        where = f"line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else "somewhere"
        raise InputError(f"{name} is not JSON: it breaks off at {where}.") from None
    except RecursionError:
        raise InputError(f"{name} is nested too deeply.") from None
    return wire.encounter(value, stem)


def _rows(
    head: bytes, handle: BinaryIO, name: str, overrides: Overrides, encoding: str | None
) -> Iterator[Encounter | BadRow]:
    number = 0
    for line in _lines(head, handle):
        number += 1
        if line is not None and not line.strip():
            continue
        default = f"line-{number}"
        try:
            if line is None:
                raise InputError(f"Line {number} is longer than {MOST_BYTES // 1_000_000} MB.")
            text = decode(line, f"Line {number}", encoding)
            yield overrides.applied(_json_encounter(text, f"Line {number}", default))
        except InputError as error:
            yield BadRow(_id_of(line, default), str(error))
    if number == 0:
        raise InputError(f"{name} is empty: there is nothing to code.")


def _id_of(line: bytes | None, default: str) -> str:
    try:
        value = json.loads(line or b"")
        return str(value["id"]) if isinstance(value, dict) and isinstance(value.get("id"), (str, int)) else default
    except (ValueError, RecursionError):
        return default


def _lines(head: bytes, handle: BinaryIO) -> Iterator[bytes | None]:
    """The lines, each bounded: None stands for one that is too long, which is skipped in constant memory."""
    rest = head
    over = False
    while True:
        line, newline, after = rest.partition(b"\n")
        if newline:
            yield None if over or len(line) > MOST_BYTES else line
            rest, over = after, False
            continue
        if len(rest) > MOST_BYTES:
            rest, over = b"", True
        block = handle.read(1 << 20)
        if not block:
            if rest or over:
                yield None if over else rest
            return
        rest += block
