"""Reads the XML files of ICD-10-PCS into small trees, after a grammar that refuses whatever it does not name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from leadterm._xml import parse
from leadterm.domain import InputError

from ..sources import US_GOVERNMENT
from ._dates import fiscal
from ._offered import Offered, Recognised

TEXT = "#text"
# What an element may hold: names of elements, `@` names of attributes, `#text`.
Grammar = Mapping[str, frozenset[str]]
_VERSION = re.compile(r"<version>\s*(20\d\d)\b")


@dataclass(slots=True)
class Element:
    """One element: its name, the byte where it begins, attributes, own text, elements within."""

    name: str
    at: int
    attributes: dict[str, str]
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> list[Element]:
        """The elements of that name directly within."""
        return [child for child in self.children if child.name == name]

    def texts(self, name: str) -> list[str]:
        """Their texts."""
        return [child.text for child in self.children if child.name == name]


class Source:
    """A file under the grammar of its format: its tree, and sentences that name the line."""

    def __init__(self, offered: Offered, what: str, grammar: Grammar) -> None:
        self._name = offered.name
        self._data = offered.load()
        self._what = what
        self._grammar = grammar
        self._open: list[Element] = []
        self._text: list[str] = []
        self.root: Element | None = None

    def tree(self, root: str) -> Element:
        """The root element. Raises InputError for another root and for what the grammar does not name."""
        parse(self._data, self, f"file {self._name}")
        if self.root is None or self.root.name != root:
            raise InputError(f"The file {self._name} is no {self._what}: its root is not {root}.")
        return self.root

    def refused(self, at: int, why: str) -> InputError:
        """What to raise for what stands at a byte."""
        line = self._data.count(b"\n", 0, at) + 1
        return InputError(
            f"The {self._what} {self._name} cannot be read (line {line}: {why}); get the file anew from its owner, "
            "or update Leadterm if its format has changed."
        )

    def one(self, element: Element, name: str) -> Element:
        """The only element of that name within. Raises InputError when there is none or several."""
        found = element.all(name)
        if len(found) != 1:
            raise self.refused(element.at, f"{element.name} has {len(found)} of {name}, not 1")
        return found[0]

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        """An element opens."""
        within = self._grammar.get(self._open[-1].name) if self._open else None
        known = self._grammar.get(name)
        if known is None or (within is not None and name not in within):
            raise self.refused(at, f"an element {name[:20]} is not known there")
        if stranger := next((a for a in attributes if f"@{a}" not in known), None):
            raise self.refused(at, f"the attribute {stranger[:20]} of {name[:20]} is not known")
        self._take_text(at)
        element = Element(name, at, attributes)
        if self._open:
            self._open[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self._open.append(element)

    def end(self, name: str, at: int) -> None:
        """An element closes."""
        self._take_text(at)
        element = self._open.pop()
        element.text = " ".join(element.text.split())

    def text(self, text: str, at: int) -> None:
        """A stretch of text."""
        self._text.append(text)

    def _take_text(self, at: int) -> None:
        text = "".join(self._text)
        self._text.clear()
        if not text.strip():
            return
        element = self._open[-1]
        if TEXT not in self._grammar[element.name]:
            raise self.refused(at, f"{element.name} holds text of its own")
        element.text += text


def recogniser(root: str, component: str) -> Callable[[Offered], Recognised | None]:
    """What recognises the files with that root element; the year is the one of their `version`."""

    def recognise(offered: Offered) -> Recognised | None:
        if not (offered.starts("<?xml", f"<{root}") and offered.mentions(f"<{root}>")):
            return None
        year = _VERSION.search(offered.head.decode("utf-8", "replace"))
        return Recognised(component, fiscal(offered, int(year[1]) if year else None), US_GOVERNMENT)

    return recognise
