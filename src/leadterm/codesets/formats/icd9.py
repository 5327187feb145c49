"""ICD-9-CM diagnoses and procedures, as CMS published their titles until version 32 (October 2014).

Layouts of one release: `CMS32_DESC_LONG_DX.txt`, `…SHORT_DX.txt`, `…LONG_SG.txt`, `…SHORT_SG.txt` (code without dot,
blanks, title; Windows-1252) and `CMS32_DESC_LONG_SHORT_DX.xlsx` / `…SG.xlsx` (a header, then code, long and short
title). Version v took effect on 1 October of 1982 + v. What the files of a release say is joined.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from leadterm.domain import CodeSystem, DateRange, InputError, dotted

from ..sources import US_GOVERNMENT
from ..store import Store
from ._offered import HEAD_BYTES, Format, Offered, Recognised, Table, decoded, one_table
from .gems import BARE

VERSION_ZERO = 1982
LAST_VERSION = 32
DIAGNOSES, PROCEDURES = "icd9cm:codes", "icd9proc:codes"
SYSTEMS = {DIAGNOSES: CodeSystem.ICD9CM, PROCEDURES: CodeSystem.ICD9PROC}
COLUMNS = "code TEXT PRIMARY KEY, long TEXT, short TEXT"
_NAME = re.compile(r"(?i)cms(?P<version>\d\d)_desc_(?P<which>long_short|long|short)_(?P<part>dx|sg)")
_LINE = re.compile(r"(?P<code>[0-9EVev]\w{1,4}) +(?P<title>\S.*)")
# Which of the titles a file has, by its name; a workbook has them as columns.
_TITLES = ("long", "short")


def _recognise(offered: Offered) -> Recognised | None:
    named = _NAME.match(offered.name)
    if named is None:
        return None
    name = DIAGNOSES if named["part"].lower() == "dx" else PROCEDURES
    if _is_workbook(offered):
        fits = offered.head.startswith(b"PK")
    else:
        lines = decoded(offered.head).splitlines()[: -1 if len(offered.head) >= HEAD_BYTES else None]
        fits = all(_code_of(line, SYSTEMS[name]) for line in lines if line.strip()) and bool(lines)
    return Recognised(name, _period(int(named["version"])), US_GOVERNMENT, int(_is_workbook(offered))) if fits else None


def _is_workbook(offered: Offered) -> bool:
    return offered.name.lower().endswith(".xlsx")


def _period(version: int) -> DateRange:
    """Of the last version: until HIPAA moved to ICD-10 on 1 October 2015."""
    year = VERSION_ZERO + version
    return DateRange(date(year, 10, 1), date(year + 1, 9, 30))


def _code_of(line: str, system: CodeSystem) -> tuple[str, str] | None:
    found = _LINE.fullmatch(line.rstrip())
    if found is None or not BARE[system].fullmatch(found["code"].upper()):
        return None
    return found["code"].upper(), " ".join(found["title"].split())


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    system = SYSTEMS[recognised.name]
    titles: dict[str, dict[str, str]] = {}
    # Texts come before workbooks: where two files say the same of a code, the first one counts.
    for file in sorted(files, key=lambda f: (_is_workbook(f), f.name)):
        seen: set[str] = set()
        for number, code, said in _sheet(file, system) if _is_workbook(file) else _text(file, system):
            if code in seen:
                raise InputError(f"{file.name}, line {number}: the code {dotted(code, system)} stands there twice.")
            seen.add(code)
            titles[code] = {**said, **titles.get(code, {})}
    if not titles:
        raise InputError(f"The file {files[0].name} holds no code; fetch it anew.")
    rows = [(dotted(code, system), said.get("long"), said.get("short")) for code, said in sorted(titles.items())]
    counts = [("codes", len(rows))] + [(f"{kind}_titles", sum(kind in s for s in titles.values())) for kind in _TITLES]
    return one_table(counts, COLUMNS, rows)


def _text(file: Offered, system: CodeSystem) -> Iterator[tuple[int, str, dict[str, str]]]:
    named = _NAME.match(file.name)
    kind = named["which"].lower() if named else "long"
    for number, line in enumerate(file.lines(), 1):
        if not line.strip():
            continue
        found = _code_of(line, system)
        if found is None:
            raise InputError(f"{file.name}, line {number}: a line is a code of {system} and its title; fetch it anew.")
        yield number, found[0], {kind: found[1]}


def _sheet(file: Offered, system: CodeSystem) -> Iterator[tuple[int, str, dict[str, str]]]:
    rows = file.sheet()
    header = [str(cell).strip().lower() for cell in rows[0]] if rows else []
    at = {kind: i for kind in ("code", *_TITLES) for i, name in enumerate(header) if kind in name.split()}
    if "code" not in at or not at.keys() & set(_TITLES):
        raise InputError(f"{file.name}: the first row names no column for the code and a title (CODE, LONG, SHORT).")
    for number, row in enumerate(rows[1:], 2):
        code = row[at["code"]] if len(row) > at["code"] else ""
        if not str(code).strip():
            continue
        if not isinstance(code, str) or not BARE[system].fullmatch(code.strip().upper()):
            raise InputError(
                f"{file.name}, row {number}: the code is no text of {system}; a number has lost its leading zeros."
            )
        cells = {kind: " ".join(str(row[at[kind]]).split()) for kind in _TITLES if at.get(kind, len(row)) < len(row)}
        yield number, code.strip().upper(), {kind: words for kind, words in cells.items() if words}


def _entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for code, long, short in store.all("SELECT code, long, short FROM entry ORDER BY code"):
        yield code, {"title": long or "", "short title": short or ""}


FORMATS = (Format("ICD-9-CM titles", _recognise, _read, joins=True),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = dict.fromkeys(SYSTEMS, _entries)
