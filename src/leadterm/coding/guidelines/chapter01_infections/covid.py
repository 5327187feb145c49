"""I.C.1.g: COVID-19 confirmed, screened for, over, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact

CONFIRMED = "ICD10CM:I.C.1.g.1.a/confirmed"
AFTER = "ICD10CM:I.C.1.g.1.l/after"
SCREENED = "ICD10CM:I.C.1.g.1.h/screening"
UNDERIMMUNIZED = "ICD10CM:I.C.1.g.1.n/vaccination"
NOW, LATER, ONCE = "U07.1", "U09.9", "Z86.16"
_CONCLUDES = frozenset(
    "assessment plan assessment-plan impression discharge-diagnosis unknown other hospital-course".split()
)
_VIRUS = r"(?:covid(?:[- ]?19)?|sars[- ]?cov[- ]?2|coronavirus)"
_POSITIVE = compiled(
    rf"\b{_VIRUS}\b[^.;\n]{{0,40}}?(?:\bpositive\b|\bpos\b|(?<!\w)\+|(?<!not )\bdetected\b|\bconfirmed\b)"
    rf"|(?:\bpositive for|\bpos for|\btest \+ for|\btested positive for|\bconfirmed)\s+{_VIRUS}\b"
)
_ELSEWHEN = compiled(
    r"\b(?:ago|last|history|hx|h/o|previous|prior|past|recovered|resolved|20[12]\d|wife|husband|spouse|mother|father|son"
    r"|daughter|coworker|contact|expos\w+|if|neg|negative|not detected)\b"
)
_AFTER = compiled(
    rf"\b(?:due to|from|after|following|secondary to|related to|sequelae? of|residual(?: of| from)?|since)\s+(?:\w+ )?"
    rf"(?:prior|previous|past|resolved|remote|earlier|recent|her|his|having had)\s+(?:bout of )?{_VIRUS}"
    rf"|\bpost[- ]{_VIRUS}(?![- ]?19)?(?! (?:vaccin|program|clinic|visit|check|hospital))|\blong[- ](?:haul )?covid\b"
)
_SCREENS = compiled(
    rf"(?:\bscreen\w*|\bpre-?(?:op\w*|procedur\w*|admission|travel|placement)|\brequired|\broutine|\bsurveillance)"
    rf"[^.;\n]{{0,50}}\b{_VIRUS}|\b{_VIRUS}\b[^.;\n]{{0,30}}\bscreen"
)
_UNVACCINATED = compiled(
    r"\b(?:never (?:had|received|got|gotten|been given)|has not (?:had|received)|did not receive|no)"
    rf" (?:an?y? |the |her |his )?{_VIRUS} (?:vaccin\w*|shots?|immuni[sz]ation)"
    rf"|\b(?:unvaccinated|not vaccinated|unimmunized)\b[^.;\n]{{0,20}}{_VIRUS}|\b{_VIRUS}[- ]unvaccinated"
)
_PARTLY = compiled(rf"\bpartially vaccinated\b[^.;\n]{{0,20}}{_VIRUS}|\bpartially vaccinated\b")
_NO_FINDINGS = ("R0", "R1", "R4", "R5", "J0", "J1", "J2")


def confirmed(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with COVID-19 where a test of the patient was positive, though no diagnosis repeats it."""
    if any(c.code.startswith((NOW, LATER, "J12.82")) for c in candidates):
        return candidates
    fact = next((f for f in _of_virus(chart) if _is_positive(chart.sentence(f))), None)
    if fact is None:
        return candidates
    found = stated(NOW, (fact,), f"a positive test. {reason(CONFIRMED)}", CONFIRMED)
    return [*candidates, replace(found, rank=(1, fact.mention.span.start))]


def _is_positive(sentence: str) -> bool:
    return any(not _ELSEWHEN.search(sentence) for _ in _POSITIVE.finditer(sentence))


def _of_virus(chart: Chart) -> Iterator[Fact]:
    """The facts that name the virus or a test for it."""
    for fact in chart.facts:
        named = fact.attributes.get("organism") == "sars-cov-2" or "covid" in fact.concept.lower()
        if named and fact.section not in ("past-medical-history", "family-history", "immunizations"):
            yield fact


def screened(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with screening for COVID-19 of a patient who has no symptom and no contact."""
    if any(c.code.startswith((NOW, "Z20.822", "Z11.52", *_NO_FINDINGS)) for c in candidates):
        return candidates
    fact = next((f for f in _of_virus(chart) if _SCREENS.search(chart.sentence(f))), None)
    if fact is None:
        return candidates
    return [*candidates, stated("Z11.52", (fact,), f"screening test. {reason(SCREENED)}", SCREENED)]


def vaccination(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the lack of vaccination against COVID-19 of a patient who has it (I.C.1.g.1.n)."""
    sick = next((c for c in candidates if c.code.startswith((NOW, "J12.82"))), None)
    if sick is None or any(c.code.startswith("Z28.31") for c in candidates):
        return candidates
    text = " ".join(" ".join(d.text.lower().split()) for d in chart.encounter.documents)
    code = "Z28.311" if _PARTLY.search(text) else "Z28.310" if _UNVACCINATED.search(text) else None
    if code is None:
        return candidates
    return [*candidates, stated(code, sick.facts[:1], f"as told. {reason(UNDERIMMUNIZED)}", UNDERIMMUNIZED)]


def after(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the post COVID-19 condition behind what an earlier infection is said to have caused."""
    if any(c.code == LATER for c in candidates):
        return candidates
    left = next((c for c in candidates if c.code[0] not in "UZ" and _is_left(chart, c)), None)
    if left is None:
        return candidates
    told = f"{left.code} due to an earlier COVID-19. {reason(AFTER)}"
    return [*(c for c in candidates if c.code != ONCE), stated(LATER, left.facts, told, AFTER, beside=left)]


def _is_left(chart: Chart, c: Candidate) -> bool:
    """Whether a condition is said to come from an infection that is over."""
    past = {f.segment for f in chart.facts if f.concept == "covid-19" and f.assertion is Assertion.HISTORICAL}
    return any(
        f.section in _CONCLUDES
        and (_AFTER.search(chart.sentence(f)) or ("covid" in f.attributes.get("cause", "") and f.segment in past))
        for f in c.facts
    )
