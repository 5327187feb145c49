"""How far an attribute is from a mention: what may stand between the two, and what parts them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ._axis_words import LINK, Hit

# An attribute stands with its noun: within this many characters, with nothing but small words between.
REACH_BEFORE = 30
REACH_AFTER = 45
# The same with the words of other axes that stand between.
REACH_ALL = 120
# A date may stand further off: "diagnosed with", "was found to have".
MORE_FOR_TIMES = 10
# In "pain on the left, numbness on the right" a comma parts more than the words before it.
COMMA = 10
# Marks in a gap: axis words, a cause, a companion, other links, and a link with what it names.
_ANY, _CAUSE, _WITH, _NEVER, _NAMED = "¤", "§", "†", "‡", "¶"
_AND_WITH = re.compile(rf"(?:and\s+)?{_WITH}")
_LINK_MARKS = {"link:cause": _CAUSE, "link:with": _WITH, "link:agent": _CAUSE}
_ADJECTIVES = r"(?:[a-z]+(?:al|ic|ous|ive|ing|ar|ary|ible|able|oid|ent|ant|ine|ated|ized)[\s-]+){0,2}"
_OF = (
    r"(?:of|in|on|over|along|around|about|at|to|involving|affecting|near|into|within|across|throughout|from|under|for)"
)
_THE = r"(?:the|her|his|their|its|my|your|our|a|an|known|now|currently|also|very|this|that|both)"
_IS = (
    r"(?:is|are|was|were|be|been|being|has|have|had|remains?|remained|appears?|appeared|seems?|seemed|became|becomes?"
    r"|which|that|found|noted|felt|thought|described|classified|documented|staged|graded|rated|considered|reported|as|to"
    r"|likely|probably|still|now|currently|quite|very|rather|fairly|more|most|mostly|relatively|somewhat|overall|only"
    r"|predominantly|primarily|again|already|well|just|often|due|it)"
)
_BLANK = r"[\s,()\-/:&+]*"
_JOINED = rf"¤{_BLANK}(?:(?:and|or|to|but)\b{_BLANK})?"
_BEFORE = re.compile(
    rf"{_BLANK}(?:(?:{_OF}|{_THE}|is|due)\b{_BLANK}|¤{_BLANK}(?:(?:and|or|to|but|with)\b{_BLANK})?)*"
    rf"(?:and\s+(?=[a-z]))?{_ADJECTIVES}"
)
# Before their noun the words of a site and of a quality stand closer: "Left knee: edema", "severe episodes of cough".
_SITE_BEFORE = re.compile(rf"[\s()\-/:]*(?:(?:{_THE}|is|has|shows|with)\b\s*|¤[\s:/]*(?:and\s+)?)*{_ADJECTIVES}")
_QUALITY_BEFORE = re.compile(
    rf"{_BLANK}(?:(?:{_THE}|(?:degree|amounts?|episodes?|bouts?|attacks?|cases?|forms?|levels?|onset|symptoms?)\s+of|to)\b"
    rf"{_BLANK}|{_JOINED})*(?:and\s+(?=[a-z]))?{_ADJECTIVES}"
)
_QUALITIES = "severity acuity course trend manner extent".split()
_BEFORE_OF = {"site": _SITE_BEFORE, **dict.fromkeys(_QUALITIES, _QUALITY_BEFORE)}
_AFTER = re.compile(rf"{_BLANK}(?:(?:{_OF}|{_THE}|{_IS})\b{_BLANK}|{_JOINED})*{_ADJECTIVES}")
_WHEN = re.compile(
    rf"[\s,()\-/:&+;~]*(?:(?:{_OF}|{_THE}|{_IS}|he|she|they|i|we|who|patient|pt|with|diagnosed|dx|dx'd|developed|suffered"
    r"|sustained|underwent|experienced|reports?|presents?|presented|complains?|complaining|began|begun|started|starting"
    r"|having|noticed|s/p|status|post|history|hx|h/o|first|last|most|recent|recently|new|since|onset|occurred|occurring"
    r"|lasting|lasted|ongoing|present|going|up|performed|done|by|treated|some|approximately|getting|x"
    r"|¤)[\s,()\-/:;]*)*"
)
TIMES = frozenset({"date", "onset", "duration"})
# A side and a part of the body go with their noun over "with": "in the right ear with otitis".
_PLACES = frozenset({"laterality", "site", "quadrant"})
# In "with severe neuropathy" these are another noun's; "with exacerbation", "with preserved ejection fraction" are not.
_NOT_WITH = frozenset("laterality site quadrant severity acuity type etiology course manner trend".split())
# After their noun these are its own only where no other noun follows: "asthma, severe allergies".
_ADJECTIVAL = frozenset("severity acuity course etiology trend manner extent".split())
# How the only condition of a line fares may be its last word, whatever stands between.
_LAST_WORDS = frozenset("trend control remission tractability healing course stage".split())
_NOUN_FOLLOWS = re.compile(
    r"(?:\s+|-)(?!(?:stage|degree|intensity|severity|and|or|but|with|without|in|on|of|at|for|due|since|today|than|this"
    r"|that|which|by|as|to|from|per|after|now|currently|not|no|is|was|has|s/p|over|when|while|until|enough|overall|again"
    r")\b)[a-z]"
)
_COPULA = re.compile(r"\b(?:is|are|was|were|been|remains?|remained|appears?|appeared|seems?)\b")
_WHERE = re.compile(rf"\b{_OF}\b")
_PREPOSITION = re.compile(rf"\b{_OF}\b|[,(:/-]|¤")


def gap(folded: str, hits: Sequence[Hit], index: int, start: int, end: int, *, before: bool) -> str:
    """`folded[start:end]` with a mark for each axis word: in "acute mild left knee pain" none parts the first from it.

    `index` is that of the hit at one end of the gap; `before` says that the hit stands before the mention.
    """
    low = high = index
    if before:
        low = high = index + 1
        while high < len(hits) and hits[high].start < end:
            high += 1
    else:
        while low > 0 and hits[low - 1].start >= start:
            low -= 1
    if low == high:
        return folded[start:end]
    pieces, at = [], start
    for other in hits[low:high]:
        if not at <= other.start < end:
            continue
        mark = _ANY
        if other.axis.startswith(LINK):
            mark = _NAMED if other.value and other.end <= end else _LINK_MARKS.get(other.axis, _NEVER)
        pieces += [folded[at : other.start], mark]
        at = min(other.end, end)
    return "".join([*pieces, folded[at:end]])


def distance(hit: Hit, between: str, *, before: bool) -> int | None:
    """Characters of other words in the gap, a comma as many; None when they say that the hit belongs elsewhere."""
    if between in ("", " "):
        return len(between)
    if len(between) > (REACH_BEFORE if before else REACH_AFTER) + (MORE_FOR_TIMES if hit.axis in TIMES else 0):
        return None
    if hit.axis == "organism":
        between = between.replace(_CAUSE, _ANY).replace(_WITH, _ANY)
    elif hit.axis in _PLACES if before else hit.axis not in _NOT_WITH:
        between = _AND_WITH.sub(_ANY, between)
    if hit.axis not in _PLACES:
        between = between.replace(_NAMED, _ANY)
    pattern = _WHEN if hit.axis in TIMES else _BEFORE_OF.get(hit.axis, _BEFORE) if before else _AFTER
    if not pattern.fullmatch(between):
        return None
    if hit.axis == "site" and not before and " " not in hit.value and not _PREPOSITION.search(between):
        return None
    return len(between) - between.count(_ANY) + COMMA * between.count(",")


def is_last_word(folded: str, hit: Hit, start: int, end: int) -> bool:
    """Whether the hit is what a segment, begun at `start`, ends with after a comma: "hematoma on warfarin, stable"."""
    if hit.axis not in _LAST_WORDS or not 0 <= hit.start - start <= REACH_ALL:
        return False
    before, after = folded[start : hit.start].rstrip(), folded[hit.end : hit.end + 1]
    return before.endswith((",", " -", ";")) and (hit.end >= end or after in ".;\n")


def has_another_noun(folded: str, hits: Sequence[Hit], index: int, start: int, end: int) -> bool:
    """Whether the hit goes before a noun of its own, in the gap from `start` or in the segment to `end`."""
    hit = hits[index]
    if hit.axis not in _ADJECTIVAL and (hit.axis != "site" or _WHERE.search(folded, start, hit.start)):
        return False
    at = hit.end
    for number in range(index + 1, len(hits)):
        other = hits[number]
        if folded[at : other.start].strip(" \n,-"):
            break
        at = max(at, other.end)
        if at - hit.end > REACH_ALL:
            break
    if not _NOUN_FOLLOWS.match(folded, at, end):
        return False
    return not _COPULA.search(folded, start, hit.start)
