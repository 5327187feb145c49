"""Peers that live in environments of their own, never among the product's dependencies (pinned with hashes)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Peer:
    """A package of others that is measured beside ours.

    Attributes:
        name: As its makers write it.
        key: Its part in the names of files: `requirements-medspacy.txt`, `.venv-medspacy`.
    """

    name: str
    key: str

    @property
    def requirements(self) -> Path:
        return HERE / f"requirements-{self.key}.txt"

    @property
    def environment(self) -> Path:
        return HERE / f".venv-{self.key}"

    @property
    def python(self) -> Path:
        return self.environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def ready(self) -> bool:
        """Whether the environment is there, whole, and made of the present requirements."""
        done = self.environment / "done"
        return done.is_file() and done.read_bytes() == self.requirements.read_bytes()

    @property
    def why_not(self) -> str:
        """What to say where it is not ready."""
        return f"{self.name}: its environment is absent; `python -m benchmarks.run facts --peers` makes it"

    def make(self) -> str | None:
        """Makes the environment unless it is ready; None when it is, else in a sentence why it could not be made."""
        if self.ready:
            return None
        venv.create(self.environment, clear=True, with_pip=True)
        install = [str(self.python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
        print(f"benchmarks: installing {self.name} into its own environment", file=sys.stderr)
        done = subprocess.run([*install, "-r", str(self.requirements)], capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            return f"{self.name} could not be installed: {last[:300]}"
        (self.environment / "done").write_bytes(self.requirements.read_bytes())
        return None

    def run(self, script: str, work: object) -> dict[str, Any]:
        """What a script of this folder answers about `work`, in the peer's environment. Raises RuntimeError."""
        with tempfile.TemporaryDirectory(prefix="leadterm-bench-") as folder:
            file = Path(folder) / "work.json"
            file.write_text(json.dumps(work), encoding="utf-8")
            command = [str(self.python), "-W", "ignore", str(HERE / script), str(file)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{self.name}: {script} ended with {done.returncode}: {done.stderr[-300:]}")
        return dict(json.loads(done.stdout.splitlines()[-1]))


MEDSPACY = Peer("medspaCy", "medspacy")
NEGSPACY = Peer("negspacy", "negspacy")
HL7 = Peer("hl7 and hl7apy", "hl7")


def make() -> list[str]:
    """Makes every environment that is not ready; what could not be made, in sentences."""
    return [failed for peer in (MEDSPACY, NEGSPACY, HL7) if (failed := peer.make())]
