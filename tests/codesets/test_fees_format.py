from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.codesets.formats import Offered, Recognised, fees, localities
from leadterm.codesets.payment.anesthesia import Anesthesia
from leadterm.codesets.payment.fees import RelativeValues, dollars, outpatient_cap
from leadterm.codesets.payment.localities import NATIONAL, Gpci, GpciRow, Localities, ZipLocalities
from leadterm.domain import DateRange, InputError, Money

from .made import offered, read, recognised_by, release, store, written

FORMATS = (*fees.FORMATS, *localities.FORMATS)
RVU, GPCI, AREAS, ANESTHESIA, ZIP = FORMATS
RELEASE = "releases/pfs/rvu25d"
RVU_FILE = f"{RELEASE}/PPRRVU2025_Oct.descriptors-blanked.csv"
SAN_FRANCISCO = "0111205"


@pytest.fixture(scope="module")
def values(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> RelativeValues:
    found, made = read(RVU, offered(shared / RVU_FILE, shared))
    return RelativeValues(store(tmp_path_factory.mktemp("rvu"), made), release(found, made))


@pytest.fixture(scope="module")
def gpci(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Gpci:
    found, made = read(GPCI, offered(shared / RELEASE / "GPCI2025.csv", shared))
    return Gpci(store(tmp_path_factory.mktemp("gpci"), made), release(found, made))


# --- relative values ---


def test_every_row_of_the_file_is_read(shared: Path) -> None:
    found, made = read(RVU, offered(shared / RVU_FILE, shared))
    assert (found.name, found.period) == ("pfs:rvu", DateRange(date(2025, 10, 1), date(2025, 12, 31)))
    assert dict(made.counts) == {"rows": 19_090, "codes": 16_852, "conversion factors": 1}


def test_a_row_has_its_values_and_indicators(values: RelativeValues) -> None:
    row = values.value("27447")
    assert row is not None
    assert (row.status, row.global_days, row.multiple, row.bilateral) == ("A", "090", "2", "1")
    assert (row.preoperative, row.intraoperative, row.postoperative) == tuple(map(Decimal, ("0.10", "0.69", "0.21")))
    assert row.nonfacility_na
    assert not row.facility_na
    assert row.conversion_factor == Decimal("32.3465")


def test_components_of_a_service_have_rows_of_their_own(values: RelativeValues) -> None:
    assert [row.modifier for row in values.values("71046")] == ["", "26", "TC"]
    whole, professional, technical = values.values("71046")
    assert professional.total(False) + technical.total(False) == whole.total(False)


def test_the_totals_of_the_file_are_the_sums_of_its_values(shared: Path, values: RelativeValues) -> None:
    rows = list(csv.reader((shared / RVU_FILE).read_text("cp1252").splitlines()))[10:]
    for code, modifier, *_, nonfacility, facility in (row[:13] for row in rows):
        row = values.value(code, modifier)
        assert row is not None
        assert (row.total(False), row.total(True)) == (Decimal(nonfacility), Decimal(facility)), code


def test_no_description_is_kept(shared: Path, tmp_path: Path) -> None:
    text = (shared / RVU_FILE).read_bytes().replace(b"Language screening", b"Words that nobody may ship")
    found, made = read(RVU, written("PPRRVU2025_Oct.csv", text))
    store(tmp_path, made)
    assert b"nobody may ship" not in (tmp_path / "made.sqlite").read_bytes()
    assert found.period.start == date(2025, 10, 1)


def lines(shared: Path, *codes: bytes) -> list[bytes]:
    """The header of the file and the rows of some codes."""
    whole = (shared / RVU_FILE).read_bytes().splitlines(keepends=True)
    return whole[:10] + [line for line in whole[10:] if line.split(b",")[0] in codes]


def test_a_header_in_another_place_and_order_is_found(shared: Path, tmp_path: Path) -> None:
    short = [line.rstrip(b"\r\n") for line in lines(shared, b"71046")]
    moved = b"\n".join([b",", b",", *(b",".join([*line.split(b",")[:3], *line.split(b",")[:2:-1]]) for line in short)])
    found, made = read(RVU, written("PPRRVU2025_Oct.csv", moved))
    row = RelativeValues(store(tmp_path, made), release(found, made)).value("71046", "26")
    assert row is not None
    assert (row.status, row.conversion_factor) == ("A", Decimal("32.3465"))


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("PPRRVU2026_Jan_QPP.csv", "pfs:rvu-apm"),
        ("PPRRVU2026_Jan_nonQPP.csv", "pfs:rvu"),
        ("PPRRVU2026_Jan_nonQP.csv", "pfs:rvu"),
        ("PPRRVU2026_Jan_QP.csv", "pfs:rvu-apm"),
        ("PPRRVU2025_Oct.csv", "pfs:rvu"),
    ],
)
def test_the_two_conversion_factors_are_two_components(shared: Path, name: str, component: str) -> None:
    found = RVU.recognise(written(name, b"".join(lines(shared, b"71046"))))
    assert found is not None
    assert found.name == component


def test_a_title_without_a_month_leaves_the_date_to_the_name(shared: Path) -> None:
    text = b"".join(lines(shared, b"71046")).replace(b"October Release", b"File")
    assert RVU.recognise(written("PPRRVU2025_Oct.csv", text)) is None


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"71046,26,,A,,0.22", b"71046,26,,A,,0x22", "no number"),
        (b"71046,26,,A,,0.22", b"71046,26,,A,,-0.22", "no number"),
        (b"71046,26,,A,,0.22", b"7104,26,,A,,0.22", "five letters"),
        (b"71046,26,,A,,0.22", b"71046,TC,,A,,0.22", "second time"),
    ],
)
def test_a_row_that_does_not_fit_is_told(shared: Path, old: bytes, new: bytes, why: str) -> None:
    text = b"".join(lines(shared, b"71046"))
    assert old in text
    with pytest.raises(InputError, match=f"Row 1[23] of PPRRVU2025_Oct.csv .*{why}"):
        read(RVU, written("PPRRVU2025_Oct.csv", text.replace(old, new)))


def test_a_truncated_row_is_told(shared: Path) -> None:
    with pytest.raises(InputError, match="shorter"):
        read(RVU, written("PPRRVU2025_Oct.csv", b"".join(lines(shared, b"71046"))[:-60]))


def test_a_missing_column_is_named(shared: Path) -> None:
    text = b"".join(lines(shared, b"71046")).replace(b"GLOB,", b"GLOBE,")
    with pytest.raises(InputError, match="GLOB DAYS"):
        read(RVU, written("PPRRVU2025_Oct.csv", text))


def test_a_file_without_rows_is_told(shared: Path) -> None:
    with pytest.raises(InputError, match="no relative values"):
        read(RVU, written("PPRRVU2025_Oct.csv", b"".join(lines(shared))))


def test_releases_differ_by_code_and_modifier(shared: Path, tmp_path: Path) -> None:
    _, made = read(RVU, written("PPRRVU2025_Oct.csv", b"".join(lines(shared, b"71046"))))
    entries = dict(fees.DIFFERS["pfs:rvu"](store(tmp_path, made)))
    assert list(entries) == ["71046", "71046 26", "71046 TC"]
    assert (entries["71046 26"]["work"], entries["71046"]["status"]) == ("0.22", "A")


# --- indices, areas, anesthesia, ZIP codes ---


def test_every_locality_has_its_indices(gpci: Gpci) -> None:
    assert len(gpci.rows()) == 109
    row = gpci.row(SAN_FRANCISCO)
    assert row is not None
    assert (row.state, row.work > 1, row.pe > 1) == ("CA", True, True)
    alaska = gpci.row("0210201")
    assert alaska == GpciRow("0210201", "AK", "ALASKA", Decimal("1.5"), Decimal("1.081"), Decimal("0.592"))


def test_the_workbook_says_the_same_and_comes_second(shared: Path, gpci: Gpci, tmp_path: Path) -> None:
    found, made = read(GPCI, offered(shared / RELEASE / "GPCI2025.xlsx", shared))
    assert found.rank > 0
    assert Gpci(store(tmp_path, made), release(found, made)).rows() == gpci.rows()


def test_the_indices_hold_to_the_end_of_their_year(shared: Path) -> None:
    found = GPCI.recognise(offered(shared / RELEASE / "GPCI2025.csv", shared))
    assert found is not None
    assert found.period == DateRange(date(2025, 10, 1), date(2025, 12, 31))


def test_indices_under_a_plain_name_take_the_year_of_their_title(shared: Path) -> None:
    found = GPCI.recognise(written("gpci.csv", (shared / RELEASE / "GPCI2025.csv").read_bytes()))
    assert found is not None
    assert found.period == DateRange(date(2025, 1, 1), date(2025, 12, 31))


def test_areas_get_back_their_zeros_and_their_state(shared: Path, tmp_path: Path) -> None:
    found, made = read(AREAS, offered(shared / RELEASE / "25LOCCO.csv", shared))
    face = Localities(store(tmp_path, made), release(found, made))
    assert dict(made.counts) == {"areas": 110, "localities": 109}
    (area,) = face.areas(SAN_FRANCISCO)
    assert (area.state, "ALAMEDA" in area.counties) == ("CALIFORNIA", True)


def test_anesthesia_has_its_own_factor(shared: Path, tmp_path: Path) -> None:
    found, made = read(ANESTHESIA, offered(shared / RELEASE / "ANES2025.csv", shared))
    face = Anesthesia(store(tmp_path, made), release(found, made))
    assert (face.conversion_factor("0210201"), face.conversion_factor("9999999")) == (Decimal("27.86"), None)
    assert dict(made.counts) == {"localities": 109}


def test_a_zip_code_lies_in_a_locality(shared: Path, tmp_path: Path, gpci: Gpci) -> None:
    found, made = read(ZIP, offered(shared / "releases/pfs/zip/ZIP5_OCT2025.txt.xz", shared))
    face = ZipLocalities(store(tmp_path, made), release(found, made))
    assert dict(made.counts) == {"ZIP codes": 42_956, "localities": 109, "need four more digits": 580}
    assert found.period == DateRange(date(2025, 10, 1), date(2025, 12, 31))
    place = face.locality("94110-1234")
    assert place is not None
    assert (place.state, place.locality, place.rural, place.plus_four) == ("CA", SAN_FRANCISCO, "", False)
    assert gpci.row(place.locality) is not None
    assert face.locality("00000") is None
    with pytest.raises(InputError):
        face.locality("941")


ZIP_LINE = f"CA941100111205 Z9   0 A{'':52}20254"


def test_the_file_with_four_more_digits_is_refused() -> None:
    line = f"CA941100111205 Z9   11234{'':50}20254"
    with pytest.raises(InputError, match="ZIP5"):
        ZIP.recognise(written("ZIP9_OCT2025.txt", f"{line}\r\n{line}\r\n"))


def test_a_zip_line_that_does_not_fit_is_told() -> None:
    with pytest.raises(InputError, match="Row 2"):
        read(ZIP, written("ZIP5_OCT2025.txt", f"{ZIP_LINE}\r\n{ZIP_LINE[:-6]}\r\n"))
    with pytest.raises(InputError, match="second time"):
        read(ZIP, written("ZIP5_OCT2025.txt", f"{ZIP_LINE}\r\n{ZIP_LINE.replace('05 Z9', '06 Z9')}\r\n"))


@pytest.mark.parametrize("name", ["GPCI2025.csv", "25LOCCO.csv", "ANES2025.csv"])
def test_a_file_of_localities_is_claimed_by_one_format(shared: Path, name: str) -> None:
    assert len(recognised_by(FORMATS, offered(shared / RELEASE / name, shared))) == 1


def test_a_layout_and_a_list_of_words_are_not_claimed(shared: Path) -> None:
    assert recognised_by(FORMATS, offered(shared / "releases/pfs/zip/ZIP5lyout.txt", shared)) == []
    assert recognised_by(FORMATS, written("note.txt", "PE GPCI, locality, counties and MP GPCI")) == []


def test_a_locality_with_two_sets_of_indices_is_told() -> None:
    text = (
        "Contractor,State,Locality Number,Locality Name,2026 PW GPCI,2026 PE GPCI,2026 MP GPCI\n"
        "10112,AL,00,Invented,1,0.9,0.5\n"
    )
    with pytest.raises(InputError, match="second time"):
        read(GPCI, written("GPCI2026.csv", text + "10112,AL,0,Invented,1,0.9,0.6\n"))
    with pytest.raises(InputError, match="no number"):
        read(GPCI, written("GPCI2026.csv", text.replace("0.9", "n/a")))
    with pytest.raises(InputError, match="no localities"):
        GPCI.read(
            [written("GPCI2026.csv", text[: text.index("10112")])], Recognised("pfs:gpci", DateRange(date.max), "")
        )


def test_of_two_work_indices_the_one_with_the_floor_is_taken(tmp_path: Path) -> None:
    text = (
        "Contractor,State,Locality Number,Locality Name,2026 PW GPCI (without 1.0 Floor),2026 PW GPCI (with 1.0 Floor),"
        "2026 PE GPCI,2026 MP GPCI\n10112,AL,00,Invented,0.97,1,0.9,0.5\n"
    )
    found, made = read(GPCI, written("GPCI2026.csv", text))
    row = Gpci(store(tmp_path, made), release(found, made)).row("1011200")
    assert row is not None
    assert row.work == 1


HEAD = "Contractor,Locality,Locality Name"


def test_since_2026_the_anesthesia_factor_of_those_who_do_not_qualify_is_read(tmp_path: Path) -> None:
    text = f"2026 Anesthesia\n{HEAD},Qualifying APM Anes CF,Non-Qualifying APM Anes CF\n10112,00,ALABAMA,19.50,19.40\n"
    found, made = read(ANESTHESIA, written("ANES2026.csv", text))
    assert Anesthesia(store(tmp_path, made), release(found, made)).conversion_factor("1011200") == Decimal("19.40")


@pytest.mark.parametrize(
    ("name", "column"), [("ANES2026_QPP.csv", "2026 Anes CF"), ("ANES2026.csv", "Qualifying APM Anes CF")]
)
def test_the_anesthesia_factors_of_participants_alone_are_refused(name: str, column: str) -> None:
    with pytest.raises(InputError, match="install the file of those who do not"):
        ANESTHESIA.recognise(written(name, f"2026 Anesthesia\n{HEAD},{column}\n10112,00,ALABAMA,19.50\n"))
    assert ANESTHESIA.recognise(written("ANES2026_nonQPP.csv", f"{HEAD},2026 Anes CF\n10112,00,ALABAMA,19.50\n"))


# --- the formula ---


def test_a_visit_is_its_relative_values_times_the_factor(values: RelativeValues) -> None:
    row = values.value("99213")
    assert row is not None
    assert dollars(row, NATIONAL, row.pe_nonfacility, row.mp) == Decimal("88.952875")  # 2.75 × 32.3465
    assert row.pe_facility < row.pe_nonfacility


def test_indices_weigh_each_component(values: RelativeValues, gpci: Gpci) -> None:
    row, place = values.value("99213"), gpci.row(SAN_FRANCISCO)
    assert row is not None
    assert place is not None
    # (1.30 × 1.088 + 1.35 × 1.419 + 0.10 × 0.445) × 32.3465
    assert dollars(row, place, row.pe_nonfacility, row.mp) == Decimal("109.154881575")


def test_imaging_is_capped_at_what_the_outpatient_system_pays(values: RelativeValues) -> None:
    row = values.value("70496", "TC")
    assert row is not None
    assert outpatient_cap(row, NATIONAL, False) == Decimal("178.229215")  # (5.48 + 0.03) × 32.3465, below 192.79


def test_the_file_marks_what_is_rarely_done_in_a_place(values: RelativeValues) -> None:
    row = values.value("27447")
    assert row is not None
    assert (row.nonfacility_na, row.facility_na) == (True, False)


CENTS = st.decimals(min_value=0, max_value=99, places=2)


@given(st.lists(CENTS, min_size=3, max_size=3), st.lists(st.decimals(0, 2, places=3), min_size=3, max_size=3))
def test_money_is_rounded_half_up_once(rvus: list[Decimal], indices: list[Decimal]) -> None:
    row = RelativeValueWith(*rvus)
    exact = dollars(row, GpciRow("", "", "", *indices), row.pe_nonfacility, row.mp)  # type: ignore[arg-type]
    assert exact == sum((a * b for a, b in zip(rvus, indices, strict=True)), Decimal()) * row.conversion_factor
    assert abs(Money.rounded(exact).amount - exact) <= Decimal("0.005")


class RelativeValueWith:
    """The parts of a relative value that money is made of."""

    conversion_factor = Decimal("32.3465")

    def __init__(self, work: Decimal, pe: Decimal, mp: Decimal) -> None:
        self.work, self.pe_nonfacility, self.mp = work, pe, mp


def test_an_offered_file_of_another_kind_is_left_alone() -> None:
    for one in (written("x.csv", ""), written("GPCI.xlsx", b"PK"), Offered("y.txt", b"\x00\xff" * 50, bytes)):
        assert recognised_by(FORMATS[:1] + FORMATS[2:], one) == []
