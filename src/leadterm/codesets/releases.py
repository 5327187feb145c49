"""Which release answers for a date, and what is to be said when none quite does (the contract's paragraph "Dates")."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from leadterm.domain import DataMissing, Finding, InForce, Release, Severity

from .sources import fiscal_year

MISSING = "CODESETS:release/missing"
BEFORE_FIRST = "CODESETS:release/before-first"
FIX = "Run `leadterm codes update {name}`, or `leadterm codes install PATH` with the official files of that day."


def choose(releases: Iterable[Release], on: date | None) -> Release | None:
    """The newest release that had begun on `on` (None: the newest), else the earliest; partial ones never."""
    whole = sorted((r for r in releases if not r.partial), key=lambda r: r.period.start)
    if not whole:
        return None
    begun = [r for r in whole if on is None or r.period.start <= on]
    return begun[-1] if begun else whole[0]


def by_name(releases: Iterable[Release]) -> dict[str, list[Release]]:
    """The releases of each component, names in order."""
    found: dict[str, list[Release]] = {}
    for release in releases:
        found.setdefault(release.name, []).append(release)
    return dict(sorted(found.items()))


def in_force(releases: tuple[Release, ...], on: date | None, given_by_flag: bool) -> InForce:
    """One release of each component for `on`, with the findings about the Tabular List.

    Raises DataMissing before the earliest Tabular List when the date was given by flag.
    """
    chosen = (choose(some, on) for some in by_name(releases).values())
    used = tuple(r for r in chosen if r)
    tabular = next((r for r in used if r.name == "icd10cm:tabular"), None)
    if tabular is None:
        raise DataMissing("No ICD-10-CM Tabular List is installed: pip install simple-icd-10-cm.")
    if on is None:
        return InForce(tabular.period.start, used)
    finding = remark(tabular, on)
    if finding and finding.rule == BEFORE_FIRST and given_by_flag:
        first = tabular.period.start
        raise DataMissing(f"No ICD-10-CM release is installed for {on}; the first begins {first}. {finding.fix}")
    return InForce(on, used, (finding,) if finding else ())


def remark(release: Release, on: date) -> Finding | None:
    """What to say when `release` answers for a day that it does not cover."""
    fix = FIX.format(name=release.name)
    what = {"icd10cm:tabular": "ICD-10-CM Tabular List"}.get(release.name, release.name)
    if on < release.period.start:
        message = f"No {what} is installed for {on}: the earliest, in force from {release.period.start}, answers."
        return Finding("f1", BEFORE_FIRST, Severity.WARNING, message, fix)
    if on not in release.period:
        message = (
            f"The {what} of fiscal year {fiscal_year(on)} that holds on {on} is not installed: "
            f"the one that ended on {release.period.end} answers."
        )
        return Finding("f1", MISSING, Severity.WARNING, message, fix)
    return None
