"""Reads the official ICD-10-CM Tabular List (icd10cm_tabular XML of NCHS) into nodes, 7th-character codes included."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from leadterm._xml import parse
from leadterm.domain import CodeSystem, InputError, dotted

from .nodes import Node, node_of
from .seventh import LENGTH, Limit, check_exceptions, extend, read_limits

ROOT = "ICD10CM.tabular"
NODE_TAGS = {"chapter": "chapter", "section": "block", "diag": "code"}
NOTE_TAGS = {
    "includes": "includes",
    "inclusionTerm": "inclusion_terms",
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code_first",
    "useAdditionalCode": "use_additional",
    "codeAlso": "code_also",
    "sevenChrNote": "seventh",
    # A note within a definition gives an example of the extension before it; it is kept with the instruction.
    "sevenChrDef": "seventh",
    "notes": "general",
}
COUNTED = (*NODE_TAGS, "excludes1", "excludes2", "codeFirst", "useAdditionalCode", "codeAlso", "sevenChrDef")
VISION_BOUNDS = {"visMax": "maximum less than", "visMin": "minimum equal to or better than"}
# Parts of the file that are no part of the tree.
SKIPPED = frozenset({"introduction", "sectionIndex"})


@dataclass(slots=True)
class _Draft:
    """A node while its element is open."""

    kind: str
    code: str = ""
    title: str = ""
    parent: _Draft | None = None
    children: list[_Draft] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    seventh: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tabular:
    """The list as read: its year, every node in the order of the list, and how many of what were read."""

    version: str
    nodes: tuple[Node, ...]
    counts: tuple[tuple[str, int], ...]


class _Reader:
    """Receives the XML and grows drafts."""

    def __init__(self) -> None:
        self.version = ""
        self.chapters: list[_Draft] = []
        self.counts: Counter[str] = Counter()
        self._open: list[str] = []
        self._drafts: list[_Draft] = []
        self._text: list[str] = []
        self._character = ""
        self._vision: dict[str, list[str]] = {}
        self._skipping = 0

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        if not self._open and name != ROOT:
            raise InputError(f"This XML is no ICD-10-CM Tabular List: its root is not {ROOT}.")
        self._open.append(name)
        self._text.clear()
        if name in SKIPPED:
            self._skipping += 1
        if self._skipping:
            return
        self.counts[name] += 1
        if name in NODE_TAGS:
            self._open_node(name, attributes)
        elif name == "extension":
            self._character = attributes.get("char", "")
        elif name == "visCategory":
            self._vision = {"value": [], **{bound: [] for bound in VISION_BOUNDS}}

    def end(self, name: str, at: int) -> None:
        self._open.pop()
        text = " ".join("".join(self._text).split())
        self._text.clear()
        if name in SKIPPED:
            self._skipping -= 1
        elif not self._skipping:
            self._close(name, text)

    def text(self, text: str, at: int) -> None:
        self._text.append(text)

    def _open_node(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self._drafts[-1] if self._drafts else None
        draft = _Draft(NODE_TAGS[tag], attributes.get("id", ""), parent=parent)
        (parent.children if parent else self.chapters).append(draft)
        self._drafts.append(draft)

    def _close(self, name: str, text: str) -> None:
        within = self._open[-1] if self._open else ""
        if name in NODE_TAGS:
            self._drafts.pop()
        elif name == "version":
            self.version = text
        elif name == "name":
            self._draft(name).code = text
        elif name == "desc":
            self._draft(name).title = text
        elif name == "note":
            self._note(within, text)
        elif name == "extension":
            self._draft(name).seventh.append((self._character, text))
        elif name == "value":
            if not self._vision:
                raise self._misplaced(name)
            self._vision["value" if within not in VISION_BOUNDS else within].append(text)
        elif name == "visCategory" and self._vision["value"]:
            self._draft(name).notes.setdefault("general", []).append(_vision_note(self._vision))

    def _draft(self, name: str) -> _Draft:
        if not self._drafts:
            raise self._misplaced(name)
        return self._drafts[-1]

    def _misplaced(self, name: str) -> InputError:
        return InputError(
            f"The Tabular List has <{name}> in the wrong place, after {self.counts['diag']} codes; get the file again."
        )

    def _note(self, within: str, text: str) -> None:
        if within not in NOTE_TAGS:
            raise InputError(f"The Tabular List has a note in <{within[:20]}>, which is not known.")
        self._draft("note").notes.setdefault(NOTE_TAGS[within], []).append(text)


def _vision_note(found: dict[str, list[str]]) -> str:
    category, *words = found["value"]
    measured = {bound: " or ".join(values) for bound, values in found.items() if bound in VISION_BOUNDS and values}
    bounds = [f"{VISION_BOUNDS[bound]} {text}" for bound, text in measured.items()]
    if not any(character.isdigit() for character in measured.get("visMax", "")):
        bounds = list(measured.values())  # "No light perception" bounds nothing: it is the category
    return f"Category {category} of visual impairment: {'; '.join(bounds + words)}"


def read_tabular(source: bytes) -> Tabular:
    """The list with every chapter, block, category, subcategory and code, 7th-character codes materialised.

    Raises InputError for XML that is no Tabular List and for notes that it does not know how to keep.
    """
    reader = _Reader()
    parse(source, reader, "Tabular List")
    nodes: list[Node] = []
    for chapter in reader.chapters:
        _settle(chapter, (), (), nodes)
    if len({n.code for n in nodes}) != len(nodes):
        raise InputError("The Tabular List holds a code twice.")
    counts = [(tag, reader.counts[tag]) for tag in COUNTED]
    counts += [("seventh", sum(n.kind == "seventh" for n in nodes)), ("billable", sum(n.billable for n in nodes))]
    return Tabular(reader.version, tuple(nodes), tuple(counts))


def _settle(
    draft: _Draft, extensions: tuple[tuple[str, str], ...], limits: tuple[Limit, ...], nodes: list[Node]
) -> None:
    """Adds the node of `draft` and all below it; the nearest definition up the tree gives the extensions."""
    own_limits = read_limits(draft.notes.get("general", ()))
    check_exceptions(draft.code, draft.notes.get("seventh", ()), own_limits)
    limits += own_limits
    extensions = tuple(draft.seventh) or extensions
    bare = draft.code.replace(".", "")
    sevenths: list[Node] = []
    if draft.kind == "code" and not draft.children and len(bare) < LENGTH:
        for code, character, meaning in extend(bare, extensions, limits):
            sevenths.append(_seventh(draft, dotted(code, CodeSystem.ICD10CM), character, meaning))
    nodes.append(_finish(draft, tuple(s.code for s in sevenths)))
    nodes.extend(sevenths)
    for child in draft.children:
        _settle(child, extensions, limits, nodes)


def _seventh(base: _Draft, code: str, character: str, meaning: str) -> Node:
    return Node(code, "seventh", f"{base.title}, {meaning}", base.code, (), True, character)


def _finish(draft: _Draft, sevenths: tuple[str, ...]) -> Node:
    children = tuple(_written(c) for c in draft.children) + sevenths
    notes = {kind: tuple(texts) for kind, texts in draft.notes.items()}
    parent = _written(draft.parent) if draft.parent else None
    billable = draft.kind == "code" and not children
    kind = _kind(draft)
    return node_of(_written(draft), kind, draft.title, parent, children, billable, None, notes, tuple(draft.seventh))


def _kind(draft: _Draft) -> str:
    if draft.kind != "code":
        return draft.kind
    if len(draft.code) == 3:
        return "category"
    return "subcategory" if draft.children else "code"


def _written(draft: _Draft) -> str:
    """The code of the node; a block of one category is written as a range, so that it is not the category's own."""
    if draft.kind == "block" and "-" not in draft.code:
        return f"{draft.code}-{draft.code}"
    return draft.code
