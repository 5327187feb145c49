"""F17, Z72.0, Z87.891: what is smoked, chewed or vaped, now or in the past."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart, Opening
from leadterm.coding.passages import clause
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, PathwayStep, Step

from .disorders import NICOTINE, PLAIN, REMITTED, Disorder, read

RULE = "ICD10CM:I.C.5.b/nicotine"
UNSPECIFIED, HISTORY, USE = "F17.20", "Z87.891", "Z72.0"
_PRODUCTS = (
    ("F17.29", compiled(r"\bvap(?:e|es|ing|er)\b|\be-?\s?cig|\belectronic cig|\bjuul|\bcigars?\b|\bhookah|\bpipe\b")),
    ("F17.22", compiled(r"\bchew|\bsnuff|\bsnus|\bdip(?:s|ping)?\b|\bsmokeless|\boral tobacco")),
    ("F17.21", compiled(r"\bcigarettes?\b|\bcigs?\b|\bppd\b|\bpacks?\b|\bpk\b|\bpks\b")),
)
_OF_ATTRIBUTE = {
    "cigarettes": "F17.21",
    "chewing tobacco": "F17.22",
    "vaping": "F17.29",
    "cigars": "F17.29",
    "hookah": "F17.29",
}
_SMOKES = compiled(r"\bsmok")
_WITHDRAWAL = compiled(r"\bwithdrawal")
_REMISSION = compiled(r"\bremission\b")
_OWN = ("F17", "Z72.0", "Z87.891")


def open_tobacco(chart: Chart, fact: Fact) -> Opening | None:
    """Where what the chart says of tobacco opens; None for any other fact and for what it denies."""
    about = fact.attributes.get("substance") == "tobacco" or bool(fact.targets and fact.targets[0].startswith(_OWN))
    if not about or fact.assertion is Assertion.ABSENT:
        return None
    code = _code(chart, fact)
    if code is None or not chart.book.is_billable(code):
        return None
    step = PathwayStep(Step.GUIDELINE, f"\u201c{fact.mention.text}\u201d: {code}. {reason(RULE)}", RULE)
    return Opening(code, (step,), settled=True)


def _code(chart: Chart, fact: Fact) -> str | None:
    pattern = fact.attributes.get("pattern", "")
    known = fact.targets[0] if fact.targets else ""
    if pattern == "exposure" or (pattern in ("never", "none") and not known.startswith(NICOTINE)):
        return None
    if known == HISTORY or pattern == "former" or fact.assertion is Assertion.HISTORICAL:
        return HISTORY
    words = clause(chart, fact, _OWN)
    product = _OF_ATTRIBUTE.get(fact.attributes.get("product", "")) or _product(words)
    dependent = known.startswith(NICOTINE) or pattern in ("dependence", "abuse", "use disorder", "in remission")
    if not dependent and product is None and not _SMOKES.search(fact.mention.text.lower()):
        return USE
    brought = "3" if _WITHDRAWAL.search(words) else REMITTED if _REMISSION.search(words) else PLAIN
    own = known[:6] if known.startswith(NICOTINE) and len(known) > 5 and known[:6] != UNSPECIFIED else None
    return Disorder(product or own or UNSPECIFIED, "2", brought).code(chart.book)


def _product(words: str) -> str | None:
    return next((code for code, pattern in _PRODUCTS if pattern.search(words)), None)


def products(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Nicotine dependence at the products that the chart names, with the withdrawal or remission said of it."""
    mine = [c for c in candidates if c.code.startswith(NICOTINE)]
    said = [d for c in mine if (d := read(c.code)) is not None]
    named = list(dict.fromkeys(d.category for d in said if d.category != UNSPECIFIED))
    if not mine or (len(mine) == 1 and not named):
        return candidates
    ends = [d.brought for d in said if d.brought not in (PLAIN, "")]
    codes = [Disorder(p, "2", ends[0] if ends else PLAIN).code(chart.book) for p in named or [UNSPECIFIED]]
    first = min(mine, key=lambda c: c.rank)
    whole = first.joined(*(c for c in mine if c is not first))
    new = [whole.stepped(f"{code}. {reason(RULE)}", RULE, code=code) for code in codes if code]
    at = candidates.index(first)
    left = [c for c in candidates[:at] if c not in mine], [c for c in candidates[at:] if c not in mine]
    return [*left[0], *new, *left[1]]
