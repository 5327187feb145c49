"""The command line called in this process, over the code sets of the run; and as a process of its own."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from leadterm.cli import run
from leadterm.codesets import CodeBook

from .notation import CONTRACT_CODES, HUNG, LEADTERM, environment


@dataclass(frozen=True)
class Answer:
    """What one call gave: its exit code, standard output, and what it said on the side."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Call = Callable[..., Answer]


@pytest.fixture
def leadterm(
    book: CodeBook, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> Call:
    """The command line in this process; relative paths lie in the test's own folder.

    The demo leaves pyx12 out, which takes seconds for a claim: one test judges all claims in one pass.
    """
    monkeypatch.setattr("leadterm.codesets.open_book", lambda home=None, progress=None: book)
    monkeypatch.setattr("leadterm.cli.demo._accepted", lambda content: None)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object, stdin: bytes = b"") -> Answer:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = run([str(a) for a in arguments])
        out, err = capsysbinary.readouterr()
        answer = Answer(code, out, err.decode("utf-8"))
        assert answer.code in CONTRACT_CODES
        assert "Traceback" not in answer.err
        return answer

    return call


@pytest.fixture
def process(home: Path, tmp_path: Path) -> Call:
    """The command line as a process; keywords are added to its environment."""

    def call(*arguments: object, stdin: bytes = b"", **added: str) -> Answer:
        done = subprocess.run(
            [*LEADTERM, *map(str, arguments)],
            input=stdin,
            env=environment(**added),
            capture_output=True,
            cwd=tmp_path,
            timeout=HUNG,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8"))

    return call


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Puts a file in the test's own folder."""

    def put(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return put
