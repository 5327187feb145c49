"""Checks the whole store byte by byte; opening only glances at lengths and headers."""

from __future__ import annotations

from pathlib import Path

from leadterm.domain import Finding, Severity

from .sources import checksum
from .store import Kept, Manifest

DAMAGED = "CODESETS:store/damaged"


def damaged(folder: Path) -> tuple[Finding, ...]:
    """A finding for each release whose store is absent or changed."""
    bad = [kept for kept in Manifest.load(folder).kept if not _whole(folder, kept)]
    return tuple(_finding(number, kept) for number, kept in enumerate(bad, 1))


def _whole(folder: Path, kept: Kept) -> bool:
    try:
        return checksum((folder / kept.release.path).read_bytes()) == kept.sha256
    except OSError:
        return False


def _finding(number: int, kept: Kept) -> Finding:
    message = f"The store of {kept.release.name} is not the one that was compiled."
    fix = f"Delete {kept.release.path} in the data home; it is compiled anew on the next use."
    return Finding(f"f{number}", DAMAGED, Severity.ERROR, message, fix, source=kept.release.source)
