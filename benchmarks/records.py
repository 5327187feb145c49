"""Records of the common data read into encounters, format by format, beside other readers of the same files."""

from __future__ import annotations

import json
import re
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from leadterm.records import ccda, fhir, hl7v2

from .figures import AT_LEAST, AT_MOST, Figure, answer, cpu_seconds, median_of, missing, shared
from .peers import HL7

MESSAGES = 1_000  # a second on one core
BATCH = 5_000
RESOURCES = 2_000  # a second on one core
DOCUMENTS = 50  # a second on one core
_WHOLE = re.compile(rb"<(?:\w+:)?ClinicalDocument[\s>].*<(?:\w+:)?(?:structuredBody|nonXMLBody)", re.DOTALL)


@dataclass(slots=True)
class Measured:
    """What one format has to tell."""

    figures: list[Figure] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    inputs: list[Path] = field(default_factory=list)


def measure(quick: bool) -> dict[str, Any]:
    """Rates of each format, ours and the peers'."""
    if not (shared() / "samples").is_dir():
        return missing(shared() / "samples")
    told = [measured(quick) for measured in FORMATS.values()]
    return answer(
        [figure for one in told for figure in one.figures],
        skipped=[reason for one in told for reason in one.skipped],
        inputs=[path for one in told for path in one.inputs],
    )


def _hl7v2(quick: bool) -> Measured:
    """Each message of the samples by itself, and a batch of them with visit numbers of their own."""
    files = sorted((shared() / "samples/hl7v2").rglob("*.hl7"))
    raws = [path.read_bytes() for path in files]
    times, batch = (1, 200) if quick else (7, BATCH)
    seconds = median_of(times, partial(cpu_seconds, lambda: [hl7v2.read(raw, "m", "m") for raw in raws]))
    together = b"\r".join(raws[n % len(raws)].strip() for n in range(batch))
    of_batch = cpu_seconds(lambda: hl7v2.read(together, "m", "m"))
    floor = None if quick else MESSAGES
    told = Measured(inputs=files)
    told.figures = [
        Figure("HL7 v2, messages a second", len(raws) / seconds, "/s", floor, AT_LEAST if floor else None),
        Figure("HL7 v2, a message to an encounter", seconds / len(raws) * 1000, "ms"),
        Figure(f"HL7 v2, a batch of {batch:,}, messages a second", batch / of_batch, "/s"),
    ]
    told.figures += _hl7_peers(quick, raws, told.skipped)
    return told


def _hl7_peers(quick: bool, raws: list[bytes], skipped: list[str]) -> Iterator[Figure]:
    """Parsing alone: neither makes encounters or keeps places."""
    if quick or not HL7.ready:
        skipped.append(f"{HL7.name}: quick run" if quick else HL7.why_not)
        return
    messages = ["\r".join(raw.decode("utf-8-sig").split("\n")).replace("\r\r", "\r").strip() for raw in raws]
    for name, theirs in HL7.run("hl7_messages.py", {"messages": messages}).items():
        of = f"{name} {theirs['version']}"
        yield Figure("HL7 v2, a message parsed", theirs["ms"], "ms", of=of)
        yield Figure(f"HL7 v2, of {len(messages)} messages refused", theirs["failed"], "", of=of)


def _fhir(quick: bool) -> Measured:
    """Bundles of patients as encounters, the same as one bulk export, and the memory that a bundle takes."""
    files = sorted((shared() / "samples/fhir/synthea-r4").glob("*.json"))
    raws = [path.read_bytes() for path in files]
    resources = [entry["resource"] for raw in raws for entry in json.loads(raw)["entry"]]
    lines = [json.dumps(resource).encode() for resource in resources]
    times, floor = (1, None) if quick else (7, RESOURCES)
    seconds = median_of(times, partial(cpu_seconds, lambda: [fhir.read(raw, "b", "b") for raw in raws]))
    bulk = median_of(
        times, partial(cpu_seconds, lambda: fhir.read_files([fhir.Given(0, "export", "export", "", lines)]))
    )
    told = Measured(inputs=files)
    told.figures = [
        Figure(
            "FHIR, resources of bundles a second", len(resources) / seconds, "/s", floor, AT_LEAST if floor else None
        ),
        Figure(
            "FHIR, resources of a bulk export a second", len(resources) / bulk, "/s", floor, AT_LEAST if floor else None
        ),
        Figure("FHIR, peak memory of a compact bundle", _peak(max(raws, key=len)), "× its size", 10, AT_MOST),
    ]
    if quick or find_spec("fhir") is None:
        told.skipped.append("fhir.resources: quick run" if quick else "fhir.resources is not installed")
        return told
    bundle = import_module("fhir.resources.R4B.bundle").Bundle
    theirs = cpu_seconds(lambda: [bundle.model_validate_json(raw) for raw in raws])
    of = f"fhir.resources {version('fhir.resources')}"
    told.figures.append(Figure("FHIR, resources of bundles parsed a second", len(resources) / theirs, "/s", of=of))
    return told


def _peak(raw: bytes) -> float:
    """How many times its own size a bundle without white space takes while it is read, its own bytes left out."""
    compact = json.dumps(json.loads(raw), separators=(",", ":")).encode()
    tracemalloc.start()
    fhir.read(compact, "b", "b")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / len(compact)


def _ccda(quick: bool) -> Measured:
    """Whole documents, each by itself, as encounters with narrative, entries and places."""
    files = [path for path in sorted((shared() / "samples").rglob("*")) if path.suffix.lower() in (".xml", ".ccda")]
    files = [path for path in files if _WHOLE.search(path.read_bytes())]
    raws = [path.read_bytes() for path in files]
    times, floor = (1, None) if quick else (5, DOCUMENTS)
    seconds = median_of(times, partial(cpu_seconds, lambda: [ccda.read(raw, "d", "d") for raw in raws]))
    told = Measured(inputs=files)
    told.figures = [
        Figure("C-CDA, whole documents a second", len(raws) / seconds, "/s", floor, AT_LEAST if floor else None),
        Figure("C-CDA, of a mean size of", sum(map(len, raws)) / len(raws) / 1000, "kB"),
    ]
    return told


FORMATS: dict[str, Callable[[bool], Measured]] = {"ccda": _ccda, "hl7v2": _hl7v2, "fhir": _fhir}
