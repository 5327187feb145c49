"""What changes the installed releases: install, remove. Opening the code book does not pay for importing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from leadterm.domain import Installation, Outcome, Release

from ..sources import Progress
from ..store import store_folder
from . import installer

PLANNED = "planned"


def install(paths: Sequence[Path], home: Path | None = None, progress: Progress | None = None) -> Installation:
    """What became of official files, folders and archives that were handed over; all or nothing is swapped in.

    Raises InputError when there is nothing at a path, or no file is of a known format.
    """
    return installer.install(store_folder(home), paths, progress or _silent)


def plan(paths: Sequence[Path]) -> Installation:
    """What `install` would do, judged by names and heads alone: nothing is read whole and nothing is changed."""
    found = installer.plan(paths)
    outcomes = []
    for group in found.groups:
        known, path = group[0].recognised, group[0].offered.path
        system, component = known.name.split(":")
        outcomes.append(Outcome(Release(system, component, known.period, path, "", (), known.licence, ""), PLANNED))
    return Installation(tuple(outcomes), found.refused, found.superfluous, found.unknown)


def remove(
    name: str, day: date | None = None, home: Path | None = None, progress: Progress | None = None
) -> tuple[Release, ...]:
    """The releases of a component that were taken out: those a user installed (that begins on `day`, or all).

    Raises InputError when there is none. What a package carries comes back in its place.
    """
    return installer.remove(store_folder(home), name, day, progress or _silent)


def _silent(message: str, share: float) -> None:
    """No progress is shown."""
