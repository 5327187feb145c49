"""The user's own map of codes that records bear: its layout, and what is wrong with a row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from leadterm.codesets.crosswalks.leading import OwnLead, OwnLeads
from leadterm.codesets.formats import all_formats, own_leads
from leadterm.domain import InputError

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
