"""Specificity (guidelines I.A.9.b, I.B.2): an unspecified code beside one of the same node that says more.

An unspecified code by itself is no finding: it is right where the record says no more (I.B.18).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from leadterm.codesets.relations.references import Reference, names_one
from leadterm.edits._coding import Coding, Diagnosis, Entry, named
from leadterm.edits._findings import Check, Draft
from leadterm.edits._ranges import codes_of

UNSPECIFIED = "unspecified"
SEVENTH = "seventh"
ABOVE = frozenset({"chapter", "block"})
# Several drugs, several circumstances and several facts of a history stand beside each other, one of them unknown.
SIDE_BY_SIDE = "T36-T65, V00-Z99"


@dataclass(frozen=True, slots=True)
class _Detail:
    """How open a code is: how often its title says so, and the node whose other codes say more."""

    open: int
    at: str | None


@lru_cache(maxsize=20_000)
def _detail(entry: Entry) -> _Detail:
    count = entry.node.title.lower().count(UNSPECIFIED) if entry.node else 0
    above = [n for n in entry.lineage[1:] if n.kind not in ABOVE]
    if entry.node and entry.node.kind == SEVENTH:
        above = above[1:]
    at = above[0].code if above and count and not names_one(_side_by_side(), entry.bare) else None
    return _Detail(count, at)


@lru_cache(maxsize=1)
def _side_by_side() -> tuple[Reference, ...]:
    return codes_of(SIDE_BY_SIDE)


def _less_specific(coding: Coding) -> Iterator[Draft]:
    """Each unspecified code with the codes below the same node that are less open."""
    if not any(_detail(d.entry).at for d in coding.diagnoses):
        return
    first = {d.code: d for d in reversed(coding.diagnoses)}
    several = [first[code] for code in sorted(first)]
    for d in several:
        if _detail(d.entry).at and (better := [o for o in several if _says_more(o.entry, d.entry)]):
            yield _draft(d, better)


@lru_cache(maxsize=100_000)
def _says_more(entry: Entry, than: Entry) -> bool:
    """Whether a code of the node of an unspecified one is less open than that."""
    detail = _detail(than)
    return entry is not than and detail.at in entry.line and _detail(entry).open < detail.open


def _draft(d: Diagnosis, better: list[Diagnosis]) -> Draft:
    said = ", ".join([named(better[0]), *(o.code for o in better[1:])])
    several = (d, *better)
    message = f"{named(d)} stands beside {said}, which says more."
    return Draft(message, tuple(o.code for o in several), tuple(o.assignment.id for o in several))


CHECKS: Mapping[str, Check[Coding]] = {"ICD10CM:I.B.2/less-specific": _less_specific}
