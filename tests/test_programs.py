"""Programs of patterns are kept in a file: a pattern made of one is the pattern that Python compiles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leadterm import _programs
from leadterm._programs import Programs

PATTERNS = [
    r"\b(?P<side>left|right)\b (hip)?",
    r"(?i)\bno\b[^.;:\n]{0,30}\Z",
    r"(?<![\w-])(?:grüße|naïve)(?!\w)",
    r"(?P<word>\w+) (?P=word)",
    r"(?ims)^a.b$",
]


def known(folder: Path) -> Programs:
    """What a new process knows of that folder."""
    programs = Programs()
    programs.keep_in(folder, "test")
    return programs


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(_programs, "_WORTH", 1)
    first = known(tmp_path)
    for pattern in PATTERNS:
        first.compiled(pattern)
    first.kept("letters", "ab", 0, lambda pattern, flags: tuple(pattern))
    first.save()
    return next(tmp_path.iterdir())


def test_a_pattern_is_the_one_that_python_compiles() -> None:
    for pattern in PATTERNS:
        for flags in (0, re.IGNORECASE, re.MULTILINE | re.DOTALL):
            made, plain = Programs().compiled(pattern, flags), re.compile(pattern, flags)
            assert (made, made.flags, dict(made.groupindex)) == (plain, plain.flags, dict(plain.groupindex))


def test_what_one_process_compiled_the_next_one_has(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_programs, "_program", lambda pattern, flags: pytest.fail("compiled again"))
    later = known(file.parent)
    assert [later.compiled(p) for p in PATTERNS] == [re.compile(p) for p in PATTERNS]
    assert later.kept("letters", "ab", 0, lambda pattern, flags: pytest.fail("read again")) == ("a", "b")


def test_processes_add_to_what_others_kept(file: Path) -> None:
    one, other = known(file.parent), known(file.parent)
    one.kept("letters", "one", 0, lambda pattern, flags: 1)
    other.kept("letters", "other", 0, lambda pattern, flags: 2)
    one.save()
    other.save()
    both = known(file.parent)
    assert [both.kept("letters", name, 0, lambda pattern, flags: 0) for name in ("one", "other", "ab")] == [
        1,
        2,
        ("a", "b"),
    ]


def test_a_damaged_file_costs_time_alone(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])
    assert [known(file.parent).compiled(p) for p in PATTERNS] == [re.compile(p) for p in PATTERNS]


def test_a_program_that_the_engine_refuses_is_made_again() -> None:
    programs = Programs()
    programs.kept("program", "ab", 0, lambda pattern, flags: (b"\xff" * 8, 32, 1, {}))
    assert programs.compiled("ab") == re.compile("ab")


def test_other_code_has_another_file(file: Path) -> None:
    other = Programs()
    other.keep_in(file.parent, "other code")
    other.compiled("ab")
    other.save()
    assert [f.name for f in file.parent.iterdir()] != [file.name]


def test_a_faulty_pattern_is_refused() -> None:
    with pytest.raises(re.error):
        Programs().compiled("(")


def test_a_folder_that_cannot_be_written_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_programs, "_WORTH", 1)
    programs = known(tmp_path / "missing")
    programs.compiled("ab")
    programs.save()
    assert list(tmp_path.iterdir()) == []
