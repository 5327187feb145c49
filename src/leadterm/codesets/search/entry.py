"""What a document of the search index answers with."""

from __future__ import annotations

from typing import NamedTuple

# Nothing below it in the list; something below it; its title says "unspecified", "other"; it may stand on a claim;
# it takes a 7th character.
FINAL, HEADER, UNSPECIFIED, OTHER, BILLABLE, EXTENDED = 1, 2, 4, 8, 16, 32
# Before a word of the meaning of a 7th character, among the marks of the code that takes it.
EXTENSION = "7:"
# In place of the number of a document. Numbers have 20 bits.
NONE = (1 << 20) - 1
_NUMBER, _KIND, _FLAGS = 20, 4, 6


class Candidate(NamedTuple):
    """What ranking has to know of a phrase.

    Attributes:
        title: Number of the document that has the title of the phrase's code; it stands for the code.
        default: Of a header the same of the code that is meant when nothing more is said; NONE where there is none.
        kind: Where the phrase stands: its place in search_sources.KINDS.
        flags: What is to know of the code.
    """

    title: int
    default: int
    kind: int
    flags: int

    @property
    def packed(self) -> int:
        """As one number."""
        return (((self.title << _NUMBER | self.default) << _KIND) | self.kind) << _FLAGS | self.flags


def candidate(packed: int) -> Candidate:
    """The candidate of `Candidate.packed`."""
    place = packed >> _FLAGS + _KIND
    kind = packed >> _FLAGS & (1 << _KIND) - 1
    return Candidate(place >> _NUMBER, place & NONE, kind, packed & (1 << _FLAGS) - 1)


class Entry(NamedTuple):
    """A phrase that names a code, as it is shown.

    Attributes:
        code: Without 7th character.
        kind: Where the phrase stands (search_sources).
        flags: What is to know of the code.
        surface: The phrase.
        title: Of the code; empty where the phrase is the title.
    """

    code: str
    kind: str
    flags: int
    surface: str
    title: str

    @property
    def description(self) -> str:
        """The title of the code."""
        return self.title or self.surface

    @property
    def packed(self) -> bytes:
        """As bytes."""
        texts = (text.replace("\t", " ") for text in (self.surface, self.title))
        return "\t".join((self.code, self.kind, str(self.flags), *texts)).encode()


def unpacked(packed: bytes) -> Entry:
    """The entry of `Entry.packed`."""
    code, kind, flags, surface, title = packed.decode().split("\t")
    return Entry(code, kind, int(flags), surface, title)
