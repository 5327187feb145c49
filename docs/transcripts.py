"""Runs the commands that README and tutorial show and puts what they print below them, so that no transcript lies.

In a ```console block a line `$ leadterm …` is a command and what follows is its output; a last line `…` means that the
output goes on, and as many lines as stand there are kept. A block after `<!-- file: NAME -->` is a file that the
commands find in their folder, beside the sample charts as `examples/`.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from .generate import DOCS, ROOT, run

SHOWING = (
    ROOT / "README.md",
    DOCS / "tutorials" / "first-chart.md",
    DOCS / "tutorials" / "practise-coding.md",
    DOCS / "how-to" / "read-records.md",
    DOCS / "how-to" / "read-what-a-chart-says.md",
    DOCS / "how-to" / "override-a-finding.md",
    DOCS / "how-to" / "write-your-own-rules.md",
    DOCS / "how-to" / "answer-questions.md",
    DOCS / "how-to" / "look-up-codes.md",
    DOCS / "how-to" / "group-codes.md",
    DOCS / "how-to" / "code-drugs-and-infusions.md",
)
CUT = "…"
_MADE: dict[Callable[[Any], Any], Any] = {}
_BLOCK = re.compile(r"(?P<head>```console\n)(?P<body>.*?)(?P<tail>```)", re.DOTALL)
_FILE = re.compile(r"<!-- file: (?P<name>[\w.-]+) -->\n+```\w*\n(?P<text>.*?)```", re.DOTALL)


def refreshed(page: str) -> str:
    """The page with the present output below every command."""
    with _folder(page):
        return _BLOCK.sub(lambda m: m["head"] + "\n".join(_rerun(m["body"])) + "\n" + m["tail"], page)


@contextmanager
def _folder(page: str) -> Iterator[None]:
    from leadterm.codesets import open_book

    open_book()  # a first use tells that it compiles; a transcript shows the calls after it
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(ROOT / "examples", Path(name) / "examples")
        for found in _FILE.finditer(page):
            (Path(name) / found["name"]).write_text(found["text"], encoding="utf-8")
        os.chdir(name)
        ledger = patch.dict(os.environ, {"LEADTERM_DATABASE_URL": f"sqlite:///{name}/leadterm.db"})
        try:
            with ledger:  # never the ledger of whoever runs this
                yield
        finally:
            os.chdir(before)


def _rerun(body: str) -> Iterator[str]:
    for part in re.split(r"(?m)^(?=\$ )", body):
        if not part.strip():
            continue
        lines = part.rstrip("\n").splitlines()
        command, shown = lines[0], [line for line in lines[1:] if line]
        printed = [line.rstrip() for line in _output(command).strip("\n").splitlines()]
        cut = shown[-1:] == [CUT] and len(printed) >= len(shown)
        yield command
        yield from (*printed[: len(shown) - 1], CUT) if cut else printed


def _output(command: str) -> str:
    """What a line `$ leadterm …` prints; `> FILE` at its end writes a file instead."""
    words = shlex.split(command.removeprefix("$ "))
    if words[0] != "leadterm":
        raise SystemExit(f"docs/transcripts.py: only leadterm is run, not {words[0]}")
    if len(words) > 2 and words[-2] == ">":
        messages = io.StringIO()
        Path(words[-1]).write_text(run(words[1:-2], messages), encoding="utf-8")
        return messages.getvalue()
    return run(words[1:])
