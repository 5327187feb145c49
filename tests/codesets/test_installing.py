"""Official files in: recognised, compiled, swapped in together; wrong, damaged and hostile ones refused."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

import leadterm
from leadterm.codesets import CodeBook, open_book, store
from leadterm.codesets.formats import Offered
from leadterm.codesets.installing import changing, compiler
from leadterm.codesets.installing.offering import offers
from leadterm.domain import InputError, Refused

SOURCE = str(Path(leadterm.__file__).parents[1])


@pytest.fixture
def copy(book: CodeBook, home: Path, tmp_path: Path) -> Path:
    """A compiled home of the test's own."""
    shutil.copytree(home / "codesets", tmp_path / "home" / "codesets")
    return tmp_path / "home"


@pytest.fixture
def unsearched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The code sets are compiled without the words that search looks through, which take as long as all the rest."""
    monkeypatch.setattr(compiler, "build_index", lambda path, *given: path.mkdir())


def chapter(year: int, title: str = "Gout of the invented toe", code: str = "M10.9", extra: str = "") -> str:
    """A Tabular List of one chapter with one code."""
    return (
        f"<ICD10CM.tabular><version>{year}</version><chapter><name>13</name><desc>Invented chapter (M00-M99)</desc>"
        f'<section id="M05-M14"><desc>Invented block (M05-M14)</desc><diag><name>{code[:3]}</name><desc>Gout</desc>'
        f"<diag><name>{code}</name><desc>{title}</desc>{extra}</diag></diag></section></chapter></ICD10CM.tabular>"
    )


def offered(path: Path) -> list[Offered]:
    return [one for one in offers([path]) if isinstance(one, Offered)]


def refused(path: Path) -> list[Refused]:
    return [one for one in offers([path]) if isinstance(one, Refused)]


# --- what is handed over ---


def test_a_folder_is_walked_in_order_and_hidden_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.txt", ".hidden", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert [o.path for o in offered(tmp_path)] == ["a/c.txt", "b.txt"]


@pytest.mark.parametrize(("suffix", "pack"), [(".xz", lzma.compress), (".gz", gzip.compress)])
def test_a_wrapped_file_is_offered_as_what_it_wraps(tmp_path: Path, suffix: str, pack: object) -> None:
    path = tmp_path / f"codes.txt{suffix}"
    path.write_bytes(pack(b"hello"))  # type: ignore[operator]
    (one,) = offered(path)
    assert (one.path, one.head, one.load()) == ("codes.txt", b"hello", b"hello")


def test_members_of_an_archive_within_an_archive_are_offered(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("Table and Index/x.xml", "<x/>")
    with zipfile.ZipFile(tmp_path / "2027-release.zip", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("readme.txt", "read")
    found = {o.path: o.load() for o in offered(tmp_path / "2027-release.zip")}
    assert found == {
        "2027-release.zip/inner.zip/Table and Index/x.xml": b"<x/>",
        "2027-release.zip/readme.txt": b"read",
    }


def test_archives_nested_too_deep_are_refused(tmp_path: Path) -> None:
    data = b"core"
    for depth in range(4):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(f"{depth}.zip" if depth else "core.txt", data)
        data = packed.getvalue()
    (tmp_path / "deep.zip").write_bytes(data)
    assert offered(tmp_path / "deep.zip") == []
    assert "too deep" in refused(tmp_path / "deep.zip")[0].reason


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", b"\0" * 50_000_000)
    started = time.process_time()
    assert "expands" in refused(tmp_path / "bomb.zip")[0].reason
    assert time.process_time() - started < 0.5


def test_an_archive_of_too_many_members_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(2_001):
            archive.writestr(str(number), "")
    assert "members" in refused(tmp_path / "many.zip")[0].reason


def test_names_of_members_never_become_paths(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("../../evil.txt", "evil")
        archive.writestr("/etc/evil.txt", "evil")
    assert all(o.load() == b"evil" for o in offered(tmp_path / "evil.zip"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["evil.zip"]


@pytest.mark.parametrize("damage", [b"PK\x03\x04 and nothing more", b"PK\x03\x04" + os.urandom(5_000)])
def test_a_damaged_archive_is_refused_with_a_sentence(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(damage)
    assert "fetch it again" in refused(tmp_path / "x.zip")[0].reason


def test_a_cut_wrapper_is_refused_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "codes.txt.xz"
    path.write_bytes(lzma.compress(os.urandom(100_000))[:50_000])
    (one,) = offered(path)
    with pytest.raises(InputError, match="cannot be read"):
        one.load()


def test_nothing_at_a_path_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing at"):
        list(offers([tmp_path / "absent"]))


# --- installing ---


def test_a_partial_list_is_installed_and_never_answers(copy: Path, tmp_path: Path) -> None:
    path = tmp_path / "icd10cm_tabular_2024.xml"
    path.write_text(chapter(2024))
    (outcome,) = changing.install([path], copy).outcomes
    assert (outcome.status, outcome.release.partial) == ("installed", True)
    assert outcome.release.period.start == date(2023, 10, 1)
    entry = open_book(copy).lookup("M10.9", on=date(2024, 1, 1))
    assert entry is not None
    assert entry.description == "Gout, unspecified"


def test_installing_twice_changes_nothing(copy: Path, tmp_path: Path) -> None:
    path = tmp_path / "icd10cm_tabular_2024.xml"
    path.write_text(chapter(2024))
    changing.install([path], copy)
    before = {p: p.stat().st_mtime_ns for p in (copy / "codesets").iterdir() if p.is_file()}
    (outcome,) = changing.install([path], copy).outcomes
    after = {p: p.stat().st_mtime_ns for p in (copy / "codesets").iterdir() if p.is_file()}
    assert outcome.status == "present"
    assert after == before


def test_another_content_of_the_same_day_replaces_it_and_leaves_nothing_behind(copy: Path, tmp_path: Path) -> None:
    path = tmp_path / "icd10cm_tabular_2024.xml"
    path.write_text(chapter(2024))
    changing.install([path], copy)
    path.write_text(chapter(2024, "Gout of another toe"))
    (outcome,) = changing.install([path], copy).outcomes
    assert outcome.status == "replaced"
    assert len(list((copy / "codesets").glob("icd10cm-tabular-2023-10-01-*"))) == 1
    assert len(list((copy / "codesets" / "sources").iterdir())) == 1


def test_removing_takes_out_what_was_installed(copy: Path, tmp_path: Path) -> None:
    path = tmp_path / "icd10cm_tabular_2024.xml"
    path.write_text(chapter(2024))
    changing.install([path], copy)
    (gone,) = changing.remove("icd10cm:tabular", date(2023, 10, 1), copy)
    assert gone.partial
    assert [r.period.start for r in open_book(copy).releases() if r.name == "icd10cm:tabular"] == [date(2026, 4, 1)]
    assert list((copy / "codesets").glob("icd10cm-tabular-2023*")) == []


def test_what_a_package_carries_cannot_be_removed(copy: Path) -> None:
    with pytest.raises(InputError, match="No release of icd10cm:tabular"):
        changing.remove("icd10cm:tabular", None, copy)


def test_a_plan_changes_nothing(copy: Path, tmp_path: Path) -> None:
    path = tmp_path / "icd10cm_tabular_2024.xml"
    path.write_text(chapter(2024))
    manifest = (copy / "codesets" / "manifest.json").read_bytes()
    (outcome,) = changing.plan([path]).outcomes
    assert (outcome.status, outcome.release.name) == ("planned", "icd10cm:tabular")
    assert (copy / "codesets" / "manifest.json").read_bytes() == manifest


def test_a_wrong_file_is_refused_and_the_others_are_installed(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "icd10cm_tabular_2024.xml").write_text(chapter(2024))
    (tmp_path / "icd10cm_tabular_2023.xml").write_text(chapter(2022))
    (tmp_path / "icd10cm_tabular_2022.xml").write_text(chapter(2022)[:-30])
    (tmp_path / "notes.txt").write_text("notes")
    done = changing.install([p for p in sorted(tmp_path.iterdir()) if p.is_file()], copy)
    assert [o.release.period.start for o in done.outcomes] == [date(2023, 10, 1)]
    reasons = {r.path: r.reason for r in done.refused}
    assert "contradicts" in reasons["icd10cm_tabular_2023.xml"]
    assert "not well-formed" in reasons["icd10cm_tabular_2022.xml"]
    assert done.unknown == ("notes.txt",)


def test_files_of_no_known_format_alone_are_told(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    with pytest.raises(InputError, match="known format"):
        changing.install([tmp_path / "notes.txt"], copy)


@pytest.mark.usefixtures("unsearched")
def test_a_newer_store_format_compiles_what_was_installed_again(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "icd10cm_tabular_2024.xml"
    path.write_text(chapter(2024))
    changing.install([path], copy)
    path.unlink()
    for module in (store, compiler):
        monkeypatch.setattr(module, "FORMAT", store.FORMAT + 1)
    book = open_book(copy)
    (again,) = [r for r in book.releases() if r.period.start == date(2023, 10, 1)]
    assert book.store_of(again).one("SELECT title FROM entry WHERE code = 'M10.9'") == ("Gout of the invented toe",)


@pytest.mark.usefixtures("unsearched")
def test_what_is_installed_stands_before_what_a_package_carries(copy: Path, tmp_path: Path, shared: Path) -> None:
    official = shared / "releases/icd10cm/2026-04/icd10c-tabular-April-1-2026.xml"
    path = tmp_path / "icd10cm_tabular-April-1-2026.xml"
    path.write_text(
        official.read_text(encoding="utf-8").replace("<desc>Gout, unspecified</desc>", "<desc>Gout, mended</desc>")
    )
    (outcome,) = changing.install([path], copy).outcomes
    assert outcome.status == "replaced"
    said: list[str] = []
    book = open_book(copy, lambda message, share: said.append(message))
    entry = book.lookup("M10.9")
    assert entry is not None
    assert (entry.description, said) == ("Gout, mended", [])
    changing.remove("icd10cm:tabular", date(2026, 4, 1), copy)
    entry = open_book(copy).lookup("M10.9")
    assert entry is not None
    assert entry.description == "Gout, unspecified"


KILLED = """
import sys
from pathlib import Path
from leadterm.codesets.installing import changing
changing.install([Path(sys.argv[1])], Path(sys.argv[2]))
"""


@pytest.mark.slow
def test_a_killed_installation_changes_nothing(copy: Path, tmp_path: Path, shared: Path) -> None:
    manifest = (copy / "codesets" / "manifest.json").read_bytes()
    call = [sys.executable, "-c", KILLED, str(shared / "releases"), str(copy)]
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    for number in range(20):
        process = subprocess.Popen(call, env=environment)
        time.sleep(0.5 + number * 0.9)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if (copy / "codesets" / "manifest.json").read_bytes() != manifest:
            break  # the machine was quick enough to finish
        assert open_book(copy).lookup("E11.22") is not None
    done = changing.install([shared / "releases"], copy)
    assert done.refused == ()
    used = {r.path for r in open_book(copy).releases()}
    assert {p.name for p in (copy / "codesets").glob("*.sqlite")} == used
    assert list((copy / "codesets").glob(".tmp-*")) == []
