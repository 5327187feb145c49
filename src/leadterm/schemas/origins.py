"""Where the text of a document stood in its record, as JSON: kept with a chart, so that later quotations say it."""

from __future__ import annotations

from leadterm.domain import Origin, Stretch

from .encode_parts import Json
from .reading import Node, must, words

# A byte or a code point has a place that every database can number.
MOST = 2**53
COLUMNS = 5


def written(value: Origin) -> Json:
    """`value` as `places` and `stretches`: first code point, length, first byte, bytes a code point, place."""
    names: dict[str, int] = {}
    stretches = [[*stretch[:4], names.setdefault(stretch.place, len(names))] for stretch in value]
    return {"places": list(names), "stretches": stretches}


def read_origin(at: Node, length: int) -> Origin | None:
    """The origin at a node, of a text of `length` code points; None where there is none.

    Raises InputError for stretches that leave the text, overlap, or name no place.
    """
    if not at.given():
        return None
    names = words(at["places"])
    found, end = list[Stretch](), 0
    for node in at["stretches"].items():
        start, long, first, width, place = _five(node)
        if start < end or long < 1 or start + long > length or place >= len(names) or max(first, width) > MOST:
            raise node.wrong("a stretch of the text, in order, with its place")
        end = start + long
        found.append(Stretch(start, long, first, width, names[place]))
    return Origin.of(found)


def _five(at: Node) -> tuple[int, ...]:
    numbers = tuple(must(Node.integer, item) for item in at.items())
    if len(numbers) != COLUMNS or min(numbers) < 0:
        raise at.wrong("a stretch: five whole numbers from 0")
    return numbers
