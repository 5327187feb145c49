"""How a chart speaks of something: present, absent, uncertain, historical, family, hypothetical, planned, resolved.

After ConText (Harkema et al. 2009): a cue reaches from its place to the end of the segment, a terminator or its
limit, forward or backward. The cues are a grammar (`cues.tsv`); the words of ICD-10-CM II.H and IV.H for an uncertain
diagnosis are in it. What an uncertain diagnosis means for the claim is decided where the setting is known, not here.

Somebody who is no blood relative ("her roommate has influenza") is neither the patient nor family history (Z80-Z84
speak of blood relatives): what is said of them is hypothetical, as an exposure is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leadterm.domain import Assertion

from ._cues import load, tokens
from ._scope import Reach, Scope, Tokens

# What a section says of everything in it that no cue speaks of.
_DEFAULTS = {
    "family-history": Assertion.FAMILY,
    "instructions": Assertion.HYPOTHETICAL,
    "immunizations": Assertion.HYPOTHETICAL,
    "past-surgical-history": Assertion.HISTORICAL,
}
# Which word wins where several cues reach a mention. A negated family history says nothing of the family.
_PRECEDENCE = (
    Assertion.HYPOTHETICAL,
    Assertion.ABSENT,
    Assertion.FAMILY,
    Assertion.RESOLVED,
    Assertion.UNCERTAIN,
    Assertion.HISTORICAL,
    Assertion.PLANNED,
    Assertion.PRESENT,
)
_RANK = {assertion: rank for rank, assertion in enumerate(_PRECEDENCE)}


@dataclass(frozen=True, slots=True)
class Judgement:
    """How the chart speaks of one mention, and the words that say so.

    Attributes:
        assertion: One of the eight words.
        cues: Where the deciding words stand, in order; empty when nothing but the section or the default decided.
    """

    assertion: Assertion
    cues: tuple[tuple[int, int], ...]


_UNSAID = {assertion: Judgement(assertion, ()) for assertion in Assertion}


def judge(
    folded: str,
    segment: tuple[int, int],
    mentions: Sequence[tuple[int, int]],
    section: str,
) -> list[Judgement]:
    """One judgement for each mention of a segment, in their order; all offsets are into the whole folded text.

    `section` is the kind of section; its default holds where no cue speaks.
    """
    start, end = segment
    cues = load()
    pieces = tokens(folded[start:end])
    symbols = list(map(cues.words.__getitem__, pieces))
    hits = cues.find(symbols)
    default = _DEFAULTS.get(section, Assertion.PRESENT)
    patterns = cues.patterns
    if not hits or (default is not Assertion.FAMILY and all(patterns[n].only_ends for _, _, n in hits)):
        return [_UNSAID[default]] * len(mentions)
    scope = Scope(folded, start, end, pieces, symbols, hits)
    return [_judgement(scope, mention, default) for mention in scope.put(mentions)]


def _judgement(scope: Scope, mention: Tokens, default: Assertion) -> Judgement:
    reached = scope.reaching(mention)
    if not reached and default is not Assertion.FAMILY:
        return _UNSAID[default]
    words = {word for word, _, _ in reached}
    if default not in words and _section_holds(scope, mention, words, default):
        words.add(default)
    said = min(words, key=_RANK.__getitem__, default=Assertion.PRESENT)
    return Judgement(said, _spans(scope, reached, said))


def _section_holds(scope: Scope, mention: Tokens, words: set[Assertion], default: Assertion) -> bool:
    """Whether the section's own word holds: unless the segment turns to the patient, or another cue speaks."""
    if default is Assertion.FAMILY:
        return not scope.turned(mention)
    return default is Assertion.HYPOTHETICAL and words == {Assertion.UNCERTAIN}


def _spans(scope: Scope, reached: Sequence[Reach], said: Assertion) -> tuple[tuple[int, int], ...]:
    return tuple(sorted({scope.span(first, last) for word, first, last in reached if word is said}))
