"""Fuzzing that is led by what code it reaches: `python -m tests.records.fuzzing.guided READER SECONDS FOLDER`.

Ends with 0 where nothing was found. What breaks a reader is left in the folder, and printed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["leadterm.records", "leadterm._xml"]):
    from tests.records.fuzzing.targets import reads, seeds

LONGEST = 60_000


def main(reader: str, seconds: str, folder: str) -> None:
    """Fuzzes a reader for so long; corpus and findings are in the folder."""
    corpus = Path(folder) / reader
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(reader)):
        (corpus / f"seed-{number}").write_bytes(seed[:LONGEST])
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        "-timeout=20",
        "-rss_limit_mb=3000",
        f"-artifact_prefix={folder}/{reader}-",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], lambda raw: reads(reader, raw))
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
