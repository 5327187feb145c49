"""The operations that charts name, each with the codes that its words lead to (`lexicon/*.tsv`).

A row reads: words (a pattern; blanks match any run of blanks), code (templates parted by blanks, `_` where the chart
decides, `{AB}` where one of these characters may stand, `@room` where code builds it: `rooms/`), then what helps to
decide: `part` (words that the label of the body part must have, with `=` before words that it must be; for several
templates parted by semicolons), `approach`, `device`, `qualifier` (what is meant where the chart is silent), `when` and
`unless` (patterns of the statement; after `@` of the whole report), `told` (see `Term`; empty: everywhere but in the
aims of a report), `rule`. Of rows with the same words the first whose conditions hold is meant; of words at one place
the longest.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, Table, compiled

Found = tuple["Term", int, int]  # a row, and where its words stand
FOLDER = "procedures/lexicon"
OPEN = "_"
DEED = "deed"  # what a row tells that no name of an operation led to


@dataclass(frozen=True, slots=True)
class Term:
    """One row.

    Attributes:
        name: The words as written in the table, for the pathway.
        pattern: Of the words.
        codes: Templates of seven characters; `_` where the chart decides. Several: all of them are done together.
        parts: For each template, the last for those behind it: words that the label of the body part must have.
        approach, device, qualifier: Characters that are meant where the chart is silent; empty where none is.
        when, unless: Conditions on the statement; `report_when`, `report_unless` on the whole report.
        told: `name` where the words count only in a list of operations, `sure` where they count in accounts too even
            when operations are named, `concept` where only the profile of that name wants them, `deed` where they tell
            what the hand did: in accounts of reports whose list names nothing.
        rule: Guideline that the row applies, or empty.
        order: Its place in the lexicon.
    """

    name: str
    pattern: Pattern
    codes: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    approach: str
    device: str
    qualifier: str
    when: Pattern | None
    unless: Pattern | None
    report_when: Pattern | None
    report_unless: Pattern | None
    told: str
    rule: str
    order: int

    @property
    def general(self) -> bool:
        """Whether any body system may be meant."""
        return self.codes[0][1:2] == "?"

    @property
    def each(self) -> tuple[Term, ...]:
        """The row once for each of its templates."""
        if len(self.codes) == 1:
            return (self,)
        last = len(self.parts) - 1
        return tuple(
            replace(self, codes=(code,), parts=(self.parts[min(n, last)],)) for n, code in enumerate(self.codes)
        )


@cache
def terms() -> tuple[Term, ...]:
    """All rows, table by table in alphabetical order."""
    names = sorted(
        f.name.removesuffix(".tsv")
        for f in (files("leadterm.coding") / "procedures" / "lexicon").iterdir()
        if f.name.endswith(".tsv")
    )
    every = [row for name in names for row in rows(f"{FOLDER}/{name}")]
    return tuple(_term(row, n) for n, row in enumerate(every))


@cache
def _table() -> Table:
    return Table([term.pattern for term in terms()])


def standing(text: str, places: Sequence[tuple[int, int]]) -> list[list[Found]]:
    """For each of some places (start, end; in order) of a text in small letters: the rows whose words stand there.

    The text is looked through once, whatever the number of places and rows. Offsets are within the place.
    """
    table = _table()
    runs: list[set[int]] = [set() for _ in places]
    starts = [start for start, _ in places]
    for run, at in table.runs(text):
        place = bisect_right(starts, at) - 1
        if place >= 0 and at < places[place][1]:
            runs[place].add(run)
    return [_within(text[start:end], some) for some, (start, end) in zip(runs, places, strict=True)]


def _within(text: str, runs: set[int]) -> list[Found]:
    """The rows whose words stand in a text that holds these runs of letters."""
    every = terms()
    return [
        (every[n], found.start(), found.end())
        for n in _table().among(runs, text)
        for found in every[n].pattern.made.finditer(text)
    ]


def _term(row: dict[str, str], order: int) -> Term:
    """The term of a row of the lexicon."""
    when, _, report_when = row["when"].partition("@")
    unless, _, report_unless = row["unless"].partition("@")
    return Term(
        row["words"],
        compiled(rf"(?<![\w-])(?:{_blanks(row['words'])})(?!\w)"),
        tuple(row["code"].split()),
        tuple(tuple(words.split()) for words in row["part"].lower().split(";")),
        row["approach"],
        row["device"],
        row["qualifier"],
        _pattern(when),
        _pattern(unless),
        _pattern(report_when),
        _pattern(report_unless),
        row["told"],
        row["rule"],
        order,
    )


def _pattern(words: str) -> Pattern | None:
    words = words.strip(" |")  # a row may end an alternative before its `@`
    return compiled(rf"\b(?:{_blanks(words)})") if words else None


# What is done once may be done several times: "meniscectomies".
_ONE = re.compile(r"((?:tom|plast|scop|rrhaph|pex|graph|biops)(?<!\\))y(?![\w*?+({\[])")
_BLANK = re.compile(r"\[[^\]]*\]| (\?)?")


def _blanks(words: str) -> str:
    """The pattern with any run of blanks, or a hyphen, where it has a blank; or none of them where it has ` ?`.

    The names of operations stand for more than one of them too.
    """
    words = _ONE.sub(r"\1(?:y|ies)", words)
    return _BLANK.sub(lambda found: found[0] if found[0][0] == "[" else "[ -]*" if found[1] else "[ -]+", words)
