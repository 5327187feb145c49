"""`leadterm codes install`, `status`, `diff`, `remove`, `update --list` from the command line."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from codesets.test_installing import chapter
from leadterm.codesets import open_book
from schemas.validation import problems

from .conftest import Call

OPEN = open_book  # before a fixture puts the book of the run in its place


@pytest.fixture
def own_home(leadterm: Call, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A compiled home of the test's own."""
    monkeypatch.setattr("leadterm.codesets.open_book", OPEN)
    shutil.copytree(home / "codesets", tmp_path / "own" / "codesets")
    monkeypatch.setenv("LEADTERM_HOME", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with two years of one chapter, a wrong file and a note."""
    folder = tmp_path / "releases"
    folder.mkdir()
    (folder / "icd10cm_tabular_2023.xml").write_text(chapter(2023))
    note = "<useAdditionalCode><note>Code to identify the toe</note></useAdditionalCode>"
    (folder / "icd10cm_tabular_2024.xml").write_text(chapter(2024, "Gout of a toe", extra=note))
    (folder / "icd10cm_tabular_2022.xml").write_text(chapter(2025))
    (folder / "readme.md").write_text("read me")
    return folder


@pytest.mark.usefixtures("own_home")
def test_installing_says_what_became_of_each_file(leadterm: Call, files: Path) -> None:
    answer = leadterm("codes", "install", files)
    assert answer.code == 1
    assert "installed icd10cm:tabular" in " ".join(answer.text.split())
    assert "refused   icd10cm_tabular_2022.xml" in answer.text
    assert "contradicts" in answer.text
    assert "1 left aside, of no known format" in answer.text


@pytest.mark.usefixtures("own_home")
def test_a_dry_run_installs_nothing(leadterm: Call, files: Path) -> None:
    before = leadterm("codes", "status", "--json").json
    answer = leadterm("codes", "install", files, "--dry-run", "--json")
    assert {r["status"] for r in answer.json["releases"]} == {"planned"}
    assert problems("installation-1", answer.json) == []
    assert leadterm("codes", "status", "--json").json == before


@pytest.mark.usefixtures("own_home")
def test_the_json_of_an_installation_is_of_the_contract(leadterm: Call, files: Path) -> None:
    answer = leadterm("codes", "install", files, "--json")
    assert problems("installation-1", answer.json) == []
    assert [r["status"] for r in answer.json["releases"]] == ["installed", "installed"]


@pytest.mark.usefixtures("own_home")
def test_two_releases_are_compared(leadterm: Call, files: Path) -> None:
    leadterm("codes", "install", files)
    call = ("codes", "diff", "icd10cm:tabular@2022-10-01", "icd10cm:tabular@2023-10-01")
    (found,) = leadterm(*call, "--json").json["differences"]
    assert problems("diff-1", leadterm(*call, "--json").json) == []
    (change,) = found["changes"]
    assert change["key"] == "M10.9"
    assert {f["name"]: (f["before"], f["after"]) for f in change["fields"]} == {
        "title": ("Gout of the invented toe", "Gout of a toe"),
        "use_additional": ("", "Code to identify the toe"),
    }
    text = leadterm(*call).text
    assert "~ M10.9" in text
    assert "compared in chapter 13 alone" in text


@pytest.mark.usefixtures("own_home")
def test_two_days_are_compared_in_the_valid_codes(leadterm: Call) -> None:
    call = ("codes", "diff", "2025-09-30", "2025-10-01", "--component", "icd10cm:validity")
    (found,) = leadterm(*call, "--json").json["differences"]
    assert found["counts"] == {"added": 487, "deleted": 28, "changed": 0}
    ended = {c["key"]: c["replaced_by"] for c in found["changes"] if c["kind"] == "deleted"}
    assert ended["G35"] == ["G35.A", "G35.B0", "G35.B1", "G35.B2", "G35.C0", "G35.C1", "G35.C2", "G35.D"]


@pytest.mark.usefixtures("own_home")
@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["codes", "diff", "2025-09-30", "icd10cm:drug@2025-04-01"], "two days, or two releases"),
        (["codes", "diff", "icd10cm:drug@2025-04-01", "icd10cm:drug@2026-04-01"], "there are: none"),
        (["codes", "diff", "drug@2025-04-01", "drug@2026-04-01"], "names no release"),
        (["codes", "diff", "tomorrow", "2026-04-01"], "ISO date"),
        (["codes", "diff", "2025-10-01", "2026-04-01", "--component", "icd10cm:nothing"], "Nothing is installed as"),
        (["codes", "remove", "icd10cm:tabular"], "No release of icd10cm:tabular"),
        (["codes", "install", "nowhere.zip"], "nothing at nowhere.zip"),
        (["codes", "update", "icd12"], "Nothing is fetched under the name"),
        (["codes", "update", "ncci"], "--accept-ama-licence"),
    ],
)
def test_a_mistake_has_a_sentence_and_exit_2(leadterm: Call, call: list[str], words: str) -> None:
    answer = leadterm(*call)
    assert answer.code == 2
    assert words in answer.err


@pytest.mark.usefixtures("own_home")
def test_what_was_installed_is_removed_again(leadterm: Call, files: Path) -> None:
    leadterm("codes", "install", files)
    answer = leadterm("codes", "remove", "icd10cm:tabular@2022-10-01", "--json")
    assert problems("installation-1", answer.json) == []
    assert [r["status"] for r in answer.json["releases"]] == ["removed"]
    status = leadterm("codes", "status").text
    assert "2022-10-01" not in status
    assert "icd10cm:tabular (partial)  in force 2023-10-01" in status


def test_the_pages_that_are_looked_at_are_listed(leadterm: Call) -> None:
    answer = leadterm("codes", "update", "--list", "--json")
    assert problems("pages-1", answer.json) == []
    assert "icd10cm:index" in leadterm("codes", "update", "--list").text


@pytest.mark.usefixtures("own_home")
def test_an_update_without_a_network_says_so(leadterm: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", os.environ.get("no_proxy", ""))
    from leadterm.codesets.update import fetch

    def unreachable(host: str, port: int, *_: object, **__: object) -> list[object]:
        raise OSError

    monkeypatch.setattr(fetch.socket, "getaddrinfo", unreachable)
    answer = leadterm("codes", "update", "icd10cm")
    assert answer.code == 2
    assert "is not found; see whether this machine is connected" in answer.err
