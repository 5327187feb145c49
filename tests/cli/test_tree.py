"""The tree of commands is the one that the command-line library would make as a whole."""

from __future__ import annotations

from typing import Any

from typer.main import get_command

from leadterm.cli._tree import tree
from leadterm.cli.app import app


def helps(command: Any, path: tuple[str, ...] = ("leadterm",), above: Any = None) -> dict[tuple[str, ...], str]:
    """The help of a command and of all below it, by their paths."""
    context = command.context_class(command, info_name=path[-1], parent=above)
    found = {path: command.get_help(context)}
    for name, below in getattr(command, "commands", {}).items():
        found |= helps(below, (*path, name), context)
    return found


def test_every_command_stands_in_its_place_with_its_help() -> None:
    whole, parts = helps(get_command(app)), helps(tree(app))
    assert list(parts) == list(whole)
    assert parts == whole


def test_a_command_that_nobody_asks_for_is_not_made() -> None:
    root = tree(app)
    assert root.get_command(None, "lookup").name == "lookup"
    assert list(root.commands._made) == ["lookup"]


def test_no_other_name_is_a_command() -> None:
    assert tree(app).get_command(None, "lokup") is None
