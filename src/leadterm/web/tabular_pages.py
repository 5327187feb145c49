"""The Tabular List as it is printed: chapters, blocks, and a category with all its codes and notes in place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from leadterm.codesets import Node

from . import asking
from .printed import NoteGroup, own_notes
from .site import Site, TabularList, linker

ABOUT = ("icd10cm:tabular",)
# What a page shows whole, with what stands in it; everything below a category is shown on the category's page.
WHOLE = ("chapter", "block", "category")


@dataclass(frozen=True, slots=True)
class Line:
    """A node as it is printed: with its notes, and what stands below it."""

    node: Node
    notes: tuple[NoteGroup, ...]
    below: tuple[Line, ...]
    wants: str


def chapters(site: Site, request: Request) -> Response:
    """The chapters."""
    on = asking.day(request.query_params)
    return site.page(request, "chapters.html", on, {"chapters": site.book.tree_for(on).top()}, about=ABOUT)


def node(site: Site, request: Request) -> Response:
    """A chapter, block or category; a code leads to its line on the page of its category."""
    on = asking.day(request.query_params)
    tree = site.book.tree_for(on)
    found = tree.node(request.path_params["node"][: asking.LONGEST_TEXT])
    if found is None:
        raise HTTPException(404, "The Tabular List has no such chapter, block, category or code.")
    if found.kind not in WHOLE:
        return _line_of(found, tree, on)
    above = tree.ancestors(found.code)
    before, after = neighbours(found, tree)
    values = {"node": found, "above": above[::-1], "before": before, "after": after, "printed": _line(found, tree)}
    return site.page(request, "tabular.html", on, values, about=ABOUT)


def _line_of(node: Node, tree: TabularList, on: date | None) -> Response:
    category = next(a for a in tree.ancestors(node.code) if a.kind == "category")
    place = node.parent if node.kind == "seventh" else node.code
    return RedirectResponse(f"{linker(on)('tabular', category.code)}#{place}", 303)


def _line(node: Node, tree: TabularList, shown: bool = True) -> Line:
    """A category is printed to its last code; chapters and blocks to the titles of what stands one level below them."""
    within = shown or node.kind not in WHOLE
    below = tuple(_line(child, tree, False) for child in children(node, tree)) if within else ()
    return Line(node, own_notes(node, tree) if within else (), below, wants(node))


def children(node: Node, tree: TabularList) -> Iterator[Node]:
    """The nodes one level below, without 7th-character codes, which a table shows."""
    for code in node.children:
        child = tree.node(code)
        if child and child.kind != "seventh":
            yield child


def wants(node: Node) -> str:
    """Which character a code still wants: `4th` to `7th`; empty for what may stand on a claim, and for blocks."""
    if node.billable or not node.children or node.kind in WHOLE[:2]:
        return ""
    first = node.children[0].replace(".", "")
    return f"{len(first)}th"


def neighbours(node: Node, tree: TabularList) -> tuple[Node | None, Node | None]:
    """The nodes before and after of its level; at the ends of a parent's, those of the parent's neighbour."""
    row = [n.code for n in tree.top()] if node.parent is None else _codes(tree.node(node.parent))
    place = row.index(node.code)
    before = tree.node(row[place - 1]) if place else _beyond(node, tree, 0)
    after = tree.node(row[place + 1]) if place + 1 < len(row) else _beyond(node, tree, 1)
    return before, after


def _beyond(node: Node, tree: TabularList, side: int) -> Node | None:
    """The last child of the parent's neighbour before (side 0), or the first of the one after (side 1)."""
    parent = tree.node(node.parent) if node.parent else None
    if parent is None:
        return None
    beside = neighbours(parent, tree)[side]
    return tree.node(beside.children[side - 1]) if beside and beside.children else beside


def _codes(node: Node | None) -> tuple[str, ...]:
    return node.children if node else ()
