"""How the code book opens a compiled component: every component has a class that answers from its store."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import ClassVar, Protocol

from leadterm.domain import DataMissing, Release

from .store import Store


class Face(Protocol):
    """A component as its users see it: made over one store, read from many threads.

    Attributes:
        COMPONENT: `icd10cm:index`.
        WHAT: In words, for messages: "ICD-10-CM Alphabetic Index".
    """

    COMPONENT: ClassVar[str]
    WHAT: ClassVar[str]

    def __init__(self, store: Store, release: Release) -> None: ...


def missing(face: type[Face]) -> DataMissing:
    """What to raise when a component is not installed: it names the commands that bring it."""
    return DataMissing(f"No {face.WHAT} is installed; {brought_by(face)} with the file that you have.")


def before_first(face: type[Face], on: date) -> DataMissing:
    """What to raise for a day by flag that lies before the first release of a component; it names the commands."""
    return DataMissing(
        f"No {face.WHAT} is installed for {on}, the first is newer; {brought_by(face)} with that day's file."
    )


def stands_in(face: type[Face], release: Release, on: date) -> str | None:
    """What to say when `release` answers for a day that it does not cover, with the commands; None where it covers."""
    if on in release.period:
        return None
    days = f"from {release.period.start}" + (f" to {release.period.end}" if release.period.end else "")
    answers = f"No {face.WHAT} for {on} is installed, that of the days {days} answers"
    return f"{answers}; {brought_by(face)} with that day's file."


@lru_cache(maxsize=256)  # a stream of claims asks again and again
def brought_by(*faces: type[Face]) -> str:
    """The commands that bring components: "run `leadterm codes update …`, or `leadterm codes install PATH`"."""
    from .update import load_pages

    fetched = frozenset(name for page in load_pages() for name in page.brings)
    names = [face.COMPONENT for face in faces if face.COMPONENT in fetched]
    way = f"run `leadterm codes update {' '.join(names)}`, or " if names else "run "
    return f"{way}`leadterm codes install PATH`"
