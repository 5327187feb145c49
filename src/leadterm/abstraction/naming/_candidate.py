"""Words of a text that may be a mention."""

from __future__ import annotations

from typing import NamedTuple


class Candidate(NamedTuple):
    """Places are numbers of words.

    Attributes:
        first, last: The first of its own words, and one after the last.
        phrase: Number of the phrase that they make, with the shared ones.
        size: How many words of the text say it.
        shared: Stretches of words that it has in common with a neighbour.
    """

    first: int
    last: int
    phrase: int
    size: int
    shared: tuple[tuple[int, int], ...] = ()
