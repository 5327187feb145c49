"""Kinds of supplies, equipment and orthoses: which one words name, told by their features as the release tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.names import Names
from leadterm.coding.patterns import compiled

from .measures import AREAS, CUSHION, WIDTHS, area, width

_NEGATED = compiled(r"\bwithout (?P<what>(?:[\w/]+ ?){1,2})")
_SPACES = compiled(r"[\s-]+")
_SHORT = (
    (
        compiled(r"\bnon(?=sterile|adhesive|border|disposable|waterproof|pneumatic|heated|adherent|invasive|locking)"),
        "without ",
    ),
    (compiled(r"\bw/o\b|\bnon[ -]|\bno\b|\bnot\b|\bexcl\w*\b"), "without "),
    (compiled(r"\bw/ ?"), "with "),
    (compiled(r"&|\+"), " and "),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of `catalog.tsv`.

    Attributes:
        codes: As written: one, several joined by `+`, by measure parted by `/`, or several that it leaves open.
        needs: Features, each as its alternatives.
        unless, by, per, fitted, flags, name, options: As in the table.
    """

    codes: str
    needs: tuple[tuple[str, ...], ...]
    unless: str
    by: str
    per: str
    fitted: str
    flags: frozenset[str]
    name: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """A thing with all its kinds."""

    name: str
    key: str
    head: str
    never: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of an item, in small letters: what it has, what it is said not to have, as written."""

    has: str
    lacks: str
    written: str


@cache
def families() -> tuple[Family, ...]:
    """Every family of the table, in its order."""
    grouped: dict[str, list[dict[str, str]]] = {}
    for row in rows("supplies/catalog"):
        grouped.setdefault(row["family"], []).append(row)
    return tuple(_family(name, listed) for name, listed in grouped.items())


def _family(name: str, listed: list[dict[str, str]]) -> Family:
    """The family that rows of one name make; a row with the codes `-` says what is none of it."""
    never = "|".join(r["unless"] for r in listed if r["codes"] == "-")
    kinds = tuple(
        Kind(
            r["codes"],
            tuple(tuple(_alternatives(need)) for need in r["needs"].split(" & ") if need),
            r["unless"],
            r["by"],
            r["per"],
            r["fitted"],
            frozenset(r["flags"].split()),
            r["name"],
            tuple(r["options"].split(";")) if r["options"] else (),
        )
        for r in listed
        if r["codes"] != "-"
    )
    return Family(name, listed[0]["key"], listed[0]["head"], never, kinds)


def _alternatives(need: str) -> Iterator[str]:
    """The alternatives of a feature, parted by `|` outside of brackets."""
    depth, start = 0, 0
    for n, letter in enumerate(need):
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and not depth:
            yield need[start:n]
            start = n + 1
    yield need[start:]


@cache
def names() -> Names:
    """The ways to write the families, then those of casts."""
    every = [(f"(?:{f.head})s?", f.key) for f in families()]
    every += [(f"(?:{r['said']})s?", r["key"]) for r in rows("supplies/casts")]
    return Names([head for head, _ in every], [key for _, key in every])


def words(said: str) -> Words:
    """What is said of an item, with short forms written out and what is denied apart."""
    written = said.lower()
    plain = written
    for pattern, full in _SHORT:
        plain = pattern.sub(full, plain)
    plain = _SPACES.sub(" ", plain)
    lacks = " ; ".join(m["what"] for m in _NEGATED.finditer(plain))
    return Words(_NEGATED.sub(" ", plain), lacks, written)


def kind(family: Family, said: Words, around: str) -> Kind | None:
    """The kind of a family that words name; `around`: the rest of the list, for features that may stand there."""
    if family.never and _made(family.never).search(said.has):
        return None
    whole = words(around) if any("wide" in k.flags for k in family.kinds) else said
    for k in family.kinds:
        has = said if "wide" not in k.flags else Words(f"{said.has} {whole.has}", f"{said.lacks} ; {whole.lacks}", "")
        if all(_stands(need, has, around) for need in k.needs) and not _refused(k.unless, said):
            return k
    return None


@cache
def _made(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _alternatives_of(unless: str) -> tuple[str, ...]:
    return tuple(_alternatives(unless))


def _stands(need: tuple[str, ...], said: Words, around: str) -> bool:
    return any(_one(one, said, around) for one in need)


def _one(one: str, said: Words, around: str) -> bool:
    if one.startswith("~"):
        return _made(one[1:]).search(said.lacks) is not None
    if one.startswith("^"):
        return _made(one[1:]).search(around.lower()) is not None
    return _made(one).search(said.has) is not None


def _refused(unless: str, said: Words) -> bool:
    return bool(unless) and any(_one(one, said, "") for one in _alternatives_of(unless))


def codes(k: Kind, said: Words, around: str) -> tuple[tuple[str, ...], bool]:
    """The codes of a kind, and whether all of them hold; False where they leave open which."""
    if "+" in k.codes:
        return tuple(k.codes.split("+")), True
    if "/" not in k.codes:
        several = tuple(k.codes.split())
        return several, len(several) == 1
    sizes = tuple(k.codes.split("/"))
    place = _size(k.by, said.written, around)
    return (sizes, False) if place is None else ((sizes[place],), True)


def _size(by: str, said: str, around: str) -> int | None:
    """Which size of the table words tell."""
    if by == "area" or by == "barrier":
        inches = area(said)
        if inches is None:
            return 0 if by == "barrier" else None
        return sum(inches > limit for limit in (AREAS if by == "area" else AREAS[:1]))
    wide = width(said)
    if by == "cushion":
        wide = wide if wide is not None else width(around)
        return None if wide is None else int(wide >= CUSHION)
    return None if wide is None else sum(wide >= limit for limit in WIDTHS)
