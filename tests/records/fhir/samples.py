"""What the reader finds in the sample records, as a table: `python -m tests.records.fhir.samples > …/samples.tsv`."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from leadterm.domain import Encounter, InputError
from leadterm.records.fhir import Given, read, read_files

TABLE = Path(__file__).with_name("samples.tsv")
HEADER = "# What the reader of FHIR finds in the samples: python -m tests.records.fhir.samples\nset\twhat\tof\tcount\n"
Row = tuple[str, str, str]


def table(folder: Path) -> str:
    """The table of the samples in `folder`."""
    counts: Counter[Row] = Counter()
    for name in ("us-core", "synthea-r4"):
        for file in sorted((folder / name).glob("*.json")):
            raw = file.read_bytes()
            counts.update((name, "resources", kind) for kind in _kinds(json.loads(raw)))
            if not has_record_within(raw):
                _count(counts, name, read(raw, file.name, file.stem))
    lines = sorted((folder / "cumulus-etl").glob("*.ndjson"))
    for file in lines:
        values = (json.loads(line) for line in file.read_bytes().splitlines() if line.strip())
        counts.update(("ndjson", "resources", kind) for value in values for kind in _kinds(value))
        try:
            _count(counts, "ndjson", read(file.read_bytes(), file.name, file.stem))
        except InputError:
            counts["ndjson", "files", "no FHIR"] += 1
    exports = (Given(n, f.name, f.stem, "", f.read_bytes().splitlines()) for n, f in enumerate(lines))
    _count(counts, "export", tuple(encounter for _, encounter in read_files(exports)))
    return HEADER + "".join("\t".join((*row, f"{count}\n")) for row, count in sorted(counts.items()))


def has_record_within(raw: bytes) -> bool:
    """Whether an attachment is what another reader reads: what it finds is told by its own table."""
    return b'"application/pdf"' in raw or b'"application/xml"' in raw


def _kinds(value: dict[str, object]) -> Iterator[str]:
    """The kind of a resource, and of those in the entries of a bundle."""
    yield str(value.get("resourceType", "none"))
    entries = value.get("entry")
    for entry in entries if isinstance(entries, list) else ():
        yield from _kinds(entry["resource"])


def _count(counts: Counter[Row], name: str, encounters: tuple[Encounter, ...]) -> None:
    counts[name, "files", "read"] += 1
    for encounter in encounters:
        counts[name, "encounters", encounter.setting] += 1
        counts[name, "people", "providers"] += len(encounter.providers)
        counts[name, "people", "payers"] += len(encounter.payers)
        counts[name, "charges", "lines"] += len(encounter.charges)
        counts.update((name, "documents", d.type or "-") for d in encounter.documents)
        counts[name, "characters", "all"] += sum(len(d.text) for d in encounter.documents)
        counts.update((name, f"codes {c.kind}", f"{c.system} {c.status or '-'}") for c in encounter.codes)
        counts.update((name, "notes", n.rule.rpartition("/")[2]) for n in encounter.notes)


if __name__ == "__main__":
    sys.stdout.write(table(Path(os.environ["LEADTERM_SHARED"]) / "samples" / "fhir"))
