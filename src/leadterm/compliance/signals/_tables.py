"""The tables beside the modules: tab-separated, `#` for remarks, a header, one row a line."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `name`.tsv, each by the header's words."""
    text = (files(__package__) / f"{name}.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(dict(zip(lines[0], cells, strict=True)) for cells in lines[1:])
