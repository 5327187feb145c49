"""Files as large as anybody may send: bounded memory, a named error where they break off, never "0 claims, done"."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_MB = 200
HEAD = (
    b"ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLINIC         *260105*0930*^*00501*000000001*0*P*:~"
    b"GS*HP*PAYER*CLINIC*20260105*0930*1*X*005010X221A1~ST*835*0001~BPR*I*1*C*CHK************20260105~TRN*1*T1*1234567890~"
)
CLAIM = b"CLP*A1*1*1*1**MB*P1~"
# What fills a file up to its size, behind what it begins with.
HUGE = {
    "zeros": (b"", b"\0"),
    "one endless segment": (HEAD + b"N1*PR*", b"A"),
    "one endless header": (HEAD, b"REF*EV*1~"),
    "one endless claim": (HEAD + b"LX*1~" + CLAIM, b"AMT*AU*1~"),
    "blanks": (b"", b" \r\n"),
    "empty segments": (HEAD, b"~"),
}
READER = """
import resource, sys
from leadterm.cli import run
code = run(["remit", "read", sys.argv[1], *sys.argv[2:]])
print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""


def read(file: Path, *options: str) -> tuple[int, int, str]:
    """Exit code, peak of memory in MB, and what was said, of `remit read` in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-c", READER, str(file), *options]
    done = subprocess.run(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )
    *said, last = done.stderr.strip().splitlines()
    code, peak = last.split()
    return int(code), int(peak), " ".join(said)


@pytest.mark.slow
@pytest.mark.parametrize("name", HUGE)
def test_a_gigabyte_of_nonsense_ends_in_a_named_error(name: str, tmp_path: Path):
    begin, fill = HUGE[name]
    file = tmp_path / "huge.835"
    piece = fill * ((1 << 20) // len(fill))
    with file.open("wb") as out:
        out.write(begin)
        for _ in range(1024):
            out.write(piece)
    code, peak, said = read(file)
    assert (code, peak <= MOST_MB) == (2, True), (code, peak, said)
    assert said.startswith("leadterm: ")
    assert said.endswith(".")


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--json",), ("--jsonl",)], ids=["plain", "json", "jsonl"])
def test_memory_does_not_grow_with_the_file(options: tuple[str, ...], tmp_path: Path):
    sys.path.insert(0, str(ROOT))
    from benchmarks.data835 import write

    peaks = []
    for megabytes in (2.0, 20.0):
        file = tmp_path / f"{megabytes}.835"
        with file.open("wb") as out:
            write(out, megabytes=megabytes)
        code, peak, said = read(file, *options)
        assert (code, said) == (0, "")
        peaks.append(peak)
    assert peaks[1] <= MOST_MB
    assert peaks[1] - peaks[0] <= 60, peaks


@pytest.mark.slow
def test_a_large_file_that_breaks_off_is_told_and_gives_no_half_answer(tmp_path: Path):
    sys.path.insert(0, str(ROOT))
    from benchmarks.data835 import write

    file = tmp_path / "cut.835"
    with file.open("wb") as out:
        write(out, megabytes=20.0)
        out.truncate(out.tell() - 1_000)
    code, peak, said = read(file, "--json")
    assert code == 2
    assert peak <= MOST_MB
    assert "not closed" in said
