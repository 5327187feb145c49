"""The installed Index to External Causes as a coder uses it: what happened, then the subterms that are said (I.C.20).

`cause_terms.tsv` says which main terms the words of an account open ("bitten": Bite, Contact), `cause_words.tsv` what
further words of the index a word has said ("cleats": sports equipment). An entry is reached where the account says one
of the readings of every title on the way to it; a title that only connects ("from, off, out of") is passed through,
below Fall only where it is said right before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from leadterm.codesets.alphabetic.index import ExternalCauseIndex, IndexLine
from leadterm.codesets.alphabetic.words import CONNECTING, words
from leadterm.coding._tables import rows

KEPT = 4_000
NEAR = 4  # words between a connecting word and what it connects
AROUND = 14  # words between what happened and by what
NO_CAUSES = ("X58", "T", "Y9", "Z")
_TOKEN = re.compile(r"[a-z0-9][a-z0-9'\u2019-]*|[;:]")
_BY = frozenset({"by", "with"})
_AGAINST = frozenset({"striking"})
_INTENTS = frozenset({"suicide", "assault"})


@dataclass(frozen=True, slots=True)
class Way:
    """An entry of the index with a code.

    Attributes:
        path: As quoted, `Fall, from, off, out of, ladder`.
        main: Words of the main term.
        steps: For each title that says something the sets of words of which each is the whole title.
        joint: Words of the title that connects the last one, if one does.
        code: Where it opens in the Tabular List.
    """

    path: str
    main: frozenset[str]
    steps: tuple[tuple[frozenset[str], ...], ...]
    joint: frozenset[str]
    code: str

    @property
    def quoted(self) -> str:
        """`Index to External Causes: Fall, from, off, out of, ladder W11`."""
        return f"Index to External Causes: {self.path} {self.code}"

    def taken(self, said: frozenset[str]) -> frozenset[str] | None:
        """The words that the titles take; None where one title is not said."""
        found = [max((w for w in ways if w <= said), key=len, default=None) for ways in self.steps]
        return None if any(f is None for f in found) else frozenset().union(*(f for f in found if f is not None))


@dataclass(frozen=True, slots=True)
class Reached:
    """An entry that an account leads to, and the stretch of the text that tells it.

    Attributes:
        way: The entry.
        taken: Words that its titles take.
        told: Those below the main term that the account has in so many words.
        start, end: Where they stand.
    """

    way: Way
    taken: frozenset[str]
    told: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Ways:
    by_word: dict[str, tuple[Way, ...]]
    by_code: dict[str, tuple[Way, ...]]


@lru_cache(maxsize=4)
def _ways(index: ExternalCauseIndex) -> _Ways:
    """The entries by the words of their last title, and by their code."""
    by_word: dict[str, list[Way]] = defaultdict(list)
    by_code: dict[str, list[Way]] = defaultdict(list)
    for line in index.lines():
        way = _way(line)
        by_code[way.code].append(way)
        if not way.code.startswith(NO_CAUSES):
            for word in frozenset().union(*way.steps[-1]):
                by_word[word].append(way)
    return _Ways({w: tuple(f) for w, f in by_word.items()}, {c: tuple(f) for c, f in by_code.items()})


def _way(line: IndexLine) -> Way:
    steps = tuple(ways for ways in line.ways if ways)
    last = max(n for n, ways in enumerate(line.ways) if ways)
    before = line.titles[last - 1] if last and not line.ways[last - 1] else ""
    return Way(", ".join(line.titles), steps[0][0], steps, _connecting(before), line.code)


@cache
def _connecting(title: str) -> frozenset[str]:
    return frozenset(words(title)) & CONNECTING


@dataclass(frozen=True, slots=True)
class _Term:
    """What a word of an account opens.

    Attributes:
        mains: Main terms, each by one of its words.
        adds: Words of subterms that it has said.
        joined: Whether what follows must stand behind a word that connects.
        agent: Whether what did it stands before it, or behind "by" or "with" ("hit the ball" is no ball that hit).
        alone: Whether the main term itself is the cause.
        behind, before: Words right behind and right before it that make it something else.
    """

    mains: frozenset[str]
    adds: frozenset[str]
    joined: bool
    agent: bool
    alone: bool
    behind: frozenset[str]
    before: frozenset[str]


@cache
def _terms() -> dict[str, _Term]:
    return {word: _term(row) for row in rows("navigating/cause_terms") for word in row["said"].split("|")}


def _term(row: Mapping[str, str]) -> _Term:
    beside = row["beside"].split()
    return _Term(
        frozenset(row["mains"].split()),
        frozenset(row["adds"].split()),
        row["joined"] == "x",
        row["joined"] == "by",
        row["joined"] == "alone",
        frozenset(w for w in beside if not w.startswith("-")),
        frozenset(w[1:] for w in beside if w.startswith("-")),
    )


@cache
def mains() -> frozenset[str]:
    """The words of all main terms that accounts open."""
    return frozenset().union(*(term.mains for term in _terms().values()))


@cache
def _further() -> dict[str, frozenset[str]]:
    return {row["said"]: frozenset(row["means"].split()) for row in rows("navigating/cause_words")}


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    return [_Token(w, m.start(), m.end()) for m in _TOKEN.finditer(text) for w in (words(m.group()) or [m.group()])]


def reached(index: ExternalCauseIndex, text: str, start: int, end: int) -> Iterator[Reached]:
    """What a sentence of an account, in small letters, leads to; the entries that take the most words first."""
    tokens = _tokens(text[start:end])
    found: dict[str, Reached] = {}
    for at, token in enumerate(tokens):
        term = _terms().get(token.word)
        for hit in _opened(index, tokens, at, term) if term and not _other(tokens, at, term) else ():
            found.setdefault(hit.way.path, replace(hit, start=hit.start + start, end=hit.end + start))
    yield from sorted(found.values(), key=_rank)


def _other(tokens: list[_Token], at: int, term: _Term) -> bool:
    """Whether the word beside it makes it something else: "cut down", "a bit"."""
    return bool(
        {t.word for t in tokens[at + 1 : at + 2]} & term.behind
        or {t.word for t in tokens[max(0, at - 1) : at]} & term.before
    )


def _rank(hit: Reached) -> tuple[object, ...]:
    """What is meant before what happened; then most words of the account, most words of the index, the shortest way."""
    accident = not hit.way.main & _INTENTS
    return (accident, -len(hit.told), -len(hit.taken), hit.way.path.count(","), hit.way.path)


def _opened(index: ExternalCauseIndex, tokens: list[_Token], at: int, term: _Term) -> Iterator[Reached]:
    near = tokens[max(0, at - AROUND) : at + AROUND + 1]
    said = heard(t.word for t in near) | term.adds
    ways = _ways(index).by_word
    for way in {w.path: w for word in said for w in ways.get(word, ()) if w.main & term.mains}.values():
        taken = way.taken(said | way.main)
        told = (taken or frozenset()) & frozenset(t.word for t in near) - (frozenset() if term.alone else way.main)
        if term.alone and taken == way.main <= said:
            told = way.main
        if taken is None or not told or (term.joined and not _joined(way, tokens[at:])):
            continue
        if term.agent and not way.main & _AGAINST and not _acts(told, tokens, at):
            continue
        own = [t for t in near if t.word in told] + [tokens[at]]
        yield Reached(way, taken, told, min(t.start for t in own), max(t.end for t in own))


def heard(some: Iterable[str]) -> frozenset[str]:
    """The words of an account, and what they say further."""
    said = frozenset(some)
    return said.union(*(_further()[w] for w in said if w in _further()))


def _acts(told: frozenset[str], tokens: list[_Token], at: int) -> bool:
    """Whether a word of what is told stands before what happened, or behind "by" or "with"."""
    first = next((n for n, t in enumerate(tokens[at:], at) if t.word in _BY), len(tokens))
    return bool(told & {t.word for t in (*tokens[max(0, at - AROUND) : at], *tokens[first:])})


def _joined(way: Way, tokens: list[_Token]) -> bool:
    """Whether the words of the last title stand right behind a word that connects them."""
    last = frozenset().union(*way.steps[-1])
    joints = way.joint or CONNECTING
    return any(
        heard(t.word for t in tokens[n + 1 : n + 1 + NEAR]) & last for n, t in enumerate(tokens) if t.word in joints
    )


@lru_cache(maxsize=KEPT)
def leading(index: ExternalCauseIndex, code: str, told: frozenset[str], known: frozenset[str]) -> Way | None:
    """The entry that leads to a code, all of whose words are told or known; the one that takes most of what is told."""
    found = []
    for way in _ways(index).by_code.get(code, ()):
        taken = way.taken(told | known | _presumed(code))
        if taken is not None:
            found.append(((len(taken & told), len(way.joint & told), -way.path.count(",")), way))
    return max(found, key=lambda pair: pair[0])[1] if found else None


@cache
def _presumed(code: str) -> frozenset[str]:
    """Words of the paths to the codes of a chapter's part that no account has to say."""
    return next((words for start, words in _PRESUMED.items() if code.startswith(start)), frozenset())


_PRESUMED = {
    "V": frozenset("accident transport occupant specified person".split()),
    "W44": frozenset("foreign body entering natural orifice".split()),
    "Y92": frozenset("place occurrence residence".split()),
    "Y93": frozenset({"activity"}),
    "Y99": frozenset("external cause status".split()),
}


def spoken(*texts: str) -> frozenset[str]:
    """The words of texts, with what they say further and the main terms that they open."""
    said = heard(t.word for text in texts for t in _tokens(text.lower()))
    terms = [_terms()[w] for w in said if w in _terms()]
    return said.union(*(t.mains | t.adds for t in terms))
