"""Reading an 835 of 20 MB, and posting it into SQLite, beside oxedi (Rust) and the split of its bytes.

Each measurement has a process of its own, so that the peak of memory is that of the work alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .data835 import ROWS_A_CLAIM, Written, write
from .figures import AT_LEAST, AT_MOST, ROOT, Figure, answer, cpu_seconds

MEGABYTES = 20.0
MOST_MB = 200


def measure(quick: bool) -> dict[str, Any]:
    """Claims a second read, and read and posted, with peaks of memory; sums held against what was written."""
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-835-") as folder:
        file = Path(folder) / "bench.835"
        with file.open("wb") as out:
            written = write(out, megabytes=0.5 if quick else MEGABYTES)
        reading, posting = _child("read", file, folder), _child("post", file, folder)
        figures = [
            Figure("file", written.size / 1e6, "MB"),
            Figure("claims, 2 lines and 8 ledger rows each", written.claims, "claims"),
            *_ours("read", reading, written, 3000),
            *_ours("read and posted", posting, written, 2500),
            Figure(
                "reading: claims, lines and cents equal to what was written", _equal(reading, written), "", 1, AT_LEAST
            ),
            Figure("posting: rows and cents equal to what was written", _equal(posting, written), "", 1, AT_LEAST),
        ]
        inputs = [ROOT / "benchmarks/data835.py"]
        if find_spec("oxedi") is None:
            return answer(figures, skipped=["oxedi is not installed (requirements/dev.txt)"], inputs=inputs)
        peer = _child("oxedi", file, folder)
        figures += [
            Figure("read", written.claims / peer["cpu"], "claims/s CPU", of=f"oxedi {version('oxedi')}"),
            Figure("reading, ratio to the peer", peer["cpu"] / reading["cpu"], "×"),
        ]
        return answer(figures, inputs=inputs)


def _ours(what: str, done: dict[str, Any], written: Written, floor: int) -> list[Figure]:
    return [
        Figure(what, written.claims / done["cpu"], "claims/s CPU", floor, AT_LEAST),
        Figure(f"{what}, peak RSS", done["rss"], "MB", MOST_MB, AT_MOST),
    ]


def _equal(done: dict[str, Any], written: Written) -> int:
    """1 when claims (and rows, where posted) and paid cents are those that were written."""
    rows = done.get("rows", written.claims * ROWS_A_CLAIM)
    return int((done["claims"], rows, done["paid"]) == (written.claims, written.rows, written.paid))


def _child(work: str, file: Path, folder: str) -> dict[str, Any]:
    """What one kind of work took, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-m", "benchmarks.remittance", work, str(file), folder]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    answered: dict[str, Any] = json.loads(done.stdout)
    return answered


def _read(file: Path, _: str) -> dict[str, int]:
    from leadterm.remittance import PaymentEnd, read

    with file.open("rb") as source:
        ends = [part for part in read(source) if isinstance(part, PaymentEnd)]
    return {"claims": sum(e.claims for e in ends), "paid": int(sum(e.paid.amount for e in ends) * 100)}


def _post(file: Path, folder: str) -> dict[str, int]:
    from leadterm.app.posting import post
    from leadterm.storage import open_database

    with open_database(Path(folder)) as database, file.open("rb") as source:
        payments = post(database, source).payments
        with database.reading() as connection:
            paid = connection.exec_driver_sql("SELECT SUM(amount) FROM entries WHERE kind = 'payment'").scalar()
            rows = connection.exec_driver_sql("SELECT COUNT(*) FROM entries").scalar()
    return {"claims": sum(p.claims for p in payments), "rows": int(rows or 0), "paid": int(paid or 0)}


def _oxedi(file: Path, _: str) -> dict[str, int]:
    import oxedi

    result = oxedi.parse(file.read_bytes())
    assert not result.diagnostics
    return {"claims": 0, "paid": 0}


WORK: dict[str, Callable[[Path, str], dict[str, int]]] = {"read": _read, "post": _post, "oxedi": _oxedi}


def main(work: str, file: str, folder: str) -> None:
    """Does one kind of work and prints what it took as JSON."""
    import resource

    found: dict[str, int] = {}
    cpu = cpu_seconds(lambda: found.update(WORK[work](Path(file), folder)))
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": cpu, "rss": rss, **found}))


if __name__ == "__main__":
    main(*sys.argv[1:])
