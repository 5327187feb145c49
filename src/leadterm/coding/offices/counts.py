"""How many of a thing a note says were treated."""

from __future__ import annotations

from leadterm.coding.patterns import compiled

_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
          "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "twenty": 20,
          "single": 1, "a single": 1}  # fmt: skip
_N = r"(?P<n>\d{1,2}|" + "|".join(_WORDS) + r")"
_NOT = r"(?! ?(?:sec\w*|s\b|mm|cm|mg|ml|cc|cycles?|freeze|days?|wks?|weeks?|mo\b|months?|years?|yrs?|min\w*|%))"
_WHOLE = compiled(
    rf"(?i)\b(?:all|total(?: of| number)?[: =]*|number(?: of \w+)?(?: treated)?[: =]*"
    rf"|#[ =]?) ?{_N}\b{_NOT}"
)
_EACH = compiled(
    rf"(?i)\b{_N} (?:\(\d+\) )?(?:\w+[ -]){{0,3}}?(?:aks?|actinic|lesions?|sites?|areas?|spots?|tags?|warts?"
    rf"|papules?|verruca\w*"
    r"|molluscum|keratos[ie]s|acrochord\w+|specimens?|biops\w+)\b"
)
_TIMES = compiled(rf"(?i)(?<![\w.])[x×] ?\(?{_N}\b\)?{_NOT}")
# "3 AKs of the temple, 2 right cheek": each further number with a place of the body.
_MORE = compiled(
    rf"(?i)(?:,|;|\band|\+|&) ?{_N} (?:on |of |to )?(?:the )?(?:left |right |l |r |lt |rt )?(?:cheek|nose|ear"
    rf"|helix|forehead|scalp"
    r"|neck|chest|back|arm|forearm|hand|leg|shin|shoulder|temple|lip|chin|brow|foot|trunk)"
)
_PAREN = compiled(rf"(?i)\({_N}\)")


def number(words: str) -> int | None:
    """The number of things that words tell: a total, else what stands before their name, else the sum of `x 3`."""
    if whole := _WHOLE.search(words):
        return _value(whole["n"])
    if each := _EACH.search(words):
        return _value(each["n"]) + sum(_value(m["n"]) for m in _MORE.finditer(words, each.end()))
    if times := [_value(m["n"]) for m in _TIMES.finditer(words)]:
        return sum(times)
    found = _PAREN.search(words)
    return _value(found["n"]) if found else None


def _value(word: str) -> int:
    return int(word) if word.isdigit() else _WORDS[word.lower()]
