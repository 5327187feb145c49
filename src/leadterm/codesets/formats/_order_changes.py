"""Reads the addenda of flat ICD-10 lists: what was added, deleted, revised.

A line is an action in columns 1-12 (Add:, Delete:, Revise from:, Revise to:), then what the list itself says; the flag
of an ICD-10-CM order file stands before the code. A revision is two lines. The file's own sums may follow; those of
FY2025 (April) consist of nothing else.
"""

from __future__ import annotations

import re
from collections import Counter

from leadterm.domain import CodeSystem, InputError

from ._offered import Offered, Table, one_table
from ._order_lines import refused, titles_of, written

ACTION = re.compile(
    r"(?P<action>Add|Delete|Revise from|Revise to): +(?:(?P<flag>[01]) )?(?P<code>[0-9A-Z]{3,7}) +(?P<titles>\S.*)"
)
SUMMARY = re.compile(
    r"\s*(?:Headers|Codes|of which|\d+ (?:headers|codes|additions|deletions|revisions)\b.*)\s*", re.IGNORECASE
)
SUMMED = re.compile(r"\s*(\d+) (additions|deletions)\s*")
CHANGE_COLUMNS = (
    "number INTEGER PRIMARY KEY, action TEXT NOT NULL, code TEXT NOT NULL, billable INTEGER, short TEXT, long TEXT,"
    " old_short TEXT, old_long TEXT"
)


class Changes:
    """Reads addenda: a revision is two lines, from and to."""

    def __init__(self, system: CodeSystem, offered: Offered) -> None:
        self._system = system
        self._offered = offered
        self._from: tuple[str, str, str | None] | None = None
        self.rows: list[tuple[int, str, str, int | None, str | None, str, str | None, str | None]] = []
        self.counts = Counter({"additions": 0, "deletions": 0, "revisions": 0})
        self.summed: Counter[str] = Counter()

    def read(self) -> Table:
        """The table. Raises InputError for a line that fits nowhere and where the file's own sums say otherwise."""
        for number, line in enumerate(self._offered.lines(), 1):
            if match := ACTION.fullmatch(line):
                self._take(number, match)
            elif match := SUMMED.fullmatch(line):
                self.summed[match[2]] += int(match[1])
            elif line.strip() and not SUMMARY.fullmatch(line):
                raise refused(self._offered, number, "it is no line of an addenda")
        if self._from:
            raise InputError(f"The file {self._offered.name} ends within a revision; get it anew from its owner.")
        for kind, count in self.summed.items():
            if count != self.counts[kind]:
                raise InputError(
                    f"The file {self._offered.name} has {self.counts[kind]} {kind} and says that it has {count}; get "
                    "it anew from its owner."
                )
        return one_table(
            self.counts.items(), CHANGE_COLUMNS, self.rows, "CREATE INDEX entry_code ON entry (code)", True
        )

    def _take(self, line: int, match: re.Match[str]) -> None:
        code = written(self._system, self._offered, line, match["code"])
        short, long = titles_of(match["titles"]) or (None, match["titles"].strip())
        action = match["action"]
        if (action == "Revise to") != (self._from is not None) or (self._from and self._from[0] != code):
            raise refused(self._offered, line, "a revision is not told by two lines of one code, from and to")
        if action == "Revise from":
            self._from = (code, long, short)
            return
        old = self._from or (code, None, None)
        self._from = None
        kind = {"Add": "addition", "Delete": "deletion", "Revise to": "revision"}[action]
        self.counts[f"{kind}s"] += 1
        flag = int(match["flag"]) if match["flag"] else None
        self.rows.append((len(self.rows) + 1, kind, code, flag, short, long, old[2], old[1]))
