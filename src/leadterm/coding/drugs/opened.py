"""What was opened for a dose and what was left of it: containers and their sizes, waste, National Drug Code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from leadterm.coding.numerals import number_of, words_to
from leadterm.coding.patterns import compiled
from leadterm.domain import DrugCode, eleven_digits

from . import amounts
from ._taking import Text
from .amounts import AMOUNT, NUMBER, UNIT, Amount, amount

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


def single_dose(text: str) -> bool | None:
    """Whether the record calls the containers single-dose (True) or multiple-dose (False)."""
    return False if _MULTIPLE.search(text) else True if _SINGLE.search(text) else None


def containers(left: Text) -> tuple[tuple[int, Amount], ...]:
    """How many containers of which size were opened; taken out of the text, as are all that follow."""
    for pattern in _CONTAINERS:
        found = [(_count(m), amount(m["number"], m["unit"])) for m in left.take(pattern)]
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _count(m: re.Match[str]) -> int:
    said = m.groupdict().get("count")
    return 1 if said is None else number_of(said)


def waste(left: Text) -> Waste | None:
    """What was discarded; None where no word of it stands."""
    if none := left.first(_NO_WASTE):
        return Waste(Amount(amounts.NOTHING, "mg"), none.start(), none.end())
    if some := left.first(*_WASTE):
        return Waste(amounts.of(some), some.start(), some.end())
    said = _WASTED.search(left.left)
    return Waste(None, said.start(), said.end()) if said else None


def without_ndc(text: str) -> str:
    """A text with its National Drug Codes blotted out, places kept."""
    return _NDC.sub(lambda found: " " * len(found[0]), text)


def ndc(left: Text) -> DrugCode | None:
    """The National Drug Code with its quantity; None where there is none whose eleven digits are known."""
    found = left.first(_N4, _NDC)
    if found is None:
        return None
    groups = found.groupdict()
    number = groups.get("quantity") or groups.get("quantity2")
    unit = groups.get("measure") or groups.get("measure2")
    code = eleven_digits(found["code"])
    measure = "UN" if unit and unit.startswith("unit") else unit.upper() if unit else None
    return DrugCode(code, Decimal(number.replace(",", "")) if number else None, measure) if code else None
