"""The worker that opens a PDF, in a fork of this process instead of an interpreter of its own: a hundred times faster.

Bounds, standard streams, exit codes and crashes are as they are in a process that was started; only its start is not.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any
from unittest import mock

from leadterm.records import pdf

CANNOT = find_spec("pypdfium2") is None or not hasattr(os, "fork") or not hasattr(os, "memfd_create")


@contextlib.contextmanager
def forked() -> Iterator[None]:
    """Whatever opens a PDF within does it in a fork, where there are forks."""
    if CANNOT:
        yield
        return
    import_module("leadterm.records.pdf.worker")  # once, not in each fork
    with mock.patch.object(pdf, "subprocess", SimpleNamespace(run=_run, TimeoutExpired=subprocess.TimeoutExpired)):
        yield


def _run(command: list[str], *, input: bytes, timeout: float, **_: Any) -> subprocess.CompletedProcess[bytes]:
    given, told = os.memfd_create("given"), os.memfd_create("told")
    try:
        with os.fdopen(os.dup(given), "wb") as handle:
            handle.write(input)
        os.lseek(given, 0, os.SEEK_SET)
        child = os.fork()
        if not child:
            _work(command, given, told)
        code = _ended(child, command, timeout)
        os.lseek(told, 0, os.SEEK_SET)
        with os.fdopen(os.dup(told), "rb") as handle:
            return subprocess.CompletedProcess(command, code, handle.read(), b"")
    finally:
        os.close(given)
        os.close(told)


def _work(command: list[str], given: int, told: int) -> None:
    """Does what the worker does, and ends this process."""
    from leadterm.records.pdf import worker

    code = 1
    try:
        os.dup2(given, 0)
        os.dup2(told, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.argv, sys.stdin, sys.stdout = command[2:], os.fdopen(0), os.fdopen(1, "w")
        worker.main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        os._exit(code)


def _ended(child: int, command: list[str], timeout: float) -> int:
    end, pause = time.monotonic() + timeout, 0.0005
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise subprocess.TimeoutExpired(command, timeout)
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)
