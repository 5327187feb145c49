"""Runs a command and tells what it alone cost: CPU seconds and peak memory of its process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from .figures import ROOT

# Linux counts the memory of whoever starts a process into that process's own peak, so a small one starts it.
LAUNCHER = """
import json, os, sys, time
began = time.perf_counter()
child = os.fork()
if not child:
    os.execv(sys.argv[2], sys.argv[2:])
_, status, used = os.wait4(child, 0)
cost = [used.ru_utime + used.ru_stime, used.ru_maxrss, time.perf_counter() - began, os.waitstatus_to_exitcode(status)]
open(sys.argv[1], "w").write(json.dumps(cost))
"""
UNITS_OF_RSS = 2**10 if sys.platform == "linux" else 2**20


@dataclass(frozen=True, slots=True)
class Run:
    """What a process cost and said: CPU and wall seconds, peak resident memory in MB (2**20 bytes)."""

    cpu: float
    rss: float
    wall: float
    exit_code: int
    out: bytes
    said: str


def run(command: Sequence[str], **environment: str) -> Run:
    """One run of a command (its first word a full path) in the root of the checkout."""
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-") as folder:
        note = Path(folder) / "cost.json"
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", LAUNCHER, str(note), *command],
            cwd=ROOT,
            env={**os.environ, **_path(), **environment},
            capture_output=True,
            check=True,
        )
        cpu, rss, wall, code = json.loads(note.read_text())
    return Run(cpu, rss / UNITS_OF_RSS, wall, code, done.stdout, done.stderr.decode("utf-8", "replace"))


def _path() -> Mapping[str, str]:
    """The process finds the same Leadterm as this one, when that is the checkout's."""
    source = str(ROOT / "src")
    spec = find_spec("leadterm")
    if spec is None or spec.origin is None or not spec.origin.startswith(source):
        return {}
    return {"PYTHONPATH": os.pathsep.join(p for p in (source, os.environ.get("PYTHONPATH")) if p)}


def leadterm(*arguments: str, **environment: str) -> Run:
    """One run of the command line. Raises RuntimeError when it ends otherwise than done (0) or with findings (1)."""
    start = ["-m", "leadterm"] if find_spec("leadterm.__main__") else ["-c", "from leadterm.cli import main; main()"]
    done = run([sys.executable, *start, *arguments], **environment)
    if done.exit_code not in (0, 1):
        raise RuntimeError(f"`leadterm {arguments[0]}` ended with {done.exit_code}: {done.said[-500:]}")
    return done


def python(script: str) -> Run:
    """One run of a Python script given as text. Raises RuntimeError when it fails."""
    done = run([sys.executable, "-W", "ignore", "-c", script])
    if done.exit_code:
        raise RuntimeError(f"a peer's script ended with {done.exit_code}: {done.said[-500:]}")
    return done
