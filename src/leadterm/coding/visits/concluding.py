"""Where a note without headings begins to conclude: the first line after what was looked at that decides something.

Dictated letters and terse notes name no assessment and no plan. What stands after the examination, the vital signs or
the results, names a disease or a drug and tells what is done about it, is both.
"""

from __future__ import annotations

from collections.abc import Sequence

from leadterm.coding.patterns import compiled
from leadterm.domain import Assertion, Fact, FactKind, Passage

from .outline import AFTER_EXAM, VAGUE, Part
from .wording import worded

_LOOKED = worded("concluding.looked")
_DECIDES = worded("concluding.decides")
_ITEM = compiled(r"[ \t]*(?:#+ ?\d*|\d{1,2}[.)])[ \t]")  # a numbered problem, where no heading stands over it
_NAMES = frozenset({FactKind.CONDITION, FactKind.FINDING, FactKind.DRUG})
_NOW = frozenset({Assertion.PRESENT, Assertion.PLANNED, Assertion.UNCERTAIN})


def concluded(
    text: str, part: Part, passages: Sequence[Passage], facts: Sequence[Fact], unseen: bool = False
) -> list[Passage]:
    """The sections with the conclusion that no heading names as one; as they are where no line concludes.

    `unseen`: whether the patient was met from afar, so that no examination need stand before it.
    """
    at = _begins(text, part, facts, unseen)
    if at is None:
        return list(passages)
    before = [p._replace(end=min(p.end, at)) for p in passages if p.start < at]
    after = [p for p in passages if p.start > at and p.kind not in VAGUE]
    end = after[0].start if after else part.end
    source = passages[0].document if passages else ""
    return [*before, Passage(source, AFTER_EXAM, at, at, end, ()), *after]


def _of_today(fact: Fact) -> bool:
    """Whether a fact stands under no heading and is told as of now."""
    return fact.section in VAGUE and fact.assertion in _NOW


def _begins(text: str, part: Part, facts: Sequence[Fact], unseen: bool) -> int | None:
    """Where the first deciding line after what was looked at stands."""
    places = [f.mention.span.start for f in facts if f.kind in _NAMES and f.assertion in _NOW]
    named = [f.mention.span.start for f in facts if f.kind is FactKind.CONDITION and _of_today(f)]
    looked, start = unseen, part.start
    while start < part.end:
        end = text.find("\n", start, part.end)
        end = part.end if end < 0 else end
        line = text[start:end]
        if _LOOKED.search(line) and not _ITEM.match(line):
            looked = True
        elif _DECIDES.search(line):
            telling = places if looked else named if _ITEM.match(line) else []
            if any(start <= place < end for place in telling):
                return start
        start = end + 1
    return None
