"""What the words around a drug tell of one dose: amount, way, times, access, waste, containers, National Drug Code.

Words that hold numbers of another sort (a lot, a concentration, a rate, a diluent) are read first and taken out: what
is left of numbers with a unit is the dose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from leadterm.coding.numerals import number_of
from leadterm.coding.patterns import compiled
from leadterm.domain import DrugCode

from . import amounts, opened, ways
from ._cues import cue
from ._taking import Text
from .amounts import AMOUNT, NUMBER, UNIT, Amount, amount
from .clock import CLOCK, Times, minutes, moved, times
from .opened import Waste

_NOISE = (
    compiled(
        r"\b(?:lot|exp(?:ir\w*)?|mfr|manufacturer|serial|batch|pump|rn|pin)\b\s*(?:date"
        r"|no\.?|number)?[\s#:.=]*[\w./-]*\d[\w./-]*"
    ),
    compiled(
        rf"(?:{NUMBER})\s*(?:{UNIT})\s*/\s*(?:kg\s*/\s*)?(?:h|hr|hour|min|minute|day"
        rf"|d|week)s?\b|(?:{NUMBER})\s*(?:ml|cc)s? (?:per|an) hour"
    ),
    compiled(r"\bauc\s*(?:of\s*)?[\d.]+"),
    compiled(
        rf"\b(?:ordered|order|max(?:imum)?|up to|target|goal|available|supplied|cumulative"
        rf"|lifetime|previous(?:ly)?|decreased from|reduced from|increased from)\s*(?:dose"
        rf"|total|as)?[\s:]*{AMOUNT}"
    ),
)
_REPEAT = compiled(
    rf"\b(?:repeat(?:ed)?|again|another|then|second dose|2nd dose)\b(?P<between>[^.;\n]{{0,30}}?)(?:\bat"
    rf"|@)\s*(?P<time>{CLOCK})"
)
_CONCENTRATION = compiled(
    rf"(?P<number>{NUMBER})\s*(?P<unit>{UNIT})\s*(?:/|per)\s*(?P<volume>{NUMBER})?\s*(?:ml|cc)s?\b"
)
_PERCENT = compiled(rf"(?P<number>{NUMBER})\s*%")
_BARE = compiled(
    rf"^[ \t:,-]{{1,3}}(?P<number>{NUMBER})[ \t,]*(?:(?:given|x ?1|slow)[ \t]*)?"
    r"(?:i\.?m\.?|i\.?v\.?(?:pb?)?|s\.?[cq]\.?|subq?|po|push|intra\w+|in (?:the )?(?:r|l|right|left|\d+)|/|over|hung"
    r"|\d{4}|@|at \d|r |l )"
)
_STRONG = compiled(r"^[- ](?P<number>10|40|80)\b(?![.,]?\d| ?(?:mg|mcg|ml|cc|units?|%)\b)")
_PER = compiled(rf"(?P<number>{NUMBER})\s*(?P<unit>{UNIT})\s*(?:/|per)\s*(?P<per>kg|m2|m²|m\^2|sq ?m)\b")
_DILUENT = compiled(
    r"(?:\bin|\bwith|\bw/|\binto|\bto|\+|/|\bflush(?:ed)?:?)\s*(?:a |an )?(?:total (?:volume )?(?:of )?)?"
    rf"(?P<number>{NUMBER})\s*(?P<unit>ml|cc|l)s?\b(?! of (?!ns|normal|d5|sterile|saline|0\.9|lr))"
)
_TIMES = compiled(
    r"(?:\bx|×)\s*(?P<count>[2-9])\b(?!\s*(?:day|hour|hr|h\b|week|wk|min|month"
    r"|mo\b|d\b|sites?|vial|amp|syringe|/|mg|ml|\.))|\b(?P<said>two|three|2|3) doses\b"
)
_COUNTED = compiled(
    rf"(?:{NUMBER}[ -]?(?:{UNIT})|\b(?:iv|im|sc|sq|subq|ivp|ivpb|push|nebs?|doses?|given|bolus|iv push))$"
)
_TOTAL = compiled(r"\btotal(?:ing| of| dose)?\b[\s:=]*\d")
_SAID = compiled(
    rf"\b(?:given|gave|administered|administer|infused|injected|received|total(?: dose)?(?: of)?"
    rf"|dose(?: given)?|rounded(?: up| down)? to|=)[\s:=(]*{AMOUNT}"
)


@dataclass(frozen=True, slots=True)
class Details:
    """What a text tells of one dose; places are of that text.

    Attributes:
        doses: The amounts that may be the dose, likeliest first, each with its place.
        per: An amount for each kilogram or square metre, and which.
        strengths: Documented concentrations, for one millilitre.
        ratios: What stands before the stroke of a concentration that names its volume ("60 mg/2 mL"): a whole syringe.
        fold: How many times the dose was given.
        repeats: Further doses that the same words tell, each with its minute: as much as the first where None.
        containers: How many containers of which size were opened.
        bare: A number without a unit where the dose stands ("Toradol 60 IM").
        single: Whether the record calls them single-dose (True) or multiple-dose (False).
    """

    doses: tuple[tuple[Amount, int, int], ...]
    per: tuple[Amount, str] | None
    strengths: tuple[Amount, ...]
    ratios: tuple[Amount, ...]
    fold: int
    route: str
    push: bool
    infusion: bool
    times: Times
    site: str
    waste: Waste | None
    repeats: tuple[tuple[Amount | None, int], ...]
    containers: tuple[tuple[int, Amount], ...]
    single: bool | None
    ndc: DrugCode | None
    bare: Decimal | None = None


def details(text: str, name_ends: int, wide: str, ahead: int = 0, fluid: bool = False) -> Details:
    """What a text in small letters tells of a dose.

    name_ends: where the drug's name ends in it. wide: the whole sentence, for what is said once for several drugs.
    ahead: how far the sentence begins before the text; places of times count from the text's beginning.
    fluid: whether the drug is itself a fluid, so that volumes are its dose.
    """
    left = Text(text)
    ndc = opened.ndc(left)
    for pattern in _NOISE[:1]:
        list(left.take(pattern))
    by_the_clock = left.left
    containers, waste = opened.containers(left), opened.waste(left)
    for pattern in _NOISE[1:]:
        list(left.take(pattern))
    per = next(((amount(m["number"], m["unit"]), "kg" if m["per"] == "kg" else "m2") for m in left.take(_PER)), None)
    ratios = tuple(amount(m["number"], m["unit"]) for m in _CONCENTRATION.finditer(left.left) if m["volume"])
    strengths = _strengths(left, text, name_ends)
    if not fluid:
        list(left.take(_DILUENT, name_ends))
    own = text[name_ends:]
    return Details(
        tuple(_doses(left.left, name_ends)),
        per,
        strengths,
        ratios,
        _fold(left.left, name_ends),
        ways.route(own) or ways.route(text[:name_ends]) or ways.route(wide),
        *ways.method(own, text, wide),
        _times(by_the_clock, name_ends, opened.without_ndc(wide), ahead),
        ways.site(own) or ways.site(wide),
        waste,
        _repeats(left.left[name_ends:]),
        containers,
        opened.single_dose(text),
        ndc,
        _bare(own),
    )


def _bare(own: str) -> Decimal | None:
    found = _BARE.match(own)
    return Decimal(found["number"].replace(",", "")) if found else None


def _times(text: str, name_ends: int, wide: str, ahead: int) -> Times:
    """The times after the name, else of all words that belong to it, else of the sentence: the first that are whole."""
    after, whole = moved(times(text[name_ends:]), name_ends), times(text)
    if after.minutes is not None or (after.moment is not None and whole.minutes is None):
        return after
    found = whole if whole.minutes is not None or after == Times() else after
    if found.begin != found.end:
        return found
    said = moved(times(wide), -ahead)
    pushed = cue("push").search(text.replace("bolus", "     ")) is not None
    return Times() if pushed and said.minutes is not None else said  # a push has no stop: another drug's times


def _doses(text: str, name_ends: int) -> Iterator[tuple[Amount, int, int]]:
    """The amounts: one that is said to be given, then those after the name, then the last before it."""
    found = [(amounts.of(m), m.start(), m.end()) for m in re.finditer(AMOUNT, text)]
    said = [(amounts.of(m), m.start("number"), m.end()) for m in _SAID.finditer(text)]
    after = [f for f in found if f[1] >= name_ends]
    before = [f for f in found if f[1] < name_ends]
    late = [s for s in said if s[1] >= name_ends]
    yield from dict.fromkeys((*late, *after, *reversed(before)))


def _fold(text: str, name_ends: int) -> int:
    found = next((m for m in _TIMES.finditer(text) if _of_a_dose(text, m, name_ends)), None)
    if found is None or _TOTAL.search(text):
        return 1  # "50 mcg x3, total 150 mcg": the total is the dose
    return number_of(found["count"] or found["said"])


def _of_a_dose(text: str, found: re.Match[str], name_ends: int) -> bool:
    """Whether "x2" counts doses: it follows an amount, a way, the drug's name, and no "cultures"."""
    before = text[: found.start()].rstrip(" (,[")
    return bool(found["said"]) or len(before) <= name_ends or bool(_COUNTED.search(before))


def _repeats(own: str) -> tuple[tuple[Amount | None, int], ...]:
    """Further doses after the first, with their times ("repeated 40 mg at 12:00", "again at 1330")."""
    found = []
    for m in _REPEAT.finditer(own):
        inner = re.search(AMOUNT, m["between"])
        found.append((amounts.of(inner) if inner else None, minutes(m["time"])))
    return tuple(found)


def _strengths(left: Text, text: str, name_ends: int) -> tuple[Amount, ...]:
    found = [
        Amount(a.value / Decimal((m["volume"] or "1").replace(",", "")), a.kind)
        for m in left.take(_CONCENTRATION)
        if (a := amount(m["number"], m["unit"])).kind != "ml" and m["volume"] not in ("0", "0.0")
    ]
    if named := _STRONG.search(text[name_ends:]):
        found.append(Amount(Decimal(named["number"]), "mg"))
    found += [Amount(Decimal(m["number"]) * 10, "mg") for m in left.take(_PERCENT)]
    return tuple(found)
