"""The modifiers of service lines: their shape, those that contradict each other, those on the wrong kind of service."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from string import ascii_uppercase, digits

from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.domain import ServiceLine
from leadterm.domain.claim import MOST_MODIFIERS
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._procedures import is_among
from leadterm.edits._tables import read_table

CHARACTERS = f"{digits}{ascii_uppercase}"
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
# Modifiers of CPT that have a letter: physical status, and those of performance measures.
OF_CPT = frozenset({"P1", "P2", "P3", "P4", "P5", "P6", "1P", "2P", "3P", "8P"})
TRANSPORT = "A0426-A0434"
ENDS = frozenset("DEGHIJNPRSX")
DEAD_ON_ARRIVAL = "QL"
WAIVED = "QW"
OWN_MODIFIERS = "workers-compensation"
_CLIA = re.compile(r"[0-9]{2}D[0-9]{7}")
ANESTHESIA = "00100-01952 01958-01992"
ANESTHETISTS = frozenset({"AA", "AD", "QK", "QX", "QY", "QZ"})
MINUTES = "MJ"


def _shape(b: Billing) -> Iterable[Draft]:
    wrong = {m for m in b.modifiers if not _MODIFIER.fullmatch(m)} if not b.modifiers <= _fair() else frozenset()
    return [
        _on(b, line, "a modifier that is not two capitals or digits")
        for line in b.modified
        if wrong and not wrong.isdisjoint(line.modifiers)
    ]


@cache
def _fair() -> frozenset[str]:
    """Two characters with a letter, or a number of CPT: of these neither shape nor number is asked further."""
    lettered = {a + z for a in CHARACTERS for z in CHARACTERS if not (a + z).isdecimal()}
    return frozenset(lettered | _numbers())


def _count(b: Billing) -> Iterable[Draft]:
    return [
        _on(b, line, f"{len(line.modifiers)} modifiers, which is more than {MOST_MODIFIERS}")
        for line in b.modified
        if len(line.modifiers) > MOST_MODIFIERS
    ]


def _twice(b: Billing) -> Iterable[Draft]:
    wrong = [line for line in b.modified if len(set(line.modifiers)) < len(line.modifiers)]
    return [_on(b, line, "a modifier twice") for line in wrong]


def _unknown(b: Billing) -> Iterator[Draft]:
    if b.modifiers <= _fair() or _has_own_modifiers(b):
        return
    for line in b.modified:
        for modifier in line.modifiers:
            if modifier.isdecimal() and len(modifier) == 2 and modifier not in _numbers():
                yield _on(b, line, f"the modifier {modifier}, which is none")


def _has_own_modifiers(b: Billing) -> bool:
    """Workers' compensation has modifiers of each state."""
    return bool(b.claim.payers) and b.claim.payers[0].type == OWN_MODIFIERS


@cache
def _numbers() -> frozenset[str]:
    return frozenset(code for (code,) in read_table("claims/modifier_numbers.tsv", ("modifier",)))


def _unlisted(b: Billing) -> Iterator[Draft]:
    listed = b.book.find(Hcpcs, b.controlling_day) if b.modified else None
    if listed is None or _has_own_modifiers(b):
        return
    for line in b.modified:
        for m in line.modifiers:
            lettered = _MODIFIER.fullmatch(m) and not m.isdecimal() and m not in OF_CPT
            # Origin and destination of a transport are letters of their own, listed one by one.
            if lettered and not _is_way(m) and listed.modifier(m, line.start) is None:
                yield _on(b, line, f"the modifier {m}, which is not in the list of {line.start}")


def _contradict(b: Billing) -> Iterator[Draft]:
    for line in b.modified:
        for several in _contradictions(line.modifiers):
            yield _on(b, line, f"modifiers that exclude each other: {several}")


@lru_cache(maxsize=65536)
def _contradictions(modifiers: tuple[str, ...]) -> tuple[str, ...]:
    """Each group of modifiers of which a line bears several, and those that it bears."""
    given = set(modifiers)
    found = (sorted(group & given) for group in _exclusive())
    return tuple(" and ".join(several) for several in found if len(several) > 1)


@cache
def _exclusive() -> tuple[frozenset[str], ...]:
    rows = read_table("claims/modifier_groups.tsv", ("modifiers", "source"))
    return tuple(frozenset(words.split()) for words, _ in rows)


def _lacks_partner(b: Billing) -> Iterator[Draft]:
    if b.modifiers.isdisjoint(_partners()):
        return
    for line in b.modified:
        for modifier, partners in _partners().items():
            if modifier in line.modifiers and partners.isdisjoint(line.modifiers):
                yield _on(b, line, f"{modifier} without {' or '.join(sorted(partners))}")


@cache
def _partners() -> Mapping[str, frozenset[str]]:
    rows = read_table("claims/modifier_partners.tsv", ("modifier", "with", "source"))
    return {modifier: frozenset(partners.split()) for modifier, partners, _ in rows}


def _out_of_scope(b: Billing) -> Iterator[Draft]:
    if b.modifiers.isdisjoint(_scopes()):
        return
    for line, code in b.billed:
        for modifier in _misplaced(code, line.modifiers) if line.modifiers else ():
            yield _on(b, line, f"modifier {modifier} on {code}, a service to which it does not belong", (code,))


@lru_cache(maxsize=65536)
def _misplaced(code: str, modifiers: tuple[str, ...]) -> tuple[str, ...]:
    """The modifiers of a line that do not go with its code."""
    return tuple(m for m in modifiers if any(_excludes(row, code) for row in _scopes().get(m, ())))


def _excludes(row: tuple[str, str], code: str) -> bool:
    how, codes = row
    return is_among(code, codes) == (how == "never")


@cache
def _scopes() -> Mapping[str, tuple[tuple[str, str], ...]]:
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for modifiers, how, codes, _ in read_table("claims/modifier_scopes.tsv", ("modifiers", "how", "codes", "source")):
        for modifier in modifiers.split():
            found[modifier] = (*found.get(modifier, ()), (how, codes))
    return found


def _transport(b: Billing) -> Iterator[Draft]:
    for line, code in b.billed:
        if code[0] == "A" and is_among(code, TRANSPORT) and not _has_ends(line.modifiers):
            yield _on(b, line, "an ambulance transport without a modifier of origin and destination", (code,))


def _has_ends(modifiers: tuple[str, ...]) -> bool:
    return any(m == DEAD_ON_ARRIVAL or _is_way(m) for m in modifiers)


def _is_way(modifier: str) -> bool:
    """`X` is a stop on the way to the hospital, never where a transport starts."""
    return len(modifier) == 2 and set(modifier) <= ENDS and modifier[0] != "X"


def _waived_test(b: Billing) -> Iterable[Draft]:
    if b.claim.clia or WAIVED not in b.modifiers:
        return ()
    waived = [line for line in b.modified if WAIVED in line.modifiers]
    return [_on(b, line, "a waived test, and the claim has no CLIA number", segment="REF*X4") for line in waived]


def _clia_shape(b: Billing) -> Iterable[Draft]:
    if not b.claim.clia or _CLIA.fullmatch(b.claim.clia.strip().upper()):
        return ()
    return (Draft("The CLIA number is not two digits, D and seven digits.", location=b.at("REF*X4")),)


def _anesthesia_minutes(b: Billing) -> Iterator[Draft]:
    for line, code in b.billed:
        if code[0] == "0" and line.unit != MINUTES and is_among(code, ANESTHESIA):
            yield _on(b, line, "an anesthesia service that is not counted in minutes", (code,))


def _anesthetist(b: Billing) -> Iterator[Draft]:
    if not b.medicare:
        return
    for line, code in b.billed:
        if code[0] == "0" and is_among(code, ANESTHESIA) and ANESTHETISTS.isdisjoint(line.modifiers):
            yield _on(b, line, "an anesthesia service, and no modifier tells who gave or directed it", (code,))


def _on(b: Billing, line: ServiceLine, what: str, codes: tuple[str, ...] = (), segment: str | None = None) -> Draft:
    return Draft(f"Line {line.number} has {what}.", codes, location=b.at(segment or b.service, line.number))


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837/modifier-shape": _shape,
    "HIPAA:837/modifier-count": _count,
    "HIPAA:837/modifier-twice": _twice,
    "HIPAA:162.1002/modifier-unknown": _unknown,
    "HIPAA:162.1002/modifier-unlisted": _unlisted,
    "LEADTERM:modifiers/exclusive": _contradict,
    "LEADTERM:modifiers/partner": _lacks_partner,
    "LEADTERM:modifiers/scope": _out_of_scope,
    "MCPM:15.30/transport": _transport,
    "HIPAA:837P/clia": _waived_test,
    "HIPAA:837P/clia-shape": _clia_shape,
    "HIPAA:837P/anesthesia-minutes": _anesthesia_minutes,
    "MCPM:12.50/anesthetist": _anesthetist,
}
