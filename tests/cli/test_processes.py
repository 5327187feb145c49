"""The command line as a process: its streams, its signals, and what the machine around it lacks."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from subprocess import PIPE

import pytest

from .conftest import Call
from .notation import CHART, CODES, DAY, HUNG, LEADTERM, codes, environment, quotes_hold, row, rows

Write = Callable[[str, str | bytes], Path]
FULL = Path("/dev/full")


def shell(line: str, cwd: Path, **added: str) -> subprocess.CompletedProcess[bytes]:
    """A line for bash, in which `leadterm` is ours."""
    called = f'leadterm() {{ {sys.executable} -m leadterm "$@"; }}; {line}'
    return subprocess.run(
        ["bash", "-c", called], cwd=cwd, env=environment(**added), capture_output=True, timeout=HUNG, check=False
    )


def test_a_whole_way_by_pipes(process: Call, write: Write) -> None:
    write("visit.txt", CHART)
    coded = process("code", "visit.txt", "--date", DAY, "--json")
    assert (coded.code, coded.err, codes(coded.json), quotes_hold(coded.json)) == (0, "", CODES, True)
    checked = process("validate", "-", stdin=coded.out)
    assert (checked.code, checked.err) == (0, "")


def test_the_reader_of_the_output_may_go(write: Write, tmp_path: Path) -> None:
    write("notes.jsonl", rows(*(row(str(n), CHART * 20) for n in range(200))))
    done = shell('leadterm code notes.jsonl | head -1; echo "${PIPESTATUS[0]}"', tmp_path)
    first, code = done.stdout.splitlines()
    assert (json.loads(first)["id"], code, done.stderr) == ("0", b"0", b"")


def test_the_reader_may_go_before_the_first_word(tmp_path: Path) -> None:
    done = shell('leadterm explain | true; echo "${PIPESTATUS[0]}"', tmp_path)
    assert (done.stdout, done.stderr) == (b"0\n", b"")


@pytest.mark.skipif(not FULL.exists(), reason="this machine has no device that is always full")
def test_a_full_disk_is_told_in_a_sentence(tmp_path: Path) -> None:
    done = shell("leadterm lookup E11.9 --json >/dev/full", tmp_path)
    assert done.returncode == 2
    assert done.stderr == b"leadterm: standard input or output cannot be read or written: No space left on device.\n"


@pytest.mark.parametrize("line", ["leadterm lookup E11.9 >&-", "leadterm lookup E11.9 --json >&-"])
def test_closed_standard_output_is_silence(tmp_path: Path, line: str) -> None:
    done = shell(line, tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")


def test_closed_standard_input_is_empty(tmp_path: Path) -> None:
    done = shell("leadterm validate - <&-", tmp_path)
    assert (done.returncode, done.stderr) == (2, b"leadterm: standard input is empty: there is nothing to code.\n")


def test_an_output_that_knows_ascii_only_gets_numbers_for_letters_and_json_in_utf8(tmp_path: Path) -> None:
    seen = shell("leadterm lookup H81.01; leadterm lookup H81.01 --json", tmp_path, PYTHONIOENCODING="ascii")
    assert seen.returncode == 0
    assert rb"M\xe9ni\xe8re" in seen.stdout
    assert "Ménière".encode() in seen.stdout


def test_an_interrupt_ends_it_without_a_traceback(write: Write, tmp_path: Path) -> None:
    # A shell that starts the tests in the background has them ignore interrupts, and what they start with them.
    heard: Callable[[], object] = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    call = [*LEADTERM, "code", "-"]
    with subprocess.Popen(
        call, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment(), cwd=tmp_path, preexec_fn=heard
    ) as running:
        assert running.stdin
        assert running.stdout
        running.stdin.write(rows(row("a", CHART), row("b", "Feels well. " * 4000), row("c", "Feels well. " * 4000)))
        running.stdin.flush()
        assert json.loads(running.stdout.readline())["id"] == "a"
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=HUNG)
    assert running.returncode == 130
    assert b"Traceback" not in err


@pytest.mark.parametrize("call", [["lookup", "E11.9"], ["code", "visit.txt"], ["codes", "status"], ["search", "gout"]])
def test_a_home_that_cannot_be_written_is_told_in_a_sentence(write: Write, process: Call, call: list[str]) -> None:
    write("visit.txt", CHART)
    write("home", "a file where the folder should be")
    answer = process(*call, LEADTERM_HOME="home")
    assert (answer.code, answer.out) == (3, b"")
    assert "set LEADTERM_HOME to a folder that can be written" in answer.err
    assert answer.err.count("\n") == 1


def test_the_doctor_finds_a_home_that_cannot_be_written(write: Write, process: Call) -> None:
    write("home", "a file where the folder should be")
    answer = process("doctor", "--json", LEADTERM_HOME="home")
    failed = [c["name"] for c in answer.json["checks"] if not c["ok"]]
    assert (answer.code, failed) == (3, ["data home", "code sets", "dictionary"])


def test_a_chart_may_come_through_a_named_pipe(write: Write, tmp_path: Path) -> None:
    write("visit.txt", CHART)
    done = shell("leadterm code <(cat visit.txt) --json", tmp_path)
    assert codes(json.loads(done.stdout)) == CODES


def test_every_process_answers_alike(leadterm: Call, process: Call, write: Write) -> None:
    write("visit.txt", CHART)
    call = ["code", "visit.txt", "--json"]
    assert process(*call, PYTHONHASHSEED="7").out == leadterm(*call).out
