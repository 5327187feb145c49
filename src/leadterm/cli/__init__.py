"""The command line: one file a command group; `main` turns what is raised into a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, cast

from leadterm.domain import LeadtermError

REPORT = "This is an error of Leadterm, not of yours. Set LEADTERM_DEBUG=1 to see it, and please report it."


def main() -> None:
    """Runs the command line; always ends the process with an exit code of the contract."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller (`>&-`)
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
        elif mode == "w":
            # A terminal that cannot show a character shows its number; JSON is written as UTF-8 everywhere.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of one call: 0 done, 1 with errors found, 2 usage, 3 data missing, 4 internal."""
    try:
        result = _command()(arguments, standalone_mode=False, prog_name="leadterm")
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except LeadtermError as error:
        print(f"leadterm: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("leadterm: interrupted", file=sys.stderr)
        return 130
    except OSError as error:
        return _of_the_system(error)
    except SystemExit as ended:
        # So the command-line library answers a reader of our output that has gone.
        if isinstance(ended.__context__, BrokenPipeError):
            return _of_the_system(ended.__context__)
        raise
    except Exception as error:
        return _other(error)


@cache
def _command() -> Callable[..., Any]:
    """The whole tree; what the functions of all commands ask for takes longer to read than a small answer."""
    from ._tree import tree
    from .app import app

    return cast("Callable[..., Any]", tree(app))


def _of_the_system(error: OSError) -> int:
    """Exit codes of files and streams that fail beneath us; only those of streams have no file name."""
    if error.filename is None:
        # What is still to be written has nowhere to go, and Python would try again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):  # `| head`: nothing is wrong, and nothing more can be said
        return 0
    what = error.filename or "standard input or output"
    print(f"leadterm: {what} cannot be read or written: {error.strerror}.", file=sys.stderr)
    return 2


def _other(error: Exception) -> int:
    """Exit codes of what the command-line library raises; everything else is ours."""
    if hasattr(error, "show") and hasattr(error, "exit_code"):  # usage: unknown option, missing argument
        error.show()
        return 2
    if hasattr(error, "exit_code"):  # an explicit exit
        return int(error.exit_code)
    if type(error).__name__ == "Abort":
        return 130
    if os.environ.get("LEADTERM_DEBUG"):
        raise error
    print(f"leadterm: internal error ({type(error).__name__}). {REPORT}", file=sys.stderr)
    return 4
