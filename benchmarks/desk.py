"""The desk as a coder meets it: every action over loopback on every sample, a chart of 1.5 MB, codes while typing.

The server is a process of its own with its own database. Actions are sent as the scripts send them, one after another,
and timed to the last byte of the pieces. The browser is Debian's Chromium by its driver, on the same two cores.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from leadterm.app.samples import sample_names
from leadterm.codesets import open_book
from leadterm.codesets.store import data_home

from .desk_browser import measured as in_browser
from .desk_chart import TOKEN, long_encounter
from .figures import AT_MOST, Figure, answer, percentile
from .process import _path

HOST = "127.0.0.1"
PATIENCE = 120
SCRIPT = {"HX-Request": "true"}
Times = dict[str, list[float]]
ROW = re.compile(r'data-row="(?P<id>[^"]+)" data-code="(?P<code>[^"]+)" data-status="(?P<status>[^"]+)"')
ADDED = ("R05.9", "Z72.0", "M79.602")


def measure(quick: bool) -> dict[str, Any]:
    """Figures of the desk; without Chromium or its driver those of the browser are left out."""
    open_book(data_home())
    with served() as (address, client):
        samples = sample_names()[:2] if quick else sample_names()
        actions: Times = defaultdict(list)
        pages: Times = defaultdict(list)
        for name in samples:
            short = client.post("/desk/sample", data={"sample": name}).headers["location"]
            _coder(client, short, actions, pages)
        long = client.post("/desk/open", files={"file": ("long.json", long_encounter())}).headers["location"]
        of_long: Times = defaultdict(list)
        _coder(client, long, of_long, defaultdict(list), most=10 if quick else 40)
        figures = [*_figures(actions, pages), *_spread("the long chart, an action", _all(of_long), 50)]
        browser, skipped = in_browser(address, long, short, quick)
    told = {name: round(percentile(spent, 0.95), 1) for name, spent in sorted(actions.items())}
    return answer([*figures, *browser], skipped=skipped, samples=len(samples), p95_ms_by_action=told)


def _all(times: Mapping[str, list[float]]) -> list[float]:
    return [spent for one in times.values() for spent in one]


def _figures(actions: Times, pages: Times) -> Iterator[Figure]:
    yield from _spread("an action on a sample", _all(actions), 50)
    yield Figure("actions that were done", len(_all(actions)), "")
    for name, spent in pages.items():
        yield Figure(f"{name}, p95", percentile(spent, 0.95), "ms")


def _spread(name: str, spent: list[float], floor: float) -> Iterator[Figure]:
    yield Figure(f"{name}, p50", percentile(spent, 0.5), "ms")
    yield Figure(f"{name}, p95", percentile(spent, 0.95), "ms", floor, AT_MOST)
    yield Figure(f"{name}, max", max(spent), "ms")


@contextmanager
def served() -> Iterator[tuple[str, httpx.Client]]:
    """The address of a desk in a process of its own, and who asks it."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-desk-") as kept:
        command = [sys.executable, "-m", "benchmarks.desk_chart", str(port), str(data_home()), kept]
        process = subprocess.Popen(command, env={**os.environ, **_path()}, cwd=Path(__file__).parents[1])
        headers = {"Authorization": f"Bearer {TOKEN}"}
        try:
            with httpx.Client(base_url=f"http://{HOST}:{port}", timeout=60, headers=headers) as client:
                _wait(client, process)
                yield f"http://{HOST}:{port}", client
        finally:
            process.terminate()
            process.wait(20)


def _wait(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        try:
            client.get("/desk")
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            client.post("/desk/open", data={"text": "Gout."})  # the engine reads its dictionary
            return
    raise RuntimeError("the desk did not start")


class _Chart:
    """One chart: its rows as they stand, and the time of each action."""

    def __init__(self, client: httpx.Client, home: str, times: Times) -> None:
        self._client = client
        self._times = times
        self.home = home
        self.version = "0"

    def rows(self, status: str = "") -> list[re.Match[str]]:
        page = self._client.get(self.home).text
        return [row for row in ROW.finditer(page) if status in ("", row["status"])]

    def do(self, action: str, **fields: str) -> str:
        began = time.perf_counter()
        done = self._client.post(
            f"{self.home}/do", data={"do": action, "version": self.version, **fields}, headers=SCRIPT
        )
        spent = (time.perf_counter() - began) * 1000
        if done.status_code == 409:
            return done.text
        if done.status_code != 200:
            raise RuntimeError(f"{action} answered {done.status_code}")
        self._times[action.partition(":")[0]].append(spent)
        found = re.search(r'id="version"[^>]* value="(\d+)"', done.text)
        self.version = found[1] if found else self.version
        return done.text


def _coder(client: httpx.Client, home: str, times: Times, pages: Times, most: int = 1000) -> None:
    """Does everything that can be done on a chart, and looks at every page of it."""
    chart = _Chart(client, home, times)
    rows = chart.rows()[:most]
    for row in rows:
        chart.do(f"accept:{row['id']}")
    for row in rows[::3]:
        _decided(chart, row["id"])
    for code in ADDED:
        chart.do("add", code=code, document="d1", start="10", end="30", method="text")
        chart.do("undo")
        chart.do("redo")
        chart.do("undo")
    for row in rows[::4]:
        chart.do(f"replace:{row['id']}", code="R68.89")
        chart.do("undo")
        chart.do(f"poa:{row['id']}", poa="Y")
        chart.do(f"line:{row['id']}", units="2", modifiers="25", pointers="1", charge="10.00")
    for row in rows:
        chart.do(f"accept:{row['id']}")
    for found in re.findall(r'data-act="permit" value="([^"]+)"', client.get(home).text):
        chart.do(f"permit:{found}", reason="So the record says.")
    for found in re.findall(r'value="query:([^:"]+):draft"', client.get(home).text):
        chart.do(f"query:{found}:draft", text="Please tell which.")
    for _ in range(4):
        chart.do("finish")
        chart.do("reopen")
    _looked(client, chart, pages)


def _decided(chart: _Chart, row: str) -> None:
    chart.do(f"reconsider:{row}")
    chart.do(f"reject:{row}", reason="unsupported", note="no words")
    chart.do("undo")
    chart.do(f"accept:{row}")
    for way in ("down", "up"):
        chart.do(f"{way}:{row}")
    chart.do(f"move:{row}", place="1")


def _looked(client: httpx.Client, chart: _Chart, pages: Times) -> None:
    one = chart.rows()[0]["id"]
    asked: dict[str, Callable[[], httpx.Response]] = {
        "the page of a chart": lambda: client.get(chart.home),
        "why": lambda: client.get(f"{chart.home}/codes/{one}", headers=SCRIPT),
        "what it groups to": lambda: client.get(f"{chart.home}/worth"),
        "what comes out": lambda: client.get(f"{chart.home}/out"),
    }
    for name, ask in asked.items():
        began = time.perf_counter()
        ask()
        pages[name].append((time.perf_counter() - began) * 1000)
