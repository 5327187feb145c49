"""Contract JSON read into domain values: one function for each kind of file that Leadterm takes in.

Keys that a shape does not name are ignored and null is read as absent. Bad input raises InputError with one sentence
that names the JSON path (`charges[2].charge is not an amount such as '125.00'.`) and never the value.
"""

from __future__ import annotations

from collections.abc import Mapping

from leadterm.domain import Claim, CodedEncounter, Encounter

from .decode_claim import read_claim
from .decode_coded import read_coded
from .decode_encounter import read_encounter
from .reading import Node


def encounter(obj: object, default_id: str) -> Encounter:
    """The encounter of a leadterm.encounter/1 object or of the short form, whose `text` is its only document.

    `default_id` is its id where it names none. An age may be a number, a numeric string, empty or null; a charge's
    `start` and `end` may be times of the charge's day.
    """
    return read_encounter(_object(obj, "An encounter"), default_id)


def coded(obj: object) -> CodedEncounter:
    """The coded encounter of a leadterm.coded/1 object; `decode.coded(encode.coded(x)) == x`."""
    return read_coded(_object(obj, "A coded encounter"))


def claim(obj: object) -> Claim:
    """The claim of a leadterm.claim/1 object; its providers come back in the order of the roles."""
    return read_claim(_object(obj, "A claim"))


def _object(obj: object, what: str) -> Node:
    if not isinstance(obj, Mapping):
        raise Node(obj, what).wrong("a JSON object")
    return Node(obj)
