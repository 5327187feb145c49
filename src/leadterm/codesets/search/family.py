"""What the search index has to know of the Tabular List: what stands above a code, what a header means by itself."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ..store import Store
from .entry import BILLABLE, EXTENDED, FINAL, HEADER, OTHER, UNSPECIFIED
from .words import search_words, stems

# What the code for "nothing more is said" may add to the title of its header.
SAYS_NOTHING = frozenset(
    (
        "abscess and as cause classified coma complication current elsewhere episode extremity eye ear gangrene in"
        " intractable limb migrainosus not obstruction of or organism part perforation bleeding side site specified"
        " status to type uncomplicated unqualified unspecified with without"
    ).split()
)
OTHER_AND = frozenset(("other",))  # "other and unspecified"
# What a title denies it does not say; an unspecified shoulder is any.
_DENIAL = re.compile(r"\b(?:without|uncomplicated|not (?:having|specified|intractable|elsewhere))\b", re.IGNORECASE)
_OF_ANY = re.compile(r"\bunspecified (?:as [^,]+|\w+)", re.IGNORECASE)
LEVELS = ("category", "subcategory", "code")


class Place(NamedTuple):
    """A category, subcategory or code: `flags` as in `Entry`, `default` the code (empty where there is none)."""

    parent: str
    flags: int
    default: str


class Family:
    """The Tabular List without its 7th-character codes.

    Attributes:
        places: By code.
        above: For a code the stems of the titles above, up to the block, and of the meanings of its 7th characters.
    """

    def __init__(self, tabular: Store) -> None:
        rows = tabular.all("SELECT code, kind, title, parent, billable FROM entry ORDER BY rank")
        self._above = {code: (title, parent) for code, kind, title, parent, _ in rows if kind != "chapter"}
        self._below: dict[str, list[str]] = {}
        self._titles = {code: title for code, kind, title, _, _ in rows if kind in LEVELS}
        extensions: dict[str, dict[str, None]] = {}
        for code, kind, title, parent, _ in rows:
            if kind == "seventh":
                extensions.setdefault(parent, {})[title[len(self._titles[parent]) + 2 :]] = None
            elif code in self._titles:
                self._below.setdefault(parent, []).append(code)
        self._extensions = {code: tuple(meanings) for code, meanings in extensions.items()}
        self.places = {
            code: self._place(code, title, parent, billable)
            for code, kind, title, parent, billable in rows
            if kind in LEVELS
        }
        self._words = lru_cache(maxsize=None)(self._stems)
        self.above = lru_cache(maxsize=None)(self._above_it)

    def _place(self, code: str, title: str, parent: str, billable: int) -> Place:
        words = search_words(title)
        level = HEADER if code in self._below else FINAL
        says = UNSPECIFIED * ("unspecified" in words) | OTHER * ("other" in words)
        takes = BILLABLE * bool(billable) | EXTENDED * (code in self._extensions)
        default = self.default(code)
        return Place(parent, level | says | takes, default if default != code else "")

    def default(self, code: str) -> str:
        """The code that is meant when no more is said than the title of `code`; itself where none is."""
        while below := self._below.get(code):
            ranked = min((self._distance(self._titles[code], child), child) for child in below)
            if ranked[0][0]:
                return code
            code = ranked[1]
        return code

    def _distance(self, own: str, code: str) -> tuple[bool, ...]:
        """How far a title is from saying nothing more than `own`; the first part says that it says more."""
        title = self._titles[code]
        rest = title.removeprefix(own)
        denies = _DENIAL.search(rest) if rest != title or not _DENIAL.search(own) else None
        said = rest[: denies.start()] if denies else rest
        added = frozenset(search_words(_OF_ANY.sub(" ", said))).difference(search_words(own))
        unspecified = "unspecified" in search_words(rest)
        return (
            not added <= (SAYS_NOTHING | OTHER_AND if unspecified else SAYS_NOTHING),
            "other" in added,
            "with" in added,
            not unspecified,
            not denies,
            code[-1] not in "09",
        )

    def _above_it(self, code: str) -> frozenset[str]:
        found: frozenset[str] = frozenset().union(*(self._words(t) for t in self._extensions.get(code, ())))
        parent = self.places[code].parent
        while parent in self._above:
            title, parent = self._above[parent]
            found |= self._words(title)
        return found

    def extension_words(self, code: str) -> frozenset[str]:
        """The words of the meanings of a code's 7th characters."""
        return frozenset(word for meaning in self._extensions.get(code, ()) for word in search_words(meaning))

    @staticmethod
    def _stems(title: str) -> frozenset[str]:
        return frozenset(stems(search_words(title)))
