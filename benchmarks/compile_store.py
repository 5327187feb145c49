"""First use: compiling the embedded code sets into an empty home."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from .figures import AT_MOST, Figure, answer
from .process import leadterm


def measure(quick: bool) -> dict[str, Any]:
    """Figures of the first `leadterm lookup` in an empty LEADTERM_HOME; a quick run is no shorter."""
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-home-") as home:
        first = leadterm("lookup", "E11.22", LEADTERM_HOME=home)
        size = sum(file.stat().st_size for file in Path(home).rglob("*") if file.is_file()) / 2**20
    return answer(
        [
            Figure("first use in an empty home, CPU", first.cpu, "s", 30, AT_MOST),
            Figure("first use in an empty home, wall", first.wall, "s"),
            Figure("first use, peak RSS", first.rss, "MB", 500, AT_MOST),
            Figure("compiled code sets on disk", size, "MB"),
        ]
    )
