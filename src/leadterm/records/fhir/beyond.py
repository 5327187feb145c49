"""What a record does not hold itself and other files of the same call do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TypeVar

from .coverage import Cover
from .notes import note
from .record import Record, referred

T = TypeVar("T")


class Beyond:
    """All records of a call; each is asked for what another one lacks, and what differs among them is followed to none.

    A record knows the resources of its own file or folder by their ids. Another system may have used the same ids, so
    only what no other file tells otherwise is one of them.
    """

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records
        self._holders: defaultdict[str, list[Record]] = defaultdict(list)
        self._names: defaultdict[str, set[str | None]] = defaultdict(set)
        for record in records:
            for where in record.seen:
                self._holders[where].append(record)
            for name, where in record.aliases.items():
                self._names[name].add(None if name in record.unclear else where)

    def named(self, reference: str, asking: Record) -> str:
        """The key of what goes by a name that a record does not know; the name itself where that is not told."""
        found = self._names.get(reference)
        if found is None:
            return reference
        if len(found) > 1 or None in found:
            asking.notes[note("fhir-ambiguous")] = None
            return reference
        return next(iter(found)) or reference

    def find(self, of: Callable[[Record], dict[str, T]], where: str, asking: Record) -> tuple[T, Record] | None:
        """What the other records have of a key, with the first that has it; None where they differ."""
        holders = self._holders.get(where, ())
        found = [(value, record) for record in holders if (value := of(record).get(where)) is not None]
        if any(value != found[0][0] for value, _ in found) or any(where in record.unsure for record in holders):
            asking.notes[note("fhir-ambiguous")] = None
            return None
        return found[0] if found else None

    def covers(self, subject: str, asking: Record) -> Iterator[tuple[Cover, Record]]:
        """The coverages of a patient in other records."""
        patient = asking.patient(subject)
        for cover, record in self._covers.get(subject, ()):
            if record is not asking and record.patient(subject) == patient:
                yield cover, record

    def referred(self, record: Record) -> set[str]:
        """Keys of what the documents of other records refer to and this one holds."""
        return {where for where in record.binaries if where in self._referred}

    @cached_property
    def _covers(self) -> dict[str | None, list[tuple[Cover, Record]]]:
        found: defaultdict[str | None, list[tuple[Cover, Record]]] = defaultdict(list)
        for record in self._records:
            for cover in record.covers.values():
                found[record.canonical(cover.beneficiary)].append((cover, record))
        return found

    @cached_property
    def _referred(self) -> frozenset[str]:
        found = ((record, where) for record in self._records for where in referred(record))
        return frozenset(where for record, where in found if where not in record.seen)
