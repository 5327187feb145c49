"""The tables of the Medicare Coverage Database: articles and determinations, whose they are and where they hold.

A document has contractors (`article_x_contractor`), these have states (`contractor_jurisdiction`, `state_lookup`), and
parts of a state stand for the state. An article's supporting diagnoses come in groups; the paragraph of a group
(`article_x_icd10_covered_group`) may ask for a diagnosis of another one as well. Descriptions (AMA) are not read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from leadterm.domain import Code, CodeSystem, InputError

from ._coverage_tables import PolicyRow, cells, day, policies, records, wide_cells
from ._offered import Offered, Recognised, Table, decoded

# The tables that are read: name -> the columns that must be there.
CONTRACTOR = ("contractor_id", "contractor_type_id", "contractor_version")
TABLES: dict[str, tuple[str, ...]] = {
    "article": ("article_id", "article_version", "title"),
    "article_x_hcpc_code": ("article_id", "article_version", "hcpc_code_id"),
    "article_x_icd10_covered": ("article_id", "article_version", "icd10_code_id"),
    "article_x_icd10_covered_group": ("article_id", "article_version", "icd10_covered_group", "paragraph"),
    "article_x_icd10_noncovered": ("article_id", "article_version", "icd10_code_id"),
    "article_x_icd10_noncovered_group": ("article_id", "article_version", "icd10_noncovered_group", "paragraph"),
    "article_related_documents": ("article_id", "article_version", "r_lcd_id"),
    "article_x_contractor": ("article_id", "article_version", *CONTRACTOR),
    "lcd": ("lcd_id", "lcd_version", "title"),
    "lcd_x_hcpc_code": ("lcd_id", "lcd_version", "hcpc_code_id"),
    "lcd_x_contractor": ("lcd_id", "lcd_version", *CONTRACTOR),
    "contractor": (*CONTRACTOR, "contractor_bus_name"),
    "contractor_jurisdiction": (*CONTRACTOR, "state_id"),
    "state_lookup": ("state_id", "state_abbrev"),
}
NEEDED = ("article", "article_x_hcpc_code", "article_x_icd10_covered")
COVERED, NONCOVERED = "article_x_icd10_covered", "article_x_icd10_noncovered"
GROUPS = {COVERED: "icd10_covered_group", NONCOVERED: "icd10_noncovered_group"}
# Parts of states that the database counts as states.
STATE_OF_PART = {"DN": "NY", "QN": "NY", "UN": "NY", "EM": "MO", "WM": "MO", "NF": "CA", "SF": "CA"}
_HCPCS = re.compile(r"[0-9A-Z]{5}")
_STATE = re.compile(r"[A-Z]{2}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_MARKUP = re.compile(r"<[^>]{0,500}>|&[a-z]{1,8};|&#[0-9]{1,6};")
_SENTENCE = re.compile(r"(?<=[.;:!?])\s+|<br ?/?>|</p>|</li>")
_ASKS = re.compile(r"(?i)\b(?:must|require[sd]?|shall|along with|in addition to|both)\b")
_GROUPS = re.compile(r"(?i)\bgroups?\s+(\d{1,2}(?:\s*(?:,|and|or|&|/)\s*\d{1,2})*)")

T = TypeVar("T")
Key = tuple[str, str]
Who = tuple[str, str, str]


def table_name(offered: Offered) -> str:
    """The table that a file is, by its name; empty for what is no csv."""
    stem, _, suffix = offered.name.lower().rpartition(".")
    return stem if suffix == "csv" else ""


def is_table(offered: Offered) -> bool:
    """Whether a file is one of the tables that are read, by its name and its columns."""
    name = table_name(offered)
    header = cells(decoded(offered.head).split("\n", 1)[0]) if name in TABLES else []
    return bool(header) and all(column in header for column in TABLES[name])


def piece(offered: Offered) -> object:
    """What of a release a table is: articles and determinations come with tables of contractors of their own."""
    return table_name(offered), "lcd" in offered.path.lower()


@wide_cells()
def read(files: Sequence[Offered], recognised: Recognised) -> Table:
    """The documents with what they name, and where they hold.

    Raises InputError when a table is missing, is no table, or names nothing of the others.
    """
    tables: dict[str, list[Offered]] = defaultdict(list)
    for offered in files:
        tables[table_name(offered)].append(offered)
    if missing := [name for name in NEEDED if name not in tables]:
        raise InputError(f"The table {missing[0]}.csv of the coverage database is missing; install the whole archive.")
    found = _Database(tables)
    rows = {_name("A", key): row for key, row in found.articles()}
    rows.update((_name("L", key), row) for key, row in found.determinations())
    procedures, left_out = found.procedures(rows)
    if not procedures:
        raise InputError(
            f"The tables beside {files[0].name} name no procedure of a document of theirs; fetch the archive again."
        )
    counts = (
        *_told("contractors", len({c for row in rows.values() for c in row.contractors})),
        ("left out: no code, or of no document here", left_out + found.left_out),
    )
    return policies(procedures, rows, counts)


def _told(what: str, count: int) -> tuple[tuple[str, int], ...]:
    """A count, where there is something."""
    return ((what, count),) if count else ()


class _Database:
    """The tables, each read once."""

    def __init__(self, tables: Mapping[str, Sequence[Offered]]) -> None:
        self._tables = tables
        self.left_out = 0
        self._names = {_who(r): " ".join(r["contractor_bus_name"].split()) for r in self._rows("contractor")}
        self._states = self._read_states()

    def _rows(self, name: str) -> Iterator[dict[str, str]]:
        for offered in self._tables.get(name, ()):
            yield from records(offered, TABLES[name])

    def _read_states(self) -> Mapping[Who, set[str]]:
        """Where each contractor decides, as long as it does."""
        states = {r["state_id"]: r["state_abbrev"].upper() for r in self._rows("state_lookup")}
        found: dict[Who, set[str]] = defaultdict(set)
        for row in self._rows("contractor_jurisdiction"):
            state = states.get(row["state_id"], "")
            if _STATE.fullmatch(state) and not row.get("term_date"):
                found[_who(row)].add(STATE_OF_PART.get(state, state))
        return found

    def articles(self) -> Iterator[tuple[Key, PolicyRow]]:
        """Each article with its lists."""
        related = self._grouped("article_related_documents", lambda r: f"L{r['r_lcd_id']}" if r["r_lcd_id"] else "")
        covered, refused = self._listed(COVERED), self._listed(NONCOVERED)
        needs, hanging, whose = self._needs(), self._hanging(), self._whose("article_x_contractor")
        for row in self._rows("article"):
            key = _key(row)
            groups = covered.get(key, {})
            yield (
                key,
                PolicyRow(
                    document=f"A{key[0]}",
                    title=row["title"],
                    starts=day(row.get("article_eff_date", "")),
                    ends=_first_day(row, "article_end_date", "article_rev_end_date", "date_retired"),
                    related=sorted(set(related.get(key, ()))),
                    covered=_together(groups),
                    not_covered=_together(
                        {n: codes for n, codes in refused.get(key, {}).items() if (key, n) not in hanging}
                    ),
                    groups=_asking(groups, needs.get(key, {})),
                    version=_number(key[1]),
                    contractors=sorted({name for _, name in whose.get(key, ()) if name}),
                    states=self._where(whose.get(key, ())),
                ),
            )

    def determinations(self) -> Iterator[tuple[Key, PolicyRow]]:
        """Each determination: since 2019 they name procedures at most; the diagnoses stand in articles."""
        whose = self._whose("lcd_x_contractor")
        for row in self._rows("lcd"):
            key = _key(row)
            yield (
                key,
                PolicyRow(
                    document=f"L{key[0]}",
                    title=row["title"],
                    starts=_first_day(row, "rev_eff_date", "orig_det_eff_date"),
                    ends=_first_day(row, "ent_det_end_date", "rev_end_date", "date_retired"),
                    version=_number(key[1]),
                    contractors=sorted({name for _, name in whose.get(key, ()) if name}),
                    states=self._where(whose.get(key, ())),
                ),
            )

    def procedures(self, known: Mapping[str, PolicyRow]) -> tuple[dict[str, set[str]], int]:
        """The documents that name each procedure, and how many entries are none."""
        found: dict[str, set[str]] = defaultdict(set)
        left_out = 0
        for kind, name in (("A", "article_x_hcpc_code"), ("L", "lcd_x_hcpc_code")):
            for row in self._rows(name):
                code, policy = row["hcpc_code_id"].upper(), _name(kind, _key(row))
                if _HCPCS.fullmatch(code) and policy in known:
                    found[code].add(policy)
                else:
                    left_out += 1
        return found, left_out

    def _where(self, contractors: Sequence[tuple[Who, str]]) -> list[str]:
        return sorted({state for who, _ in contractors for state in self._states.get(who, ())})

    def _listed(self, name: str) -> dict[Key, dict[int, list[str]]]:
        """Diagnoses by document and group, once each; entries that are none are counted (`XX000`: not applicable)."""
        found: dict[Key, dict[int, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
        for row in self._rows(name):
            try:
                code = Code.parse(row["icd10_code_id"], CodeSystem.ICD10CM).value
            except InputError:
                self.left_out += 1
                continue
            found[_key(row)][_number(row.get(GROUPS[name], ""))][code] = None
        return {key: {n: list(codes) for n, codes in groups.items()} for key, groups in found.items()}

    def _needs(self) -> dict[Key, dict[int, set[int]]]:
        """Groups that the paragraph of a group asks for beside it."""
        found: dict[Key, dict[int, set[int]]] = defaultdict(dict)
        for row in self._rows("article_x_icd10_covered_group"):
            number = _number(row[GROUPS[COVERED]])
            if asked := asked_for(row["paragraph"]) - {number}:
                found[_key(row)][number] = asked
        return found

    def _hanging(self) -> set[tuple[Key, int]]:
        """Groups that do not support a service with some modifier: whether they do without it, nobody says."""
        rows = self._rows("article_x_icd10_noncovered_group")
        return {(_key(r), _number(r[GROUPS[NONCOVERED]])) for r in rows if "modifier" in r["paragraph"].lower()}

    def _whose(self, name: str) -> Mapping[Key, list[tuple[Who, str]]]:
        return self._grouped(name, lambda row: (_who(row), self._names.get(_who(row), "")))

    def _grouped(self, name: str, value: Callable[[dict[str, str]], T]) -> dict[Key, list[T]]:
        found: dict[Key, list[T]] = defaultdict(list)
        for row in self._rows(name):
            if given := value(row):
                found[_key(row)].append(given)
        return found


def asked_for(paragraph: str) -> set[int]:
    """The groups that a paragraph names in a sentence about what must be reported."""
    found: set[int] = set()
    for sentence in _SENTENCE.split(paragraph):
        words = " ".join(_MARKUP.sub(" ", sentence).split())
        if _ASKS.search(words):
            found.update(int(n) for several in _GROUPS.findall(words) for n in re.findall(r"\d+", several))
    return found


def _asking(
    groups: Mapping[int, Sequence[str]], needs: Mapping[int, set[int]]
) -> list[tuple[int, Sequence[str], list[int]]]:
    """The groups, where one of them asks for another; else they do not matter and none are kept."""
    return [(n, codes, sorted(needs.get(n, ()))) for n, codes in sorted(groups.items())] if needs else []


def _together(groups: Mapping[int, Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(code for number in sorted(groups) for code in groups[number]))


def _first_day(row: Mapping[str, str], *names: str) -> str | None:
    return next((found for name in names if (found := day(row.get(name, "")))), None)


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0


def _name(kind: str, key: Key) -> str:
    return f"{kind}{key[0]} {key[1]}"


def _key(row: Mapping[str, str]) -> Key:
    kind = "article" if "article_id" in row else "lcd"
    return row[f"{kind}_id"], row[f"{kind}_version"]


def _who(row: Mapping[str, str]) -> Who:
    return row["contractor_id"], row["contractor_type_id"], row["contractor_version"]
