"""What changed between two releases: added, deleted and changed entries, and by what a code was replaced."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Protocol

from leadterm.domain import Change, Code, CodeSystem, DateRange, Difference, InputError, Release, dotted

from .formats import differs
from .store import Store
from .validity import decode

# The field that names the part of a component; it is never compared.
PART = "_"
Entries = dict[str, Mapping[str, str]]
VALIDITY = {"icd10cm:validity": CodeSystem.ICD10CM, "icd10pcs:validity": CodeSystem.ICD10PCS}


class Book(Protocol):
    """What a comparison asks of the code book."""

    def releases(self) -> tuple[Release, ...]: ...  # noqa: D102
    def release_for(self, name: str, on: date | None) -> Release | None: ...  # noqa: D102
    def store_of(self, release: Release) -> Store: ...  # noqa: D102
    def replacements(self, code: Code, on: date) -> tuple[str, ...]: ...  # noqa: D102


def compare(book: Book, before: Release, after: Release) -> Difference:
    """What changed from one release of a component to another.

    Raises InputError when the two are of different components, or the component has nothing to compare.
    """
    if before.name != after.name:
        raise InputError(f"{before.name} and {after.name} are different things; name two releases of one component.")
    differ = differs().get(before.name)
    if differ is None:
        raise InputError(f"Releases of {before.name} are not compared entry by entry.")
    old, new = dict(differ(book.store_of(before))), dict(differ(book.store_of(after)))
    part = _part(before, old, after, new)
    changes = [change for change in _changes(old, new) if not part or _within(change.key, old, new, part)]
    return Difference(
        before.name, before, after, tuple(_replaced(book, before, after.period.start, changes)), tuple(sorted(part))
    )


def between(book: Book, before: date, after: date, names: tuple[str, ...] = ()) -> tuple[Difference, ...]:
    """What changed from one day to another, in each component that another release answers for (or in those named).

    The dated lists of valid codes hold many years each, so they are asked for both days. Raises InputError for a name
    that nothing is installed under, or that is not compared.
    """
    known = sorted({r.name for r in book.releases()})
    if strange := [name for name in names if name not in known]:
        raise InputError(f"Nothing is installed as '{strange[0][:40]}'; `leadterm codes status` names what is.")
    found = []
    for name in names or known:
        old, new = book.release_for(name, before), book.release_for(name, after)
        if old is None or new is None:
            continue
        if system := VALIDITY.get(name):
            found.append(_valid(book, old, new, system, before, after))
        elif old != new and (names or name in differs()):
            found.append(compare(book, old, new))
    return tuple(one for one in found if one.changes)


def _valid(book: Book, old: Release, new: Release, system: CodeSystem, before: date, after: date) -> Difference:
    """Codes that are valid on one of two days and not on the other."""
    was, now = _codes(book, old, system, before), _codes(book, new, system, after)
    changes = [Change(code, "added", ()) for code in sorted(now.keys() - was.keys())]
    changes += [Change(code, "deleted", ()) for code in sorted(was.keys() - now.keys())]
    # One list answers for both days, so the answer names the days in the place of the list's own.
    was_on, now_on = (replace(release, period=DateRange(day, day)) for release, day in ((old, before), (new, after)))
    return Difference(old.name, was_on, now_on, tuple(_replaced(book, old, after, changes)))


def _codes(book: Book, release: Release, system: CodeSystem, day: date) -> dict[str, None]:
    last = release.period.end or day
    rows = book.store_of(release).all("SELECT code, value FROM entry ORDER BY code")
    return {dotted(code, system): None for code, line in rows if decode(line, last).during(day)}


def _part(before: Release, old: Entries, after: Release, new: Entries) -> set[str]:
    partial = [entries for release, entries in ((before, old), (after, new)) if release.partial]
    return {fields[PART] for entries in partial for fields in entries.values() if PART in fields}


def _within(key: str, old: Entries, new: Entries, part: set[str]) -> bool:
    return (new.get(key) or old[key]).get(PART, "") in part


def _changes(old: Entries, new: Entries) -> Iterator[Change]:
    # A release may know fewer fields than another (a list of descriptions has no dates): what it cannot say is not
    # compared.
    shared = _known(old) & _known(new)
    for key, now in new.items():
        was = old.get(key)
        if was is None:
            yield Change(key, "added", _fields({}, now, now.keys()))
        elif fields := _fields(was, now, shared):
            yield Change(key, "changed", fields)
    for key, was in old.items():
        if key not in new:
            yield Change(key, "deleted", _fields(was, {}, was.keys()))


def _known(entries: Entries) -> set[str]:
    return {name for fields in entries.values() for name in fields}


def _fields(was: Mapping[str, str], now: Mapping[str, str], names: Collection[str]) -> tuple[tuple[str, str, str], ...]:
    ordered = (name for name in dict.fromkeys((*was, *now)) if name in names and name != PART)
    both = ((name, was.get(name, ""), now.get(name, "")) for name in ordered)
    return tuple(one for one in both if one[1] != one[2])


# Components whose keys are codes, and the system that they belong to.
CODED = {
    "icd10cm:tabular": CodeSystem.ICD10CM,
    "icd10cm:order": CodeSystem.ICD10CM,
    "icd10cm:validity": CodeSystem.ICD10CM,
    "icd10pcs:validity": CodeSystem.ICD10PCS,
    "icd10pcs:order": CodeSystem.ICD10PCS,
    "hcpcs:codes": CodeSystem.HCPCS,
}


def _replaced(book: Book, before: Release, after: date, changes: list[Change]) -> Iterator[Change]:
    system = CODED.get(before.name)
    for change in changes:
        ended = change.kind == "deleted" or ("billable", "yes", "no") in change.fields
        if system is None or not ended:
            yield change
            continue
        try:
            code = Code.parse(change.key, system)
        except InputError:  # a block or a chapter
            yield change
            continue
        yield Change(change.key, change.kind, change.fields, book.replacements(code, after))
