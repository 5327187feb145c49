"""Terms of an index as they are printed: indented below each other, with addresses that outlive a release."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leadterm.codesets.alphabetic.entries import Followed, IndexEntry
from leadterm.codesets.alphabetic.index import AlphabeticIndex

# So many lines a page prints; what would be more stays closed until it is opened.
LINES = 450
SEPARATOR = " > "
_MODIFIER = re.compile(r"\([^()]*\)")
MOST_NAMESAKES = 60
# Where a reference leads that names another part of the index: the page, which is asked for the words of the reference.
PARTS = {"drugs": "drug", "neoplasm": "neoplasm", "external": "external"}


@dataclass(slots=True)
class Term:
    """A term with its address and the terms below it; `below` is None where they are not shown."""

    entry: IndexEntry
    at: str
    below: list[Term] | None = None
    followed: tuple[Reference, ...] = ()

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The title in pieces; the second tells the nonessential modifiers, which may be absent from the record."""
        return modifiers_apart(self.entry.title)


@dataclass(frozen=True, slots=True)
class Reference:
    """A "see" or "see also": its words, the addresses of the entries it leads to, or another part of the index."""

    kind: str
    text: str
    entries: tuple[tuple[str, str], ...]
    part: str
    words: str


def modifiers_apart(title: str) -> list[tuple[str, bool]]:
    """The title in pieces, each with whether it is a nonessential modifier."""
    found, end = [], 0
    for modifier in _MODIFIER.finditer(title):
        found += [(title[end : modifier.start()], False), (modifier[0], True)]
        end = modifier.end()
    return [piece for piece in (*found, (title[end:], False)) if piece[0]]


def address(line: Iterable[IndexEntry]) -> str:
    """The titles from the main term down, which name an entry in every release."""
    return SEPARATOR.join(entry.title for entry in line)


def entry_at(face: AlphabeticIndex, at: str) -> IndexEntry | None:
    """The entry of an address; None where the release has none."""
    first, *rest = at.split(SEPARATOR)
    # Up to the first sign: what stands before it is how the term is filed, whatever is nonessential after it.
    namesakes = face.main_terms(re.split(r"[(,]", first, maxsplit=1)[0].strip(), MOST_NAMESAKES)
    entry = next((e for e in namesakes if e.title == first), None)
    for title in rest:
        entry = next((e for e in face.children(entry.id) if e.title == title), None) if entry else None
    return entry


def grown(face: AlphabeticIndex, entry: IndexEntry, at: str) -> Term:
    """A term with what stands below it, level by level, as far as a page goes."""
    root = Term(entry, at)
    waiting, left = deque([root]), LINES
    while waiting:
        term = waiting.popleft()
        term.followed = references(face, term.entry)
        if not term.entry.has_children:
            continue
        children = face.children(term.entry.id)
        if len(children) > left and term is not root:
            continue
        left -= len(children)
        term.below = [Term(child, f"{term.at}{SEPARATOR}{child.title}") for child in children]
        waiting.extend(term.below)
    return root


def references(face: AlphabeticIndex, entry: IndexEntry) -> tuple[Reference, ...]:
    """Where the references of an entry lead."""
    return references_of(face.follow(entry), face) if entry.references else ()


def references_of(followed: Iterable[Followed], face: AlphabeticIndex | None = None) -> tuple[Reference, ...]:
    """References for a page; without an index, as in a table, entries are named by their words alone."""
    return tuple(_reference(one, face) for one in followed)


def _reference(followed: Followed, face: AlphabeticIndex | None) -> Reference:
    entries = followed.entries if followed.sort == "entry" and face else ()
    return Reference(
        followed.reference.kind,
        followed.reference.text,
        tuple((face.path(e.id), address(face.ancestors(e.id))) for e in entries) if face else (),
        PARTS.get(followed.sort, ""),
        followed.rest,
    )


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that words lead to; `left`: words that nothing answers to; `presumed`: by way of "with" (I.A.15)."""

    path: str
    at: str
    term: Term
    left: tuple[str, ...]
    presumed: bool
    via: tuple[str, ...]


def hits(face: AlphabeticIndex, words: str, limit: int) -> tuple[Found, ...]:
    """What the words lead to, best first; where they lead nowhere, the main terms that begin with them."""
    found = [
        Found(
            hit.path,
            address(face.ancestors(hit.entry.id)),
            Term(hit.entry, "", followed=references(face, hit.entry)),
            hit.left,
            hit.presumed,
            tuple(face.path(e.id) for e in hit.via),
        )
        for hit in face.find(words, limit)
    ]
    return tuple(found) or _beginning(face.main_terms(words, limit))


def _beginning(entries: Sequence[IndexEntry]) -> tuple[Found, ...]:
    return tuple(Found(e.title, e.title, Term(e, e.title), (), False, ()) for e in entries)
