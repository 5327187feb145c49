"""Answers about ICD-10-PCS as contract JSON: pcs/1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from leadterm.domain import Finding, Release

from .encode_codes import release
from .encode_parts import Json, finding


class Answer(Protocol):
    """What `pcs` needs of an answer; its parts are values whose fields bear the names of the schema."""

    @property
    def asked(self) -> str: ...  # noqa: D102
    @property
    def releases(self) -> Sequence[Release]: ...  # noqa: D102
    @property
    def choices(self) -> Sequence[Any]: ...  # noqa: D102
    @property
    def code(self) -> Any: ...  # noqa: D102
    @property
    def title(self) -> str | None: ...  # noqa: D102
    @property
    def title_source(self) -> str | None: ...  # noqa: D102
    @property
    def valid(self) -> bool | None: ...  # noqa: D102
    @property
    def legal(self) -> bool: ...  # noqa: D102
    @property
    def meanings(self) -> Sequence[Any]: ...  # noqa: D102
    @property
    def fault(self) -> Any: ...  # noqa: D102
    @property
    def terms(self) -> Sequence[Any]: ...  # noqa: D102
    @property
    def findings(self) -> Sequence[Finding]: ...  # noqa: D102


def pcs(answer: Answer) -> Json:
    """An answer as leadterm.pcs/1."""
    return {
        "schema": "leadterm.pcs/1",
        "asked": answer.asked,
        "legal": answer.legal,
        "code": _code(answer) if answer.title is not None or answer.code is not None else None,
        "fault": _fault(answer.fault) if answer.fault else None,
        "axes": [_axis(choice) for choice in answer.choices],
        "meanings": [_meaning(term) for term in answer.meanings],
        "terms": [_term(term) for term in answer.terms],
        "releases": [release(r) for r in answer.releases],
        "findings": [finding(f) for f in answer.findings],
    }


def _code(answer: Answer) -> Json:
    axes = answer.code.axes if answer.code else ()
    return {
        "code": answer.code.code if answer.code else answer.asked,
        "title": answer.title,
        "title_source": answer.title_source,
        "valid": bool(answer.valid),
        "billable": answer.legal,
        "definition": answer.code.definition if answer.code else None,
        "axes": [{"position": a.position, "name": a.name, "code": a.code, "label": a.label} for a in axes],
    }


def _options(options: Iterable[Any]) -> list[Json]:
    return [{"code": option.code, "labels": list(option.labels)} for option in options]


def _axis(choice: Any) -> Json:
    return {
        "position": choice.position,
        "name": choice.name,
        "chosen": choice.chosen,
        "options": _options(choice.options),
    }


def _fault(fault: Any) -> Json:
    return {
        "position": fault.position,
        "name": fault.name,
        "character": fault.character,
        "legal": _options(fault.legal),
    }


def _meaning(term: Any) -> Json:
    return {
        "section": term.section,
        "position": term.position,
        "axis": term.axis,
        "titles": list(term.titles),
        "definition": term.definition,
        "explanation": term.explanation,
        "includes": list(term.includes),
    }


def _term(term: Any) -> Json:
    return {"path": list(term.path), "leads": [_lead(lead) for lead in term.leads], "below": list(term.below)}


def _lead(lead: Any) -> Json:
    return {
        "kind": lead.kind,
        "text": lead.text,
        "codes": list(lead.codes),
        "values": [
            {"position": v.position, "code": v.code, "label": v.label, "tables": list(v.tables)} for v in lead.values
        ],
        "term": list(lead.term),
    }
