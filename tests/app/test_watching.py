"""A watched folder: each content once, whole results, late documents; kills lose nothing and do nothing twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cli.notation import DAY, LEADTERM, codes, environment
from leadterm.app.watching import Arrivals, Inbox, watching
from leadterm.app.watching import inbox as inbox_module
from leadterm.codesets import CodeBook
from leadterm.domain import InputError
from leadterm.pipeline import Coder
from leadterm.records import Overrides
from schemas.validation import problems

NUMBERS = [{"kind": "visit", "value": "V1"}, {"kind": "patient", "value": "100"}]


class Folder:
    """A folder under watch, with a clock of its own."""

    def __init__(self, place: Path, book: CodeBook) -> None:
        self.place, self.now = place, time.time()
        self._coder = Coder(book, DAY)
        self.restart()

    def restart(self, **options: Any) -> None:
        arrivals = Arrivals(self.place, 2, lambda: self.now)
        self.inbox = Inbox(self._coder, arrivals, self.place, Overrides(), **options)

    def put(self, name: str, text: str) -> Path:
        path = self.place / name
        path.write_text(text, encoding="utf-8")
        os.utime(path, (self.now, self.now))
        return path

    def look(self, seconds: float = 3) -> list[tuple[str, str]]:
        events = list(self.inbox.look())
        self.now += seconds
        return [(event.file, str(event.outcome)) for event in (*events, *self.inbox.look())]

    def coded(self, name: str) -> list[str]:
        return codes(json.loads((self.place / name).read_text("utf-8")))


@pytest.fixture
def folder(tmp_path: Path, book: CodeBook) -> Folder:
    return Folder(tmp_path, book)


def chart(id: str, text: str, **rest: Any) -> str:
    return json.dumps({"id": "v", "identifiers": NUMBERS, "documents": [{"id": id, "text": text, **rest}]})


def test_what_arrives_is_coded_once_over_restarts(folder: Folder) -> None:
    folder.put("a.txt", "Assessment: Gout.")
    assert folder.look() == [("a.txt", "coded")]
    assert folder.coded("a.txt.coded.json") == ["M10.9"]
    assert folder.look() == []
    folder.restart()
    assert folder.look() == []


def test_a_file_that_grows_waits(folder: Folder) -> None:
    folder.put("a.txt", "Assessment: Go")
    assert folder.look(1) == []
    folder.put("a.txt", "Assessment: Gout.")
    assert folder.look(1.5) == []
    assert [p.name for p in folder.inbox.waiting] == ["a.txt"]
    assert folder.look() == [("a.txt", "coded")]
    assert folder.coded("a.txt.coded.json") == ["M10.9"]


def test_the_same_content_under_another_name_is_told(folder: Folder) -> None:
    folder.put("a.txt", "Assessment: Gout.")
    folder.look()
    folder.put("b.txt", "Assessment: Gout.")
    assert folder.look() == [("b.txt", "same")]
    assert not (folder.place / "b.txt.coded.json").exists()


def test_a_bad_file_is_tried_again_when_it_changes_or_when_asked(folder: Folder) -> None:
    folder.put("a.json", "{")
    assert folder.look() == [("a.json", "failed")]
    folder.restart()
    assert folder.look() == []
    folder.restart(again=True)
    assert folder.look() == [("a.json", "failed")]
    assert folder.look() == []
    folder.put("a.json", chart("n", "Assessment: Gout."))
    assert folder.look() == [("a.json", "coded")]


def test_half_a_character_in_a_number_does_not_end_the_watch(folder: Folder) -> None:
    folder.put("a.json", '{"id": "\\ud800", "text": "Assessment: Gout \\udfff"}')
    folder.put("b.txt", "Assessment: Gout.")
    assert folder.look() == [("a.json", "coded"), ("b.txt", "coded")]
    folder.restart()
    assert folder.look() == []


def test_a_file_beyond_measure_is_never_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadterm.app.watching.inbox.MOST_EXPANDED", 20)
    folder.put("a.txt", "Assessment: Gout. Hypertension.")
    folder.put("b.txt", "Gout.")
    assert folder.look() == [("a.txt", "failed"), ("b.txt", "coded")]


def test_a_late_document_joins_its_encounter_and_says_what_it_changes(folder: Folder) -> None:
    folder.put("a.json", chart("n-7", "Assessment: Gout."))
    folder.look()
    folder.put("b.json", chart("n-8", "Assessment: Hypertension.", status="corrected", supersedes="n-7"))
    assert folder.look() == [("b.json", "recoded")]
    assert folder.coded("a.json.coded.json") == ["I10"]
    changed = json.loads((folder.place / "b.json.recoding.json").read_text("utf-8"))
    assert problems("recoding-1", changed) == []
    assert [[t["code"] for t in changed[turn]] for turn in ("added", "removed")] == [["I10"], ["M10.9"]]
    assert not (folder.place / "b.json.coded.json").exists()


def test_a_file_that_is_written_anew_is_coded_anew(folder: Folder) -> None:
    folder.put("a.txt", "Assessment: Gout.")
    folder.look()
    folder.put("a.txt", "Assessment: Hypertension.")
    assert folder.look() == [("a.txt", "recoded")]
    assert folder.coded("a.txt.coded.json") == ["I10"]
    changed = json.loads((folder.place / "a.txt.recoding.json").read_text("utf-8"))
    assert changed["leading"] == {"before": "M10.9", "after": "I10"}


def test_rows_are_rows_and_a_bad_one_keeps_its_place(folder: Folder) -> None:
    folder.put("a.jsonl", '{"id":"p","text":"Assessment: Gout."}\n{"id":"q","text":""}\n')
    folder.look()
    rows = [json.loads(r) for r in (folder.place / "a.jsonl.coded.jsonl").read_text("utf-8").splitlines()]
    assert (codes(rows[0]), rows[1]["id"], "error" in rows[1]) == (["M10.9"], "q", True)


def test_nothing_is_moved_unless_asked(folder: Folder) -> None:
    folder.put("a.txt", "Assessment: Gout.")
    folder.put("bad.json", "{")
    folder.look()
    assert (folder.place / "a.txt").exists()
    folder.restart(move=folder.place / "done")
    folder.look()
    assert [(folder.place / n).exists() for n in ("a.txt", "done/a.txt", "bad.json")] == [False, True, True]


def test_a_line_that_was_cut_short_is_no_line(folder: Folder) -> None:
    folder.put("a.txt", "Assessment: Gout.")
    folder.look()
    ledger = folder.place / ".leadterm-watch.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-20])
    folder.restart()
    assert folder.look() == [("a.txt", "coded")]
    folder.restart()
    assert folder.look() == []


def test_a_crash_behind_the_results_of_a_late_document_keeps_what_changed(folder: Folder) -> None:
    folder.put("a.json", chart("n-7", "Assessment: Gout."))
    folder.look()
    ledger = folder.place / ".leadterm-watch.jsonl"
    before = ledger.read_bytes()
    folder.put("b.json", chart("n-8", "Assessment: Hypertension."))
    folder.look()
    results = {p.name: p.read_bytes() for p in folder.place.glob("*.coded.json")}
    changed = (folder.place / "b.json.recoding.json").read_bytes()
    ledger.write_bytes(before)
    folder.restart()
    assert folder.look() == [("b.json", "recoded")]
    assert {p.name: p.read_bytes() for p in folder.place.glob("*.coded.json")} == results
    assert (folder.place / "b.json.recoding.json").read_bytes() == changed


def test_no_word_of_a_chart_and_no_number_stands_in_the_ledger(folder: Folder) -> None:
    folder.put("a.json", chart("n-7", "Assessment: Gout."))
    folder.look()
    ledger = (folder.place / ".leadterm-watch.jsonl").read_text("utf-8")
    assert not [word for word in ("Gout", "V1", '"100"') if word in ledger]


def test_a_folder_is_watched_once(tmp_path: Path) -> None:
    with watching(tmp_path), pytest.raises(InputError, match="watched once"), watching(tmp_path):
        pass


class Killed(BaseException):
    """What nothing of ours catches."""


@pytest.mark.parametrize("moment", range(4))
def test_a_kill_at_any_moment_loses_nothing(folder: Folder, monkeypatch: pytest.MonkeyPatch, moment: int) -> None:
    """Before and behind each of the two writes of a late document: its results, its line in the ledger."""
    steps = iter(range(99))

    def killing(step: Any) -> Any:
        def run(*given: Any) -> None:
            if next(steps) == moment:
                raise Killed
            step(*given)
            if next(steps) == moment:
                raise Killed

        return run

    folder.put("a.json", chart("n-7", "Assessment: Gout."))
    folder.look()
    folder.put("b.json", chart("n-8", "Assessment: Hypertension."))
    with monkeypatch.context() as patched:
        patched.setattr(inbox_module, "keep", killing(inbox_module.keep))
        with pytest.raises(Killed):
            folder.look()
    folder.restart()
    assert folder.look() == [("b.json", "recoded")]
    assert folder.coded("a.json.coded.json") == ["M10.9", "I10"]
    changed = json.loads((folder.place / "b.json.recoding.json").read_text("utf-8"))
    assert [t["code"] for t in changed["added"]] == ["I10"]


def started(place: Path) -> subprocess.Popen[bytes]:
    options = ("--date", DAY, "--every", "0.05", "--settle", "0", "--json")
    command = [*LEADTERM, "watch", str(place), *options]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_killed_processes_do_nothing_twice(tmp_path: Path, home: Path) -> None:
    names = [f"{n}.txt" for n in range(60)]
    for n, name in enumerate(names):
        (tmp_path / name).write_text(f"Visit {n}.\nAssessment: Gout.\n")
    told: list[str] = []
    for kill in (True, True, True, False):
        with started(tmp_path) as running:
            assert running.stdout
            for _ in range(5 if kill else len(names) - len(told)):
                told.append(json.loads(running.stdout.readline())["file"])
            running.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
            told += [json.loads(line)["file"] for line in running.stdout.read().splitlines() if line.endswith(b"}")]
        if kill:
            told = [json.loads(line)["file"] for line in (tmp_path / ".leadterm-watch.jsonl").read_bytes().splitlines()]
    assert running.returncode == 0
    assert sorted(told) == sorted(names)
    assert [codes(json.loads((tmp_path / f"{n}.coded.json").read_text("utf-8"))) for n in names] == [["M10.9"]] * 60
