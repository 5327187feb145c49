"""Polyps of the colon: what pathology calls an adenoma is one (D12), and one that was removed before is history."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, Opening
from leadterm.coding.navigating import navigate
from leadterm.coding.passages import line_after, line_before
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

RULE = "ICD10CM:I.C.2/polyps"
ADENOMA, POLYP = "D12", ("K63.5", "K62.1")
HISTORY = "Z86.0101"
_BEFORE = compiled(
    r"\b(?:history|hx|h/o|prior|previous(?:ly)?|past|personal history)\b"
    r"|\b(?:removed|resected|found|polypectomy|excised|snared?)\b.{0,20}\b(?:(?:19|20)\d\d|(?:years?|yrs?) ago)\b"
    r"|\b(?:in|from|since) (?:19|20)\d\d\b|\bat that time\b|\blast colonoscopy\b"
)
_STILL_POLYP = compiled(r"\b(?:hyperplastic|inflammatory|benign mucosal|lymphoid)\b")


_ADENOMA = compiled(r"\b(?:adenoma|adenomatous polyp|serrated (?:lesion|polyp|adenoma))s?\b")
_HYPERPLASTIC = compiled(r"\bhyperplastic polyps?\b")
_COLON = compiled(r"\b(?:colon\w*|polyps?|polypectomy|rect\w+|cec\w+|sigmoid)\b")
_REPORTS = ("findings", "results", "other", "unknown", "procedure", "indication", "hpi")


def adenoma(chart: Chart, fact: Fact) -> Opening | None:
    """Where an adenoma of the colon opens by the part of the colon named beside it; None for any other fact."""
    known = fact.targets[0] if fact.targets else ""
    if not _ADENOMA.search(fact.concept.lower()) or (known and not known.startswith((ADENOMA, "D36"))):
        return None
    node = _part(chart, fact, "adenoma")
    if node is None:
        return None
    return Opening(node, (PathwayStep(Step.INDEX, f"\u201c{fact.mention.text}\u201d: {node}. {reason(RULE)}", RULE),))


def _part(chart: Chart, fact: Fact, column: str) -> str | None:
    """The node for the part of the colon named last before the mention in its line, else first behind it."""
    before, after = line_before(chart, fact), line_after(chart, fact)
    told = [(m.start(), r[column]) for r, words in _parts() for m in words.finditer(before)]
    if told:
        return max(told)[1]
    told = [(m.start(), r[column]) for r, words in _parts() for m in words.finditer(after)]
    if told:
        return min(told)[1]
    whole = any(_COLON.search(d.text.lower()) for d in chart.encounter.documents)
    return {"adenoma": "D12.6", "polyp": "K63.5"}[column] if whole else None


@cache
def _parts() -> tuple[tuple[dict[str, str], Pattern], ...]:
    table = rows("guidelines/chapter11_digestive/colon_parts")
    return tuple((row, compiled(rf"\b(?:{row['words']})\b")) for row in table)


def told_by_pathology(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With what pathology says of polyps removed at this visit, wherever the report has it (IV.K)."""
    if chart.stay:
        return candidates
    known = {f.id for c in candidates for f in c.facts}
    leader = next((c for c in candidates if c.code.startswith(("Z12.1", "Z09", *POLYP, "K64", "K57"))), None)
    added = []
    for fact in chart.present:
        said = f"{fact.concept} {fact.mention.text}".lower()
        is_adenoma = bool(_ADENOMA.search(said)) and (not fact.targets or fact.targets[0].startswith(ADENOMA))
        if fact.id in known or fact.section not in _REPORTS or not (is_adenoma or _HYPERPLASTIC.search(said)):
            continue
        node = _part(chart, fact, "adenoma" if is_adenoma else "polyp")
        arrival = navigate(chart, fact, node) if node else None
        if arrival is not None:
            step = PathwayStep(Step.INDEX, f"\u201c{fact.mention.text}\u201d: {node}. {reason(RULE)}", RULE)
            rank = (*leader.rank, 2) if leader else (0, fact.mention.span.start)
            added.append(Candidate(arrival.code, (fact,), (step, *arrival.steps), (), rank, 0.7))
    return [*candidates, *added]


def removed_before(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Adenomas that the chart tells of as removed before this contact, as their history."""
    return [_as_history(chart, c) if c.code.startswith(ADENOMA) else c for c in candidates]


def _as_history(chart: Chart, c: Candidate) -> Candidate:
    if not all(_BEFORE.search(chart.sentence(f)) for f in c.facts) or not chart.book.is_billable(HISTORY):
        return c
    return c.stepped(f"removed before: {HISTORY}. {reason(RULE)}", RULE, code=HISTORY)


def read_by_pathology(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates without the polyp that pathology calls an adenoma."""
    adenoma = next((c for c in candidates if c.code.startswith(ADENOMA)), None)
    if adenoma is None or any(_STILL_POLYP.search(d.text.lower()) for d in chart.encounter.documents):
        return candidates
    polyps = [c for c in candidates if c.code.startswith(POLYP)]
    if not polyps:
        return candidates
    whole = adenoma.joined(*polyps).stepped(f"not {polyps[0].code}: {reason(RULE)}", RULE)
    return [whole if c is adenoma else c for c in candidates if c not in polyps]
