"""CPT from the licensee's own files of the American Medical Association: read here, shipped nowhere.

Layouts: `LONGULT.txt`, `MEDU.txt` and `SHORTU.txt` hold, below lines of copyright, code, tab or blank, text (at most 48
and 28 characters in the last two); the consolidated code list is tab-separated under a header (Concept Id, CPT Code,
Long, Medium, Short, …). All that are handed over become one release. No message ever holds a descriptor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from leadterm.domain import DateRange, InputError

from ..store import Store
from ._dates import calendar
from ._offered import Format, Offered, Recognised, Table, decoded, one_table, quoted

NAME = "cpt:codes"
LICENCE = "CPT, copyright American Medical Association; under the licence of whoever installed it"
KINDS = ("long", "medium", "short")
LONGEST = {"medium": 48, "short": 28}
# What the names of the three files begin with, also where a year stands before it.
NAMES = {"longu": "long", "medu": "medium", "shortu": "short"}
CODE = re.compile(r"[0-9]{4}[0-9AFMTU]")
# Nothing is taken twice in the search for a fit (`*+`): a megabyte of blanks would take hours.
LINE = re.compile(r"(?P<code>[0-9A-Z]{5})[\t ]\s*+(?P<text>\S[^\t]*+)\s*+")
WORDS = re.compile(r"[A-Za-z]{2}")
OWNER = "american medical association"
HCPCS = re.compile(r"[A-V][0-9]{4}")
CONSOLIDATED = ("concept id", "cpt code", "long", "medium", "short")
_NAMED = re.compile(rf"(?<![a-z])(?:{'|'.join(NAMES)})")
_COPYRIGHT_LINES = 60


def recognise(offered: Offered) -> Recognised | None:
    """One of the files: by the header of the consolidated list, or by its lines and its name or lines of copyright."""
    lines = decoded(offered.head).splitlines()
    if _header(lines) is None and not _kind(offered):
        return None
    return Recognised(NAME, _year(offered), LICENCE)


def _kind(offered: Offered) -> str:
    """`long`, `medium` or `short` where the head has lines of such a file; else empty.

    A file that was renamed is known by the owner's copyright above its lines; medium and short texts are in capitals.
    """
    matches = [LINE.fullmatch(line) for line in decoded(offered.head).splitlines()]
    texts = [m["text"].rstrip() for m in matches if m and _coded(m["code"])]
    if not texts or not all(WORDS.search(text) for text in texts):
        return ""
    if named := _NAMED.search(offered.name.lower()):
        return NAMES[named.group()]
    if not offered.mentions(OWNER):
        return ""
    fits = (kind for kind in ("short", "medium") if max(map(len, texts)) <= LONGEST[kind])
    return next(fits, "long") if all(text == text.upper() for text in texts) else "long"


def _coded(code: str) -> bool:
    return bool(CODE.fullmatch(code) or HCPCS.fullmatch(code))


def _header(lines: Sequence[str]) -> int | None:
    """The index of the consolidated list's header; None where it is none."""
    cells = ([cell.strip().lower() for cell in line.split("\t")] for line in lines[:_COPYRIGHT_LINES])
    return next((at for at, row in enumerate(cells) if set(CONSOLIDATED) <= set(row)), None)


def _year(offered: Offered) -> DateRange:
    """From the day that the names tell to the end of its year: CPT is replaced on 1 January."""
    start = calendar(offered, None).start
    return DateRange(start, date(start.year + 1, 1, 1) - timedelta(days=1))


def read(files: Sequence[Offered], recognised: Recognised) -> Table:
    """One row a code with what the files tell of it. Raises InputError for what is not CPT, never quoting a text."""
    found: dict[str, dict[str, str]] = {}
    counts: dict[str, int] = {}
    for offered in files:
        lines = offered.lines()
        header = _header(lines)
        kind, entries = _one_kind(offered, lines) if header is None else _consolidated(offered.name, lines, header)
        if kind in counts:
            raise InputError(f"{offered.name}: the {kind} was already read from another file; hand over one of them.")
        counts[kind] = len(entries)
        for code, fields in entries.items():
            known = found.setdefault(code, {})
            known.update((name, value) for name, value in fields.items() if value and not known.get(name))
    rows = [(code, *(said.get(name, "") for name in ("concept", *KINDS))) for code, said in sorted(found.items())]
    columns = (
        "code TEXT PRIMARY KEY, concept TEXT NOT NULL, long TEXT NOT NULL, medium TEXT NOT NULL, short TEXT NOT NULL"
    )
    lacking = len(rows) * len(counts) - sum(counts.values())
    counted = [("codes", len(rows)), *sorted(counts.items()), ("codes that a file lacks", lacking)]
    return one_table(counted, columns, rows)


def _one_kind(offered: Offered, lines: Sequence[str]) -> tuple[str, dict[str, dict[str, str]]]:
    """The texts of one of the three files."""
    kind = _kind(offered)
    found: dict[str, dict[str, str]] = {}
    for number, line in enumerate(lines, 1):
        match = LINE.fullmatch(line)
        if match is None or not _coded(match["code"]):
            if found and line.strip("\x1a \t"):
                raise InputError(
                    f"{offered.name}, line {number}: this is no code with a text behind it; the file is damaged "
                    "or of another layout: get it again from the AMA."
                )
            continue  # lines of copyright before the first code
        where = f"{offered.name}, line {number}"
        _put(found, match["code"], {kind: " ".join(match["text"].split())}, where)
        if len(found[match["code"]][kind]) > LONGEST.get(kind, len(line)):
            raise InputError(
                f"{where}: the text is longer than {LONGEST[kind]} characters; the file is not the {kind} one."
            )
    if not found:
        raise InputError(f"{offered.name} holds no CPT code; hand over the file of the AMA as it came.")
    return f"{kind} descriptors", found


def _consolidated(name: str, lines: Sequence[str], at: int) -> tuple[str, dict[str, dict[str, str]]]:
    """The texts of a consolidated list, whose header is line `at`."""
    names = [cell.strip().lower() for cell in lines[at].split("\t")]
    places = {column: names.index(column) for column in CONSOLIDATED}
    found: dict[str, dict[str, str]] = {}
    for number, line in enumerate(lines[at + 1 :], at + 2):
        if not line.strip("\x1a \t"):
            continue
        where = f"{name}, line {number}"
        cells = [" ".join(cell.strip('"').split()) for cell in line.split("\t")]
        if len(cells) <= max(places.values()):
            raise InputError(f"{where}: the line has {len(cells)} columns; the file is cut short: get it again.")
        concept, code, *texts = (cells[place] for place in places.values())
        _put(found, code, {"concept": concept, **dict(zip(KINDS, texts, strict=True))}, where)
    if not found:
        raise InputError(f"{name} holds no CPT code; hand over the file of the AMA as it came.")
    return "consolidated descriptors", found


def _put(found: dict[str, dict[str, str]], code: str, fields: dict[str, str], where: str) -> None:
    if HCPCS.fullmatch(code):
        raise InputError(
            f"{where}: {code} is a code of HCPCS Level II, not of CPT; install the HCPCS file of CMS for it."
        )
    if not CODE.fullmatch(code):
        raise InputError(f"{where}: {quoted(code)} has not the shape of a CPT code; get the file again from the AMA.")
    if code in found:
        raise InputError(f"{where}: {code} stands in the file twice; get it again from the AMA.")
    found[code] = fields


def differs(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every code with its descriptors."""
    for code, *texts in store.all("SELECT code, long, medium, short FROM entry ORDER BY code"):
        yield code, dict(zip(KINDS, texts, strict=True))


FORMATS: tuple[Format, ...] = (Format("CPT of the licensee (AMA)", recognise, read, joins=True, piece=_kind),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {NAME: differs}
