"""Several files to the encounters that they tell of together: read, then joined where their numbers say so."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from leadterm.domain import Encounter, InputError

from . import fhir, hl7v2
from .charts import BadRow, Chart, Overrides, lines_of, must_exist, opened, read_charts, read_whole, told
from .formats import Format
from .joining import joined
from .text import MOST_BYTES

# What we write beside charts, and what programs keep for themselves.
OUR_OWN = (".coded.json", ".coded.jsonl", ".facts.json", ".recoding.json")
NDJSON = ".ndjson"
Place = tuple[int, Encounter, bool]
"""The number of a file, an encounter of it, and whether it is one of several of that file."""


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

    Rows of a jsonl are charts of their own, read one at a time. Raises InputError as `read_charts` does.
    """
    kinds = [None if path is None else _kind(path) for path in paths]
    rows = {n for n, kind in enumerate(kinds) if _by_rows(kind)}
    if joining is Joining.APART or (len(paths) - len(rows) < 2 and not any(map(_is_export, paths, kinds))):
        for path in paths:
            yield from read_charts(path, stream, overrides, encoding)
        return
    places = list(_read(paths, kinds, stream, encoding))
    whole = joined([encounter for _, encounter, _ in places], together=joining is Joining.TOGETHER)
    of_file: defaultdict[int, list[Chart]] = defaultdict(list)
    for first, encounter in whole:
        number, _, is_row = places[first]
        of_file[number].append(Chart(told(overrides.applied(encounter)), is_row))
    for number in range(len(paths)):
        if number in rows:
            yield from read_charts(paths[number], stream, overrides, encoding)
        yield from of_file[number]


def _read(
    paths: Sequence[Path | None], kinds: Sequence[Format | None], stream: BinaryIO, encoding: str | None
) -> Iterator[Place]:
    """What each file tells, rows left out; messages and FHIR, which tell one thing in many files, together."""
    files = [
        (n, path, kind) for n, (path, kind) in enumerate(zip(paths, kinds, strict=True)) if path and not _by_rows(kind)
    ]
    messages = [(n, path) for n, path, kind in files if kind is Format.HL7V2]
    resources = [(n, path) for n, path, kind in files if kind is Format.FHIR]
    done = {n for n, _ in resources} | {n for n, _ in messages if len(messages) > 1}
    if len(messages) > 1:
        first = {path.stem: n for n, path in reversed(messages)}
        found = hl7v2.read_files((read_whole(path), path.name, path.stem) for _, path in messages)
        stems = Counter(stem for stem, _ in found)
        yield from ((first[stem], encounter, stems[stem] > 1) for stem, encounter in found)
    if resources:
        read = fhir.read_files(_given(n, path) for n, path in resources)
        counts = Counter(given.number for given, _ in read)
        yield from ((g.number, encounter, g.has_lines or counts[g.number] > 1) for g, encounter in read)
    for number, path, _ in files:
        if number not in done:
            for chart in read_charts(path, stream, Overrides(), encoding):
                if isinstance(chart.content, BadRow):
                    raise InputError(chart.content.error)
                yield number, _of_file(chart.content, path), chart.is_row


def _given(number: int, path: Path) -> fhir.Given:
    """A file of FHIR: the lines of an export are read one by one, however many they are."""
    content = _lines(path) if _is_export(path, Format.FHIR) and _begins_with_row(path) else read_whole(path)
    return fhir.Given(number, path.name, path.stem, str(path.parent), content)


def _begins_with_row(path: Path) -> bool:
    with path.open("rb") as handle:
        try:
            return isinstance(json.loads(handle.readline(MOST_BYTES)), dict)
        except (ValueError, RecursionError):
            return False


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as handle:
        yield from (b"\0" if line is None else line for line in lines_of(b"", handle))


def _is_export(path: Path | None, kind: Format | None) -> bool:
    return path is not None and kind is Format.FHIR and path.suffix.lower() == NDJSON


def _of_file(encounter: Encounter, path: Path) -> Encounter:
    """The encounter, its documents with the name of their file."""
    return replace(encounter, documents=tuple(replace(d, file=path.name) for d in encounter.documents))


def _by_rows(kind: Format | None) -> bool:
    """Whether its charts are read one at a time, each by itself."""
    return kind in (None, Format.JSONL)


def _kind(path: Path) -> Format | None:
    """What a file is; None of a pipe, which can be read but once."""
    if not path.is_file():
        return None
    with path.open("rb") as handle, opened(None, handle) as source:
        return source.format


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # too long for a name: opening it has the sentence
        return False
