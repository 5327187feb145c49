"""The long part of `test_hostile_files`: many more broken files, real ones too, and installations cut short."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import leadterm
from leadterm.codesets import open_book
from leadterm.codesets.formats import Offered, all_formats
from leadterm.codesets.installing import changing
from leadterm.codesets.installing.offering import offers
from leadterm.domain import DataMissing, InputError

from .hostile import (
    BOMBS,
    SAMPLES,
    TEXT_MUTATIONS,
    WORKBOOK_MUTATIONS,
    XML_MUTATIONS,
    Mutation,
    Sample,
    broken,
    claims,
    filled,
    mutations,
)
from .test_hostile_files import CLAIMED, GOOD, copy, laid, state  # noqa: F401 (a fixture)

pytestmark = pytest.mark.slow
FORMATS = all_formats()
SOURCE = str(Path(leadterm.__file__).parents[1])
ROUNDS = 5
# What of each real file is tried: reading one whole may take seconds.
TRIED = 2
LARGE = 5_000_000
REAL_TEXT = (
    *(
        "cut",
        "line dropped",
        "lines shuffled",
        "cells shuffled",
        "column dropped",
        "bytes flipped",
        "zeros",
        "mark within",
    ),
    *(
        "line ends cr",
        "one line",
        "header last",
        "huge field",
        "open quote",
        "number is text",
        "day is none",
        "all twice",
    ),
)
REAL_XML = ("element dropped", "element renamed", "element strange", "nested 400", "attribute gone", "entity")
REAL_BOOK = ("cut", "bytes flipped", "member cut", "member flipped")


@pytest.mark.parametrize("one", [pytest.param(s, id=f"{s.component} {s.path}") for s in SAMPLES])
def test_broken_in_every_way_again_and_again(one: Sample) -> None:
    ((form, _),) = claims(FORMATS, one.offered())
    wrong = []
    for name, change in mutations(one).items():
        for number in range(ROUNDS):
            data = change(one.data, random.Random(f"{one.path} {name} {number} slow"))
            started = time.process_time()
            wrong += [f"{name} {number}: {why}" for why in broken(FORMATS, form, one, data)]
            if time.process_time() - started > 1:
                wrong.append(f"{name} {number}: took {time.process_time() - started:.1f} s")
    assert wrong == []


def ways(one: Offered) -> dict[str, Mutation]:
    """The ways that are tried on a real file."""
    if one.name.endswith(".xlsx"):
        return {name: WORKBOOK_MUTATIONS[name] for name in REAL_BOOK}
    more = {name: XML_MUTATIONS[name] for name in REAL_XML} if one.name.endswith(".xml") else {}
    return {name: TEXT_MUTATIONS[name] for name in REAL_TEXT} | more


def test_real_files_broken_are_read_or_refused_and_not_slow(shared: Path) -> None:
    wrong = []
    for one in offers([shared / "releases"]):
        if not isinstance(one, Offered) or one.path not in CLAIMED:
            continue
        data = one.load()
        if len(data) > LARGE:
            continue
        ((form, found),) = claims(FORMATS, one)
        started = time.process_time()
        filled(form.read([one], found))
        whole = time.process_time() - started
        chance = random.Random(one.path)
        known = ways(one)
        for name in chance.sample(sorted(known), TRIED):
            changed = known[name](data, chance)
            sample = Sample(found.name, one.path, changed)
            started = time.process_time()
            wrong += [f"{one.path}, {name}: {why}" for why in broken(FORMATS, form, sample, changed)]
            if (took := time.process_time() - started) > 2 * whole + 1:
                wrong.append(f"{one.path}, {name}: took {took:.1f} s where the whole file takes {whole:.1f} s")
    assert wrong == []


def test_workbooks_that_grow_do_not_take_the_process_with_them() -> None:
    for one in (s for s in SAMPLES if s.workbook):
        ((form, _),) = claims(FORMATS, one.offered())
        for bomb, change in BOMBS.items():
            assert broken(FORMATS, form, one, change(one.data, random.Random(bomb))) == []


# --- cut short ---

INSTALL = """
import sys
from pathlib import Path
from leadterm.codesets.installing import changing
changing.install([Path(p) for p in sys.argv[2:]], Path(sys.argv[1]))
"""


def started(home: Path, *paths: Path) -> subprocess.Popen[bytes]:
    call = [sys.executable, "-c", INSTALL, str(home), *map(str, paths)]
    return subprocess.Popen(call, env={**os.environ, "PYTHONPATH": SOURCE}, stderr=subprocess.DEVNULL)


@pytest.fixture
def several(shared: Path) -> list[Path]:
    """Real files whose installation takes seconds, without a new search index."""
    root = shared / "releases"
    names = ("icd10pcs/2023/icd10pcs_index_2023.xml", "gems/2018", "terminology", "msdrg/cc_exclusions.txt.xz", "pfs")
    return [root / name for name in names]


def test_killed_at_ten_random_points_nothing_is_lost(copy: Path, several: list[Path]) -> None:  # noqa: F811
    before, chance = state(copy), random.Random(11)
    begun = time.monotonic()
    whole = copy.with_name("whole")
    shutil.copytree(copy, whole)
    assert started(whole, *several).wait() == 0
    took = time.monotonic() - begun
    finished = state(whole)
    for _ in range(10):
        process = started(copy, *several)
        time.sleep(chance.uniform(0.1, took))
        process.send_signal(signal.SIGKILL)
        process.wait()
        book = open_book(copy)
        assert book.verify() == ()
        assert book.lookup("E11.22") is not None
        assert len(book.releases()) in (len(before), len(finished))
    assert changing.install(several, copy).refused == ()
    assert state(copy) == finished


def test_two_processes_at_once_both_install(copy: Path, tmp_path: Path, several: list[Path]) -> None:  # noqa: F811
    others = laid(tmp_path, *GOOD)
    before = state(copy)
    both = [started(copy, *several), started(copy, *others)]
    assert [process.wait() for process in both] == [0, 0]
    after = state(copy)
    names = {name.split()[0] for name in after}
    assert before.items() <= after.items()
    assert {"icd10pcs:index", *(one.component for one in GOOD)} <= names
    assert open_book(copy).verify() == ()


def test_two_processes_with_the_same_files_agree(copy: Path, several: list[Path]) -> None:  # noqa: F811
    both = [started(copy, *several) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert all(o.status == "present" for o in changing.install(several, copy).outcomes)
    state(copy)


@pytest.mark.parametrize("lines", [2, 6, 10, 15])
def test_interrupted_at_the_keyboard_it_ends_with_130_and_changes_nothing(
    copy: Path,  # noqa: F811
    several: list[Path],
    lines: int,
) -> None:
    before = state(copy)
    call = [sys.executable, "-m", "leadterm", "codes", "install", *map(str, several)]
    environment = {**os.environ, "PYTHONPATH": SOURCE, "LEADTERM_HOME": str(copy)}
    process = subprocess.Popen(call, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for _ in range(lines):
        if not process.stderr.readline():
            break
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    if process.returncode == 0:
        pytest.skip("the machine was quicker")
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert state(copy) == before


@pytest.fixture
def disk(copy: Path, tmp_path: Path) -> Iterator[Path]:  # noqa: F811
    """A home on a disk of its own with two megabytes left."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    target = tmp_path / "disk"
    target.mkdir()
    used = sum(p.stat().st_size for p in copy.rglob("*") if p.is_file())
    size = f"size={used + (3 << 20)}"
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "none", target], check=False, capture_output=True
    ).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        shutil.copytree(copy, target / "home")
        yield target
    finally:
        subprocess.run(["umount", "-l", target], check=True)


def test_a_disk_that_fills_up_is_told_and_nothing_is_lost(disk: Path, several: list[Path], tmp_path: Path) -> None:
    home = disk / "home"
    before = state(home)
    with pytest.raises(DataMissing, match="free some space"):
        changing.install(several, home)
    assert state(home) == before
    book = open_book(home)
    assert book.verify() == ()
    assert book.lookup("E11.22") is not None
    assert changing.install(laid(tmp_path, *GOOD), home).refused == ()


def test_a_disk_that_may_not_be_written_is_told_and_still_answers(disk: Path, tmp_path: Path) -> None:
    home = disk / "home"
    paths = laid(tmp_path, *GOOD)
    before = state(home)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    with pytest.raises(DataMissing, match="cannot be written"):
        changing.install(paths, home)
    assert state(home) == before
    assert open_book(home).lookup("E11.22") is not None


def test_what_may_not_be_read_is_named_and_the_rest_is_read() -> None:
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    folder = Path(tempfile.mkdtemp(prefix="leadterm-hostile-"))
    for name in ("a.txt", "closed/a.txt", "listed/a.txt", "secret.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("a")
    for name, mode in (("secret.txt", 0), ("closed", 0), ("listed", 0o444), (".", 0o755)):
        (folder / name).chmod(mode)
    try:
        os.seteuid(65_534)
        found = [(one.path, getattr(one, "reason", "")) for one in offers([folder])]
        with pytest.raises(InputError, match="cannot be looked at"):
            list(offers([folder / "closed" / "a.txt"]))
    finally:
        os.seteuid(0)
        shutil.rmtree(folder)
    assert found == [
        ("a.txt", ""),
        ("closed", "It may not be read (PermissionError); give yourself access to it."),
        ("listed/a.txt", "It may not be read (PermissionError); give yourself access to it."),
        ("secret.txt", "It cannot be read (PermissionError); fetch it again."),
    ]
