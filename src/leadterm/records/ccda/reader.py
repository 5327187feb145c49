"""A C-CDA document as events: its header and entries as small trees, its narrative written as it comes."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field

from leadterm._xml import parse
from leadterm.domain import InputError, Origin
from leadterm.records.limits import MOST_DEPTH
from leadterm.records.naming import heading_of
from leadterm.records.scribe import SINGLE, UTF_8, UTF_16, Scribe
from leadterm.records.trees import Element, Grower

from .entries import Lead, leads_of
from .narrative import Gap, Narrative

ROOT = "ClinicalDocument"
# A whole document, and the fragments of one that are handed on.
ROOTS = frozenset((ROOT, "component", "structuredBody", "section"))
HOLDERS = frozenset(("component", "structuredBody", "nonXMLBody", "section", ROOT))
# Elements of the frame that places name.
COUNTED = HOLDERS | {"title", "text"}
# What a file may hold beside its narrative whatever its size; a larger one may have an element, section or code for
# each 30 bytes (real ones: 55 or more). A body takes as much as so many elements.
MOST_ELEMENTS, BYTES_AN_ELEMENT = 20_000, 30
ELEMENTS_A_BODY = 30
_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)""")


@dataclass(slots=True)
class Section:
    """A section as it was read.

    Attributes:
        path: Its XML path.
        start, end: Its stretch of the document's text, title included.
        code: What it is (LOINC).
        leads: The codes of its entries.
    """

    path: str
    start: int
    end: int = 0
    code: str | None = None
    leads: list[Lead] = field(default_factory=list)


@dataclass(slots=True)
class Body:
    """A body that is no XML: what it holds, written as text or in base64, or where it is."""

    tree: Element
    raw: str


@dataclass(slots=True)
class Read:
    """What a file held.

    Attributes:
        root: The name of its outermost element: a document, or a fragment of one.
        header: The parts of the document beside its body, as trees, in order.
        sections: In order, those within others after their holders.
        bodies: Bodies that are no XML.
        text, origin: The narrative of all sections, and where it stood.
        marks: By ID of an element of narrative, its stretch of the text.
    """

    root: str
    header: list[Element]
    sections: list[Section]
    bodies: list[Body]
    text: str
    origin: Origin
    marks: dict[str, tuple[int, int]]


def read(raw: bytes, name: str) -> Read:
    """What a file holds. Raises InputError for what is not well-formed, nests too deeply or has a document type."""
    handler = _Handler(raw, name)
    parse(raw, handler, f"file {name}", MOST_DEPTH)
    return handler.read()


@dataclass(slots=True)
class _Level:
    name: str
    path: str
    counts: dict[str, int]
    section: Section | None


class _Handler:
    """Sends each event where it belongs: to the narrative, to a tree, or to the frame of sections."""

    def __init__(self, raw: bytes, name: str) -> None:
        self._name = name
        self._prefix = ""
        self._scribe = Scribe()
        self._narrative = Narrative(self._scribe, raw, _encoding(raw))
        self._frame: list[_Level] = []
        self._tree: Grower | None = None
        self._text: io.StringIO | None = None
        self._telling = 0
        self._header: list[Element] = []
        self._sections: list[Section] = []
        self._bodies: list[Body] = []
        self._root = ""
        self._left = max(MOST_ELEMENTS, len(raw) // BYTES_AN_ELEMENT)

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        """An element opens."""
        name = self._known(name)
        if self._tree:
            self._spend()
            self._tree.start(name, attributes, at)
        elif self._telling:
            self._telling += 1
            self._narrative.start(name, attributes)
        else:
            self._enter(name, attributes, at)

    def end(self, name: str, at: int) -> None:
        """An element closes."""
        if self._tree:
            if self._tree.end():
                self._keep(self._tree.root)
        elif self._telling:
            self._telling -= 1
            if self._telling:
                self._narrative.end(self._known(name))
        else:
            left = self._frame.pop()
            if left.name == "section" and left.section:
                left.section.end = len(self._scribe)

    def text(self, text: str, at: int) -> None:
        """A piece of text."""
        if self._tree:
            if self._text is None:
                self._tree.text(text)
            else:
                self._text.write(text)
        elif self._telling:
            self._narrative.text(text, at)

    def read(self) -> Read:
        """All that was taken."""
        text, origin = self._scribe.text(), self._scribe.origin()
        marks = self._narrative.marks
        return Read(self._root, self._header, self._sections, self._bodies, text, origin, marks)

    def _known(self, name: str) -> str:
        """The name without the prefix of the root. Raises InputError for a root that is no part of a document."""
        if not self._root:
            prefix, colon, self._root = name.rpartition(":")
            self._prefix = prefix + colon
            if self._root not in ROOTS:
                raise InputError(
                    f"{self._name} is XML, but no C-CDA document: its root is another element. Of FHIR, give JSON."
                )
        return name.removeprefix(self._prefix) if self._prefix else name

    def _enter(self, name: str, attributes: dict[str, str], at: int) -> None:
        """An element of the frame, or what begins a tree or a narrative within it."""
        above = self._frame[-1] if self._frame else _Level("", "", {}, None)
        self._spend()
        path = self._path(above, name)
        if above.name == "section" and name in ("title", "text"):
            self._telling = 1
            first = name == "text" and above.counts[name] == 1
            heading = self._heading(above.section) if first and above.section else None
            begins = name == "title" or bool(heading and above.section and above.section.start == len(self._scribe))
            self._narrative.begin(path, Gap.SECTION if begins else Gap.LINE, heading)
        elif name in HOLDERS or not self._frame:
            section = Section(path, len(self._scribe)) if name == "section" else above.section
            if name == "section" and section:
                self._sections.append(section)
            self._frame.append(_Level(name, path, {}, section))
        else:
            self._tree = Grower(name, attributes, at)
            self._text = io.StringIO(newline="") if above.name == "nonXMLBody" else None

    def _path(self, above: _Level, name: str) -> str:
        if name == ROOT:
            return f"{above.path}/{name}"
        if name not in COUNTED:
            return above.path
        count = above.counts[name] = above.counts.get(name, 0) + 1
        return f"{above.path}/{name}[{count}]"

    def _spend(self, elements: int = 1) -> None:
        """Raises InputError where there are more than a record of its size has."""
        self._left -= elements
        if self._left < 0:
            raise InputError(f"{self._name} has more elements and codes than a record of its size may have: split it.")

    def _heading(self, section: Section) -> str | None:
        """What to write over the text of a section: the title may be lacking, or tell something else than the code."""
        return heading_of(section.code, self._scribe.since(section.start))

    def _keep(self, tree: Element) -> None:
        """A tree is whole: it goes to the section, the document or the body that holds it."""
        holder = self._frame[-1]
        self._tree = None
        if holder.name == "nonXMLBody":
            self._spend(ELEMENTS_A_BODY)
            self._bodies.append(Body(tree, self._text.getvalue() if self._text else ""))
        elif holder.section:
            if tree.name == "code":
                holder.section.code = holder.section.code or tree.get("code")
            elif tree.name == "entry":
                for lead in leads_of(tree, holder.section.path):
                    self._spend()
                    holder.section.leads.append(lead)
        else:
            self._header.append(tree)


def _encoding(raw: bytes) -> str:
    """How many bytes a code point takes, by the beginning of the file."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in raw[:4]:
        return UTF_16
    declared = _DECLARED.search(raw[:200])
    known = (declared[1].lower() if declared else b"utf-8") in (b"utf-8", b"utf8", b"us-ascii")
    return UTF_8 if known else SINGLE
