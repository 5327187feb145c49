"""I.C.19.e.5.b: poisoning, a drug wrongly taken or a substance that harms, with the intent that the chart tells.

The poisoning comes first, what it did to the patient after it. Without a word on intent it is accidental; undetermined
only where the record says that intent cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Span

from ._drug_cues import cue, says
from .substances import Sentence, Substance, evidence_of, sentences, substances, with_intent

RULE = "ICD10CM:I.C.19.e.5.b/poisoning"
ACCIDENT, SELF_HARM, ASSAULT, UNDETERMINED = "1", "2", "3", "4"
DRUGS = tuple(f"T{n}" for n in range(36, 51))
SUBSTANCES = (*DRUGS, *(f"T{n}" for n in range(51, 66)))
SILENT = (
    "instructions",
    "past-medical-history",
    "past-surgical-history",
    "family-history",
    "allergies",
    "review-of-systems",
    "technique",
)
_NEAR = 90
# What stands before a word in its clause and takes it back, or speaks of it in general.
_TALK = r"{}[^.;:]{0,30}$"
_DENIED = compiled(r"(?:\b(?:no|not|denie[sd]|without|never|nor|neither|un|non)\b|n't)[^.;,]{0,40}$")
_NONE_OF_IT = compiled(r"\b(?:no|denie[sd]|without|negative)\b[^.;,]{0,20}$")
_BARE = (
    "alcohol",
    "ethanol",
    "beer",
    "vodka",
    "whiskey",
    "liquor",
    "lead",
    "smoke",
    "soap",
    "berries",
    "ammonia",
    "mercury",
    "nicotine",
    "chlorine",
)
# What another poisoning, or its intent, already says.
_SAID_BY_IT = {SELF_HARM: ("T14.91",), ASSAULT: ("Y09",)}


def poisonings(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the poisonings that sentences tell, each at the intent of the chart, ahead of what they did."""
    told = list(_told(chart))
    own = [_with_own_intent(chart, c) for c in candidates]
    kept = [c for c in own if not (_is_poisoning(c) and c.code.startswith("T50.9") and told)]
    found = [*kept, *(c for c in told if c.code not in {o.code for o in kept})]
    intents = {_intent_of(c.code) for c in found if _is_poisoning(c)}
    gone = tuple(code for intent in intents for code in _SAID_BY_IT.get(intent or "", ()))
    return [_leading(c) for c in found if not (gone and c.code.startswith(gone))]


def _leading(c: Candidate) -> Candidate:
    """A poisoning of this contact in the first place; the drink taken with a drug after the drug."""
    if not _is_poisoning(c) or not c.code.endswith(("A", "D")):
        return c
    return replace(c, rank=(-1, c.code.startswith("T51.0"), *c.rank))


def _is_poisoning(c: Candidate) -> bool:
    return c.code.startswith(SUBSTANCES) and _intent_of(c.code) in (ACCIDENT, SELF_HARM, ASSAULT, UNDETERMINED)


def _intent_of(code: str) -> str | None:
    """The character of intent of a code of T36 to T65: the last before the fillers and the episode."""
    bare = code[:-1].rstrip("X")
    return bare[-1] if len(code.replace(".", "")) == 7 and bare[-1].isdigit() else None


_BLANK = compiled(r"[^\S ]")


def _speaks(text: str) -> bool:
    """Whether a text speaks of something taken wrongly, or met."""
    return says("taken", text) or says("met", text)


def _told(chart: Chart) -> Iterator[Candidate]:
    if not any(_speaks(_BLANK.sub(" ", d.text.lower())) for d in chart.encounter.documents):
        return
    for sentence in (*sentences(chart), *_without_facts(chart)):
        if sentence.section in SILENT or not _speaks(sentence.text):
            continue
        for s in substances(chart, sentence):
            if _poisoned_by(sentence, s) and (c := _poisoning(chart, sentence, s)):
                yield c


_CLAUSE = compiled(r"[^.;\n]+")


def _without_facts(chart: Chart) -> Iterator[Sentence]:
    """The sentences in which nothing but a substance is named, with the nearest fact of the document for its place."""
    for document in chart.encounter.documents:
        facts = [f for f in chart.facts if f.mention.document == document.id]
        lower = document.text.lower()
        if not facts or len(lower) != len(document.text) or not says("taken", lower):
            continue
        taken = [s.span for s in sentences(chart) if s.document == document.id]
        for m in _CLAUSE.finditer(lower):
            span = Span(*m.span())
            if says("taken", m.group()) and not any(span.overlaps(t) for t in taken):
                near = min(facts, key=lambda f: abs(f.mention.span.start - span.start))
                yield Sentence(document.id, span, m.group(), (near,), near.section)


def _poisoned_by(sentence: Sentence, s: Substance) -> bool:
    """Whether the sentence says that the substance was taken wrongly, within a clause's length and undenied."""
    if s.fact is not None and s.fact.assertion is Assertion.ABSENT:
        return False
    drug = s.stem.startswith(DRUGS)
    at = s.start - sentence.span.start
    for name in ("taken",) if drug or s.name in _BARE else ("taken", "met"):
        for m in cue(name).finditer(sentence.text):
            gap = max(at - m.end(), m.start() - (at + s.end - s.start), 0)
            said = not cue("talk", _TALK).search(sentence.text[: m.start()])
            if gap <= _NEAR and said and not _NONE_OF_IT.search(sentence.between(sentence.span.start, s.start)):
                return True
    return False


def _poisoning(chart: Chart, sentence: Sentence, s: Substance) -> Candidate | None:
    intent = _intent(chart, sentence)
    code = with_intent(chart, s.stem, intent)
    fact = evidence_of(sentence, s, chart.encounter.document(sentence.document).text)
    if code is None or fact is None:
        return None
    return stated(code, (fact,), f"\u201c{s.name}\u201d wrongly taken: {code}. {reason(RULE)}", RULE)


def _intent(chart: Chart, sentence: Sentence) -> str:
    """The intent by the sentence, else by the chart; accidental where neither tells (I.C.19.e.5.b; I.C.20.j)."""
    for text in (sentence.text, _whole(chart)):
        if cue("undetermined").search(text):
            return UNDETERMINED
        if text is sentence.text and cue("accidental").search(text):
            return ACCIDENT
        if _affirmed("assault", text):
            return ASSAULT
        # Of a chart as a whole only plain words count: what else is intentional there may be something else.
        if _affirmed("self-harm", text) or (text is sentence.text and _affirmed("intended harm", text)):
            return SELF_HARM
    return ACCIDENT


def _affirmed(name: str, text: str) -> bool:
    return any(
        not _DENIED.search(text[: m.start()])
        and not cue("talk", _TALK).search(text[max(0, m.start() - 40) : m.start()])
        for m in cue(name).finditer(text)
    )


def _whole(chart: Chart) -> str:
    return " ".join(d.text.lower() for d in chart.encounter.documents)


def _with_own_intent(chart: Chart, c: Candidate) -> Candidate:
    """A poisoning that a term opened, at the intent that the chart tells."""
    if not _is_poisoning(c) or _intent_of(c.code) != ACCIDENT:
        return c
    near = next((s for s in sentences(chart) if c.facts[0] in s.facts), None)
    intent = _intent(chart, near) if near else ACCIDENT
    bare = c.code[:-1].rstrip("X")
    code = with_intent(chart, bare[:-1], intent, c.code[-1])
    return c if intent == ACCIDENT or code is None else c.stepped(reason(RULE), RULE, code=code)
