"""What the reader of FHIR has to tell of a record."""

from __future__ import annotations

from leadterm.domain import ReadingNote

_SENTENCES = {
    "fhir-shape": "Something in a {what} does not have the shape that FHIR gives it and was left out.",
    "fhir-error": "A {what} that was entered in error or cancelled was left out.",
    "fhir-twice": "A {what} stands in the record more than once and was read once.",
    "fhir-versions": "A {what} stands in the record in several versions; the newest of them was read.",
    "fhir-differing": "Resources ({what}) of one id differ, and nothing tells which is the newer one: no reference "
    "to them was followed.",
    "fhir-ambiguous": "A reference may lead to several resources that differ, and was not followed.",
    "fhir-members": "An object names a member twice; the last one was read.",
    "fhir-lines": "A line of the file is no JSON object and was left out.",
    "fhir-nothing": "The record tells of no encounter.",
    "fhir-elsewhere": "The text of a {what} is not in the record: only its address is.",
    "fhir-markup": "Narrative of a {what} is not well-formed XHTML; it was read as HTML.",
    "fhir-unpriced": "A line of a {what} bears neither a code of CPT or HCPCS nor a revenue code and was left out.",
    "fhir-unknown-encounter": "Resources refer to an encounter that is not in the record.",
    "fhir-dates": "An encounter ends before it begins; its end was left out.",
    "fhir-patients": "Resources of one encounter speak of several patients; they were kept apart.",
    "fhir-contact": "A bundle within a bundle nests too deeply and was left out.",
}


def note(slug: str, what: str = "") -> ReadingNote:
    """The note of a kind; `what` is the kind of resource that it is about."""
    return ReadingNote(f"LEADTERM:records/{slug}", _SENTENCES[slug].format(what=what))
