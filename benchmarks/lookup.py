"""`leadterm lookup` as a process and in Python, beside simple_icd_10_cm."""

from __future__ import annotations

import json
import statistics
from importlib.metadata import PackageNotFoundError, version
from random import Random
from string import ascii_uppercase
from typing import Any

import leadterm as face

from .figures import AT_MOST, Figure, answer, cpu_seconds
from .process import leadterm, python

CODE = "E11.22"
PEER = """
import json, random, time
began = time.process_time()
import simple_icd_10_cm as cm
loaded = time.process_time() - began
codes = cm.get_all_codes(with_dots=True)
random.Random(1).shuffle(codes)
def each(work, items):
    began = time.process_time()
    for item in items:
        work(item)
    return (time.process_time() - began) / len(items) * 1e6
print(json.dumps([loaded, each(cm.get_description, ["E11.22"] * 20000), each(cm.get_full_data, codes[:5000])]))
"""


def measure(quick: bool) -> dict[str, Any]:
    """Figures of looking up one code."""
    leadterm("lookup", CODE)  # compiles on first use, warms the disk's cache
    runs = [leadterm("lookup", CODE) for _ in range(3 if quick else 7)]
    figures = [
        Figure("process, CPU (median)", statistics.median(r.cpu for r in runs), "s", 0.25, AT_MOST),
        Figure("process, peak RSS", max(r.rss for r in runs), "MB", 80, AT_MOST),
        Figure("in Python, cached", _cached(), "µs", 5, AT_MOST),
        Figure("in Python, every code once in random order", _random(2_000 if quick else None), "µs", 50, AT_MOST),
    ]
    try:
        peer = f"simple-icd-10-cm {version('simple-icd-10-cm')}"
    except PackageNotFoundError:
        return answer(figures, skipped=["simple-icd-10-cm is not installed"])
    theirs = python(PEER)
    loaded, title, all_data = json.loads(theirs.out)
    return answer(
        [
            *figures,
            Figure("process that imports it, CPU", theirs.cpu, "s", of=peer),
            Figure("import alone, CPU", loaded, "s", of=peer),
            Figure("process, peak RSS", theirs.rss, "MB", of=peer),
            Figure("in Python, title of one code", title, "µs", of=peer),
            Figure("in Python, full data, random codes", all_data, "µs", of=peer),
            Figure("process CPU, ratio to the peer", theirs.cpu / figures[0].value, "×"),
        ]
    )


def _cached() -> float:
    face.lookup(CODE)
    calls = 20_000
    return cpu_seconds(lambda: [face.lookup(CODE) for _ in range(calls)]) / calls * 1e6


def _random(most: int | None) -> float:
    from leadterm.codesets import open_book

    tree = open_book().tree_for(None)
    codes = [code for letter in ascii_uppercase for code in tree.starting(letter, 10**6)]
    Random(1).shuffle(codes)
    codes = codes[:most]
    return cpu_seconds(lambda: [face.lookup(code) for code in codes]) / len(codes) * 1e6
