"""A draft of a query read again from plain text, as a person left it: by its headings, numbers and boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leadterm.domain import Encounter

from .queries import ANSWER, CUT, HEADINGS, INDICATORS, QUESTION, one_line

_SUBJECT = re.compile(r"^\s*subject\s*:(.*)$", re.IGNORECASE)
_ITEM = re.compile(r"^\s*(?:(\d{1,3})[.)]|[-*•])\s+(.*)$")
_BOX = re.compile(r"^\s*(?:\[[ xX]?\]|☐|☑|☒|[-*•]|\d{1,2}[.)])\s*(.*)$")
_QUOTED = re.compile(r"[“\"](.*)[”\"]")
_IN_QUESTION = re.compile(r"“([^“”]*)”|\"([^\"]*)\"")
_NAMES = re.compile(r"\s*\(indicators?\s+([\d,\s]+(?:and\s+\d+)?)\)\s*$", re.IGNORECASE)

# A quote begins and ends where words do; where it begins or ends with another character, anywhere.
_BEGIN, _END = r"(?:(?<!\w)|(?!\w))", r"(?:(?<=\W)|(?!\w))"


@dataclass(frozen=True, slots=True)
class Item:
    """One line under the indicators: its number, its quote (None without quotation marks), the line itself."""

    number: int
    quote: str | None
    line: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that is offered: its words, and the numbers of the indicators that it names."""

    words: str
    indicators: frozenset[int]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a draft consists of.

    Attributes:
        subject: None where the line is gone.
        items, options: In their order.
        question: On one line.
        lost: Headings, or `Subject`, that are not there, or have nothing under them where something must be.
        text: The whole, line ends as `\\n`.
    """

    subject: str | None
    items: tuple[Item, ...]
    question: str
    options: tuple[Option, ...]
    lost: tuple[str, ...]
    text: str


def parts(text: str) -> Parts:
    """The parts of a draft; what a person moved is looked for under its heading, wherever that is."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    sections = _sections(text)
    subject = next((one_line(m[1]) for line in sections[""] if (m := _SUBJECT.match(line))), None)
    question = one_line(" ".join(sections.get(QUESTION, ())))
    needed = {INDICATORS: True, QUESTION: bool(question), ANSWER: True}
    lost = tuple(h for h in HEADINGS if h in needed and not (h in sections and needed[h]))
    options = tuple(_options(sections.get(ANSWER, ())))
    items = tuple(_items(sections.get(INDICATORS, ())))
    return Parts(subject, items, question, options, lost if subject else ("Subject", *lost), text)


def _sections(text: str) -> dict[str, list[str]]:
    """The lines under each heading up to the next one; before the first: under nothing."""
    known = {h.lower(): h for h in HEADINGS}
    found: dict[str, list[str]] = {"": []}
    at = ""
    for line in text.split("\n"):
        heading = known.get(line.strip().rstrip(":").lower())
        if heading is not None:
            at = heading
            found.setdefault(at, [])
        else:
            found[at].append(line)
    return found


def _items(lines: Sequence[str]) -> Iterator[Item]:
    for n, (number, line) in enumerate(_joined(lines, _ITEM), 1):
        quoted = _QUOTED.search(line)
        yield Item(int(number) if number else n, one_line(quoted[1]) if quoted else None, line)


def _joined(lines: Sequence[str], item: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Numbers and words of list items; a line without a mark of its own belongs to the item before it."""
    found: list[tuple[str, str]] = []
    for line in lines:
        if mark := item.match(line):
            found.append((mark[1] if item.groups > 1 and mark[1] else "", one_line(mark[item.groups])))
        elif line.strip() and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {one_line(line)}")
        elif line.strip():
            found.append(("", one_line(line)))
    return iter(found)


def _options(lines: Sequence[str]) -> Iterator[Option]:
    for _, line in _joined(lines, _BOX):
        named = _NAMES.search(line)
        numbers = frozenset(map(int, re.findall(r"\d+", named[1]))) if named else frozenset()
        words = line[: named.start()] if named else line
        yield Option(words.rstrip("_ :").strip(), numbers)


def in_question(question: str) -> tuple[str, ...]:
    """What stands in quotation marks in a question."""
    return tuple(one_line(a or b) for a, b in _IN_QUESTION.findall(question))


class Record:
    """The words of an encounter's documents, white space single, to look quotes up in."""

    def __init__(self, encounter: Encounter) -> None:
        self._texts = tuple(one_line(d.text) for d in encounter.documents)

    def has(self, quote: str) -> bool:
        """Whether one document has these words; where `…` stands words were left out, in the same document."""
        pieces = [p.strip() for p in quote.split(CUT) if p.strip()]
        return bool(pieces) and any(self._in_order(text, pieces) for text in self._texts)

    @staticmethod
    def _in_order(text: str, pieces: Sequence[str]) -> bool:
        """Whether the pieces stand there in turn, as whole words: "sepsis" is no quote from "urosepsis"."""
        at = 0
        for piece in pieces:
            found = re.compile(_BEGIN + re.escape(piece) + _END).search(text, at)
            if found is None:
                return False
            at = found.end()
        return True
