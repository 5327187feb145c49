"""A grammar of cues over words, read by an automaton whose states are made when a text first needs them.

A cue is a row of tokens: words, classes of words, words that may be missing. Fixed strings would have to name every
word that a writer may put between two others; here a class does. A text is cut into words once, each word becomes a
number that stands for everything the grammar knows of it, and the automaton reads numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from leadterm.domain import InternalError

# A word takes the blanks after it, or the hyphen that ties it to the next; every other mark is a token of its own.
# The blanks before a word that fills the column of a status are one too: elsewhere they say nothing.
_COLUMN = r" {0,2}(?:\t| {3})[ \t]*+inactive\b|(?<=\d) {0,2}(?:\t| {3})[ \t]*+resolved\b"
TOKEN = re.compile(rf"\w++(?:(?!{_COLUMN})\s++|-(?=\w)|'\w*\s*)?|\S\s*|\s+")
ANY, PLAIN, NUMBER, YEAR, DECADE = "<any>", "~", "<number>", "<year>", "<decade>"
MINUS, BAR, GAP = "<minus>", "<bar>", "<gap>"
_STOP = "<stop>"  # the class of the words that are not plain
_KEPT = 50_000  # distinct words of the texts that are remembered
_YEAR = re.compile(r"(?:19|20)\d\d")
_GAP = re.compile(r" *\t[ \t]*| {3,}")
_DECADE = re.compile(r"(?:19|20)?\d0s")

Phrase = tuple[str, ...]
"""A cue, or a member of a class: tokens in the notation of `cues.tsv`."""
_Place = tuple[int, int, int]
"""A phrase, how many of its tokens were read, and where to go on after it: the number of a place, or of the cue that
ends, less than zero."""
_Edges = dict[str, set[int]]
"""The numbers of the places that a word with a label leads to."""
_MOST = 20_000  # states that are kept
_MANY = 32  # places whose edges are put together once
_BUILT_IN = frozenset({ANY, PLAIN, NUMBER, YEAR, DECADE, MINUS, BAR, GAP})
_SIGNS = {"-": MINUS, "|": BAR, "| ": BAR}  # a hyphen right before a word; a bar, which the table uses itself


@dataclass(frozen=True, slots=True)
class _Token:
    """What may stand at one place of a phrase: a word with one of these labels, or one of these phrases."""

    labels: frozenset[str]
    phrases: tuple[int, ...]
    optional: bool
    repeated: bool


class State(dict[int, "State | None"]):
    """Where the automaton stands: the next state by symbol, made when first asked for; None where no cue goes on.

    Attributes:
        accepted: Number of the set of cues that end here; -1 where none does.
        closes: Whether one of those is a cue in which no other may begin.
    """

    __slots__ = ("accepted", "closes", "edges", "grammar", "labels")

    def __init__(self, grammar: Grammar, edges: Sequence[_Edges], accepted: int, closes: bool) -> None:
        super().__init__()
        self.grammar, self.edges, self.accepted, self.closes = grammar, edges, accepted, closes
        # Most words of a text go on with no cue: that is seen before any edge is followed.
        self.labels = frozenset().union(*edges)

    def __missing__(self, symbol: int) -> State | None:
        found = self[symbol] = self.grammar.after(self, symbol)
        return found


class Words(dict[str, int]):
    """The symbols of the tokens met so far."""

    def __init__(self, grammar: Grammar) -> None:
        super().__init__()
        self.grammar = grammar

    def __missing__(self, token: str) -> int:
        if len(self) >= _KEPT:
            self.clear()
        found = self[token] = self.grammar.symbol(token)
        return found


class Grammar:
    """The cues as one automaton.

    Attributes:
        words: Symbols of tokens.
        start: The state before the first word of a cue.
        sets: The cues that can end together, by the number that a state accepts.
    """

    def __init__(self, cues: Sequence[Phrase], classes: Mapping[str, Sequence[Phrase]], open_: Set[int]) -> None:
        """`open_` are the numbers of the cues in which another may begin."""
        self._classes, self._open_cues = classes, open_
        self._stop = frozenset(word for member in classes.get(_STOP, ()) for word in member[0].split("|"))
        self._opened: dict[str, tuple[frozenset[str], tuple[int, ...]]] = {}
        self._words: dict[str, set[str]] = {}
        self._phrases: list[tuple[_Token, ...]] = []
        self._symbols: dict[frozenset[str], int] = {}
        self._labels: list[frozenset[str]] = []
        self._places: list[_Place] = []
        self._place_numbers: dict[_Place, int] = {}
        self._reached: dict[int, tuple[_Edges, frozenset[int]]] = {}
        self._states: dict[frozenset[int], State] = {}
        self._numbers: dict[frozenset[int], int] = {}
        self.sets: list[frozenset[int]] = []
        starts = frozenset(self._place((self._add(cue), 0, ~number)) for number, cue in enumerate(cues))
        self.words = Words(self)
        self.nothing = self._symbol(frozenset())
        self.start = self._state(starts)

    def symbol(self, token: str) -> int:
        """The number of a token of a text; all tokens that the grammar cannot tell apart have the same."""
        word = token.rstrip()
        word = word[:-1] if word[-1:] == "-" and len(word) > 1 else word
        if "'" in word and word not in self._words:
            word = word[: word.index("'")] if word.endswith(("'s", "'")) else word
        labels: Set[str] = self._words.get(word, set())
        if not word[:1].isalnum():
            sign = GAP if not word and _GAP.fullmatch(token) else _SIGNS.get(token)
            return self._symbol(frozenset(labels | {sign} if sign else labels))
        kinds = {ANY} if word in self._stop or word[0].isdigit() else {ANY, PLAIN}
        if word.isdigit():
            kinds.add(NUMBER)
        if word[0].isdigit():
            kinds |= {YEAR} if _YEAR.fullmatch(word) else {DECADE} if _DECADE.fullmatch(word) else set()
        return self._symbol(frozenset(kinds | labels))

    def after(self, state: State, symbol: int) -> State | None:
        """The state that follows `state` when a symbol is read."""
        read = state.labels & self._labels[symbol]
        if not read:
            return None
        return self._state(frozenset({p for edges in state.edges for label in read for p in edges.get(label, ())}))

    def _symbol(self, labels: frozenset[str]) -> int:
        if labels not in self._symbols:
            self._symbols[labels] = len(self._labels)
            self._labels.append(labels)
        return self._symbols[labels]

    def _place(self, place: _Place) -> int:
        number = self._place_numbers.get(place)
        if number is None:
            number = self._place_numbers[place] = len(self._places)
            self._places.append(place)
        return number

    def _state(self, places: frozenset[int]) -> State:
        known = self._states.get(places)
        if known is None:
            if len(self._states) >= _MOST:
                self._states.clear()
                self.start.clear()
            known = self._states[places] = self._made(places)
        return known

    def _made(self, places: frozenset[int]) -> State:
        """The state at some places, with everything that can be reached from them without reading a word."""
        reached = [self._from(place) for place in places]
        edges = [edges for edges, _ in reached if edges]
        if len(edges) > _MANY:
            together: _Edges = {}
            for some in edges:
                for label, following in some.items():
                    together.setdefault(label, set()).update(following)
            edges = [together]
        ended = frozenset().union(*(ends for _, ends in reached))
        return State(self, edges, self._number(ended), not ended <= self._open_cues)

    def _from(self, place: int) -> tuple[_Edges, frozenset[int]]:
        """What can be read at a place and all that are reached from it without a word, and the cues that end there."""
        known = self._reached.get(place)
        if known is None:
            edges: _Edges = {}
            ended: set[int] = set()
            seen, waiting = {place}, [place]
            for number in waiting:  # which grows meanwhile
                for other in self._opened_at(number, edges, ended):
                    if other not in seen:
                        seen.add(other)
                        waiting.append(other)
            known = self._reached[place] = (edges, frozenset(ended))
        return known

    def _opened_at(self, number: int, edges: _Edges, ended: set[int]) -> Sequence[int]:
        """Notes which words can be read at a place; gives the places reached from it without reading one."""
        phrase, at, back = self._places[number]
        tokens = self._phrases[phrase]
        if at == len(tokens):
            if back >= 0:
                return (back,)
            ended.add(~back)
            return ()
        token = tokens[at]
        # Behind the last token of a member of a class stands what follows the class itself.
        inside = back < 0 or at + 1 < len(tokens)
        behind = self._place((phrase, at + 1, back)) if inside else back
        following = number if token.repeated else behind
        for label in token.labels:
            if label in edges:
                edges[label].add(following)
            else:
                edges[label] = {following}
        if not token.phrases:
            return (behind,) if token.optional else ()
        inner = [self._place((member, 0, following)) for member in token.phrases]
        return [*inner, behind] if token.optional else inner

    def _number(self, ended: frozenset[int]) -> int:
        if not ended:
            return -1
        if ended not in self._numbers:
            self._numbers[ended] = len(self.sets)
            self.sets.append(ended)
        return self._numbers[ended]

    def _add(self, phrase: Phrase) -> int:
        """Makes a phrase known; gives its number."""
        tokens = tuple(self._token(written) for written in phrase)
        self._phrases.append(tokens)
        return len(self._phrases) - 1

    def _token(self, written: str) -> _Token:
        bare = written[:-1] if len(written) > 1 and written[-1] in "?*" else written
        labels: set[str] = set()
        phrases: list[int] = []
        for name in bare.split("|"):
            if name in self._classes:
                words, members = self._open(name)
                labels |= ({name} if words else set()) | (words & _BUILT_IN)
                phrases += members
            else:
                labels.add(name)
                self._know(name, name)
        return _Token(
            frozenset(labels), tuple(phrases), bare is not written, written[-1] == "*" and bare is not written
        )

    def _know(self, word: str, label: str) -> None:
        if word.startswith("<") and word.endswith(">") and word not in _BUILT_IN:
            raise InternalError(f"The table of cues has no members of the class {word}.")
        self._words.setdefault(word, set()).add(label)

    def _open(self, name: str) -> tuple[frozenset[str], tuple[int, ...]]:
        """The words of a class and the numbers of its phrases, those of the classes that are its members included."""
        if name not in self._opened:
            self._opened[name] = (frozenset(), ())
            words: set[str] = set()
            phrases: list[int] = []
            for member in self._classes[name]:
                if len(member) > 1:
                    phrases.append(self._add(member))
                    continue
                for part in member[0].split("|"):
                    inner = self._open(part) if part in self._classes else (frozenset((part,)), ())
                    words |= inner[0]
                    phrases += inner[1]
            for word in words:
                self._know(word, name)
            self._opened[name] = (frozenset(words), tuple(phrases))
        return self._opened[name]
