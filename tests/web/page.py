"""A page as a tree, read by the standard library alone: what is in it, its forms, and pieces put in by their ids."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SWAP = "hx-swap-oob"
# Where every character counts.
EXACT = {"p.block", "textarea"}


@dataclass(slots=True)
class Element:
    """One element: `children` are elements and texts."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Its id; empty where it has none."""
        return self.attributes.get("id", "")

    @property
    def text(self) -> str:
        """Every character within."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self) -> Iterator[Element]:
        """It, and every element within, in order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.all()

    def find(self, **wanted: str) -> list[Element]:
        """The elements within that have these attributes (`data_act` is data-act; `tag` the name)."""
        tag = wanted.pop("tag", "")
        named = {name.replace("_", "-"): value for name, value in wanted.items()}
        return [
            e
            for e in self.all()
            if (not tag or e.tag == tag) and all(e.attributes.get(n) == v for n, v in named.items())
        ]

    def by_id(self, name: str) -> Element:
        """The one element of that id."""
        (found,) = self.find(id=name)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        closed = self._open.pop()
        if closed.tag == "p" and tag != "p":  # its end may be left out
            closed = self._open.pop()
        assert closed.tag == tag, f"</{tag}> closes <{closed.tag}>"

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def close(self) -> None:
        super().close()
        assert self._open == [self.root], f"<{self._open[-1].tag}> is not closed"


def read(html: str) -> Element:
    """The page, or the pieces, as a tree; fails on elements that do not nest."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


def swapped(page: Element, pieces: str) -> Element:
    """The page with every piece in the place of the element of its id, as an out-of-band swap does it."""
    page = deepcopy(page)
    for piece in read(pieces).children:
        if isinstance(piece, str):
            assert not piece.strip(), piece
            continue
        assert piece.attributes.pop(SWAP) == "true"
        assert _replaced(page, piece) == 1, f"#{piece.id} is no single element of the page"
    return page


def _replaced(within: Element, piece: Element) -> int:
    count = 0
    for place, child in enumerate(within.children):
        if isinstance(child, Element):
            if child.id == piece.id:
                within.children[place] = piece
                count += 1
            else:
                count += _replaced(child, piece)
    return count


def plain(element: Element, exact: bool = False) -> list[str]:
    """The tree in lines that compare well: blanks between elements left out, except where every one counts."""
    exact = exact or element.tag in EXACT or f"{element.tag}.{element.attributes.get('class')}" in EXACT
    lines = [f"<{element.tag} {sorted(element.attributes.items())}>"]
    for child in element.children:
        if isinstance(child, Element):
            lines += [f"  {line}" for line in plain(child, exact)]
        elif exact:
            lines.append(repr(child))
        elif child.strip():
            lines.append(" ".join(child.split()))
    return lines
