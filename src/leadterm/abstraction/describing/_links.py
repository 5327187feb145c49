"""What a mention is due to, goes along with or lacks: link words ("secondary to", "w/o") and the words they name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from ..naming.mentions import Mention
from ._axis_words import LINK, Hit

# Link → the axis that it gives to the mention before it.
AXIS_OF = {"cause": "cause", "with": "with", "without": "without", "complication": "with", "agent": "agent"}
# Links after which the mention before them is the cause of the one that they name.
EFFECTS = ("effect", "complication")
# What may stand between a link and the mention that it names; other axis words are marks there.
_TO_MENTION = re.compile(
    r"[\s:]*(?:(?:the|a|an|his|her|their|its|any|all|known|underlying|likely|probable|possible|presumed|suspected|recent"
    r"|prior|previous|multiple|both|ongoing|some|history|hx|h/o|of|either|associated|resultant|superimposed|¤"
    r"|[a-z]+(?:al|ic|ous|ive|ar|ary|ed))[\s,/-]*)*"
)
_LONGEST_GAP = 40
_WORD = r"(?:[a-z]\.\s?[a-z]{3,}|[^\W_][\w'+]{0,40}(?:[.\-][\w'+]{1,40}){0,4})"
_STOP = (
    r"(?:and|but|which|who|that|with|without|for|in|on|at|since|after|before|status\s+post|causing|because|due|secondary|is|was"
    r"|are|were|has|had|have|this|he|she|they|we|patient|pt|now|currently|today|when|while|as|by|over|then|s/p|per|to|of"
    r"|if|so|will|would|should|can|may|not|no|from|than|until|x)\b"
)
_LEAD = (
    r"[\s:]*(?:(?:the|a|an|his|her|their|its|any|all|known|underlying|likely|probable|possible|presumed|suspected|some\s+of|some"
    r"|use of|taking|ingesting|prescribed)\s+)*"
)
_OBJECT = re.compile(rf"{_LEAD}(?!{_STOP})(?P<what>{_WORD}(?:[ \n/]+(?!{_STOP}){_WORD}){{0,4}})")
_EITHER = re.compile(rf"{_LEAD}(?!{_STOP})(?P<what>{_WORD}(?:(?:,?\s+or)?[ \n/]+(?!(?:or|{_STOP})){_WORD}){{0,5}})")
# Words that belong to a mention after them, though they are in no table: "with a small atrophic kidney".
_MORE_OF_IT = re.compile(rf"\s+(?:(?!{_STOP}){_WORD}\s+){{1,4}}")
# Where a patient comes from, and since when, is no cause; nor is what a time or a number begins.
_NO_CAUSE = re.compile(
    r"(?:ed|er|home|hospital|clinic|outside|here|baseline|yesterday|today|last|prior|previous|work|school|rehab|snf"
    r"|bed|pcp|time|there|now|onset|birth|childhood|\d[\d/.\-]*)(?![^\W_])"
)
_NO_COMPANION = re.compile(r".*\d|(?:me|us|him|them|you|pcp|dr|patient|regard|respect|family)(?![^\W_])")


def resolved(folded: str, segment: tuple[int, int], hits: Sequence[Hit], mentions: Sequence[Mention]) -> Iterator[Hit]:
    """The hits with each link stretched over what it names; `value` is that, in plain words, or empty for none.

    A cause that is no mention is named by its words, up to the end of the clause. The axis stays `link:<kind>`.
    """
    starts = [m.start for m in mentions]
    for hit in hits:
        if hit.axis != LINK:
            yield hit
            continue
        # A link has a mention before it, or stands in one.
        idle = not starts or starts[0] >= hit.end
        end, value = (hit.end, "") if idle else _named(folded, segment[1], hit, hits, mentions, starts)
        yield Hit(f"{LINK}:{hit.value}", value, hit.start, end)


def _named(
    folded: str, limit: int, link: Hit, hits: Sequence[Hit], mentions: Sequence[Mention], starts: Sequence[int]
) -> tuple[int, str]:
    number = bisect_left(starts, link.end)
    if number < len(mentions) and starts[number] - link.end <= _LONGEST_GAP:
        mention = mentions[number]
        gap = _marked(folded, link.end, mention.start, hits)
        if _TO_MENTION.fullmatch(gap):
            return mention.end, " ".join(folded[mention.start : mention.end].split())
        if _MORE_OF_IT.fullmatch(folded, link.end, mention.start):
            what = re.sub(r"^(?:the|a|an|his|her|their|its|some)\s", "", folded[link.end : mention.end].lstrip())
            return mention.end, " ".join(what.split())
        limit = min(limit, mention.start)
    pattern = _EITHER if link.value == "without" else _OBJECT
    match = pattern.match(folded, link.end, limit)
    if match is None or (link.value in ("cause", "agent") and _NO_CAUSE.match(match["what"])):
        return link.end, ""
    if link.value == "with" and _NO_COMPANION.match(match["what"]):
        return link.end, ""
    return match.end(), " ".join(match["what"].split())


def _marked(folded: str, start: int, end: int, hits: Sequence[Hit]) -> str:
    """The text between with a mark for each axis word in it."""
    pieces, at = [], start
    for number in range(bisect_left(hits, start, key=lambda h: h.start), len(hits)):
        hit = hits[number]
        if hit.start >= end:
            break
        if hit.start >= at and hit.end <= end and hit.axis != LINK:
            pieces += [folded[at : hit.start], "¤"]
            at = hit.end
    return "".join([*pieces, folded[at:end]])
