"""What a newborn's conditions are in chapter 16, which count, and what it was watched for (I.C.16.a to I.C.16.f)."""

from __future__ import annotations

import re
from functools import cache

from leadterm.coding._tables import longest, rows, several
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact

from .infant import Stage, infant
from .opening import conditions

PERINATAL = "ICD10CM:I.C.16.a.5/perinatal"
OBSERVED = "ICD10CM:I.C.16.b/observation"
AFFECTED = "ICD10CM:I.C.16.c/affected"
_COMMUNITY = compiled(
    r"\bcommunity[- ]acquired\b|\bcaught (?:at home|from)\b|\bsick contact|\bsibling with\b"
    r"|\bexposed to\b|\bbrother (?:with|has|had)|\bsister (?:with|has|had)"
)
_TENDED = compiled(
    r"\b(?:ultrasound|echo\w*|consult\w*|cardiology|follow(?:ed)?[- ]?up|f/u|followed|monitor\w*"
    r"|treat\w*|surg\w+|biops\w+|x-?ray|mri|refer\w*|evaluat\w+|work-?up|plastics?|ent"
    r"|antibiotic\w*|transfus\w+|serial|checks?)\b"
)
_REASSURED = compiled(
    r"\breassur\w+|\bno (?:treatment|intervention|work-?up|follow-?up)|\bbenign\b|\bharmless\b|\bnot treated\b"
)


def perinatal(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """A newborn's conditions at their codes of chapter 16, unless it caught them; none of the mother's."""
    child = infant(chart)
    if child.stage is Stage.OTHER or chart.age != 0:
        return candidates
    kept = [
        c for c in candidates if c.code[0] != "O" and not c.code.startswith(("Z37", "Z3A", "Z34", "Z39", "F1", "Z72.0"))
    ]
    if not child.young:
        return kept
    return [_moved(chart, c) for c in kept]


def _moved(chart: Chart, c: Candidate) -> Candidate:
    code = longest(conditions(), c.code)
    if code is None or any(_COMMUNITY.search(chart.sentence(f)) for f in c.facts) or c.code.startswith("J21"):
        return c
    if code == "P80.9" and "mild" in chart.sentence(c.facts[0]):
        code = "P80.8"
    if code == "P23.9" and _COMMUNITY.search(chart.text):
        return c
    return c.stepped(f"{c.code} of a newborn: {code}. {reason(PERINATAL)}", PERINATAL, code=code)


def significant(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Without harmless findings that nobody looked into or treated, and those that a disease explains."""
    child = infant(chart)
    if not child.young:
        return candidates
    heart = any(c.code.startswith("Q2") for c in candidates)
    return [
        c
        for c in candidates
        if not c.code.startswith(several("guidelines/chapter16_newborn/harmless", "finding"))
        or (not (c.code.startswith("R01") and heart) and any(_tended(chart, f) for f in c.facts))
    ]


def _tended(chart: Chart, fact: Fact) -> bool:
    sentence = chart.sentence(fact)
    return _TENDED.search(sentence) is not None and _REASSURED.search(sentence) is None


@cache
def _suspicions() -> tuple[tuple[str, Pattern, tuple[str, ...]], ...]:
    found = []
    for row in rows("guidelines/chapter16_newborn/observed"):
        what = rf"(?:{row['words']})"
        denied = r"(?:ruled out|r/o'?d|not found|excluded|negative|rule-?out completed|not confirmed)"
        sought = (
            r"(?:r/o|rule[- ]?out|ruled out|(?:observ|evaluat|monitor|watch)\w+ for|suspected|possible|concern for)"
        )
        kinds = r"(?:suspected |possible |neonatal |early[- ]onset )*"
        work = r"(?:rule[- ]?out|evaluation|work-?up|screen)"
        pattern = rf"\b{what}\b[^.;\n]{{0,40}}\b{denied}\b|\b{sought} {kinds}{what}\b|\b{what} {work}\b"
        found.append((row["code"], compiled(pattern), tuple(row["conditions"].split())))
    return tuple(found)


def observed(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With what a newborn without signs was watched for and does not have."""
    child = infant(chart)
    if not child.young or child.told is None or any(c.code == "P95" for c in candidates):
        return candidates
    added: list[Candidate] = []
    for code, pattern, ill in _suspicions():
        found = pattern.search(chart.text)
        if found and not any(c.code.startswith(ill) for c in candidates) and _RULED.search(chart.text) and not added:
            near = min(chart.facts, key=lambda f: abs(_at(chart, f) - found.start()))
            added.append(stated(code, (near,), f"{found.group().strip()}: {code}. {reason(OBSERVED)}", OBSERVED))
    return [*candidates, *added]


_RULED = compiled(
    r"\bruled out\b|\brule[- ]?out\b|\br/o\b|\bexcluded\b|\bcultures?[^.;\n]{0,20}(?:neg|no growth"
    r"|ngtd|sterile)|\bnever symptomatic|\bnot (?:found|confirmed)|\bnegative (?:at|x|blood)"
    r"|\bnormal\b"
)


def _at(chart: Chart, fact: Fact) -> int:
    return chart.text.find(fact.mention.text.lower())


_CAUSED = compiled(
    r"\b(?:due to|from|attributed[^.;\n]{0,12} to|secondary to|2/2|related to|caused by|because of"
    r"|affected by|effects? of|associated with)\b[^.;\n]{0,30}\bmaternal\b(?P<what>[^.;\n]*)"
)
_FACTORS = (
    ("P04.2", r"smok|tobacco|nicotine|cigar"),
    ("P04.14", r"opioid|opiate|methadone|buprenorphine|heroin|oxycodone|suboxone|subutex"),
    ("P04.41", r"cocaine"),
    ("P04.81", r"cannabis|marijuana|thc"),
    ("P04.16", r"amphetamine"),
    ("P04.3", r"alcohol"),
    ("P04.15", r"ssri|sertraline|antidepressant|fluoxetine|paroxetine|escitalopram|citalopram"),
    ("P04.17", r"benzodiazepine|sedative|barbiturate"),
    ("P00.0", r"hypertens|preeclampsia|pre-eclampsia"),
    ("P02.78", r"chorioamnionitis"),
    ("P04.18", r"magnesium|beta.?blocker|labetalol"),
    ("P00.2", r"infection|fever"),
    ("P04.0", r"anesthesia|analgesia"),
)


def affected(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the mother's condition that the chart makes the cause of the child's; exposure where it is named as such."""
    child = infant(chart)
    if not child.young or child.told is None or any(c.code == "P95" for c in candidates):
        return candidates
    named = {code for m in _CAUSED.finditer(chart.text) for code, words in _FACTORS if re.search(words, m["what"])}
    withdrawal = any(c.code == "P96.1" for c in candidates)
    kept = [
        c for c in candidates if not c.code.startswith("P04") or c.code in named or withdrawal or _exposure(chart, c)
    ]
    if withdrawal and not any(c.code.startswith("P04") for c in kept) and re.search(_FACTORS[1][1], chart.text):
        named.add("P04.14")
    have = {c.code for c in kept}
    beside = next((c for c in kept if c.code[0] == "P"), None)
    return [
        *kept,
        *(
            stated(code, (child.told,), f"{code}: {reason(AFFECTED)}", AFFECTED, beside)
            for code in sorted(named - have)
        ),
    ]


def _exposure(chart: Chart, c: Candidate) -> bool:
    return any("expos" in f.mention.text.lower() or "affected" in f.mention.text.lower() for f in c.facts)
