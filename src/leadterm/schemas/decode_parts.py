"""What encounters, codings and claims share of their lines: service codes, modifiers, pointers, drugs, free objects."""

from __future__ import annotations

from typing import Any

from leadterm.domain import Code, CodeSystem, DrugCode, Evidence, Span

from .reading import Node, must, words

SERVICE_SYSTEMS = (CodeSystem.CPT, CodeSystem.HCPCS)


def read_ndc(at: Node) -> DrugCode | None:
    """The drug code at a node, or None."""
    if not at.given():
        return None
    return DrugCode(must(Node.word, at["code"]), at["quantity"].decimal(), at["unit"].word())


def read_service_code(at: Node) -> Code | None:
    """A CPT or HCPCS code, or None."""
    code = at.code(*SERVICE_SYSTEMS)
    # Neither system writes a dot: E11.22 is a diagnosis in the wrong place, not the HCPCS code E1122.
    if code is not None and "." in at.value:
        raise at.wrong(f"a code of {' or '.join(SERVICE_SYSTEMS)}")
    return code


def read_modifiers(at: Node) -> tuple[str, ...]:
    """Modifiers in their order, upper case."""
    return tuple(word.strip().upper() for word in words(at))


def read_pointers(at: Node) -> tuple[int, ...]:
    """Places of diagnoses, counted from 1."""
    places = tuple(must(Node.integer, node) for node in at.items())
    if any(place < 1 for place in places):
        raise at.wrong("a list of places counted from 1")
    return places


def read_mappings(at: Node) -> tuple[dict[str, Any], ...]:
    """The objects of a list, as given."""
    return tuple(must(Node.mapping, node) for node in at.items())


def read_value_codes(at: Node) -> tuple[dict[str, Any], ...]:
    """Value codes as given; an amount among them may not be a float."""
    for node in at.items():
        node["amount"].amount()
    return read_mappings(at)


def read_evidence(at: Node) -> Evidence:
    """Words of a document with their span, in code points."""
    span = Span(must(Node.integer, at["start"]), must(Node.integer, at["end"]))
    return Evidence(must(Node.text, at["document"]), span, must(Node.text, at["text"]), at["source"].text())
