"""Every official file of the common data installed at once: time, memory, size on the disk, counts."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from .figures import AT_LEAST, AT_MOST, Figure, answer, missing, shared
from .process import leadterm

# What DATA.md says of the files: component, first day, kind counted, how many.
COUNTS = (
    ("icd10cm:tabular", "2026-04-01", "diag", 46_881),
    ("icd10cm:tabular", "2026-04-01", "sevenChrDef", 508),
    ("icd10cm:tabular", "2026-04-01", "excludes1", 2_644),
    ("icd10cm:tabular", "2026-04-01", "excludes2", 1_165),
    ("icd10cm:tabular", "2026-04-01", "codeFirst", 363),
    ("icd10cm:tabular", "2026-04-01", "useAdditionalCode", 844),
    ("icd10cm:tabular", "2026-04-01", "codeAlso", 320),
    ("icd10cm:index", "2025-04-01", "main terms", 8_100),
    ("icd10cm:index", "2025-04-01", "subterms", 72_924),
    ("icd10cm:index", "2025-04-01", "codes", 62_721),
    ("icd10cm:order", "2024-10-01", "lines", 97_584),
    ("icd10cm:order", "2024-10-01", "billable", 74_260),
    ("icd10pcs:tables", "2022-10-01", "tables", 901),
    ("icd10pcs:tables", "2022-10-01", "codes", 78_530),
    ("hcpcs:codes", "2025-10-01", "codes", 8_463),
    ("hcpcs:codes", "2025-10-01", "modifiers", 383),
    ("gems:icd10cm-icd9cm", "2017-10-01", "rows", 81_593),
    ("gems:icd9cm-icd10cm", "2017-10-01", "rows", 24_860),
    ("ncci:mue-practitioner", "2026-04-01", "codes", 9_637),
    ("coverage:lcd", "2000-01-01", "procedures", 500),
    ("doid:icd10cm", "2000-01-01", "derived diseases", 3_555),
    ("doid:icd10cm", "2000-01-01", "synonyms", 11_267),
    ("doid:icd10cm", "2000-01-01", "references", 3_687),
)


def measure(quick: bool) -> dict[str, Any]:
    """Figures of `leadterm codes install` over the folder of releases; a quick run is no shorter."""
    folder = shared() / "releases"
    if not folder.is_dir():
        return missing(folder)
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-home-") as home:
        leadterm("lookup", "E11.22", LEADTERM_HOME=home)
        done = leadterm("codes", "install", str(folder), "--json", LEADTERM_HOME=home)
        size = sum(file.stat().st_size for file in Path(home).rglob("*") if file.is_file()) / 2**20
    said = json.loads(done.out)
    counted = {(r["name"], r["from"], kind): n for r in said["releases"] for kind, n in r["counts"].items()}
    equal = sum(counted.get((name, day, kind)) == number for name, day, kind, number in COUNTS)
    return answer(
        [
            Figure("releases installed", len(said["releases"]), "releases"),
            Figure("files refused", len(said["refused"]), "files", 0, AT_MOST),
            Figure("whole folder, wall", done.wall, "s", 180, AT_MOST),
            Figure("whole folder, CPU", done.cpu, "s"),
            Figure("whole folder, peak RSS", done.rss, "MB"),
            Figure("data home afterwards", size, "MB", 1024, AT_MOST),
            Figure(f"counts equal to the data page, of {len(COUNTS)}", equal, "counts", len(COUNTS), AT_LEAST),
        ]
    )
