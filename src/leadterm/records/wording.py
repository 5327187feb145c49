"""Where words stand in the record that they came from, as a person would look for them: `page 2`, `OBX 3, field 5`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import takewhile

from leadterm.domain import Document, Span

LONGEST = 60
LONGEST_SOURCE = 2_000
_BYTES = re.compile(r"(?:(?P<place>.+), )?bytes? (?P<first>\d+)(?:-(?P<last>\d+))?")
_BOX = re.compile(r", box [-\d. ]+$")
_LINE = re.compile(r"(?P<file>[^\[\]]+)\[(?P<line>\d+)\]")
_ENTRY = re.compile(r"entry\[(\d+)\]")
# A record within another one.
_INNER = ", /"
_PAGE = re.compile(r"(?:(?P<within>.+), )?(?P<page>page \d+)")
_FIELD = re.compile(
    r"(?P<segment>[A-Z][A-Z0-9]{2})\[(?P<number>\d+)\]-(?P<field>\d+)\[(?P<repetition>\d+)\](?:\.(?P<component>\d+))?"
)
_XML = re.compile(r"(?P<section>(?:/\w+(?:\[\d+\])?)*/section\[\d+\])?(?P<rest>(?:/\w+(?:\[\d+\])?)*)")
_STEP = re.compile(r"/(?P<name>\w+)(?:\[(?P<number>\d+)\])?")
_HOLDERS = re.compile(r"component\[(\d+)\]/section\b")
# Steps of a narrative that a reader of the document sees; the others are its scaffold.
_SEEN = {"title": "title", "caption": "caption", "nonXMLBody": "body"}
_COUNTED = {"table": "table", "tr": "row", "item": "item", "paragraph": "paragraph"}
_FHIR = re.compile(
    r"(?:(?P<holder>[^()]+)\()?(?P<resource>[A-Z]\w+/[\w.-]*?[\w-])\)?"
    r"(?P<path>(?:\.[a-z]\w*(?:\[\d+\])?)+)"
)
_ELEMENT = re.compile(r"\.(?P<name>\w+)(?:\[(?P<number>\d+)\])?")
_SCAFFOLD = frozenset({"data", "div"})


def in_words(source: str, document: Document | None = None) -> str:
    """The `source` of an evidence in words, its bytes last; as it stands where it is of no known form.

    The document gives the titles of its sections.
    """
    if len(source) > LONGEST_SOURCE:
        return f"{source[:LONGEST]}…"
    found = _BYTES.fullmatch(source)
    place = (found["place"] or "") if found else source
    first, _, last = place.partition(" to ")
    begun, ended = _pieces(first, document), _pieces(last, document) if last else []
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(begun, ended, strict=False)))
    words = ", ".join(begun)
    if ended and shared < len(ended):
        words = f"{words} to {', '.join(ended[shared:])}"
    return ", ".join(filter(None, (words, _bytes(found) if found else "")))


def _bytes(found: re.Match[str]) -> str:
    return f"bytes {found['first']} to {found['last']}" if found["last"] else f"byte {found['first']}"


def _pieces(place: str, document: Document | None) -> list[str]:
    place = _BOX.sub("", place)
    paged = _PAGE.fullmatch(place)
    if paged:
        return [*(_pieces(paged["within"], document) if paged["within"] else ()), paged["page"]]
    if _INNER in place:
        outer, _, inner = place.partition(_INNER)
        return [*_pieces(outer, None), *_pieces(f"/{inner}", document)]
    for form, pieces in _FORMS:
        if place and (found := form.fullmatch(place)):
            return pieces(found, document)
    return [place] if place else []


def _of_field(found: re.Match[str], _: Document | None) -> list[str]:
    pieces = [f"{found['segment']} {found['number']}", f"field {found['field']}"]
    if found["repetition"] != "1":
        pieces.append(f"repetition {found['repetition']}")
    return [*pieces, f"component {found['component']}"] if found["component"] else pieces


def _of_narrative(found: re.Match[str], document: Document | None) -> list[str]:
    pieces = [_section(found["section"], document)] if found["section"] else []
    for step in _STEP.finditer(found["rest"]):
        if step["name"] in _SEEN:
            pieces.append(_SEEN[step["name"]])
        elif step["name"] in _COUNTED:
            pieces.append(f"{_COUNTED[step['name']]} {step['number'] or 1}")
    return pieces or ["document"]


def _section(path: str, document: Document | None) -> str:
    title = _titles(document).get(path) if document else None
    if title:
        return f"section “{title}”"
    # The number of a section is that of the component which holds it.
    return f"section {'.'.join(_HOLDERS.findall(path))}".strip()


@lru_cache(maxsize=64)
def _titles(document: Document) -> Mapping[str, str]:
    """The titles of the sections of a document, by their paths."""
    found: dict[str, str] = {}
    for stretch in document.origin or ():
        if stretch.place.endswith("/title[1]"):
            words = Span(stretch.start, stretch.start + stretch.length).of(document.text)
            path = stretch.place.removesuffix("/title[1]")
            found[path] = " ".join(f"{found.get(path, '')}{words}".split())[:LONGEST]
    return found


def _of_resource(found: re.Match[str], _: Document | None) -> list[str]:
    pieces = [f"{found['resource']}{_held(found['holder'])}" if found["holder"] else found["resource"]]
    for element in _ELEMENT.finditer(found["path"]):
        if element["name"] not in _SCAFFOLD:
            number = f" {int(element['number']) + 1}" if element["number"] else ""
            pieces.append(f"{element['name']}{number}")
    return pieces


def _held(holder: str) -> str:
    """The line of a file or the entries of bundles in which a resource stands."""
    if line := _LINE.fullmatch(holder):
        return f" (line {line['line']} of {line['file']})"
    entries = [str(int(number) + 1) for number in _ENTRY.findall(holder)]
    return f" (entry {'.'.join(entries)})" if entries else ""


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Document | None], list[str]]], ...] = (
    (_FIELD, _of_field),
    (_XML, _of_narrative),
    (_FHIR, _of_resource),
)
