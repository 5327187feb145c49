"""`leadterm codes` for whoever names wrong paths, closes pipes and has damaged things."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from codesets.hostile import SAMPLES, faults, linked
from schemas.validation import problems

from .conftest import Call
from .notation import LEADTERM, environment

SAMPLE = {one.component: one for one in SAMPLES}
POA, CC = SAMPLE["reference:poa"], SAMPLE["msdrg:cc"]


@pytest.fixture
def own(home: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of a compiled home of the test's own."""
    shutil.copytree(home / "codesets", tmp_path / "own" / "codesets", copy_function=linked)
    return {"LEADTERM_HOME": str(tmp_path / "own")}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a good file, the same in another shape, a damaged one, a note, a pipe and a strange name."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / POA.path).write_bytes(POA.data)
    (folder / "poa_indicators_2.csv").write_bytes(b"code,description\nY,Zyx\n")
    (folder / "cc_2031.txt").write_bytes(CC.data[:60])
    (folder / "note\x1b[31m\u202e.txt").write_text("a note")
    os.mkfifo(folder / "pipe.txt")
    return folder


def test_every_command_gives_json_of_its_contract(process: Call, own: dict[str, str], files: Path) -> None:
    called = {
        ("install", str(files), "--dry-run"): ("installation-1", 0),
        ("install", str(files)): ("installation-1", 1),
        ("status",): ("releases-1", 0),
        ("diff", "2025-09-30", "2025-10-01", "--component", "icd10cm:validity"): ("diff-1", 0),
        ("diff", "reference:poa@2000-01-01", "reference:poa@2000-01-01"): ("diff-1", 0),
        ("verify",): ("findings-1", 0),
        ("remove", "reference:poa"): ("installation-1", 0),
        ("update", "--list"): ("pages-1", 0),
    }
    for call, (schema, code) in called.items():
        answer = process("codes", *call, "--json", **own)
        assert (answer.code, problems(schema, answer.json)) == (code, []), call


def test_what_was_left_aside_and_refused_is_shown_without_harm(process: Call, own: dict[str, str], files: Path) -> None:
    answer = process("codes", "install", files, **own)
    assert answer.code == 1
    assert "installed reference:poa" in " ".join(answer.text.split())
    assert "note?[31m?.txt" in answer.text
    assert all(line.isprintable() for line in answer.text.splitlines())
    (line,) = [line for line in answer.text.splitlines() if line.startswith("refused")]
    assert faults(line, "cc_2031.txt") == ""


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["install", ""], "nothing names no file"),
        (["install", "/dev/null"], "neither a file nor a folder"),
        (["install", "empty"], "There is no file to install there"),
        (["install", "x" * 300], "cannot be looked at"),
        (["install", "note.txt"], "None of the files is of a known format"),
        (["install", "note.txt/below"], "nothing at below"),
        (["remove", ""], "names no release"),
        (["remove", "reference:poa@2020-02-30"], "ISO date"),
        (["remove", "reference:poa@2020-02-28"], "No release of reference:poa that begins on 2020-02-28 was installed"),
        (["remove", "reference:poa"], "No release of reference:poa was installed from files"),
        (["diff", "FY²", "FY2026"], "ISO date"),
        (["diff", "2025-01-01", "2026-01-01", "--component", ""], "Nothing is installed as ''"),
        (["diff", "a:b@2025-01-01", "a:b@2026-01-01"], "there are: none"),
    ],
)
def test_a_mistake_has_a_sentence(
    process: Call, own: dict[str, str], tmp_path: Path, call: list[str], words: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "note.txt").write_text("a note")
    answer = process("codes", *call, **own)
    assert (answer.code, answer.out) == (2, b"")
    assert words in answer.err


def test_a_release_beside_itself_has_no_changes(process: Call, own: dict[str, str]) -> None:
    answer = process("codes", "diff", "msdrg:cc@2025-10-01", "msdrg:cc@2025-10-01", **own)
    assert "nothing changed" in answer.text


@pytest.mark.parametrize(
    "call", ["status", "diff 2020-01-01 2026-01-01 --limit 0", "diff 2020-01-01 2026-01-01 --json"]
)
def test_a_reader_that_goes_early_ends_it_in_peace(own: dict[str, str], call: str) -> None:
    with subprocess.Popen(
        [*LEADTERM, "codes", *call.split()],
        env=environment(**own),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_damaged_manifest_loses_nothing_that_was_installed(process: Call, own: dict[str, str], files: Path) -> None:
    process("codes", "install", files / POA.path, **own)
    manifest = Path(own["LEADTERM_HOME"]) / "codesets" / "manifest.json"
    for damage in (b"", b"[" * 100_000, b"[]", b'{"releases": [{}]}', manifest.read_bytes()[:-200]):
        manifest.unlink()
        manifest.write_bytes(damage)
        assert "reference:poa" in process("codes", "status", **own).text


def test_a_store_that_was_changed_is_told_and_compiled_again(process: Call, own: dict[str, str], files: Path) -> None:
    process("codes", "install", files / POA.path, **own)
    (store,) = (Path(own["LEADTERM_HOME"]) / "codesets").glob("reference-poa-*.sqlite")
    raw = bytearray(store.read_bytes())
    raw[5_000] ^= 1
    store.write_bytes(raw)
    answer = process("codes", "verify", **own)
    assert answer.code == 1
    assert "reference:poa" in answer.text
    store.unlink()
    assert "Every store is what was compiled." in process("codes", "verify", **own).text


def test_a_home_that_is_no_folder_is_told(process: Call, tmp_path: Path, files: Path) -> None:
    (tmp_path / "home").write_text("a file")
    for call in (["status"], ["verify"], ["install", str(files)], ["remove", "reference:poa"]):
        answer = process("codes", *call, LEADTERM_HOME=str(tmp_path / "home"))
        assert (answer.code, "LEADTERM_HOME" in answer.err) == (3, True), call
