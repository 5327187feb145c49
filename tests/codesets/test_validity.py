from __future__ import annotations

import struct
from datetime import date

import pytest

from leadterm.codesets import CodeBook
from leadterm.codesets.validity import MAGIC, decode, read_dated_list
from leadterm.domain import Code, CodeSystem, DateRange, InputError

LAST = 20270331


def dated_list(*entries: tuple[str, int, int, int, int], marks: bytes = b"") -> bytes:
    head = struct.pack("<8I", MAGIC, len(entries), 32, 32 + 24 * len(entries), LAST, 0, 0, 0)
    return head + b"".join(struct.pack("<8s4I", c.encode(), *rest) for c, *rest in entries) + marks


def test_entries_that_follow_each_other_are_one_period() -> None:
    source = dated_list(("A000", 20151001, 20190930, 0, 0), ("A000", 20191001, LAST, 0, 1), marks=b"adult\0")
    read = read_dated_list(source)
    validity = decode(read.rows[0][1], date(2027, 3, 31))
    assert validity.periods == (DateRange(date(2015, 10, 1)),)
    assert [marks for _, marks in validity.marks] == [frozenset(), {"adult"}]


def test_a_gap_makes_two_periods() -> None:
    source = dated_list(("A000", 20151001, 20160930, 0, 0), ("A000", 20171001, 20180930, 0, 0))
    validity = decode(read_dated_list(source).rows[0][1], date(2027, 3, 31))
    assert [p.start.year for p in validity.periods] == [2015, 2017]
    assert validity.during(date(2017, 1, 1)) is None


@pytest.mark.parametrize("source", [b"", b"x" * 100, dated_list(("A000", 20151001, LAST, 0, 0))[:-4]])
def test_another_layout_is_refused(source: bytes) -> None:
    with pytest.raises(InputError):
        read_dated_list(source)


def test_procedures_valid_in_april_2026(book: CodeBook) -> None:
    day = date(2026, 4, 1)
    prefixes = "0123456789BCDFGHX"
    titled = {code for p in prefixes for code, _ in book.procedures_starting(p, 100_000)}
    release = book.release_for("icd10pcs:validity", day)
    assert release is not None
    listed = {code for (code,) in book._store(release.path).all("SELECT code FROM entry")}
    valid = {code for code in listed if book.valid_on(Code(CodeSystem.ICD10PCS, code), day)}
    assert (len(titled), len(valid), len(valid - titled), len(titled - valid)) == (78_638, 79_193, 657, 102)


def test_a_valid_procedure_without_title_says_so(book: CodeBook) -> None:
    entry = book.lookup("07190ZK", on=date(2026, 4, 1))
    assert entry is not None
    assert (entry.description, entry.billable, entry.valid) == (None, True, True)
    assert [f.rule for f in entry.findings] == ["CODESETS:titles/missing"]


@pytest.mark.parametrize(
    ("code", "day", "valid"),
    [
        ("C78.31", date(2026, 9, 30), False),
        ("C78.31", date(2026, 10, 1), True),
        ("E11.22", date(2015, 10, 1), True),
        ("E11.22", date(2026, 12, 31), True),
        ("E11.22", date(2030, 1, 1), True),
        ("E11.2", date(2026, 5, 1), False),
        ("E11.2", date(2030, 1, 1), False),
    ],
)
def test_a_diagnosis_is_valid_only_while_in_force(book: CodeBook, code: str, day: date, valid: bool) -> None:
    assert book.valid_on(Code(CodeSystem.ICD10CM, code), day) is valid


def test_a_code_of_the_coming_release_is_known_without_title(book: CodeBook) -> None:
    entry = book.lookup("C78.31", on=date(2026, 10, 1))
    assert entry is not None
    assert (entry.description, entry.valid) == (None, True)
    assert entry.effective == DateRange(date(2026, 10, 1))
    assert {f.rule for f in entry.findings} == {"CODESETS:release/missing", "CODESETS:titles/missing"}


@pytest.mark.parametrize(
    ("code", "mark"),
    [("Z38.00", "newborn"), ("O80", "maternity"), ("D63.1", "manifestation"), ("R65.20", "unacceptable")],
)
def test_the_list_marks_codes(book: CodeBook, code: str, mark: str) -> None:
    assert mark in book.attributes(Code(CodeSystem.ICD10CM, code), date(2026, 5, 1))


def test_an_unknown_code_has_no_period(book: CodeBook) -> None:
    assert book.effective(Code(CodeSystem.ICD10CM, "Z99.999")) is None
