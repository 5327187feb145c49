"""`leadterm serve`: this machine alone, unless its owner says otherwise; sentences for what hinders it."""

from __future__ import annotations

import os
import re
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

HUNG = 300  # seconds after which a process is given up: how long one takes on a busy machine is no matter here
SCRIPT = "from leadterm.cli.serve import serve; import sys; serve(port=int(sys.argv[1]), workers=int(sys.argv[2]))"


@pytest.fixture
def ran(book: CodeBook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, int, int]]:
    """What the server would be started with, in a data home of the test's own."""
    calls: list[tuple[str, int, int]] = []
    monkeypatch.setenv("LEADTERM_HOME", str(tmp_path))
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
    ran: list[tuple[str, int, int]], capsys: pytest.CaptureFixture[str], host: str, tmp_path: Path
) -> None:
    if host == "::" and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        command.serve(host=host, port=0)
    except InputError:
        pytest.skip("no IPv6 here")
    said = capsys.readouterr().err
    assert f"whoever reaches {host} can read" in said
    assert "the desk, where charts are, stays closed" in said
    assert "/desk" not in said
    assert ran[0][0] == host
    assert list(tmp_path.iterdir()) == []


def test_no_setting_of_the_environment_opens_it(
    ran: list[tuple[str, int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOST", "LEADTERM_HOST", "LEADTERM_SERVE_HOST", "UVICORN_HOST"):
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


@pytest.mark.usefixtures("ran")
def test_a_terminal_is_shown_the_token_and_a_log_is_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command.serve(port=0)
    token = (tmp_path / "desk-token").read_text(encoding="utf-8").strip()
    said = capsys.readouterr().err
    assert token not in said
    assert f"the token is in {tmp_path / 'desk-token'}" in said
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    command.serve(port=0)
    assert re.search(rf"http://127\.0\.0\.1:\d+/desk\?token={token}$", capsys.readouterr().err, re.MULTILINE)


@pytest.mark.usefixtures("ran")
def test_the_token_stays_until_a_new_one_is_asked_for(tmp_path: Path) -> None:
    tokens = []
    for new in (False, False, True, False):
        command.serve(port=0, new_token=new)
        tokens.append((tmp_path / "desk-token").read_text(encoding="utf-8"))
    assert tokens[0] == tokens[1] != tokens[2] == tokens[3]


def test_a_token_that_others_can_read_is_not_served_with(ran: list[tuple[str, int, int]], tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("modes are those of POSIX")
    command.serve(port=0)
    (tmp_path / "desk-token").chmod(0o644)
    with pytest.raises(InputError, match="by others"):
        command.serve(port=0)
    command.serve(port=0, new_token=True)
    assert len(ran) == 2


def test_a_home_that_cannot_be_written_leaves_the_code_book(
    ran: list[tuple[str, int, int]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("LEADTERM_HOME", str(tmp_path / "file" / "home"))
    command.serve(port=0)
    said = capsys.readouterr().err
    assert "the desk stays closed" in said
    assert "/desk?token" not in said
    assert len(ran) == 1


@pytest.mark.usefixtures("ran")
def test_the_browser_is_told_a_file_not_the_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown: list[str] = []
    monkeypatch.setattr(command, "_show", lambda host, port, aim: shown.append(aim))
    within: list[str] = []
    monkeypatch.setattr(command, "_run", lambda *given: within.append((tmp_path / "desk-open.html").read_text()))
    command.serve(port=0, show=True)
    token = (tmp_path / "desk-token").read_text(encoding="utf-8").strip()
    _wait_for(shown)
    assert shown == [(tmp_path / "desk-open.html").resolve().as_uri()]
    assert f"/desk?token={token}" in within[0]
    assert [file.name for file in tmp_path.iterdir()] == ["desk-token"]


def _wait_for(something: list[str]) -> None:
    ends = time.monotonic() + HUNG
    while not something and time.monotonic() < ends:
        time.sleep(0.01)


def test_it_answers_with_two_workers_and_ends_when_told(home: Path, tmp_path: Path) -> None:
    (tmp_path / "codesets").symlink_to(home / "codesets")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(port), "2"],
        env={**_environment(), "LEADTERM_HOME": str(tmp_path)},
        stderr=subprocess.PIPE,
    )
    try:
        answer = _asked(f"http://127.0.0.1:{port}/api/icd10cm/v3/search?terms=E11.22", process)
        assert answer.json()[1] == ["E11.22"]
        assert "server" not in answer.headers
        token = (tmp_path / "desk-token").read_text(encoding="utf-8").strip()
        _check_desk(f"http://127.0.0.1:{port}", token)
        shown = [Path(f"/proc/{process.pid}/{name}") for name in ("cmdline", "environ")]
        assert all(token.encode() not in file.read_bytes() for file in shown if file.exists())
    finally:
        process.terminate()
        _, said = process.communicate(timeout=HUNG)
    assert b"E11.22" not in said  # what was looked for is told to nobody
    assert token.encode() not in said
    assert b"Traceback" not in said


def _check_desk(address: str, token: str) -> None:
    """Every worker knows the token and the name of the server; each question is a connection of its own."""
    for _ in range(12):
        entered = httpx.get(f"{address}/desk/?token={token}")
        assert (entered.status_code, entered.headers["location"]) == (303, "/desk/")
        cookie = {"Cookie": entered.headers["set-cookie"].partition(";")[0]}
        assert httpx.get(f"{address}/desk/no/such", headers=cookie).status_code == 404
        assert httpx.get(f"{address}/desk/no/such").status_code == 401
        assert httpx.get(f"{address}/%64esk/no/such").status_code == 401
        assert httpx.get(f"{address}/", headers={"Host": "evil.example"}).status_code == 421


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(leadterm.__file__).parents[1])}


def _asked(address: str, process: subprocess.Popen[bytes]) -> httpx.Response:
    ends = time.monotonic() + HUNG
    while time.monotonic() < ends and process.poll() is None:
        try:
            return httpx.get(address, timeout=10)
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")
