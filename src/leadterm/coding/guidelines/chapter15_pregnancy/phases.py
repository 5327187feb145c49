"""Codes of chapter 15 in the phase of the chart: trimester, childbirth, puerperium (I.C.15.a.3, I.C.15.o.1)."""

from __future__ import annotations

import re
from functools import lru_cache

from leadterm.codesets import CodeBook, Node
from leadterm.coding.patterns import compiled

from .mother import Mother

_PHRASES = (
    (compiled(r",? ?\(?\b(first|second|third|unspecified) trimester\b\)?"), None),
    (
        compiled(r",? ?\b(?:complicating |in |during |associated with )?(?:the )?(childbirth|puerperium|lactation)\b"),
        None,
    ),
    (compiled(r",? ?\b(?:complicating|in|during|associated with)(?: the)? (pregnancy)\b"), None),
)
_ALL = compiled(
    r"pregnancy, childbirth,? and the puerperium|pregnancy, (?:the )?puerperium,? and lactation"
    r"|pregnancy, the puerperium and lactation"
)
_ABROAD = {
    "O22.4": "O87.2",
    "O22.3": "O87.1",
    "O22.2": "O87.0",
    "O22.5": "O87.3",
    "O22.0": "O87.4",
    "O23.4": "O86.20",
    "O23.0": "O86.21",
    "O23.1": "O86.22",
    "O23.5": "O86.19",
    "O22.8": "O87.8",
    "O15.0": "O15.2",
    "O74.5": "O89.4",
    "O74.6": "O89.5",
    "O26.83": "O90.89",
}
_CHILDBIRTH = {"O15.0": "O15.1"}


@lru_cache(maxsize=4_000)
def phase_of(title: str) -> tuple[str, str]:
    """The title without its phase, and it: a trimester, `unspecified`, childbirth, puerperium, lactation, pregnancy."""
    said = re.sub(r"\([^)]*\)", " ", _ALL.sub("", title.lower()))
    phase = ""
    for pattern, _ in _PHRASES:
        if found := pattern.search(said):
            phase = phase or found[1]
            said = pattern.sub("", said)
    return re.sub(r"[^a-z0-9]+", " ", said).replace("obstetric ", "").strip(), phase


def phased(book: CodeBook, code: str, mother: Mother, phase: str | None) -> str:
    """The code of the same thing in the wanted phase; the code itself where its category has none of that phase."""
    node = book.node(code)
    if node is None or phase is None:
        return code
    if node.extension is not None:
        base = _base(book, node)
        return _extended(book, phased(book, base, mother, phase), code[-1]) or code
    if phase == "puerperium" and (abroad := _moved(_ABROAD, code)):
        return abroad
    if phase == "childbirth" and (moved := _moved(_CHILDBIRTH, code)):
        return moved
    family = _family(book, code[:3])
    stem, _ = phase_of(node.title)
    members = family.get(stem, {})
    return next((members[p] for p in wanted(mother, phase) if p in members), code)


def wanted(mother: Mother, phase: str) -> tuple[str, ...]:
    """The phases that will do, the best first."""
    if phase == "childbirth":
        return ("childbirth", *((mother.trimester,) if mother.trimester else ()), "pregnancy", "unspecified")
    if phase == "puerperium":
        return ("lactation", "puerperium") if mother.nursing else ("puerperium", "lactation")
    return (phase, "pregnancy")


def _moved(table: dict[str, str], code: str) -> str | None:
    return next((to for prefix, to in table.items() if code.startswith(prefix)), None)


def _base(book: CodeBook, node: Node) -> str:
    return next((a.code for a in book.ancestors(node.code) if a.code != node.code), node.code)


def _extended(book: CodeBook, base: str, character: str) -> str | None:
    node = book.node(base)
    return next((c for c in node.children if c[-1] == character), None) if node else None


@lru_cache(maxsize=64)
def _family(book: CodeBook, category: str) -> dict[str, dict[str, str]]:
    """Of each stem of a category, the codes by phase; those that want a 7th character are told without it."""
    found: dict[str, dict[str, str]] = {}
    waiting = [category]
    while waiting:
        node = book.node(waiting.pop())
        if node is None:
            continue
        first = book.node(node.children[0]) if node.children else None
        if node.billable or (first is not None and first.extension is not None):
            stem, phase = phase_of(node.title)
            found.setdefault(stem, {}).setdefault(phase, node.code)
        else:
            waiting.extend(node.children)
    return found


def entered(book: CodeBook, node: str, mother: Mother, phase: str | None) -> str:
    """The node further down, as long as its children differ in nothing but their phase."""
    current = book.node(node)
    while current is not None and not current.billable and len(current.children) > 1:
        children = [c for c in (book.node(code) for code in current.children) if c is not None]
        if children[0].extension is not None or len({phase_of(c.title)[0] for c in children}) > 1:
            break
        by_phase = {phase_of(c.title)[1]: c for c in children}
        best = next(
            (
                by_phase[p]
                for p in (*(wanted(mother, phase) if phase else ()), "unspecified", "pregnancy")
                if p in by_phase
            ),
            None,
        )
        if best is None:
            break
        current = best
    return current.code if current is not None else node
