"""`leadterm serve`: this machine alone, unless its owner says otherwise; sentences for what hinders it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

import leadterm
from leadterm.cli import serve as command
from leadterm.codesets import CodeBook
from leadterm.domain import DataMissing, InputError

SCRIPT = "from leadterm.cli.serve import serve; import sys; serve(port=int(sys.argv[1]), workers=int(sys.argv[2]))"


@pytest.fixture
def ran(book: CodeBook, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, int]]:
    """What the server would be started with."""
    calls: list[tuple[str, int, int]] = []
    monkeypatch.setattr(command, "open_book", lambda: book)
    monkeypatch.setattr(command, "_run", lambda *given: calls.append(given))
    return calls


@pytest.fixture
def taken() -> Iterator[int]:
    """A port where somebody listens."""
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_it_listens_on_this_machine_alone(ran: list[tuple[str, int, int]], capsys: pytest.CaptureFixture[str]) -> None:
    assert command.serve(port=0) == 0
    ((host, port, workers),) = ran
    assert (host, workers) == ("127.0.0.1", 1)
    said = capsys.readouterr().err
    assert f"http://127.0.0.1:{port}/" in said
    assert "warning" not in said


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_another_address_must_be_named_and_is_warned_of(
    ran: list[tuple[str, int, int]], capsys: pytest.CaptureFixture[str], host: str
) -> None:
    if host == "::" and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        command.serve(host=host, port=0)
    except InputError:
        pytest.skip("no IPv6 here")
    assert f"whoever reaches {host} can read" in capsys.readouterr().err
    assert ran[0][0] == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_addresses_of_this_machine_are_known(host: str) -> None:
    assert command._is_loopback(host)


def test_no_setting_of_the_environment_opens_it(
    ran: list[tuple[str, int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOST", "LEADTERM_HOST", "UVICORN_HOST"):
        monkeypatch.setenv(name, "0.0.0.0")
    monkeypatch.setenv("WEB_CONCURRENCY", "9")
    command.serve(port=0)
    assert (ran[0][0], ran[0][2]) == ("127.0.0.1", 1)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    with pytest.raises(DataMissing, match=r"pip install 'leadterm\[web\]'"):
        command.serve()


def test_a_port_that_is_taken_is_told(ran: list[tuple[str, int, int]], taken: int) -> None:
    with pytest.raises(InputError, match=f"port {taken}"):
        command.serve(port=taken)
    assert ran == []


def test_the_command_imports_nothing_heavy_before_it_is_called() -> None:
    code = "import leadterm.cli.serve, sys; sys.exit('fastapi' in sys.modules or 'uvicorn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=_environment(), check=False).returncode == 0


def test_it_answers_with_two_workers_and_ends_when_told(home: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(port), "2"], env=_environment(), stderr=subprocess.PIPE
    )
    try:
        answer = _asked(f"http://127.0.0.1:{port}/api/icd10cm/v3/search?terms=E11.22", process)
        assert answer.json()[1] == ["E11.22"]
        assert "server" not in answer.headers
    finally:
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert b"E11.22" not in said  # what was looked for is told to nobody
    assert b"Traceback" not in said


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(leadterm.__file__).parents[1])}


def _asked(address: str, process: subprocess.Popen[bytes]) -> httpx.Response:
    ends = time.monotonic() + 60
    while time.monotonic() < ends and process.poll() is None:
        try:
            return httpx.get(address, timeout=10)
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")
