"""What every process would make anew is kept in a file: a pattern made of it is the one that Python compiles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leadterm import _kept
from leadterm._kept import Kept

PATTERNS = [
    r"\b(?P<side>left|right)\b (hip)?",
    r"(?i)\bno\b[^.;:\n]{0,30}\Z",
    r"(?<![\w-])(?:grüße|naïve)(?!\w)",
    r"(?P<word>\w+) (?P=word)",
    r"(?ims)^a.b$",
]


def known(folder: Path) -> Kept:
    """What a new process knows of that folder."""
    kept = Kept()
    kept.keep_in(folder, "test")
    return kept


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(_kept, "_WORTH", 1)
    first = known(tmp_path)
    for pattern in PATTERNS:
        first.compiled(pattern)
    first.once(("letters", "ab"), lambda: ("a", "b"))
    first.save()
    return next(tmp_path.iterdir())


def test_a_pattern_is_the_one_that_python_compiles() -> None:
    for pattern in PATTERNS:
        for flags in (0, re.IGNORECASE, re.MULTILINE | re.DOTALL):
            made, plain = Kept().compiled(pattern, flags), re.compile(pattern, flags)
            assert (made, made.flags, dict(made.groupindex)) == (plain, plain.flags, dict(plain.groupindex))


def test_what_one_process_compiled_the_next_one_has(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_kept, "_program", lambda pattern, flags: pytest.fail("compiled again"))
    later = known(file.parent)
    assert [later.compiled(p) for p in PATTERNS] == [re.compile(p) for p in PATTERNS]
    assert later.once(("letters", "ab"), lambda: pytest.fail("read again")) == ("a", "b")


def test_processes_add_to_what_others_kept(file: Path) -> None:
    one, other = known(file.parent), known(file.parent)
    one.once(("letters", "one"), lambda: 1)
    other.once(("letters", "other"), lambda: 2)
    one.save()
    other.save()
    both = known(file.parent)
    assert [both.once(("letters", name), lambda: 0) for name in ("one", "other", "ab")] == [
        1,
        2,
        ("a", "b"),
    ]


def test_a_damaged_file_costs_time_alone(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])
    assert [known(file.parent).compiled(p) for p in PATTERNS] == [re.compile(p) for p in PATTERNS]


def test_a_program_that_the_engine_refuses_is_made_again() -> None:
    kept = Kept()
    kept.once(("program", "ab", 0), lambda: (b"\xff" * 8, 32, 1, {}))
    assert kept.compiled("ab") == re.compile("ab")


def test_other_code_has_another_file(file: Path) -> None:
    other = Kept()
    other.keep_in(file.parent, "other code")
    other.compiled("ab")
    other.save()
    assert [f.name for f in file.parent.iterdir()] != [file.name]


def test_a_faulty_pattern_is_refused() -> None:
    with pytest.raises(re.error):
        Kept().compiled("(")


def test_a_folder_that_cannot_be_written_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_kept, "_WORTH", 1)
    kept = known(tmp_path / "missing")
    kept.compiled("ab")
    kept.save()
    assert list(tmp_path.iterdir()) == []
