"""Which weeks of gestation count: those of the admission, or of the visit (I.C.15.a.3, I.C.21.c.11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from leadterm.domain import Fact

from .patterns import compiled

SECOND, THIRD = 14, 28
# What weeks are said of: something else than the present of this pregnancy.
_ELSEWHERE = compiled(
    r"\b(?:ultrasound|scan|sono|u/?s|dating|dated|anatomy|prior|previous|last|first|former|history"
    r"|hx|h/o|g1:|sab|miscarr\w+"
    r"|iol|booked|planned|schedul\w+|until|till|by|goal|target|repeat|return|rtc|follow|plan|deliver\w* (?:at|by)"
    r"|born|birth|since|from|culture|swab|booking|sister|mother|discharge|dc|d/c|out|delivered)\b[^.;,\n]{0,25}$"
)
_HERE = compiled(
    r"\b(?:admi\w+|adm|at|@|today|now|currently|presents?|presented|ga|ega|gestation|iup"
    r"|pregnan\w+|week|in:)\W[^.;\n]{0,30}$"
    r"|\b(?:g ?\d+ ?p ?\d+[\d-]*|gravida)[^.;\n]{0,60}$"
)
_BEHIND = compiled(r"^\W{0,3}(?:on (?:adm\w*|arrival|the day of adm)|today|at admission|pregnan|by\b)")


def trimester_of(weeks: str) -> str:
    """The trimester of completed weeks: less than 14, less than 28, more (chapter 15)."""
    number = float(weeks)
    return "first" if number < SECOND else "second" if number < THIRD else "third"


def weeks_now(present: Sequence[Fact], sentence: Callable[[Fact], str], line: Callable[[Fact], str]) -> Fact | None:
    """The fact that tells the weeks of gestation now; of several alike the first, with its days before without."""
    found = [f for f in present if f.concept == "weeks of gestation"]
    return min(found, key=lambda f: (_doubt(f, line(f) or sentence(f)), f.mention.span.start), default=None)


def _doubt(fact: Fact, text: str) -> int:
    """How little the words around say that these are the weeks of now."""
    at = text.find(fact.mention.text.lower())
    before, behind = (text[:at], text[at + len(fact.mention.text) :]) if at >= 0 else ("", "")
    # The mention may begin at words of its own: "G2P1 at 39w3d".
    told = bool(_HERE.search(before)) or bool(_BEHIND.match(behind)) or not fact.mention.text[:1].isdigit()
    lab = 2 * (fact.section == "results")  # when a test was taken
    return 3 * bool(_ELSEWHERE.search(before)) + lab + (not told) + ("days" not in fact.attributes)
