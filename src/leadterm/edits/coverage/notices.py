"""Modifiers that say that a service may not be covered: GA and GZ (a denial is expected), GY and GX (excluded by law).

Which of them exclude each other tells `claims/modifiers.py`. Of a line with one, `diagnoses.py` and `frequency.py`
say nothing: the biller knows. What has to be true for each is said here (MCPM 30.50; 42 CFR 411.404 and 411.408).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.codesets.payment.coverage import Coverage
from leadterm.domain import CodeSystem, ServiceLine
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft

from ._lines import EXCLUDED, GIVEN, NOT_GIVEN, VOLUNTARY, documents, is_judged, pointed
from ._policies import Lists, installed, lists_of, supports
from .diagnoses import doubts
from .frequency import limited, outside, too_soon

BY_STATUTE = "S"
SAID = frozenset({EXCLUDED, VOLUNTARY})


def _notice_given(b: Billing) -> Iterator[Draft]:
    for line, code in _bearing(b, GIVEN):
        if doubt := _doubted(b, line):
            yield _draft(b, line, code, f"bears GA, and {doubt}: it is denied, and the patient owes it")


def _notice_not_given(b: Billing) -> Iterator[Draft]:
    for line, code in _bearing(b, NOT_GIVEN):
        doubt = _doubted(b, line)
        why = f" ({doubt})" if doubt else ""
        if not _supported(b, line, code):
            yield _draft(b, line, code, f"bears GZ{why}: it is denied at once, and the patient owes nothing")


def _not_given_supported(b: Billing) -> Iterator[Draft]:
    for line, code in _bearing(b, NOT_GIVEN):
        if lists := _supported(b, line, code):
            yield _draft(b, line, code, f"bears GZ and is denied at once, and {documents(lists.policies)} supports it")


def _unquestioned(b: Billing) -> Iterator[Draft]:
    for line, code in _bearing(b, GIVEN):
        tables = installed(b)
        if tables and not _doubted(b, line) and not limited(b, code, line.start) and not _named(tables, code, line):
            yield _draft(b, line, code, "bears GA, and no installed policy or limit is on it")


def _excluded_covered(b: Billing) -> Iterator[Draft]:
    for line, code in _bearing(b, EXCLUDED):
        if lists := _supported(b, line, code):
            what = f"bears GY and is denied as excluded by law, and {documents(lists.policies)} covers it"
            yield _draft(b, line, code, what)
        elif limited(b, code, line.start) and not _doubted(b, line):
            yield _draft(b, line, code, "bears GY and is denied as excluded by law, and it is a benefit by statute")


def _voluntary_alone(b: Billing) -> Iterator[Draft]:
    for line, code in _bearing(b, VOLUNTARY):
        if EXCLUDED not in line.modifiers:
            yield _draft(
                b, line, code, "bears GX (a voluntary notice) without GY, which says that it is excluded by law"
            )


def _statute(b: Billing) -> Iterator[Draft]:
    if not is_judged(b):
        return
    lettered = [(line, code) for line, code in b.billed if code[0].isalpha() and SAID.isdisjoint(line.modifiers)]
    listed = b.book.find(Hcpcs, b.controlling_day) if lettered else None
    if listed is None or b.controlling_day is None or not listed.is_of(b.controlling_day):
        return
    for line, code in lettered:
        if line.code is not None and line.code.system is CodeSystem.HCPCS and _by_statute(listed, code):
            yield _draft(b, line, code, "is excluded by statute (HCPCS coverage code S) and does not bear GY")


@lru_cache(1 << 13)
def _by_statute(listed: Hcpcs, code: str) -> bool:
    entry = listed.code(code)
    coverage = getattr(entry, "coverage", None)
    return coverage is not None and coverage.value == BY_STATUTE


def _bearing(b: Billing, modifier: str) -> list[tuple[ServiceLine, str]]:
    """The lines with a modifier, where Medicare's policies are asked."""
    if modifier not in b.modifiers or not is_judged(b):
        return []
    return [(line, code) for line, code in b.billed if modifier in line.modifiers]


def _doubted(b: Billing, line: ServiceLine) -> str:
    """What speaks against a line being covered, in words; empty where nothing does."""
    return b.once(_doubts).get(line.number, "")


def _doubts(b: Billing) -> Mapping[int, str]:
    by_diagnosis = {
        d.line.number: f"{documents(d.lists.policies)} does not support it" for d in doubts(b) if d.lists.own
    }
    by_patient = {o.line.number: f"it is for {o.why} ({o.limit.citation})" for o in outside(b)}
    by_time = {s.line.number: f"it comes too soon ({s.limit.citation})" for s in too_soon(b)}
    return {**by_time, **by_patient, **by_diagnosis}


def _supported(b: Billing, line: ServiceLine, code: str) -> Lists | None:
    """The policies that support a line, where some do and nothing else speaks against it."""
    given = pointed(b, line)
    lists = lists_of(b, line, code, installed(b)) if given and not _doubted(b, line) else None
    if lists is None or not lists.own or not any(supports(p, d) for p in lists.policies for d in given):
        return None
    return lists


def _named(tables: tuple[Coverage, ...], code: str, line: ServiceLine) -> bool:
    return any(table.policies(code, line.start) for table in tables)


def _draft(b: Billing, line: ServiceLine, code: str, what: str) -> Draft:
    return Draft(f"Line {line.number} ({code}) {what}.", (code,), location=b.at(b.service, line.number))


CHECKS: Mapping[str, Check[Billing]] = {
    "MCPM:30.50/gz-supported": _not_given_supported,
    "MCPM:30.50/gy-covered": _excluded_covered,
    "MCPM:30.50/ga": _notice_given,
    "MCPM:30.50/gz": _notice_not_given,
    "MCPM:30.50/ga-unquestioned": _unquestioned,
    "MCPM:30.50/gx-alone": _voluntary_alone,
    "MCPM:30.50/excluded": _statute,
}
