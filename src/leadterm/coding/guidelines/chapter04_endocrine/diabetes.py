"""I.C.4.a: diabetes, its control, its complications, and what is said beside it."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.passages import clause
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact

from .kinds import DIABETES

PUMP = "Z96.41"
INSULIN = "Z79.4"


def hyperglycemia(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Diabetes that the chart calls poorly controlled or with hyperglycemia, at its .65; hypoglycemia at its .649.

    "Uncontrolled" alone says neither and is left as it is (Index: Diabetes, uncontrolled, meaning …).
    """
    rule = "ICD10CM:I.C.4.a/hyperglycemia"
    suffixes = {"hyperglycemia": ".65", "hypoglycemia": ".649"}
    added = []
    for c in candidates:
        if not c.code.startswith(DIABETES):
            continue
        control = next((said for f in c.facts if (said := _told(chart, f)) in suffixes), None)
        code = c.code[:3] + suffixes.get(control or "", "")
        if control and code != c.code and chart.book.is_billable(code):
            telling = tuple(f for f in c.facts if _told(chart, f) == control)
            added.append(replace(c, facts=telling).stepped(f"{control}: {code}. {reason(rule)}", rule, code=code))
    return [*candidates, *added]


_LEVEL = compiled(
    r"\blevel (?P<level>[123]|one|two|three)\b[^.;]{0,40}\b(?:event|low|episode|hypoglyc\w+)"
    r"|\b(?:hypoglyc\w+|lows?)\b[^.;]{0,40}\blevel (?P<after>[123]|one|two|three)\b"
)
_LEVELS = {"1": "1", "2": "2", "3": "3", "one": "1", "two": "2", "three": "3"}


def level(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the level of the hypoglycemia of a diabetes, where its sentence tells one (note at E11.64)."""
    rule = "ICD10CM:I.C.4.a/hypoglycemia-level"
    low = next((c for c in candidates if c.code.startswith(DIABETES) and c.code[3:6] == ".64"), None)
    if low is None or any(c.code.startswith("E16.A") for c in candidates):
        return candidates
    for fact in low.facts:
        if said := _LEVEL.search(chart.sentence(fact)):
            code = f"E16.A{_LEVELS[said['level'] or said['after']]}"
            return [*candidates, stated(code, (fact,), f"{code}: {reason(rule)}", rule, low)]
    return candidates


def _told(chart: Chart, fact: Fact) -> str:
    """How the sugar is controlled, by the fact or by what its clause goes on to say: "T2DM: A1c 9, hyperglycemia"."""
    own = _control(fact)
    if own in ("hyperglycemia", "hypoglycemia") or fact.section not in _CONCLUSIONS:
        return own
    return "hyperglycemia" if "hyperglycemia" in clause(chart, fact, (*DIABETES, "R73")) else own


_CONCLUSIONS = ("discharge-diagnosis", "assessment", "assessment-plan", "hospital-course", "problem-list", "impression")


def _control(fact: Fact) -> str:
    """How the sugar is controlled: as an attribute, or as what goes with the diabetes ("uncontrolled with …")."""
    beside = fact.attributes.get("with", "")
    return next(
        (said for said in ("hyperglycemia", "hypoglycemia") if said in beside), fact.attributes.get("control", "")
    )


def only_complicated(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Without the code for uncomplicated diabetes where a complication of it is coded."""
    rule = "ICD10CM:I.C.4.a/complicated"
    categories = {c.code[:3] for c in candidates if c.code.startswith(DIABETES) and c.code[4:5] != "9"}
    plain = {c.code[:3]: c for c in candidates if c.code in {f"{d}.9" for d in DIABETES} and c.code[:3] in categories}
    kept = [c for c in candidates if c not in plain.values()]
    absorbed: set[str] = set()
    result = []
    for c in kept:
        base = plain.get(c.code[:3])
        if base is not None and c.code.startswith(DIABETES):
            c = _beside(c, base)
            if c.code[:3] not in absorbed:
                absorbed.add(c.code[:3])
                c = replace(c.joined(base), rank=c.rank).stepped(f"not {base.code}: {reason(rule)}", rule)
        result.append(c)
    return result


def _beside(c: Candidate, base: Candidate) -> Candidate:
    """The complication at the place of the diabetes that it belongs to, behind those that the chart names earlier."""
    placed = c.rank[: len(base.rank)] == base.rank or c.rank < base.rank
    return c if placed else replace(c, rank=(*base.rank, *c.rank))


def pump(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the long-term insulin that an insulin pump gives."""
    rule = "ICD10CM:I.C.4.a.3/pump"
    worn = next((c for c in candidates if c.code == PUMP), None)
    if worn is None or any(c.code == INSULIN for c in candidates):
        return candidates
    return [*candidates, stated(INSULIN, worn.facts, f"{INSULIN}: {reason(rule)}", rule, worn)]


def removed_pancreas(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the lack of insulin and the absence of the organ beside a diabetes that its removal made (I.C.4.a.6.b.i)."""
    rule = "ICD10CM:I.C.4.a.6.b/pancreatectomy"
    diabetes = next((c for c in candidates if c.code.startswith("E13")), None)
    text = " ".join(chart.sentence(f) for f in diabetes.facts) if diabetes else ""
    if diabetes is None or "pancreatectomy" not in text:
        return candidates
    whole = any("total pancreatectomy" in chart.sentence(f) for f in chart.present)
    codes = ("E89.1", "Z90.410" if whole else "Z90.411" if "partial" in text or "distal" in text else "Z90.410")
    there = {c.code for c in candidates}
    added = [
        stated(code, diabetes.facts, f"{code}: {reason(rule)}", rule, diabetes) for code in codes if code not in there
    ]
    return [*candidates, *added]


def manifestations(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the code of the manifestation that a diabetic term names and its own code does not (code first notes)."""
    rule = "ICD10CM:I.A.13/diabetic"
    added: list[Candidate] = []
    for c in candidates:
        if not c.code.startswith(DIABETES):
            continue
        for row in rows("guidelines/chapter04_endocrine/manifestations"):
            telling = tuple(f for f in c.facts if row["word"] in f.mention.text.lower())
            there = any(o.code.startswith(row["code"]) for o in (*candidates, *added))
            if c.code[3:] == row["after"] and telling and not there:
                added.append(stated(row["code"], telling, f"{row['code']}: {reason(rule)}", rule, c))
    return [*candidates, *added]
