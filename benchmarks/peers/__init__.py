"""Peers that live in environments of their own, never among the product's dependencies (pinned with hashes)."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENT = HERE / ".venv-medspacy"
REQUIREMENTS = HERE / "requirements-medspacy.txt"
DONE = ENVIRONMENT / "done"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
WHY_NOT = "its environment is absent; `python -m benchmarks.run facts --peers` makes it"


def ready() -> bool:
    """Whether the environment is there, whole, and made of the present requirements."""
    return DONE.is_file() and DONE.read_bytes() == REQUIREMENTS.read_bytes()


def make() -> str | None:
    """Makes the environment unless it is ready; None when it is, else in a sentence why it could not be made."""
    if ready():
        return None
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    install = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r"]
    print("benchmarks: installing medspaCy into its own environment", file=sys.stderr)
    done = subprocess.run([*install, str(REQUIREMENTS)], capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return f"medspaCy could not be installed: {last[:300]}"
    DONE.write_bytes(REQUIREMENTS.read_bytes())
    return None


def run(script: str, *arguments: str) -> str:
    """What a script of this folder prints in the peer's environment. Raises RuntimeError when it fails."""
    command = [str(PYTHON), "-W", "ignore", str(HERE / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the peer's {script} ended with {done.returncode}: {done.stderr[-300:]}")
    return done.stdout.splitlines()[-1]
