"""What a chart says of one injury: the words around its head that belong to it and to no injury beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leadterm.coding.chart import Chart
from leadterm.coding.navigating.said import NOTHING, Said, said
from leadterm.coding.patterns import compiled
from leadterm.domain import Fact

# Heads of injuries: one ends where the next begins.
HEAD = compiled(
    r"\b(?:fractures?|fxs?|frx|fractured|broken?|lacerat(?:ions?|ed)|lacs?|lac|contusions?|contused|abrasions?|scrapes?"
    r"|bruis(?:es?|ed|ing)|ecchymos[ie]s|sprain(?:s|ed)?|strain(?:s|ed)?|dislocat(?:ions?|ed)|subluxations?"
    r"|(?<!open )wounds?|open wounds?|tears?|torn|ruptured?|ruptures|bites?|crush(?:ed|ing)?(?: injur(?:y|ies))?"
    r"|amputations?|ha?ematomas?|avulsions?|avulsed|punctures?|concussion|injur(?:y|ies)|whiplash|foreign bod(?:y|ies)"
    r"|burns?|scalds?|corrosions?|frostbite|h(?:a)?emorrhages?|pneumothorax|ha?emothorax|skinned|splinters?|road rash"
    r"|cellulitis|arthritis|pain|swelling|blisters?|rolled|twisted|jammed|cuts?|frostbite)\b",
    re.IGNORECASE,
)
# Heads that name no injury: the side of a pain is that of the injury that it is due to.
_ACHE = compiled(r"\b(?:pain|swelling)\b", re.IGNORECASE)
_CLAUSE = compiled(
    r"[;:|]|(?<=\s)\d{1,2}(?=\s[A-Z])|(?<!\d)\.(?!\d)|\.(?=\s|\Z)|(?:(?<=\s)|\A)\(?\d{1,2}[).](?=\s)|\s-+\s|->"
    r"|\n\s*[-*•]|\n\s*\n",
)
_SEPARATOR = compiled(r",|\s(?:and|&|with|w/|plus|\+|as well as|also)\s|\s/\s|\+|\bno\b|\bwithout\b")
# What follows these words tells how or what was done, not where.
_AFTER = compiled(
    r"\b(?:after|when|while|due to|s/p|status post|sustained|caused|secondary|treated|seen|since|who|which|that|because"
    r"|by|from|onto|around|about|near|as (?:he|she|they)|for|fixed|nailed|plated|repaired|splinted|casted|reduced"
    r"|healing|improving)\b",
    re.IGNORECASE,
)
# What is near a place that is named already is not where it is ("of the forehead, above the brow").
_BEYOND = compiled(r"\b(?:above|below|beneath|beside|adjacent to|(?:just )?(?:lateral|medial|superior|inferior) to)\b")
_BEFORE = compiled(
    r"\b(?:has|had|sustained|suffered|shows?|showed|reveals?|revealed|demonstrates?|found|onto|landed on|dx|diagnosis"
    r"|impression|imp|confirms?|for|from|consistent with|c/w|denies|was|is|are|were|but)\b:?",
    re.IGNORECASE,
)
_SIDE = compiled(
    r"\b(?:(?P<both>bilat(?:eral(?:ly)?)?|both(?! bones?)|b/l)|(?P<right>right|rt)|(?P<left>left|lt))\b", re.IGNORECASE
)
_LETTER = compiled(r"(?<![\w/.'])(?P<side>[RL])(?=[\s,.)]|\Z)(?!\s?\d(?!\d?(?:st|nd|rd|th)))")


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of one injury.

    Attributes:
        text: As written.
        said: As tokens.
        side: right, left, bilateral or None.
    """

    text: str
    said: Said
    side: str | None


EMPTY = Phrase("", NOTHING, None)


def phrase(chart: Chart, fact: Fact) -> Phrase:
    """The words of a fact that is an injury."""
    before, mention, after = _clause(chart, fact)
    own = _last(before)
    text = f"{own} {mention} {_first(after, f'{own} {mention}')}"
    side = side_of(text) or (side_of(before) if not HEAD.search(_ACHE.sub(" ", before)) else None)
    return Phrase(text, said(_spelled(text)), side)


def _clause(chart: Chart, fact: Fact) -> tuple[str, str, str]:
    """The clause of the mention: what stands before it, the mention, what stands after it."""
    text = chart.encounter.document(fact.mention.document).text
    span, whole = fact.mention.span, fact.segment or fact.mention.span
    before = _CLAUSE.split(text[max(whole.start, span.start - 200) : span.start])[-1]
    after = _CLAUSE.split(text[span.end : min(whole.end, span.end + 200)])[0]
    return _flat(before), _flat(span.of(text)), _flat(after)


def _flat(text: str) -> str:
    return " ".join(text.replace("(", ", ").replace(")", ", ").split())


# Parts of a phrase that speak of something else: what is sound, what is denied, what was worn.
_ELSEWHERE = compiled(
    r"\b(?:no|not|without|denies|intact|clear|normal|spared|negative|neg|full|preserved|unremarkable|seat ?belt"
    r"|otherwise"
    r"|fine|ok|nontender|cannot|unable|clean)\b",
    re.IGNORECASE,
)


def _own(text: str) -> str:
    """A text without the parts that speak of something else, the first part always kept."""
    first, *parts = re.split(r"(,)", text)
    kept = [first]
    for comma, part in zip(parts[::2], parts[1::2], strict=False):
        if not _ELSEWHERE.search(part):
            kept += [comma, part]
    return "".join(kept)


def _last(before: str) -> str:
    """What stands before a head and belongs to it."""
    heads = list(HEAD.finditer(before))
    if heads:
        parts = _SEPARATOR.split(before[heads[-1].end() :])
        return parts[-1] if len(parts) > 1 else ""
    before = _BEFORE.split(before)[-1]
    *_, last = before.split(",")
    return last if said(last).nouns else before


def _first(after: str, before: str = "") -> str:
    """What stands after a head and belongs to it; `before`: the head and what belongs to it before."""
    after = _AFTER.split(after)[0]
    beyond = _BEYOND.search(after)
    if beyond is not None and said(f"{before} {after[: beyond.start()]}").nouns:
        after = after[: beyond.start()]
    head = HEAD.search(after)
    if head is None:
        return _own(after)
    cuts = list(_SEPARATOR.finditer(after[: head.start()]))
    return _own(after[: cuts[-1].start()]) if cuts else ""


def _spelled(text: str) -> str:
    """Single capitals that say a side taken out, so that they are no word."""
    return _LETTER.sub(" ", text)


def side_of(text: str) -> str | None:
    """The side that a text says; both where it says two."""
    found = {kind for m in _SIDE.finditer(text) for kind, word in m.groupdict().items() if word}
    found |= {"right" if m["side"] == "R" else "left" for m in _LETTER.finditer(text)}
    if "both" in found or {"right", "left"} <= found:
        return "bilateral"
    return next(iter(found), None)


def beside(chart: Chart, fact: Fact) -> Phrase:
    """The words of the next injury of the clause, whose place this one may share ("abrasion + contusion of shin")."""
    _, _, after = _clause(chart, fact)
    head = HEAD.search(after)
    if head is None:
        return EMPTY
    text = f"{head.group()} {_first(after[head.end() :])}"
    return Phrase(text, said(_spelled(after[head.end() : head.end() + len(text)])), side_of(after[head.end() :]))
