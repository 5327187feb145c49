"""A desk whose process is killed in the middle of work: what it said was done is done, whatever happens then."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import httpx
import pytest

import leadterm

from .coders import Chart, sampled
from .page import plain

SAMPLE = "01-diabetes-ckd-hypertension"
START = "import sys; from leadterm.cli.serve import serve; serve(port=int(sys.argv[1]))"
HUNG = 300  # seconds after which a process is given up: how long one takes on a busy machine is no matter here
CODES = ("R05.9", "Z72.0", "M79.602", "R51.9", "K21.9")


@contextmanager
def served(home: Path) -> Iterator[tuple[httpx.Client, subprocess.Popen[bytes]]]:
    """A desk of its own process over `home`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "LEADTERM_HOME": str(home), "PYTHONPATH": str(Path(leadterm.__file__).parents[1])}
    environment.pop("LEADTERM_DATABASE_URL", None)
    process = subprocess.Popen([sys.executable, "-c", START, str(port)], env=environment, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            _wait(client, process)
            client.headers["Authorization"] = f"Bearer {(home / 'desk-token').read_text(encoding='utf-8').strip()}"
            yield client, process
    finally:
        process.kill()
        process.wait(HUNG)


def _wait(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + HUNG
    while time.monotonic() < ends and process.poll() is None:
        try:
            client.get("/static/none")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the desk did not start")


def _action(chance: random.Random, rows: list[str]) -> dict[str, str]:
    row = chance.choice(rows)
    return chance.choice(
        (
            {"do": f"accept:{row}"},
            {"do": f"reject:{row}", "reason": "history"},
            {"do": f"reconsider:{row}"},
            {"do": f"move:{row}", "place": str(chance.randint(1, 5))},
            {"do": "add", "code": chance.choice(CODES)},
            {"do": "undo"},
            {"do": "redo"},
        )
    )


def _version(chart: Chart) -> int:
    return int(chart.page().by_id("version").attributes["value"])


def killed_again_and_again(home: Path, kills: int, actions: int, seed: int) -> int:
    """Random actions with kills at random moments; how many were acknowledged. Fails when one of them is lost."""
    chance = random.Random(seed)
    address, acknowledged, shown = "", 0, list[str]()
    for turn in range(kills + 1):
        with served(home) as (client, process):
            chart = Chart(client, address) if address else sampled(client, SAMPLE)
            address = chart.home
            version = _version(chart)
            # What was under way when it was killed may have been done too, but nothing less than what was told.
            assert acknowledged <= version <= acknowledged + 1
            if version == acknowledged and shown:
                assert plain(chart.page().by_id("work")) == shown
            acknowledged = version
            if turn < kills:
                Timer(chance.uniform(0.05, 0.6), lambda pid=process.pid: os.kill(pid, signal.SIGKILL)).start()
            try:
                for _ in range(actions):
                    page = chart.page()
                    shown = plain(page.by_id("work"))
                    rows = [e.attributes["data-row"] for e in page.all() if "data-row" in e.attributes]
                    answer = client.post(f"{address}/do", data=_action(chance, rows))
                    assert answer.status_code in (303, 409), answer.text
                    if answer.status_code == 303:
                        acknowledged += 1
                        shown = []  # not read again yet
                    shown = plain(chart.page().by_id("work"))
            except httpx.TransportError:
                assert turn < kills
    return acknowledged


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    (tmp_path / "codesets").symlink_to(home / "codesets")
    return tmp_path


def test_nothing_that_was_told_done_is_lost_when_the_desk_is_killed(own_home: Path) -> None:
    assert killed_again_and_again(own_home, kills=2, actions=30, seed=1) > 5


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_lost_in_a_hundred_actions(own_home: Path, seed: int) -> None:
    assert killed_again_and_again(own_home, kills=6, actions=100, seed=seed) > 30
