"""The processing notes of HCPCS: numbered notes in capitals, in the archive of the HCPCS file.

Layout: a heading, then `0014--TEXT` with lines that continue it, each perhaps closed by `*` at the right edge of a box.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from leadterm.domain import InputError

from ..sources import US_GOVERNMENT
from ..store import Store
from ._dates import calendar, hints
from ._offered import Format, Offered, Recognised, Table, one_table

NAME = "hcpcs:notes"
HEADING = "processing notes"
_NUMBERED = re.compile(r"\s*(?P<number>[0-9]{4})--(?P<text>.*)")
_SHOWN = re.compile(r"^\s*0001--", re.MULTILINE)


def recognise(offered: Offered) -> Recognised | None:
    """The notes, by their heading and the first number."""
    if not (offered.starts(HEADING) and _SHOWN.search(offered.head.decode("latin-1"))):
        return None
    months = 3 if any(h.month for h in hints(offered)) else 12
    return Recognised(NAME, calendar(offered, months), f"{US_GOVERNMENT} (CMS)")


def read(files: Sequence[Offered], recognised: Recognised) -> Table:
    """The table of notes by number. Raises InputError for a number that stands twice."""
    notes: dict[str, list[str]] = {}
    last: list[str] = []
    for at, line in enumerate(files[0].lines(), 1):
        text = line.rstrip("* \t\x1a")
        if found := _NUMBERED.match(text):
            if found["number"] in notes:
                raise InputError(
                    f"{files[0].name}, line {at}: note {found['number']} stands twice; get the file again."
                )
            last = notes[found["number"]] = [found["text"]]
        elif text.strip():
            last.append(text)
    rows = [(number, " ".join(" ".join(lines).split())) for number, lines in sorted(notes.items())]
    return one_table([("notes", len(rows))], "number TEXT PRIMARY KEY, text TEXT NOT NULL", rows)


def differs(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every note by its number."""
    for number, text in store.all("SELECT number, text FROM entry ORDER BY number"):
        yield number, {"text": text}


FORMATS: tuple[Format, ...] = (Format("HCPCS processing notes of CMS", recognise, read),)
