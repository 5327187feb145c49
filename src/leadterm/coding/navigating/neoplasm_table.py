"""The installed Neoplasm Table as a coder uses it: the row by the words of a site, the column by behavior (I.C.2).

A row is found where the words of every title on the way to it stand together in the chart; words in its parentheses may
stand beside them. Of rows that begin at one place the one that takes the most words counts. What the Tabular List says
against the table (`table_errata.tsv`) goes before it (I.B.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, product

from leadterm.codesets import CodeBook, Node
from leadterm.codesets.alphabetic.columns import BEHAVIOURS, NeoplasmTable, TableLine
from leadterm.codesets.alphabetic.words import RESIDUAL, readings, words
from leadterm.coding._tables import rows

COLUMNS = NeoplasmTable.COLUMNS
KEPT = 20_000
# Kinds of tissue that have rows of their own: their sites are asked for only where the chart names the tissue.
SKIN, SOFT, BONE = "skin NOS", "connective tissue NEC", "bone"
_TISSUES = {SKIN: {"skin"}, SOFT: {"connective", "tissue"}, BONE: {"bone"}, "nerve": {"nerve", "peripheral"}}
# Words of titles that a chart need not say: of the one main term, and of the glands that charts call nodes.
_UNSAID = frozenset({"malignant"})
_NODES, _OF_NODES = frozenset({"lymph", "gland"}), frozenset({"lymph", "gland", "lymphatic", "channel"})
# Rows below a site of the skin, by kind of carcinoma.
CARCINOMAS = {
    "basal": "basal cell carcinoma",
    "squamous": "squamous cell carcinoma",
    "other_skin": "specified type NEC",
    "sebaceous": "sebaceous cell",
}
# Regions of the body, and words that name no site: a neoplasm of theirs is of the skin, of soft parts, or of nowhere.
_NO_ORGANS = ("C76", "C44", "C80", "C79.9", "C96", "C88")
_BARE = frozenset(
    "cord alveolar cranial cartilage gastrointestinal hepatoblastoma hepatoma intestine labial malar joint olive"
    " pyramid island sinus branchial epidural subdural extradural tarsus insula system nerve node mesentery mesenteric"
    " adenoid".split()
)
# Words of behavior and kind: their rows are no places.
_KINDS = BEHAVIOURS | frozenset("carcinoma cell specified disease generalized disseminated transplanted".split())
_PASSED = frozenset("of the a an its in on at left right l r lt rt bilateral both his her their lymph".split())
_TOKEN = re.compile(r"[a-z0-9][a-z0-9'\u2019-]*|[^\sa-z0-9,]")
LONGEST = 5  # words of one site
BESIDE = 2  # of them words in parentheses


@dataclass(frozen=True, slots=True)
class Site:
    """A row: its path without the main term, and its codes by column, a dash behind those that go on."""

    path: str
    codes: tuple[str, ...]

    def node(self, column: str) -> str:
        """Where the column opens in the Tabular List; empty where the row has nothing there."""
        return self.codes[COLUMNS.index(column)].rstrip("-").rstrip(".") if column in COLUMNS else ""

    def quoted(self, column: str) -> str:
        """`Neoplasm Table: breast, upper-outer quadrant, malignant primary C50.4-`."""
        return f"Neoplasm Table: {self.path}, {TITLES[column]} {self.codes[COLUMNS.index(column)]}"


TITLES = {
    "primary": "malignant primary",
    "secondary": "malignant secondary",
    "in_situ": "in situ",
    "benign": "benign",
    "uncertain": "uncertain behavior",
    "unspecified": "unspecified behavior",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A site where a text names it."""

    site: Site
    start: int
    end: int
    words: int


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows by the words that lead to them, with the words that may stand beside; all words; rows by path."""

    by_words: dict[frozenset[str], tuple[Site, frozenset[str]]]
    known: frozenset[str]
    by_path: dict[str, Site]


@lru_cache(maxsize=4)
def _rows(table: NeoplasmTable | CodeBook) -> dict[str, _Rows]:
    """The rows of organs under an empty name, those of each tissue under its own; of a book those of titles."""
    if isinstance(table, CodeBook):
        return {"": _titled(table), **{tissue: _part((), ()) for tissue in _TISSUES}}
    parts: dict[str, list[TableLine]] = {"": [], **{tissue: [] for tissue in _TISSUES}}
    for line in table.lines():
        parts[line.titles[0] if line.titles[0] in _TISSUES else ""].append(line)
    return {name: _part(lines, _TISSUES.get(name, set())) for name, lines in parts.items()}


def _part(lines: Iterable[TableLine], given: Iterable[str]) -> _Rows:
    found: dict[frozenset[str], tuple[Site, frozenset[str]]] = {}
    by_path: dict[str, Site] = {}
    # The shorter way to the same words goes before: "olfactory nerve" before "nerve, olfactory".
    for line in sorted(lines, key=lambda line: (len(line.titles), line.number)):
        site = _site(line)
        by_path.setdefault(site.path, site)
        for way in product(*line.ways):
            needs = _canonical(frozenset().union(*way)) - frozenset(given)
            found.setdefault(needs, (site, _canonical(line.modifiers) - RESIDUAL))
    found.pop(frozenset(), None)
    return _Rows(found, frozenset(w for needs, (_, beside) in found.items() for w in needs | beside), by_path)


def _titled(book: CodeBook) -> _Rows:
    """The sites that titles of chapter 2 name, where the table is not installed: "Benign neoplasm of carotid body"."""
    found: dict[frozenset[str], dict[str, str]] = {}
    for node in _below(book, "2"):
        title = node.title.lower()
        column, site = next(((c, title[len(t) :]) for t, c in _BY_TITLE.items() if title.startswith(t)), ("", ""))
        for way in readings(site) if site and not _OPEN.search(title) else ():
            found.setdefault(_canonical(way), {}).setdefault(column, node.code)
    sites = {needs: Site(" ".join(sorted(needs)), tuple(c.get(x, "") for x in COLUMNS)) for needs, c in found.items()}
    by_words = {needs: (site, frozenset[str]()) for needs, site in sites.items()}
    return _Rows(by_words, frozenset(w for needs in by_words for w in needs), {})


_BY_TITLE = {
    "malignant neoplasm of ": "primary",
    "secondary malignant neoplasm of ": "secondary",
    "carcinoma in situ of ": "in_situ",
    "benign neoplasm of ": "benign",
    "neoplasm of uncertain behavior of ": "uncertain",
}
# Titles of one side, or of what is left over.
_OPEN = re.compile(r"\b(?:right|left|bilateral|unspecified|other|overlapping|male|female)\b|-")


def _below(book: CodeBook, code: str) -> Iterator[Node]:
    node = book.node(code)
    for child in (book.node(c) for c in node.children) if node else ():
        if child is not None:
            yield child
            yield from _below(book, child.code)


def _site(line: TableLine) -> Site:
    path = ", ".join(line.titles)
    codes = tuple(c.text if c else "" for c in line.codes)
    return Site(path, tuple(_mended(path, column, code) for column, code in zip(COLUMNS, codes, strict=True)))


def _mended(path: str, column: str, code: str) -> str:
    """The code of a cell as the Tabular List bears it out."""
    found = (r for r in _errata().get(code, ()) if r["row"] in ("*", path) and r["column"] in ("*", column))
    return next((r["instead"] for r in found), code)


@cache
def _errata() -> dict[str, list[dict[str, str]]]:
    """The rows of the table of errata by the code of the cell."""
    found: dict[str, list[dict[str, str]]] = {}
    for r in rows("navigating/table_errata"):
        found.setdefault(r["code"], []).append(r)
    return found


@cache
def _forms() -> dict[str, str]:
    return {row["said"]: row["means"] for row in rows("navigating/site_words") if row["means"]}


def _canonical(some: Iterable[str]) -> frozenset[str]:
    """Words with adjectives as their nouns; a gland of the lymph is a node."""
    found = frozenset(_forms().get(w, w) for w in some) - _UNSAID
    return (found - _OF_NODES) | {"node"} if found >= _NODES else found


def row(table: NeoplasmTable | CodeBook, path: str) -> Site | None:
    """The row of a path as printed, without the main term; None where there is none."""
    return next((part.by_path[path] for part in _rows(table).values() if path in part.by_path), None)


@lru_cache(maxsize=KEPT)
def named(table: NeoplasmTable | CodeBook, text: str, tissue: str = "") -> tuple[Named, ...]:
    """The sites that a text in small letters names: of organs, or of one of the tissues that have their own rows."""
    part = _rows(table)[tissue]
    return tuple(n for run in _runs(text, part.known) for n in _sites(run, part) if tissue or _is_organ(n))


def _is_organ(found: Named) -> bool:
    site = found.site
    if found.words == 1 and _canonical(words(site.path)) & _BARE:
        return False
    return not site.node("primary").startswith(_NO_ORGANS) and (site.node("primary") or site.node("secondary")) != ""


_Token = tuple[str, int, int]


def _runs(text: str, known: frozenset[str]) -> Iterator[list[_Token]]:
    """Stretches of words that the table knows; sides, articles and commas part nothing."""
    run: list[_Token] = []
    for m in _TOKEN.finditer(text):
        if m.group() in _PASSED:
            continue
        said = [_forms().get(w, w) for w in words(m.group())]
        if said and all(w in known for w in said):
            run += [(w, m.start(), m.end()) for w in said]
        elif run:
            yield run
            run = []
    if run:
        yield run


def _sites(run: list[_Token], part: _Rows) -> Iterator[Named]:
    at = 0
    while at < len(run):
        hit = next((n for size in range(LONGEST, 0, -1) if (n := _row_of(run[at : at + size], size, part))), None)
        if hit:
            yield hit
        at += hit.words if hit else 1


def _row_of(window: list[_Token], size: int, part: _Rows) -> Named | None:
    """The row that all the words of a window lead to, a few of them being words in its parentheses."""
    said = frozenset(word for word, _, _ in window)
    if len(window) < size or said & _KINDS:
        return None
    for beside in range(0, min(BESIDE, len(said) - 1) + 1):
        for left in combinations(sorted(said), beside):
            entry = part.by_words.get(said - set(left))
            if entry and set(left) <= entry[1]:
                return Named(entry[0], min(t[1] for t in window), max(t[2] for t in window), size)
    return None


@lru_cache(maxsize=KEPT)
def leading(table: NeoplasmTable, code: str, column: str, said: frozenset[str]) -> Site | None:
    """The row that leads to a code in a column, all of whose words are said; of several the one that says the most."""
    found: dict[str, tuple[int, Site]] = {}
    for part in _rows(table).values():
        for needs, (site, _) in part.by_words.items():
            if _leads(site.codes[COLUMNS.index(column)], code) and needs <= said:
                found.setdefault(site.path, (-len(needs), site))
    return min(found.values(), key=lambda pair: (pair[0], pair[1].path.count(","), pair[1].path))[1] if found else None


def _leads(cell: str, code: str) -> bool:
    stem = cell.rstrip("-").rstrip(".")
    return bool(stem) and (stem == code or (cell.endswith("-") and code.startswith(stem)))


def spoken(*texts: str) -> frozenset[str]:
    """The words of texts as rows are made of, and what they imply: who says colon has said large intestine."""
    said = _canonical(w for text in texts for w in words(text))
    return said.union(*(implied for word, implied in _implied().items() if word in said))


@cache
def _implied() -> dict[str, frozenset[str]]:
    return {row["said"]: frozenset(row["implies"].split()) for row in rows("navigating/site_words") if row["implies"]}
