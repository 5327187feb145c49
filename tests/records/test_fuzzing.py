"""Ten minutes of fuzzing for each reader, by chance and led by coverage (`LEADTERM_FUZZ_SECONDS` says another time)."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .fuzzing.forking import forked
from .fuzzing.mutating import mutated
from .fuzzing.targets import NAMES, TIMES_THE_INPUT, WRITTEN, allowed, reads, seconds_for, seeds, takes_memory

SECONDS = float(os.environ.get("LEADTERM_FUZZ_SECONDS", "600"))
GUIDED = [name for name in NAMES if name != "pdf"]  # whose text is read by native code, which is not instrumented
EVERY = 50  # inputs, of which one is watched for its memory


@pytest.mark.parametrize("reader", sorted(WRITTEN))
def test_a_damaged_record_is_read_or_refused(reader: str) -> None:
    if reader == "pdf":
        pytest.importorskip("pypdfium2", reason="the extra [pdf] is not installed")
    with forked():
        for seed in range(60):
            raw = mutated(WRITTEN[reader], random.Random(seed))
        assert seconds_for(reader, raw) < allowed(raw)


@pytest.mark.slow
@pytest.mark.parametrize("reader", NAMES)
def test_by_chance_only_declared_errors_are_found(reader: str) -> None:
    records, number, end = seeds(reader), 0, time.monotonic() + SECONDS
    if not records:
        pytest.skip("LEADTERM_SHARED is not set: there is no record to begin with")
    while time.monotonic() < end:
        number += 1
        raw = mutated(records, random.Random(number))
        try:
            with forked():
                reads(reader, raw)
                if number % EVERY == 0:
                    assert takes_memory(reader, raw) <= TIMES_THE_INPUT * len(raw)
        except Exception:
            print(f"input {number}: mutated(seeds({reader!r}), random.Random({number}))")
            raise
    print(f"{reader}: {number} inputs")


@pytest.mark.slow
@pytest.mark.parametrize("reader", GUIDED)
def test_led_by_coverage_only_declared_errors_are_found(reader: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris is not installed")
    arguments = [sys.executable, "-m", "tests.records.fuzzing.guided", reader, str(int(SECONDS)), str(tmp_path)]
    root = Path(__file__).parents[2]
    done = subprocess.run(arguments, cwd=root, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stderr[-4000:]
