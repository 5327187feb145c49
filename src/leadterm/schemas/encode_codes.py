"""The answers of the code sets as contract JSON: codes/1, hits/1, releases/1, tree/1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from leadterm.domain import CodeEntry, CodeNotes, Finding, Hit, Release

from .encode_parts import Json, finding, plain

NOTE_KEYS = ("includes", "excludes1", "excludes2", "code_first", "use_additional", "code_also", "seventh")
ADDED_NOTE_KEYS = ("inclusion_terms", "general")


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A text that was looked up and is no code: what was asked, and the finding (severity error) that says so."""

    text: str
    finding: Finding


class TreeNode(Protocol):
    """What `tree` needs of a node of a tabular list: chapter, block, category, … as its `kind` says."""

    @property
    def code(self) -> str:
        """As written, with its dot; a block as `E08-E13`."""
        ...

    @property
    def title(self) -> str:
        """Its official title."""
        ...

    @property
    def kind(self) -> str:
        """What sort of node it is."""
        ...

    @property
    def billable(self) -> bool:
        """Whether it may stand on a claim."""
        ...

    @property
    def children(self) -> Sequence[str]:
        """Codes one level down."""
        ...


def codes(entries: Iterable[CodeEntry | UnknownCode]) -> Json:
    """The answer of a lookup, as leadterm.codes/1, in the order of the question."""
    return {"schema": "leadterm.codes/1", "codes": [_entry(e) for e in entries]}


def hits(found: Iterable[Hit]) -> Json:
    """The answer of a search, as leadterm.hits/1."""
    return {"schema": "leadterm.hits/1", "hits": [_hit(h) for h in found]}


def releases(installed: Iterable[Release], findings: Iterable[Finding] = ()) -> Json:
    """The installed releases, as leadterm.releases/1."""
    return {
        "schema": "leadterm.releases/1",
        "releases": [release(r) for r in installed],
        "findings": [finding(f) for f in findings],
    }


def release(value: Release) -> Json:
    """One release, as it stands in releases/1 and doctor/1."""
    return {
        "system": value.system,
        "component": value.component,
        "from": value.period.start.isoformat(),
        "to": plain(value.period.end),
        "source": value.source,
        "checksum": value.checksum,
        "counts": dict(value.counts),
        "licence": value.licence,
        "partial": value.partial,
    }


def tree(nodes: Iterable[TreeNode]) -> Json:
    """Nodes of a tabular list, as leadterm.tree/1."""
    return {"schema": "leadterm.tree/1", "nodes": [_node(n) for n in nodes]}


def _entry(value: CodeEntry | UnknownCode) -> Json:
    if isinstance(value, UnknownCode):
        return _unknown(value)
    return {
        "code": value.code.value,
        "system": value.code.system.value,
        "description": value.description,
        "billable": value.billable,
        "valid": value.valid,
        "effective": plain(value.effective.start) if value.effective else None,
        "ends": plain(value.effective.end) if value.effective else None,
        "chapter": value.chapter,
        "parents": list(value.parents),
        "children": list(value.children),
        "notes": _notes(value.notes),
        "findings": [finding(f) for f in value.findings],
        **_related(value),
    }


def _related(value: CodeEntry) -> Json:
    """What other components say of the code, by kind; only the kinds that there are."""
    found: dict[str, list[Json]] = {}
    for row in value.related:
        found.setdefault(f"{row.kind}s", []).append(
            {"component": row.component, "label": row.label, "text": row.text, "code": row.code, "system": row.system}
        )
    return dict(found)


def _unknown(value: UnknownCode) -> Json:
    return {
        "code": value.text,
        "system": None,
        "description": None,
        "billable": False,
        "valid": False,
        "effective": None,
        "ends": None,
        "chapter": None,
        "parents": [],
        "children": [],
        "notes": _notes(CodeNotes()),
        "findings": [finding(value.finding)],
    }


def _notes(value: CodeNotes) -> Json:
    return {key: plain(getattr(value, key)) for key in NOTE_KEYS + ADDED_NOTE_KEYS}


def _hit(value: Hit) -> Json:
    return {
        "code": value.code.value,
        "system": value.code.system.value,
        "description": value.description,
        "billable": value.billable,
        "matched": value.matched,
        "score": float(value.score),
    }


def _node(value: TreeNode) -> Json:
    return {
        "code": value.code,
        "title": value.title,
        "kind": value.kind,
        "billable": value.billable,
        "children": list(value.children),
    }
