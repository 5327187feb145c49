"""What every benchmark answers: figures with their floors, what was skipped and why, what they were taken on."""

from __future__ import annotations

import hashlib
import os
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OURS = "Leadterm"
AT_MOST, AT_LEAST = "at most", "at least"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number.

    Attributes:
        name, value, unit: What was measured.
        floor, direction: The bound that was promised and on which side of it the value must lie; None: no promise.
        of: Whose figure it is; a peer is named with its version.
    """

    name: str
    value: float
    unit: str
    floor: float | None = None
    direction: str | None = None
    of: str = OURS

    @property
    def met(self) -> bool | None:
        """Whether the promise is kept; None where there is none."""
        if self.floor is None:
            return None
        return self.value <= self.floor if self.direction == AT_MOST else self.value >= self.floor

    def row(self) -> dict[str, Any]:
        """The figure as JSON."""
        keys = ("name", "value", "unit", "floor", "direction", "of")
        return {key: getattr(self, key) for key in keys} | {"value": _rounded(self.value), "met": self.met}


def _rounded(value: float) -> float:
    """Four significant digits: more would pretend."""
    return value if isinstance(value, int) else float(f"{value:.4g}")


def answer(
    figures: Iterable[Figure] = (), *, skipped: Sequence[str] = (), inputs: Iterable[Path] = (), **said: Any
) -> dict[str, Any]:
    """What `measure` returns; `said` are details without a bound (what failed, by kind, …)."""
    return {
        "figures": [figure.row() for figure in figures],
        "skipped": list(skipped),
        "inputs": {_shown(path): digest(path) for path in inputs},
        **said,
    }


def _shown(path: Path) -> str:
    for folder in (ROOT, shared()):
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
    return path.name


def shared() -> Path:
    """Where the common data lies (it may be absent)."""
    return Path(os.environ.get("LEADTERM_SHARED", ROOT.parent / "shared")).absolute()


def missing(path: Path) -> dict[str, Any]:
    """The answer of a benchmark whose data is not here."""
    return answer(skipped=[f"{_shown(path)} is absent; set LEADTERM_SHARED to the folder of the common data"])


def digest(*paths: Path) -> str:
    """sha256 over the bytes of files."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this process for one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median_of(times: int, work: Callable[[], float]) -> float:
    """The median of so many measurements."""
    return statistics.median(work() for _ in range(times))


def table(topics: Mapping[str, Mapping[str, Any]]) -> str:
    """The figures as lines of a Markdown table, what was skipped below it."""
    lines = ["| topic | figure | of | value | floor | |", "|---|---|---|---:|---:|---|"]
    for topic, result in topics.items():
        for f in result["figures"]:
            bound = f"{'≤' if f['direction'] == AT_MOST else '≥'} {f['floor']:g}" if f["floor"] is not None else ""
            verdict = {True: "met", False: "**missed**", None: ""}[f["met"]]
            value = f"{f['value']:,.6g} {f['unit']}".strip()
            lines.append(f"| {topic} | {f['name']} | {f['of']} | {value} | {bound} | {verdict} |")
    lines += [f"{topic}: skipped: {reason}" for topic, result in topics.items() for reason in result["skipped"]]
    return "\n".join(lines)
