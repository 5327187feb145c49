"""Writes a text anew with stand-ins for its identifiers: typed placeholders, or invented names and numbers."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable

from . import tables
from .values import Found, Kind, Options, Replacement, Text

_FIXED = {
    Kind.EMAIL: "person@example.org",
    Kind.URL: "https://example.org/",
    Kind.IP: "192.0.2.1",
    Kind.SSN: "000-00-0000",
    Kind.PHOTO: "photo.jpg",
}
_WORDS = re.compile(r"[^\W\d_]{2,}")


class Scribe:
    """Writes the texts of one chart: what is named twice gets one stand-in."""

    def __init__(self, options: Options, chart: str) -> None:
        self._options = options
        self._chart = chart
        self._people: list[set[str]] = []
        self._others: dict[tuple[Kind, str], int] = {}

    def write(self, text: str, found: Iterable[Found]) -> Text:
        """The text with a stand-in for each of `found`, which are in order and do not overlap."""
        pieces: list[str] = []
        replaced: list[Replacement] = []
        at = new = 0
        for one in found:
            stand_in = one.written if one.written is not None else self._stand_in(one.kind, text[one.start : one.end])
            pieces += [text[at : one.start], stand_in]
            new += one.start - at
            replaced.append(Replacement(one.start, one.end, new, new + len(stand_in), one.kind, one.rule))
            new += len(stand_in)
            at = one.end
        return Text("".join([*pieces, text[at:]]), tuple(replaced))

    def _stand_in(self, kind: Kind, words: str) -> str:
        number = self._person(words) if kind is Kind.NAME else self._number(kind, words)
        if self._options.surrogates and kind not in (Kind.DATE, Kind.AGE, Kind.ZIP):
            return self._invented(kind, words, number)
        name = tables.placeholders()[kind]
        return f"[{name} {number}]" if kind in (Kind.NAME, Kind.PLACE, Kind.ORGANIZATION) else f"[{name}]"

    def _person(self, words: str) -> int:
        """The number of a person: names that share all words of the shorter one are one person's."""
        parts = {w.lower() for w in _WORDS.findall(words)} or {words.lower()}
        for n, known in enumerate(self._people, 1):
            if parts <= known or known <= parts:
                known |= parts
                return n
        self._people.append(parts)
        return len(self._people)

    def _number(self, kind: Kind, words: str) -> int:
        same = " ".join(words.lower().split())
        of_kind = sum(k is kind for k, _ in self._others)
        return self._others.setdefault((kind, same), of_kind + 1)

    def _drawn(self, kind: Kind, number: int) -> bytes:
        """Bytes for the nth identifier of its kind in this chart: drawn from the key, not from what stood there."""
        return hmac.digest(self._options.key, f"{self._chart}\0{kind}\0{number}".encode(), hashlib.sha256)

    def _invented(self, kind: Kind, words: str, number: int) -> str:
        drawn = self._drawn(kind, number)
        if kind is Kind.NAME:
            surname = _of("invented_surnames", drawn[0])
            return f"{_of('invented_given', drawn[1])} {surname}" if len(words.split()) > 1 else surname
        if kind in (Kind.PLACE, Kind.ORGANIZATION):
            return _of("invented_places", drawn[0])
        if kind in (Kind.PHONE, Kind.FAX):
            return f"555-01{drawn[0] % 100:02d}"
        return _FIXED.get(kind) or _same_shape(words, drawn)


def _of(name: str, drawn: int) -> str:
    """A word of a list, by a drawn number."""
    words = sorted(tables.words(name))
    return words[drawn % len(words)].capitalize()


def _same_shape(words: str, drawn: bytes) -> str:
    """As many digits and letters in the same places, drawn anew."""
    out = []
    for n, character in enumerate(words):
        byte = drawn[n % len(drawn)]
        if character.isdigit():
            out.append(str(byte % 10))
        elif character.isalpha():
            out.append(chr(ord("A") + byte % 26))
        else:
            out.append(character)
    return "".join(out)
