"""WHO's ICD-10 and ICD-11, from the user's own files: targets of maps.

ICD-10: ClaML 2.0 (`icd102019en.xml`; classes, and modifiers that give a fourth or fifth character), or the list of
codes (`icd102019syst_codes.txt`; 14 fields and more, kept apart by semicolons: level, terminal, kind of node, chapter,
block, code with its signs, code, code without dot, title, …).
ICD-11: `LinearizationMiniOutput-MMS-en.txt` and `SimpleTabulation-ICD-11-MMS-en.txt` (tab-separated with a header; the
title begins with a dash for each level).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from leadterm._xml import parse
from leadterm.domain import CodeSystem, DateRange, InputError
from leadterm.domain.codes import SHAPES

from ..store import Store
from ._dates import UNDATED, calendar, hints
from ._offered import Format, Offered, Recognised, Table, one_table, separated

ICD10, ICD11 = "icd10:codes", "icd11:codes"
LICENCE_10 = "© World Health Organization; WHO's licence for ICD-10, the user's own file"
LICENCE_11 = "© World Health Organization, CC BY-ND 3.0 IGO"
COLUMNS = (
    "code TEXT PRIMARY KEY, title TEXT NOT NULL, kind TEXT NOT NULL, parent TEXT, terminal INTEGER NOT NULL, uri TEXT"
)
# A document type that points at WHO's DTD and defines nothing itself; the XML door refuses every other.
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+ClaML\s+SYSTEM\s+(?:\"[^\"<>\[]*\"|'[^'<>\[]*')\s*>")
_LIST_LINE = re.compile(r"[2-6];[TN];[^;]*;(?:\d\d|[IVX]+);(?:[^;]*;){4}[^;]+(?:;.*)?")
_HEADER_11 = ("code", "blockid", "title", "classkind")
MOST_MODIFIERS = 8  # each multiplies the codes of a class
_DASHES = re.compile(r"^(?:-\s*)+")
_YEAR = re.compile(r"(?i)icd10(?P<year>20\d\d|19\d\d)")
_VERSION = re.compile(r"(?i)version:\s*(?P<year>20\d\d)[ -]*(?P<month>\d\d|[a-z]{3})?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One code or heading: what it is and what stands above it."""

    code: str
    title: str
    kind: str
    parent: str | None
    terminal: bool
    uri: str | None = None


# --- what a file is ---


def _recognise(offered: Offered) -> Recognised | None:
    if b"<ClaML" in offered.head:
        return Recognised(ICD10, _period_10(offered), LICENCE_10, 0)
    lines = offered.head.decode("cp1252", "replace").lstrip("ï»¿").splitlines()
    if not lines:
        return None
    if _LIST_LINE.fullmatch(lines[0]):
        return Recognised(ICD10, _period_10(offered), LICENCE_10, 1)
    if _columns_11(lines[0]) and "\t" in lines[0]:
        rank = int("primarylocation" not in lines[0].lower())
        return Recognised(ICD11, _period_11(offered, lines[0]), LICENCE_11, rank)
    return None


def _period_10(offered: Offered) -> DateRange:
    """From 1 January of the version's year, which its name tells (`icd102019en.xml`)."""
    said = next((found for place in offered.places if (found := _YEAR.search(place))), None)
    return DateRange(date(int(said["year"]), 1, 1)) if said else calendar(offered, None)


def _period_11(offered: Offered, header: str) -> DateRange:
    """From 1 January of the release's year, which the last column's name tells; else as the names say."""
    if said := _VERSION.search(header):
        return DateRange(date(int(said["year"]), 1, 1))
    return calendar(offered, None) if any(hints(offered)) else UNDATED


def _columns_11(header: str) -> dict[str, int] | None:
    at = {name.strip().strip('"').lower(): i for i, name in enumerate(header.split("\t"))}
    return at if all(name in at for name in _HEADER_11) else None


# --- what is read ---


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    file = files[0]
    if recognised.name == ICD11:
        entries = list(_entries_11(file))
    else:
        entries = list(_claml(file) if b"<ClaML" in file.head else _code_list(file))
    listed, entries = len(entries), _once(entries, file)
    kinds = sorted({e.kind for e in entries})
    if "category" not in kinds:
        raise InputError(f"The file {file.name} holds no category; fetch it anew.")
    counts = [(kind, sum(e.kind == kind for e in entries)) for kind in kinds]
    counts.append(("terminal", sum(e.terminal for e in entries)))
    counts.append(("listed_again", listed - len(entries)))
    rows = ((e.code, e.title, e.kind, e.parent, int(e.terminal), e.uri) for e in entries)
    return one_table(counts, COLUMNS, rows)


def _once(entries: list[Entry], file: Offered) -> list[Entry]:
    """Each code once; ICD-11 lists one under several headings with the same title, and nobody gives it another one."""
    found: dict[str, Entry] = {}
    for entry in entries:
        first = found.setdefault(entry.code, entry)
        if first is not entry and (first.title != entry.title or entry.uri is None):
            raise InputError(f"{file.name}: the code {entry.code[:16]} stands in the file twice; fetch it anew.")
    return list(found.values())


def _code_list(file: Offered) -> Iterator[Entry]:
    for number, line in enumerate(file.lines(), 1):
        if not line.strip():
            continue
        cells = line.split(";")
        if len(cells) < 9 or not cells[0].isdecimal():
            raise InputError(
                f"{file.name}, line {number}: a line of the code list has 9 fields or more; fetch it anew."
            )
        code = cells[6].rstrip(".-")
        if not SHAPES[CodeSystem.ICD10].fullmatch(code):
            raise InputError(f"{file.name}, line {number}: the seventh field is no code of ICD-10.")
        parent = cells[4] if len(code) == 3 else code[:3] if len(code) == 5 else code[:-1]
        yield Entry(code, cells[8].strip(), "category", parent, cells[1] == "T")


def _entries_11(file: Offered) -> Iterator[Entry]:
    # Quotation marks are part of a title unless they surround the whole of it.
    rows = separated(file.lines(), file.name, "\t", csv.QUOTE_NONE)
    at = _columns_11("\t".join(next(rows, [])))
    if at is None:
        raise InputError(f"The file {file.name} lacks a column of ICD-11's tabulation; fetch it anew.")
    above: list[str] = []
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(at[name] for name in _HEADER_11):
            raise InputError(f"{file.name}, line {number}: the line has fewer fields than the header; fetch it anew.")
        cell = {name: _unquoted(row[i].strip()) if i < len(row) else "" for name, i in at.items()}
        # A category that stands under several headings is listed at each; at its own place alone it is taken.
        if cell.get("primarylocation", "").lower() == "false":
            continue
        code = cell["code"] or cell["blockid"] or f"chapter {cell.get('chapterno', '')}"
        kind = cell["classkind"].lower()
        if kind == "category" and not SHAPES[CodeSystem.ICD11].fullmatch(code):
            raise InputError(f"{file.name}, line {number}: a category has no code of ICD-11.")
        dashes = _DASHES.match(cell["title"])
        depth = dashes[0].count("-") if dashes else 0
        del above[depth:]
        title = _DASHES.sub("", cell["title"]).strip()
        uri = cell.get("foundation uri") or cell.get("linearization uri") or None
        leaf = cell.get("isleaf", "").lower() == "true"
        yield Entry(code, title, kind, above[-1] if above else None, leaf and kind == "category", uri)
        above.append(code)


def _unquoted(cell: str) -> str:
    whole = len(cell) > 1 and cell.startswith('"') and cell.endswith('"')
    return cell[1:-1].replace('""', '"').strip() if whole else cell


@dataclass(slots=True)
class _Class:
    code: str
    kind: str
    parent: str = ""
    title: str = ""
    children: int = 0
    modified: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)


class _ClaML:
    """Receives the XML: classes in order, and the characters that modifiers give with what they mean."""

    def __init__(self) -> None:
        self.classes: dict[str, _Class] = {}
        self.modifiers: dict[str, dict[str, str]] = {}
        self._open: _Class | None = None
        self._modifier = ("", "")
        self._preferred = self._in_label = False
        self._text: list[str] = []
        self._rooted = False

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        if not self._rooted and name != "ClaML":
            raise InputError("This XML is no ClaML: its root is not ClaML.")
        self._rooted = True
        code = attributes.get("code", "")
        if name == "Class":
            if code in self.classes:
                raise InputError(f"The ClaML file holds the class {code[:16]} twice.")
            self._open = self.classes[code] = _Class(code, attributes.get("kind", ""))
        elif name == "ModifierClass":
            self._modifier = (attributes.get("modifier", ""), code)
        elif name == "Rubric":
            self._preferred = attributes.get("kind") in ("preferred", "preferredLong")
        elif name == "Label" and self._preferred:
            self._in_label = True
            self._text.clear()
        elif self._open:
            self._of_class(self._open, name, code)

    @staticmethod
    def _of_class(one: _Class, name: str, code: str) -> None:
        if name == "SuperClass":
            one.parent = code
        elif name == "SubClass":
            one.children += 1
        elif name == "ModifiedBy":
            one.modified.append(code)
        elif name == "ExcludeModifier":
            one.excluded.append(code)

    def end(self, name: str, at: int) -> None:
        if name == "Class":
            self._open = None
        elif name == "ModifierClass":
            self._modifier = ("", "")
        elif name == "Label" and self._in_label:
            self._in_label = False
            title = " ".join("".join(self._text).split())
            if self._open:
                self._open.title = self._open.title or title
            elif self._modifier[0]:
                self.modifiers.setdefault(self._modifier[0], {}).setdefault(self._modifier[1], title)

    def text(self, text: str, at: int) -> None:
        if self._in_label:
            self._text.append(text)

    def of(self, one: _Class) -> list[str]:
        """The modifiers that hold for a class: its own and those from above, without those it excludes."""
        found: list[str] = []
        excluded: set[str] = set()
        above: _Class | None = one
        seen: set[str] = set()
        while above and above.code not in seen:  # a damaged file may lead in circles
            seen.add(above.code)
            excluded.update(above.excluded)
            found += [m for m in above.modified if m not in excluded and m not in found]
            above = self.classes.get(above.parent)
        # The fourth character, which brings the dot, comes before the fifth.
        return sorted(found, key=lambda m: not any(c.startswith(".") for c in self.modifiers.get(m, ())))


def _claml(file: Offered) -> Iterator[Entry]:
    reader = _ClaML()
    parse(_DOCTYPE.sub(b"", file.load(), count=1), reader, f"ClaML file {file.name}")
    for one in reader.classes.values():
        if one.kind == "category" and not SHAPES[CodeSystem.ICD10].fullmatch(one.code):
            raise InputError(f"{file.name}: the category {one.code[:16]} is no code of ICD-10.")
        if len(reader.of(one)) > MOST_MODIFIERS:
            raise InputError(f"{file.name}: the class {one.code[:16]} has more modifiers than any of ICD-10 has.")
        added = list(_modified(one, reader)) if one.kind == "category" and not one.children else []
        terminal = one.kind == "category" and not one.children and not added
        yield Entry(one.code, one.title, one.kind, one.parent or None, terminal)
        yield from added


def _modified(one: _Class, reader: _ClaML) -> Iterator[Entry]:
    """The codes that a class without subclasses becomes by its modifiers, where they are not classes themselves."""
    base: list[tuple[str, str]] = [(one.code, one.title)]
    for modifier in reader.of(one):
        grown = []
        for code, title in base:
            for character, meaning in reader.modifiers.get(modifier, {}).items():
                longer = code + (character if "." in code or character.startswith(".") else f".{character}")
                if SHAPES[CodeSystem.ICD10].fullmatch(longer) and longer not in reader.classes:
                    grown.append((longer, f"{title}: {meaning}"))
        base = grown or base
        for code, title in grown:
            yield Entry(code, title, "category", code[:3] if len(code) == 5 else code[:-1], True)


def _entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    for code, title, kind, parent in store.all("SELECT code, title, kind, parent FROM entry ORDER BY code"):
        yield code, {"title": title, "kind": kind, "parent": parent or ""}


FORMATS = (Format("WHO ICD-10 or ICD-11", _recognise, _read),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = dict.fromkeys((ICD10, ICD11), _entries)
