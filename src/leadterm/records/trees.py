"""Small trees of an XML record's coded parts: entries and headers, each read, reduced and forgotten in its turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class Element:
    """One element.

    Attributes:
        name: As it is written, with its prefix.
        at: The byte where it begins.
        attributes, children: Of its own.
        text: Its own text, white space made single.
    """

    name: str
    at: int
    attributes: Mapping[str, str]
    children: Sequence[Element] = ()
    text: str = ""

    def get(self, attribute: str) -> str | None:
        """The attribute without blanks around it; None where it is absent or empty."""
        return self.attributes.get(attribute, "").strip() or None

    def all(self, *path: str) -> Iterator[Element]:
        """The elements at the end of a path of names, in order: `all("entryRelationship", "observation")`."""
        name, *rest = path
        for child in self.children:
            if child.name == name:
                yield from child.all(*rest) if rest else (child,)

    def first(self, *path: str) -> Element | None:
        """The first of them."""
        return next(self.all(*path), None)

    def value(self, *path: str, attribute: str) -> str | None:
        """The attribute of the first element at a path that has it."""
        return next(filter(None, (found.get(attribute) for found in self.all(*path))), None)

    def words(self, *path: str) -> str | None:
        """The text of the first element at a path that has any."""
        return next((found.text for found in self.all(*path) if found.text), None)

    def everywhere(self, name: str) -> Iterator[Element]:
        """All elements of a name below this one, in order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.everywhere(name)


class Grower:
    """Takes events and grows one tree."""

    def __init__(self, name: str, attributes: dict[str, str], at: int) -> None:
        self.root = Element(name, at, attributes or NONE)
        self._open = [self.root]
        self._text: list[list[str]] = [[]]

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        """An element opens."""
        # Most elements have attributes or children, not both: what is empty takes no memory.
        element, above = Element(name, at, attributes or NONE), self._open[-1]
        if isinstance(above.children, list):
            above.children.append(element)
        else:
            above.children = [element]
        self._open.append(element)
        self._text.append([])

    def end(self) -> bool:
        """An element closes; whether it was the tree itself."""
        self._open.pop().text = " ".join("".join(self._text.pop()).split())
        return not self._open

    def text(self, text: str) -> None:
        """A piece of text."""
        self._text[-1].append(text)
