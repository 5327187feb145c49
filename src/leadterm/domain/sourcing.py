"""Evidence that says where its words stand in the record that a document was read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from .coded import CodedEncounter
from .facts import Fact
from .origins import Origin
from .text import Evidence

T = TypeVar("T")


def sourced(coded: CodedEncounter) -> CodedEncounter:
    """The coded encounter with the source of each evidence; itself where its documents are their own record."""
    origins = {d.id: d.origin for d in coded.encounter.documents if d.origin}
    if not origins:
        return coded
    return replace(
        coded,
        assignments=tuple(replace(a, evidence=_all(a.evidence, origins)) for a in coded.assignments),
        findings=tuple(replace(f, evidence=_all(f.evidence, origins)) for f in coded.findings),
        queries=tuple(replace(q, evidence=_all(q.evidence, origins)) for q in coded.queries),
        facts=tuple(_fact(f, origins) for f in coded.facts),
    )


def _fact(fact: Fact, origins: Mapping[str, Origin]) -> Fact:
    return replace(fact, evidence=_all(fact.evidence, origins), cues=_all(fact.cues, origins))


def _all(evidence: tuple[Evidence, ...], origins: Mapping[str, Origin]) -> tuple[Evidence, ...]:
    return tuple(
        replace(e, source=origins[e.document].place(e.span)) if e.document in origins and e.source is None else e
        for e in evidence
    )
