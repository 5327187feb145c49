"""The page of one code: everything that the installed releases say of it on a day."""

from __future__ import annotations

from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from leadterm.codesets import Node
from leadterm.domain import CodeEntry, CodeSystem, InputError

from . import asking
from .beside import beside, named_by
from .printed import all_notes
from .site import Site, TabularList, linker
from .tabular_pages import children, neighbours, wants

NAMES = {
    CodeSystem.ICD10CM: "ICD-10-CM",
    CodeSystem.ICD10PCS: "ICD-10-PCS",
    CodeSystem.HCPCS: "HCPCS Level II",
    CodeSystem.CPT: "CPT",
}


# The components behind a page, which says of what day they are.
ABOUT = {
    CodeSystem.ICD10CM: ("icd10cm:tabular",),
    CodeSystem.ICD10PCS: ("icd10pcs:titles",),
    CodeSystem.HCPCS: ("hcpcs:codes",),
}
# Findings about that, which every page tells at its head.
TOLD = ("CODESETS:release/missing", "CODESETS:release/before-first")


def code(site: Site, request: Request) -> Response:
    """The page of a code; another way of writing the code leads to the address that lasts."""
    on, system = asking.day(request.query_params), asking.system(request.path_params["system"])
    written = request.path_params["code"][: asking.LONGEST_TEXT]
    entry = _entry(site, written, system, on)
    if entry is None:
        raise HTTPException(404, f"No installed release knows the code {written[:16]}.")
    if entry.code.value != written:
        return RedirectResponse(linker(on)("codes", entry.code.system, entry.code.value), 301)
    values: dict[str, object] = {
        "entry": entry,
        "system": NAMES.get(entry.code.system, entry.code.system),
        "beside": beside(site.book, entry, on),
        "named": named_by(site.book, entry.code.value, on) if entry.code.system is CodeSystem.ICD10CM else (),
        "told": TOLD,
    }
    tree = site.book.tree_for(on)
    node = tree.node(entry.code.value) if entry.code.system is CodeSystem.ICD10CM else None
    if node is None:
        return site.page(request, "code.html", on, values | NO_TREE, about=ABOUT.get(entry.code.system, ()))
    return site.page(request, "code.html", on, values | _in_the_tree(node, tree, entry), about=ABOUT[entry.code.system])


NO_TREE: dict[str, object] = {
    "node": None,
    "above": (),
    "before": None,
    "after": None,
    "notes": (),
    "sevenths": (),
    "below": (),
    "siblings": (),
    "wants": "",
}


def _in_the_tree(node: Node, tree: TabularList, entry: CodeEntry) -> dict[str, object]:
    before, after = neighbours(node, tree)
    stem = tree.node(node.parent) if node.kind == "seventh" and node.parent else node
    sevenths = [n for code in (stem.children if stem else ()) if (n := tree.node(code)) and n.kind == "seventh"]
    parent = tree.node(node.parent) if node.parent and node.kind not in ("category", "seventh") else None
    return {
        "node": node,
        "above": tree.ancestors(node.code)[::-1],
        "before": before,
        "after": after,
        "notes": all_notes(entry.notes, node.code, tree),
        "sevenths": sevenths,
        "below": tuple(children(node, tree)),
        "siblings": tuple(children(parent, tree)) if parent else (),
        "wants": wants(node),
    }


def _entry(site: Site, written: str, system: CodeSystem | None, on: date | None) -> CodeEntry | None:
    try:
        return site.book.full_entry(written, system, on)
    except InputError:
        return None
