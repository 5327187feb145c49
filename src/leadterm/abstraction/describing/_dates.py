"""When: dates, durations, onsets and weeks of gestation; absolute ones in ISO 8601, others in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

Found = Sequence[tuple[str, str, int, int]]

_MONTHS = "january february march april may june july august september october november december".split()
_SHORT = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10}
_MONTH = {**{name: n for n, name in enumerate(_MONTHS, 1)}, **_SHORT, "nov": 11, "dec": 12}
_YEARS = range(1900, 2100)
# A year of two digits up to this one is of this century.
_PIVOT = 45
_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_NUMBER = {**{name: str(n) for n, name in enumerate(_NUMBERS, 1)}, "a": "1", "an": "1", "couple of": "couple"}
_UNIT = {
    "d": "day", "w": "week", "wk": "week", "m": "month", "mo": "month", "mos": "month", "wks": "week", "yr": "year",
    "yrs": "year", "y": "year", "hr": "hour", "hrs": "hour", "h": "hour", "min": "minute",
}  # fmt: skip
# What leads into a time. "Since" and its like make it the onset; the others go with it.
_LEAD = re.compile(
    r"(?:(?P<onset>since|onset(?:\s+(?:was|in|on|of))?|(?:began|begun|begins?|beginning|start(?:ed|ing))(?:\s+(?:in|on|about|around))?)"
    r"|diagnosed(?:\s+(?:in|on|back\s+in))?|dx'?d?(?:\s+(?:in|on))?|in|on|of|circa|around|during|early|late|mid|sustained(?:\s+on)?|occurred(?:\s+(?:in|on))?"
    r"|performed(?:\s+(?:in|on))?|dated|date|back\s+in|as\s+of|approximately|about|last|~)[\s:,~-]*\Z"
)
_TO_LEAD = 30
_AFTER_MONTH = re.compile(
    r"[a-z]+\.?,?\s*(?:of\s+)?(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,\s*|\s+))?(?P<year>(?:19|20)\d\d)(?![\w/])"
)
_MONTH_DAY = re.compile(r"[a-z]+\.?\s*(?P<day>\d{1,2})?(?:st|nd|rd|th)?(?![\w/])")
_DAY_BEFORE = re.compile(r"(?<![\w/.-])(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?\Z")
_NUMERIC = re.compile(
    r"(?<![\w./$+-])(?:(?P<weeks>[1-4]?\d)(?:\s?w(?:ks?|eeks?)?\s?[0-6]\s?d(?:ays?)?|\s?\+\s?[0-6](?![\d/]))|(?P<iso>(?:19|20)\d\d-\d\d?-\d\d?)|(?P<us>\d\d?[/-]\d\d?[/-](?:(?:19|20)\d\d|\d\d))"
    r"|(?P<month>\d\d?/(?:19|20)\d\d)|(?P<year>(?:19|20)\d\d)(?!'?s\b)|x\s?(?P<n>\d{1,3})\s?(?P<unit>[dwmyh]))(?![\w/%]|[.,-]\d|\s?(?:m[lg]|mcg|units?|cc|k?cal)\b)"
)
_UNITS = r"(?:hours?|hrs?|days?|weeks?|wks?|months?|mos?|years?|yrs?|minutes?|min)"
_BEFORE_COUNT = (
    r"(?:for|x|over|during|within|since|about|approximately|around|at|~|the|past|last|previous|these|another|almost"
    r"|nearly|every|in|after|q|by|until|only|some|at\s+least|more\s+than|least|than|greater)"
)
_WORDS = "|".join(sorted(_NUMBER, key=len, reverse=True))
_COUNT = re.compile(
    rf"(?P<lead>(?:{_BEFORE_COUNT}[\s~]*)*)"
    rf"(?<![\w./-])(?P<n>x?\d{{1,3}}(?:\.\d)?(?:\s?(?:-|to)\s?\d{{1,3}})?|{_WORDS}|several|many|a\s+few|few"
    r"|a\s+couple(?:\s+of)?|couple(?:\s+of)?|past|last)(?P<sevenths>\s[1-6]/7)?[\s-]*\Z"
)
_TO_COUNT = 48
_OLD = re.compile(r"[\s-]*(?:old|of\s+age|y/?o\b)")
_FOLLOWED = re.compile(
    r"\s+(?:(?P<ago>ago|earlier|prior|back|before)\b|(?P<history>hx|h/o|history|course|duration)\b(?:\s+of\b)?|(?P<of>of)\b"
    r"|(?P<gestation>gestation|pregnant|gestational\s+age|ega|ga|iup|intrauterine)\b|(?P<later>later|from\s+now|postpartum|post-?op\w*|after|since|status)\b)"
)
_AGE = re.compile(r"age\s+(?:of\s+)?(?P<n>\d{1,2})(?![\w/.-])")
_AT_AGE = re.compile(r"\b(?:since|at|from)\s+(?:the\s+)?\Z")
_NOT_FOR = ("every", "in ", "within", "after", "q", "by", "until")


def month(folded: str, start: int, end_of_word: int, end: int) -> Found:
    """The date whose month is named at `start`: "March 14, 2021", "14 Mar 2021", "March 2021", "in March"."""
    number = _MONTH[folded[start:end_of_word]]
    if folded[end_of_word : end_of_word + 1].isalnum():
        return ()
    match = _AFTER_MONTH.match(folded, start, end)
    if match is not None:
        before = _DAY_BEFORE.search(folded, max(0, start - 10), start) if not match["day"] else None
        day = match["day"] or (before and before["day"])
        value = _iso(int(match["year"]), number, int(day) if day else None)
        return _when(folded, value, before.start() if before else start, match.end()) if value else ()
    plain = _MONTH_DAY.match(folded, start, end)
    leading = _LEAD.search(folded, max(0, start - _TO_LEAD), start)
    if plain is None or leading is None or (number == 5 and not plain["day"]):
        return ()
    name = _MONTHS[number - 1]
    return _when(folded, f"{name} {int(plain['day'])}" if plain["day"] else name, start, plain.end())


def unit(folded: str, start: int, end_of_word: int, end: int) -> Found:
    """The time that is counted in the unit at `start`: "for 3 days", "2-week history of", "3 years ago"."""
    after = folded[end_of_word : end_of_word + 2]
    if after[:1].isalnum() or (after[:1] == "-" and _OLD.match(folded, end_of_word, end)):
        return ()
    count = _COUNT.search(folded, max(0, start - _TO_COUNT), start)
    if count is None or _OLD.match(folded, end_of_word, end):
        return ()
    lead, number = count["lead"], " ".join(count["n"].removeprefix("x").split())
    name = folded[start:end_of_word]
    name = _UNIT.get(name, name.removesuffix("s"))
    follow = _FOLLOWED.match(folded, end_of_word, end)
    kind = follow.lastgroup if follow else None
    if name == "week" and (kind == "gestation" or lead.strip() == "at" or count["sevenths"]):
        return (("weeks", number, count.start(), follow.end() if follow and kind == "gestation" else end_of_word),)
    said = f"{number} {name}" if number in ("past", "last") else _amount(number, name)
    if kind == "ago":
        return (("onset", f"{said} ago", _lead_start(folded, count), follow.end() if follow else end_of_word),)
    if kind == "later" or lead.startswith(_NOT_FOR) or ("than" in lead and "more" not in lead):
        return ()
    if number == "last" and not lead.strip():
        return (("onset", said, count.start(), end_of_word),)
    if lead.strip() == "since" and number in ("last", "past"):
        return (("onset", said, count.start(), end_of_word),)
    if number in ("1", "a", "an", "one") and not lead and kind not in ("history", "of"):
        return ()
    return (("duration", said, count.start(), follow.end() if follow and kind in ("history", "of") else end_of_word),)


def age(folded: str, start: int, _: int, end: int) -> Found:
    """The age at which something began: "since age 30"."""
    match, lead = _AGE.match(folded, start, end), _AT_AGE.search(folded, max(0, start - 12), start)
    return (("onset", f"age {match['n']}", lead.start(), match.end()),) if match and lead else ()


def with_digits(folded: str, start: int, end: int) -> list[tuple[str, str, int, int]]:
    """Dates in digits, "x3d", and weeks of gestation as "32w4d" or "39+2"."""
    found: list[tuple[str, str, int, int]] = []
    for match in _NUMERIC.finditer(folded, start, end):
        if match["weeks"]:
            found.append(("weeks", match["weeks"], match.start(), match.end()))
        elif match["n"]:
            found.append(("duration", _amount(match["n"], _UNIT[match["unit"]]), match.start(), match.end()))
        elif match["year"]:
            found += _year(folded, match, start, end)
        elif value := _numeric(match):
            found += _when(folded, value, match.start(), match.end())
    return found


def _amount(number: str, name: str) -> str:
    words = number.removeprefix("a ").removesuffix(" of")
    count = _NUMBER.get(words, words)
    count = "-".join(part.strip() for part in re.split(r"-|\bto\b", count))
    return f"{count} {name}" if count == "1" else f"{count} {name}s"


def _lead_start(folded: str, count: re.Match[str]) -> int:
    """Where words like "began about" before a count start."""
    before = _LEAD.search(folded, max(0, count.start() - _TO_LEAD), count.start())
    return before.start() if before and before["onset"] else count.start()


def _when(folded: str, value: str, start: int, end: int) -> Found:
    """A date with the words that lead into it; the onset where they say so."""
    lead = _LEAD.search(folded, max(0, start - _TO_LEAD), start)
    if lead is None or folded[lead.start() - 1 : lead.start()].isalnum():
        return (("date", value, start, end),)
    return (("onset" if lead["onset"] else "date", value, lead.start(), end),)


def _year(folded: str, match: re.Match[str], start: int, end: int) -> Found:
    """A year that stands alone, after a word that announces it, in brackets, or at the end of its clause."""
    a, b = match.span()
    lead = _LEAD.search(folded, max(start, a - _TO_LEAD), a)
    closed = b >= end or folded[b] in ".,;)\n" or folded.startswith((" and ", " with ", " s/p "), b)
    if not lead and not closed:
        return ()
    return _when(folded, match["year"], a, b)


def _numeric(match: re.Match[str]) -> str | None:
    if match["iso"]:
        year, month_, day = map(int, match["iso"].split("-"))
        return _iso(year, month_, day)
    if match["month"]:
        month_, year = map(int, match["month"].split("/"))
        return _iso(year, month_, None)
    first, second, last = re.split("[/-]", match["us"])
    year = int(last) if len(last) == 4 else int(last) + (2000 if int(last) <= _PIVOT else 1900)
    return _iso(year, int(first), int(second)) or _iso(year, int(second), int(first))


def _iso(year: int, month_: int, day: int | None) -> str | None:
    """The date in ISO 8601, to the month where no day is known; None where there is no such day."""
    try:
        whole = date(year, month_, day or 1)
    except ValueError:
        return None
    if year not in _YEARS:
        return None
    return whole.isoformat() if day else whole.isoformat()[:7]


READERS: dict[str, Callable[[str, int, int, int], Found]] = {
    **dict.fromkeys(_MONTH, month),
    "age": age,
    **dict.fromkeys(
        "hour hours hr hrs day days week weeks wk wks month months mo mos year years yr yrs minutes".split(), unit
    ),
}
