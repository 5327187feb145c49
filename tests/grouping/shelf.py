"""A code book with small invented releases beside the embedded ones: fees and CCSR of 2026, weights of 2027."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.codesets.made import read, release, store, written

from leadterm.codesets import CodeBook, lexicon, open_book
from leadterm.codesets.formats import ccsr, fees, msdrg
from leadterm.codesets.formats._offered import Format
from leadterm.codesets.formats.fees import RVU_COLUMNS
from leadterm.codesets.store import Kept, Manifest, index_name

# Invented values; the code numbers alone are real.
ROWS = (
    {"code": "99213", "status": "A", "work": "1.30", "pe_nonfacility": "1.35", "pe_facility": "0.55", "mp": "0.10"},
    {"code": "71046", "status": "A", "work": "0.22", "pe_nonfacility": "0.70", "pe_facility": "0.70", "mp": "0.02"},
    {
        **{"code": "71046", "modifier": "26", "status": "A", "work": "0.22"},
        **{"pe_nonfacility": "0.08", "pe_facility": "0.08", "mp": "0.01"},
    },
    {
        "code": "27447",
        "status": "A",
        "work": "19.6",
        "pe_nonfacility": "14",
        "pe_facility": "14",
        "nonfacility_na": "NA",
    },
    {"code": "G0008", "status": "X"},
    {"code": "00100", "status": "J"},
    {"code": "99080", "status": "B"},
)
FACTOR = "33.4009"
Given = tuple[Format, str, str]
DRG_HEADS = (
    *("MS-DRG", "Post-Acute DRG", "Special Pay DRG", "MDC", "TYPE", "MS-DRG Title"),
    *("Weights before cap", "Weights", "Geometric mean LOS", "Arithmetic mean LOS"),
)
WEIGHTS = "\r\n".join(
    (
        "TABLE 5.-LIST OF MS-DRGS, FY 2027 Final Rule" + "\t" * 9,
        "\t".join(DRG_HEADS),
        "291\tYes\tNo\t05\tMED\tHEART FAILURE AND SHOCK WITH MCC\t1.2000\t1.2345\t3.9\t5.0",
        "",
    )
)

# CCSR of fiscal year 2026: the categories' numbers are real, their names and the procedure's category are not.
CCSR = "\r\n".join(
    (
        "'ICD-10-CM CODE','ICD-10-CM CODE DESCRIPTION','Default CCSR CATEGORY IP',"
        "'Default CCSR CATEGORY DESCRIPTION IP','Default CCSR CATEGORY OP','Default CCSR CATEGORY DESCRIPTION OP',"
        + ",".join(f"'CCSR CATEGORY {n}','CCSR CATEGORY {n} DESCRIPTION'" for n in range(1, 7))
        + ",'Rationale for Default Assignment'",
        "'I5023','Words','CIR019','Heart failure','CIR019','Heart failure','CIR019','Heart failure'"
        + ",' ',' '" * 5
        + ",''",
        "'E1122','Words','END003','Diabetes with more','END003','Diabetes with more','END003','Diabetes with more',"
        "'GEN003','Kidneys'" + ",' ',' '" * 4 + ",''",
        "'Z993','Words','XXX000','Not principal','FAC025','Other status','FAC025','Other status'"
        + ",' ',' '" * 5
        + ",''",
        "",
    )
)
CCSR_PROCEDURES = "\r\n".join(
    (
        "'ICD-10-PCS','ICD-10-PCS DESCRIPTION','PRCCSR','PRCCSR DESCRIPTION','CLINICAL DOMAIN'",
        "'0SR9019','Words','MST001','Hips','Musculoskeletal'",
        "",
    )
)


def schedule(month: str = "January") -> str:
    """A relative value file of 2026."""
    columns = [*RVU_COLUMNS.values()]
    fields = [*RVU_COLUMNS]
    lines = [",".join(row.get(f, FACTOR if f == "conversion_factor" else "") for f in fields) for row in ROWS]
    title = f"2026 National Physician Fee Schedule Relative Value File {month} Release"
    # Beyond the columns that are read: what stands above a column is part of its name.
    return "\r\n".join(("," * len(columns) + title, ",".join(columns), *lines, ""))


def shelf(home: Path, folder: Path, given: Iterable[Given] | None = None) -> CodeBook:
    """The releases of `home` and the invented ones (`given`: format, name, text), as a home in `folder`."""
    stores = folder / "codesets"
    stores.mkdir(parents=True)
    manifest = Manifest.load(home / "codesets")
    kept = list(manifest.kept)
    for one in kept:
        os.link(home / "codesets" / one.release.path, stores / one.release.path)
    kept += [*_made(stores, _given() if given is None else given)]
    # No test searches for what is invented here, so the search of the embedded releases does, under the new name.
    shutil.copytree(home / "codesets" / manifest.search, stores / index_name(kept, lexicon.digest()))
    Manifest(tuple(kept), index_name(kept, lexicon.digest())).save(stores)
    return open_book(folder)


def _given() -> Iterable[Given]:
    return (
        (fees.FORMATS[0], "PPRRVU2026_Jan.csv", schedule()),
        (msdrg.FORMATS[0], "fy2027/table5.txt", WEIGHTS),
        (ccsr.FORMATS[0], "DXCCSR_v2026-1.CSV", CCSR),
        (ccsr.FORMATS[1], "PRCCSR_v2026-1.CSV", CCSR_PROCEDURES),
    )


def _made(stores: Path, given: Iterable[Given]) -> Iterable[Kept]:
    for number, (form, name, text) in enumerate(given):
        found, made = read(form, written(name, text))
        store(stores, made, f"made-{number}")
        size = (stores / f"made-{number}.sqlite").stat().st_size
        yield Kept(release(found, made, f"made-{number}.sqlite"), "", size, "0" * 64)
