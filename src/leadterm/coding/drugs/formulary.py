"""The drugs that can be billed by their units: those of the installed release, or of the starter table without one.

A release tells what one unit is. The starter table (ours) tells what a release does not: brands, containers, and under
which codes a drug is given. A code of the table that the release no longer has leads on to what the release calls by
the table's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.coding._tables import rows
from leadterm.domain import Code, CodeSystem

from .amounts import Amount, amount
from .describing import Described, described, without_salt
from .names import Finder

STARTER, SUPERSEDED = "drugs/starter", "drugs/superseded"
# Words of labels that are no names, and names that charts use for something else.
NO_NAMES = frozenset("over ucla ucsf urea parenteral carrier human".split())
# Where drugs stand in HCPCS Level II; Q4 are skin substitutes but for one, P9 blood but for albumin.
_SHELVES = ("J", "Q0", "Q2", "Q3", "Q4081", "Q5", "Q9", "A95", "A96", "A97", "C9", "P904")
_ORDER = "JQPAC"  # C codes stand in until a J or Q code comes


@dataclass(frozen=True, slots=True)
class Product:
    """A drug with its billing unit.

    Attributes:
        code: HCPCS Level II.
        title: Official text; empty where no release is installed.
        unit: One billing unit.
        kind: Under which codes it is given: see the header of the starter table; empty where nobody says.
        routes: How it is given; empty: not told.
        container: single, multiple, either, fluid, dose; empty where nobody says.
        sizes: What its containers hold.
        needs: Words of which the chart must have one, of each tuple.
        esrd: For those on dialysis only (True), for others only (False), for all (None).
        starter: Whether it stands in the starter table.
    """

    code: Code
    title: str
    unit: Amount
    kind: str = ""
    routes: frozenset[str] = frozenset()
    container: str = ""
    sizes: tuple[Amount, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    esrd: bool | None = None
    starter: bool = False


@dataclass(frozen=True, slots=True)
class Formulary:
    """Names and what they may mean.

    Attributes:
        official: Whether a release stands behind it.
        names: What is looked for in a text.
        products: The products of each name, best first.
    """

    official: bool
    names: Finder
    products: dict[str, tuple[Product, ...]]

    def of(self, code: str) -> Product | None:
        """The product of a code."""
        return next((p for some in self.products.values() for p in some if p.code.value == code), None)


@lru_cache(maxsize=8)
def formulary(release: Hcpcs | None) -> Formulary:
    """The drugs of a release; of the starter table without one."""
    table: dict[str, dict[str, Product]] = {}
    if release is None:
        for row in rows(STARTER):
            _add(table, _names_of(row), _starter(row))
    else:
        _official(release, table)
    kept = {name: _without_stand_ins(found.values()) for name, found in table.items() if name not in NO_NAMES}
    return Formulary(release is not None, Finder(kept), kept)


def _official(release: Hcpcs, table: dict[str, dict[str, Product]]) -> None:
    """The products of a release under their official names, then under the names of the starter table.

    A name of the table means its own product, whatever form the official text asks for besides.
    """
    starter = {row["code"]: row for row in rows(STARTER)}
    read = {p.code.value: (told, p) for told, p in _read(release, starter)}
    gone = {row["code"] for row in rows(SUPERSEDED) if row["by"] in read}
    for code, (told, product) in read.items():
        if code not in gone:
            _add(table, told.brands, replace(product, needs=()))
            _add(table, told.names, product)
    for code, row in starter.items():
        _add(table, _names_of(row), *([replace(read[code][1], needs=())] if code in read else _called(table, row)))


def _read(release: Hcpcs, starter: dict[str, dict[str, str]]) -> Iterator[tuple[Described, Product]]:
    for title in release.titles():
        told = described(title.long) if title.code.startswith(_SHELVES) else None
        if told is not None:
            row, product = starter.get(title.code), _product(title.code, title.long, told)
            yield told, (_completed(product, row) if row else product)


@lru_cache(maxsize=4096)
def in_force(release: Hcpcs | None, code: str, on: date) -> bool:
    """Whether a code may be used on a day; a list without dates cannot deny it."""
    entry = release.code(code, on) if release is not None else None
    return entry is None or entry.in_force is not False


def _product(code: str, title: str, told: Described) -> Product:
    named = Code(CodeSystem.HCPCS, code)
    needs = (*told.needs, *((told.brands,) if told.brands and not told.biosimilar else ()))
    return Product(named, title, told.unit, _kind(code), told.routes, needs=needs, esrd=told.esrd)


def _kind(code: str) -> str:
    """Under which codes a drug is given whose place in the list tells it: J9 are the antineoplastics."""
    if code.startswith(("A95", "A96", "A97", "Q99")):
        return "diagnostic"
    return "chemo" if code.startswith("J9") else ""


def _completed(product: Product, row: dict[str, str]) -> Product:
    """A product of the release with what the starter table tells of it; the unit stays the release's."""
    return replace(
        product,
        kind=row["kind"],
        routes=product.routes or frozenset(row["routes"].split()),
        container=row["container"],
        sizes=_sizes(row),
        starter=True,
    )


def _starter(row: dict[str, str]) -> Product:
    code, unit = Code(CodeSystem.HCPCS, row["code"]), amount(row["amount"], row["unit"])
    routes = frozenset(row["routes"].split())
    esrd = True if row["name"].endswith(" esrd") else None
    return Product(code, "", unit, row["kind"], routes, row["container"], _sizes(row), esrd=esrd, starter=True)


def _sizes(row: dict[str, str]) -> tuple[Amount, ...]:
    return tuple(amount(size, row["unit"]) for size in row["sizes"].split())


def _names_of(row: dict[str, str]) -> tuple[str, ...]:
    return (row["name"], *(name for name in row["names"].split("; ") if name))


def _called(table: dict[str, dict[str, Product]], row: dict[str, str]) -> list[Product]:
    """What a release calls by the table's names, completed: the code of the table is of another year."""
    for name in _names_of(row):
        if found := table.get(name) or table.get(without_salt(name)):
            return [_completed(p, row) for p in found.values()]
    return []


def _add(table: dict[str, dict[str, Product]], names: Iterable[str], *products: Product) -> None:
    for name in names:
        table.setdefault(name, {}).update({p.code.value: p for p in products})


def _without_stand_ins(products: Iterable[Product]) -> tuple[Product, ...]:
    """Without C codes where a permanent code has the same name."""
    found = tuple(products)
    lasting = [p for p in found if not p.code.value.startswith("C")]
    return tuple(sorted(lasting or found, key=lambda p: (_ORDER.index(p.code.value[0]), p.code.value)))
