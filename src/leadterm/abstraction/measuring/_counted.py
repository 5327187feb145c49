"""Values whose number comes first: weeks of gestation, pain out of ten, 20/40 of an eye, an oxygen without its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from . import _number_shapes as shapes
from ._place import Value

_DAYS = re.compile(
    r"[\s-]?w(?P<a>[0-6])d?\b|\s(?P<b>[0-6])/7(?:[\s-]?(?:weeks?|wks?|w)\b)?"
    r"|\s?\+\s?(?P<c>[0-6])(?!\d)(?:\s?(?:weeks?|wks?)\b)?"
    r"|[\s-]?(?:wks?|weeks?)\b'?,?(?:\s?(?:and|&|\+)?\s?(?P<d>[0-6])\s?(?:/7|days?\b|d\b))?|[\s-]?w\b"
)
# A number that may count weeks; what is behind it decides. It begins with a digit so that the search is quick.
_WEEKS = re.compile(r"\d(?<![\d./]\d)(?<!\d-\d)\d?(?=[\s-]?w|\s[0-6]/7|\s?\+\s?[0-6])(?![^\s\d/+-]*[a-vx-z])")
# A child's age and the time since a delivery are counted in weeks too.
_PREGNANCY_BEHIND = re.compile(
    r"(?:(?!old|post|after|ago|since)[^.]){0,25}?\b(?:gestation|pregnan|ega\b|ga\b|iup|gravid|intrauterine)"
)
_PREGNANCY_BEFORE = re.compile(
    r"\b(?:ega|ga|iup(?:\sat)?|gestational\s+age(?:\s+of)?|gestation)(?:\s(?:is|was|at|of|by\s(?:us|lmp"
    r"|ultrasound)))?[\s:=]{1,3}$"
    r"|\b(?:pregnan(?:t|cy)|primigravida|multigravida|gravida|g\d+\s?p\d[\d-]*)\b"
    r"(?:(?!\bafter\b|\bevery\b|\bin\b|\bfor\b)[^.;\n]){0,30}(?:\bat|@)\s$"
    r"|\bg\s?\d+\s?p\s?\d[\d-]*,?\s$|\bgravida\s\d+,?\spara\s\d+,?\s$|(?:@"
    r"|\bat)\s(?:approximately\s|about\s)?(?=[^.;\n]*$)(?<=\bpregnant at\s)$"
)
# 32w5d and 32 5/7 weeks are said of pregnancies alone, where they are no age.
_CLEAR = re.compile(r"w[0-6]d|\s[0-6]/7\s?w")
# "39 weeks and 6 days", and "38+3" late in a pregnancy, are said of nothing else, unless something lasted so long.
_SPELT = re.compile(r"\s?(?:weeks?|wks?),?\s(?:and\s|&\s)?[0-6]\s?days?\b|\s?\+\s?[0-6](?![\d/+])")
_LASTED = re.compile(r"\b(?:for|x|past|last|over|within|after|in|every|about)\s$")
TELLING = 20
_AGE = re.compile(r"\s?-?(?:old|ago|post(?!\s?-?(?:dates?|term)\b)|later|after)")
_BIRTH = re.compile(r"\b(?:born|ex|birth|premature|prematurely|preterm|premie|neonate|newborn)\b[^.;\n]{0,25}$")
_BORN_AT = re.compile(r"\bborn\s(?:[a-z]+\s){0,3}at\s(?:about\s|approximately\s)?$")
_WEEKER = re.compile(r"(?:\s[0-6]/7|\+[0-6])?[\s-]?week(?:er|\spreemie|\spremie)\b")
_SCORE = re.compile(
    r"(\d(?<![\d/.,-]\d)\d?)(?:\.\d)?(?:\s?(?:-|to)\s?(\d{1,2}))?\s?(?:/|(?:out\s)?of)\s?(?:10|ten)(?![\d/%]|\s?-\d)"
)
_PAIN_BEFORE = re.compile(r"\b(?:pain|headache|ache|discomfort|cramp\w*|severity|intensity|tenderness)\b[^.;\n]{0,60}$")
_PAIN_BEHIND = re.compile(
    r"[\s,(\"]{0,3}(?:in\s(?:severity|intensity|pain)|(?:[a-z-]+\s){0,4}?(?:pain|headache|discomfort|severity"
    r"|intensity)\b)"
)
_NO_PAIN = re.compile(r"\b(?:since|on|dated?|from|strength|power|apgar|goal|than|until)\s(?:[a-z]+\s)?$")
_SIGHT = re.compile(r"20(?<![\d/.-]20)\s?/\s?(\d{2,3})(?:\s?[+-]\s?\d)?(?![\d/])")
_EYE = re.compile(
    r"\b(?:od|os|ou|va|bcva|ucva|visual\sacuity|vision|snellen|acuity|right\seye|left\seye|both\seyes|re"
    r"|le)\b[^.;\n]{0,40}$"
)
_SIDE_BEHIND = re.compile(r"[\s,(]{0,3}(?:in\s(?:the\s|her\s|his\s)?)?(od|os|ou|right|left|both|bilaterally)\b")
_SIDE_BEFORE = re.compile(
    r"\b(od|os|ou|right|left|both)(?:\seyes?)?[\s:=]{0,3}(?:(?:is|was|of|at|va|vision|acuity)[\s:]){0,2}$"
)
_SATURATION = re.compile(
    r"(?P<value>\d(?<![\d./-]\d)\d\d?)\s?(?:%|percent)\s(?=(?:on\s)?(?:ra|room\sair|\d{1,2}\s?l(?:iters?"
    r"|pm)?\s?(?:nc|nasal|o2|oxygen|of\so)))"
)
LOWEST, HIGHEST = 4, 43


def find_counted(folded: str, kinds: Collection[str]) -> Iterator[Value]:
    """The values whose number comes before what it counts; only those kinds that `kinds` names are looked for."""
    for kind, find in _KINDS.items():
        if kind in kinds:
            yield from find(folded)


def _gestation(folded: str) -> Iterator[Value]:
    for match in _WEEKS.finditer(folded):
        start, end, weeks = match.start(), match.end(), match.group()
        early = _BIRTH.search(folded, max(0, start - 45), start)
        if not LOWEST <= int(weeks) <= HIGHEST:
            continue
        if weeker := _WEEKER.match(folded, end):
            yield Value("gestational age at birth", weeks, start, weeker.end())
            continue
        days = _DAYS.match(folded, end)
        if not days or _AGE.match(folded, days.end()):
            continue
        lead = folded[max(0, start - 50) : start]
        before = _PREGNANCY_BEFORE.search(lead) or _BORN_AT.search(lead)
        if (
            before
            or _CLEAR.match(folded, end)
            or _PREGNANCY_BEHIND.match(folded, days.end())
            or _spelt(folded, match, lead)
        ):
            said = tuple(("days", d) for d in days.groups() if d)
            first = start if not before else max(0, start - 50) + before.start()
            yield Value(
                "gestational age at birth" if early else "weeks of gestation", weeks, first, days.end(), "", said
            )


def _spelt(folded: str, match: re.Match[str], lead: str) -> bool:
    """Whether weeks and days stand as they do of a pregnancy past its middle."""
    late = int(match.group()) >= TELLING
    return late and _SPELT.match(folded, match.end()) is not None and not _LASTED.search(lead)


def _pain(folded: str) -> Iterator[Value]:
    for match in _SCORE.finditer(folded):
        before = folded[max(0, match.start() - 75) : match.start()]
        if int(match[1]) > 10 or _NO_PAIN.search(before):
            continue
        if _PAIN_BEFORE.search(before) or _PAIN_BEHIND.match(folded, match.end()):
            said = (("upper", match[2]),) if match[2] else ()
            yield Value("pain score", match[1], match.start(), match.end(), "", said)


def _sight(folded: str) -> Iterator[Value]:
    reached = -1
    for match in _SIGHT.finditer(folded):
        before = folded[max(0, match.start() - 60) : match.start()]
        behind = _SIDE_BEHIND.match(folded, match.end())
        in_a_row = reached >= 0 and match.start() - reached < 25
        if not (in_a_row or behind or _EYE.search(before)):
            continue
        side = _SIDE_BEFORE.search(folded, max(reached, match.start() - 30, 0), match.start()) or behind
        said = (("side", shapes.SIDES[side[1]]),) if side else ()
        reached = behind.end() if side is behind and behind else match.end()
        yield Value("visual acuity", f"20/{match[1]}", match.start(), reached, "", said)


def _saturation(folded: str) -> Iterator[Value]:
    for match in _SATURATION.finditer(folded):
        oxygen = shapes.OXYGEN.match(folded, match.end() - 1)
        if oxygen and 50 <= int(match["value"]) <= 100:
            said = (("oxygen", shapes.oxygen(oxygen)),)
            yield Value("oxygen saturation", match["value"], match.start(), oxygen.end(), "%", said)


_KINDS: Mapping[str, Callable[[str], Iterator[Value]]] = {
    "gestation": _gestation,
    "pain": _pain,
    "sight": _sight,
    "saturation": _saturation,
}
