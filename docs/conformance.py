"""How the shipped cases bear out each paragraph of the guidelines: from their keys and the known gaps of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from leadterm.cases import Case, load_cases

GAPS = Path(__file__).resolve().parents[1] / "tests" / "cases" / "gaps.tsv"


@dataclass
class Tally:
    """Of the keys that cite a paragraph: codes wanted and given, tempting codes and those that were avoided."""

    wanted: int = 0
    given: int = 0
    tempting: int = 0
    avoided: int = 0

    def __str__(self) -> str:
        parts = [f"{self.given} of {self.wanted} codes"] if self.wanted else []
        parts += [f"{self.avoided} of {self.tempting} tempting ones avoided"] if self.tempting else []
        return ", ".join(parts)

    @property
    def whole(self) -> bool:
        """Whether the engine does whatever the cases of the paragraph want."""
        return self.given == self.wanted and self.avoided == self.tempting


def tallies(paragraphs: Iterable[str]) -> Mapping[str, Tally]:
    """A tally for each listed paragraph; a key counts for the paragraph that it cites most exactly."""
    listed = tuple(paragraphs)
    found = {paragraph: Tally() for paragraph in listed}
    gaps = _gaps()
    for case in load_cases().values():
        for paragraph, kind, kept in _judged(case, gaps.get(case.id, frozenset())):
            tally = found.get(nearest(paragraph, listed) or "")
            if tally is None:
                continue
            if kind == "wanted":
                tally.wanted, tally.given = tally.wanted + 1, tally.given + kept
            else:
                tally.tempting, tally.avoided = tally.tempting + 1, tally.avoided + kept
    return found


def nearest(paragraph: str, listed: Iterable[str]) -> str | None:
    """The listed paragraph that a citation is of or stands below; None where none is."""
    return max((key for key in listed if paragraph == key or paragraph.startswith(f"{key}.")), key=len, default=None)


def _judged(case: Case, gaps: frozenset[tuple[str, str]]) -> Iterator[tuple[str, str, bool]]:
    for key in case.require:
        yield from ((p, "wanted", ("missing", key.code.value) not in gaps) for p in key.paragraphs)
    for tempting in case.forbid:
        yield from ((p, "tempting", ("extra", tempting.code.value) not in gaps) for p in tempting.paragraphs)


def _gaps() -> dict[str, frozenset[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for line in GAPS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "case\t")):
            case, kind, code = line.split("\t")
            found.setdefault(case, set()).add((kind, code))
    return {case: frozenset(rows) for case, rows in found.items()}
