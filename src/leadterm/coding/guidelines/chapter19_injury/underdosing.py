"""I.C.19.e.5.c: underdosing, that is less of a drug taken than was prescribed, behind the condition that it made worse.

The code of the drug says what, a code of Z91.12 to Z91.14 or Z91.A2 to Z91.A4 says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, Opening, stated
from leadterm.coding.patterns import Pattern, Table, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

from ._drug_cues import cue
from .poisoning import DRUGS, SILENT
from .substances import Sentence, Substance, evidence_of, sentences, substances, with_intent

RULE = "ICD10CM:I.C.19.e.5.c/underdosing"
LESS = "6"
CUES = "guidelines/chapter19_injury/drug_cues"
# To be off a drug says nothing without a reason of the patient's own.
_OFF = compiled(r"\boff (?:of )?(?:(?:his|her|their|the|all) )*$")
_STRENGTH = r"^(?: \d+(?:\.\d+)? ?(?:mg|mcg|units?|tabs?))?"
GENERAL = ("Z91.14", "Z91.12", "Z91.13", "Z91.A")


def underdosings(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With each drug of which less was taken than prescribed, and with the reason; behind the conditions."""
    conditions = [c for c in candidates if not c.code.startswith(("Z", "V", "W", "X", "Y", "T"))]
    if not conditions:
        return candidates
    added: dict[str, Candidate] = {}
    reasons: dict[str, Candidate] = {}
    for sentence, s in _told(chart):
        code = with_intent(chart, s.stem, LESS)
        fact = evidence_of(sentence, s, chart.encounter.document(sentence.document).text)
        if code is None or fact is None:
            continue
        beside = _beside(sentence, conditions)
        drug = stated(code, (fact,), f"less of {s.name} taken than prescribed: {code}. {reason(RULE)}", RULE, beside)
        added.setdefault(code, drug)
        if cue("device failed").search(sentence.text):
            continue
        told = _reason(chart, sentence)
        reasons.setdefault(told, replace(drug, rank=(*drug.rank, 2)).stepped(f"why: {told}", RULE, code=told))
    if not added:
        return candidates
    why = sorted(reasons.values(), key=lambda c: _strength(c.code))[:1]
    kept = [c for c in candidates if not c.code.startswith(GENERAL)]
    return [*kept, *(c for c in added.values() if c.code not in {k.code for k in kept}), *why]


def noncompliance(chart: Chart, fact: Fact) -> Opening | None:
    """Where noncompliance with drugs opens, by whether money is the reason; None for anything else."""
    if not fact.targets or fact.targets[0] != "Z91.14":
        return None
    node = "Z91.141" if cue("money").search(chart.sentence(fact)) else "Z91.148"
    return Opening(
        node, (PathwayStep(Step.GUIDELINE, f"\u201c{fact.mention.text}\u201d: {node}. {reason(RULE)}", RULE),)
    )


def _strength(code: str) -> int:
    """Which reason to keep where sentences give several: the plainest."""
    order = ("Z91.120", "Z91.A20", "Z91.130", "Z91.138", "Z91.A3", "Z91.128", "Z91.A28", "Z91.141")
    return order.index(code) if code in order else len(order)


@cache
def _hints() -> Table:
    """The letters of every word of lack: a sentence without any of them tells of none."""
    cues = ("lacking before", "lacking after", "lacking further")
    return Table([_OFF, *(compiled(row["pattern"]) for row in rows(CUES) if row["cue"] in cues)])


def _told(chart: Chart) -> Iterator[tuple[Sentence, Substance]]:
    for sentence in sentences(chart):
        if sentence.section in SILENT or not _hints().standing(sentence.text):
            continue
        for s in substances(chart, sentence):
            if s.stem.startswith(DRUGS) and _lacking(sentence, s) and not cue("by provider").search(sentence.text):
                yield sentence, s


def _lacking(sentence: Sentence, s: Substance) -> bool:
    """Whether the words before or after the drug say that less of it was taken."""
    if s.fact is not None and s.fact.attributes.get("role") == "allergen":
        return False
    before = sentence.between(sentence.span.start, s.start)
    m = _before().search(before)
    if m is None and (off := _OFF.search(before)):
        m = off if any(cue(why).search(sentence.text) for why in ("money", "unintended", "intended")) else None
    if m is not None:
        return not cue("not lacking").search(before[: m.start()])
    after = sentence.between(s.end, sentence.span.end)
    told = cue("lacking after", _STRENGTH + " {}").match(after) or cue("lacking further", r"^[^.;]{0,45}\b{}").match(
        after
    )
    return bool(told) and not cue("not lacking").search(before)


@cache
def _before() -> Pattern:
    """The words of lack, with the few that may stand between them and the drug."""
    between = cue("lacking between").pattern
    return cue("lacking before", rf"{{}}(?: {between}\b){{0,7}}[ -]*$")


def _beside(sentence: Sentence, conditions: list[Candidate]) -> Candidate:
    """The condition of the same sentence, else the first of the chart."""
    ids = {f.id for f in sentence.facts}
    same = [c for c in conditions if any(f.id in ids for f in c.facts)]
    return min(same or conditions, key=lambda c: c.rank)


def _reason(chart: Chart, sentence: Sentence) -> str:
    """Why less was taken: by the sentence, else by the sentences around it."""
    text = chart.encounter.document(sentence.document).text.lower()
    near = text[max(0, sentence.span.start - _AROUND) : sentence.span.end + _AROUND]
    child = (chart.age if chart.age is not None else 99) < 18 and cue("caregiver").search(near)
    for words in (sentence.text, near):
        if cue("money").search(words):
            return "Z91.A20" if child else "Z91.120"
        if cue("unintended").search(words):
            return "Z91.A3" if child else "Z91.130" if cue("age").search(words) else "Z91.138"
        if cue("intended").search(words):
            return "Z91.A28" if child else "Z91.128"
    return "Z91.A48" if child else "Z91.148"


_AROUND = 160
