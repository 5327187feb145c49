"""What a line of equipment, orthoses or prostheses needs besides its code: new or rented, month, side, level, flow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from leadterm.coding.chart import Chart
from leadterm.coding.numerals import number_of, words_to
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.sentences import whole_line
from leadterm.coding.services.service import Service
from leadterm.domain import Document, Query

from .sides import in_pairs

BOUGHT, MONTH, CRITERIA = "MCPM:20.30/new-rented-used", "MCPM:20.30.5/month", "MCPM:20.110/criteria"
LEVEL, FLOW = "MCPM:20.40/functional-level", "MCPM:20.30.6/flow"
WOUNDS = "MCPM:20.100/wounds"
# What a policy's criteria are attested for: equipment, orthoses, shoes of diabetics, supplies of airway pressure.
_ATTESTED = ("E", "K", "L", "A55", "A702", "A703", "A704", "A4604")
_DRESSINGS = tuple(f"A{n}" for n in (601, 602, *range(619, 627), 640, 6407, 6460, 6461))
_WOUNDS = compiled(
    r"\b(?:number of wounds|# ?of wounds|no\.? of wounds|total wounds|wounds?(?: count)?|wounds (?:treated"
    r"|dressed))[ \t]*[:=#][ \t]*"
    rf"(?P<n>\d|{words_to(6)}|single)\b(?!\.\d|[/x\d]| ?cm)"
    rf"|(?<![\w./#-])(?P<o>\d|{words_to(6)}|(?:a )?single)[ ]?(?:\w+ ){{0,2}}?(?:wounds?|ulcers?)\b",
    re.IGNORECASE,
)
OXYGEN = frozenset({"E0424", "E0439", "E1390", "E1391"})
_HOW: tuple[tuple[str, Pattern], ...] = (
    ("UE", compiled(r"\b(?:used equipment|purchased? used|used,? purchase|pre-?owned|UE)\b", re.IGNORECASE)),
    ("RR", compiled(r"\b(?:rent(?:al|ed|ing)?|monthly rental|RR)\b", re.IGNORECASE)),
    (
        "NU",
        compiled(
            r"\b(?:purchas(?:e|ed)|new equipment|bought|sold|NU|new(?! (?:rental|order|pt|patient|start|month"
            r"|rx)))\b",
            re.IGNORECASE,
        ),
    ),
)
_MONTH = compiled(
    r"\b(?:rental )?(?:month|mo|mth)\.? ?(?:#|no\.? ?|:|=)? ?(?P<n>\d{1,2})\b|\b(?P<nth>\d{1,2})(?:st|nd|rd"
    r"|th) (?:rental )?(?:month|mo)\b"
    r"|\b(?P<first>first|initial|1st) (?:month|rental|claim|rental month)"
    rf"|\b(?:rental )?month (?P<word>{words_to(4)})\b"
    r"|\b(?P<of>\d{1,2}) of (?:13|36)\b",
    re.IGNORECASE,
)
_CRITERIA = compiled(
    r"\b(?:KX\b|(?:medicare |lcd |coverage |policy )+(?:criteria|requirements)"
    r"(?: for (?P<of>\w+(?: \w+){0,2}?))? ?(?:are |were |have been |is )?(?:met"
    r"|satisfied))",
    re.IGNORECASE,
)
_LEVEL = compiled(
    r"\b(?:k-?level|functional level|mfcl|mobility level"
    r"|medicare functional classification)[ \t:=-]*(?:level )?(?:is |of )?k?-?(?P<n>[0-4])\b"
    r"|\bk(?P<k>[0-4])(?:[ -](?:level|ambulator)|\b)",
    re.IGNORECASE,
)
_LITERS = compiled(
    r"(?<![\d.])(?P<n>\d{1,2}(?:\.\d+)?)[ \t]*(?:lpm|l/min|l/m|liters? (?:per|/|a) min(?:ute)?)\b", re.IGNORECASE
)
# What the rental of an oxygen system includes.
_WITH_OXYGEN = frozenset({"A4615", "A4616", "A4617", "A4619", "A4620", "E0555", "E1353", "E1355"})
_PORTABLE = frozenset({"E0431", "E0433", "E0434", "E1392", "K0738"})


def completed(chart: Chart, services: Sequence[Service]) -> tuple[list[Service], list[Query]]:
    """The lines with the modifiers that the record gives them, and what must be asked of those that lack one."""
    portable = any(s.code.value in _PORTABLE for s in services)
    if any(s.code.value in OXYGEN | _PORTABLE for s in services):
        services = [s for s in services if s.code.value not in _WITH_OXYGEN]
    whole = [line for s in services for line in _one(chart, s, portable)]
    unbought = [s for s in whole if _is_equipment(s) and not {"NU", "RR", "UE"} & set(s.modifiers)]
    unsided = [s for s in whole if _needs_side(s) and not {"RT", "LT"} & set(s.modifiers)]
    return whole, [*_bought_asked(unbought), *_side_asked(unsided)]


def _is_equipment(s: Service) -> bool:
    return s.code.value[0] == "E" or s.code.value.startswith("K0")


def _needs_side(s: Service) -> bool:
    return s.code.value.startswith(("A55", "L1", "L2", "L3", "L4", "L5", "L6")) and not s.code.value.startswith(
        ("L10", "L11", "L12")
    )


def _one(chart: Chart, s: Service, portable: bool) -> list[Service]:
    document = chart.encounter.document(s.evidence[0].document)
    line = whole_line(document.text, s.evidence[0].span.start).of(document.text)
    if _is_equipment(s):
        s = _bought(s, line, document)
    if s.code.value in OXYGEN:
        s = _flow(s, document, portable)
    if s.code.value.startswith("L5") and (m := _LEVEL.search(document.text)):
        s = s.modified(f"K{m['n'] or m['k']}", reason(LEVEL), LEVEL)
    if s.code.value.startswith(_ATTESTED) and _attested(s, document):
        s = s.modified("KX", reason(CRITERIA), CRITERIA)
    if s.code.value.startswith(_DRESSINGS) and (wounds := _wounds(document)):
        s = s.modified(f"A{wounds}", reason(WOUNDS), WOUNDS)
    return in_pairs(s, line) if _needs_side(s) else [s]


def _attested(s: Service, document: Document) -> bool:
    """Whether the paper attests the criteria of a policy: of the orthosis, or of the equipment, where it names one."""
    named = [(found["of"] or "").lower() for found in _CRITERIA.finditer(document.text)]
    return any(not of or _of(s.code.value, of) for of in named)


def _of(code: str, name: str) -> bool:
    """Whether a policy's name may be that of a code."""
    orthosis = re.search(r"orthos[ie]s|orthotic|brace|afo|boot|splint", name) is not None
    prosthesis = re.search(r"prosthe", name) is not None
    if not orthosis and not prosthesis:
        return True
    return code.startswith(("L1", "L2", "L3", "L4", "L0", "A55") if orthosis else ("L5", "L6", "L7", "L8"))


def _wounds(document: Document) -> int | None:
    """How many wounds the dressings are for, from 1 to 9; None where it is not told or told in two ways."""
    said = {number_of(m["n"] or m["o"]) for m in _WOUNDS.finditer(document.text)}
    only = next(iter(said)) if len(said) == 1 else 0
    return only if 1 <= only <= 9 else None


# A column that says by a letter whether an item was rented or sold.
_KINDS = compiled(
    r"\b(?:s/r|r/s|r/p|p/r|sale/rent\w*|rent\w*/(?:sale|purch\w*|buy)|purch\w*/rent\w*|nu/rr|rr/nu|buy/rent)\b",
    re.IGNORECASE,
)
_KIND = compiled(r"(?<=[ ]{2})([RSPNB])(?=[ ]{2}|\s*\Z)", re.IGNORECASE)
_OF_LETTER = {"R": "RR", "S": "NU", "P": "NU", "N": "NU", "B": "NU"}


def _bought(s: Service, line: str, document: Document) -> Service:
    """New, rented or used: by its line, by the title of its code, else by a document that says one thing alone."""
    said = [m for m, pattern in _HOW if pattern.search(line)][:1]
    if not said and _KINDS.search(document.text) and (cell := _KIND.search(line)):
        said = [_OF_LETTER[cell[1].upper()]]
    if not said and "rental" in (s.description or "").lower():
        said = ["RR"]
    if not said:
        said = [m for m, pattern in _HOW if pattern.search(document.text)]
    if len(said) > 1 and s.code.value in OXYGEN | _PORTABLE and "RR" in said:
        said = ["RR"]
    if len(said) != 1:
        return s
    s = s.modified(said[0], reason(BOUGHT), BOUGHT)
    month = _MONTH.search(line) or _MONTH.search(document.text)
    if said[0] == "RR" and month:
        n = 1 if month["first"] else number_of(month["word"] or month["n"] or month["nth"] or month["of"])
        s = s.modified("KH" if n == 1 else "KI" if n <= 3 else "KJ", reason(MONTH), MONTH)
    return s


def _flow(s: Service, document: Document, portable: bool) -> Service:
    """The prescribed flow at rest: less than one liter a minute, or more than four."""
    flows = {Decimal(m["n"]) for m in _LITERS.finditer(document.text)}
    if len(flows) != 1:
        return s
    flow = flows.pop()
    modifier = "QE" if flow < 1 else ("QF" if portable else "QG") if flow > 4 else ""
    return s.modified(modifier, reason(FLOW), FLOW) if modifier else s


def _bought_asked(lacking: Sequence[Service]) -> Iterable[Query]:
    if not lacking:
        return
    names = ", ".join(dict.fromkeys(s.pathway[0].text.split(":")[0] for s in lacking))
    question = f"Was the equipment ({names}) handed over new, rented or used?"
    codes = tuple(dict.fromkeys(s.code.value for s in lacking))
    yield query(
        "service",
        question,
        codes,
        ("bought new", "rented; month: ____", "bought used"),
        [s.evidence[0] for s in lacking],
    )


def _side_asked(lacking: Sequence[Service]) -> Iterable[Query]:
    for s in lacking:
        question = f"For which side was the item ({s.pathway[0].text.split(':')[0]}) fitted?"
        yield query("service", question, (s.code.value,), ("left", "right", "both sides"), s.evidence)
