"""Several files to the encounters that they tell of together: read, then joined where their numbers say so."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path, PurePath
from typing import BinaryIO

from leadterm.domain import Encounter, InputError

from . import fhir, hl7v2
from .asked import BadRow, Chart, Overrides
from .charts import STDIN, must_exist, read_upload, told
from .formats import Format
from .given import Given, OnDisk, Upload, looked_at
from .joining import joined
from .limits import MOST_RECORD
from .rows import lines_of
from .text import MOST_BYTES

# What we write beside charts, and what programs keep for themselves.
OUR_OWN = (".coded.json", ".coded.jsonl", ".facts.json", ".recoding.json")
NDJSON = ".ndjson"
Place = tuple[int, Encounter, bool]
"""The number of a file, an encounter of it, and whether it is one of several of that file."""
Placed = tuple[int, Given, PurePath]
"""The number of a file, the file, its name."""


class Joining(StrEnum):
    """How files come together: where numbers say so, all of them because the caller says so, or none."""

    BY_NUMBERS = "by-numbers"
    TOGETHER = "together"
    APART = "apart"


def files_of(given: Iterable[Path]) -> list[Path]:
    """The files, those of a folder in the order of their names; hidden ones and what we wrote are left out.

    Raises InputError for what is not there and for a folder without files.
    """
    found: list[Path] = []
    for path in given:
        if not _is_folder(path):
            must_exist(path)
            found.append(path)
            continue
        within = sorted(each for each in path.iterdir() if is_chart(each))
        if not within:
            raise InputError(f"{path} holds no file that could be coded.")
        found += within
    return found


def is_chart(path: Path) -> bool:
    """Whether a file of a folder may be a chart."""
    return path.is_file() and not path.name.startswith(".") and not path.name.endswith(OUR_OWN)


def read_joined(
    paths: Sequence[Path | None],
    stream: BinaryIO,
    overrides: Overrides,
    encoding: str | None = None,
    joining: Joining = Joining.BY_NUMBERS,
) -> Iterator[Chart]:
    """The charts of files (None: of `stream`), those of one encounter as one, where the first of them stood.

    Rows of a jsonl are charts of their own, read one at a time. Of several files one that cannot be read is a bad row
    in its place, and the others go on; a single one raises InputError as `read_charts` does.
    """
    return _joined([OnDisk(path, stream, encoding) for path in paths], overrides, joining)


def read_uploads(
    files: Iterable[tuple[str, bytes]],
    overrides: Overrides,
    encoding: str | None = None,
    joining: Joining = Joining.BY_NUMBERS,
) -> Iterator[Chart]:
    """The charts of files that came with their names instead of from a folder; otherwise as `read_joined`."""
    return _joined([Upload(name, content, encoding) for name, content in files], overrides, joining)


def read_sent(name: str, content: bytes, encoding: str | None = None) -> tuple[Encounter, ...]:
    """The encounters of one file that came with its name, which its documents bear.

    Raises InputError as `read_charts` does, and for a row that cannot be read.
    """
    return tuple(_of_file(_readable(c), PurePath(name)) for c in read_upload(name, content, Overrides(), encoding))


def _joined(given: Iterable[Given], overrides: Overrides, joining: Joining) -> Iterator[Chart]:
    looked = list(looked_at(given))
    files = [file for file, _ in looked]
    bad: dict[int, BadRow] = {}
    kinds = [_told_or_bad(n, file, kind, bad, len(files) > 1) for n, (file, kind) in enumerate(looked)]
    rows = {n for n, kind in enumerate(kinds) if _by_rows(kind)}
    exports = any(_is_export(file.name, kind) for file, kind in zip(files, kinds, strict=True))
    if joining is Joining.APART or (len(files) - len(rows) < 2 and not exports):
        for number, file in enumerate(files):
            yield from _one(number, file, overrides, bad, len(files) > 1)
        return
    places = list(_read(files, kinds, bad))
    whole = joined([encounter for _, encounter, _ in places], together=joining is Joining.TOGETHER)
    of_file: defaultdict[int, list[Chart]] = defaultdict(list)
    for first, encounter in whole:
        number, _, is_row = places[first]
        of_file[number].append(Chart(told(overrides.applied(encounter)), is_row))
    for number, file in enumerate(files):
        if number in rows or number in bad:
            yield from _one(number, file, overrides, bad, len(files) > 1)
        yield from of_file[number]


def _told_or_bad(
    number: int, file: Given, kind: Format | InputError | None, bad: dict[int, BadRow], several: bool
) -> Format | None:
    """What a file is; None where that cannot be told, which is remembered as bad where there are others."""
    if not isinstance(kind, InputError):
        return kind
    if not several:
        raise kind
    bad[number] = _bad(file, kind)
    return None


def _one(number: int, file: Given, overrides: Overrides, bad: dict[int, BadRow], several: bool) -> Iterator[Chart]:
    """The charts of a file by itself, or why it cannot be read."""
    try:
        if number not in bad:
            yield from file.charts(overrides)
            return
    except InputError as error:
        if not several:
            raise
        bad[number] = _bad(file, error)
    yield Chart(bad[number], is_row=True)


def _bad(file: Given, error: InputError) -> BadRow:
    return BadRow(file.name.name if file.name else STDIN, str(error))


def _read(files: Sequence[Given], kinds: Sequence[Format | None], bad: dict[int, BadRow]) -> Iterator[Place]:
    """What each file tells, rows left out; messages and FHIR, which tell one thing in many files, together."""
    given = [
        (n, file, file.name, kind)
        for n, (file, kind) in enumerate(zip(files, kinds, strict=True))
        if file.name and not _by_rows(kind)
    ]
    messages = [(n, file, name) for n, file, name, kind in given if kind is Format.HL7V2]
    resources = [(n, file, name) for n, file, name, kind in given if kind is Format.FHIR]
    done = {n for n, _, _ in resources} | {n for n, _, _ in messages if len(messages) > 1}
    if len(messages) > 1:
        yield from _together(_of_messages, messages, bad)
    if resources:
        yield from _together(_of_resources, resources, bad)
    for number, file, name, _ in given:
        if number not in done:
            try:
                yield from [(number, _of_file(_readable(c), name), c.is_row) for c in file.charts(Overrides())]
            except InputError as error:
                bad[number] = _bad(file, error)


def _together(
    read: Callable[[Sequence[Placed]], list[Place]], given: Sequence[Placed], bad: dict[int, BadRow]
) -> list[Place]:
    """What files tell together; those that cannot be read by themselves either are left out and remembered."""
    try:
        return read(given)
    except InputError:
        whole = []
        for number, file, name in given:
            try:
                read([(number, file, name)])
                whole.append((number, file, name))
            except InputError as error:
                bad[number] = _bad(file, error)
        if len(whole) == len(given):
            raise
        return read(whole) if whole else []


def _of_messages(given: Sequence[Placed]) -> list[Place]:
    first = {name.stem: n for n, _, name in reversed(given)}
    found = hl7v2.read_files((_whole(file), name.name, name.stem) for _, file, name in given)
    stems = Counter(stem for stem, _ in found)
    return [(first[stem], encounter, stems[stem] > 1) for stem, encounter in found]


def _of_resources(given: Sequence[Placed]) -> list[Place]:
    read = fhir.read_files(_given(n, file, name) for n, file, name in given)
    counts = Counter(each.number for each, _ in read)
    return [(each.number, encounter, each.has_lines or counts[each.number] > 1) for each, encounter in read]


def _readable(chart: Chart) -> Encounter:
    """The encounter of a chart. Raises InputError for a row that cannot be read."""
    if isinstance(chart.content, BadRow):
        raise InputError(chart.content.error)
    return chart.content


def _whole(file: Given) -> bytes:
    with file.open() as handle:
        return handle.read(MOST_RECORD + 1)


def _given(number: int, file: Given, name: PurePath) -> fhir.Given:
    """A file of FHIR: the lines of an export are read one by one, however many they are."""
    content = _lines(file) if _is_export(name, Format.FHIR) and _begins_with_row(file) else _whole(file)
    return fhir.Given(number, name.name, name.stem, str(name.parent), content)


def _begins_with_row(file: Given) -> bool:
    with file.open() as handle:
        try:
            return isinstance(json.loads(handle.readline(MOST_BYTES)), dict)
        except (ValueError, RecursionError):
            return False


def _lines(file: Given) -> Iterator[bytes]:
    with file.open() as handle:
        yield from (b"\0" if line is None else line for line in lines_of(b"", handle))


def _is_export(path: PurePath | None, kind: Format | None) -> bool:
    return path is not None and kind is Format.FHIR and path.suffix.lower() == NDJSON


def _of_file(encounter: Encounter, path: PurePath) -> Encounter:
    """The encounter, its documents with the name of their file."""
    return replace(encounter, documents=tuple(replace(d, file=path.name) for d in encounter.documents))


def _by_rows(kind: Format | None) -> bool:
    """Whether its charts are read one at a time, each by itself."""
    return kind in (None, Format.JSONL)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # too long for a name: opening it has the sentence
        return False
