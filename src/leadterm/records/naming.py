"""What records call code systems, classes of encounters and sections, in the words of the contract and our own."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from leadterm.domain import Setting

# A laboratory reports and diagnoses nothing; what a physician has interpreted is that one's.
LABORATORY, PATHOLOGIST = "laboratory", "pathologist"
# Words that begin alike are taken as one: procedure, procedural.
BEGINNING = 5
_WORD = re.compile(r"[a-z]{2,}")


def system_of(*names: str | None) -> str | None:
    """The code system by the first of its names that is known; else the first name given, as it is written."""
    given = [name.strip() for name in names if name and name.strip()]
    known = (_systems().get(name.removeprefix("urn:oid:").casefold()) for name in given)
    return next(filter(None, known), given[0] if given else None)


def class_of(source: str, code: str | None) -> tuple[Setting, str] | None:
    """The setting and class of an encounter by a code of `source` (`act`, `v2`); None for an unknown one."""
    return _classes().get((source, (code or "").strip().casefold()))


def heading_of(code: str | None, title: str = "") -> str | None:
    """What to write over a section of a LOINC code; None where the title says it, or the code is not known."""
    heading, beginnings = _headings().get((code or "").strip(), (None, ()))
    said = any(word.startswith(beginnings) for word in _WORD.findall(title.casefold()))
    return None if said else heading


def reader_of(codes: Iterable[str]) -> str | None:
    """Who reads studies of a kind, by the first of its codes that tells: `laboratory`, `pathologist`, `radiologist`."""
    return next((found for code in codes if (found := _readers().get(code.strip()))), None)


@cache
def _readers() -> dict[str, str]:
    return {row["code"]: row["role"] for row in rows("authors.tsv")}


@cache
def _headings() -> dict[str, tuple[str, tuple[str, ...]]]:
    return {row["code"]: (row["heading"], _beginnings(row)) for row in rows("sections.tsv")}


def _beginnings(row: dict[str, str]) -> tuple[str, ...]:
    own = (word[:BEGINNING] for word in _WORD.findall(row["heading"].casefold()) if len(word) >= BEGINNING)
    return (*own, *filter(None, (row["also"] or "").split(",")))


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
