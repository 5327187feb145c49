"""Ids of documents that readers make where a record gives none (`d1`), made anew where several files have them."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import replace

from leadterm.domain import Document, RecordedCode

_MADE = re.compile(r"d\d+(\.\d+)?(/\d+)?")


def is_made(document_id: str) -> bool:
    """Whether a reader made the id: it tells no document from those of another file."""
    return _MADE.fullmatch(document_id) is not None


def next_made(taken: Container[str], start: int) -> str:
    """The first made id from a number on that is free."""
    while f"d{start}" in taken:
        start += 1
    return f"d{start}"


def next_version(document_id: str, taken: Container[str]) -> str:
    """The id of another version or copy of a document: `id.2`, `id.3`, …"""
    number = 2
    while f"{document_id}.{number}" in taken:
        number += 1
    return f"{document_id}.{number}"


def renamed(document: Document, names: Mapping[str, str]) -> Document:
    """The document by its new id, and what it speaks of by theirs."""
    related = {field: names.get(name, name) for field in RELATED if (name := getattr(document, field)) is not None}
    return replace(document, id=names.get(document.id, document.id), **related)


def requoted(code: RecordedCode, names: Mapping[str, str]) -> RecordedCode:
    """The code with its evidence in the document of the new id."""
    if code.evidence is None or code.evidence.document not in names:
        return code
    return replace(code, evidence=replace(code.evidence, document=names[code.evidence.document]))


RELATED = ("supersedes", "appends", "same_as")
