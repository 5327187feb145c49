"""The flat lists of ICD-10-CM and ICD-10-PCS: order files, code descriptions, bare code lists, and their addenda.

Order file (`icd10cm_order_YYYY.txt`), fixed columns: 1-5 order number, 7-13 code without dot, 15 flag (0 header, 1
valid for a claim), 17-76 short title, from 78 long title. Code descriptions (`icd10cm_codes_YYYY.txt`): 1-7 code, from
9 long title. Code list (`code-list-…`): one node a line, chapters and blocks too. Addenda: see `_order_changes`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from leadterm.domain import CodeSystem, InputError, dotted

from ..sources import US_GOVERNMENT
from ..store import Store
from ._dates import fiscal
from ._offered import Format, Offered, Recognised, Table, one_table
from ._order_changes import ACTION, SUMMARY, Changes
from ._order_lines import SHAPES, SYSTEMS, head_lines, refused, titles_of, written

ORDER = re.compile(r"(?P<number>\d{5}) (?P<code>[0-9A-Z]{3,7}) {1,5}(?P<flag>[01]) (?P<titles>\S.*)")
FLAT = re.compile(r"(?P<code>[0-9A-Z]{3,7}) {1,5}(?P<long>\S.*)")
NODE = re.compile(r"(?P<chapter>\d{1,2})|(?P<block>[A-Z][0-9A-Z]{2}-[A-Z][0-9A-Z]{2})|(?P<code>[A-Z][0-9A-Z]{2,6})")
WORDED = re.compile(r"[a-z]{3}")
CODE_WIDTH = 8  # the code's seven columns and a blank
ORDER_COLUMNS = "code TEXT PRIMARY KEY, number INTEGER NOT NULL, billable INTEGER NOT NULL, short TEXT, long TEXT"
FLAT_COLUMNS = "code TEXT PRIMARY KEY, title TEXT NOT NULL"
NODE_COLUMNS = "code TEXT PRIMARY KEY, kind TEXT NOT NULL, number INTEGER NOT NULL"
Reader = Callable[[CodeSystem, Offered], Table]


# --- which list it is ---


def _order(offered: Offered, lines: list[str]) -> tuple[CodeSystem, str] | None:
    found = [ORDER.fullmatch(line) for line in lines]
    system = _system(offered, [match["code"] for match in found if match])
    return (system, "order") if system and all(found) else None


def _flat(offered: Offered, lines: list[str]) -> tuple[CodeSystem, str] | None:
    found = [match for line in lines if (match := FLAT.fullmatch(line)) and match.start("long") == CODE_WIDTH]
    # GEMs have two codes a line: a description has words.
    worded = sum(bool(WORDED.search(match["long"])) for match in found)
    system = _system(offered, [match["code"] for match in found])
    return (system, "codes") if system and len(found) == len(lines) and 2 * worded > len(lines) else None


def _nodes(offered: Offered, lines: list[str]) -> tuple[CodeSystem, str] | None:
    found = [NODE.fullmatch(line.strip()) for line in lines]
    if not all(found) or not any(match["block"] for match in found if match):
        return None
    return CodeSystem.ICD10CM, "code-list"


def _addenda(offered: Offered, lines: list[str]) -> tuple[CodeSystem, str] | None:
    found = [ACTION.fullmatch(line) for line in lines if not SUMMARY.fullmatch(line)]
    counted = any("codes in icd10" in line for line in lines)
    if not all(found) or not (found or (counted and "addenda" in offered.name.lower())):
        return None
    changes = [match for match in found if match]
    system = _system(offered, [match["code"] for match in changes], " ".join(lines).lower())
    flagged = any(match["flag"] for match in changes)
    kind = "order" if "order" in offered.name.lower() or (flagged and "code" not in offered.name.lower()) else "codes"
    return (system, f"{kind}-addenda") if system else None


def _system(offered: Offered, codes: list[str], said: str = "") -> CodeSystem | None:
    """Whose codes these are: by the codes, and by the names where both shapes fit (`B00`); None where none does."""
    fit = [s for s, shape in SHAPES.items() if all(shape.fullmatch(code) for code in codes)]
    named = " ".join((*offered.places, said)).lower()
    if len(fit) == 2 and any(len(code) == 7 for code in codes) and not any(code[0].isalpha() for code in codes):
        fit = [CodeSystem.ICD10PCS]
    by_name = [s for s, word in ((CodeSystem.ICD10PCS, "pcs"), (CodeSystem.ICD10CM, "cm")) if word in named]
    return next((s for s in by_name if s in fit), next(iter(fit), None) if codes else None)


def _recogniser(
    judge: Callable[[Offered, list[str]], tuple[CodeSystem, str] | None],
) -> Callable[[Offered], Recognised | None]:
    def recognise(offered: Offered) -> Recognised | None:
        lines = head_lines(offered)
        found = judge(offered, lines) if lines else None
        if found is None:
            return None
        return Recognised(f"{found[0]}:{found[1]}", fiscal(offered), US_GOVERNMENT)

    return recognise


# --- what it says ---


def _reader(read: Reader) -> Callable[[Sequence[Offered], Recognised], Table]:
    def reader(files: Sequence[Offered], recognised: Recognised) -> Table:
        return read(CodeSystem(recognised.name.partition(":")[0]), files[0])

    return reader


def _lines(offered: Offered, pattern: re.Pattern[str], what: str) -> Iterator[tuple[int, re.Match[str]]]:
    """The lines that are not blank, with their numbers. Raises InputError for one that does not fit."""
    for number, line in enumerate(offered.lines(), 1):
        if not line.strip():
            continue
        match = pattern.fullmatch(line)
        if match is None:
            raise refused(offered, number, f"it is no line of {what}")
        yield number, match


def _read_order(system: CodeSystem, offered: Offered) -> Table:
    rows: dict[str, tuple[str, int, int, str, str]] = {}
    last = 0
    for line, match in _lines(offered, ORDER, "an order file"):
        code, titles = written(system, offered, line, match["code"]), titles_of(match["titles"])
        if titles is None or match.start("flag") != 14:
            raise refused(offered, line, "its columns are not those of an order file")
        number = int(match["number"])
        if code in rows or number <= last:
            raise refused(offered, line, f"the code {code} stands twice, or out of order")
        last = number
        rows[code] = (code, number, int(match["flag"]), *titles)
    billable = sum(row[2] for row in rows.values())
    counts = (("lines", len(rows)), ("headers", len(rows) - billable), ("billable", billable))
    return one_table(_some(offered, counts), ORDER_COLUMNS, rows.values())


def _read_flat(system: CodeSystem, offered: Offered) -> Table:
    rows: dict[str, str] = {}
    for line, match in _lines(offered, FLAT, "a list of code descriptions"):
        code = written(system, offered, line, match["code"])
        if match.start("long") != CODE_WIDTH:
            raise refused(offered, line, "its title does not begin in column 9")
        if code in rows:
            raise refused(offered, line, f"the code {code} stands twice")
        rows[code] = match["long"].strip()
    return one_table(_some(offered, (("codes", len(rows)),)), FLAT_COLUMNS, rows.items())


def _read_nodes(system: CodeSystem, offered: Offered) -> Table:
    rows: list[tuple[str, str, int]] = []
    seen: set[str] = set()
    text = [(number, line.strip()) for number, line in enumerate(offered.lines(), 1) if line.strip()]
    twice = Counter(line for _, line in text)
    for number, line in text:
        match = NODE.fullmatch(line)
        if match is None:
            raise refused(offered, number, "it is no chapter, block or code")
        kind = str(match.lastgroup)
        if kind == "code" and twice[line] == 2 and f"{line}-{line}" not in seen and len(line) == 3:
            # A block of one category bears that category's name; it is written as a range, as in the Tabular List.
            kind, line = "block", f"{line}-{line}"
        code = dotted(line, system) if kind == "code" else line
        if code in seen:
            raise refused(offered, number, f"{code} stands twice")
        seen.add(code)
        rows.append((code, kind, len(rows) + 1))
    kinds = Counter(kind for _, kind, _ in rows)
    counts = (("nodes", len(rows)), *((f"{kind}s", kinds[kind]) for kind in ("chapter", "block", "code")))
    return one_table(_some(offered, counts), NODE_COLUMNS, rows)


def _some(offered: Offered, counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    told = tuple(counts)
    if not told[0][1]:
        raise InputError(f"The file {offered.name} is empty; get it anew from its owner.")
    return told


def _read_changes(system: CodeSystem, offered: Offered) -> Table:
    return Changes(system, offered).read()


# --- releases compared ---


def order_entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every code of an order file: whether it is billable, its titles."""
    for code, billable, short, long in store.all("SELECT code, billable, short, long FROM entry ORDER BY code"):
        yield code, {"billable": "yes" if billable else "no", "short": short, "long": long}


def flat_entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every code with its title."""
    for code, title in store.all("SELECT code, title FROM entry ORDER BY code"):
        yield code, {"title": title}


def node_entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every node with its kind."""
    for code, kind in store.all("SELECT code, kind FROM entry ORDER BY code"):
        yield code, {"kind": kind}


FORMATS = (
    Format("ICD-10 order file", _recogniser(_order), _reader(_read_order)),
    Format("ICD-10 code descriptions", _recogniser(_flat), _reader(_read_flat)),
    Format("ICD-10-CM code list", _recogniser(_nodes), _reader(_read_nodes)),
    Format("ICD-10 addenda", _recogniser(_addenda), _reader(_read_changes)),
)
DIFFERS = {
    **{f"{system}:order": order_entries for system in SYSTEMS},
    **{f"{system}:codes": flat_entries for system in SYSTEMS},
    "icd10cm:code-list": node_entries,
}
