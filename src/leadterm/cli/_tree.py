"""The tree of commands, each of which is made when it is asked for: a call needs one of a hundred."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any

from typer import Typer
from typer.main import get_command, get_command_name
from typer.models import CommandInfo, TyperInfo

Command = Any  # of the command-line library


def tree(app: Typer) -> Command:
    """The command of an app, as `get_command` gives it; its subcommands are made when somebody looks at them."""
    root: Command = get_command(_with(app))
    root.commands = Commands(app)
    return root


class Commands(Mapping[str, Command]):
    """The subcommands of an app by name, in the order in which `get_command` has them."""

    def __init__(self, app: Typer) -> None:
        self._app = app
        self._infos: dict[str, CommandInfo | TyperInfo] = {
            **{_name(command): command for command in app.registered_commands},
            **{str(group.name): group for group in app.registered_groups},
        }
        self._made: dict[str, Command] = {}

    def __getitem__(self, name: str) -> Command:
        """A subcommand, with all that is below it. Raises KeyError for none of that name."""
        if name not in self._made:
            part: Command = get_command(_with(self._app, self._infos[name]))
            self._made[name] = part.commands[name]
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._infos)

    def __len__(self) -> int:
        return len(self._infos)


def _name(command: CommandInfo) -> str:
    """The name that a command is called by: its own, or that of its function."""
    return command.name or get_command_name(getattr(command.callback, "__name__", ""))


def _with(app: Typer, *infos: CommandInfo | TyperInfo) -> Typer:
    """An app that is called as another one is, with these subcommands alone."""
    part = copy(app)
    part.registered_commands = [info for info in infos if isinstance(info, CommandInfo)]
    part.registered_groups = [info for info in infos if isinstance(info, TyperInfo)]
    return part
