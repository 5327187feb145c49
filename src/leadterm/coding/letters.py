"""The letters that no match of a regular expression can do without, read off the expression as it is written.

`ways` gives the ways in which a match can be spelled, each as runs of letters that all stand in it:
`(?:left|right) hip` has two, "left hip" and "right hip"; `removal of .*stent|stent.*out` has two, of two runs each.
What is not understood tells nothing: it parts the letters beside it, and is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Way = tuple[str, ...]
Ways = tuple[Way, ...]

NONE: Ways = ()
_MOST = 4_000  # ways that are worth looking for
_MULTIPLIED = 24  # ways that come of things in a row which can each be spelled in several
_LEAST = 2  # letters that tell something
_SIGNS = frozenset("&")  # what is so rare that one tells something

_AGAIN = r"(?:[*+?]|\{\d*,?\d*\})"
_TOKEN = re.compile(
    rf"(?P<run>[^\\()|.\[\]^$*+?{{}}]+(?!{_AGAIN}))"
    rf"|\\(?P<sign>[^\w\s])(?!{_AGAIN})"
    r"|(?P<group>\((?:\?:|\?P<\w+>|(?!\?)))"
    r"|(?P<close>\))|(?P<bar>\|)|(?P<edge>[\^$]|\\[bBAZ]|\(\?[a-zA-Z]+\))"
    r"|(?P<apart>\(\?(?:<?[=!]|P=|[>#(]|[a-zA-Z]*-?[a-zA-Z]*:))"  # looks around, other flags within, what is rare
    r"|(?:\\(?=[^\w\s]))?(?P<once>[^\\()|.\[^$*+?{}])(?:\+|\{[1-9]\d*(?:,\d*)?\})[?+]?"
    rf"|(?P<any>(?:\[\^?\]?(?:\\.|[^\]\\])*\]|\\(?:x..|u.{{4}}|U.{{8}}|N\{{[^}}]*\}}|[0-9]{{1,3}}|.)|.){_AGAIN}*)",
    re.DOTALL,
)
_REPEAT = re.compile(rf"(?P<missing>[*?]|\{{0?,\d*\}}|\{{0\}})?{_AGAIN}*")
_FLAGS = re.compile(r"\(\?([a-zA-Z]+)\)")


def ways(pattern: str, flags: int = 0) -> Ways:
    """The ways in which a match is spelled, the rarest run of each first; empty where they are not known.

    Of a pattern that ignores case they are in small letters, for a text in small letters.
    """
    if flags & re.VERBOSE or "x" in _inline(pattern):
        return NONE
    found = _Reader(pattern).alternatives("")
    return tuple(tuple(run.casefold() for run in way) for way in found) if folded(pattern, flags) else found


def folded(pattern: str, flags: int = 0) -> bool:
    """Whether a pattern ignores case."""
    return bool(flags & re.IGNORECASE) or "i" in _inline(pattern)


def _inline(pattern: str) -> str:
    """The flags that a pattern begins with."""
    found = _FLAGS.match(pattern)
    return found[1] if found else ""


def stands(spelled: Ways, text: str) -> bool:
    """Whether all runs of one of the ways stand in a text."""
    for way in spelled:  # plain loops: this is asked ten thousand times a chart
        for run in way:
            if run not in text:
                break
        else:
            return True
    return False


class _Reader:
    """Takes an expression apart from left to right; `at` is where it has come to."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def alternatives(self, run: str) -> Ways:
        """The ways of all alternatives up to the bracket that closes them, behind a run of letters."""
        found = [self._row(run)]
        while self._pattern[self._at : self._at + 1] == "|":
            self._at += 1
            found.append(self._row(run))
        self._at += 1  # the bracket
        return _union(found)

    def _row(self, run: str) -> Ways:
        """The ways of things in a row, up to a bar or a bracket, behind a run of letters."""
        needs: list[Ways] = []
        while token := _TOKEN.match(self._pattern, self._at):
            kind = token.lastgroup
            if kind in ("bar", "close"):
                break
            self._at = token.end()
            if kind in ("run", "sign"):
                run += token[kind]
            elif kind != "edge":  # the edge of a word lies between letters
                within = self._group(kind, run)
                needs.append(within or _of_run(f"{run}{token['once'] or ''}"))
                run = ""
        needs.append(_of_run(run))
        return _together([need for need in needs if need])

    def _group(self, kind: str | None, run: str) -> Ways:
        """The ways of a group, behind a run; none of what is no group of letters, or may be missing."""
        if kind not in ("group", "apart"):
            return NONE
        within = self.alternatives(run if kind == "group" else "")
        repeat = _REPEAT.match(self._pattern, self._at)
        self._at = repeat.end() if repeat else self._at
        return NONE if kind == "apart" or (repeat and repeat["missing"]) else within


def _of_run(run: str) -> Ways:
    return ((run,),) if len(run) >= _LEAST or run in _SIGNS else NONE


def _union(alternatives: list[Ways]) -> Ways:
    """The ways of alternatives; none where one of them can be spelled in ways that are not known."""
    if not all(alternatives):
        return NONE
    found = tuple(dict.fromkeys(way for one in alternatives for way in one))
    return found if len(found) <= _MOST else NONE


def _together(needs: Sequence[Ways]) -> Ways:
    """The ways of things in a row: those of the thing that is rarest, each with the runs of the others."""
    if len(needs) < 2:
        return needs[0] if needs else NONE
    found, *others = sorted(needs, key=_ease)
    for need in others:
        if len(need) == 1 or len(found) * len(need) <= _MULTIPLIED:
            found = tuple(_joined(way, more) for way in found for more in need)
    return found


def _joined(way: Way, more: Way) -> Way:
    return (*way, *(run for run in more if not any(run in other for other in way)))


def _ease(need: Ways) -> tuple[int, int]:
    """How easily a text meets a need: by its shortest letters, then by how many there are."""
    return -min(len(way[0]) for way in need), len(need)
