"""Every C-CDA file of the common data: read without failing, every character of narrative with its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree  # an independent reader

import pytest
from tests.records import samples

from leadterm.records import ccda

NAMESPACE = "{urn:hl7-org:v3}"
NAMES = (".xml", ".ccda", ".ccd")


@pytest.fixture
def files(shared: Path) -> list[Path]:
    """The files."""
    places = (shared / "samples/ccda", shared / "samples/hl7v2/fhir-converter/data/SampleData/Ccda")
    found = [path for place in places for path in sorted(place.rglob("*")) if path.suffix.lower() in NAMES]
    assert len(found) >= 140
    return found


def test_all_are_read(files: list[Path]) -> None:
    pytest.importorskip("pypdfium2", reason="some documents hold a PDF, which takes the extra [pdf]")
    rows = (samples.row(path.name, ccda.read(path.read_bytes(), path.name, path.stem)) for path in files)
    assert samples.agrees("ccda/samples.tsv", sorted(rows))


def test_every_character_of_narrative_is_reached(files: list[Path]) -> None:
    whole = 0
    for path in files:
        raw = path.read_bytes()
        if b"<structuredBody" not in raw or not _is_whole(raw):
            continue
        whole += 1
        notes = ccda.read(raw, path.name, path.stem)[0].documents
        reached = "".join(note.text[s.start : s.start + s.length] for note in notes for s in note.origin or ())
        assert _solid(reached) == _solid("".join(_narrative(ElementTree.fromstring(raw)))), path.name
    assert whole >= 85


def _is_whole(raw: bytes) -> bool:
    try:
        return ElementTree.fromstring(raw).tag == f"{NAMESPACE}ClinicalDocument"
    except ElementTree.ParseError:  # undeclared prefixes
        return False


def _narrative(element: ElementTree.Element) -> Iterator[str]:
    """Titles and texts of sections, in the order of the document, what was deleted left out."""
    for child in element:
        if element.tag == f"{NAMESPACE}section" and child.tag in (f"{NAMESPACE}title", f"{NAMESPACE}text"):
            yield from _words(child)
        else:
            yield from _narrative(child)


def _words(element: ElementTree.Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.get("revised") != "delete":
            yield from _words(child)
        yield child.tail or ""


def _solid(text: str) -> str:
    return "".join(text.split())
