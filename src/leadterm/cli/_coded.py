"""Coded encounters as a file, a folder or standard input holds them, one at a time, for the commands that count."""

from __future__ import annotations

import json as jsonlib
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from leadterm.domain import DIAGNOSIS_ROLES, CodedEncounter, InputError, Role

from ._out import say

MOST_SAID = 10
PROGRESS_EVERY = 200
Needed = Callable[[dict[str, Any]], dict[str, Any]]

# What counting needs of a coded encounter.
ANSWER = ("schema", "id", "setting", "date_of_service", "releases")
ENCOUNTER = ("schema", "id", "setting", "claim_type", "date_of_service", "admission", "discharge")
PATIENT = ("id", "sex", "birth_date", "age", "age_days")
ASSIGNMENT = ("id", "code", "system", "role", "sequence", "confidence", "status")
NOT_DIAGNOSES = [role.value for role in Role if role not in DIAGNOSIS_ROLES]


def counted(answer: dict[str, Any]) -> dict[str, Any]:
    """What counting needs of a leadterm.coded/1 object; what has not its shape is left for the decoder to refuse."""
    encounter, assignments = answer.get("encounter"), answer.get("assignments")
    if isinstance(encounter, dict):
        encounter = _encounter(encounter, ENCOUNTER)
    if isinstance(assignments, list):
        assignments = [_assignment(a) for a in assignments if not (isinstance(a, dict) and _no_diagnosis(a))]
    return {**_some(answer, ANSWER), "encounter": encounter, "assignments": assignments}


def whole(answer: dict[str, Any]) -> dict[str, Any]:
    """All codes of a leadterm.coded/1 object with proof and findings, without what they were read from."""
    encounter = answer.get("encounter")
    if isinstance(encounter, dict):
        encounter = _encounter(encounter, (*ENCOUNTER, "account"))
    return {**_some(answer, (*ANSWER, "assignments", "findings")), "encounter": encounter}


def encounters(files: Iterable[str], bad: list[str], needed: Needed = counted) -> Iterator[CodedEncounter]:
    """The coded encounters of files, one at a time. A bad row of a jsonl goes to `bad` with its line, the rest goes on.

    `needed`: what is taken of an answer; the rest, most of a file, is not turned into values. Raises InputError for a
    file that cannot be read as a whole.
    """
    done = 0
    try:
        for name in (path for given in files for path in _expanded(given)):
            for coded in _of_file(name, bad, needed):
                done += 1
                _progress(done)
                yield coded
    finally:
        _progress(None)


def _of_file(name: str, bad: list[str], needed: Needed) -> Iterator[CodedEncounter]:
    with ExitStack() as stack:
        found = values(name, opened(name, stack))
        first = next(found, None)
        if first is None:
            raise InputError(f"{short_name(name)} is empty: there is nothing to count.")
        for line, value in chain((first,), found):
            try:
                coded = _decoded(value, needed)
            except InputError as error:
                if line is None:
                    raise InputError(f"{short_name(name)}: {error}") from None
                bad.append(f"{short_name(name)}, line {line}: {error}")
            else:
                yield coded


def _expanded(given: str) -> list[str]:
    """The files that a name stands for: itself, or the .coded.json of a folder."""
    folder = Path(given)
    try:
        is_folder = given != "-" and folder.is_dir()
    except OSError:  # too long for a name: opening it has the sentence
        is_folder = False
    if not is_folder:
        return [given]
    if found := sorted(str(path) for path in folder.glob("*.coded.json")):
        return found
    raise InputError(f"{given} holds no .coded.json and no tables of `leadterm export parquet`.")


def values(name: str, handle: BinaryIO) -> Iterator[tuple[int | None, Any]]:
    """The JSON values of a file: with their line where each has one (jsonl), else the object or a list's members.

    A value that is no JSON is None. What standard input and nameless files are, their first line tells.
    """
    from leadterm.records import Format, named

    first, kind = handle.readline(), named(name)
    if kind is Format.JSONL or (kind is None and isinstance(_json(first), dict)):
        for number, line in enumerate(chain((first,), handle), 1):
            if line.strip():
                yield number, _json(line)
        return
    whole = first + handle.read()
    value = _json(whole) if whole.strip() else []
    yield from ((None, member) for member in (value if isinstance(value, list) else [value]))


def _json(raw: bytes) -> Any:
    """The value of some JSON in UTF-8; None where it is none."""
    try:
        return jsonlib.loads(raw.removeprefix(BOM_UTF8))
    except (ValueError, RecursionError):
        return None


def _decoded(value: Any, needed: Needed) -> CodedEncounter:
    from leadterm.schemas import decode

    if value is None:
        raise InputError("This is not JSON; give what `leadterm code --json` or --jsonl wrote.")
    if isinstance(value, dict) and "error" in value and "schema" not in value:
        raise InputError("This row was not coded; mend it and code it again.")
    return decode.coded(needed(value) if isinstance(value, dict) else value)


def _encounter(given: dict[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    patient = given.get("patient")
    kept = _some(patient, PATIENT) if isinstance(patient, dict) else patient
    return {**_some(given, keys), "patient": kept}


def _no_diagnosis(assignment: dict[str, Any]) -> bool:
    return assignment.get("role") in NOT_DIAGNOSES


def _assignment(given: Any) -> Any:
    """An assignment with the first piece of its proof: a code without any is refused."""
    if not isinstance(given, dict):
        return given
    proof = {key: given.get(key) for key in ("evidence", "pathway")}
    return _some(given, ASSIGNMENT) | {k: v[:1] if isinstance(v, list) else v for k, v in proof.items()}


def _some(given: dict[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: given[key] for key in keys if key in given}


def opened(name: str, stack: ExitStack) -> BinaryIO:
    """A file to read, or standard input. Raises InputError in a sentence."""
    from leadterm.records import must_exist

    if name == "-":
        return sys.stdin.buffer
    must_exist(Path(name))
    try:
        return stack.enter_context(Path(name).open("rb"))
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror}.") from None


def short_name(name: str) -> str:
    """What a file is called in a sentence."""
    return "Standard input" if name == "-" else Path(name).name


def _progress(done: int | None) -> None:
    """How many encounters are read, on a terminal; None: all, the line goes away."""
    if not sys.stderr.isatty():
        return
    if done is None:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    elif done % PROGRESS_EVERY == 0:
        print(f"\r{done:,} encounters read", end="", file=sys.stderr, flush=True)


def told(bad: list[str]) -> int:
    """1 where rows were bad, said on the side; else 0."""
    for each in bad[:MOST_SAID]:
        say(f"leadterm: {each}")
    if len(bad) > MOST_SAID:
        say(f"leadterm: and {len(bad) - MOST_SAID:,} more rows that could not be read.")
    return int(bool(bad))
