"""What this project writes beside the members of FHIR (`claims.fhir`): words that a code rests on, the setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from leadterm.domain import Document, Evidence, Setting, Span

from .nodes import Node
from .references import reference

URL = "urn:leadterm:fhir"


class Quoted(NamedTuple):
    """Words of a document, by its reference and their code points."""

    document: str
    start: int
    end: int
    text: str


def quoted_by(resource: Node, owner: str) -> Quoted | None:
    """The first words that a resource quotes; None where it quotes none."""
    for extension in _extensions(resource, "evidence"):
        parts = {part.first("url").word(): part for part in extension.each("extension") if isinstance(part.value, dict)}
        if not {"document", "start", "end", "text"} <= parts.keys():
            continue
        document = reference(parts["document"].first("valueReference"), owner)
        start, end = (parts[name].first("valueUnsignedInt").integer() for name in ("start", "end"))
        text = parts["text"].first("valueString").text()
        if document and text and start is not None and end is not None and 0 <= start < end:
            return Quoted(document, start, end, text)
    return None


def evidence_of(quoted: Quoted | None, key: str | None, documents: Mapping[str, Document]) -> Evidence | None:
    """The words in the document of that key, where they stand there; blanks may differ."""
    held = documents.get(key or "")
    if quoted is None or held is None or quoted.end > len(held.text):
        return None
    span = Span(quoted.start, quoted.end)
    return Evidence.quote(held, span) if span.of(held.text).split() == quoted.text.split() else None


def setting_of(resource: Node) -> Setting | None:
    """The setting that an Encounter was written with: its class alone may be of several."""
    for extension in _extensions(resource, "setting"):
        word = extension.first("valueCode").word()
        return Setting(word) if word in list(Setting) else None
    return None


def _extensions(resource: Node, name: str) -> list[Node]:
    found = (at for at in resource.each("extension") if isinstance(at.value, dict))
    return [at for at in found if at.first("url").value == f"{URL}:{name}"]
