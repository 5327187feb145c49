"""A fee schedule of 2026 in the official layouts: two files for the two factors, indices, anesthesia, ZIP codes.

The values are invented and round, the code numbers and their indicators alone are real, the factors are those of 2026.
Columns: code, modifier, status, work, practice expense non-facility and facility, malpractice, PC/TC, global days, pre,
intra, post, multiple, bilateral, assistant, co-surgeon, team, endoscopic base, family, and the practice expense and
malpractice that stand for the cap of imaging. `-` is empty; `*` behind an expense is NA.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.grouping.shelf import Given
from tests.grouping.shelf import shelf as made

from leadterm.codesets import CodeBook
from leadterm.codesets.formats import anesthesia_base, fees, localities
from leadterm.codesets.formats.fees import RVU_COLUMNS

FACTOR, APM_FACTOR = "33.4009", "33.5675"
COLUMNS = (
    *("code", "modifier", "status", "work", "pe_nonfacility", "pe_facility", "mp", "pctc", "global_days"),
    *("preoperative", "intraoperative", "postoperative", "multiple", "bilateral", "assistant", "co_surgeon", "team"),
    *("endoscopic_base", "imaging_family", "opps_pe_nonfacility", "opps_mp"),
)
ROWS = """
99213 -  A 1.30 1.35 0.55 0.10 0 XXX 0 0 0          0 0 0 0 0 -     99 0 0
99080 -  B 0    0    0    0    9 XXX 0 0 0          9 9 9 9 9 -     99 0 0
G0008 -  X 0    0    0    0    9 XXX 0 0 0          9 9 9 9 9 -     99 0 0
99199 -  C 0    0    0    0    9 XXX 0 0 0          9 9 9 9 9 -     99 0 0
D0120 -  R 0    0    0    0    0 YYY 0 0 0          0 0 0 0 0 -     99 0 0
00100 -  J 0    0    0    0    9 XXX 0 0 0          9 9 9 9 9 -     99 0 0
00840 -  J 0    0    0    0    9 XXX 0 0 0          9 9 9 9 9 -     99 0 0
01953 -  J 0    0    0    0    9 XXX 0 0 0          9 9 9 9 9 -     99 0 0
01996 -  J 0    0    0    0    9 XXX 0 0 0          9 9 9 9 9 -     99 0 0
36591 -  T 0    0.80 0.80 0.01 5 XXX 0 0 0          0 0 0 0 0 -     99 0 0
71046 -  A 0.22 0.70 0.70 0.02 1 XXX 0 0 0          0 3 0 0 0 -     99 0 0
71046 26 A 0.22 0.08 0.08 0.01 1 XXX 0 0 0          0 3 0 0 0 -     99 0 0
71046 TC A 0    0.62 0.62 0.01 1 XXX 0 0 0          0 3 0 0 0 -     99 0 0
27447 -  A 19.6 14*  14   4.00 0 090 0.10 0.69 0.21 2 1 2 1 0 -     99 0 0
27130 -  A 19.5 15*  15   4.10 0 090 0.10 0.69 0.21 2 1 2 2 1 -     99 0 0
66984 -  A 7.35 8*   8    0.55 0 090 0.10 0.70 0.20 2 1 1 0 0 -     99 0 0
20610 -  A 0.80 1.00 0.40 0.10 0 000 0 0 0          2 1 1 0 0 -     99 0 0
11042 -  A 1.00 2.50 0.60 0.10 0 000 0 0 0          2 0 1 0 0 -     99 0 0
11102 -  A 0.70 2.20 0.40 0.05 0 000 0 0 0          2 0 0 0 0 -     99 0 0
52601 -  A 13.1 8*   8    1.50 0 090 0.10 0.80 0.10 2 2 1 0 0 -     99 0 0
45378 -  A 3.26 6.40 1.80 0.40 0 000 0 0 0          2 0 1 0 0 -     99 0 0
45378 53 A 1.63 3.20 0.90 0.20 0 000 0 0 0          2 0 1 0 0 -     99 0 0
45380 -  A 3.56 8.80 1.90 0.45 0 000 0 0 0          3 0 1 0 0 45378 99 0 0
45385 -  A 4.57 8.30 2.40 0.55 0 000 0 0 0          3 0 1 0 0 45378 99 0 0
43239 -  A 2.39 8.40 1.40 0.30 0 000 0 0 0          3 0 1 0 0 43235 99 0 0
43235 -  A 2.09 6.70 1.30 0.25 0 000 0 0 0          2 0 1 0 0 -     99 0 0
31231 -  A 1.10 4.50 0.60 0.15 0 000 0 0 0          2 2 1 0 0 -     99 0 0
31267 -  A 4.68 3*   3    0.65 0 000 0 0 0          3 1 1 0 0 31231 99 0 0
31254 -  A 4.27 8.00 2.60 0.60 0 000 0 0 0          3 1 1 0 0 31231 99 0 0
70450 -  A 0.85 2.40 2.40 0.07 1 XXX 0 0 0          4 0 0 0 0 -     88 2.00 0.07
70450 26 A 0.85 0.30 0.30 0.05 1 XXX 0 0 0          4 0 0 0 0 -     88 0 0
70450 TC A 0    2.10 2.10 0.02 1 XXX 0 0 0          4 0 0 0 0 -     88 1.70 0.02
72125 -  A 1.00 2.80 2.80 0.08 1 XXX 0 0 0          4 0 0 0 0 -     88 0 0
72125 26 A 1.00 0.40 0.40 0.06 1 XXX 0 0 0          4 0 0 0 0 -     88 0 0
72125 TC A 0    2.40 2.40 0.02 1 XXX 0 0 0          4 0 0 0 0 -     88 0 0
73721 -  A 1.35 4.70 4.70 0.09 1 XXX 0 0 0          4 3 0 0 0 -     88 0 0
73721 26 A 1.35 0.50 0.50 0.06 1 XXX 0 0 0          4 3 0 0 0 -     88 0 0
73721 TC A 0    4.20 4.20 0.03 1 XXX 0 0 0          4 3 0 0 0 -     88 3.90 0.03
97110 -  A 0.45 0.43 0.43 0.01 7 XXX 0 0 0          5 0 0 0 0 -     99 0 0
97140 -  A 0.43 0.40 0.40 0.01 7 XXX 0 0 0          5 0 0 0 0 -     99 0 0
93306 -  A 1.46 4.28 4.28 0.07 1 XXX 0 0 0          6 0 0 0 0 -     99 0 0
93306 26 A 1.46 0.60 0.60 0.05 1 XXX 0 0 0          6 0 0 0 0 -     99 0 0
93306 TC A 0    3.68 3.68 0.02 1 XXX 0 0 0          6 0 0 0 0 -     99 0 0
93000 -  A 0.17 0.24 0.24 0.02 4 XXX 0 0 0          6 0 0 0 0 -     99 0 0
93005 -  A 0    0.18 0.18 0.01 3 XXX 0 0 0          6 0 0 0 0 -     99 0 0
93010 -  A 0.17 0.06 0.06 0.01 2 XXX 0 0 0          0 0 0 0 0 -     99 0 0
92133 -  A 0.31 0.59 0.59 0.02 1 XXX 0 0 0          7 2 0 0 0 -     99 0 0
92133 26 A 0.31 0.17 0.17 0.01 1 XXX 0 0 0          7 2 0 0 0 -     99 0 0
92133 TC A 0    0.42 0.42 0.01 1 XXX 0 0 0          7 2 0 0 0 -     99 0 0
92250 -  A 0.40 0.70 0.70 0.02 1 XXX 0 0 0          7 2 0 0 0 -     99 0 0
92250 26 A 0.40 0.20 0.20 0.01 1 XXX 0 0 0          7 2 0 0 0 -     99 0 0
92250 TC A 0    0.50 0.50 0.01 1 XXX 0 0 0          7 2 0 0 0 -     99 0 0
"""
CITY, ALL_ONE = "9900101", "9900150"
INDICES = (
    "Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,2026 PW GPCI,2026 PE GPCI,"
    "2026 MP GPCI\n"
    "99001,NY,01,INVENTED CITY,1.05,1.20,0.80\n"
    "99001,NY,99,REST OF INVENTED STATE,1.00,0.90,1.10\n"
    "99001,NY,50,WHERE ALL IS ONE,1,1.000,1.0\n"
)
ANESTHESIA = (
    "2026 Anesthesia Conversion Factors,,,\nContractor,Locality,Locality Name,2026 Anes CF\n"
    "99001,01,INVENTED CITY,22.50\n99001,99,REST OF INVENTED STATE,20.10\n"
)
BASE_UNITS = "2026 Anesthesia Base Units,\nCPT Code,Base Units\n00840,6\n01953,1\n01996,3\n"
ZIPS = "".join(
    f"NY{zip}99001{place} R9   {more} A{'':52}20261\r\n"
    for zip, place, more in (("10001", "01", 0), ("12001", "99", 1))
)


def rows(text: str = ROWS) -> Iterator[dict[str, str]]:
    """The rows by the fields of the reader."""
    for line in text.strip().splitlines():
        found = dict(zip(COLUMNS, ("" if cell == "-" else cell for cell in line.split()), strict=True))
        for place, cell in (("nonfacility", found["pe_nonfacility"]), ("facility", found["pe_facility"])):
            found[f"pe_{place}"], found[f"{place}_na"] = cell.rstrip("*"), "NA" if cell.endswith("*") else ""
        yield found | {"opps_pe_facility": found["opps_pe_nonfacility"]}


def schedule(factor: str, text: str = ROWS) -> str:
    """A relative value file of January 2026 with a factor."""
    lines = [
        ",".join((row | {"conversion_factor": factor}).get(field, "") for field in RVU_COLUMNS) for row in rows(text)
    ]
    title = "," * len(RVU_COLUMNS) + "2026 National Physician Fee Schedule Relative Value File January Release"
    return "\r\n".join((title, ",".join(RVU_COLUMNS.values()), *lines, ""))


def given() -> Iterator[Given]:
    """The releases."""
    (values,), (indices, _, anesthesia, zips) = fees.FORMATS, localities.FORMATS
    yield values, "PPRRVU2026_Jan_nonQPP.csv", schedule(FACTOR)
    yield values, "PPRRVU2026_Jan_QPP.csv", schedule(APM_FACTOR)
    yield indices, "GPCI2026.csv", INDICES
    yield anesthesia, "ANES2026.csv", ANESTHESIA
    yield zips, "ZIP5_JAN2026.txt", ZIPS
    yield anesthesia_base.FORMATS[0], "ANESBASE2026.csv", BASE_UNITS


def shelf(home: Path, folder: Path) -> CodeBook:
    """The releases of `home` and the invented schedule, as a home in `folder`."""
    return made(home, folder, given())
