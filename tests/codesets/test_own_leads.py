"""The user's own map of codes that records bear: its layout, and what is wrong with a row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from leadterm.codesets import CodeBook
from leadterm.codesets.crosswalks.leading import OwnLead, OwnLeads, leads_to
from leadterm.codesets.crosswalks.mapped import Local
from leadterm.codesets.crosswalks.snomed_map import Patient
from leadterm.codesets.crosswalks.translation import translate
from leadterm.codesets.formats import all_formats, gems, own_leads, snomed_map
from leadterm.domain import CodeSystem, DataMissing, InputError

from . import test_snomed_map as maps
from .crosswalk_book import book_with
from .made import read, recognised_by, release, store, written

(FORMAT,) = own_leads.FORMATS


@pytest.mark.parametrize(
    "text",
    [
        "system,code,icd10cm\nsnomed,44054006,e119\n",
        '\ufeff"System","Code","ICD10CM"\r\nsnomed,44054006,E11.9\r\n',
        "code\ticd10cm\tsystem\tname\n44054006\tE11.9\tSNOMED\tdiabetes, type 2\n",
    ],
)
def test_a_map_is_a_csv_or_a_file_of_tabs(text: str, tmp_path: Path) -> None:
    file = written("map-2026-01-01.csv", text)
    assert recognised_by(all_formats(), file) == ["maps:own"]
    found, made = read(FORMAT, file)
    face = OwnLeads(store(tmp_path, made), release(found, made))
    assert face.rows("snomed", "44054006") == (OwnLead("E11.9", None),)
    assert found.period.start == date(2026, 1, 1)
    assert dict(made.counts) == {"rows": 1, "codes": 1, "without_equivalent": 0}


@pytest.mark.parametrize("text", ["system,code\n", "system,code,icd10cm,dose\n", "from,to\n", ""])
def test_another_table_is_none(text: str) -> None:
    assert FORMAT.recognise(written("map.csv", text)) is None


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (",1,E11.9", "system and code are needed"),
        ("snomed,,E11.9", "system and code are needed"),
        ("snomed,1,Jane Roe", "is no ICD-10-CM code"),
        ("snomed,1,E11.9,perhaps", "approximate is true, false or empty"),
        ("snomed,1,E11.9,,x,y", "6 columns in place of 4"),
        ("", "maps no code"),
    ],
)
def test_a_row_that_makes_no_sense_is_told_with_its_place(row: str, wrong: str) -> None:
    with pytest.raises(InputError, match=wrong) as told:
        read(FORMAT, written("map.csv", f"system,code,icd10cm,approximate\n{row}\n"))
    assert "Jane" not in str(told.value)


# --- by the official maps ---

DAY = date(2026, 5, 14)
GEM = "25000 E119    10000\n0010  A000    00000\n4589  NoDx    11000\n73300 M8000XA 10111\n73300 R52     10112\n"
PLAIN, WANTING = (maps.check_digit(f"9901{n}0010") for n in range(2))
SNOMED = [
    maps.row(PLAIN, 1, 1, "TRUE", "E75.23"),
    maps.row(WANTING, 1, 1, "TRUE", "S72.001?"),
    maps.row(maps.SPLIT, 1, 1, maps.FEMALE, "N94.89"),
    maps.row(maps.SPLIT, 1, 2, maps.MALE, "N50.89"),
    maps.row(maps.AGED, 1, 1, f"{maps.ONSET} < 28.0 days", "P39.9"),
    maps.row(maps.AGED, 1, 2, "OTHERWISE TRUE", "L70.9"),
    maps.row(maps.BOTH, 1, 1, "TRUE", "E75.23"),
    maps.row(maps.BOTH, 2, 1, "TRUE", "I10"),
    maps.row(maps.NOWHERE, 1, 1, "TRUE", ""),
]


@pytest.fixture(scope="module")
def official(book: CodeBook, tmp_path_factory: pytest.TempPathFactory) -> CodeBook:
    given = (snomed_map.FORMATS[0], [written(maps.NAME, maps.text(SNOMED))])
    return book_with(book, tmp_path_factory.mktemp("led"), given, (gems.FORMATS[0], [written("2018_I9gem.txt", GEM)]))


@pytest.mark.parametrize(
    ("system", "code", "targets", "open_"),
    [
        ("snomed", PLAIN, ("E75.23",), ""),
        ("snomed", WANTING, ("S72.001?",), "a character to add"),
        ("snomed", maps.SPLIT, ("N94.89",), ""),
        ("snomed", maps.AGED, ("P39.9", "L70.9"), "by what is not known of the patient"),
        ("snomed", maps.BOTH, ("E75.23", "I10"), "several codes together"),
        ("snomed", maps.NOWHERE, (), "no equivalent"),
        ("icd9cm", "001.0", ("A00.0",), ""),
        ("icd9cm", "25000", ("E11.9",), "approximate"),
        ("icd9cm", "458.9", (), "no equivalent"),
        ("icd9cm", "733.00", ("M80.00XA", "R52"), "a combination"),
        ("icd10cm", "e7523", ("E75.23",), ""),
        ("icd10cm", "E75.2", ("E75.2",), "not a complete code in force on 2026-05-14"),
    ],
)
def test_a_code_leads_where_the_official_maps_say(
    official: CodeBook, system: str, code: str, targets: tuple[str, ...], open_: str
) -> None:
    way = leads_to(official, system, code, DAY, Patient(sex="F"))
    assert way is not None
    assert (way.targets, way.open) == (targets, open_)


@pytest.mark.parametrize(
    ("system", "code"), [("snomed", maps.ABSENT), ("snomed", "12"), ("icd9cm", "999.99"), ("icd9cm", "?"), ("cpt", "1")]
)
def test_what_no_map_has_leads_nowhere(official: CodeBook, system: str, code: str) -> None:
    assert leads_to(official, system, code, DAY) is None


class TestTranslating:
    """`translate` asks the installed map before the official ones."""

    @pytest.fixture
    def mapped(self, book: CodeBook, tmp_path: Path) -> CodeBook:
        rows = "icd9cm,250.00,E11.65,true\nicd9cm,V45.0,Z95.0,\nL,kr-1,E75.23,\nL,KR-9,,\n"
        mine = f"system,code,icd10cm,approximate\n{rows}"
        return book_with(book, tmp_path, (FORMAT, [written("map-2026-01-01.csv", mine)]))

    def asked(self, mapped: CodeBook, code: str, source: str, **more: bool) -> tuple[list[str | None], list[str]]:
        systems = (CodeSystem.ICD9CM if source == "icd9cm" else Local(source), CodeSystem.ICD10CM)
        first, second = reversed(systems) if more else systems
        found = translate(mapped, code, first, second, date(2026, 5, 14), **more)
        return [line.target for line in found.maps], [f.rule.rpartition("/")[2] for f in found.findings]

    def test_what_it_has_it_answers_alone_and_says_so(self, mapped: CodeBook) -> None:
        targets, said = self.asked(mapped, "25000", "icd9cm")
        assert (targets, "own" in said) == (["E11.65"], True)

    def test_what_it_does_not_have_the_official_map_is_asked(self, mapped: CodeBook) -> None:
        with pytest.raises(DataMissing):
            self.asked(mapped, "401.9", "icd9cm")

    @pytest.mark.parametrize(
        ("code", "targets", "said"), [("KR-1", ["E75.23"], []), ("KR-9", [None], []), ("KR-2", [], ["unknown"])]
    )
    def test_codes_of_a_sender(self, mapped: CodeBook, code: str, targets: list[str | None], said: list[str]) -> None:
        found, findings = self.asked(mapped, code, "l")
        assert (found, [f for f in findings if f == "unknown"]) == (targets, said)

    def test_backward(self, mapped: CodeBook) -> None:
        assert self.asked(mapped, "Z95.0", "icd9cm", backward=True)[0] == ["V45.0"]
        assert self.asked(mapped, "E75.23", "L", backward=True)[0] == ["KR-1"]
