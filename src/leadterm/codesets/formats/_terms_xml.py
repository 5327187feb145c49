"""Reads the XML of the ICD-10-CM index and tables (root ICD10CM.index) into terms, whichever of the four it is.

Schemas: icd10cm-index-2025.xsd (index, external causes) and icd-10-cm-drug-neoplasm-2025.xsd. Marks of changes (`diff`
with `unc`, `old`, `new`) are read as the text that holds after the change; a file that lists changes only is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from leadterm._xml import parse
from leadterm.domain import InputError

from ..alphabetic.words import PLURALS, Title, take_apart
from ._offered import Offered, decoded

ROOT = "ICD10CM.index"
# What may stand beside a title, in the order of the file.
BESIDE = frozenset(("see", "seeAlso", "code", "seecat", "subcat", "manif", "warning", "cell"))
TEXTS = frozenset(("version", "title", "head", "nemod", "old", *BESIDE))
THROUGH = frozenset(("diff", "unc", "new"))
HOLDERS = frozenset((ROOT, "indexHeading", "letter", "mainTerm", "term"))
COLUMN_NUMBERS = frozenset("123456789")
UNTITLED = Title("", "", ())
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*>)", re.DOTALL)
_VERSION = re.compile(r"<version>\s*(?P<year>(?:19|20)[0-9]{2})\s*</version>")


@dataclass(slots=True)
class Term:
    """A main term or subterm while it is read.

    Attributes:
        level: 0 for a main term.
        line: Where it begins in the file.
        title: Its title, taken apart.
        beside: (element, column, text) of all that stands beside the title, in order.
        children: The subterms one level down.
        id: Its place in the file, counted over all terms.
        last: The id of the last term below it.
        parent: The term above.
    """

    level: int
    line: int
    title: Title = UNTITLED
    beside: list[tuple[str, int, str]] = field(default_factory=list)
    children: list[Term] = field(default_factory=list)
    id: int = 0
    last: int = 0
    parent: Term | None = None

    def all(self) -> Iterator[Term]:
        """The term and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.all()

    def path(self) -> tuple[Term, ...]:
        """From the main term down to this one."""
        return (*self.parent.path(), self) if self.parent else (self,)


@dataclass(frozen=True, slots=True)
class Terms:
    """The file as read: its title, its column heads by number, main terms, every term, and what was counted."""

    title: str
    heads: dict[int, str]
    mains: tuple[Term, ...]
    terms: tuple[Term, ...]
    counts: Counter[str]


def opening(offered: Offered) -> str | None:
    """The text from the root on, when the root is that of an index file; None for any other file."""
    text = decoded(offered.head)
    at = 0
    while found := _PROLOG.match(text, at):
        at = found.end()
    rest = text[at:].lstrip("\ufeff \t\r\n")
    return rest if re.match(rf"<{re.escape(ROOT)}[\s>]", rest) else None


def year(text: str, name: str) -> int | None:
    """The fiscal year that the file states. Raises InputError for a file that lists changes only."""
    if re.match(rf"<{re.escape(ROOT)}[^>]*isAddenda\s*=\s*[\"']true", text):
        raise InputError(f"The file {name} lists changes only (addenda); install the whole file of that release.")
    found = _VERSION.search(text)
    return int(found["year"]) if found else None


def read_terms(offered: Offered, what: str) -> Terms:
    """Every term of the file. Raises InputError, naming the line, for what the schemas do not know."""
    source = offered.load()
    reader = _Reader(source, offered.name)
    parse(source, reader, f"{what} {offered.name}")
    if not reader.mains:
        raise InputError(f"The file {offered.name} holds no main terms; it is cut off or of another kind.")
    terms = tuple(term for main in reader.mains for term in main.all())
    for number, term in enumerate(terms, 1):
        term.id = number
    for term in reversed(terms):
        term.last = term.children[-1].last if term.children else term.id
    return Terms(reader.title, reader.heads, tuple(reader.mains), terms, reader.counts)


class _Reader:
    """Receives the XML and grows terms."""

    def __init__(self, source: bytes, name: str) -> None:
        self.title = ""
        self.heads: dict[int, str] = {}
        self.mains: list[Term] = []
        self.counts: Counter[str] = Counter()
        self._source = source
        self._name = name
        self._line, self._seen = 1, 0
        self._open: list[tuple[str, int]] = []
        self._terms: list[Term] = []
        self._texts: list[list[str]] = []

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        if not self._open and name != ROOT:
            raise InputError(f"The file {self._name} is no ICD-10-CM index: its root is not {ROOT}.")
        if name not in HOLDERS and name not in TEXTS and name not in THROUGH:
            raise self._refused(f"has <{name[:20]}>, which is not known; update Leadterm", at)
        # A change stands in the place of a title, or within a text: there its words belong to that text.
        name = "title" if name == "diff" and not self._texts else name
        self._open.append((name, self._column(attributes, at) if name in ("cell", "head") else 0))
        if name in ("mainTerm", "term"):
            self._grow(name, at)
        elif name in TEXTS:
            self._texts.append([])

    def end(self, name: str, at: int) -> None:
        name, column = self._open.pop()
        if name in ("mainTerm", "term"):
            self._close(at)
        elif name in TEXTS:
            self._take(name, column, "".join(self._texts.pop()))

    def text(self, text: str, at: int) -> None:
        if self._texts:
            self._texts[-1].append(text)
        elif text.strip():
            raise self._refused("has text between its terms", at)

    def _grow(self, name: str, at: int) -> None:
        parent = self._terms[-1] if self._terms else None
        if (name == "term") != (parent is not None):
            raise self._refused(f"has <{name}> in the wrong place", at)
        term = Term(len(self._terms), self._line_of(at), parent=parent)
        (parent.children if parent else self.mains).append(term)
        self._terms.append(term)

    def _close(self, at: int) -> None:
        term = self._terms.pop()
        if not term.title.printed:
            raise self._refused("has a term without title", at)
        self.counts["subterms" if term.level else "main_terms"] += 1
        self.counts["nonessential_modifiers"] += len(term.title.modifiers)

    def _take(self, name: str, column: int, text: str) -> None:
        """Puts a text where it belongs."""
        plain = " ".join(text.split())
        if name == "nemod":
            self._texts[-1].append(_modifier(plain))
        elif name == "head":
            self.heads[column] = plain
        elif name == "title" and self._terms:
            self._terms[-1].title = take_apart(text)
        elif name == "title" and self._open[-1][0] == ROOT:
            self.title = plain
        elif name in BESIDE and self._terms and plain:
            self._terms[-1].beside.append((name, column, plain))
            self.counts[name] += 1

    def _column(self, attributes: dict[str, str], at: int) -> int:
        column = attributes.get("col", "")
        if column not in COLUMN_NUMBERS:
            raise self._refused("has a cell whose column is no number from 1 to 9", at)
        return int(column)

    def _line_of(self, at: int) -> int:
        self._line += self._source.count(b"\n", self._seen, at)
        self._seen = at
        return self._line

    def _refused(self, why: str, at: int) -> InputError:
        return InputError(f"The file {self._name} {why} (line {self._line_of(at)}).")


def _modifier(text: str) -> str:
    """A modifier as printed: in parentheses, apart from its word unless it is the ending of a plural."""
    within = text if "(" in text else f"({text})" if text else ""
    apart = "" if any(within.startswith(f"({ending})") for ending in PLURALS) else " "
    return f"{apart}{within} "
