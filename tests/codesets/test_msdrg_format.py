from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from leadterm.codesets.formats import Format, msdrg
from leadterm.codesets.formats._dates import UNDATED
from leadterm.codesets.payment.cc_exclusions import CcExclusions
from leadterm.domain import DateRange, InputError

from .made import offered, read, recognised_by, release, store, written

WEIGHTS, LIST, EXCLUSIONS = msdrg.FORMATS
FOLDER = "releases/msdrg"
FY2026 = DateRange(date(2025, 10, 1), date(2026, 9, 30))
TABLE_6K = """TABLE 6K - COMPLETE LIST OF CC EXCLUSIONS\r
\r
K Part 1: List of CC and Major CC Codes\r
 I10 Dx  Lev PDX Exclusions   ICD-10-CM Description\r
 A000    CC  0002:2 codes     Invented words\r
 A021    MCC 0003:1 code      Invented words\r
 I462    MCC No Excl          Invented words\r
\r
PDX collection 0002\r
  A000   Invented words\r
  A001   Invented words\r
\r
PDX collection 0003\r
  A021   Invented words\r
\r
K Part 2: Codes that are CC or Major CC only if patient discharged alive\r
\r
  I462    Invented words\r
\r
K Part 3: Secondary Diagnosis CC/MCC Severity Exclusions in Select MS-DRGs\r
\r
MDC 04 DRGs 177-179 Invented words\r
\r
  A021    Invented words\r
"""


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> CcExclusions:
    found, made = read(EXCLUSIONS, offered(shared / FOLDER / "cc_exclusions.txt.xz"))
    return CcExclusions(store(tmp_path_factory.mktemp("6k"), made), release(found, made))


@pytest.fixture
def made_up(tmp_path: Path) -> CcExclusions:
    found, made = read(EXCLUSIONS, written("6k.txt", TABLE_6K))
    return CcExclusions(store(tmp_path, made), release(found, made))


# --- weights and lists ---


def test_table_5_says_its_year(shared: Path, tmp_path: Path) -> None:
    found, made = read(WEIGHTS, offered(shared / FOLDER / "drg_weights.txt"))
    assert (found.name, found.period, dict(made.counts)) == ("msdrg:weights", FY2026, {"groups": 772})
    row = store(tmp_path, made).one("SELECT title, weight FROM entry WHERE drg = '001'")
    assert row == ("HEART TRANSPLANT OR IMPLANT OF HEART ASSIST SYSTEM WITH MCC", "28.0239")


@pytest.mark.parametrize(("name", "component", "codes"), [("cc", "msdrg:cc", 15_078), ("mcc", "msdrg:mcc", 3_354)])
def test_the_lists_are_counted(shared: Path, name: str, component: str, codes: int) -> None:
    found, made = read(LIST, offered(shared / FOLDER / f"{name}_list.txt"))
    assert (found.name, dict(made.counts)) == (component, {"codes": codes})


@pytest.mark.parametrize(
    ("name", "heading", "period"),
    [
        ("cc_list.txt", "TABLE 6J - COMPLETE CC LIST", UNDATED),
        ("fy2026/cc_list.txt", "TABLE 6J - COMPLETE CC LIST", FY2026),
        ("cc_list.txt", "TABLE 6J.—COMPLETE CC LIST - FY 2026", FY2026),
    ],
)
def test_a_list_takes_its_year_from_heading_or_names(name: str, heading: str, period: DateRange) -> None:
    found = LIST.recognise(written(name, f"{heading}\r\nDiagnosis Code\tDescription\r\nA00.0\tWords\r\n"))
    assert found is not None
    assert found.period.start == period.start


def test_weights_with_a_group_twice_are_told(shared: Path) -> None:
    text = (shared / FOLDER / "drg_weights.txt").read_bytes()
    row = next(line for line in text.splitlines(keepends=True) if line.startswith(b"002"))
    with pytest.raises(InputError, match="twice"):
        read(WEIGHTS, written("weights.txt", text.replace(row, row + row)))


def test_weights_without_groups_or_columns_are_told(shared: Path) -> None:
    text = (shared / FOLDER / "drg_weights.txt").read_bytes()
    with pytest.raises(InputError, match="no MS-DRG"):
        read(WEIGHTS, written("weights.txt", text[: text.index(b"001\t")]))
    with pytest.raises(InputError, match="columns"):
        read(WEIGHTS, written("weights.txt", text.replace(b"MDC\t", b"MDC\tMORE\t", 1)))


def test_an_empty_list_is_told() -> None:
    with pytest.raises(InputError, match="no diagnosis code"):
        read(LIST, written("cc.txt", "TABLE 6J - COMPLETE CC LIST\nDiagnosis Code\tDescription\n"))


# --- exclusions ---


def test_the_exclusions_hold_the_codes_of_both_lists(shared: Path) -> None:
    found, made = read(EXCLUSIONS, offered(shared / FOLDER / "cc_exclusions.txt.xz"))
    counts = dict(made.counts)
    assert found.name == "msdrg:cc-exclusions"
    assert (counts["codes"], counts["CC"], counts["MCC"]) == (18_432, 15_078, 3_354)
    assert counts["collections"] == 1_994
    assert counts["only when discharged alive"] == 8


def test_a_principal_diagnosis_makes_of_a_cc_none(real: CcExclusions) -> None:
    assert real.excluded("A00.0", "A000")
    assert not real.excluded("A00.0", "I10")
    assert real.level("A00.0") == "CC"
    assert real.level("A00.0", principal="A00.0") is None
    assert len(real.principals("A00.0")) == 3


def test_a_code_that_is_no_cc_is_not_excluded(real: CcExclusions) -> None:
    assert real.level("I10") is None
    assert not real.excluded("I10", "A00.0")
    assert real.principals("I10") == ()


def test_some_codes_count_only_for_those_discharged_alive(real: CcExclusions) -> None:
    assert real.only_when_alive("R57.0")
    assert real.level("R57.0") == "MCC"
    assert real.level("R57.0", alive=False) is None


def test_some_codes_do_not_count_in_some_groups(made_up: CcExclusions) -> None:
    assert [made_up.excluded_in("A02.1", drg) for drg in ("176", "177", "178", "179", "180")] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_a_code_without_a_collection_is_excluded_by_none(made_up: CcExclusions) -> None:
    assert made_up.level("I46.2", principal="A00.0") == "MCC"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("0002:2 codes", "0002:3 codes", "Collection 0002 .* 3 are stated"),
        ("A021    MCC 0003:1 code ", "A021    XCC 0003:1 code ", "Line 6 .* its level"),
        ("A021    MCC 0003:1 code ", "A000    MCC 0003:1 code ", "Line 6 .* second time"),
        ("  A001   Invented", "  A0     Invented", "Line 11 .* no diagnosis"),
        ("  I462    Invented", "  I463    Invented", "fits its parts"),
        (" I10 Dx  Lev PDX Exclusions", " Other words", "fits its parts|are stated|Collection"),
    ],
)
def test_exclusions_that_do_not_fit_are_told(old: str, new: str, why: str) -> None:
    assert old in TABLE_6K
    with pytest.raises(InputError, match=why):
        read(EXCLUSIONS, written("6k.txt", TABLE_6K.replace(old, new)))


def test_a_truncated_file_is_told() -> None:
    with pytest.raises(InputError):
        read(EXCLUSIONS, written("6k.txt", TABLE_6K[: TABLE_6K.index("PDX collection 0003")]))


@pytest.mark.parametrize("name", ["drg_weights.txt", "cc_list.txt", "mcc_list.txt", "cc_exclusions.txt.xz"])
def test_a_file_is_claimed_by_one_format(shared: Path, name: str) -> None:
    assert len(recognised_by(msdrg.FORMATS, offered(shared / FOLDER / name))) == 1


@pytest.mark.parametrize("form", msdrg.FORMATS)
def test_other_files_are_not_claimed(form: Format) -> None:
    for one in (written("a.txt", ""), written("b.txt", "TABLE 6 of the rule, FY 2026"), written("c.bin", b"\x00\xff")):
        assert form.recognise(one) is None


def test_releases_differ_by_code(tmp_path: Path) -> None:
    _, made = read(EXCLUSIONS, written("6k.txt", TABLE_6K))
    entries = dict(msdrg.DIFFERS["msdrg:cc-exclusions"](store(tmp_path, made)))
    assert entries["A00.0"] == {"level": "CC", "principal_diagnoses": "2", "only_when_alive": "no"}
    assert entries["I46.2"]["only_when_alive"] == "yes"
