"""What records call code systems and classes of encounters, in the words of the contract."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from leadterm.domain import Setting


def system_of(*names: str | None) -> str | None:
    """The code system by the first of its names that is known; else the first name given, as it is written."""
    given = [name.strip() for name in names if name and name.strip()]
    known = (_systems().get(name.removeprefix("urn:oid:").casefold()) for name in given)
    return next(filter(None, known), given[0] if given else None)


def class_of(source: str, code: str | None) -> tuple[Setting, str] | None:
    """The setting and class of an encounter by a code of `source` (`act`, `v2`); None for an unknown one."""
    return _classes().get((source, (code or "").strip().casefold()))


@cache
def _systems() -> dict[str, str]:
    return {row["name"]: row["system"] for row in rows("naming.tsv")}


@cache
def _classes() -> dict[tuple[str, str], tuple[Setting, str]]:
    return {(r["source"], r["code"].casefold()): (Setting(r["setting"]), r["class"]) for r in rows("classes.tsv")}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table beside the readers, by column; lines that begin with `#` are its comments."""
    text = files("leadterm.records").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader((line for line in text.splitlines() if not line.startswith("#")), delimiter="\t"))
