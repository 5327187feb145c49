"""G40 and G43: epilepsy and migraine, intractable or not, with status or without, in one code each."""

from __future__ import annotations

from functools import lru_cache

from leadterm.codesets import CodeBook
from leadterm.coding._tables import rows
from leadterm.coding.affirming import affirmed
from leadterm.coding.chart import Candidate, Chart, Opening
from leadterm.coding.passages import clause, whole_clause
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

RULE = "ICD10CM:I.C.6/intractable"
EPILEPSY, MIGRAINE = "G40", "G43"
_VAGUE = ("G40.9", "G43.9")
_INTRACTABLE = compiled(
    r"(?<!not )(?<!non-)(?<!non)\b(?:intractable|refractory|(?:drug|medication|medically|pharmaco|treatment|therapy)"
    r"[- ]?(?:resistant|refractory)|poorly[- ]controlled|uncontrolled|failed (?:two|three|four|five|multiple|\d)\b)"
)
_STATUS = compiled(r"\bstatus (?:epilepticus|migrainosus)\b")
_PAST = compiled(
    r"\b(?:h/o|history of|hx of|prior|previous|past|risk of|precautions for) [\w ,/-]*status (?:epil|migr)"
)
_FLAGS = compiled(r",? (?:not )?intractable\b|,? with(?:out)? status (?:epilepticus|migrainosus)\b")
_AURA = compiled(r"(?<!out )\b(?:with(?: typical| visual)? aura|w/ ?(?:visual )?aura)\b|\bclassic(?:al)? migraine")
_NO_AURA = compiled(r"\b(?:without|w/o|no) (?:visual )?aura|\bcommon migraine")
_CHRONIC = compiled(r"\bchronic(?: \w+){0,2} migraine|\bmigraines?,? (?:\w+ )?chronic")


def open_migraine(chart: Chart, fact: Fact) -> Opening | None:
    """Where a migraine opens by the aura and course that its sentence says; None for any other fact."""
    if not fact.targets or not fact.targets[0].startswith(("G43.9", "G43.0", "G43.1")):
        return None
    words = whole_clause(chart, fact, (MIGRAINE, "R", "H53", "H93")).lower()
    chronic = bool(_CHRONIC.search(words)) or fact.attributes.get("acuity") == "chronic"
    kind = fact.targets[0][:5]
    if kind == "G43.9":
        kind = "G43.0" if _NO_AURA.search(words) else "G43.1" if _AURA.search(words) else "G43.7" if chronic else kind
    if chronic:
        kind = {"G43.0": "G43.7", "G43.1": "G43.E"}.get(kind, kind)
    code = f"{kind}0{1 if _STATUS.search(words) else 9}"
    if not chart.book.is_billable(code):
        return None
    step = PathwayStep(Step.INDEX, f"\u201c{fact.mention.text}\u201d: Migraine, by its aura and course, {code}")
    return Opening(code, (step,), settled=True)


def open_epilepsy(chart: Chart, fact: Fact) -> Opening | None:
    """Where an epilepsy opens whose name says no kind and whose sentence says one; None for any other fact.

    An intractable form given by the name stays: `one_code` reads it from the sentence again.
    """
    if not fact.targets or not fact.targets[0].startswith("G40.9"):
        return None
    words = clause(chart, fact, (EPILEPSY, "R56", "G93.81"))
    if not _EPILEPSY.search(words):
        return None
    code = next((row["code"] for row in rows(_KINDS) if compiled(row["words"]).search(words)), "")
    if not chart.book.is_billable(code):
        return None
    step = PathwayStep(Step.INDEX, f"\u201c{fact.mention.text}\u201d: Epilepsy, by its kind, {code}")
    return Opening(code, (step,), settled=True)


_KINDS = "guidelines/chapter06_nervous/epilepsies"
_EPILEPSY = compiled(r"\bepilep|\bseizure disorder|\bseizures\b")


def one_code(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the kind of epilepsy or migraine, its resistance to treatment and its status in one code."""
    for category in (EPILEPSY, MIGRAINE):
        mine = [c for c in candidates if c.code.startswith(category)]
        if mine:
            candidates = _joined(chart, candidates, mine, category)
    return candidates


def _joined(chart: Chart, candidates: list[Candidate], mine: list[Candidate], category: str) -> list[Candidate]:
    kinds = [c for c in mine if not c.code.startswith(_VAGUE)] or mine[:1]
    vague = [c for c in mine if c not in kinds]
    sentences = [f"{clause(chart, f, (category, 'R56'))}" for c in mine for f in c.facts]
    intractable = any(_INTRACTABLE.search(s) for s in sentences) or _attributed(mine)
    status = any(_STATUS.search(affirmed(s)) and not _PAST.search(s) for s in sentences)
    first, result = kinds[0].joined(*vague), []
    for c in candidates:
        if c in kinds:
            whole = first if c is kinds[0] else c
            code = variant(chart.book, c.code, intractable, status) or c.code
            result.append(whole if code == c.code else whole.stepped(f"{code}. {reason(RULE)}", RULE, code=code))
        elif c not in vague:
            result.append(c)
    return result


def _attributed(mine: list[Candidate]) -> bool:
    return any(f.attributes.get("tractability") == "intractable" for c in mine for f in c.facts)


def variant(book: CodeBook, code: str, intractable: bool, status: bool) -> str | None:
    """The code of the same kind for what is said; what `code` itself says already stays said."""
    own = _flags(_title(book, code))
    wanted = (own[0] or intractable, own[1] or status)
    kind = _FLAGS.sub("", _title(book, code))
    family = book.node(code[:5])
    if own == wanted or family is None:
        return None
    return next((c for c, t in _below(book, family.code) if _FLAGS.sub("", t) == kind and _flags(t) == wanted), None)


def _flags(title: str) -> tuple[bool, bool]:
    """Whether a title says intractable, and whether it says status."""
    intractable = "intractable" in title and "not intractable" not in title
    return intractable, " with status " in title


def _title(book: CodeBook, code: str) -> str:
    node = book.node(code)
    return node.title.lower() if node else ""


@lru_cache(maxsize=500)
def _below(book: CodeBook, code: str) -> tuple[tuple[str, str], ...]:
    """The billable codes below a node, with their titles."""
    node = book.node(code)
    if node is None:
        return ()
    if node.billable:
        return ((node.code, node.title.lower()),)
    return tuple(pair for child in node.children for pair in _below(book, child))
