"""The texts that resources bear: attachments, sections of compositions, notes and conclusions."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.domain import DocumentStatus
from leadterm.records.limits import MOST_DEPTH
from leadterm.records.markup import write_xhtml
from leadterm.records.naming import LABORATORY, PATHOLOGIST, heading_of, reader_of
from leadterm.records.scribe import Scribe

from . import tables
from .nodes import Node
from .notes import note
from .references import reference
from .told import Draft, Rendition, Told

ADDITIONAL = "additional"
REPORTS = frozenset(("DiagnosticReport", "DocumentReference", "Composition"))
VERSION_DIGITS = 10


def tell_attachments(kind: str, resource: Node, told: Told) -> None:
    """Adds the document of a DocumentReference or of a report's presented form: of its forms, one will be read."""
    path = "presentedForm" if kind == "DiagnosticReport" else "content.attachment"
    forms = tuple(_rendition(at, told.key) for at in resource.each(path) if isinstance(at.value, dict))
    if forms:
        draft = _draft(kind, resource, told)
        draft.renditions = forms
        draft.type = draft.type or resource.first(f"{path}.title").word()
        told.drafts.append(draft)


def tell_composition(kind: str, resource: Node, told: Told) -> None:
    """Adds the document of a Composition: the titles and narratives of its sections, one within the other."""
    scribe = Scribe()
    for section in _sections(resource, 0):
        title, text = section.first("title"), section.first("text")
        if text.value is None or text.first("status").word() == "empty":
            continue
        if len(scribe):
            scribe.put("\n\n")
        _write_heading(section, title, scribe)
        _write_div(kind, text, scribe, told)
    if not len(scribe):
        _write_div(kind, resource.first("text"), scribe, told)
    if len(scribe):
        told.drafts.append(_written(_draft(kind, resource, told), scribe))


def tell_words(kind: str, resource: Node, told: Told) -> None:
    """Adds a document of what else a resource has in words, under headings that say what it is about."""
    scribe = Scribe()
    heading = ""
    for words in tables.narratives().get(kind, ()):
        if words.categories and not words.categories.intersection(_categories(resource)):
            continue
        for node in resource.each(words.path):
            if words.path.endswith("text") and isinstance(node.value, dict):
                if node.first("status").word() != ADDITIONAL:
                    continue
            elif not (node.text() or "").strip():
                continue
            heading = _head(scribe, heading, words.heading)
            if isinstance(node.value, dict):
                _write_div(kind, node, scribe, told)
            else:
                scribe.write(node.value, node.place, 0, 0)
    if len(scribe):
        draft = _draft(kind, resource, told)
        draft.id = f"{draft.id}#text" if told.drafts else draft.id
        draft.replaces = draft.appends = draft.same_as = draft.series = None
        told.drafts.append(_written(draft, scribe))


def tell_binary(told: Told, form: Rendition) -> None:
    """Adds what a Binary holds, as a document that nothing describes."""
    draft = Draft(told.key, None, DocumentStatus.FINAL, (None, None), None, None)
    draft.renditions = (form,)
    told.drafts.append(draft)


def binary(resource: Node) -> Rendition:
    """What a Binary holds."""
    data = resource.first("data", "content")
    return Rendition(resource.first("contentType").word(), data.text(), None, data.place)


def _draft(kind: str, resource: Node, told: Told) -> Draft:
    author = resource.first("resultsInterpreter", "author", "performer.actor", "performer", "recorder", "requester")
    signed = resource.first("attester.time", "issued")
    service = resource.first(*tables.wheres()[kind].day)
    called = resource.first("type", "code") if kind not in ("Encounter", "FamilyMemberHistory") else resource.first()
    name = called.first("text", "coding.display").word() if isinstance(called.value, dict) else None
    related = _related(resource, told.key)
    status = tables.finality(kind, resource)
    if "appends" in related and status is DocumentStatus.FINAL:
        status = DocumentStatus.ADDENDUM
    version = resource.first("meta.versionId").word() or ""
    return Draft(
        told.key,
        name or resource.first("title", "description").word() if kind in ("Composition", "DocumentReference") else name,
        status,
        (reference(author, told.key), author.first("display").word() if isinstance(author.value, dict) else None),
        service.instant(),
        signed.instant(),
        replaces=related.get("replaces"),
        appends=related.get("appends"),
        same_as=related.get("transforms"),
        series=told.key,
        role=_reader(kind, resource),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < VERSION_DIGITS else None,
    )


def _reader(kind: str, resource: Node) -> str | None:
    """Who reads reports of its kind; a laboratory's that a physician has interpreted is that one's (guideline IV.K)."""
    if kind not in REPORTS:
        return None
    paths = ("category", "type") if kind != "DiagnosticReport" else ("category", "code")
    role = reader_of(code for path in paths for node in resource.each(path) for code in node.codes())
    interpreted = resource.first("resultsInterpreter").value is not None
    return PATHOLOGIST if role == LABORATORY and interpreted else role


def _related(resource: Node, owner: str) -> dict[str, str]:
    """The documents that it is related to, by the code of the relation; of several of a code the first."""
    found: dict[str, str] = {}
    for relation in resource.each("relatesTo"):
        where = reference(relation.first("target", "targetReference", "resourceReference"), owner)
        for code in relation.first("code", "type").codes() if where else ():
            found.setdefault(code, where or "")
    return found


def _rendition(at: Node, owner: str) -> Rendition:
    data = at.first("data")
    place = data if data.value is not None else at
    url = at.first("url").word()
    where = reference(Node({"reference": url}, at.place, at.faults), owner) if url else None
    return Rendition(at.first("contentType").word(), data.text(), where, place.place)


def _sections(holder: Node, depth: int) -> Iterator[Node]:
    if depth >= MOST_DEPTH:
        holder.faults.found = True
        return
    for section in holder.each("section"):
        if isinstance(section.value, dict):
            yield section
            yield from _sections(section, depth + 1)


def _write_heading(section: Node, title: Node, scribe: Scribe) -> None:
    """Writes its title, and a heading of our own where that says something else than its code; else what it says."""
    words = title.word()
    codes = section.first("code").codes() if isinstance(section.first("code").value, dict) else ()
    heading = next(filter(None, (heading_of(code, words or "") for code in codes)), None)
    if words is None and heading is None:
        title = section.first("code.text", "code.coding.display")
        words = title.word()
    if words:
        scribe.write(words, title.place, 0, 0)
        scribe.put("\n")
    if heading:
        scribe.put(f"{heading}:\n")


def _write_div(kind: str, text: Node, scribe: Scribe, told: Told) -> None:
    div = text.first("div") if isinstance(text.value, dict) else text
    if (markup := div.text()) and not write_xhtml(markup, scribe, div.place):
        told.notes.append(note("fhir-markup", kind))


def _written(draft: Draft, scribe: Scribe) -> Draft:
    draft.text, draft.origin = scribe.text(), scribe.origin()
    return draft


def _head(scribe: Scribe, before: str, heading: str) -> str:
    """Begins the next words: on a line of their own, under a heading where it is another one."""
    if len(scribe):
        scribe.put("\n")
    if heading and heading != before:
        scribe.put(f"{heading}:\n")
    return heading


def _categories(resource: Node) -> set[str]:
    return {code for category in resource.each("category") for code in category.codes()}
