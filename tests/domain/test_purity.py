"""The domain stands on the ground: it imports the standard library and itself, and its face is whole."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from leadterm import domain

MODULES = sorted(Path(domain.__file__).parent.glob("*.py"))


def imported(module: Path) -> set[str]:
    """The top-level packages that a module imports; its own package as `.`."""
    names = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level or (node.module or "").partition(".")[0])
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_imports_the_standard_library_and_the_domain_only(module: Path) -> None:
    assert imported(module) <= sys.stdlib_module_names | {"."}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_has_no_clock_and_opens_nothing(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = {f.id for f in called if isinstance(f, ast.Name)} | {f.attr for f in called if isinstance(f, ast.Attribute)}
    assert not names & {"open", "now", "today", "utcnow", "getenv", "print"}


@pytest.mark.parametrize("name", domain.__all__)
def test_every_promised_name_exists(name: str) -> None:
    assert hasattr(domain, name)


def test_promised_names_stand_once() -> None:
    assert len(set(domain.__all__)) == len(domain.__all__)
