"""CPT from a licensee's files. Every text here is invented; none is of the American Medical Association."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from leadterm.codesets.formats import Offered, cpt
from leadterm.codesets.lists.cpt import Cpt
from leadterm.domain import InputError

from .made import read, recognised_by, release, store, written

(CPT,) = cpt.FORMATS
NOTICE = "Copyright notice of the owner\r\nof two lines, without a code\r\n\r\n"
LONG = f"{NOTICE}00001\tQuibbling of the snark, first\r\n0002T\tBoojum watch, per hour\r\n99999\t3-fold jabberwock\r\n"
MEDIUM = f"{NOTICE}00001 QUIBBLING OF SNARK 1ST OCCASION\r\n0002T BOOJUM WATCH PR HR\r\n99999 JABBERWOCK 3-FOLD\r\n"
SHORT = f"{NOTICE}00001 QUIBBLE SNARK\r\n0002T BOOJUM WATCH\r\n99999 JABBERWOCK\r\n"
HEADER = "Concept Id\tCPT Code\tLong\tMedium\tShort\tConsumer\tSpanish Consumer\tCurrent Descriptor Effective Date"
CONSOLIDATED = f"{NOTICE}{HEADER}\r\n17\t00001\tQuibbling, whole\tQUIBBLING\tQUIBBLE\tA quibble\t\t20260101\r\n"


def three() -> tuple[Offered, ...]:
    """The three files of a year."""
    contents = {"LONGULT.txt": LONG, "MEDU.txt": MEDIUM, "SHORTU.txt": SHORT}
    return tuple(written(f"CPT 2026/{name}", content) for name, content in contents.items())


def face(folder: Path, *files: Offered) -> Cpt:
    """The face over files."""
    found, table = read(CPT, *files)
    return Cpt(store(folder, table), release(found, table))


@pytest.mark.parametrize("one", three(), ids=lambda o: o.name)
def test_each_of_the_three_files_is_recognised(one: Offered) -> None:
    found = CPT.recognise(one)
    assert found is not None
    assert found.name == "cpt:codes"
    assert (found.period.start.isoformat(), str(found.period.end)) == ("2026-01-01", "2026-12-31")
    assert "American Medical Association" in found.licence


def test_the_files_are_joined_into_one_release(tmp_path: Path) -> None:
    found, table = read(CPT, *three())
    assert CPT.joins
    assert dict(table.counts) == {
        "codes": 3,
        "long descriptors": 3,
        "medium descriptors": 3,
        "short descriptors": 3,
        "codes that a file lacks": 0,
    }
    entry = Cpt(store(tmp_path, table), release(found, table)).code("0002t")
    assert entry is not None
    assert (entry.long, entry.medium, entry.short) == ("Boojum watch, per hour", "BOOJUM WATCH PR HR", "BOOJUM WATCH")
    assert entry.category == "category III (emerging technology)"


def test_one_file_alone_gives_what_it_has(tmp_path: Path) -> None:
    entry = face(tmp_path, three()[1]).code("00001")
    assert entry is not None
    assert (entry.long, entry.description) == ("", "QUIBBLING OF SNARK 1ST OCCASION")


def test_a_file_with_fewer_codes_is_told() -> None:
    fewer = written("CPT 2026/SHORTU.txt", SHORT.rsplit("99999", 1)[0])
    _, table = read(CPT, three()[0], fewer)
    assert dict(table.counts)["codes that a file lacks"] == 1


def test_the_consolidated_list_brings_everything(tmp_path: Path) -> None:
    entry = face(tmp_path, written("2026/list.txt", CONSOLIDATED)).code("00001")
    assert entry is not None
    assert (entry.concept, entry.long, entry.short) == ("17", "Quibbling, whole", "QUIBBLE")


@pytest.mark.parametrize(("content", "kind"), [(LONG, "long"), (MEDIUM, "medium"), (SHORT, "short")])
def test_a_renamed_file_is_known_by_the_owners_notice(content: str, kind: str) -> None:
    text = content.replace("the owner", "the American Medical Association")
    _, table = read(CPT, written("2026/mine.txt", text))
    assert f"{kind} descriptors" in dict(table.counts)


def test_windows_characters_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    entry = face(tmp_path, written("2026/LONGULT.txt", "00001\tSnark’s quibble".encode("cp1252"))).code("00001")
    assert entry is not None
    assert entry.long == "Snark’s quibble"
    assert CPT.recognise(written("2026/LONGULT.txt", "\ufeff00001\tSnark".encode()))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("LONGULT.txt", "00001\tSnark\nJ1885\tSnark again", "line 2: J1885 is a code of HCPCS Level II"),
        ("LONGULT.txt", "A0001\tSnark\nJ1885\tSnark again", "line 1: A0001 is a code of HCPCS Level II"),
        ("LONGULT.txt", "00001\tSnark\n00001\tSnark again", "00001 stands in the file twice"),
        ("LONGULT.txt", "00001\tSnark\n0000", "line 2: this is no code with a text"),
        ("SHORTU.txt", "00001 SNARK\n00002 " + "SNARK " * 5, "longer than 28 characters"),
        ("MEDU.txt", "00001 SNARK\n00002 " + "SNARK " * 9, "longer than 48 characters"),
        ("x.txt", f"{HEADER}\n17\t00001\tSnark", "line 2: the line has 3 columns"),
        ("x.txt", f"{HEADER}\n17\tJ1885\tSnark\tS\tS", "J1885 is a code of HCPCS Level II"),
        ("x.txt", f"{HEADER}\n17\tE11.9\tSnark\tS\tS", "'E11.9' has not the shape of a CPT code"),
        ("x.txt", f"{HEADER}\n", "holds no CPT code"),
    ],
)
def test_a_file_that_is_not_cpt_is_refused(name: str, content: str, sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)) as refused:
        read(CPT, written(f"2026/{name}", content))
    assert "snark" not in str(refused.value).lower()


def test_two_files_of_one_kind_are_refused() -> None:
    with pytest.raises(InputError, match="the long descriptors was already read"):
        read(CPT, three()[0], three()[0])


def test_a_file_without_a_year_is_refused() -> None:
    with pytest.raises(InputError, match="put the year and month"):
        CPT.recognise(written("LONGULT.txt", LONG))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("LONGULT.txt", ""),
        ("LONGULT.txt", "Only a notice of copyright\n"),
        ("order.txt", "00001 A00     0 Cholera                                        Cholera"),
        ("gem.txt", "00321 A0221   00000"),
        ("ptp.txt", "Copyright American Medical Association\n00001\t0002T\t\t20200101\t*\t0\tInvented reason"),
        ("codes.txt", "00001\tSnark"),
    ],
)
def test_files_of_other_formats_are_not_claimed(name: str, content: str) -> None:
    assert recognised_by(cpt.FORMATS, written(f"2026/{name}", content)) == []


def test_no_descriptor_reaches_a_log_or_a_repr(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        entry = face(tmp_path, *three()).code("00001")
    assert entry is not None
    assert "snark" not in f"{entry!r} {caplog.text}".lower()


def test_starting_and_titles_go_in_order(tmp_path: Path) -> None:
    codes = face(tmp_path, *three())
    assert [e.code for e in codes.starting("000", 9)] == ["00001", "0002T"]
    assert [e.code for e in codes.titles()] == ["00001", "0002T", "99999"]
    assert codes.code("J1885") is None


def test_two_years_differ_in_what_was_revised(tmp_path: Path) -> None:
    _, old = read(CPT, three()[0])
    _, new = read(CPT, written("2027/LONGULT.txt", LONG.replace("first", "second").replace("99999", "99998")))
    before, after = (dict(cpt.differs(store(tmp_path, t, n))) for t, n in ((old, "old"), (new, "new")))
    assert before.keys() ^ after.keys() == {"99999", "99998"}
    assert after["00001"]["long"] == "Quibbling of the snark, second"
    assert before["0002T"] == after["0002T"]


def test_no_file_at_hand_is_claimed(shared: Path) -> None:
    for path in (p for p in (shared / "releases").rglob("*") if p.is_file()):
        with path.open("rb") as file:
            head = file.read(8_192)
        assert recognised_by(cpt.FORMATS, Offered(path.name, head, bytes)) == [], path.name
