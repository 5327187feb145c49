"""Contact dermatitis by what touched the skin (L23 to L25), and infections of the nail fold by the digit."""

from __future__ import annotations

import re
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart, Opening
from leadterm.coding.passages import beside, holds, own_words
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, PathwayStep, Step

RULE = "ICD10CM:I.C.12/contact"
NAILS = "ICD10CM:I.C.12/nail-fold"
CONTACT = ("L23.9", "L24.9", "L25.9")
_ALLERGIC = compiled(r"\ballerg")
_IRRITANT = compiled(r"\birritant")
_DIGITS = (("toe", "L03.03"), ("hallux", "L03.03"), ("finger", "L03.01"), ("thumb", "L03.01"), ("hand", "L03.01"))
_PARONYCHIA = compiled(r"paronych|onychia|felon|whitlow", re.IGNORECASE)


def open_contact(chart: Chart, fact: Fact) -> Opening | None:
    """Where a contact dermatitis opens whose words tell what touched the skin."""
    if not fact.targets or not fact.targets[0].startswith(CONTACT) or fact.assertion is Assertion.ABSENT:
        return None
    own = own_words(chart, fact, [f for f in beside(chart, fact) if f.targets and f.targets[0].startswith("L2")])
    row = next((row for words, row in _touched() if holds(words, own)), None)
    kind = _kind(fact.targets[0], own)
    node = row[kind] if row else {"allergic": "L23.9", "irritant": "L24.9", "contact": "L25.9"}[kind]
    said = PathwayStep(Step.LEXICON, f"\u201c{fact.mention.text}\u201d: {fact.concept}, {fact.targets[0]}")
    return Opening(node, (said, PathwayStep(Step.TABULAR, f"{node}: {reason(RULE)}", RULE)), settled=True)


@cache
def _touched() -> tuple[tuple[Pattern, dict[str, str]], ...]:
    return tuple((compiled(row["words"]), row) for row in rows("guidelines/chapter12_skin/dermatitis"))


def _kind(target: str, own: str) -> str:
    """`allergic`, `irritant` or `contact`, by the term, else by the words beside it."""
    by_target = {"L23": "allergic", "L24": "irritant"}.get(target[:3])
    if by_target:
        return by_target
    return "allergic" if holds(_ALLERGIC, own) else "irritant" if holds(_IRRITANT, own) else "contact"


def open_nail_fold(chart: Chart, fact: Fact) -> Opening | None:
    """Where an infection of the nail fold opens, by the digit."""
    if not _PARONYCHIA.search(fact.mention.text) or not fact.targets or not fact.targets[0].startswith("L03.0"):
        return None
    said = f"{fact.attributes.get('site', '')} {chart.sentence(fact)}"
    node = next((node for word, node in _DIGITS if word in said), None)
    return Opening(node, (PathwayStep(Step.TABULAR, f"{node}: {reason(NAILS)}", NAILS),)) if node else None
