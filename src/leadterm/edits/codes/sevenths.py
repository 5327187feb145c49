"""7th characters (guidelines I.A.4, I.A.5): missing, none of the category's, or without the placeholder before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from leadterm.codesets.seventh import LENGTH, PLACEHOLDER
from leadterm.domain import CodeSystem, dotted
from leadterm.edits._coding import Coding
from leadterm.edits._findings import Check, Draft
from leadterm.edits._ports import Tree

CATEGORY = 3
SEVENTH = "seventh"


@dataclass(frozen=True, slots=True)
class _Stem:
    """The code that a 7th character is added to, and its codes by 7th character."""

    code: str
    extended: Mapping[str, str]


def _seventh(coding: Coding) -> Iterator[Draft]:
    tree = coding.book.tree_for(coding.on)
    for d in coding.diagnoses:
        # A code that a dated list knows is or was one; nothing is wrong with its shape.
        if (d.entry.node is None or d.entry.incomplete) and not coding.listed(d):
            remark = _remark(tree, d.entry.bare)
            if remark:
                message, fix = remark
                yield Draft(f"{d.code} {message}.", (d.code,), (d.assignment.id,), f"{fix}.")


def _remark(tree: Tree, bare: str) -> tuple[str, str] | None:
    """What is wrong with the 7th character of a code that is none, and what to write; None where that is not it."""
    if stem := _stem(tree, bare) or _stem(tree, bare.rstrip(PLACEHOLDER)):
        return f"lacks its 7th character, which {stem.code} needs", _one_of(stem)
    if filled := _filled(tree, bare):
        return "has not the placeholder X in its empty places", f"Use {filled}"
    if stem := _stem(tree, bare[:-1]) or _stem(tree, bare[:-1].rstrip(PLACEHOLDER)):
        return f"has {bare[-1]} for a 7th character, which {stem.code} does not take", _one_of(stem)
    return _superfluous(tree, bare)


def _filled(tree: Tree, bare: str) -> str | None:
    """The code with X in one gap, where there is one such code: T881A is T88.1XXA, T4242A is T42.4X2A."""
    begun = bare[:-1].rstrip(PLACEHOLDER) + bare[-1]
    gap = PLACEHOLDER * (LENGTH - len(begun))
    written = {dotted(begun[:n] + gap + begun[n:], CodeSystem.ICD10CM) for n in range(CATEGORY, len(begun))}
    found = [node.code for code in written if (node := tree.node(code)) and node.kind == SEVENTH]
    return found[0] if gap and len(found) == 1 else None


def _stem(tree: Tree, bare: str) -> _Stem | None:
    node = tree.node(dotted(bare, CodeSystem.ICD10CM)) if len(bare) >= CATEGORY else None
    if node is None or not node.children:
        return None
    below = [child for code in node.children if (child := tree.node(code)) and child.kind == SEVENTH]
    return _Stem(node.code, {str(child.extension): child.code for child in below}) if below else None


def _one_of(stem: _Stem) -> str:
    return f"Use one of {', '.join(stem.extended.values())}, as the documentation supports"


def _superfluous(tree: Tree, bare: str) -> tuple[str, str] | None:
    """Placeholders and a 7th character behind a code that takes none."""
    begun = bare[:-1].rstrip(PLACEHOLDER)
    if len(bare) != LENGTH or not bare[-1].isalpha() or len(begun) == LENGTH - 1:
        return None
    node = tree.node(dotted(begun, CodeSystem.ICD10CM))
    if node is None or not node.billable:
        return None
    return f"has a 7th character, which {node.code} does not take", f"Use {node.code}"


CHECKS: Mapping[str, Check[Coding]] = {"ICD10CM:I.A.5/seventh-character": _seventh}
