"""What a chart says, for people: the text with its facts marked, then the facts line by line.

On a terminal colours tell the assertion; without colour the words stand in brackets, so that a pasted text keeps them.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leadterm.domain import Assertion, CodedEncounter, Document, Fact

from .render import console as new_console
from .render import harmless, quoted

STYLES = {
    Assertion.PRESENT: "bold green",
    Assertion.ABSENT: "strike red",
    Assertion.UNCERTAIN: "bold yellow",
    Assertion.HISTORICAL: "blue",
    Assertion.FAMILY: "magenta",
    Assertion.HYPOTHETICAL: "italic cyan",
    Assertion.PLANNED: "cyan",
    Assertion.RESOLVED: "strike blue",
}
_CUE = "underline"
_WHOLE = 40  # lines of a chart that is shown whole
_CONTEXT = 1  # lines kept beside a marked one where a longer chart is folded
_FEWEST = 3  # lines that are worth folding
_UNBROKEN = 10_000  # characters of a line that is left to the terminal to wrap
_WIDE = 2_000  # columns of a table that goes to a file

_LINE_END = re.compile(r"\r\n|\n|\r")


class _Mark(NamedTuple):
    """A stretch of text with the signs around it, or the style in their place."""

    start: int
    end: int
    opens: str
    closes: str
    style: str


def print_facts(coded: CodedEncounter, *, marked: bool = True) -> None:
    """Each document of the encounter with its facts; without `marked` the facts alone."""
    console = new_console()
    documents = coded.encounter.documents
    starts = {d.id: _line_starts(d.text) for d in documents}
    for document in documents:
        facts = [f for f in coded.facts if f.mention.document == document.id]
        console.rule(_title(coded, document), align="left")
        if marked:
            _print_text(console, document, starts[document.id], facts)
        if facts:
            _print_table(console, _table(facts, starts))
        else:
            console.print("No facts: the text names nothing that the dictionary knows.")


def _title(coded: CodedEncounter, document: Document) -> str:
    day = document.service_time and document.service_time.date().isoformat()
    several = document.id if len(coded.encounter.documents) > 1 else None
    parts = (coded.encounter.id, several, document.type, document.author_role, day)
    return " · ".join(quoted(part) for part in parts if part)


def _line_starts(text: str) -> list[int]:
    return [0, *(m.end() for m in _LINE_END.finditer(text))]


# --- the text ---


def _print_text(console: Console, document: Document, starts: Sequence[int], facts: Sequence[Fact]) -> None:
    coloured = console.color_system is not None and not console.no_color
    marks = _marks(facts)
    lines = _coloured(document.text, starts, marks) if coloured else _bracketed(document.text, starts, marks)
    margin = len(str(len(starts)))
    for number, line in _folded(list(lines), {bisect_right(starts, m.start) - 1 for m in marks}):
        if line is None:
            console.print(Text(f"{'':>{margin}} … {number} lines without facts", style="dim"))
        elif coloured:
            _print_wrapped(console, f"{number:>{margin}} │", line)
        else:  # a file needs nothing of what a console does for each line, which takes half a millisecond
            console.file.write(f"{number:>{margin}} │ {line.plain}".rstrip() + "\n")
    if facts:
        console.print(_legend(facts, coloured))
        console.print()


def _print_wrapped(console: Console, head: str, line: Text) -> None:
    width = max(20, console.width - len(head) - 1)
    for piece in (line.wrap(console, width) if len(line) <= _UNBROKEN else None) or [line]:
        piece.rstrip()
        console.print(Text.assemble((head, "dim"), " " if piece.plain else "", piece))
        head = f"{'│':>{len(head)}}"


def _marks(facts: Iterable[Fact]) -> list[_Mark]:
    """What is marked, in order and without overlaps: mentions from the left, the longer first, then the cues."""
    spans: dict[tuple[int, int], list[Assertion]] = {}
    for f in facts:
        span = f.mention.span
        spans.setdefault((span.start, span.end), []).append(f.assertion)
    mentions = [
        _Mark(
            a,
            b,
            "[",
            "]" if set(said) == {Assertion.PRESENT} else f"|{', '.join(dict.fromkeys(said))}]",
            STYLES[said[0]],
        )
        for (a, b), said in spans.items()
    ]
    cues = {(c.span.start, c.span.end) for f in facts for c in f.cues if c.document == f.mention.document}
    kept = _apart(mentions, [])
    return sorted(kept + _apart([_Mark(a, b, "{", "}", _CUE) for a, b in cues], kept))


def _apart(marks: Iterable[_Mark], taken: Sequence[_Mark]) -> list[_Mark]:
    """The marks that overlap neither each other nor what is taken."""
    kept: list[_Mark] = []
    starts, last = [m.start for m in taken], 0
    for mark in sorted(marks, key=lambda m: (m.start, -m.end)):
        index = bisect_right(starts, mark.start)
        last = max(last, taken[index - 1].end if index else 0)
        if last <= mark.start and (index == len(taken) or mark.end <= taken[index].start):
            kept.append(mark)
            last = mark.end
    return kept


def _lines(text: str, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where each line begins and ends, its line end left out; one behind the last line end is no line."""
    for start, following in zip(starts, (*starts[1:], None), strict=True):
        if following is not None or start < len(text) or start == 0:
            body = text[start:following].rstrip("\r\n")
            yield start, start + len(body)


def _coloured(text: str, starts: Sequence[int], marks: Sequence[_Mark]) -> Iterator[Text]:
    shown, first = harmless(text), 0
    for start, end in _lines(text, starts):
        line = Text(shown[start:end])
        while first < len(marks) and marks[first].end <= start:
            first += 1
        at = first
        while at < len(marks) and marks[at].start < end:
            line.stylize(marks[at].style, max(0, marks[at].start - start), marks[at].end - start)
            at += 1
        line.expand_tabs(8)
        yield line


def _bracketed(text: str, starts: Sequence[int], marks: Sequence[_Mark]) -> Iterator[Text]:
    # A mention that runs over a line end opens in one line and closes in the next.
    shown = harmless(text)
    signs = sorted([(m.end, 0, m.closes) for m in marks] + [(m.start, 1, m.opens) for m in marks])
    index = 0
    for start, end in _lines(text, starts):
        pieces: list[str] = []
        last = start
        while index < len(signs) and signs[index][0] <= end - signs[index][1]:
            at = max(last, signs[index][0])
            pieces += (shown[last:at], signs[index][2])
            last, index = at, index + 1
        yield Text("".join((*pieces, shown[last:end])).expandtabs(8))


def _folded(lines: Sequence[Text], marked: set[int]) -> Iterator[tuple[int, Text | None]]:
    """The lines with their numbers; of a long chart those near a mark, and None with the count of those left out."""
    near = {at + by for at in marked for by in range(-_CONTEXT, _CONTEXT + 1)}
    long = len(lines) > _WHOLE
    for kept, run in groupby(range(len(lines)), key=lambda at: not long or at in near):
        numbers = list(run)
        if not kept and len(numbers) >= _FEWEST:
            yield len(numbers), None
        else:
            yield from ((at + 1, lines[at]) for at in numbers)


def _legend(facts: Sequence[Fact], coloured: bool) -> Text:
    """What the marks mean."""
    said = sorted({f.assertion for f in facts}, key=list(Assertion).index)
    if coloured:
        words = [(a.value, STYLES[a]) for a in said]
        words += [("what decided it", _CUE)] if any(f.cues for f in facts) else []
        return Text(" · ").join(Text(word, style=style) for word, style in words)
    present = ["[words] present"] if Assertion.PRESENT in said else []
    others = ["[words|how else]"] if set(said) != {Assertion.PRESENT} else []
    cues = ["{words} that decided it"] if any(f.cues for f in facts) else []
    return Text(" · ".join(present + others + cues), style="dim")


# --- the list ---


def _table(facts: Sequence[Fact], starts: dict[str, list[int]]) -> Table:
    """One row a fact; a column that no fact fills is left out."""
    rows = [_row(f, starts) for f in facts]
    heads = ("line", "says", "concept", "attributes", "section", "said by", "because of", "copied from")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    used = [i for i in range(len(heads)) if any(row[i].plain for row in rows)]
    for i in used:
        table.add_column(heads[i], justify="right" if i == 0 else "left", no_wrap=i < 2, overflow="fold")
    for row in rows:
        table.add_row(*(row[i] for i in used))
    return table


def _row(f: Fact, starts: dict[str, list[int]]) -> tuple[Text, ...]:
    copied = f.copied_from
    cells = (
        str(_number(starts, f.mention.document, f.mention.span.start)),
        f.assertion.value,
        f.concept,
        ", ".join(f"{axis} {value}" for axis, value in f.attributes.items()),
        f.section,
        f.speaker or "",
        ", ".join(f"“{c.text}”" for c in f.cues),
        f"{copied.document} line {_number(starts, copied.document, copied.span.start)}" if copied else "",
    )
    return tuple(
        Text(" ".join(harmless(cell).split()), STYLES[f.assertion] if i == 1 else "") for i, cell in enumerate(cells)
    )


def _number(starts: dict[str, list[int]], document: str, at: int) -> int:
    """The line of a document that a place is in, counted from 1."""
    return bisect_right(starts.get(document, [0]), at)


def _print_table(console: Console, table: Table) -> None:
    if console.is_terminal:
        console.print(table)
        return
    # A file has no width: rows stay whole, without the blanks that fill their last column.
    wide = Console(file=io.StringIO(), width=_WIDE, color_system=None, highlight=False)
    with wide.capture() as captured:
        wide.print(table)
    console.file.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())
