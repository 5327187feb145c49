"""What the words around a drug tell of one dose: amount, way, times, access, waste, containers, National Drug Code.

Words that hold numbers of another sort (a lot, a concentration, a rate, a diluent) are read first and taken out: what
is left of numbers with a unit is the dose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from leadterm.coding.numerals import number_of, words_to
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import DrugCode

from . import amounts
from ._cues import cue, cues
from .amounts import AMOUNT, NUMBER, UNIT, Amount, amount
from .clock import CLOCK, Times, minutes, moved, times

_COUNT = rf"(?P<count>\d{{1,2}}|{words_to(10)}|an?|single)"
_SIZE = rf"(?P<number>{NUMBER})[\s-]*(?P<unit>{UNIT})(?:\s*/\s*(?:[\d.]+\s*)?ml)?"
_KIND = (
    r"(?:\s*[,-]?\s*(?:single[- ](?:dose|use)|multi(?:ple)?[- ]?(?:dose|use)|sdv|mdv|preservative[- ]free"
    r"|prefilled|pre-filled|powder|of))*"
)
_BOX = r"(?:vials?|ampules?|ampoules?|amps?|syringes?|pens?|sdvs?|mdvs?|cartridges?|autoinjectors?|bottles?|kits?)"
_ADJECTIVE = r"(?:(?:pre-?filled|single[- ](?:dose|use)|new|full|whole|separate|unopened)\s+)*"
_CONTAINERS = (
    compiled(rf"(?<![\w.]){_COUNT}\s*(?:x|×)?\s*(?:\(\d\)\s*)?{_ADJECTIVE}(?<![\w.]){_SIZE}{_KIND}\s*{_BOX}\b"),
    compiled(rf"(?<![\w.]){_COUNT}{_KIND}\s*{_BOX}\s*(?:of|\(|@|at|,|x|×|each)?\s*{_SIZE}(?:\s*each)?"),
    compiled(rf"(?<![\w.]){_SIZE}{_KIND}\s*{_BOX}\s*(?:x|×|\(x)\s*(?P<count>\d{{1,2}})"),
    compiled(rf"(?<![\w.]){_SIZE}{_KIND}\s*{_BOX}\b"),
)
_SINGLE = compiled(r"\bsingle[- ](?:dose|use)\b|\bsdv\b|\bpre-?filled syringe\b|\bampules?\b|\bampoules?\b|\bsuv\b")
_MULTIPLE = compiled(r"\bmulti(?:ple)?[- ]?(?:dose|use)\b|\bmdv\b|\bmultidose\b")
_LOST = r"(?:wasted?|wastage|discard(?:ed)?|disposed(?: of)?)"
_WASTE = (
    compiled(rf"\b(?:{_LOST}|unused|drug waste)(?: amount| of| documented| dose)*[\s:=(~-]*(?:[a-z]+ ){{0,3}}{AMOUNT}"),
    compiled(rf"{AMOUNT}(?:\s+(?:of )?(?:[a-z]+\s){{0,5}}|\s*\(?)(?:was |were |is |being )?{_LOST}\b"),
    compiled(rf"\b(?:remaining|remainder of|residual|leftover)\s+{AMOUNT}[^.;]{{0,40}}\b{_LOST}\b"),
)
_NO_WASTE = compiled(
    rf"\b(?:no|zero|without|w/o|nil)\s+(?:drug |medication |unused )?(?:waste|wastage"
    rf"|discard|amount (?:was )?(?:wasted|discarded)|drug (?:was )?(?:wasted|discarded))"
    rf"|\b(?:none|nothing|no (?:drug|medication|residual))(?: was| is)? (?:{_LOST}|left(?: over)?|remain\w*|unused)"
    r"|\b(?:vials?|syringes?|bottles?|bags?|amps?|both|all) (?:was |were )?(?:both |all |fully )?"
    r"(?:used (?:entirely|completely|in full|up)|emptied|infused to empty)\b|\binfused to empty\b"
    r"|\b(?:the )?whole (?:vial|bottle|syringe|amp\w*)\b"
    rf"|\b{_LOST}(?: amount)?[\s:=]*(?:none|nil|n/a|zero|0(?![\d.]))"
    r"|\b0 ?(?:mg|ml|mcg|units?)? ?(?:was )?(?:wasted|discarded|waste)\b|\bentire (?:contents?"
    r"|vial|amount|syringe|dose of the vial)\b|\bno jw\b|\bfull vials?\b"
)
_WASTED = compiled(rf"\b{_LOST}\b|\bunused (?:portion|drug|medication)\b")
_NDC = compiled(
    r"\bndc\b[\s#:.=-]*(?P<code>\d{4,5}-\d{3,4}-\d{1,2}|\d{11})(?!\d)"
    rf"(?:[\s,;|(-]*(?:qty|quantity|amount|billed|x)?[\s:=]*(?P<quantity>{NUMBER})\s*(?P<measure>un"
    rf"|ml|gr|f2|me|units?)\b"
    rf"|[\s,;|(-]*(?P<measure2>un|ml|gr|f2|me)\s*(?P<quantity2>{NUMBER}))?"
)
_N4 = compiled(rf"\bn4\s*(?P<code>\d{{11}})\s*(?P<measure>un|ml|gr|f2|me)\s*(?P<quantity>{NUMBER})")
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
    r"(?:\bin|\bwith|\bw/|\binto|\bto|\+|/)\s*(?:a |an )?(?:total (?:volume )?(?:of )?)?"
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
# By which way: words that name it, then places of the body that imply it.
_ROUTES = tuple((way, cue(f"route {way}")) for way in cues("route"))
_PLACES = tuple((way, cue(f"place {way}")) for way in cues("place"))
_SITE = compiled(
    r"\b(?P<side>right|left|rt|lt|r|l)[\s.]*(?:upper |lower |chest |arm |dorsal )*(?P<place>a\.?c\.?(?: fossa)?"
    r"|antecub\w*|fore ?arm|fa|hand|wrist|arm|port(?:-?a-?cath)?|chest|ej|ij|foot"
    r"|subclavian|picc)\b"
    r"|\b(?P<alone>port(?:-?a-?cath)?|picc|midline|central line|mediport)\b|\b(?P<second>(?:second"
    r"|2nd|#2) (?:piv|iv|peripheral|access|line|site))|\b(?P<short>[rl])(?P<ac>ac"
    r"|fa)\b"
)
_NAMES_OF_SITES = (
    ("ac", "ac"),
    ("antecub", "ac"),
    ("a.c", "ac"),
    ("fore", "forearm"),
    ("fa", "forearm"),
    ("port", "port"),
    ("mediport", "port"),
    ("chest", "port"),
)


@dataclass(frozen=True, slots=True)
class Waste:
    """What was discarded.

    Attributes:
        amount: How much; zero where the record says that nothing was; None where it does not say how much.
        begin, end: Where the words stand, in the text that was read.
    """

    amount: Amount | None
    begin: int
    end: int


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


class _Text:
    """A text of which parts are taken out, places kept."""

    def __init__(self, text: str) -> None:
        self.left = text

    def take(self, pattern: Pattern, start: int = 0) -> Iterator[re.Match[str]]:
        """The matches from a place on, each taken out."""
        for found in list(pattern.finditer(self.left, start)):
            self.left = f"{self.left[: found.start()]}{' ' * len(found[0])}{self.left[found.end() :]}"
            yield found

    def first(self, *patterns: Pattern) -> re.Match[str] | None:
        """The first match of the first pattern that has one; all of its matches are taken out."""
        for pattern in patterns:
            if taken := list(self.take(pattern)):
                return taken[0]
        return None


def details(text: str, name_ends: int, wide: str, ahead: int = 0, fluid: bool = False) -> Details:
    """What a text in small letters tells of a dose.

    name_ends: where the drug's name ends in it. wide: the whole sentence, for what is said once for several drugs.
    ahead: how far the sentence begins before the text; places of times count from the text's beginning.
    fluid: whether the drug is itself a fluid, so that volumes are its dose.
    """
    left = _Text(text)
    ndc = _ndc(left)
    for pattern in _NOISE[:1]:
        list(left.take(pattern))
    by_the_clock = left.left
    containers = _containers(left)
    waste = _waste(left)
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
        _route(own) or _route(text[:name_ends]) or _route(wide),
        *_method(own, text, wide),
        _times(by_the_clock, name_ends, _NDC.sub(_blank, wide), ahead),
        _site(own) or _site(wide),
        waste,
        _repeats(left.left[name_ends:]),
        containers,
        False if _MULTIPLE.search(text) else True if _SINGLE.search(text) else None,
        ndc,
        _bare(own),
    )


def _bare(own: str) -> Decimal | None:
    found = _BARE.match(own)
    return Decimal(found["number"].replace(",", "")) if found else None


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


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


def _method(own: str, text: str, wide: str) -> tuple[bool, bool]:
    """Whether it was pushed, and whether it was infused, by the nearest words that say either."""
    for said in (own, text, wide.replace("bolus", "     ")):
        push, infusion = bool(cue("push").search(said)), bool(cue("infusion").search(said))
        if push or infusion:
            return push, infusion
    return False, False


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


def _strengths(left: _Text, text: str, name_ends: int) -> tuple[Amount, ...]:
    found = [
        Amount(a.value / Decimal((m["volume"] or "1").replace(",", "")), a.kind)
        for m in left.take(_CONCENTRATION)
        if (a := amount(m["number"], m["unit"])).kind != "ml" and m["volume"] not in ("0", "0.0")
    ]
    if named := _STRONG.search(text[name_ends:]):
        found.append(Amount(Decimal(named["number"]), "mg"))
    found += [Amount(Decimal(m["number"]) * 10, "mg") for m in left.take(_PERCENT)]
    return tuple(found)


def _containers(left: _Text) -> tuple[tuple[int, Amount], ...]:
    for pattern in _CONTAINERS:
        found = [(_count(m), amount(m["number"], m["unit"])) for m in left.take(pattern)]
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _count(m: re.Match[str]) -> int:
    said = m.groupdict().get("count")
    return 1 if said is None else number_of(said)


def _waste(left: _Text) -> Waste | None:
    if none := left.first(_NO_WASTE):
        return Waste(Amount(amounts.NOTHING, "mg"), none.start(), none.end())
    if some := left.first(*_WASTE):
        return Waste(amounts.of(some), some.start(), some.end())
    said = _WASTED.search(left.left)
    return Waste(None, said.start(), said.end()) if said else None


def _ndc(left: _Text) -> DrugCode | None:
    found = left.first(_N4, _NDC)
    if found is None:
        return None
    groups = found.groupdict()
    number = groups.get("quantity") or groups.get("quantity2")
    unit = groups.get("measure") or groups.get("measure2")
    code = eleven_digits(found["code"])
    measure = "UN" if unit and unit.startswith("unit") else unit.upper() if unit else None
    return DrugCode(code, Decimal(number.replace(",", "")) if number else None, measure) if code else None


def eleven_digits(code: str) -> str | None:
    """A National Drug Code in its eleven digits (5-4-2); None for ten digits that do not tell where the zero goes."""
    parts = code.split("-")
    if len(parts) == 1:
        return code if len(code) == 11 else None
    labeler, product, package = parts
    written = f"{labeler:0>5}{product:0>4}{package:0>2}"
    return written if len(written) == 11 and len(code) in (12, 13) else None


def _route(text: str) -> str:
    found = [(m.start(), route) for route, pattern in _ROUTES if (m := pattern.search(text))]
    if not found:
        found = [(m.start(), route) for route, pattern in _PLACES if (m := pattern.search(text))]
    return min(found)[1] if found else ""


def _site(text: str) -> str:
    found = _SITE.search(text)
    if found is None:
        return ""
    if found["second"]:
        return "second"
    if found["short"]:
        return f"{found['short']} {'ac' if found['ac'] == 'ac' else 'forearm'}"
    if found["alone"]:
        return "port" if "port" in found["alone"] else found["alone"]
    place = next((name for start, name in _NAMES_OF_SITES if found["place"].startswith(start)), found["place"])
    return place if place in ("port", "picc") else f"{found['side'][0]} {place}"
