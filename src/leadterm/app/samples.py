"""The sample charts that come along, as encounters: for the demonstration, and for a first look at the desk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from leadterm.domain import DataMissing, Document, Encounter
from leadterm.schemas import decode


def samples() -> Iterator[Encounter]:
    """The sample encounters, each with its chart."""
    return (sample(name) for name in sample_names())


def sample_names() -> list[str]:
    """The folders of the samples, in order. Raises DataMissing where they did not come along."""
    return sorted(p.name for p in sample_folder().iterdir() if (p / "chart.txt").is_file())


def sample(name: str) -> Encounter:
    """One sample by its folder's name."""
    folder = sample_folder() / name
    encounter = decode.encounter(json.loads((folder / "encounter.json").read_text(encoding="utf-8")), name)
    text = (folder / "chart.txt").read_bytes().decode("utf-8")
    return replace(encounter, documents=(Document("d1", text),))


def sample_folder() -> Path:
    """Where the sample charts lie: in the wheel, or in a checkout. Raises DataMissing where neither has them."""
    packaged = Path(str(files("leadterm"))) / "examples"
    checkout = Path(__file__).parents[3] / "examples"
    for folder in (packaged, checkout):
        if folder.is_dir():
            return folder
    raise DataMissing("The sample charts are not here; install the wheel again.")
