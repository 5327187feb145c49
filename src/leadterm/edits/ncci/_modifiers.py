"""The NCCI-associated modifiers: whether they open a pair, and what has to be true for each (`modifiers.tsv`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from leadterm.edits._procedures import is_among
from leadterm.edits._tables import read_table

COLUMNS = ("modifiers", "kind", "since", "codes", "claims", "true_when", "source")
VISITS = "92002-92014 99202-99499 G0380-G0384 G0402 G0438 G0439 G0463"
NO_VISITS = "10004-69990 70010-79999 80047-89398"
NO_TESTS = "00100-01999 10004-69990 70010-79999 99202-99499"
VISIT, SITE, DISTINCT, TEST = "visit", "site", "distinct", "test"
# CR 11168: from this day on 59 and its subsets are looked for on both lines, before it on that of column 2 alone.
EITHER_LINE = date(2019, 7, 1)
CLAIMS = {True: ("all", "professional"), False: ("all", "institutional")}
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Modifier:
    """A modifier that opens pairs.

    Attributes:
        kind: `visit` (24, 25, 27, 57), `site` (LT, F1, LD, …), `global` (58, 78, 79), `test` (91), `distinct` (59, X…).
        since: First day.
        codes, claims: On which services and which claims it can stand.
        true_when: What the record has to bear out.
    """

    kind: str
    since: date
    codes: str
    claims: str
    true_when: str


@cache
def modifiers() -> Mapping[str, Modifier]:
    """Every one of them."""
    return {
        modifier: Modifier(kind, date.fromisoformat(since), codes, claims, true_when)
        for names, kind, since, codes, claims, true_when, _ in read_table("ncci/modifiers.tsv", COLUMNS)
        for modifier in names.split()
    }


@cache
def _of(kind: str) -> frozenset[str]:
    return frozenset(m for m, row in modifiers().items() if row.kind == kind)


@lru_cache(1 << 14)
def opens(code1: str, column1: tuple[str, ...], code2: str, column2: tuple[str, ...], on: date) -> bool:
    """Whether modifiers of the two lines open an edit that a modifier may open.

    A site on the line of a procedure tells nothing of a visit beside it.
    """
    known = {m for m, row in modifiers().items() if row.since <= on}
    if is_among(code1, VISITS) or is_among(code2, VISITS):
        known -= _of(SITE)
    on_column1 = known if on >= EITHER_LINE else known - _of(DISTINCT)
    return not (known.isdisjoint(column2) and on_column1.isdisjoint(column1))


@lru_cache(1 << 12)
def misplaced(code: str, modifiers: tuple[str, ...]) -> frozenset[str]:
    """Those that can tell nothing of a code.

    59 and its subsets of a visit, 24, 25, 27, 57 of a procedure or test, 91 of what is no test.
    """
    of_code = _of(DISTINCT) if is_among(code, VISITS) else _of(VISIT) if is_among(code, NO_VISITS) else frozenset()
    return (of_code | _of(TEST) if is_among(code, NO_TESTS) else of_code) & frozenset(modifiers)


def unheard(column1: tuple[str, ...], column2: tuple[str, ...], on: date) -> str:
    """Why none of the modifiers of two lines opens their edit (`XS counts since 2015-01-01`); empty without any."""
    rows = {m: modifiers()[m] for m in sorted({*column1, *column2}) if m in modifiers()}
    why = [f"{m} counts since {row.since}" for m, row in rows.items() if row.since > on]
    heard = [m for m, row in rows.items() if row.since <= on]
    if sites := " ".join(m for m in heard if m in _of(SITE)):
        why.append(f"{sites} tells of a site, and nothing of a visit")
    if distinct := " ".join(m for m in heard if m in _of(DISTINCT)):
        why.append(f"{distinct} counts on the line of column 1 since {EITHER_LINE}")
    return "; ".join(why)


def one_site(column1: tuple[str, ...], column2: tuple[str, ...]) -> str:
    """The site that both lines bear where nothing else tells the services apart (`RT`); empty where something does."""
    telling = modifiers().keys()
    one, other = telling & set(column1), telling & set(column2)
    return " ".join(sorted(one)) if one == other and one and one <= _of(SITE) else ""


@lru_cache(1 << 12)
def what_is_true(codes: tuple[str, ...], professional: bool) -> tuple[str, ...]:
    """What would have to be true of two services, each with the modifiers that then say so.

    Of a visit and a procedure the visit is to be told apart.
    """
    asked = tuple(code for code in codes if is_among(code, VISITS)) or codes
    found: dict[str, list[str]] = {}
    for modifier, row in modifiers().items():
        if row.claims in CLAIMS[professional] and all(is_among(code, row.codes) for code in asked):
            found.setdefault(row.true_when, []).append(modifier)
    return tuple(f"{when} ({_few(names)})" for when, names in found.items())


def _few(names: list[str]) -> str:
    return f"{names[0]} to {names[-1]}" if len(names) > MOST_NAMED else " ".join(names)
