"""Installs official files: what was handed over is recognised, compiled and swapped in together."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from leadterm.domain import DataMissing, InputError, Installation, Outcome, Refused, Release
from leadterm.domain.releases import INSTALLED, PRESENT, REPLACED

from ..formats import Format, Offered, Recognised, Table, all_formats
from ..sources import Progress, checksum
from ..store import Kept, Manifest
from .compiled import ensure, locked, writing
from .compiler import compile_all, swap, sweep, write_component
from .keeping import keep, offered_again
from .offering import offers

# Share of the whole work: what is left goes into the search index.
COMPILING = 0.8
# What a store raises for a key that stands twice, a number beyond 64 bits, half a character.
UNFIT = (
    *(sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError, sqlite3.InterfaceError),
    *(OverflowError, UnicodeError),
)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A file with the format that recognised it."""

    format: Format
    recognised: Recognised
    offered: Offered


@dataclass(frozen=True, slots=True)
class Plan:
    """The files of each release to read, and those that are left aside.

    `spare`: for each of `groups`, the files that say the same, to be read where the first one is refused.
    """

    groups: tuple[tuple[_Claim, ...], ...]
    spare: tuple[tuple[_Claim, ...], ...]
    refused: tuple[Refused, ...]
    unknown: tuple[str, ...]

    @property
    def superfluous(self) -> tuple[str, ...]:
        """The files that are left aside when each release is read from its first choice."""
        return tuple(claim.offered.path for spare in self.spare for claim in spare)


def plan(paths: Iterable[Path]) -> Plan:
    """What would be installed from `paths`; nothing is read beyond the head of each file."""
    claims: dict[tuple[str, date], list[_Claim]] = {}
    refused: list[Refused] = []
    unknown: list[str] = []
    formats = all_formats()
    for one in offers(paths):
        if isinstance(one, Refused):
            refused.append(one)
            continue
        try:
            claim = _recognise(one, formats)
        except InputError as error:
            refused.append(Refused(one.path, str(error)))
            continue
        if claim is None:
            unknown.append(one.path)
        else:
            claims.setdefault((claim.recognised.name, claim.recognised.period.start), []).append(claim)
    groups, spare = [], []
    for _, found in sorted(claims.items(), key=lambda item: item[0]):
        found.sort(key=lambda c: (c.recognised.rank, c.offered.path))
        used = len(found) if found[0].format.joins else 1
        groups.append(tuple(found[:used]))
        spare.append(tuple(found[used:]))
    return Plan(tuple(groups), tuple(spare), tuple(refused), tuple(unknown))


def _recognise(one: Offered, formats: Iterable[Format]) -> _Claim | None:
    for form in formats:
        if found := form.recognise(one):
            return _Claim(form, found, one)
    return None


def install(folder: Path, paths: Sequence[Path], progress: Progress) -> Installation:
    """What became of the files under `paths`; the manifest is swapped once, when all of them are compiled.

    Killed at any point, it has changed nothing. Raises InputError when no file is of a known format.
    """
    progress("looking at the files", 0.0)
    found = plan(paths)
    if not (found.groups or found.refused or found.unknown):
        raise InputError("There is no file to install there; name a file, an archive or a folder that has some.")
    if not found.groups and not found.refused:
        raise InputError(
            "None of the files is of a known format; `leadterm codes update --list` names what can be installed."
        )
    ensure(folder, progress)  # what packages carry comes first: a home may be new, or of an older format
    with writing(), locked(folder, progress):
        return _install(folder, found, progress)


def _install(folder: Path, found: Plan, progress: Progress) -> Installation:
    manifest = Manifest.load(folder)
    kept = {k.key: k for k in manifest.kept}
    outcomes: list[Outcome] = []
    refused = list(found.refused)
    superfluous: list[str] = []
    try:
        for done, (group, spare) in enumerate(zip(found.groups, found.spare, strict=True)):
            progress(f"compiling {group[0].recognised.name}", done / len(found.groups) * COMPILING)
            left = [group, *((claim,) for claim in spare)]
            while left:
                files = left.pop(0)
                try:
                    one, status, again = _component(folder, files, kept)
                except InputError as error:
                    refused.append(Refused(files[0].offered.path, str(error)))
                    continue
                kept[one.key] = one
                outcomes.append(Outcome(one.release, status))
                superfluous += [*again, *(claim.offered.path for (claim, *_) in left)]
                break
        if any(o.status != PRESENT for o in outcomes):
            swap(folder, kept.values(), lambda what, share: progress(what, COMPILING + share * (1 - COMPILING)))
    finally:
        # Whatever went wrong, or was refused, leaves no stores and no copies of files behind.
        _tidy(folder)
    return Installation(tuple(outcomes), tuple(refused), tuple(superfluous), found.unknown)


def _tidy(folder: Path) -> None:
    manifest = Manifest.load(folder)  # as it is on the disk: an interruption may come before or after the swap
    if manifest.kept:
        with suppress(OSError):
            sweep(folder, manifest)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A file that was read whole: its bytes, and their sha256."""

    offered: Offered
    data: bytes
    sha256: str


def _component(
    folder: Path, group: tuple[_Claim, ...], kept: dict[tuple[str, date], Kept]
) -> tuple[Kept, str, tuple[str, ...]]:
    """The release that the files of `group` become, what that is to what was there, and the files read before."""
    form, recognised = group[0].format, group[0].recognised
    before = kept.get((recognised.name, recognised.period.start))
    given = [_load(claim.offered) for claim in group]
    loaded = {one.sha256: one for one in reversed(given)}
    again = tuple(one.offered.path for one in given if loaded[one.sha256] is not one)
    if form.joins and before:
        loaded |= {one.sha256: one for one in _joined(folder, form, before, loaded.values())}
    # In an order of their own, so that one release comes out whatever the order in which its files were handed over.
    files = sorted(loaded.values(), key=lambda one: (one.offered.name.lower(), one.sha256))
    digested = _digest(files)
    if before and before.release.checksum == digested and before.opens(folder):
        return before, PRESENT, again
    table = form.read([one.offered for one in files], recognised)
    if table.partial and before and not before.release.partial:
        raise InputError(f"It holds only part of {recognised.name}, and the whole release of that day is installed.")
    release = _release(recognised, files[0].offered.path, digested, table, len(files))
    sources = [keep(folder, one.offered, one.data) for one in files]
    try:
        # The stamp of an embedded source that this one stands before is kept: it is not compiled at each start then.
        one = write_component(folder, release, table, before.stamp if before else "", sources)
    except UNFIT as error:
        raise InputError(
            f"What {files[0].offered.name} holds does not fit into a store ({type(error).__name__}): something stands "
            "in it twice, or is damaged; fetch the file again."
        ) from None
    return one, REPLACED if before else INSTALLED, again


def _digest(files: Iterable[_Loaded]) -> str:
    total = hashlib.sha256()
    for one in files:
        total.update(one.data)
    return total.hexdigest()


def _load(offered: Offered) -> _Loaded:
    """A file, read whole. Raises InputError when it is no longer the file that was recognised."""
    data = offered.load()
    if not data.startswith(offered.head):
        raise InputError(f"The file {offered.name} changed while it was read; install it again.")
    return _Loaded(Offered(offered.path, offered.head, lambda: data, offered.around), data, checksum(data))


def _joined(folder: Path, form: Format, before: Kept, new: Iterable[_Loaded]) -> Iterator[_Loaded]:
    """The files from which a release was installed before, without those that are now handed over anew."""
    pieces = {form.piece(one.offered) for one in new}
    for file in before.files:
        try:
            old = offered_again(folder, file)
        except DataMissing:
            continue
        if form.piece(old) not in pieces:
            yield _load(old)


def _release(recognised: Recognised, path: str, digested: str, table: Table, files: int) -> Release:
    system, component = recognised.name.split(":")
    source = path if files == 1 else f"{path} and {files - 1} more"
    return Release(
        system, component, recognised.period, source, digested, table.counts, recognised.licence, "", table.partial
    )


def compile_again(folder: Path, old: Kept) -> Kept:
    """The release compiled anew from the kept copies of its files; the caller holds the lock.

    Raises DataMissing when a copy is gone, or when the files are no longer read as what they were.
    """
    formats = all_formats()
    again = [_named(old, offered_again(folder, f), formats) for f in old.files]
    table = again[0].format.read([c.offered for c in again], again[0].recognised)
    return write_component(folder, old.release, table, old.stamp, old.files)


def _named(old: Kept, one: Offered, formats: Iterable[Format]) -> _Claim:
    for form in formats:
        found = form.recognise(one)
        if found and found.name == old.release.name:
            return _Claim(form, Recognised(found.name, old.release.period, found.licence), one)
    raise DataMissing(f"The file {one.path} is no longer read as {old.release.name}; install it again.")


def remove(folder: Path, name: str, day: date | None, progress: Progress) -> tuple[Release, ...]:
    """The releases of a component that were taken out (None: of every day); what a package carries comes back.

    Raises InputError when a user installed none such.
    """
    ensure(folder, progress)
    with writing(), locked(folder, progress):
        manifest = Manifest.load(folder)
        gone = [
            k for k in manifest.kept if k.files and k.release.name == name and day in (None, k.release.period.start)
        ]
        if not gone:
            that = f"{name} that begins on {day}" if day else name
            raise InputError(f"No release of {that} was installed from files; see `leadterm codes status`.")
        compile_all(folder, Manifest(tuple(k for k in manifest.kept if k not in gone)), progress)
    return tuple(k.release for k in gone)
