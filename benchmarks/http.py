"""Autocomplete over HTTP on loopback: requests a second, latency and memory of `leadterm serve` with two workers.

The client runs on the same machine and takes its share of the two cores. Cold is every beginning once after the start;
warm is `wrk` drawing at random from the same list, where most answers are at hand.
"""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from .figures import AT_LEAST, AT_MOST, Figure, answer, percentile
from .process import _path

TYPED = Path(__file__).parent / "typed.txt"
HOST = "127.0.0.1"
WORKERS, CONNECTIONS, CLIENTS = 2, 16, 4
SECONDS, QUICK_SECONDS = 10, 2
START = """
import sys
from leadterm.cli.serve import serve
serve(port=int(sys.argv[1]), workers=int(sys.argv[2]), show=False)
"""
SCRIPT = """
local paths = {%s}
math.randomseed(7)
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
"""
PATH = "/api/icd10cm/v3/search?sf=code,name&terms="
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def measure(quick: bool) -> dict[str, Any]:
    """Figures of the autocomplete; the load generator is `wrk`, and without it the warm figures are left out."""
    prefixes = typed()
    with _served() as (port, process):
        cold, spent = _once_each(port, prefixes)
        figures = [
            Figure("cold: every beginning once", cold, "requests/s"),
            Figure("cold, latency p50", percentile(spent, 0.5), "ms"),
            Figure("cold, latency p99", percentile(spent, 0.99), "ms"),
        ]
        skipped = []
        if shutil.which("wrk"):
            rate, latency, bad = _wrk(port, prefixes, QUICK_SECONDS if quick else SECONDS)
            figures += [
                Figure("warm: drawn at random", rate, "requests/s", 1000, AT_LEAST),
                Figure("warm, latency p50", latency["50%"], "ms"),
                Figure("warm, latency p99", latency["99%"], "ms"),
                Figure("answers that were no answer", bad, "", 0, AT_MOST),
            ]
        else:
            skipped.append("wrk is absent (apt-get install wrk): no warm figures")
        figures.append(Figure("a worker, resident memory (largest)", max(_memory(process.pid)), "MB", 150, AT_MOST))
    return answer(figures, skipped=skipped, inputs=[TYPED], prefixes=len(prefixes), workers=WORKERS)


def typed() -> list[str]:
    """Every beginning of every phrase once, in an order that is always the same."""
    phrases = [line for line in TYPED.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = sorted({phrase[:end] for phrase in phrases for end in range(1, len(phrase) + 1)})
    Random(7).shuffle(found)
    return found


@contextmanager
def _served() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The port of a server with its workers up, and its process."""
    import os

    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(port), str(WORKERS)],
        env={**os.environ, **_path()},
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, process)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 120
    while time.monotonic() < ends and process.poll() is None:
        try:
            _get(http.client.HTTPConnection(HOST, port, timeout=5), "co")
        except OSError:
            time.sleep(0.2)
        else:
            time.sleep(3)  # the other worker
            return
    raise RuntimeError("leadterm serve did not start")


def _get(connection: http.client.HTTPConnection, prefix: str) -> None:
    connection.request("GET", PATH + quote(prefix))
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise RuntimeError(f"the autocomplete answered {response.status}")


def _once_each(port: int, prefixes: Sequence[str]) -> tuple[float, list[float]]:
    """Requests a second over all clients, and the milliseconds of each request."""
    spent: list[float] = []

    def client(share: Sequence[str]) -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        for prefix in share:
            began = time.perf_counter()
            _get(connection, prefix)
            spent.append((time.perf_counter() - began) * 1000)

    clients = [threading.Thread(target=client, args=(prefixes[n::CLIENTS],)) for n in range(CLIENTS)]
    began = time.perf_counter()
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return len(spent) / (time.perf_counter() - began), spent


def _wrk(port: int, prefixes: Sequence[str], seconds: int) -> tuple[float, dict[str, float], int]:
    """Requests a second, milliseconds by percentile, and how many answers were errors."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % ",".join(f'"{PATH}{quote(prefix)}"' for prefix in prefixes))
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", script.name]
        out = subprocess.run([*command, f"http://{HOST}:{port}"], capture_output=True, text=True, check=True).stdout
    latency = {p: float(n) * UNITS[unit] for p, n, unit in re.findall(r"(\d+%)\s+([\d.]+)(us|ms|s)\b", out)}
    bad = sum(
        int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)|(?:connect|read|write) (\d+)", out) for n in n if n
    )
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    return float(rate[1]) if rate else 0.0, latency, bad


def _memory(parent: int) -> list[float]:
    """Megabytes that each worker holds, by what Linux says of the processes below the server's."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "status").read_text()
        except OSError:
            continue
        if f"PPid:\t{parent}\n" in status and (resident := re.search(r"VmRSS:\s+(\d+) kB", status)):
            found.append(int(resident[1]) / 1024)
    return found or [0.0]
