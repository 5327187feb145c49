"""How many of a thing a note says were treated."""

from __future__ import annotations

from leadterm.coding.numerals import number_of, words_to
from leadterm.coding.patterns import compiled

_N = rf"(?P<n>\d{{1,2}}|{words_to(20)}|single|a single)"
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
# "forehead 4, right ear 1, back of hand 2": a number behind each place.
_SITED = compiled(
    r"(?i)\b(?:cheeks?|nose|ears?|helix|forehead|scalp|neck|chest|back|arms?|forearms?|hands?|dorsum|legs?|shins?|shoulders?"
    r"|temples?|lips?|chin|brow|feet|foot|trunk|thighs?|calf|calves)(?: dorsum| dorsal)? ?(?:[x×:=(-] ?)?"
    r"(?P<n>[1-9]\d?)\)?(?= ?(?:[,;.)]|->|→|and\b|&|\+|\n|$|-+ ))"
)
_PAREN = compiled(rf"(?i)\({_N}\)")


def number(words: str) -> int | None:
    """The number of things that words tell: a total, else what stands before their name, else the sum of `x 3`."""
    if whole := _WHOLE.search(words):
        return number_of(whole["n"])
    if len(sited := [number_of(m["n"]) for m in _SITED.finditer(words)]) > 1:
        return sum(sited)
    if each := _EACH.search(words):
        return number_of(each["n"]) + sum(number_of(m["n"]) for m in _MORE.finditer(words, each.end()))
    if times := [number_of(m["n"]) for m in _TIMES.finditer(words)]:
        return sum(times)
    found = _PAREN.search(words)
    return number_of(found["n"]) if found else None
