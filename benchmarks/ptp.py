"""A release of NCCI pairs as large as four million: written in the official layout, installed, asked."""

from __future__ import annotations

import json
import sys
import tempfile
from array import array
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

from leadterm.codesets.formats import Offered
from leadterm.codesets.formats._offered import HEAD_BYTES
from leadterm.codesets.formats.ncci import FORMATS
from leadterm.codesets.payment.ncci import PractitionerPtp
from leadterm.codesets.store import Store, write_store
from leadterm.domain import Release

from .figures import AT_MOST, ROOT, Figure, answer
from .process import Run, python

SEED = 1
PAIRS, QUICK = 4_080_000, 200_000  # lines; some pairs have two
PARTS = 4
CODES = 15_000
ASKED = 200_000
ON = date(2026, 8, 1)
HEADER = (
    "Copyright and terms of use: this file is synthetic and holds no edit of anybody.\r\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n"
    "\t\t\t\t*=no data\t1=allowed\t\r\n"
    "\t\t\t\t\t9=not applicable\t\r\n"
)
RATIONALES = [f"Synthetic rationale number {n} of twelve" for n in range(12)]
QUARTERS = [f"{year}{month:02}01" for year, month in product(range(1996, 2027), (1, 4, 7, 10))]
ENDS = [f"{year}{day}" for year, day in product(range(1996, 2027), ("0331", "0630", "0930", "1231"))]
CHILD = "from pathlib import Path; from benchmarks.ptp import ask, install; print({call})"


def codes() -> list[str]:
    """So many codes of the shapes of CPT and HCPCS, in order."""
    random = Random(SEED)
    numbers = random.sample(range(100, 99_700), CODES * 2 // 3)
    letters = random.sample([f"{letter}{n:04}" for letter in "ACEGJLPQ" for n in range(2_000)], CODES - len(numbers))
    return sorted([f"{n:05}" for n in numbers] + letters)


def lines(pairs: int) -> Iterator[str]:
    """So many edits, in order of their codes; some pairs have two periods, some were never in force."""
    random, known = Random(SEED), codes()
    # A few codes have thousands of pairs, most a hundred or two, as in the official tables.
    weights = [1 / (1 + random.random() * 12) for _ in known]
    total, left = sum(weights), pairs
    for at, column1 in enumerate(known):
        wanted = left if at == len(known) - 1 else min(left, round(pairs * weights[at] / total))
        left -= wanted
        others = sorted(random.choices(known, k=wanted))
        before = ""
        for column2 in others:
            yield _line(column1, column2, column2 == before, random.random(), random.random())
            before = column2


def _line(column1: str, column2: str, again: bool, first: float, second: float) -> str:
    begins = int(first * (len(QUARTERS) - 8))
    rationale = RATIONALES[int(second * 12) if second < 0.2 else int(first * 3)]
    old = "*" if begins == 0 else ""
    if second < 0.05:
        ending = f"{QUARTERS[begins]}\t{QUARTERS[begins]}\t9"
    elif second < 0.3 and not again:
        ending = f"{QUARTERS[begins]}\t{ENDS[begins + 3 + int(second * 12)]}\t1"
    else:
        ending = f"{QUARTERS[begins]}\t*\t{int(second < 0.8)}"
    return f"{column1}\t{column2}\t{old}\t{ending}\t{rationale}\r\n"


def write(folder: Path, pairs: int) -> list[Path]:
    """The four parts of a synthetic release."""
    paths = [folder / f"ccipra-v323r0-f{n}.TXT" for n in range(1, PARTS + 1)]
    made = lines(pairs)
    for path in paths:
        with path.open("w", encoding="ascii", newline="") as file:
            file.write(HEADER)
            file.writelines(line for _, line in zip(range(pairs // PARTS), made, strict=False))
    return paths


def install(folder: Path, store: Path) -> str:
    """Seconds for reading the release and writing the store, and what was counted, as JSON."""
    files = []
    for path in sorted(folder.glob("*.TXT")):
        with path.open("rb") as file:
            files.append(Offered(path.name, file.read(HEAD_BYTES), path.read_bytes))
    wall, cpu = perf_counter(), process_time()
    found = FORMATS[0].recognise(files[0])
    assert found is not None
    table = FORMATS[0].read(files, found)
    write_store(store, table.parts)
    return json.dumps([perf_counter() - wall, process_time() - cpu, dict(table.counts)])


def ask(store: Path, count: int) -> str:
    """Microseconds of CPU a pair: the first time a code is asked for, and after; hits and misses half each, as JSON."""
    release = Release("ncci", "ptp-practitioner", _period(), "synthetic", "0" * 64, (), "", store.name)
    ptp = PractitionerPtp(Store(store), release)
    random, known = Random(SEED + 1), codes()
    absent = [(random.choice(known), random.choice(known)) for _ in range(count // 2)]
    present = list(_present(Store(store), random, count - len(absent)))
    asked = absent + present
    random.shuffle(asked)
    figures = {}
    for name in ("cold", "warm"):
        began = process_time()
        hits = sum(ptp.pair(one, other, ON) is not None for one, other in asked)
        figures[name] = (process_time() - began) / len(asked) * 1e6
    began = process_time()
    for one, _ in asked[:200]:
        ptp.with_code(one, ON, 100)
    figures["page"] = (process_time() - began) / 200 * 1e3
    return json.dumps([figures, hits / len(asked)])


def _period() -> Any:
    found = FORMATS[0].recognise(Offered("ccipra-v323r0-f1.TXT", HEADER.encode(), bytes))
    assert found is not None
    return found.period


def _present(store: Store, random: Random, count: int) -> Iterator[tuple[str, str]]:
    from leadterm.codesets.payment.ncci.packing import MEANING_BITS, number_code, unpacked

    rows: list[array[int]] = []
    for code, edits in store.all("SELECT code, edits FROM column1"):
        rows.append(array("Q", [code, *unpacked("Q", edits)]))
    for row in random.choices(rows, [len(r) for r in rows], k=count):
        yield number_code(row[0]), number_code(row[random.randrange(1, len(row))] >> MEANING_BITS)


def _child(call: str) -> Run:
    """One call in a process of its own, so that its memory is its own."""
    return python(CHILD.format(call=call))


def measure(quick: bool) -> dict[str, Any]:
    """Figures of installing and asking a synthetic release."""
    pairs = QUICK if quick else PAIRS
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-ptp-") as name:
        folder = Path(name)
        size = sum(path.stat().st_size for path in write(folder, pairs)) / 2**20
        store = folder / "ptp.sqlite"
        child = _child(f"install(Path({str(folder)!r}), Path({str(store)!r}))")
        wall, cpu, counts = json.loads(child.out)
        asking, hits = json.loads(_child(f"ask(Path({str(store)!r}), {ASKED})").out)
        stored = store.stat().st_size / 2**20
    return answer(
        [
            Figure("edits installed", counts["edits"], "lines"),
            Figure("read and stored, wall", wall, "s", 60, AT_MOST),
            Figure("read and stored, CPU", cpu, "s", 60, AT_MOST),
            Figure("installing, peak RSS", child.rss, "MB", 1_500, AT_MOST),
            Figure("release as published", size, "MB"),
            Figure("store", stored, "MB", 250, AT_MOST),
            Figure("a pair, CPU, every code asked before", asking["warm"], "µs", 10, AT_MOST),
            Figure("a pair, CPU, from a cold start", asking["cold"], "µs"),
            Figure("a page of 100 edits of a code, CPU", asking["page"], "ms"),
            Figure("share of pairs asked that have an edit in force", hits, ""),
        ],
        inputs=[ROOT / "benchmarks/ptp.py"],
        counts=counts,
    )


if __name__ == "__main__":
    print(json.dumps(measure("--quick" in sys.argv), indent=1))
