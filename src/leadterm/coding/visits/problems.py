"""The problems that a visit addressed: what its assessment and plan speak about, each once, by nature and course.

A disease of the history counts only where the provider evaluates or treats it; what another follows, and what a
sentence of background lists, is not addressed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from leadterm.coding._tables import longest, prefixed
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import Assertion, Fact, FactKind

from .notes import CONCLUDING, Note, facts_in
from .outline import VAGUE
from .presenting import INFECTIONS, presenting, systemically_ill
from .sheet import Axis, Element, Level
from .wording import worded

COUNTED = frozenset({Assertion.PRESENT, Assertion.UNCERTAIN})
DIABETES, SUGAR = ("E08", "E09", "E10", "E11", "E13"), ("R73.9", "E16.2")
REACH = 900  # characters that may still be about a problem
SYMPTOMS = ("R", "M25.5", "M54", "M79.6", "H57.1", "H92", "N64.4", "K92.1")
_ITEM = compiled(r"\s*(?:#+\s*\d*|\(?\d{1,2}[.):]|problem #?\d+:?)\s*", re.IGNORECASE)
_BULLET = compiled(r"\s*(?:[-*•o‣–>]|\([a-z]\)|[a-z][.)])\s+")
_LABEL = compiled(
    r"\s*(?:(?:assessment|impression|diagnos[ie]s|dx|a/?p|a&p|plan"
    r"|(?:additional|other|separate|new|second) (?:problem|complaint|concern|issue)s?(?: today)?)"
    r"(?: ?(?:and|&|/) ?plan)?\s*:)?\s*",
    re.IGNORECASE,
)
_RUNS_ON = compiled(r"\s*(?:w/|(?:with|and|or|but|for|of|which|who|since|after|that)\b)")
_CUT = compiled(r"(?:\s[-–—]+\s|:|;|\.\s|\.$|\s--\s|\s=>|→)")
HEADING = 90  # characters of a line that names a problem and says no more
_PROSE = compiled(r"\b(?:is|was|has|have|will|she|he|we|i|the|patient|presents?|with a)\b", re.IGNORECASE)
_CONDITIONAL = worded("problems.conditional")
_BACKGROUND = worded("problems.background")
_ELSEWHERE = worded("problems.elsewhere")
_OWN = worded("problems.own")
_WORSE = worded("problems.worse")
_SEVERE = worded("problems.severe")
_NEGATED = compiled(
    r"(?i)\b(?:no|not|without|denies|never|nor|neither|negative for|resolved|free of)\b[^.;,\n]{0,40}\Z"
)
_UNCLEAR = worded("problems.unclear")
_SYSTEMIC = worded("problems.systemic")
_COMPLICATED = worded("problems.complicated")
_NONDISPLACED = worded("problems.nondisplaced")
_MANAGES = worded("risk.manages")
_CHRONIC = worded("problems.chronic")
_MINOR = worded("problems.minor")
_THREAT = worded("problems.threat")
_SETTLED = worded("problems.settled")
_AGAIN = worded("problems.again")
LEVELS = {
    "minor": (Level.STRAIGHTFORWARD, Level.LOW),
    "acute": (Level.LOW, Level.LOW),
    "stable-chronic": (Level.LOW, Level.MODERATE),
    "exacerbation": (Level.MODERATE, Level.MODERATE),
    "uncertain": (Level.MODERATE, Level.MODERATE),
    "systemic": (Level.MODERATE, Level.MODERATE),
    "complicated": (Level.MODERATE, Level.MODERATE),
    "severe": (Level.HIGH, Level.HIGH),
    "threat": (Level.HIGH, Level.HIGH),
}
WORDS = {
    "minor": "self-limited or minor",
    "acute": "an acute uncomplicated illness or injury",
    "stable-chronic": "a chronic illness, stable as far as told",
    "exacerbation": "a chronic illness that is worse, progresses or is not at goal",
    "uncertain": "undiagnosed, with an uncertain prognosis",
    "systemic": "an acute illness with systemic symptoms",
    "complicated": "an acute complicated injury",
    "severe": "a chronic illness with a severe exacerbation",
    "threat": "a threat to life or bodily function",
}


def level_of(kinds: Sequence[str]) -> Level:
    """The level of problems: the gravest alone, or two of one kind together; one more never lowers it."""
    found = Level.NONE
    for kind in set(kinds):
        alone, together = LEVELS[kind]
        found = max(found, together if kinds.count(kind) > 1 else alone)
    return found


def problems(note: Note) -> tuple[Element, ...]:
    """The problems addressed, in the order of the note, each once."""
    named = _named(note)
    came_with = [] if named else _told(note, presenting([f for f in note.facts if _counts(note, f)], note))
    # Of the only problem that a patient came with speaks all that is concluded.
    about = _conclusion(note) if len({_key(f) for f in came_with}) == 1 else ""
    feverish = systemically_ill(note)
    diabetic = any(f.targets and f.targets[0].startswith(DIABETES) for f in note.facts if f.assertion in COUNTED)
    found: dict[str, Element] = {}
    for fact, passage in _passages(note, named or came_with):
        kind = _kind(fact, passage + about)
        if diabetic and fact.targets[0].startswith(SUGAR):
            kind = "exacerbation"
        if kind == "acute" and feverish and fact.targets[0].startswith(INFECTIONS):
            kind = "systemic"
        if kind is None or _elsewhere(passage.partition("\n")[0]):
            continue
        key = _key(fact)
        if kind == "stable-chronic" and not _SETTLED.search(passage) and _worse_in_story(note, fact):
            kind = "exacerbation"
        element = Element(
            Axis.PROBLEMS, kind, fact.concept, WORDS[kind], (note.quote(*_shown(note, fact)),), facts=(fact.id,)
        )
        found[key] = element if key not in found else _graver(found[key], element)
    return tuple(found.values())


def _conclusion(note: Note) -> str:
    """The sections that conclude a note, each on a line of its own."""
    return "".join(f"\n{note.text[p.start : p.end]}" for p in note.passages if p.kind in CONCLUDING)


def _worse_in_story(note: Note, fact: Fact) -> bool:
    """Whether the story of today tells of a problem, by its name, that it is worse or not at goal."""
    told = [f for f in note.facts if f.section == "hpi" and f.assertion is Assertion.PRESENT and _same(f, fact)]
    sentences = [note.text[slice(*note.sentence(f.mention.span.start))] for f in told]
    return _says(_WORSE, sentences) or _says(_AGAIN, sentences)


def _same(one: Fact, other: Fact) -> bool:
    """Whether two facts name one problem: one category, or one name that says more than the other."""
    if not one.targets:
        return False
    return _key(one) == _key(other) or one.concept.startswith(other.concept)


def _key(fact: Fact) -> str:
    return fact.targets[0][:3] if fact.targets else fact.concept


def _graver(one: Element, other: Element) -> Element:
    return other if LEVELS[other.kind][0] > LEVELS[one.kind][0] else one


def _shown(note: Note, fact: Fact) -> tuple[int, int]:
    return note.sentence(fact.mention.span.start)


def _named(note: Note) -> list[Fact]:
    """The facts that name problems: where items or headings name them, those; else what the prose concludes."""
    facts = [f for f in facts_in(note, CONCLUDING) if _counts(note, f)] or _managed(note)
    items = [f for f in facts if _heads(note, f, _ITEM)]
    headings = [f for f in facts if _is_heading(note, f) or _leads(note, f)]
    bullets = [f for f in facts if _heads(note, f, _BULLET)]
    only_symptoms = not items and headings and all(map(_is_symptom, headings)) and not all(map(_is_symptom, facts))
    if (items or headings) and not only_symptoms:
        leading = [f for f in facts if f in items or f in headings]
        rows_on = {_line(note, f) for f in leading}
        beside = [f for f in facts if f not in leading and _line(note, f) in rows_on and _opens(note, f)]
        return _told(note, leading + beside + [f for f in bullets if _after(leading, f) is None])
    return _told(note, bullets or facts)


def _managed(note: Note) -> list[Fact]:
    """Of a note that nothing concludes, the diseases that open a line which goes on to manage them."""
    vague = [f for f in note.facts if f.section in VAGUE and _counts(note, f) and _leads(note, f)]
    return [f for f in vague if _MANAGES.search(note.text[slice(*_line(note, f))])]


def _after(leading: Sequence[Fact], fact: Fact) -> Fact | None:
    return next((f for f in leading if f.mention.span.start < fact.mention.span.start), None)


def _counts(note: Note, fact: Fact) -> bool:
    if fact.assertion not in COUNTED or fact.kind not in (FactKind.CONDITION, FactKind.FINDING, FactKind.STATUS):
        return False
    if not fact.targets or nature(fact) == "none":
        return False
    start, _ = note.sentence(fact.mention.span.start)
    return not _BACKGROUND.search(note.text[start : fact.mention.span.start])


def nature(fact: Fact) -> str | None:
    """The nature of what a fact names, by the node where it opens; None where no table tells it."""
    return longest(_natures(), fact.targets[0]) if fact.targets else None


@cache
def _natures() -> dict[str, str]:
    return prefixed("visits/problems", "nature")


def _line(note: Note, fact: Fact) -> tuple[int, int]:
    start = note.text.rfind("\n", 0, fact.mention.span.start) + 1
    end = note.text.find("\n", fact.mention.span.end)
    return start, end if end >= 0 else len(note.text)


def _heads(note: Note, fact: Fact, mark: Pattern) -> bool:
    """Whether a fact stands in the head of a marked item: before the first dash, colon or end of a sentence."""
    start, end = _line(note, fact)
    found = mark.match(note.text, start, end)
    if not found:
        return False
    cut = _CUT.search(note.text, found.end(), end)
    return fact.mention.span.start < (cut.start() if cut else end)


def _is_heading(note: Note, fact: Fact) -> bool:
    """Whether a fact opens a short line that names it and says no more, or what comes before a colon."""
    start, end = _line(note, fact)
    line = note.text[start:end].strip()
    offset = fact.mention.span.start - start
    if _ITEM.match(line) or _BULLET.match(line) or offset > HEADING // 2 or len(line.split()) > 9:
        return False
    return len(line) <= HEADING and not re.search(r"[.;]\s", line) and not _PROSE.search(line)


def _leads(note: Note, fact: Fact) -> bool:
    """Whether a fact opens an unmarked line that names it first and then goes on about it."""
    start, end = _line(note, fact)
    if _RUNS_ON.match(note.text, start, end):
        return False
    label = _LABEL.match(note.text, start, end)
    start = label.end() if label else start
    cut = _CUT.search(note.text, start, end)
    if cut is None or fact.mention.span.start >= cut.start() or _ITEM.match(note.text[start:end]):
        return False
    head = note.text[start : cut.start()]
    return len(head) <= HEADING and not _BULLET.match(head) and not _PROSE.search(head)


def _opens(note: Note, fact: Fact) -> bool:
    """Whether a fact opens a further sentence of a labelled line (“Assessment: this, stable. That, worse.”)."""
    start, end = _line(note, fact)
    label = _LABEL.match(note.text, start, end)
    if label is None or not label[0].strip():
        return False
    first, last = note.sentence(fact.mention.span.start)
    head = note.text[max(first, label.end()) : last]
    return fact.mention.span.start - first <= HEADING // 3 and not _PROSE.search(head)


def _told(note: Note, facts: Iterable[Fact]) -> list[Fact]:
    """Without symptoms that stand in a sentence with the disease that explains them."""
    kept = sorted(facts, key=lambda f: f.mention.span.start)
    explained = {note.sentence(f.mention.span.start) for f in kept if not _is_symptom(f)}
    return [f for f in kept if not _is_symptom(f) or note.sentence(f.mention.span.start) not in explained]


def _is_symptom(fact: Fact) -> bool:
    return fact.kind is FactKind.FINDING or fact.targets[0].startswith(SYMPTOMS)


def _passages(note: Note, named: Sequence[Fact]) -> Iterator[tuple[Fact, str]]:
    """Each problem with what is said of it: its line and what follows up to the next one's."""
    starts = [_line(note, f)[0] for f in named]
    inside = [f for f in note.facts if f.section not in CONCLUDING]
    for fact, (start, following) in zip(named, pairwise([*starts, len(note.text)]), strict=True):
        beyond = [at for f in inside if (at := _line(note, f)[0]) > start]
        end = min(following if following > start else _own_end(note, named, fact), start + REACH, *beyond[:1])
        begin = start if following > start and starts.count(start) == 1 else note.sentence(fact.mention.span.start)[0]
        yield fact, note.text[begin : max(end, fact.mention.span.end)]


def _own_end(note: Note, named: Sequence[Fact], fact: Fact) -> int:
    """The end of the sentence of a problem that shares its line with another."""
    return note.sentence(fact.mention.span.start)[1]


def _kind(fact: Fact, passage: str) -> str | None:
    """What a problem counts as; None for what is none."""
    told = list(_sentences(passage))
    by_nature = nature(fact)
    if by_nature is None or by_nature == "chronic":
        by_nature = "chronic" if by_nature or _is_chronic(fact, told) else "acute"
    if by_nature == "acute" and fact.assertion is Assertion.UNCERTAIN and _says(_UNCLEAR, told):
        return "uncertain"
    if by_nature == "chronic":
        return "uncertain" if fact.assertion is Assertion.UNCERTAIN else _course(fact, told)
    return _acute(fact, by_nature, told)


def _is_chronic(fact: Fact, told: Sequence[str]) -> bool:
    code = fact.targets[0]
    acuity = fact.attributes.get("acuity", "")
    return longest(_chronic(), code) is not None or acuity == "chronic" or any(map(_CHRONIC.search, told[:1]))


@cache
def _chronic() -> dict[str, str]:
    return prefixed("chronic", "name")


def _course(fact: Fact, told: Sequence[str]) -> str:
    if _says(_SEVERE, told):
        return "severe"
    worse = fact.attributes.get("control") in ("uncontrolled", "poorly controlled") or _says(_WORSE, told)
    return "exacerbation" if worse or "exacerbation" in fact.attributes.values() else "stable-chronic"


def _acute(fact: Fact, by_nature: str, told: Sequence[str]) -> str:
    code = fact.targets[0]
    if by_nature not in ("threat", "minor") and _says(_THREAT, told[:1]):
        return "threat"
    if by_nature in ("threat", "systemic", "uncertain"):
        return by_nature
    if code.startswith(("S", "T")) or by_nature == "complicated":
        return _injury(by_nature, told)
    if by_nature == "minor" or _says(_MINOR, told[:1]):
        return "minor"
    if _is_symptom(fact) and _says(_UNCLEAR, told):
        return "uncertain"
    if not _is_symptom(fact) and _says(_SYSTEMIC, told[:2]):
        return "systemic"
    return "acute"


def _injury(by_nature: str, told: Sequence[str]) -> str:
    plain = any(map(_NONDISPLACED.search, told))
    if by_nature == "complicated" and not plain:
        return "complicated"
    if by_nature == "minor":
        return "minor"
    return "complicated" if not plain and _says(_COMPLICATED, told) else "acute"


def _says(pattern: Pattern, told: Iterable[str]) -> bool:
    """Whether a sentence affirms what a pattern names."""
    return any(
        not _NEGATED.search(sentence[: found.start()]) for sentence in told for found in pattern.finditer(sentence)
    )


def _sentences(passage: str) -> Iterator[str]:
    """The sentences of a passage without those of what would be if."""
    for sentence in re.split(r"(?<=[.!?])\s+|\n", passage):
        if sentence.strip() and not _CONDITIONAL.search(sentence):
            yield sentence


def _elsewhere(passage: str) -> bool:
    """Whether all that is said of a problem is that another follows it."""
    return bool(_ELSEWHERE.search(passage)) and not _OWN.search(_ELSEWHERE.sub("", passage))
