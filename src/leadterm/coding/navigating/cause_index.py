"""The installed Index to External Causes as a coder uses it: what happened, then the subterms that are said (I.C.20).

`cause_terms.tsv` says which main terms the words of an account open ("bitten": Bite, Contact), `cause_words.tsv` what
further words of the index a word has said ("cleats": sports equipment). An entry is reached where the account says one
of the readings of every title on the way to it; a title that only connects ("from, off, out of") is passed through,
below Fall only where it is said right before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from leadterm.codesets import CodeBook, Node
from leadterm.codesets.alphabetic.index import ExternalCauseIndex, IndexLine
from leadterm.codesets.alphabetic.words import CONNECTING, readings, words

from .cause_terms import Term, heard, mains, terms

KEPT = 4_000
REMEMBERED = 16_384  # words of accounts
NEAR = 4  # words between a connecting word and what it connects
AROUND = 14  # words between what happened and by what
# What is no cause; and intents that an account must tell: what is not told was an accident (I.C.20.h).
NO_CAUSES = ("X58", "T", "Y9", "Z", "Y2", "Y3")
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
        source: Whose entry it is.
    """

    path: str
    main: frozenset[str]
    steps: tuple[tuple[frozenset[str], ...], ...]
    joint: frozenset[str]
    code: str

    source: str = "Index to External Causes"

    @property
    def quoted(self) -> str:
        """`Index to External Causes: Fall, from, off, out of, ladder W11`."""
        return f"{self.source}: {self.path} {self.code}"

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


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Ways by the words of their last title, and by their code."""

    by_word: dict[str, tuple[Way, ...]]
    by_code: dict[str, tuple[Way, ...]]


@lru_cache(maxsize=4)
def listed(index: ExternalCauseIndex) -> Ways:
    """The entries of the index."""
    return _sorted(_way(line) for line in index.lines())


@lru_cache(maxsize=2)
def titled(book: CodeBook) -> Ways:
    """The titles of chapter 20 in the place of the index where it is not installed: "Bitten by parrot"."""
    return _sorted(way for node in _nodes(book, "20") if (way := _of_title(node)) is not None)


def _sorted(ways: Iterable[Way]) -> Ways:
    by_word: dict[str, list[Way]] = defaultdict(list)
    by_code: dict[str, list[Way]] = defaultdict(list)
    for way in ways:
        by_code[way.code].append(way)
        if not way.code.startswith(NO_CAUSES):
            for word in frozenset().union(*way.steps[-1]):
                by_word[word].append(way)
    return Ways({w: tuple(f) for w, f in by_word.items()}, {c: tuple(f) for c, f in by_code.items()})


def _nodes(book: CodeBook, code: str) -> Iterator[Node]:
    """The nodes below a node that have a title of their own; transport, which tells by more than words, left out."""
    node = book.node(code)
    children = [c for c in (book.node(child) for child in node.children) if c is not None] if node else []
    for child in children:
        if child.extension is None and not child.code.startswith("V"):
            yield child
            yield from _nodes(book, child.code)


def _of_title(node: Node) -> Way | None:
    """What a title says happened, and by what; None where it leaves that open or names several things."""
    happened, _, rest = node.title.lower().partition(" ")
    opened = frozenset({happened}) & mains() or (terms()[happened].mains if happened in terms() else frozenset())
    if not opened or _OPEN.search(node.title.lower()) or node.code.startswith(NO_CAUSES):
        return None
    by = tuple(frozenset(one) for one in readings(rest))
    steps = ((opened,), by) if by else ((opened,),)
    return Way(node.title, opened, steps, _connecting(rest), node.code, "Tabular List")


# Titles that leave something open, or that want more said than what happened and by what.
_OPEN = re.compile(r"\b(?:other|unspecified|not|nonvenomous|subsequent|due|causing|without|type|same level)\b|-")


def _way(line: IndexLine) -> Way:
    steps = tuple(ways for ways in line.ways if ways)
    last = max(n for n, ways in enumerate(line.ways) if ways)
    before = line.titles[last - 1] if last and not line.ways[last - 1] else ""
    return Way(", ".join(line.titles), steps[0][0], steps, _connecting(before), line.code)


@cache
def _connecting(title: str) -> frozenset[str]:
    return frozenset(words(title)) & CONNECTING


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    return [_Token(w, m.start(), m.end()) for m in _TOKEN.finditer(text) for w in _plain(m.group())]


@lru_cache(maxsize=REMEMBERED)
def _plain(token: str) -> tuple[str, ...]:
    """The words of a token as the index has them; the token itself where it holds none."""
    return tuple(words(token)) or (token,)


def reached(ways: Ways, text: str, start: int, end: int) -> Iterator[Reached]:
    """What a sentence of an account, in small letters, leads to; the entries that take the most words first."""
    tokens = _tokens(text[start:end])
    found: dict[str, Reached] = {}
    for at, token in enumerate(tokens):
        term = terms().get(token.word)
        for hit in _opened(ways, tokens, at, term) if term and not _other(tokens, at, term) else ():
            found.setdefault(hit.way.path, replace(hit, start=hit.start + start, end=hit.end + start))
    yield from sorted(found.values(), key=_rank)


def _other(tokens: list[_Token], at: int, term: Term) -> bool:
    """Whether the word beside it makes it something else: "cut down", "a bit"."""
    return bool(
        {t.word for t in tokens[at + 1 : at + 2]} & term.behind
        or {t.word for t in tokens[max(0, at - 1) : at]} & term.before
    )


def _rank(hit: Reached) -> tuple[object, ...]:
    """What is meant before what happened; then most words of the account, most words of the index, the shortest way."""
    accident = not hit.way.main & _INTENTS
    return (accident, -len(hit.told), -len(hit.taken), hit.way.path.count(","), hit.way.path)


def _opened(ways: Ways, tokens: list[_Token], at: int, term: Term) -> Iterator[Reached]:
    near = tokens[max(0, at - AROUND) : at + AROUND + 1]
    said = heard(t.word for t in near) | term.adds
    for way in {w.path: w for word in said for w in ways.by_word.get(word, ()) if w.main & term.mains}.values():
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
def leading(ways: Ways, code: str, told: frozenset[str], known: frozenset[str]) -> Way | None:
    """The entry that leads to a code, all of whose words are told or known; the one that takes most of what is told."""
    found = []
    for way in ways.by_code.get(code, ()):
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
    opened = [terms()[w] for w in said if w in terms()]
    return said.union(*(t.mains | t.adds for t in opened))
