"""What was done with which content: a file of JSON lines, each synced before the next work begins.

A line that a crash cut short is left out when it is read, and the next line begins behind it. Names of files, digests
and ids of charts stand in it; no word of a chart does, and its numbers only as digests.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .arriving import Seen

NAME = ".leadterm-watch.jsonl"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Kept:
    """A chart that was coded.

    Attributes:
        id: Of the encounter.
        out: Name of the file of its coding.
        recoding: Name of the file that says what changed; None where nothing was coded before.
        signs: Digests of its numbers, by which a late file finds it.
        codes, errors: How many.
    """

    id: str
    out: str
    recoding: str | None
    signs: tuple[str, ...]
    codes: int
    errors: int


@dataclass(frozen=True, slots=True)
class Line:
    """What was done with a file.

    Attributes:
        file, size, changed: The file as it was seen.
        digest: SHA-256 of its bytes.
        outcome: `coded`, `recoded`, `same`, `failed`.
        charts: What came of it.
        same_as: The file that had the content already.
        error: Why it failed.
    """

    file: str
    size: int
    changed: int
    digest: str
    outcome: str
    charts: tuple[Kept, ...] = ()
    same_as: str | None = None
    error: str | None = None


class Ledger:
    """The lines, and what they know."""

    def __init__(self, folder: Path) -> None:
        """The ledger of a folder of results, read from its file where there is one."""
        self._path = folder / NAME
        self._broken = False
        self._by_digest: dict[str, Line] = {}
        self._last: dict[str, Line] = {}
        self._outs: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for line in self._read():
            self._know(line)

    def add(self, line: Line) -> None:
        """Writes a line, and syncs it."""
        written = json.dumps(asdict(line), separators=(",", ":")).encode("ascii")
        with self._path.open("ab") as handle:
            # A line that was cut short ends here.
            handle.write((b"\n" if self._broken else b"") + written + b"\n")
            handle.flush()
            os.fsync(handle.fileno())
        self._broken = False
        self._know(line)

    def done(self, name: str, seen: Seen) -> Line | None:
        """What was done with the file as it is; None where it has changed or was never seen."""
        line = self._last.get(name)
        return line if line and Seen(line.size, line.changed) == seen else None

    def content(self, digest: str) -> Line | None:
        """What was done with this content."""
        return self._by_digest.get(digest)

    def last(self, name: str) -> Line | None:
        """What was done last with a file of this name."""
        return self._last.get(name)

    def bearing(self, signs: tuple[str, ...]) -> list[str]:
        """The names of the codings that share one of these signs."""
        return list(dict.fromkeys(out for sign in signs for out in self._outs.get(sign, ())))

    def told_by_others(self, out: str, name: str) -> bool:
        """Whether other files than the one of this name have gone into a coding."""
        return any(chart.out == out for line in self._last.values() for chart in line.charts if line.file != name)

    def _know(self, line: Line) -> None:
        self._last[line.file] = line
        if line.outcome != "same":
            self._by_digest[line.digest] = line
        for chart in line.charts:
            for sign in chart.signs:
                self._outs[sign][chart.out] = None

    def _read(self) -> list[Line]:
        raw = self._path.read_bytes() if self._path.exists() else b""
        self._broken = bool(raw) and not raw.endswith(b"\n")
        return [line for row in raw.split(b"\n") if (line := _line(row)) is not None]


def _line(row: bytes) -> Line | None:
    try:
        value: dict[str, Any] = json.loads(row.decode("utf-8", "surrogateescape"))
        charts = tuple(Kept(**{**chart, "signs": tuple(chart["signs"])}) for chart in value.pop("charts"))
        return Line(**value, charts=charts)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
