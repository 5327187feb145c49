"""Finds where "see" and "see also" lead: to entries of the same file, or to what they name outside it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import dropwhile

from ..alphabetic.words import Title, absorbed, content, is_connective, readings
from ._terms_xml import Term

# What a reference names when it leads to no entry; the first that fits counts. "condition" is not an entry but advice:
# look under the name of the condition.
ELSEWHERE = (
    ("drugs", re.compile(r"(?i)table of drugs(?: and (?:chemicals|biologicals))?,?\s*")),
    ("neoplasm", re.compile(r"(?i)(?:table of neoplasms?|neoplasm table),?\s*")),
    ("external", re.compile(r"(?i)(?:(?:alphabetic(?:al)? )?index (?:to|of) )?external causes?(?: of injury)?\b,?\s*")),
    ("index", re.compile(r"(?i)(?:alphabetic(?:al)? )?index to diseases?(?: and injuries)?,?\s*")),
    ("condition", re.compile(r"(?i)(?:the )?condition\b,?\s*")),
    ("category", re.compile(r"(?i)(?:sub)?categor(?:y|ies)\b\s*|(?=[A-Z][0-9][0-9A-Z](?:[.\-\s]|$))")),
)
# How a reference says that the rest is to be found by what is coded: "by site", "or the specified metal".
ADVICE = re.compile(r"(?i)(?:by|if applicable|or the|code|specified (?:substance|protein)|specific|substance)\b")
CODE_AT_END = re.compile(r"\s+[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{0,4})?-?(?: with .*)?$")
CLAUSES = re.compile(r";\s*(?:and\s+)?(?:see\s+(?:also\s+)?)?|,?\s+and see (?:also )?")
MOST_ENTRIES = 40
MOST_JOINED = 4
STEM = 5  # letters
TABLES = ("drugs", "neoplasm")


class Fit(IntEnum):
    """How well a title answers to a piece of a reference; 0: not."""

    NONE = 0
    LONGER = 1
    ABSORBS = 2
    READING = 3
    SAME = 4


@dataclass(frozen=True, slots=True)
class Target:
    """Where one reference leads.

    Attributes:
        sort: `entry`; `condition`, `advice`, `drugs`, `neoplasm`, `external`, `index`, `category` for what is no
            entry of the file; `unresolved`.
        entries: Ids of the entries; for `unresolved`, of those that it reaches before the rest is not found.
        rest: What is left over: advice ("by site"), or what was not found.
    """

    sort: str
    entries: tuple[int, ...] = ()
    rest: str = ""


class CrossReferences:
    """Resolves references among the terms of one file."""

    def __init__(self, mains: Sequence[Term], root: str = "") -> None:
        """`root`: the one main term whose name references leave out or repeat ("Neoplasm" in its table)."""
        self._whole: dict[tuple[str, ...], list[Term]] = defaultdict(list)
        self._read: dict[tuple[str, ...], list[Term]] = defaultdict(list)
        for main in mains:
            self._whole[content(main.title.essential)].append(main)
            for reading in readings(main.title.essential):
                self._read[reading].append(main)
        self._leads: dict[str, list[Term]] = defaultdict(list)
        for main in mains:
            self._leads[next(iter(content(main.title.essential)), "")].append(main)
        self._root = root
        self._elsewhere = tuple((s, p) for s, p in ELSEWHERE if not (root and s == "neoplasm"))
        self.resolve: Callable[[str], Target] = lru_cache(maxsize=None)(self._resolve)

    def _resolve(self, text: str) -> Target:
        """Where `text` leads."""
        for sort, pattern in self._elsewhere:
            if found := pattern.match(text):
                return Target(sort, (), text[found.end() :])
        found_all = [self._clause(clause) for clause in CLAUSES.split(text) if clause.strip()]
        ids = tuple(dict.fromkeys(i for target in found_all for i in target.entries))
        rest = "; ".join(t.rest for t in found_all if t.rest)
        sorts = [t.sort for t in found_all] or ["unresolved"]
        sort = next((s for s in ("unresolved", "entry") if s in sorts), sorts[0])
        return Target(sort, ids[:MOST_ENTRIES], rest)

    def _clause(self, text: str) -> Target:
        pieces = _pieces(text)
        if pieces and ADVICE.match(pieces[0]):
            return Target("category" if pieces[0].startswith("code") else "advice", (), text)
        farthest: list[tuple[int, Term]] = []
        for mains, rest in self._starts(pieces):
            if ends := [end.id for main in mains for end in _down(main, rest, farthest)]:
                return Target("entry", tuple(dict.fromkeys(ends)), _advice(pieces))
        return self._broken(pieces, farthest)

    def _broken(self, pieces: list[str], farthest: list[tuple[int, Term]]) -> Target:
        """What to say of a reference that breaks off: the table that the entries before it lead to, else nothing."""
        if not farthest:
            return Target("index" if self._root else "unresolved", (), ", ".join(pieces))
        left, term = min(farthest, key=lambda reached: reached[0])
        rest = ", ".join(pieces[max(0, len(pieces) - left) :])
        for _, _, text in (b for t in (term, term.path()[0]) for b in t.beside if b[0] in ("see", "seeAlso")):
            sort = next((s for s, pattern in self._elsewhere if s in TABLES and pattern.match(text)), "")
            if sort:
                return Target(sort, (), rest)
        return Target("unresolved", (term.id,), rest)

    def _starts(self, pieces: list[str]) -> Iterator[tuple[list[Term], list[str]]]:
        """Main terms that the first pieces name, the longest name first, and what is left of the pieces."""
        for count in range(len(pieces), 0, -1):
            if mains := self._whole.get(content(", ".join(pieces[:count]))):
                yield mains, pieces[count:]
        if not pieces:
            return
        first, rest = pieces[0], pieces[1:]
        if mains := self._read.get(tuple(sorted(content(first)))):
            yield mains, rest
        for head, tail in _splits(first):
            if mains := self._whole.get(content(head)) or self._read.get(tuple(sorted(content(head)))):
                yield mains, [tail, *rest]
        wanted = content(first)
        longer = [
            m
            for m in self._leads.get(next(iter(wanted), ""), ())
            if content(m.title.essential)[: len(wanted)] == wanted
        ]
        if wanted and longer:
            yield longer, rest


def _pieces(text: str) -> list[str]:
    """The steps of a reference: its parts between commas, without parentheses and codes."""
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", text)
    pieces = [CODE_AT_END.sub("", " " + p.strip()).strip(" .") for p in re.split(r",|\.\s+(?=[a-z])", bare)]
    return [p for p in pieces if p]


def _splits(piece: str) -> Iterator[tuple[str, str]]:
    """`piece` parted in two between words, the longer head first: a missing comma."""
    parts = piece.split()
    for at in range(len(parts) - 1, 0, -1):
        yield " ".join(parts[:at]), " ".join(parts[at:])


def _down(term: Term, pieces: list[str], farthest: list[tuple[int, Term]]) -> list[Term]:
    """The entries that the pieces lead to from `term`; advice ends the way."""
    farthest.append((len(pieces), term))
    if not pieces or ADVICE.match(pieces[0]):
        return [term]
    # The longest run of pieces first: titles hold commas too.
    for count in range(min(len(pieces), MOST_JOINED), 0, -1):
        least = Fit.SAME if count > 1 else Fit.LONGER
        if found := _step(term.children, ", ".join(pieces[:count]), pieces[count:], farthest, least):
            return found
    for child in term.children:
        if is_connective(child.title.essential) and (found := _down(child, pieces, farthest)):
            return found
    return _part(term, pieces, farthest)


def _step(
    children: Iterable[Term], piece: str, rest: list[str], farthest: list[tuple[int, Term]], least: Fit
) -> list[Term]:
    """What the children that answer best to `piece` lead to."""
    fits: dict[Fit, list[Term]] = defaultdict(list)
    for child in children:
        if (fit := _fit(child.title, piece)) >= least:
            fits[fit].append(child)
    for fit in sorted(fits, reverse=True):
        if found := [end for child in fits[fit] for end in _down(child, rest, farthest)]:
            return found
    return []


def _part(term: Term, pieces: list[str], farthest: list[tuple[int, Term]]) -> list[Term]:
    """What the pieces lead to when the first is two steps in one ("upper limb" for limb, upper), or no step at all."""
    first, rest = pieces[0], pieces[1:]
    said = content(first)
    found_advice = re.search(rf"\s(?={ADVICE.pattern.removeprefix('(?i)')})", first, re.IGNORECASE)
    if found_advice:
        return _down(term, [first[: found_advice.start()], first[found_advice.end() :], *rest], farthest)
    for child in term.children:
        for reading in readings(child.title.essential):
            if set(reading) < set(said):
                left = " ".join(w for w in said if w not in reading)
                if found := _down(child, [left, *rest], farthest):
                    return found
    # A word of the title or of its modifiers is repeated.
    if said and set(said) <= absorbed(term.title.essential, term.title.modifiers):
        return _down(term, rest, farthest)
    near = [c for c in term.children if _kin(c.title.essential, said)]
    return _down(near[0], rest, farthest) if len(near) == 1 else []


def _kin(essential: str, said: tuple[str, ...]) -> bool:
    """Whether a title of one word has the stem of the one word said: "retina", "retinal"."""
    own = content(essential)
    return len(own) == len(said) == 1 and own[0][:STEM] == said[0][:STEM] and len(own[0]) > STEM


@lru_cache(maxsize=65_536)
def _fit(title: Title, piece: str) -> Fit:
    wanted = content(piece)
    own = content(title.essential)
    if wanted == own:
        return Fit.SAME if own or piece.casefold() == title.essential.casefold() else Fit.NONE
    if not wanted:
        return Fit.NONE
    said = set(wanted)
    read = readings(title.essential)
    if any(said == set(reading) for reading in read):
        return Fit.READING
    if any(said.issuperset(r) for r in read) and said <= absorbed(title.essential, title.modifiers):
        return Fit.ABSORBS
    return Fit.LONGER if own and own[0] == wanted[0] and said < set(own) else Fit.NONE


def _advice(pieces: list[str]) -> str:
    """The pieces from the first advice on: "by site"."""
    return ", ".join(dropwhile(lambda piece: not ADVICE.match(piece), pieces))
