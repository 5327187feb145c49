"""HL7 version 2: messages, alone, in a row or in a batch, to the encounters that they tell of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from leadterm.domain import Encounter

from .joining import joined
from .messages import Message, messages_of

__all__ = ["read", "read_files"]


def read(raw: bytes, name: str, stem: str) -> tuple[Encounter, ...]:
    """The encounters of a file, one for each visit (`stem`, or `stem-1`, `stem-2`, …).

    `name` is the file's in messages. Raises InputError for what holds no message, and for more than a record may hold.
    """
    return tuple(encounter for _, encounter in joined([(name, stem, messages_of(raw, name))]))


def read_files(files: Iterable[tuple[bytes, str, str]]) -> tuple[tuple[str, Encounter], ...]:
    """The encounters that several files tell of together, in the order of the times of their messages (MSH-7).

    Each file is its bytes, its name, and the id of what it tells of; each encounter comes with that of its first file,
    from which its own id is made. Raises InputError as `read` does.
    """
    opened = [(name, stem, _of_file(raw, name)) for raw, name, stem in files]
    begun = [(next(messages), (name, stem, messages)) for name, stem, messages in opened]
    times = [first.segments.header.get(7) or "" for first, _ in begun]
    order = sorted(range(len(begun)), key=times.__getitem__) if all(times) else range(len(begun))
    return joined((name, stem, chain((first,), rest)) for first, (name, stem, rest) in (begun[n] for n in order))


def _of_file(raw: bytes, name: str) -> Iterator[Message]:
    for message in messages_of(raw, name):
        message.file = name
        yield message
