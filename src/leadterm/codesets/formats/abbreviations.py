"""Clinical abbreviations with the share of each sense, as counted in real notes (Vanderbilt; CC BY 4.0, to be cited).

Layout: tab-separated abbreviation, sense, variation, CUI, frequency. Variations are written forms with their counts
(`A/P_2|a/p_4`); frequency is the share of the sense among the uses of the abbreviation in that kind of note. Of several
files of that layout each becomes a source of its own within one list. The concept identifiers are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from leadterm.domain import InputError

from ..store import Store
from ._dates import UNDATED
from ._offered import Format, Offered, Part, Recognised, Table, insert

NAME = "reference:abbreviations"
LICENCE = "CC BY 4.0; sense inventories of Vanderbilt University Medical Center, to be cited when used"
HEADER = "abbreviation\tsense\tvariation\tcui\tfrequency"
_FORM = re.compile(r"(?P<form>.+)_(?P<count>[0-9]{1,9})")
_SENSE = (
    "abbreviation TEXT NOT NULL, sense TEXT NOT NULL, source TEXT NOT NULL, share REAL NOT NULL,"
    " PRIMARY KEY (abbreviation, sense, source)"
)
_WRITTEN = (
    "folded TEXT NOT NULL, form TEXT NOT NULL, abbreviation TEXT NOT NULL, sense TEXT NOT NULL, source TEXT NOT NULL,"
    " uses INTEGER NOT NULL, PRIMARY KEY (folded, form, abbreviation, sense, source)"
)


def recognise(offered: Offered) -> Recognised | None:
    """The list, by its header."""
    first = next(iter(offered.head.decode("utf-8-sig", errors="replace").splitlines()), "")
    return Recognised(NAME, UNDATED, LICENCE) if first.strip().lower() == HEADER else None


def read(files: Sequence[Offered], recognised: Recognised) -> Table:
    """Senses and written forms of all files. Raises InputError for a row that is cut or whose share is no share."""
    senses: dict[tuple[str, str, str], float] = {}
    written: dict[tuple[str, str, str, str, str], int] = {}
    for offered in files:
        source = PurePosixPath(offered.name).stem
        for number, line in enumerate(offered.lines()[1:], 2):
            if not line.strip():
                continue
            where = f"{offered.name}, line {number}"
            abbreviation, sense, forms, share = _cells(line, where)
            if (abbreviation, sense, source) in senses:
                raise InputError(f"{where}: this sense of {abbreviation} stands in the list twice; get the file again.")
            senses[abbreviation, sense, source] = share
            for form, uses in forms:
                key = (form.lower(), form, abbreviation, sense, source)
                written[key] = written.get(key, 0) + uses
    if not senses:
        raise InputError(f"{files[0].name} holds no abbreviation; get the file again.")
    distinct = {abbreviation for abbreviation, _, _ in senses}
    return Table(
        (("abbreviations", len(distinct)), ("senses", len(senses)), ("sources", len({s for _, _, s in senses}))),
        (
            Part(
                f"CREATE TABLE entry ({_SENSE}) WITHOUT ROWID",
                insert("entry", _SENSE),
                [(*key, share) for key, share in sorted(senses.items())],
            ),
            Part(
                f"CREATE TABLE written ({_WRITTEN}) WITHOUT ROWID",
                insert("written", _WRITTEN),
                [(*key, uses) for key, uses in sorted(written.items())],
            ),
        ),
    )


def _cells(line: str, where: str) -> tuple[str, str, list[tuple[str, int]], float]:
    cells = [" ".join(cell.split()) for cell in line.split("\t")]
    if len(cells) != HEADER.count("\t") + 1 or not cells[0] or not cells[1]:
        raise InputError(f"{where}: it is not abbreviation, sense, variation, CUI, frequency; get the file again.")
    try:
        share = float(cells[4])
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InputError(f"{where}: the frequency {cells[4][:8]!r} is no share between 0 and 1; get the file again.")
    found = (_FORM.fullmatch(form) for form in cells[2].split("|"))
    return cells[0].lower(), cells[1], [(f["form"], int(f["count"])) for f in found if f], share


def differs(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every sense of every abbreviation with its share."""
    for abbreviation, sense, source, share in store.all("SELECT abbreviation, sense, source, share FROM entry"):
        yield f"{abbreviation} = {sense} ({source})", {"share": str(share)}


FORMATS: tuple[Format, ...] = (Format("clinical abbreviations with their senses", recognise, read, joins=True),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {NAME: differs}
