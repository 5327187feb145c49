"""`leadterm watch`: what it prints, how it ends."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from threading import Timer

import pytest

from schemas.validation import problems

from .conftest import Call
from .notation import DAY, PRIVATE, SECRET

QUICK = ("--settle", "0", "--every", "0.05", "--date", DAY)


def test_once_codes_what_is_there_and_ends(leadterm: Call, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.txt").write_text("Assessment: Gout.")
    (inbox / "b.json").write_text("{")
    answer = leadterm("watch", "inbox", "--out", "coded", "--once", "--json", *QUICK)
    assert answer.code == 1
    assert [problems("watched-1", row) for row in answer.rows] == [[], []]
    assert [(row["file"], row["outcome"]) for row in answer.rows] == [("a.txt", "coded"), ("b.json", "failed")]
    assert sorted(p.name for p in (tmp_path / "coded").glob("[!.]*")) == ["a.txt.coded.json"]
    assert leadterm("watch", "inbox", "--out", "coded", "--once", "--json", *QUICK).rows == []


def test_lines_for_people_have_no_words_of_a_chart(leadterm: Call, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PRIVATE)
    answer = leadterm("watch", tmp_path, "--once", *QUICK)
    assert "a.txt: 1 code → a.txt.coded.json" in answer.text
    assert SECRET not in answer.text + answer.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("wanted", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_asked_to(leadterm: Call, tmp_path: Path, wanted: signal.Signals) -> None:
    (tmp_path / "a.txt").write_text("Assessment: Gout.")
    timer = Timer(0.5, os.kill, (os.getpid(), wanted))
    timer.start()
    try:
        answer = leadterm("watch", tmp_path, *QUICK)
    finally:
        timer.join()
    assert (answer.code, "→ a.txt.coded.json" in answer.text) == (0, True)


def test_a_folder_that_is_not_there(leadterm: Call) -> None:
    answer = leadterm("watch", "nowhere")
    assert (answer.code, answer.err) == (2, "leadterm: There is no folder nowhere.\n")
