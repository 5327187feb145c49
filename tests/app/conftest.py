"""Use cases run on both databases; the command line runs on the ledger of the test."""

from __future__ import annotations

import io
import sys

import pytest

from cli.conftest import Answer, Call, process, write
from cli.notation import CONTRACT_CODES
from leadterm.cli import run
from storage.conftest import database, empty, place, postgres
from storage.engines import Place

__all__ = ["database", "empty", "place", "postgres", "process", "write"]


@pytest.fixture
def command(place: Place, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Call:
    """The command line in this process over the ledger of this test, on each engine; no code book is needed."""
    for name, value in place.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(place.home)

    def call(*arguments: object, stdin: bytes = b"") -> Answer:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = run([str(a) for a in arguments])
        out, err = capsysbinary.readouterr()
        answer = Answer(code, out, err.decode("utf-8"))
        assert answer.code in CONTRACT_CODES
        assert "Traceback" not in answer.err
        return answer

    return call
