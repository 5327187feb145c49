"""What the name of a header says: the kind of section it opens, by the table, by its parts, despite a slip of the pen.

A name is known as a whole, after the words that only place or qualify it are taken away ("pertinent … on admission"),
as several known names together ("past medical/surgical history"), or by its last or first words. Nothing of how it is
set is judged here, save the case of its letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from .._tables import read_table

LONGEST = 72  # characters of a header's name; longer lines are prose
_MOST_WORDS = 10
_REMEMBERED = 8192
_MOST_CORRECTED = 5  # words of a name in which slips are looked for
_CORRECTED = 7  # letters of the shortest word of which a slip is corrected

_NOISE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>|&[a-z]{2,6};|\b\d[\d/.:,-]*(?:st|nd|rd|th|am|pm|h)?\b|[\"'#*?]")
_GLUE = re.compile(r"[_ \t]+")
_AND = re.compile(r" *(?:[&+/,;|]|\band/or\b| -+ |-+>) *")
_PLACED = re.compile(
    r" (?:(?:on|at|upon|by|per|as of|from|according)\b(.*)|(?:for|during|since|with|prior|before|after|in|this)\b(.*))"
)
_HISTORY = frozenset({"history", "hx", "diagnosis", "diagnoses", "findings"})  # what one word says for several names
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SPACED = re.compile(r"(?:\w ){3,}\w\Z")


class Entry(NamedTuple):
    """What a name opens.

    Attributes:
        kind: The kind of section.
        match: whole, tail, lead or system: how much of the name is known; see `sections.tsv`.
        strength: strong, weak, colon, vague or title; see `sections.tsv`.
        within: The kinds of section in which alone it holds; empty: anywhere.
    """

    kind: str
    match: str
    strength: str
    within: frozenset[str] = frozenset()


class Name(NamedTuple):
    """A name that may be a header's.

    Attributes:
        entries: What it may open, the special before the general; empty for a name that no table knows.
        capitals, titled, lower: How its letters are set: all in capitals; each word of weight begins with one; none.
        words, letters: How many it has.
        folded: The name in lower case.
    """

    entries: tuple[Entry, ...]
    capitals: bool
    titled: bool
    lower: bool
    words: int
    letters: int
    folded: str

    @property
    def whole(self) -> bool:
        """Whether the table knows all of it."""
        return bool(self.entries) and self.entries[0].match == "whole"


_Table = dict[str, tuple[Entry, ...]]


class _Names:
    """The table `sections.tsv` with what can be told from it."""

    def __init__(self) -> None:
        self.whole: _Table = {}
        self.tail: _Table = {}
        self.lead: _Table = {}
        self.system: _Table = {}
        self.front: set[str] = set()
        self.back: set[str] = set()
        for row in read_table("layout/sections.tsv", ("name", "kind", "match", "strength", "within")):
            if row["match"] in ("front", "back"):
                (self.front if row["match"] == "front" else self.back).add(row["name"])
                continue
            table: _Table = getattr(self, row["match"])
            entry = Entry(row["kind"], row["match"], row["strength"], frozenset(row["within"].split()))
            # An entry that holds only within some kinds is asked first.
            table[row["name"]] = tuple(sorted((*table.get(row["name"], ()), entry), key=lambda e: not e.within))
        self.last_words = {name.split()[-1] for table in (self.whole, self.tail) for name in table}
        self.first_words = {name.split()[0] for name in self.whole if " " in name}
        self.heading = {w for t in (self.whole, self.tail, self.lead) for name in t for w in name.split()}
        self.vocabulary = self.heading | {w for name in self.system for w in name.split()}
        self.starters = {name.split()[0] for t in (self.whole, self.lead) for name in t} - {"the", "a", "patient"}
        self.openers = self.front | self.starters
        self.slips = _slips({word for name in self.whole for word in name.split()})
        self.ends = {end for word in self.slips.values() for end in (word[:3], word[-3:])}

    def lookup(self, raw: str, folded: str) -> tuple[Entry, ...]:
        """The entries of a name; empty when nothing of it is known."""
        found = self.whole.get(folded) or self.system.get(folded)
        if found:
            return found
        name = _cleaned(raw, folded)
        if not name or name.count(" ") >= _MOST_WORDS:
            return ()
        if self.vocabulary.isdisjoint(name.split()):
            name = self._corrected(name)
            return self._known(name) if name else ()
        found = self._known(name)
        if not found or found[0].match in ("tail", "lead"):
            corrected = self._corrected(name)
            found = (corrected and self._known(corrected)) or found
        return found

    def _known(self, name: str) -> tuple[Entry, ...]:
        return self._plain(name) or self._together(name) or self._by_part(name)

    def _plain(self, name: str) -> tuple[Entry, ...]:
        """What is known of a name without the words around it that only place or qualify it."""
        for shorter, all_of_it in self._peeled(name):
            found = self.whole.get(shorter) or self.system.get(shorter)
            if found:
                return found if all_of_it else tuple(e._replace(match="lead") for e in found)
        return ()

    def _peeled(self, name: str) -> Iterator[tuple[str, bool]]:
        """The name, then without what qualifies it behind, then before, then both; and whether nothing else is lost."""
        words = name.split()
        yield name, True
        placed = _PLACED.search(name)
        if placed and placed.start():
            words = name[: placed.start()].split()
            yield " ".join(words), placed[1] == ""
        all_of_it = not placed or placed[1] == ""
        first, last = 0, len(words)
        while last > 1 and words[last - 1] in self.back:
            last -= 1
            yield " ".join(words[:last]), all_of_it
        while first < last - 1 and words[first] in self.front:
            first += 1
            if last < len(words):
                yield " ".join(words[first:]), all_of_it
            yield " ".join(words[first:last]), all_of_it

    def _together(self, name: str) -> tuple[Entry, ...]:
        """What several names joined by "and" open together, each known by itself or with the last word of all."""
        parts = [part for part in name.split(" and ") if part]
        if len(parts) < 2:
            return ()
        noun = parts[-1].split()[-1]
        shared = noun if noun in _HISTORY else ""
        entries = [(shared and self._plain(f"{part} {noun}")) or self._plain(part) for part in parts[:-1]]
        entries.append(self._plain(parts[-1]))
        known = [next((e for e in found if not e.within), found[0]) for found in entries if found]
        if known and len(known) == 1 < len(parts) and known[0].strength == "strong" and entries[-1]:
            return (known[0]._replace(match="tail"),)
        if len(known) < 2 or (len(known) < len(parts) and known[0].match == "system"):
            return ()
        if all(e.match == "system" for e in known):
            return (known[0],)
        match = "whole" if len(known) == len(parts) else "lead"
        known = [e for e in known if e.match != "system"]
        known = [e for e in known if e.strength in ("strong", "weak")] or known
        strength = "strong" if any(e.strength == "strong" for e in known) else "weak"
        return (Entry(_joint([e.kind for e in known]), match, strength),)

    def _by_part(self, name: str) -> tuple[Entry, ...]:
        """What is known of the last one to four words of a name, else of its first."""
        words = _PLACED.sub("", name).split()
        if len(words) < 2:
            words = name.split()
        for count in range(min(4, len(words) - 1), 0, -1):
            found = self.tail.get(" ".join(words[-count:])) or self.lead.get(" ".join(words[:count]))
            if found:
                return found
        return ()

    def _corrected(self, name: str) -> str:
        """The name with its misspelled words set right; empty when there are none."""
        words = name.split()
        if len(words) > _MOST_CORRECTED:
            return ""
        corrected = " ".join(w if w in self.heading or w in self.front else self._corrected_word(w) for w in words)
        return "" if corrected == name else corrected

    def _corrected_word(self, word: str) -> str:
        if len(word) < _CORRECTED - 1 or (word[:3] not in self.ends and word[-3:] not in self.ends):
            return word
        for shape in _shortened(word):
            right = self.slips.get(shape)
            if right and right[0] == word[0] and abs(len(right) - len(word)) < 2:
                return right
        return word


def _cleaned(raw: str, folded: str) -> str:
    """The name without dates, remarks in brackets and marks; what joins its parts written "and"."""
    if _SPACED.match(folded):
        raw = folded = "".join(folded.split())
    elif " " not in folded and folded.count(":") == 0:
        folded = " ".join(_CAMEL.sub(" ", raw).lower().split())
    name = _AND.sub(" and ", _NOISE.sub(" ", folded.replace("&amp;", "&")))
    name = _GLUE.sub(" ", name).strip(" -.")
    while name.startswith("and "):
        name = name[4:]
    while name.endswith(" and"):
        name = name[:-4]
    return name


def _joint(kinds: list[str]) -> str:
    """The kind of a section that has several: what is concluded before what is told."""
    found = set(kinds)
    if "assessment-plan" in found or {"assessment", "plan"} <= found or {"impression", "plan"} <= found:
        return "assessment-plan"
    for telling in ("impression", "hpi"):
        if telling in found and found <= {"impression", "findings", "hpi", "chief-complaint", "other"}:
            return telling
    return next((kind for kind in kinds if kind != "other"), "other")


def _shortened(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters: two words one slip apart have one of these in common."""
    yield word
    for index in range(len(word)):
        yield word[:index] + word[index + 1 :]


def _slips(words: Iterable[str]) -> dict[str, str]:
    return {shape: word for word in sorted(words) if len(word) >= _CORRECTED for shape in _shortened(word)}


@cache
def table() -> _Names:
    """The table, read once."""
    return _Names()


_memory: dict[str, Name] = {}


def named(raw: str, folded: str) -> Name:
    """What is known of a name; `folded` is `fold(raw)`. Names that were asked before are remembered."""
    name = _memory.get(raw)
    if name is None:
        if len(_memory) > _REMEMBERED:
            _memory.clear()
        name = _memory[raw] = Name(
            table().lookup(raw, folded),
            raw.isupper(),
            all(word[0].isupper() or len(word) <= 3 or not word[0].isalpha() for word in raw.split()),
            raw == folded,
            raw.count(" ") + 1,
            sum(map(str.isalpha, raw)),
            folded,
        )
    return name
