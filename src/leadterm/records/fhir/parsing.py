"""The resources of a JSON record, one after the other: an entry of a bundle is read and forgotten in its turn."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from leadterm.domain import InputError
from leadterm.records.limits import HOLLOW, bounded, hollow
from leadterm.records.text import marked_encoding

BUNDLE = "Bundle"
_BLANK = re.compile(r"[ \t\r\n]*")
# An int of more digits costs time beyond measure; no field of FHIR counts so far.
_MOST_DIGITS = 18


class Found(NamedTuple):
    """A resource as it came.

    Attributes:
        value: The object.
        place: Where it stands.
        url: The `fullUrl` of its entry.
    """

    value: dict[str, Any]
    place: str
    url: str | None = None


class Reader:
    """Reads JSON texts.

    Attributes:
        repeated: How many objects named a member twice (the last one counts).
        broken: How many lines of ndjson were no JSON object.
        kind: The `type` of the bundle that was read last.
    """

    def __init__(self) -> None:
        self.repeated = 0
        self.broken = 0
        self.kind: str | None = None
        self._decoder = json.JSONDecoder(
            parse_float=_fraction, parse_int=_whole, parse_constant=_nothing, object_pairs_hook=self._object
        )

    def resources(self, raw: bytes, name: str) -> Iterator[Found]:
        """The resources of a file: of a single one, of a bundle's entries, of lines of ndjson.

        Raises InputError for what is too large, no JSON, nested too deeply or no object.
        """
        text = _decoded(bounded(raw, name), name)
        if _has_lines(text):
            yield from self.lines(_cut(text), name)
            return
        if hollow(text):
            raise InputError(f"{name} {HOLLOW}")
        try:
            yield from self._record(text, name)
        except json.JSONDecodeError as error:
            raise InputError(
                f"{name} is not JSON: it breaks off at line {error.lineno}, column {error.colno}."
            ) from None
        except RecursionError:
            raise InputError(f"{name} is nested too deeply.") from None

    def lines(self, lines: Iterable[str | bytes], name: str) -> Iterator[Found]:
        """The resources of ndjson, one a line; a line that is no JSON object is counted and left out.

        Raises InputError where there is no other line.
        """
        read = False
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                text = line if isinstance(line, str) else line.decode("utf-8-sig")
                value = None if hollow(text) else self._decoder.decode(text)
            except (ValueError, RecursionError):
                value = None
            if isinstance(value, dict):
                read = True
                yield Found(value, f"{name}[{number}]")
            else:
                self.broken += 1
        if self.broken and not read:
            raise InputError(f"{name} has no line that is a JSON object.")

    def _record(self, text: str, name: str) -> Iterator[Found]:
        """The resource that a text is, or those of the bundle that it is."""
        cursor = _Cursor(text, self._decoder)
        if cursor.peek() != "{":
            raise InputError(f"{name} is no JSON object: give a FHIR resource, a Bundle or ndjson.")
        rest: dict[str, Any] = {}
        entries = False
        for _ in cursor.members("{", "}"):
            key = cursor.name()
            self.repeated += key in rest
            if key == "entry" and cursor.peek() == "[" and rest.get("resourceType", BUNDLE) == BUNDLE:
                entries = True
                for n, _ in enumerate(cursor.members("[", "]")):
                    yield from entry_of(cursor.value(), f"Bundle.entry[{n}]")
            else:
                rest[key] = cursor.value()
        cursor.end()
        if rest.get("resourceType") == BUNDLE:
            self.kind = rest["type"] if isinstance(rest.get("type"), str) else None
        elif not entries:
            yield Found(rest, "")

    def _object(self, members: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(members)
        self.repeated += len(value) != len(members)
        return value


def entry_of(entry: object, place: str) -> Iterator[Found]:
    """The resource of an entry of a bundle, where it has one."""
    if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
        url = entry.get("fullUrl")
        yield Found(entry["resource"], f"{place}.resource", url if isinstance(url, str) else None)


def _decoded(raw: bytes, name: str) -> str:
    encoding, mark = marked_encoding(raw)
    try:
        return raw[len(mark) :].decode(encoding or json.detect_encoding(raw))
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not {error.encoding}: byte {error.start} does not fit.") from None


def _has_lines(text: str) -> bool:
    """Whether the first line is an object by itself and something follows it."""
    at = _after_blank(text, 0)
    end = text.find("\n", at)
    if end < 0 or _after_blank(text, end) == len(text):
        return False
    line = text[at:end].rstrip()
    if not (line.startswith("{") and line.endswith("}")) or hollow(line):
        return False
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        # A first line that breaks is one broken line where the next begins like one.
        return text[_after_blank(text, end)] == "{"
    return True


class _Cursor:
    """A place in a JSON text that moves over it value by value."""

    def __init__(self, text: str, decoder: json.JSONDecoder) -> None:
        self._text, self._decoder, self._at = text, decoder, 0

    def peek(self) -> str:
        """The next character that is not blank."""
        self._at = _after_blank(self._text, self._at)
        return self._text[self._at : self._at + 1]

    def members(self, first: str, last: str) -> Iterator[None]:
        """Stops before each member of an object or a list; who takes it moves the cursor beyond it."""
        self._take(first)
        if self.peek() == last:
            self._at += 1
            return
        while True:
            yield
            if self.peek() != ",":
                self._take(last)
                return
            self._at += 1

    def name(self) -> str:
        """The name of a member."""
        if self.peek() != '"':
            raise json.JSONDecodeError("a name", self._text, self._at)
        name = self.value()
        self._take(":")
        return str(name)

    def value(self) -> Any:
        """The next value."""
        self.peek()
        value, self._at = self._decoder.raw_decode(self._text, self._at)
        return value

    def end(self) -> None:
        """Nothing follows."""
        if self.peek():
            raise json.JSONDecodeError("the end", self._text, self._at)

    def _take(self, mark: str) -> None:
        if self.peek() != mark:
            raise json.JSONDecodeError(mark, self._text, self._at)
        self._at += 1


def _after_blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _cut(text: str) -> Iterator[str]:
    """The lines; what else Unicode takes for the end of a line may stand within a string."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end + 1


def _fraction(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if abs(value.adjusted()) <= _MOST_DIGITS else None


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) <= _MOST_DIGITS else Decimal(text)


def _nothing(_: str) -> None:
    """NaN and Infinity are no JSON: such a value is absent."""
