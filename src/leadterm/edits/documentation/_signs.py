"""What a sign of a criteria set looks for in a record, and where the record shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from leadterm.domain import Assertion, Document, Evidence, Fact, FactKind, InternalError, Span
from leadterm.edits._tables import read_table

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
KEYS = frozenset(
    "name points value above below least most times by falls course flag facts codes classes words".split()  # of a sign
)
# What was there in this encounter though it is over now.
SHOWN = frozenset({Assertion.PRESENT, Assertion.RESOLVED})
NOT_HERE = frozenset({"family-history"})
MOST_SHOWN = 3  # places of one sign: a reader wants to see it, not to count it


class Shown:
    """The facts of a record that can bear a diagnosis out, by what they are."""

    def __init__(self, facts: Iterable[Fact], documents: Iterable[Document] = ()) -> None:
        """From facts, those of allergens and of others left out, and the documents in which courses of values stand."""
        self.documents = tuple(documents)
        self.facts = tuple(f for f in facts if _shows(f))
        self.said = tuple((f, f.mention.text.lower()) for f in self.facts if not _asks(f))
        self.concepts: dict[str, list[Fact]] = {}
        self.values: dict[str, list[Fact]] = {}
        self.classes: dict[str, list[Fact]] = {}
        for f in self.facts:
            into = self.values if f.kind is FactKind.VALUE else self.concepts
            into.setdefault(f.concept.lower(), []).append(f)
            if f.attributes.get("class"):
                self.classes.setdefault(f.attributes["class"], []).append(f)

    def without(self, codes: tuple[str, ...]) -> Shown:
        """Without what names a disease of these codes: no diagnosis is a sign of itself."""
        own = {
            (f.mention.document, at)
            for f in self.facts
            if any(t.startswith(codes) for t in f.targets)
            for at in range(f.mention.span.start, f.mention.span.end)
        }
        return Shown((f for f in self.facts if own.isdisjoint(_places(f.mention))), self.documents) if own else self

    def courses(self, names: str) -> Iterator[tuple[Evidence, float, float]]:
        """Values told as a course, from one number to another, which by itself might be a range ("Hgb 13.1 to 8.4")."""
        for document in self.documents:
            for m in _course(names).finditer(document.text):
                yield Evidence.quote(document, Span(*m.span())), float(m[1]), float(m[2])

    @property
    def measured(self) -> int:
        """How many different things the record reports a number of in this encounter."""
        return len(self.values)


_NUMBER = r"(\d{1,3}(?:\.\d+)?)"
_TURN = r"\s{0,2}(?:(?:down |up )?to|->|→)\s{0,2}"


@cache
def _course(names: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{names})\b[^.;\d\n]{{0,24}}{_NUMBER}{_TURN}{_NUMBER}(?![\d/%])", re.IGNORECASE)


def _places(words: Evidence) -> Iterator[tuple[str, int]]:
    return ((words.document, at) for at in range(words.span.start, words.span.end))


def _asks(fact: Fact) -> bool:
    """Whether it names a measurement or a test, whose name says nothing of the result."""
    return fact.kind is FactKind.VALUE or fact.attributes.get("class") == "test"


def _shows(fact: Fact) -> bool:
    return (
        fact.assertion in SHOWN
        and fact.section not in NOT_HERE
        and fact.attributes.get("role") != "allergen"
        and (fact.kind is not FactKind.VALUE or any(map(str.isdigit, fact.attributes.get("value", ""))))
    )


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of a criteria set: a measurement within bounds, or something that is said.

    Attributes:
        name: What is looked for, in words.
        points: What it counts for.
        values: Names of what is measured; of a pair (120/80) the first number counts.
        above, below, least, most: Bounds in the first unit of `units.tsv`; the last two include the bound.
        times, by: How far the highest value lies above the lowest of the record, as a factor or a difference.
        falls: Whether the difference is from an earlier value down to a later one.
        course: Names, parted by `|`, behind which the record may tell a value's course from one number to another.
        flag: Whether the record itself calls the value high is enough.
        facts: Concepts, as abstraction names them.
        codes: Beginnings of the codes at which facts open.
        classes: Classes of drugs, treatments and devices.
        words: Words of which the mention of a fact has one; not that of a measurement or a test, which say no result.
    """

    name: str
    points: int = 1
    values: tuple[str, ...] = ()
    above: float | None = None
    below: float | None = None
    least: float | None = None
    most: float | None = None
    times: float | None = None
    by: float | None = None
    falls: bool = False
    course: str = ""
    flag: bool = False
    facts: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    classes: frozenset[str] = field(default_factory=frozenset)
    words: tuple[str, ...] = ()

    def shown(self, record: Shown) -> tuple[Evidence, ...]:
        """The words of the record that show it, a few; none where it does not."""
        return tuple(dict.fromkeys(self._shown(record)))[:MOST_SHOWN]

    def _shown(self, record: Shown) -> Iterator[Evidence]:
        if self.values:
            yield from self._measured(record)
        for concept in self.facts:
            yield from (f.mention for f in record.concepts.get(concept, ()))
        for class_ in sorted(self.classes):
            yield from (f.mention for f in record.classes.get(class_, ()))
        if self.codes:
            yield from (f.mention for f in record.facts if f.targets and f.targets[0].startswith(self.codes))
        if self.words:
            yield from (f.mention for f, said in record.said if any(w in said for w in self.words))

    def _measured(self, record: Shown) -> Iterator[Evidence]:
        facts = [f for name in self.values for f in record.values.get(name.lower(), ())]
        told = [(f.mention, [n for key in ("previous", "value") for n in numbers(f, key)]) for f in facts]
        told += [(evidence, [a, b]) for evidence, a, b in (record.courses(self.course) if self.course else ())]
        if self.times is not None or self.by is not None:
            if self._moved([n for _, readings in told for n in readings]):
                yield from (evidence for evidence, _ in told)
            return
        if self.flag:
            yield from (f.mention for f in facts if f.attributes.get("flag") in ("high", "critical"))
        yield from (evidence for evidence, readings in told if any(map(self._within, readings)))

    def _within(self, number: float) -> bool:
        return (
            (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
            and (self.least is None or number >= self.least)
            and (self.most is None or number <= self.most)
        )

    def _moved(self, readings: list[float]) -> bool:
        """Whether the distance between the readings is far enough."""
        if len(readings) < 2:
            return False
        if self.falls:
            return any(earlier - later >= (self.by or 0) for earlier, later in _in_turn(readings))
        low, high = min(readings), max(readings)
        return (self.times is not None and high >= low * self.times) or (self.by is not None and high - low >= self.by)


def _in_turn(readings: list[float]) -> Iterator[tuple[float, float]]:
    """The highest reading so far beside each later one."""
    highest = readings[0]
    for reading in readings[1:]:
        yield highest, reading
        highest = max(highest, reading)


def numbers(fact: Fact, key: str) -> list[float]:
    """The numbers of an attribute of a measurement in the first unit of its table; of a pair the first alone."""
    text = fact.attributes.get(key, "").partition("/")[0]
    found = [float(n) for n in NUMBER.findall(text)]
    return [_canonical(fact.concept, fact.attributes.get("unit"), n) for n in found]


def _canonical(concept: str, unit: str | None, number: float) -> float:
    """A reading in the first unit of its table; without a unit, of the first one in whose range it lies."""
    for name, times, plus, low, high in _units().get(concept, ()):
        if unit == name or (unit is None and low <= number <= high):
            return number * times + plus
    return number


@cache
def _units() -> Mapping[str, list[tuple[str, float, float, float, float]]]:
    found: dict[str, list[tuple[str, float, float, float, float]]] = {}
    columns = ("concept", "unit", "times", "plus", "low", "high")
    for concept, unit, times, plus, low, high in read_table("documentation/units.tsv", columns):
        found.setdefault(concept, []).append((unit, float(times), float(plus), float(low), float(high)))
    return found


def read_sign(row: Mapping[str, Any], where: str) -> Sign:
    """The sign that a table of a criteria set writes. Raises InternalError for a key that no sign has."""
    if unknown := set(row) - KEYS:
        raise InternalError(f"A sign of {where} has keys that nobody knows: {', '.join(sorted(unknown))}.")
    value = row.get("value", ())
    plain = {k: row[k] for k in row.keys() - {"value", "facts", "codes", "classes", "words"}}
    return Sign(
        **plain,
        values=(value,) if isinstance(value, str) else tuple(value),
        facts=tuple(concept.lower() for concept in row.get("facts", ())),
        codes=tuple(row.get("codes", "").split()),
        classes=frozenset(row.get("classes", ())),
        words=tuple(row.get("words", ())),
    )
