"""Broken, hostile and mixed-up files: each claimed by one format at most, read or refused in a sentence, and quick."""

from __future__ import annotations

import gzip
import io
import itertools
import lzma
import os
import random
import shutil
import socket
import sqlite3
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from leadterm.codesets import CodeBook, open_book
from leadterm.codesets.formats import Format, Offered, Part, Table, _sheets, all_formats
from leadterm.codesets.formats._workbooks import sheet_rows
from leadterm.codesets.installing import changing, installer
from leadterm.codesets.installing.offering import offers
from leadterm.codesets.store import Manifest
from leadterm.domain import DataMissing, InputError, Refused

from .hostile import (
    ABBREVIATIONS,
    BOMBS,
    CPT_LONG,
    CPT_SHORT,
    ICD9,
    SAMPLES,
    Sample,
    broken,
    claims,
    faults,
    filled,
    linked,
    members,
    mutations,
    packed,
    refusal,
)

FORMATS = all_formats()
BY_ID = {f"{s.component} {s.path}": s for s in SAMPLES}
SECONDS = 1.0  # what a broken file may take longer than its whole
CLAIMED = {
    "abbreviations/vanderbilt_clinic_notes.txt": "reference:abbreviations",
    "abbreviations/vanderbilt_discharge_sums.txt": "reference:abbreviations",
    "ccsr/CCSR_PR_categories.csv": "ccsr:pr-categories",
    "ccsr/DXCCSR-Reference-File-v2023-1.xlsx": "ccsr:dx",
    "doid/HumanDO.tsv": "doid:icd10cm",
    "doid/allXREFinDO.tsv": "doid:icd10cm",
    "doid/doid_icd10cm.json": "doid:icd10cm",
    "gems/2018/2018_I10gem.txt": "gems:icd10cm-icd9cm",
    "gems/2018/2018_I9gem.txt": "gems:icd9cm-icd10cm",
    "hcpcs/2019/2019-Alpha-Numeric-HCPCS-File.zip/HCPC2019_CONTR_ANWEB.txt": "hcpcs:codes",
    "hcpcs/2019/2019-Alpha-Numeric-HCPCS-File.zip/HCPC2019_CONTR_ANWEB.xlsx": "hcpcs:codes",
    "hcpcs/2019/2019-Alpha-Numeric-HCPCS-File.zip/proc_notes_2019.txt": "hcpcs:notes",
    "hcpcs/2020-07/anweb.xlsx": "hcpcs:codes",
    "hcpcs/2020-10/anweb.xlsx": "hcpcs:codes",
    "hcpcs/2025-10/derived-HCPC2025_OCT_ANWEB.csv": "hcpcs:codes",
    "icd10cm/2023/icd10cm_drug_2023.xml": "icd10cm:drug",
    "icd10cm/2023/icd10cm_eindex_2023.xml": "icd10cm:eindex",
    "icd10cm/2023/icd10cm_neoplasm_2023.xml": "icd10cm:neoplasm",
    "icd10cm/2025-04/icd-10-cm-drug-2025.xml": "icd10cm:drug",
    "icd10cm/2025-04/icd-10-cm-eindex-2025.xml": "icd10cm:eindex",
    "icd10cm/2025-04/icd-10-cm-neoplasm-2025.xml": "icd10cm:neoplasm",
    "icd10cm/2025-04/icd-10-cm-tabular-2025_ch2.xml": "icd10cm:tabular",
    "icd10cm/2025-04/reconstructed-icd10cm-index-2025.xml": "icd10cm:index",
    "icd10cm/2025-order/regenerated-icd10cm_order_2025.txt": "icd10cm:order",
    "icd10cm/2026-04/code-list-April-2026.txt": "icd10cm:code-list",
    "icd10cm/2026-04/icd10c-tabular-April-1-2026.xml": "icd10cm:tabular",
    "icd10cm/2026-04/icd10cm-drug-April-1-2026-XML.xml": "icd10cm:drug",
    "icd10cm/2026-04/icd10cm-eindex-April-1-2026-XML.xml": "icd10cm:eindex",
    "icd10cm/2026-04/icd10cm-neoplasm-April-1-2026-XML.xml": "icd10cm:neoplasm",
    "icd10pcs/2023/icd10pcs_definitions_2023.xml": "icd10pcs:definitions",
    "icd10pcs/2023/icd10pcs_index_2023.xml": "icd10pcs:index",
    "icd10pcs/2023/icd10pcs_tables_2023.xml": "icd10pcs:tables",
    "lcd/derived-lcd_coverage.json": "coverage:lcd",
    "lcd/documents_latest.csv": "coverage:documents",
    "msdrg/cc_exclusions.txt": "msdrg:cc-exclusions",
    "msdrg/cc_list.txt": "msdrg:cc",
    "msdrg/drg_weights.txt": "msdrg:weights",
    "msdrg/mcc_list.txt": "msdrg:mcc",
    "ncci/derived-mue-practitioner-2026Q2.csv": "ncci:mue-practitioner",
    "nucc/nucc_taxonomy_251.csv": "reference:taxonomy",
    "pfs/rvu25d/25LOCCO.csv": "pfs:localities",
    "pfs/rvu25d/ANES2025.csv": "pfs:anesthesia",
    "pfs/rvu25d/GPCI2025.csv": "pfs:gpci",
    "pfs/rvu25d/GPCI2025.xlsx": "pfs:gpci",
    "pfs/rvu25d/PPRRVU2025_Oct.descriptors-blanked.csv": "pfs:rvu",
    "pfs/zip/ZIP5_OCT2025.txt": "pfs:zip",
    "reportable/dibbs-condition_grouper_3.0.0.json": "reportable:conditions",
    "reportable/valueset-dxtc-example.json": "reportable:triggers",
    "terminology/acute_diagnosis_ccs.csv": "reference:acute-diagnosis-ccs",
    "terminology/admit_source.csv": "reference:admit-source",
    "terminology/admit_type.csv": "reference:admit-type",
    "terminology/chronic_conditions.csv": "reference:chronic-conditions",
    "terminology/discharge_disposition.csv": "reference:discharge-status",
    "terminology/exclusion_ccs_diagnosis_category.csv": "reference:excluded-diagnosis-ccs",
    "terminology/place_of_service.csv": "reference:place-of-service",
    "terminology/potentially_planned_ccs_procedure_category.csv": "reference:planned-procedure-ccs",
    "terminology/potentially_planned_icd_10_pcs.csv": "reference:planned-procedure-pcs",
    "terminology/present_on_admission.csv": "reference:poa",
    "terminology/specialty_cohort.csv": "reference:specialty-cohort",
}
# Notes, licences, layouts and files that a format beside them holds already.
UNCLAIMED = {
    "abbreviations/LICENSE.txt",
    "abbreviations/README.md",
    "hcpcs/2019/2019-Alpha-Numeric-HCPCS-File.zip/Changes_by_ActionCode.prn",
    "hcpcs/2019/2019-Alpha-Numeric-HCPCS-File.zip/Changes_by_HCPCSCode.prn",
    "hcpcs/2019/2019-Alpha-Numeric-HCPCS-File.zip/HCPC2019_README.txt",
    "hcpcs/2019/2019-Alpha-Numeric-HCPCS-File.zip/HCPC2019_Trans_Alpha.xlsx",
    "icd10cm/2025-04/icd-10-cm-drug-neoplasm-2025.xsd",
    "icd10cm/2025-04/icd-10-cm-tabular-2025.xsd",
    "icd10cm/2025-04/icd10-Order-Files-April-2025.pdf",
    "icd10cm/2025-04/icd10cm-index-2025.xsd",
    "pfs/rvu25d/25LOCCO.txt",
    "pfs/zip/ZIP5lyout.txt",
    "terminology/LICENSE",
}
named = pytest.mark.parametrize("one", [pytest.param(s, id=name) for name, s in BY_ID.items()])


def offered(path: Path) -> list[Offered]:
    return [one for one in offers([path]) if isinstance(one, Offered)]


def refused(path: Path) -> list[Refused]:
    return [one for one in offers([path]) if isinstance(one, Refused)]


def sample_of(component: str, suffix: str = "") -> Sample:
    return next(s for s in SAMPLES if s.component == component and s.path.endswith(suffix))


def form_of(one: Sample) -> Format:
    ((form, _),) = claims(FORMATS, one.offered())
    return form


def sentence(one: Sample, data: bytes | str) -> str:
    """How a changed sample is refused when it is read."""
    changed = one.offered(data.encode() if isinstance(data, str) else data)
    ((form, found),) = claims(FORMATS, changed)
    with pytest.raises(InputError) as error:
        filled(form.read([changed, *one.beside], found))
    assert faults(str(error.value), changed.name) == ""
    return str(error.value)


# --- which file is whose ---


@named
def test_a_valid_file_is_claimed_by_its_format_alone_and_read(one: Sample) -> None:
    ((form, found),) = claims(FORMATS, one.offered())
    assert found.name == one.component
    assert sum(filled(form.read([one.offered(), *one.beside], found))) > 0


def test_every_format_has_a_sample() -> None:
    assert {form_of(s).what for s in SAMPLES} == {f.what for f in FORMATS}


def test_every_file_at_hand_is_claimed_by_one_format_or_none(shared: Path) -> None:
    claimed = {o.path: [found.name for _, found in claims(FORMATS, o)] for o in offered(shared / "releases")}
    assert claimed == {path: [name] for path, name in CLAIMED.items()} | {path: [] for path in UNCLAIMED}


def test_recognising_costs_little_whatever_the_head() -> None:
    slow = []
    for one in SAMPLES:
        half = one.data[: len(one.data) // 2]
        for head in (one.data * 100, *(half + p * 4_000 for p in (b" ", b"\t", b"(", b"0", b"A0 ", b"\n"))):
            if (took := quickest(one.offered(head))) > 0.05:
                slow.append((one.path, head[:10], took))
    assert slow == []


def quickest(one: Offered) -> float:
    """Seconds that all formats need to say whether a file is theirs; another try where the machine was busy."""
    took = 1.0
    for _ in range(3):
        started = time.process_time()
        claims(FORMATS, one, strict=False)
        took = min(took, time.process_time() - started)
        if took < 0.02:
            break
    return took


# --- every format, broken in every way once ---


@named
def test_a_broken_file_is_read_or_refused_in_a_sentence(one: Sample) -> None:
    form, whole = form_of(one), sorted(s.path for s in SAMPLES if s.component == one.component)
    wrong = []
    for name, change in mutations(one).items():
        chance = random.Random(f"{one.path} {name}")
        data = change(one.data, chance)
        started = time.process_time()
        wrong += [f"{name}: {why}" for why in broken(FORMATS, form, one, data)]
        if time.process_time() - started > SECONDS:
            wrong.append(f"{name}: took {time.process_time() - started:.1f} s")
    assert wrong == [], whole


# --- what was found, each by itself ---


def test_classes_that_stand_above_each_other_end() -> None:
    one = sample_of("icd10:codes", ".xml")
    circle = one.data.replace(b'<SuperClass code="IV"/>', b'<SuperClass code="M00"/>').replace(
        b'<Class code="M00" kind="category"><SuperClass code="E10-E14"/><SubClass code="M00.0"/>',
        b'<Class code="M00" kind="category"><SuperClass code="E10-E14"/>',
    )
    ((form, found),) = claims(FORMATS, one.offered(circle))
    started = time.process_time()
    filled(form.read([one.offered(circle)], found))
    assert time.process_time() - started < SECONDS


def test_modifiers_that_multiply_are_refused() -> None:
    one = sample_of("icd10:codes", ".xml")
    many = b"".join(b'<ModifiedBy code="S_%d"/>' % n for n in range(2_000))
    assert "modifiers" in sentence(one, one.data.replace(b'<ModifiedBy code="S_4"/>', many))


def test_a_row_of_more_codes_than_all_tables_have_is_refused() -> None:
    one = sample_of("icd10pcs:tables")
    labels = "".join(f'<label code="{c}">x</label>' for c in "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ")
    axes = "".join(f'<axis pos="{n}" values="34"><title>x</title>{labels}</axis>' for n in range(4, 8))
    row = f'<pcsRow codes="{34**4}">{axes}</pcsRow>'
    text = one.data.decode()
    start, end = text.index("<pcsRow"), text.index("</pcsRow>") + len("</pcsRow>")
    assert "more than 100,000 codes" in sentence(one, text[:start] + row + text[end:])


@pytest.mark.parametrize(
    "value", ["1e9999999", "1E-999999999", "9" * 100, "Infinity", "NaN", "-0.1", "0x1", "1_0", "٣"]
)
def test_a_value_is_a_number_of_reasonable_length(value: str) -> None:
    one = sample_of("pfs:gpci", ".csv")
    assert "Row 3" in sentence(one, one.data.replace(b"0.869", value.encode()))


@pytest.mark.parametrize(
    ("value", "stored"), [("1", "1"), ("1.50", "1.5"), (".5", "0.5"), ("5e-05", "0.00005"), ("0.000", "0")]
)
def test_a_value_is_stored_as_a_plain_decimal(value: str, stored: str) -> None:
    assert _sheets.number(value) == stored


@pytest.mark.parametrize(
    ("component", "old", "new"),
    [
        ("icd10cm:tabular", b"<version>2031", b"<version>0001"),
        ("icd10cm:index", b"<version>2031", b"<version>0000"),
        ("msdrg:weights", b"FY 2031", b"FY 0000"),
        ("msdrg:cc", b"FY 2031", b"FY 0001"),
        ("pfs:rvu", b"2031 National", b"9999 National"),
        ("pfs:zip", b"20314", b"00001"),
    ],
)
def test_a_year_that_is_none_is_no_year(component: str, old: bytes, new: bytes) -> None:
    one = sample_of(component)
    bare = Offered("file.txt", one.data.replace(old, new)[:8_192], bytes)
    for form in FORMATS:
        if said := refusal(lambda form=form: form.recognise(bare)):
            assert faults(said, bare.name) == ""
        else:
            assert form.recognise(bare) is None or component in ("icd10cm:index", "msdrg:cc")


@pytest.mark.parametrize(
    ("component", "suffix", "old", "new"),
    [
        ("ncci:mue-practitioner", ".csv", b"10021,1,", b"10021," + b"9" * 30 + b","),
        ("snomed:icd10cm-map", "", b"990000010\t1", b"990000010\t" + b"9" * 30),
        ("coverage:documents", "", b"LCD,12", b"LCD," + b"9" * 30),
        ("reference:chronic-conditions", "", b"\n2,", b"\n" + b"9" * 30 + b","),
        ("icd10pcs:tables", "", b'codes="', b'codes="' + b"9" * 5_000),
        ("icd10cm:drug", "", b'col="2"', b'col="' + b"2" * 5_000 + b'"'),
        ("msdrg:cc-exclusions", "", b"0002:2 codes", b"0002:" + b"9" * 5_000 + b" codes"),
    ],
)
def test_a_number_that_no_store_can_hold_is_refused(component: str, suffix: str, old: bytes, new: bytes) -> None:
    one = sample_of(component, suffix)
    assert sentence(one, one.data.replace(old, new, 1))


@pytest.mark.parametrize("component", ["doid:icd10cm", "reportable:triggers", "reportable:conditions"])
@pytest.mark.parametrize("put", [rb"\ud800", rb"\udfff\ud800"])
def test_half_a_character_in_json_is_refused(component: str, put: bytes) -> None:
    one = sample_of(component, ".json")
    old = b"wilt" if component.startswith("doid") else b"W"
    assert sentence(one, one.data.replace(old, put))


@pytest.mark.parametrize("component", ["doid:icd10cm", "coverage:lcd", "reportable:triggers", "reportable:conditions"])
def test_json_nested_100_000_deep_is_refused(component: str) -> None:
    one = sample_of(component, ".json")
    assert sentence(one, one.data.rstrip()[:-1] + b', "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}")


def test_blanks_before_a_tab_cost_no_time() -> None:
    one = sample_of("cpt:codes", "SHORTU.TXT")
    started = time.process_time()
    sentence(one, one.data.replace(b"0002T ZYX WATCH", b"0002T ZYX" + b" " * (1 << 20) + b"\tWATCH"))
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("component", ["reference:modifiers", "reference:revenue-codes", "reference:taxonomy"])
def test_words_in_the_column_of_codes_are_not_quoted(component: str) -> None:
    one = sample_of(component)
    assert "in place of the code" in sentence(
        one, one.data.replace(one.data.splitlines()[1].split(b",")[0], b"Zyxomma", 1)
    )


def test_a_descriptor_in_the_column_of_codes_is_not_quoted() -> None:
    one = sample_of("cpt:codes", "list.tsv")
    assert "in place of the code" in sentence(one, one.data.replace(b"18\t0002T\tZyx watch", b"18\tZYX WATCH\t0002T"))


# --- workbooks ---


def far(*cells: str) -> bytes:
    """A workbook whose first sheet has these cells."""
    one = sample_of("hcpcs:codes", ".xlsx")
    content = members(one.data)
    name = next(n for n in content if n.endswith("sheet1.xml"))
    content[name] = content[name].replace(b"</sheetData>", "".join(cells).encode() + b"</sheetData>")
    return packed(content)


@pytest.mark.parametrize(
    "cells",
    [
        ['<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row>'],
        ["<row r='1048576'><c r='XFD1048576' t='n'><v>1</v></c></row>"],
        ['<row r="1048576"><c x="/&gt;" r = "XFD1048576"\n><v>1</v></c></row>'],
        ['<row r="9999999999999"><c r="A9999999999999"><v>1</v></c></row>'],
        ['<row r="20"><c r="ZZZZZZZZ20"><v>1</v></c></row>'],
        ["<row>" + "<c><v>1</v></c>" * 16_384 + "</row>", "<row/>" * 400_000, "<row><c><v>1</v></c></row>"],
    ],
    ids=["far", "other quotes", "other blanks", "beyond", "no column", "without places"],
)
def test_a_sheet_that_reaches_far_is_refused_before_it_takes_memory(cells: list[str]) -> None:
    with pytest.raises(InputError, match=r"reaches over|cannot be read") as error:
        sheet_rows(far(*cells), "x.xlsx", None)
    assert faults(str(error.value), "x.xlsx") == ""


def test_cells_that_are_only_formatted_do_not_count() -> None:
    rows = sheet_rows(far('<row r="1048576"><c r="XFD1048576" s="1"/></row>'), "x.xlsx", None)
    assert len(rows) < 10


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_workbook_that_expands_without_end_is_refused(bomb: str) -> None:
    data = BOMBS[bomb](sample_of("hcpcs:codes", ".xlsx").data, random.Random(1))
    started = time.process_time()
    with pytest.raises(InputError, match=r"more than any release"):
        sheet_rows(data, "x.xlsx", None)
    assert time.process_time() - started < SECONDS


def test_a_document_of_another_kind_is_no_workbook() -> None:
    table = b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell/></table:table-row>'
    data = packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": table})
    with pytest.raises(InputError, match="is no workbook"):
        sheet_rows(data, "x.xlsx", None)


def test_a_workbook_under_another_name_is_no_text_and_the_reverse(tmp_path: Path) -> None:
    book = sample_of("hcpcs:codes", ".xlsx").data
    (tmp_path / "HCPC2031_OCT_ANWEB.csv").write_bytes(book)
    (tmp_path / "HCPC2031_OCT.xlsx").write_bytes(b"code,kind,long_description,short_description\nA0001,code,Item,It\n")
    for one in offered(tmp_path):
        for form, found in claims(FORMATS, one, strict=False):
            said = refusal(lambda form=form, one=one, found=found: form.read([one], found))
            assert not said or faults(said, one.name) == ""


# --- archives, folders, pipes ---


def zipped(path: Path, *content: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content:
            archive.writestr(name, data)
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_are_each_read(tmp_path: Path) -> None:
    found = offered(zipped(tmp_path / "x.zip", ("a.txt", b"first"), ("a.txt", b"second")))
    assert sorted(one.load() for one in found) == [b"first", b"second"]


@pytest.mark.parametrize(
    "name",
    ["../a.txt", "/etc/a.txt", "..\\..\\a.txt", "C:\\a.txt", "a\u202etxt.exe", "a\x1b[31m.txt", "é.txt", "a\nb.txt"],
)
def test_strange_names_are_shown_without_harm(tmp_path: Path, name: str) -> None:
    (one,) = offered(zipped(tmp_path / "x.zip", (name, b"data")))
    assert one.load() == b"data"
    assert one.path.isprintable()
    assert [p.name for p in tmp_path.rglob("*")] == ["x.zip"]


def test_a_name_of_ten_thousand_wrappers_is_looked_at_once(tmp_path: Path) -> None:
    (one,) = offered(zipped(tmp_path / "x.zip", (f"a{'.gz' * 10_000}", gzip.compress(b"data"))))
    assert one.head == b"data"


def test_archives_within_each_other_are_counted_together(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for number in range(1_500):
            archive.writestr(f"{number}.txt", "")
    path = zipped(tmp_path / "x.zip", *((f"{n}.zip", inner.getvalue()) for n in range(20)))
    started = time.process_time()
    assert len(offered(path)) == 1_500
    assert {one.reason for one in refused(path)} == {
        "The archives within each other have more than 2000 members, which no release has."
    }
    assert time.process_time() - started < 4


def test_an_archive_of_two_thousand_members_is_walked_quickly(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", *((f"{n:04}.txt", b"%d" % n) for n in range(2_000)))
    started = time.process_time()
    found = offered(path)
    assert time.process_time() - started < 3
    assert found[1_999].load() == b"1999"


def test_members_that_lie_over_each_other_do_not_make_a_bomb_larger(tmp_path: Path) -> None:
    """One packed stretch of a megabyte that a thousand members point at (the directory says so a thousand times)."""
    path = zipped(tmp_path / "x.zip", ("a.txt", b"0" * 8_000_000))
    data = path.read_bytes()
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry, tail = data[start:end], data[end:]
    tail = tail[:8] + struct.pack("<HHII", 1_000, 1_000, len(entry) * 1_000, start) + tail[20:]
    path.write_bytes(data[:start] + entry * 1_000 + tail)
    assert offered(path) == []
    assert "expands" in refused(path)[0].reason


@pytest.mark.parametrize(("suffix", "pack"), [(".xz", lzma.compress), (".gz", gzip.compress)])
def test_a_wrapper_that_expands_without_end_is_refused_when_it_is_read(
    tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"a.txt{suffix}"
    path.write_bytes(pack(b"0" * 40_000_000))
    (one,) = offered(path)
    with pytest.raises(InputError, match="cannot be read"):
        one.load()


@pytest.mark.parametrize(("suffix", "pack"), [(".xz", lzma.compress), (".gz", gzip.compress)])
def test_an_archive_within_a_wrapper_is_opened(tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    path = zipped(tmp_path / "x.zip", ("a.txt", b"data"), (f"b.txt{suffix}", pack(b"more")))
    wrapped = tmp_path / f"x.zip{suffix}"
    wrapped.write_bytes(pack(path.read_bytes()))
    assert {one.path: one.load() for one in offered(wrapped)} == {"x.zip/a.txt": b"data", "x.zip/b.txt": b"more"}


def test_a_flipped_archive_is_refused_or_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", *((f"{n}.txt", b"data" * n) for n in range(1, 6)))
    whole, chance = path.read_bytes(), random.Random(7)
    for _ in range(400):
        raw = bytearray(whole)
        for _ in range(chance.choice((1, 2, 8))):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        path.write_bytes(raw[: chance.choice((len(raw), chance.randrange(4, len(raw))))])
        for one in offers([path]):
            said = one.reason if isinstance(one, Refused) else refusal(one.load)
            assert not said or said.endswith(".")


def test_pipes_sockets_and_devices_are_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "socket.txt"))
    listening.close()
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "gone.txt").symlink_to("nowhere")
    (tmp_path / "a.txt").write_text("a")
    assert [one.path for one in offers([tmp_path])] == ["a.txt"]
    for path in (tmp_path / "pipe.txt", Path("/dev/zero"), tmp_path / "socket.txt"):
        with pytest.raises(InputError, match="neither a file nor a folder"):
            list(offers([path]))


def test_links_in_circles_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "a" / "x.txt").write_text("x")
    assert [one.path for one in offers([tmp_path])][:1] == ["a/x.txt"]
    assert not [one for one in offered(tmp_path) if one.path != "a/x.txt"]
    with pytest.raises(InputError):
        list(offers([tmp_path / "self"]))


def test_a_file_that_is_named_twice_is_offered_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    found = list(offers([tmp_path, tmp_path / "a.txt", tmp_path / "." / "a.txt"]))
    assert [one.path for one in found] == ["a.txt"]


def test_a_folder_of_5_000_files_is_looked_through_quickly(tmp_path: Path) -> None:
    for number in range(5_000):
        (tmp_path / f"{number:04}.txt").write_bytes(b"nothing of that")
    started = time.process_time()
    found = installer.plan([tmp_path])
    assert (len(found.unknown), found.groups, found.refused) == (5_000, (), ())
    assert time.process_time() - started < 8


@pytest.mark.parametrize("path", ["absent", "a.txt/below", "x" * 300, "a\0b"])
def test_a_path_to_nothing_is_told(tmp_path: Path, path: str) -> None:
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(InputError, match=r"nothing at|cannot be looked at"):
        list(offers([tmp_path / path]))


# --- installing ---


@pytest.fixture
def copy(book: CodeBook, home: Path, tmp_path: Path) -> Path:
    """A compiled home of the test's own; stores are never written to again, so links to them are as good."""
    shutil.copytree(home / "codesets", tmp_path / "home" / "codesets", copy_function=linked)
    return tmp_path / "home"


def laid(folder: Path, *samples: Sample) -> list[Path]:
    """Files of samples, each in a folder of its own where their names say where they lie."""
    paths = []
    for one in samples:
        path = folder / "files" / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.data)
        paths.append(path)
    return paths


def state(home: Path) -> dict[str, object]:
    """What a home holds: releases with checksums, and the names and bytes of stores."""
    folder = home / "codesets"
    manifest = Manifest.load(folder)
    stores = {p.name for p in folder.glob("*.sqlite")}
    copies = {p.name for p in (folder / "sources").glob("*")}
    assert stores == {k.release.path for k in manifest.kept}
    assert copies == {f"{file.sha256}.gz" for k in manifest.kept for file in k.files}
    assert list(folder.glob(".tmp-*")) == []
    return {
        f"{k.release.name} {k.release.period}": (k.release.checksum, k.sha256, k.release.counts) for k in manifest.kept
    }


GOOD = tuple(sample_of(name) for name in ("reference:poa", "gems:icd9cm-icd10cm", "msdrg:cc"))


def test_bad_files_beside_good_ones_are_refused_and_the_good_ones_installed(copy: Path, tmp_path: Path) -> None:
    bad = [
        replace(one, path=f"bad/{one.path}", data=one.data.replace(b"\n", b"\n\xff\x81,\t;", 3)[:-9]) for one in SAMPLES
    ]
    laid(tmp_path, *bad)
    laid(tmp_path, *GOOD)
    zipped(tmp_path / "files" / "broken.zip", ("a.txt", b"a"))
    (tmp_path / "files" / "broken.zip").write_bytes((tmp_path / "files" / "broken.zip").read_bytes()[:60])
    before = state(copy)
    done = changing.install([tmp_path / "files"], copy)
    assert {one.component for one in GOOD} <= {o.release.name for o in done.outcomes}
    assert len(done.refused) > 20
    told = (f"{r.path}: {r.reason}" for r in done.refused)  # as a user sees it
    assert [why for t in told if (why := faults(t, t.partition(":")[0]))] == []
    assert before.items() <= state(copy).items()
    assert open_book(copy).verify() == ()


def test_what_is_refused_leaves_no_copy_behind(copy: Path, tmp_path: Path) -> None:
    (path,) = laid(tmp_path, replace(GOOD[0], data=GOOD[0].data + b"??,Zyx\n"))
    before = state(copy)
    assert [r.path for r in changing.install([path], copy).refused] == ["poa.csv"]
    assert state(copy) == before


@pytest.mark.parametrize("rows", [[("a",), ("a",)], [(10**30,)], [("\ud800",)], [(object(),)], [("a", "b")]])
def test_rows_that_no_store_takes_become_a_sentence(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[tuple[object, ...]]
) -> None:
    paths = laid(tmp_path, *GOOD[:2])
    table = Table((), (Part("CREATE TABLE entry (a PRIMARY KEY)", "INSERT INTO entry VALUES (?)", rows),))
    forms = tuple(replace(f, read=lambda *_: table) if f.recognise(GOOD[0].offered()) else f for f in FORMATS)
    monkeypatch.setattr(installer, "all_formats", lambda: forms)
    done = changing.install(paths, copy)
    assert [o.release.name for o in done.outcomes] == [GOOD[1].component]
    ((path, reason),) = [(r.path, r.reason) for r in done.refused]
    assert (path, faults(reason, "poa.csv")) == ("poa.csv", "")
    assert state(copy)


def test_a_file_that_changes_while_it_is_read_is_refused(copy: Path, tmp_path: Path) -> None:
    paths = laid(tmp_path, *GOOD[:2])

    def progress(what: str, share: float) -> None:
        if what.startswith("compiling reference"):
            paths[0].write_bytes(b"something else\n")

    done = changing.install(paths, copy, progress)
    assert [o.release.name for o in done.outcomes] == [GOOD[1].component]
    assert "changed while it was read" in done.refused[0].reason


def test_a_file_that_goes_while_it_is_read_is_refused(copy: Path, tmp_path: Path) -> None:
    paths = laid(tmp_path, *GOOD[:2])
    done = changing.install(paths, copy, lambda what, share: paths[0].unlink(missing_ok=True) if share else None)
    assert [(r.path, "cannot be read" in r.reason) for r in done.refused] in ([("poa.csv", True)], [])


@pytest.mark.parametrize("at", range(6))
def test_an_interrupted_installation_changes_nothing_and_leaves_nothing(copy: Path, tmp_path: Path, at: int) -> None:
    paths = laid(tmp_path, *GOOD, replace(GOOD[0], path="poa_2.csv"))
    before, steps = state(copy), itertools.count()
    swapped = False

    def progress(what: str, share: float) -> None:
        nonlocal swapped
        swapped = what == "code sets compiled"
        if next(steps) == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        changing.install(paths, copy, progress)
    assert (state(copy) == before) is not swapped
    assert open_book(copy).verify() == ()


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), sqlite3.OperationalError("database or disk is full")]
)
def test_a_full_disk_is_told_and_changes_nothing(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    paths, before = laid(tmp_path, *GOOD), state(copy)

    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr(installer, "write_component", full)
    with pytest.raises(DataMissing, match="free some space"):
        changing.install(paths, copy)
    assert state(copy) == before


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    (path,) = laid(tmp_path, GOOD[0])
    with pytest.raises(DataMissing, match="LEADTERM_HOME"):
        changing.install([path], path)


def test_the_same_content_twice_is_read_once(copy: Path, tmp_path: Path) -> None:
    files = tmp_path / "files" / "CPT 2031"
    files.mkdir(parents=True)
    (files / "LONGULT.txt").write_text(CPT_LONG, newline="")
    zipped(files / "whole.zip", ("LONGULT.txt", CPT_LONG.encode()), ("SHORTU.txt", CPT_SHORT.encode()))
    done = changing.install([tmp_path / "files"], copy)
    assert (len(done.outcomes), done.refused) == (1, ())
    assert done.superfluous == ("CPT 2031/whole.zip/LONGULT.txt",)


# Releases of one file, and two that are read from several.
PIECES = {
    "words_b.txt": ABBREVIATIONS,
    "words_a.txt": ABBREVIATIONS.replace("0.75", "0.5"),
    "CMS32_DESC_LONG_DX.txt": ICD9,
    "CMS32_DESC_SHORT_DX.txt": ICD9.replace("Invented", "Inv"),
    "cc_list_2031.txt": GOOD[2].data.decode(),
}


def grouped(copy: Path, folder: Path, groups: list[list[str]]) -> dict[str, object]:
    """The state of a fresh home after files were installed group by group."""
    home = copy.with_name(f"home-{len(list(copy.parent.glob('home-*')))}")
    shutil.copytree(copy, home, copy_function=linked)
    for group in groups:
        done = changing.install([folder / name for name in group], home)
        assert done.refused == ()
    return state(home)


def test_order_and_grouping_make_no_difference(copy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in PIECES.items():
        (folder / name).write_text(text, newline="")
    names, chance = list(PIECES), random.Random(3)
    wanted = grouped(copy, folder, [names])
    assert len(wanted) == len(state(copy)) + 3
    for _ in range(6):
        chance.shuffle(names)
        cuts = sorted(chance.sample(range(1, len(names)), chance.randrange(len(names))))
        groups = [names[a:b] for a, b in zip([0, *cuts], [*cuts, len(names)], strict=True)]
        assert grouped(copy, folder, groups) == wanted, groups


def test_a_piece_that_comes_again_takes_the_place_of_its_own(copy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("words_a.txt", "words_b.txt"):
        (folder / name).write_text(PIECES[name])
    changing.install([folder], copy)
    (folder / "words_a.txt").write_text(ABBREVIATIONS.replace("0.75", "0.125"))
    (outcome,) = changing.install([folder / "words_a.txt"], copy).outcomes
    assert (outcome.status, dict(outcome.release.counts)["sources"]) == ("replaced", 2)
    shares = open_book(copy).store_of(outcome.release).all("SELECT source, max(share) FROM entry GROUP BY source")
    assert shares == [("words_a", 0.25), ("words_b", 0.75)]


def test_a_copy_that_is_damaged_does_not_stand_in_the_way(copy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "words_a.txt").write_text(ABBREVIATIONS)
    changing.install([folder], copy)
    for path in (copy / "codesets" / "sources").iterdir():
        path.write_bytes(b"damaged")
    (folder / "words_b.txt").write_text(ABBREVIATIONS)
    (outcome,) = changing.install([folder / "words_b.txt"], copy).outcomes
    assert dict(outcome.release.counts)["sources"] == 1
    state(copy)


SCRIPT = """
import sys
from leadterm.cli import run
sys.exit(run(sys.argv[1:]))
"""


def test_the_command_says_what_is_wrong_and_no_more(copy: Path, tmp_path: Path) -> None:
    (path,) = laid(tmp_path, replace(GOOD[0], data=GOOD[0].data + b"Zyx,Zyx\n"))
    call = [sys.executable, "-c", SCRIPT, "codes", "install", str(path)]
    done = subprocess.run(
        call, env={**os.environ, "LEADTERM_HOME": str(copy)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "refused" in done.stdout
    assert "Zyx" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
