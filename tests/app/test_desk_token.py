"""The file that holds the key of the desk: for its owner alone, whole, and the same for every process."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from leadterm.app import desk_token
from leadterm.domain import InputError

TOKEN = "a" * 43
posix = pytest.mark.skipif(os.name != "posix", reason="modes and links are those of POSIX")


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o277, 0o777])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a process takes away from the files that it makes."""
    before = os.umask(request.param)
    try:
        yield
    finally:
        os.umask(before)


def _file(home: Path, content: bytes = TOKEN.encode(), mode: int = 0o600) -> Path:
    file = home / desk_token.FILE
    file.write_bytes(content)
    file.chmod(mode)
    return file


def test_there_is_none_before_it_is_made(tmp_path: Path) -> None:
    assert desk_token.read(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_it_is_made_once_and_kept(tmp_path: Path) -> None:
    home = tmp_path / "not" / "there" / "yet"
    token = desk_token.kept(home)
    assert len(token) == 43
    assert [desk_token.kept(home), desk_token.read(home)] == [token] * 2
    assert [file.name for file in home.iterdir()] == [desk_token.FILE]


@posix
@pytest.mark.usefixtures("umask")
def test_its_owner_alone_reads_it(tmp_path: Path) -> None:
    for make in (desk_token.kept, desk_token.renew):
        made = make(tmp_path)
        assert desk_token.read(tmp_path) == made
        assert stat.S_IMODE((tmp_path / desk_token.FILE).stat().st_mode) == 0o600
    page = desk_token.way_in(tmp_path, "http://127.0.0.1:8000/desk?token=a&b")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert "url=http://127.0.0.1:8000/desk?token=a&amp;b" in page.read_text(encoding="utf-8")


def test_a_new_one_takes_its_place(tmp_path: Path) -> None:
    first = desk_token.kept(tmp_path)
    second = desk_token.renew(tmp_path)
    assert first != second
    assert desk_token.kept(tmp_path) == second
    assert len(list(tmp_path.iterdir())) == 1


def test_of_many_that_start_at_once_all_have_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(desk_token.kept, [tmp_path] * 32))) == 1
    assert len(list(tmp_path.iterdir())) == 1


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o666, 0o777])
def test_one_that_others_can_read_or_write_is_refused(tmp_path: Path, mode: int) -> None:
    file = _file(tmp_path, mode=mode)
    with pytest.raises(InputError, match=r"by others.*--new-token") as refused:
        desk_token.kept(tmp_path)
    assert TOKEN not in str(refused.value)
    assert stat.S_IMODE(file.stat().st_mode) == mode  # whoever read it has it: to shut it now would help nobody


@posix
def test_one_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _file(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 12_345)
    with pytest.raises(InputError, match="another user"):
        desk_token.read(tmp_path)


@posix
def test_a_link_is_refused_even_to_a_good_one(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    good = _file(tmp_path / "elsewhere")
    (tmp_path / desk_token.FILE).symlink_to(good)
    with pytest.raises(InputError, match="is a link"):
        desk_token.kept(tmp_path)
    desk_token.renew(tmp_path)
    assert good.read_bytes() == TOKEN.encode()  # the link went, not what it led to
    assert not (tmp_path / desk_token.FILE).is_symlink()


@posix
def test_a_link_to_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / desk_token.FILE).symlink_to(tmp_path / "nothing")
    with pytest.raises(InputError, match="is a link"):
        desk_token.kept(tmp_path)


@posix
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / desk_token.FILE, 0o600)
    with pytest.raises(InputError, match="no regular file"):
        desk_token.read(tmp_path)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / desk_token.FILE).mkdir(mode=0o700)
    with pytest.raises(InputError, match=r"no regular file|cannot be read"):
        desk_token.read(tmp_path)
    with pytest.raises(InputError, match="cannot be written"):
        desk_token.renew(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"a" * 42, b"a" * 44, b"a" * 43 + b"\n\n", b"a" * 42 + b"=", b"\xff" * 43, b"a" * 9999]
)
def test_one_that_holds_no_token_is_refused(tmp_path: Path, content: bytes) -> None:
    _file(tmp_path, content)
    with pytest.raises(InputError, match="holds no key") as refused:
        desk_token.read(tmp_path)
    assert "aaaa" not in str(refused.value).replace(str(tmp_path), "")


def test_one_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        desk_token.kept(tmp_path / "file" / "home")
