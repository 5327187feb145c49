"""The cues of `cues.tsv`: what each can do, and where the words of a text bear one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from leadterm.domain import Assertion, InternalError

from .._tables import read_table
from ._grammar import TOKEN, Grammar, Phrase

COLUMNS = ("cue", "assertion", "direction", "limit", "kind")
_DIRECTIONS = frozenset({"forward", "backward", "both", "final", "answer", "either", "mark"})
_LONGEST = 24  # tokens of a cue, so that a text of small words stays linear
_FAR = 1000  # words of a cue without limit

# One bit for each assertion, and one for what the section says.
BITS = {assertion: 1 << at for at, assertion in enumerate(Assertion)}
SECTION = 1 << len(BITS)
_NAMES = {**{a.value: bit for a, bit in BITS.items()}, "section": SECTION}
_ALL = 2 * SECTION - 1

Hit = tuple[int, int, int]
"""Where a cue begins and ends, and the number of its pattern."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one cue says and where it reaches (the columns of `cues.tsv`).

    Attributes:
        bit: That of the assertion.
        words: Most words between cue and mention.
        phrase: Whether it stops at punctuation.
        listed: Whether it passes a comma only within a list that an "or" ends.
        doubted: Whether it speaks only of what a cue before the mention calls uncertain.
    """

    assertion: Assertion
    bit: int
    direction: str
    words: int
    phrase: bool
    listed: bool
    doubted: bool

    @property
    def far(self) -> bool:
        """Whether nothing between cue and mention matters to the rule."""
        return self.words == _FAR and not self.phrase and not self.listed


@dataclass(frozen=True, slots=True)
class Pattern:
    """Everything that a cue can do: its rules, and whose reach it ends before and after it.

    Attributes:
        forward, backward: Rules by the side on which the mention stands (`either` and `both` are in both).
        ends_forward, ends_backward: Bits of the assertions whose reach, running forward or backward, ends here.
        only_ends: Whether that is all; then another cue may begin inside ("he denies").
        speaks: Whether it has rules.
    """

    forward: tuple[Rule, ...]
    backward: tuple[Rule, ...]
    ends_forward: int
    ends_backward: int
    only_ends: bool
    speaks: bool


class Patterns(dict[int, Pattern]):
    """What the cues can do that end together, by the number of their set; made when first asked for."""

    def __init__(self, rows: Sequence[_Row], sets: Sequence[frozenset[int]]) -> None:
        super().__init__()
        self._rows, self._sets = rows, sets

    def __missing__(self, number: int) -> Pattern:
        found = self[number] = _together([self._rows[at] for at in sorted(self._sets[number])])
        return found


class Cues:
    """The table as a grammar, and the patterns of its cues."""

    def __init__(self, rows: Sequence[dict[str, str]]) -> None:
        """Raises InternalError when a row makes no sense."""
        classes: dict[str, list[Phrase]] = {}
        for row in rows:
            if row["kind"] == "word":
                classes.setdefault(row["assertion"], []).extend(_alternatives(row["cue"]))
        written = [(cue, row) for row in rows if row["kind"] != "word" for cue in _alternatives(row["cue"])]
        self._rows = [_Row.of(row) for _, row in written]
        only_end = frozenset(number for number, row in enumerate(self._rows) if row.ends)
        self._grammar = Grammar([cue for cue, _ in written], classes, only_end)
        self.patterns = Patterns(self._rows, self._grammar.sets)
        self._start = self._grammar.start
        self.words = self._grammar.words
        self.nothing = self._grammar.nothing
        self.comma = self.words[","]
        self.owners = frozenset(self.words[owner] for owner in ("his", "her", "their", "my", "your", "patient's"))
        self.breaks = frozenset(self.words[mark] for mark in (*",;:()-", "- "))

    def find(self, symbols: Sequence[int]) -> list[Hit]:
        """The cues among the symbols of a text's tokens, in order: at each place the longest, and none inside it.

        What only ends the reach of others is no such cue: another may begin inside ("he denies").
        """
        hits: list[Hit] = []
        end, read = 0, [*symbols, self.nothing]
        for at, begun in enumerate(map(self._start.__getitem__, symbols)):
            if begun is None or at < end:
                continue
            state = begun
            last, stop, reached = begun, at + 1, at + 1
            while reached - at < _LONGEST:
                following = state[read[reached]]
                if following is None:
                    break
                state = following
                reached += 1
                if state.accepted >= 0:
                    if last.accepted >= 0 and not last.closes:
                        hits.append((at, stop, last.accepted))
                    last, stop = state, reached
            if last.closes:
                while hits and hits[-1][0] == at:
                    hits.pop()
                end = stop
            if last.accepted >= 0:
                hits.append((at, stop, last.accepted))
        return hits


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the table, read."""

    rule: Rule | None
    forward: bool
    backward: bool
    ends: int
    pseudo: bool

    @classmethod
    def of(cls, row: dict[str, str]) -> _Row:
        kind, direction = row["kind"], row["direction"]
        if kind == "pseudo":
            return cls(None, False, False, 0, True)
        if kind not in ("cue", "terminator") or direction not in _DIRECTIONS:
            raise InternalError(f"The table of cues does not know the kind {kind} with direction {direction}.")
        forward = direction in ("forward", "both", "either", "mark")
        backward = direction != "forward"
        if kind == "cue":
            return cls(_rule(row), forward, backward, 0, False)
        return cls(None, forward, backward, _ended(row["assertion"].split()), False)


def _alternatives(cue: str) -> Iterator[Phrase]:
    for alternative in f" {cue} ".split(" | "):
        yield tuple(alternative.split())


def _together(rows: Sequence[_Row]) -> Pattern:
    """What rows that end at one place do together; what only looks like a cue says nothing, whatever else it is."""
    ends_forward = ends_backward = 0
    for row in rows:
        ends_forward |= row.ends if row.forward else 0
        ends_backward |= row.ends if row.backward else 0
    rules = [] if any(row.pseudo for row in rows) else [row for row in rows if row.rule is not None]
    return Pattern(
        tuple(row.rule for row in rules if row.forward and row.rule),
        tuple(row.rule for row in rules if row.backward and row.rule),
        ends_forward,
        ends_backward,
        all(row.ends for row in rows),
        bool(rules),
    )


def _rule(row: dict[str, str]) -> Rule:
    limits = row["limit"].split()
    words = next((int(limit) for limit in limits if limit.isdigit()), _FAR)
    assertion = Assertion(row["assertion"])
    return Rule(
        assertion, BITS[assertion], row["direction"], words, "phrase" in limits, "list" in limits, "doubted" in limits
    )


def _ended(names: Iterable[str]) -> int:
    ended = 0
    for name in names:
        if name != "*" and name not in _NAMES:
            raise InternalError("The table of cues ends an assertion that is none of the eight.")
        ended |= _ALL if name == "*" else _NAMES[name]
    return ended


@cache
def load() -> Cues:
    """The cues, read once. Raises InternalError when a row of the table makes no sense."""
    return Cues(list(read_table("asserting/cues.tsv", COLUMNS)))


def tokens(folded: str) -> list[str]:
    """A folded text cut into words and marks, each with the blanks that follow; joined, they are the text."""
    return TOKEN.findall(folded)
