"""Which of several versions of a document stands: by their number, what they say of each other, their times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from leadterm.domain import Document, DocumentStatus, ReadingNote

FINALITY = {status: rank for rank, status in enumerate(("preliminary", "final", "addendum", "corrected", "retracted"))}
UNDECIDED = ReadingNote(
    "LEADTERM:records/joined-versions",
    "A document stands in two versions, and nothing tells which is the newer one: both were read.",
)


def newer(one: Document, other: Document) -> bool | None:
    """Whether the second is the newer version of two; None where nothing tells."""
    for mine, theirs in zip(_signs(one), _signs(other), strict=True):
        if mine is not None and theirs is not None and mine != theirs:
            return mine < theirs
    return None


def issued_again(one: Document, other: Document) -> bool:
    """Whether of two versions, one of which was taken back, the other is surely the later one."""
    back, stands = (one, other) if one.status is DocumentStatus.RETRACTED else (other, one)
    told = [sign for sign in zip(_signs(back)[:-1], _signs(stands)[:-1], strict=True) if None not in sign]
    return stands.status is not DocumentStatus.RETRACTED and any(b < s for b, s in told[:1] if b is not None and s)


def _signs(document: Document) -> tuple[float | None, ...]:
    rank = FINALITY[document.status]
    return document.version, _at(document.signed_time), _at(document.service_time), rank


def _at(moment: datetime | None) -> float | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def settled(documents: Iterable[Document], notes: list[ReadingNote]) -> list[Document]:
    """The documents, of each series of versions the newest alone standing.

    What a version before said is told by the newer one's `supersedes`, or where that is taken, by the same document's
    being read once. A version that nothing orders stands, with a note.
    """
    found = {d.id: d for d in documents}
    series: defaultdict[str, list[str]] = defaultdict(list)
    for document in found.values():
        if document.series and document.status is not DocumentStatus.RETRACTED:
            series[document.series].append(document.id)
    for ids in series.values():
        _order([found[i] for i in ids], found, notes)
    return list(found.values())


def _order(versions: list[Document], found: dict[str, Document], notes: list[ReadingNote]) -> None:
    last = versions[0]
    for other in versions[1:]:
        if other.sha256 == last.sha256:
            continue  # a copy; which of them is read is for those who look for copies
        later = newer(last, other)
        if later is None:
            notes.append(UNDECIDED)
            continue
        old, new = (last, other) if later else (other, last)
        replace_by(found, old.id, new.id)
        last = found[new.id]


def replace_by(found: dict[str, Document], old: str, new: str) -> None:
    """The one document takes the place of the other."""
    if found[new].supersedes in (None, old) or found[new].supersedes not in found:
        found[new] = replace(found[new], supersedes=old)
    else:
        found[old] = replace(found[old], same_as=new)
